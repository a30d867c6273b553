// Proof that a site may be half Django and half Nuages: one browser goes back and forth between the two, by hand:
//   DJANGO_PYTHON=/path/to/venv/bin/python node bench/interop/run.mjs
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const python = process.env.DJANGO_PYTHON;
if (!python) {
  console.error("DJANGO_PYTHON must name a Python that has Django 6.1.");
  process.exit(2);
}

async function free_port() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

/** Starts one half; the URL it answers at. */
async function start(command, file, database, mode, children) {
  const port = await free_port();
  const child = spawn(
    command,
    [join(new URL(".", import.meta.url).pathname, file), String(port), database, mode],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  children.push(child);
  for await (const chunk of child.stdout) if (String(chunk).includes("ready")) break;
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 0; tries < 100; tries++) {
    const up = await fetch(`${url}/state`).then(
      () => true,
      () => false,
    );
    if (up) return url;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${file} did not start`);
}

/** A browser: both halves are one host to it, so they get the same cookies. */
class Browser {
  cookies = new Map();
  token = "";

  async send(url, form) {
    const headers = { Cookie: [...this.cookies].map((pair) => pair.join("=")).join("; ") };
    if (form) headers["X-CSRFToken"] = this.token;
    const body = form && new URLSearchParams(form);
    const response = await fetch(url, { method: form ? "POST" : "GET", headers, body });
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      if (/max-age=0/i.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return { status: response.status, text: await response.text() };
  }

  async state(site) {
    const { status, text } = await this.send(`${site}/state`);
    assert.equal(status, 200, text);
    const { token, ...rest } = JSON.parse(text);
    this.token = token;
    return rest;
  }
}

let proven = 0;
function proves(what) {
  proven += 1;
  console.log(`  ${what}`);
}

const CART = [1, 2.5, "é", { a: null, b: [true] }];

/** Everything that `first` makes and `second` takes. */
async function back_and_forth(first, second, [from, to]) {
  const browser = new Browser();
  assert.equal((await browser.state(first)).user, "AnonymousUser");
  const form = { username: "ada", password: "lètmein", cart: JSON.stringify(CART) };
  assert.equal((await browser.send(`${second}/login`, { ...form, password: "no" })).status, 403);
  await browser.state(first);
  const entered = await browser.send(`${first}/login`, form);
  assert.deepEqual([entered.status, entered.text], [200, "in"]);
  const seen = await browser.state(second);
  assert.deepEqual([seen.user, seen.cart], ["ada", CART]);
  proves(`logged in by ${from}, logged in for ${to}, with the same session`);
  assert.deepEqual(seen.messages, [[25, "Welcome, ada", `from-${from.toLowerCase()}`]]);
  assert.deepEqual((await browser.state(first)).messages, []);
  proves(`a message of ${from} is shown by ${to}, once`);

  await browser.state(first);
  assert.equal((await browser.send(`${second}/mark`, { seen: "x" })).status, 200);
  browser.token = browser.token.replace(/^./, (c) => (c === "a" ? "b" : "a"));
  assert.equal((await browser.send(`${second}/mark`, { seen: "x" })).status, 403);
  proves(`${to} takes the CSRF token of a form by ${from}, and no other`);

  await browser.state(second);
  await browser.send(`${first}/mark`, { seen: 'é "; \\ ,' });
  assert.equal((await browser.state(second)).seen, 'é "; \\ ,');
  proves(`a cookie signed by ${from} is read by ${to}`);

  const { text: hash } = await browser.send(`${first}/hash`, { password: "pässword" });
  for (const [password, fits] of [
    ["pässword", "true"],
    ["password", "false"],
  ])
    assert.equal((await browser.send(`${second}/verify`, { password, hash })).text, fits);
  proves(`a password hashed by ${from} is verified by ${to}`);

  const cookies = new Map(browser.cookies);
  await browser.send(`${second}/logout`, {});
  assert.equal((await browser.state(first)).user, "AnonymousUser");
  proves(`logged out by ${to}, logged out for ${from}`);
  return cookies;
}

for (const mode of ["cookies", "database"]) {
  const folder = mkdtempSync(join(tmpdir(), "interop-"));
  const children = [];
  try {
    const database = join(folder, "db.sqlite3");
    const django = await start(python, "django_site.py", database, mode, children);
    const nuages = await start(process.execPath, "nuages_site.mjs", database, mode, children);
    for (const [first, second, names] of [
      [django, nuages, ["Django", "Nuages"]],
      [nuages, django, ["Nuages", "Django"]],
    ]) {
      console.log(`Sessions in ${mode}, from ${names.join(" to ")}:`);
      const cookies = await back_and_forth(first, second, names);
      if (mode !== "database") continue;
      const old = new Browser();
      old.cookies = cookies;
      for (const site of [first, second])
        assert.equal((await old.state(site)).user, "AnonymousUser");
      proves("the cookie from before the logout is worth nothing for either");
    }
  } finally {
    for (const child of children) child.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}
console.log(`${proven} proven`);
