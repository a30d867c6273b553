// Shows each event of the server in the clock.
const clock = document.getElementById("clock");

new EventSource(clock.dataset.events).addEventListener("message", ({ data }) => {
  clock.textContent = data;
});
