// node run.mjs: the built package on Bun and Deno, in a folder of its own that is removed afterwards: the specs of the
// Fetch door, its checks on the server of the runtime, and the demo. Ends with the counts of all of it.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { demo_checks } from "./demo.mjs";

const execute = promisify(execFile);
const ROOT = fileURLToPath(new URL("../..", import.meta.url));

const PACKAGES = ["bun@1.4.5", "deno@2.9.6"];
const RUNTIMES = [
  {
    name: "Bun",
    program: "bun",
    run: [],
    demo: (port) => ({ args: ["demo/fetch.ts"], env: { PORT: String(port) } }),
  },
  {
    name: "Deno",
    program: "deno",
    run: ["run", "-A"],
    demo: (port) => ({
      args: ["serve", "-A", "--host", "127.0.0.1", "--port", String(port), "demo/fetch.ts"],
      env: {},
    }),
  },
];
const SPECS = ["fetch", "fetch_limits", "fetch_streams", "doors"];

// How long each step may take, in milliseconds.
const INSTALL = 150_000;
const RUN = 60_000;
const START = 20_000;

const counts = { passed: 0, failed: 0 };
const running = new Set();

/** A failure that ends everything, told without a stack. */
class Stop extends Error {}

/** What npm prints. A failure tells all of it, after `otherwise`. */
async function npm(args, cwd, otherwise) {
  try {
    return (await execute("npm", args, { cwd, timeout: INSTALL })).stdout;
  } catch ({ stdout = "", stderr = "", message }) {
    throw new Stop(`${otherwise}\n${`${stdout}${stderr}`.trim() || message}`);
  }
}

async function pack(directory) {
  const args = ["pack", "--json", "--pack-destination", directory];
  const stdout = await npm(args, ROOT, "The package could not be built and packed.");
  const [{ filename }] = JSON.parse(stdout.slice(stdout.indexOf("[")));
  return join(directory, filename);
}

/** A project with the packed package, both runtimes, what the specs and the demo import, the specs, and the demo. */
async function make_project(directory) {
  const { packages } = JSON.parse(await readFile(join(ROOT, "package-lock.json"), "utf8"));
  const tools = ["mocha", "chai", "zod"].map(
    (name) => `${name}@${packages[`node_modules/${name}`].version}`,
  );
  const manifest = { name: "site", version: "1.0.0", private: true, type: "module" };
  await writeFile(join(directory, "package.json"), JSON.stringify(manifest));
  const wanted = [await pack(directory), ...PACKAGES, ...tools];
  await npm(
    ["install", "--no-audit", "--no-fund", "--foreground-scripts", ...wanted],
    directory,
    `${PACKAGES.join(" and ")} could not be installed: is npm's registry in reach?`,
  );
  for (const part of ["demo", "spec/runtimes", "spec/support", "spec/hooks.ts"])
    await cp(join(ROOT, part), join(directory, part), { recursive: true });
  for (const name of SPECS) await cp(join(ROOT, spec_file(name)), join(directory, spec_file(name)));
}

const spec_file = (name) => `spec/core/handlers/${name}.spec.ts`;

function start(directory, program, args, env = {}) {
  const child = spawn(join(directory, "node_modules/.bin", program), args, {
    cwd: directory,
    env: { ...process.env, TMPDIR: directory, DENO_NO_UPDATE_CHECK: "1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true, // a group of its own: what it starts ends with it
  });
  running.add(child);
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text) => (output += text));
  const closed = once(child, "close").then(([code]) => {
    running.delete(child);
    return code;
  });
  closed.catch(() => running.delete(child));
  return { child, closed, output: () => output };
}

function kill(child) {
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // it is gone already
  }
}

/** Runs a script that ends with its counts; whatever else ends it is one failure more. */
async function run_script(directory, { name, program, run }, what, args) {
  const { child, closed, output } = start(directory, program, [...run, ...args]);
  const timer = setTimeout(() => kill(child), RUN);
  const code = await closed.catch((error) => error.message);
  clearTimeout(timer);
  const [, version, passed, failed] =
    /^(\S+ \S+): ([0-9]+) passed, ([0-9]+) failed$/m.exec(output()) ?? [];
  const is_quiet = !output().includes("AbortError"); // of clients that leave, which is no error
  const is_whole = failed !== undefined && code === (failed === "0" ? 0 : 1) && is_quiet;
  counts.passed += Number(passed ?? 0);
  counts.failed += Number(failed ?? 0) + (is_whole ? 0 : 1);
  if (code !== 0 || !is_quiet) console.log(output());
  if (is_whole) console.log(`${version}, ${what}: ${passed} passed, ${failed} failed`);
  else console.log(`${name}, ${what}: ended with ${code}, and not with its counts.`);
}

async function free_port() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

/** Waits until somebody listens there; whether that happened before the program ended, or too much time had passed. */
async function listens(port, { child }) {
  const end = performance.now() + START;
  while (child.exitCode === null && performance.now() < end) {
    const socket = connect(port, "127.0.0.1");
    const is_open = await once(socket, "connect").then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (is_open) return true;
    await sleep(50);
  }
  return false;
}

async function run_demo(directory, { name, program, demo }) {
  const port = await free_port();
  const { args, env } = demo(port);
  const program_run = start(directory, program, args, env);
  const before = { ...counts };
  if (await listens(port, program_run)) {
    for (const [title, check] of Object.entries(demo_checks(`http://127.0.0.1:${port}/`)))
      await check().then(
        () => (counts.passed += 1),
        (error) => {
          counts.failed += 1;
          console.log(`  FAILED on ${name}: the demo ${title}\n    ${error.message}`);
        },
      );
  } else {
    counts.failed += 1;
    console.log(`  FAILED on ${name}: the demo does not start.`);
  }
  const failed = counts.failed - before.failed;
  if (failed > 0) console.log(program_run.output());
  console.log(`${name}, the demo: ${counts.passed - before.passed} passed, ${failed} failed`);
  kill(program_run.child);
  await program_run.closed;
}

const directory = await mkdtemp(join(tmpdir(), "nuages-runtimes-"));
for (const signal of ["SIGINT", "SIGTERM"])
  process.once(signal, () => {
    for (const child of running) kill(child);
    void rm(directory, { recursive: true, force: true }).then(() => process.exit(1));
  });
try {
  await make_project(directory);
  for (const runtime of RUNTIMES) {
    const specs = ["spec/runtimes/specs.mjs", ...SPECS.map(spec_file)];
    await run_script(directory, runtime, "the specs of the door", specs);
    await run_script(directory, runtime, "its server", ["spec/runtimes/checks.mjs"]);
    await run_demo(directory, runtime);
  }
} catch (error) {
  counts.failed += 1;
  console.error(error instanceof Stop ? error.message : error);
} finally {
  for (const child of running) kill(child);
  await rm(directory, { recursive: true, force: true, maxRetries: 3 });
}
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed === 0 && counts.passed > 0 ? 0 : 1;
