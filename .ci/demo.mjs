// Packs the project, installs the package into a new project as a user would, and looks at the demo there.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const execute = promisify(execFile);
const ROOT = fileURLToPath(new URL("..", import.meta.url));

// How long each step may take, in milliseconds.
const START = 30_000;
const ANSWER = 10_000;
const STOP = 5_000;

function check(condition, message) {
  if (!condition) throw new Error(message);
}

/** What a program prints. A failure tells all of it. */
async function run(file, args, cwd) {
  try {
    const { stdout } = await execute(file, args, { cwd });
    return stdout;
  } catch ({ stdout, stderr, message }) {
    throw new Error(stdout === undefined ? message : `${file} ${args[0]}:\n${stdout}${stderr}`);
  }
}

/** A project with the packed package, tsx to run TypeScript, zod for the typed endpoints, and the demo. */
async function make_project(directory) {
  const packed = await run("npm", ["pack", "--json", "--pack-destination", directory], ROOT);
  const [{ filename }] = JSON.parse(packed.slice(packed.indexOf("[")));
  const lock = JSON.parse(await readFile(join(ROOT, "package-lock.json"), "utf8"));
  const others = ["tsx", "zod"].map(
    (name) => `${name}@${lock.packages[`node_modules/${name}`].version}`,
  );
  const manifest = { name: "site", version: "1.0.0", private: true, type: "module" };
  await writeFile(join(directory, "package.json"), JSON.stringify(manifest));
  const install = ["install", "--no-audit", "--no-fund", join(directory, filename), ...others];
  await run("npm", install, directory);
  await cp(join(ROOT, "demo"), join(directory, "demo"), { recursive: true });
}

/** The demo must compile against the declarations in the package, not only against the sources beside it. */
async function check_types(directory) {
  const compilerOptions = {
    target: "ES2023",
    module: "nodenext",
    types: ["node"],
    typeRoots: [join(ROOT, "node_modules/@types")],
    strict: true,
    skipLibCheck: true,
    allowImportingTsExtensions: true,
    noEmit: true,
  };
  const config = join(directory, "tsconfig.json");
  await writeFile(config, JSON.stringify({ compilerOptions, include: ["demo"] }));
  const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
  await run(process.execPath, [tsc, "-p", config], directory);
}

/** Starts the demo on a free port and waits for its URL. */
async function start(directory) {
  const demo = spawn(process.execPath, ["--import", "tsx", "demo/main.ts"], {
    cwd: directory,
    env: { ...process.env, PORT: "0" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(demo, "exit");
  const timer = setTimeout(() => demo.kill("SIGKILL"), START);
  let url;
  for await (const line of createInterface({ input: demo.stdout })) {
    [url] = /http:\/\/\S+/.exec(line) ?? [];
    if (url !== undefined) break;
  }
  clearTimeout(timer);
  check(url !== undefined, `The demo printed no URL, or not within ${START} ms.`);
  demo.stdout.resume(); // nobody reads what it prints from here on
  return { demo, exited, url };
}

const PAGES = [
  ["/", "text/html", 200, "text/html; charset=utf-8", /<h1>[^]*href="\/polls\/"/],
  ["/polls/", "text/html", 200, "text/html; charset=utf-8", /<a href="\/polls\/1\/">/],
  ["/polls/", "application/json", 200, "application/json", /^\{"questions": \[\{"id": 1, /],
  ["/api/books/1/", "application/json", 200, "application/json", /^\{"id":1,/],
  ["/api/docs/", "text/html", 200, "text/html; charset=utf-8", /<h1>[^]*\/api\/books\//],
  ["/static/style.css", "*/*", 200, "text/css", /^\/\*/],
  ["/nowhere/", "text/html", 404, "text/html; charset=utf-8", /<title>/],
];

async function check_page(url, [path, accept, status, type, content]) {
  const what = `${path} as ${accept}`;
  const response = await fetch(new URL(path, url), {
    headers: { Accept: accept },
    signal: AbortSignal.timeout(ANSWER),
  });
  const text = await response.text();
  check(response.status === status, `${what}: the status is ${response.status}, not ${status}.`);
  const got = response.headers.get("Content-Type");
  check(got === type, `${what}: the type is ${got}, not ${type}.`);
  check(content.test(text), `${what}: ${content} is not in the content:\n${text.slice(0, 500)}`);
}

async function stop({ demo, exited }) {
  demo.kill("SIGTERM");
  const [code, signal] = await Promise.race([exited, sleep(STOP, [], { ref: false })]);
  check(code !== undefined, `The demo did not stop within ${STOP} ms of SIGTERM.`);
  check(code === 0, `The demo stopped with code ${code}${signal ? ` (${signal})` : ""}, not 0.`);
}

const directory = await mkdtemp(join(tmpdir(), "nuages-demo-"));
let running;
try {
  await make_project(directory);
  await check_types(directory);
  running = await start(directory);
  for (const page of PAGES) await check_page(running.url, page);
  await stop(running);
  console.log(`The demo runs from the packed package: ${PAGES.length} pages looked at, stopped.`);
} catch (error) {
  console.error(`The demo from the packed package: ${error.message}`);
  process.exitCode = 1;
} finally {
  running?.demo.kill("SIGKILL");
  await rm(directory, { recursive: true, force: true });
}
