// node serve.mjs SERVER ROUTES [api]: starts one server on a free port; tells its parent the port, and its CPU time when asked.
const [name, routes, api] = process.argv.slice(2);
const { start } = await import(`./servers/${name}.mjs`);
const server = await start({ routes: Number(routes), api: api === "api" });
server.listen(0, "127.0.0.1", () => process.send({ port: server.address().port }));
process.on("message", () => {
  const { user, system } = process.cpuUsage();
  process.send({ cpu: user + system });
});
process.once("disconnect", () => process.exit());
