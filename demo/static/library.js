// Shows the events of the library, and sends its form as JSON.
const [time, count, news, form, answer] = ["time", "count", "news", "add", "answer"].map((id) =>
  document.getElementById(id),
);
const events = new EventSource(time.dataset.events);

events.addEventListener("tick", ({ data }) => {
  const tick = JSON.parse(data);
  time.textContent = tick.time;
  count.textContent = tick.books;
});

events.addEventListener("book", ({ data }) => {
  const { title, author, year } = JSON.parse(data);
  const item = document.createElement("li");
  item.textContent = `New: ${title}, by ${author}, ${year}`;
  news.prepend(item);
});

form.hidden = false;
form.addEventListener("submit", (event) => {
  event.preventDefault();
  send(Object.fromEntries(new FormData(form))).then(show, ({ message }) => show(message));
});

async function send({ csrfmiddlewaretoken, title, author, year }) {
  const response = await fetch(form.action, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrfmiddlewaretoken },
    body: JSON.stringify({ title, author, year: year === "" ? undefined : Number(year) }),
  });
  const body = JSON.stringify(await response.json(), undefined, 2);
  return `${response.status} ${response.statusText}\n${body}`;
}

function show(text) {
  answer.textContent = text;
  answer.hidden = false;
}
