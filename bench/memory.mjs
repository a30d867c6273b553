// npm run bench:memory [-- --mib 2048 --rate 1 --seconds 60]: how much memory a server takes to move bodies that are far
// larger. An upload to disk, a body hashed as it comes, and a download by a client that reads --rate MiB a second and leaves
// after --seconds. Each has a server of its own, warmed up by a small one. Fails where the memory grows by 48 MiB or more.
// Most of the growth is not of bodies: V8 looks for buffers of 64 KiB nobody needs any more when there are 32 MiB of them.
import { createHash } from "node:crypto";
import { once } from "node:events";
import fs from "node:fs";
import http from "node:http";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { BOUNDARY, launch, upload_parts } from "./bodies.mjs";

const MIB = 1024 * 1024;
const LIMIT = 48;
const EVERY = 50;
const { values: given } = parseArgs({
  options: {
    mib: { type: "string", default: "2048" },
    rate: { type: "string", default: "1" },
    seconds: { type: "string", default: "60" },
  },
});
const [SIZE, RATE, SECONDS] = [
  Number(given.mib) * MIB,
  Number(given.rate) * MIB,
  Number(given.seconds),
];
if (!(SIZE >= MIB && RATE > 0 && SECONDS > 0))
  throw new RangeError("--mib must be at least 1, --rate and --seconds above 0.");

const DIR = fs.mkdtempSync(path.join(os.tmpdir(), "nuages-memory-"));
process.once("exit", () => fs.rmSync(DIR, { recursive: true, force: true }));
fs.mkdirSync(path.join(DIR, "uploads"));
fs.writeFileSync(path.join(DIR, "large.bin"), "");
fs.truncateSync(path.join(DIR, "large.bin"), SIZE);

const BLOCK = Buffer.alloc(256 * 1024, "Bytes that are neither here nor there. ");

/** Sends `size` bytes with text before and after them; the answer as JSON. */
async function send(port, { method, target, type, head, tail }, size, on_block = () => {}) {
  const request = http.request({
    port,
    method,
    path: target,
    agent: false,
    headers: { "Content-Type": type, "Content-Length": head.length + size + tail.length },
  });
  const answered = once(request, "response");
  answered.catch(() => {}); // awaited below, after the body
  request.write(head);
  for (let left = size; left > 0; left -= BLOCK.length) {
    const block = left < BLOCK.length ? BLOCK.subarray(0, left) : BLOCK;
    on_block(block);
    if (!request.write(block)) await Promise.race([once(request, "drain"), answered]);
  }
  request.end(tail);
  const [response] = await answered;
  const text = Buffer.concat(await response.toArray()).toString();
  if (response.statusCode !== 200) throw new Error(`${target}: ${response.statusCode} ${text}`);
  return JSON.parse(text);
}

async function upload(port, size) {
  const type = `multipart/form-data; boundary=${BOUNDARY}`;
  const answer = await send(
    port,
    { method: "POST", target: "/upload", type, ...upload_parts() },
    size,
  );
  if (answer.size !== size || answer.note !== "measured")
    throw new Error(`The upload has come as ${JSON.stringify(answer)}.`);
  return size;
}

async function hash(port, size) {
  const none = Buffer.alloc(0);
  const type = "application/octet-stream";
  const ours = createHash("sha256");
  const answer = await send(
    port,
    { method: "PUT", target: "/hash", type, head: none, tail: none },
    size,
    (block) => ours.update(block),
  );
  if (answer.size !== size || answer.sha256 !== ours.digest("hex"))
    throw new Error(`The body has come as ${JSON.stringify(answer)}.`);
  return size;
}

/** Reads at the rate until the time is over, or `most` bytes are here. */
async function download(port, most) {
  const request = http.get({ port, path: "/large.bin", agent: false });
  const [response] = await once(request, "response");
  if (response.statusCode !== 200) throw new Error(`/large.bin: ${response.statusCode}`);
  const start = performance.now();
  const passed = () => (performance.now() - start) / 1000;
  let bytes = 0;
  for await (const chunk of response) {
    bytes += chunk.length;
    if (bytes >= most) break;
    const early = Math.min(bytes / RATE, SECONDS) - passed();
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early * 1000));
    if (passed() >= SECONDS) break;
  }
  request.destroy();
  return bytes;
}

/** What the process has in memory now, without its help: it may be busy. */
function resident(pid) {
  const found = /^VmRSS:\s+(\d+) kB$/m.exec(fs.readFileSync(`/proc/${pid}/status`, "latin1"));
  return Number(found[1]) * 1024;
}

/** The highest of what is in memory while `work` runs. */
async function watched(server, work) {
  const on_linux = fs.existsSync(`/proc/${server.pid}/status`);
  const before = await server.ask();
  const seen = [before.rss];
  const timer = setInterval(() => on_linux && seen.push(resident(server.pid)), EVERY);
  const start = performance.now();
  const bytes = await work().finally(() => clearInterval(timer));
  const seconds = (performance.now() - start) / 1000;
  const after = await server.ask();
  // a mark that has moved says exactly how high it was; it stands where the start of the process has left it else
  if (after.highest > before.highest) seen.push(after.highest);
  return { idle: before.rss, growth: Math.max(...seen) - before.rss, bytes, seconds, after };
}

async function measure(transfer) {
  const server = await launch(DIR);
  try {
    for (let i = 0; i < 3; i++) await transfer(server.port, MIB / 4);
    const result = await watched(server, () => transfer(server.port, SIZE));
    if (result.after.accidents.length > 0) throw new Error(result.after.accidents.join("\n"));
    return result;
  } finally {
    await server.stop();
  }
}

const TRANSFERS = {
  "multipart upload to disk": upload,
  "raw PUT, hashed": hash,
  [`download at ${given.rate} MiB/s`]: download,
};
const mib = (bytes) => (bytes / MIB).toFixed(1);
console.log(`Node ${process.version}, ${os.cpus()[0].model}\n`);
console.log(
  "| | idle, MiB | peak growth, MiB | moved, MiB | seconds |\n| --- | --- | --- | --- | --- |",
);
for (const [name, transfer] of Object.entries(TRANSFERS)) {
  const { idle, growth, bytes, seconds } = await measure(transfer);
  console.log(`| ${[name, mib(idle), mib(growth), mib(bytes), seconds.toFixed(1)].join(" | ")} |`);
  if (growth >= LIMIT * MIB) process.exitCode = 1;
}
if (process.exitCode === 1) console.error(`\nThe memory has grown by ${LIMIT} MiB or more.`);
