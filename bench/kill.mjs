// npm run bench:kill [-- --count 10000 --concurrency 32 --kib 256 --seed 1]: clients that leave in the middle of an upload, each at
// another byte, half of them with a reset. Fails where the server keeps anything of them, or does not answer the next one.
import { once } from "node:events";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { BOUNDARY, launch, upload_parts } from "./bodies.mjs";

/** Bytes of heap that may come to stay: compiled code and the like, not something of each connection. */
const KEPT = 4 * 1024 * 1024;
/** What a server without clients holds: its port, and the pipe to its parent. */
const IDLE = ["PipeWrap", "TCPServerWrap"];
/** Milliseconds the server gets to clean up. */
const PATIENCE = 15_000;
const { values: given } = parseArgs({
  options: {
    count: { type: "string", default: "10000" },
    concurrency: { type: "string", default: "32" },
    kib: { type: "string", default: "256" },
    seed: { type: "string", default: "1" },
  },
});

const DIR = fs.mkdtempSync(path.join(os.tmpdir(), "nuages-kill-"));
process.once("exit", () => fs.rmSync(DIR, { recursive: true, force: true }));
const UPLOADS = path.join(DIR, "uploads");
fs.mkdirSync(UPLOADS);

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
function random_numbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function message() {
  const { head, tail } = upload_parts();
  const body = Buffer.concat([head, Buffer.alloc(Number(given.kib) * 1024, "abc"), tail]);
  const start =
    "POST /upload HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" +
    `Content-Type: multipart/form-data; boundary=${BOUNDARY}\r\nContent-Length: ${body.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(start), body]);
}

const WHOLE = message();

/** Sends the first bytes of the message and leaves. */
async function cut(port, length, resets) {
  const socket = net.connect(port, "127.0.0.1");
  socket.on("error", () => {}); // the server may have closed it first
  const closed = once(socket, "close");
  socket.write(WHOLE.subarray(0, length), () => {
    if (resets) socket.resetAndDestroy();
    else socket.destroy();
  });
  await closed;
}

/** Whether an upload that is not cut is answered. */
async function is_answered(port) {
  const socket = net.connect(port, "127.0.0.1");
  socket.setTimeout(PATIENCE, () => socket.destroy());
  socket.write(WHOLE); // not end(): node:http drops a request whose client has ended its side
  const text = Buffer.concat(await socket.toArray().catch(() => [])).toString();
  return text.startsWith("HTTP/1.1 200 ") && text.includes(`"size": ${Number(given.kib) * 1024}`);
}

async function cut_all(port) {
  const random = random_numbers(Number(given.seed));
  let left = Number(given.count);
  const client = async () => {
    while (left-- > 0) await cut(port, Math.floor(random() * WHOLE.length), random() < 0.5);
  };
  await Promise.all(Array.from({ length: Number(given.concurrency) }, client));
}

/** What the server holds, seen from inside and outside. */
async function look({ pid, ask }) {
  const state = await ask();
  const descriptors = fs.existsSync(`/proc/${pid}/fd`)
    ? fs.readdirSync(`/proc/${pid}/fd`).length
    : 0;
  return { ...state, descriptors, temp_files: fs.readdirSync(UPLOADS).length };
}

/** Looks until the server has nothing under way, or the patience is over. */
async function quiet(server) {
  const end = performance.now() + PATIENCE;
  for (;;) {
    const now = await look(server);
    const { temp_files, connections, resources } = now;
    const is_quiet = Object.keys(resources).every((kind) => IDLE.includes(kind));
    if ((is_quiet && temp_files + connections === 0) || performance.now() > end) return now;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const server = await launch(DIR);
let failures = 0;
function check(name, value, is_right) {
  if (!is_right) failures++;
  console.log(`| ${name} | ${value} | ${is_right ? "yes" : "NO"} |`);
}
const change = (before, after) => `${before} -> ${after}`;
try {
  for (let i = 0; i < 100; i++) await cut(server.port, (i / 100) * WHOLE.length, i % 2 === 0);
  for (let i = 0; i < 20; i++) await is_answered(server.port);
  const before = await quiet(server);
  const began = performance.now();
  await cut_all(server.port);
  const seconds = (performance.now() - began) / 1000;
  const after = await quiet(server);
  const begun = after.files_begun - before.files_begun;
  console.log(
    `${given.count} uploads of ${given.kib} KiB cut in ${seconds.toFixed(1)} s with the seed ${given.seed}; ${begun} had begun a file.\n`,
  );
  console.log("| after them | | as it must be |\n| --- | --- | --- |");
  check("temporary files", after.temp_files, after.temp_files === 0);
  for (const name of ["descriptors", "connections", "listeners"])
    check(name, change(before[name], after[name]), before[name] === after[name]);
  const [was, is] = [before.resources, after.resources].map((kinds) => JSON.stringify(kinds));
  check("active resources", change(was, is), was === is);
  const [low, high] = [before.heap, after.heap].map((bytes) => (bytes / 1024 / 1024).toFixed(1));
  check("heap, MiB", change(low, high), after.heap - before.heap < KEPT);
  check("rejections and exceptions", after.accidents.length, after.accidents.length === 0);
  check("errors logged", after.server_errors, after.server_errors === 0);
  check("files begun", begun, begun > 0 || Number(given.count) < 10);
  const answered = await is_answered(server.port);
  check("the next upload is answered", answered, answered);
  for (const accident of after.accidents.slice(0, 3)) console.error(accident);
} finally {
  await server.stop();
}
if (failures > 0) process.exitCode = 1;
