// npm run bench [-- --scenario "plaintext|json"] [--seconds 2] [--rounds 4] [--warmup 3]: the same routes on node:http, Fastify, Express and
// Nuages. The servers take turns, so that a ratio compares neighbours in time. Printed: CPU time per request of node:http
// divided by that of the server (1.00: as cheap as the platform), the median of all rounds.
import { fork, spawnSync } from "node:child_process";
import { once } from "node:events";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import autocannon from "autocannon";
import { DIR, SCENARIOS } from "./data.mjs";

const SERVERS = ["raw", "nuages", "fastify", "express"];
const { values: given } = parseArgs({
  options: {
    scenario: { type: "string", default: Object.keys(SCENARIOS).join("|") },
    seconds: { type: "string", default: "2" },
    warmup: { type: "string", default: "3" },
    rounds: { type: "string", default: "4" },
  },
});

// Each server has one core to itself where the system can say so: then the collector's helper threads count as they do
// in production, where every core has a server of its own.
const pin = spawnSync("taskset", ["-c", "0", "true"]).status === 0 && os.availableParallelism() > 1;
const pinned = pin ? { execPath: "taskset", execArgv: ["-c", "0", process.execPath] } : {};

async function launch(name, { routes = 1, api = false }) {
  const options = [name, String(routes), ...(api ? ["api"] : [])];
  const child = fork(path.join(DIR, "serve.mjs"), options, {
    env: { ...process.env, NODE_ENV: "production" },
    ...pinned,
  });
  const [{ port }] = await once(child, "message");
  const ask = async () => {
    child.send("cpu");
    return (await once(child, "message"))[0].cpu;
  };
  return { name, port, ask, stop: () => child.disconnect() };
}

/** The request of a scenario. */
function request_of(port, { path: target, send = {}, form, json }) {
  const url = `http://127.0.0.1:${port}${target}`;
  const body = form ?? json;
  if (body === undefined) return { url, headers: send };
  const type = form === undefined ? "application/json" : "application/x-www-form-urlencoded";
  return { url, method: "POST", body, headers: { ...send, "Content-Type": type } };
}

const load = (port, scenario, duration) =>
  autocannon({ ...request_of(port, scenario), connections: 256, duration });

/** The servers do the same work only if they give the same answer. */
async function compare(servers, scenario) {
  let expected;
  for (const { name, port } of servers) {
    const { url, ...options } = request_of(port, scenario);
    const response = await fetch(url, options);
    const answer = `${response.status} ${await response.text()}`;
    expected ??= answer;
    if (answer !== expected) throw new Error(`${name}: ${answer}, instead of ${expected}`);
  }
}

/** CPU microseconds per request. */
async function measure(server, scenario, seconds) {
  const before = await server.ask();
  const result = await load(server.port, scenario, seconds);
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${server.name}: ${result.non2xx} wrong answers, ${result.errors} errors`);
  return ((await server.ask()) - before) / result.requests.total;
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];

async function run(scenario) {
  const ratios = Object.fromEntries(SERVERS.map((name) => [name, []]));
  const servers = await Promise.all(SERVERS.map((name) => launch(name, scenario)));
  try {
    await compare(servers, scenario);
    for (const server of servers) await load(server.port, scenario, Number(given.warmup));
    for (let round = 0; round < Number(given.rounds); round++) {
      const cost = {};
      for (const server of servers)
        cost[server.name] = await measure(server, scenario, Number(given.seconds));
      for (const name of SERVERS) ratios[name].push(cost.raw / cost[name]);
    }
  } finally {
    for (const server of servers) server.stop();
  }
  return SERVERS.slice(1).map((name) => median(ratios[name]).toFixed(2));
}

console.log(
  `Node ${process.version}, ${os.cpus()[0].model}, ${os.cpus().length} cores${pin ? ", each server on core 0" : ""}\n`,
);
console.log(
  `| CPU per request, node:http = 1 | ${SERVERS.slice(1).join(" | ")} |\n| --- |${" --- |".repeat(SERVERS.length - 1)}`,
);
for (const name of given.scenario.split("|"))
  console.log(`| ${name} | ${(await run(SCENARIOS[name])).join(" | ")} |`);
