// bun checks.mjs | deno run -A checks.mjs: whether the Fetch door of the built package holds on the server of this runtime.
// A plain script, since no test runner is the same on all of them. Prints each failure, the versions, and the counts.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { settings } from "nuages/conf";
import * as signed_cookies from "nuages/contrib/sessions/backends/signed_cookies";
import { SessionMiddleware } from "nuages/contrib/sessions/middleware";
import { get_fetch_application } from "nuages/core/handlers/fetch";
import { CsrfViewMiddleware } from "nuages/middleware/csrf";
import { GZipMiddleware } from "nuages/middleware/gzip";
import { Nunjucks } from "nuages/template/backends/nunjucks";
import { set_log_sink } from "nuages/utils/log";
import { patterns } from "./site.mjs";

const is_bun = "Bun" in globalThis;
const dir = mkdtempSync(join(tmpdir(), "nuages-runtime-"));
const uploads = join(dir, "uploads");
const LARGE = Buffer.alloc(5_000_000, "large file ");
mkdirSync(uploads);
mkdirSync(join(dir, "templates"));
writeFileSync(
  join(dir, "templates/page.html"),
  "{{ name }}{% for row in rows %} {{ row }}{% endfor %}",
);
writeFileSync(join(dir, "small.txt"), "small\n");
writeFileSync(join(dir, "large.bin"), LARGE);

const notes = [];
const logged = [];
set_log_sink(({ message, error }) => logged.push(message, ...(error ? [error.stack] : [])));
settings.configure({
  SECRET_KEY: "a key for checks, and nothing else: 0123456789",
  ALLOWED_HOSTS: ["127.0.0.1", "a.example"],
  ROOT_URLCONF: { urlpatterns: patterns({ dir, notes }) },
  MIDDLEWARE: [GZipMiddleware, SessionMiddleware, CsrfViewMiddleware],
  SESSION_ENGINE: signed_cookies,
  FILE_UPLOAD_TEMP_DIR: uploads,
  TEMPLATES: [{ BACKEND: Nunjucks, DIRS: [join(dir, "templates")] }],
});

/** The application on the server of this runtime: its address, and how to stop it. */
function start() {
  const fetch = get_fetch_application();
  const where = { port: 0, hostname: "127.0.0.1" };
  if (is_bun) {
    const server = Bun.serve({ ...where, fetch: (request, info) => fetch(request, info) });
    return { name: `Bun ${Bun.version}`, port: server.port, stop: () => server.stop(true) };
  }
  if ("Deno" in globalThis) {
    const server = Deno.serve({ ...where, onListen: () => undefined }, fetch);
    return {
      name: `Deno ${Deno.version.deno}`,
      port: server.addr.port,
      stop: () => server.shutdown(),
    };
  }
  throw new Error("This runtime is neither Bun nor Deno.");
}

const { name: runtime, port, stop } = start();
const base = `http://127.0.0.1:${port}`;
const get = (target, { headers = {}, ...init } = {}) =>
  fetch(base + target, {
    redirect: "manual",
    headers: { "Accept-Encoding": "identity", ...headers },
    ...init,
  });
const post = (target, body, headers = {}) => get(target, { method: "POST", body, headers });

/** What comes back for these bytes until the connection closes, or half a second has passed in silence. */
function raw(bytes) {
  return new Promise((resolve) => {
    const socket = net.connect(port, "127.0.0.1");
    let answer = "";
    let timer;
    const done = () => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    socket.setEncoding("latin1");
    socket.on("data", (text) => {
      answer += text;
      clearTimeout(timer);
      timer = setTimeout(done, 500);
    });
    socket.on("close", done).on("error", done);
    timer = setTimeout(done, 2000);
    socket.write(Buffer.from(bytes, "latin1"));
  });
}

const line = (target, ...headers) =>
  `GET ${target} HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n${headers.map((header) => `${header}\r\n`).join("")}\r\n`;

/** Waits up to two seconds for it. */
async function until(condition) {
  for (let i = 0; i < 200 && !condition(); i++) await sleep(10);
}

const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

const checks = {
  async "sends text as UTF-8 and headers as latin-1"() {
    const answer = Buffer.from(await raw(line("/text/")), "latin1");
    assert.match(answer.toString("latin1"), /^HTTP\/1\.1 200 OK\r\n/);
    assert.match(answer.toString("latin1"), /^x-name: Ren\u00e9\r$/im);
    assert.match(answer.toString("latin1"), /^content-length: 5\r$/im);
    assert.ok(answer.toString().endsWith("\r\n\r\ncaf\u00e9"));
  },
  async "sends the status"() {
    assert.equal((await get("/created/")).status, 201);
  },
  async "sends the status without a phrase of the view's own, which neither runtime can"() {
    assert.match(
      await raw(line("/reason/")),
      is_bun ? /^HTTP\/1\.1 299 HM\r/ : /^HTTP\/1\.1 299 \r/,
    );
  },
  async "sends JSON"() {
    const response = await get("/json/");
    assert.equal(response.headers.get("content-type"), "application/json");
    assert.deepEqual(await response.json(), { a: [1, "\u20ac"] });
  },
  async redirects() {
    const response = await get("/redirect/");
    assert.deepEqual([response.status, response.headers.get("location")], [302, "/elsewhere/?a=b"]);
  },
  async "sends each cookie by itself"() {
    const { headers } = await get("/cookies/");
    assert.deepEqual(headers.getSetCookie(), ["a=1; HttpOnly; Path=/", 'b="x\\073y"; Path=/']);
  },
  async "sends no body with 204 and 304"() {
    for (const [target, status] of [
      ["/204/", 204],
      ["/not-modified/", 304],
    ]) {
      const answer = await raw(line(target));
      assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `));
      assert.ok(answer.endsWith("\r\n\r\n"));
    }
  },
  async "answers HEAD with the headers of GET"() {
    const response = await get("/text/", { method: "HEAD" });
    assert.equal(response.headers.get("content-length"), "5");
    assert.equal(await response.text(), "");
  },
  async "answers errors with their status"() {
    for (const status of [400, 403, 500]) assert.equal((await get(`/${status}/`)).status, status);
    assert.equal((await get("/no-such-page/")).status, 404);
    assert.equal((await get("/101/")).status, 500);
  },
  async "decodes the path once, and keeps what is not UTF-8"() {
    const { path, full_path } = await (await get("/seen/%C3%A9/%FF/%2F/?q=%C3%A9&q=+")).json();
    assert.deepEqual(
      [path, full_path],
      ["/seen/\u00e9/%FF///", "/seen/%C3%A9/%25FF///?q=%C3%A9&q=+"],
    );
  },
  async "reads the query, cookies and the method"() {
    const headers = { Cookie: "a=1; b=2" };
    const { query, cookies, method } = await (await get("/seen/?a=1&a=2&b", { headers })).json();
    assert.deepEqual(
      [query, cookies, method],
      [{ a: ["1", "2"], b: [""] }, { a: "1", b: "2" }, "GET"],
    );
  },
  async "knows the client's address, and believes no header about it"() {
    const { address } = await (
      await get("/seen/", { headers: { "X-Forwarded-For": "1.2.3.4" } })
    ).json();
    assert.equal(address, "127.0.0.1");
  },
  async "goes by the Host header"() {
    assert.match(await raw(line("/seen/")), /"host": "a\.example"/);
    assert.match(
      await raw(line("/seen/").replace("a.example", "evil.example")),
      /^HTTP\/1\.1 400 /,
    );
  },
  async "knows the path of a request without a host"() {
    const answer = await raw("GET /text/ HTTP/1.0\r\n\r\n");
    assert.match(answer, /^HTTP\/1\.[01] 200 [^]*\r\n\r\ncaf/);
  },
  async "refuses a host that is none, where the view asks for it; Deno has put it into the path"() {
    const wrong = (target) => raw(line(target).replace("a.example", "a/seen"));
    assert.match(await wrong("/seen/"), /^HTTP\/1\.1 400 /);
    assert.match(await wrong("/text/"), is_bun ? /\r\n\r\ncaf/ : /^HTTP\/1\.1 400 /); // /seen/text/
  },
  async "takes no request whose length is told twice"() {
    const twice = [
      "Content-Length: 3\r\nTransfer-Encoding: chunked",
      "Content-Length: 3\r\nContent-Length: 4",
    ];
    for (const fields of twice) {
      const head = `POST /unread/ HTTP/1.1\r\nHost: a.example\r\n${fields}\r\n\r\n`;
      assert.match(await raw(`${head}0\r\n\r\n`), /^HTTP\/1\.1 400 /);
    }
  },
  async "refuses two Host headers, or takes them for no host"() {
    assert.match(await raw(line("/seen/", "Host: b.example")), /^HTTP\/1\.1 400 /);
  },
  async "drops header names with an underscore"() {
    assert.match(
      await raw(line("/seen/", "X_Under: 1", "X-Hyphen: 2")),
      /"headers": \["HTTP_X_HYPHEN"\]/,
    );
  },
  async "refuses more headers than there are limits for"() {
    const fields = Array.from({ length: 600 }, (_, i) => `X-${i}: a`);
    assert.match(await raw(line("/seen/", ...fields)), /^HTTP\/1\.1 4(31|00) /);
    assert.match(await raw(line("/seen/", `X: ${"a".repeat(70_000)}`)), /^HTTP\/1\.1 4(31|00) |^$/);
  },
  async "reads a form"() {
    const { fields } = await (
      await post("/form/", new URLSearchParams({ a: "1", b: "\u20ac&" }))
    ).json();
    assert.deepEqual(fields, { a: ["1"], b: ["\u20ac&"] });
  },
  async "reads JSON and bytes"() {
    const body = Buffer.from([0, 255, 10, 13]);
    const type = { "Content-Type": "application/octet-stream" };
    assert.equal(await (await post("/body/", body, type)).json(), body.toString("latin1"));
  },
  async "keeps a small file of a form in memory, and puts a large one on disk"() {
    for (const [target, size, kind] of [
      ["/form/", 1000, "InMemoryUploadedFile"],
      ["/form/", 4_000_000, "TemporaryUploadedFile"],
      ["/disk/", 1000, "TemporaryUploadedFile"],
    ]) {
      const content = Buffer.alloc(size, "file ");
      const body = new FormData();
      body.set("note", "caf\u00e9");
      body.set("file", new File([content], "caf\u00e9.txt"));
      const { fields, files } = await (await post(target, body)).json();
      assert.deepEqual(fields, { note: ["caf\u00e9"] });
      assert.deepEqual(files, [
        { name: "file", file_name: "caf\u00e9.txt", size, kind, sha256: sha256(content) },
      ]);
    }
    await until(() => readdirSync(uploads).length === 0);
    assert.deepEqual(readdirSync(uploads), []);
  },
  async "streams a body over the limit to the view"() {
    const type = { "Content-Type": "application/octet-stream" };
    assert.deepEqual(await (await post("/hashed/", LARGE, type)).json(), {
      size: LARGE.length,
      sha256: sha256(LARGE),
    });
  },
  async "refuses a form over the limit"() {
    const body = `a=${"x".repeat(3_000_000)}`;
    const type = { "Content-Type": "application/x-www-form-urlencoded" };
    assert.equal((await post("/form/", body, type)).status, 400);
  },
  async "answers without the body it was sent"() {
    assert.equal(await (await post("/unread/", "a=1")).text(), "early");
    assert.equal((await post("/no-such-page/", "a=1")).status, 404);
  },
  async "removes what a broken upload has left"() {
    const head = `POST /disk/ HTTP/1.1\r\nHost: a.example\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 1000000\r\n\r\n`;
    const socket = net.connect(port, "127.0.0.1");
    socket.on("error", () => undefined);
    socket.write(
      `${head}--b\r\nContent-Disposition: form-data; name=f; filename=f\r\n\r\n${"x".repeat(300_000)}`,
    );
    await until(() => readdirSync(uploads).length > 0);
    socket.destroy();
    await until(() => readdirSync(uploads).length === 0);
    assert.deepEqual(readdirSync(uploads), []);
  },
  async "streams an answer as it is made"() {
    const reader = (await get("/slowly/")).body.getReader();
    const parts = [];
    for (let next = await reader.read(); !next.done; next = await reader.read())
      parts.push(Buffer.from(next.value).toString());
    assert.equal(parts.join(""), "one two three");
    assert.ok(parts.length > 1);
  },
  async "streams an answer of 2 MB"() {
    assert.equal((await (await get("/many/")).text()).length, 2000 * 1023);
  },
  async "ends a stream, and closes its response, when the client leaves"() {
    notes.length = 0;
    const controller = new AbortController();
    const response = await get("/endless/", { signal: controller.signal });
    await response.body.getReader().read();
    controller.abort();
    await until(() => notes.length === 2);
    assert.deepEqual(
      notes.toSorted((a, b) => (a < b ? -1 : 1)),
      ["closed", "generator"],
    );
  },
  async "aborts the signal of a request whose client leaves"() {
    notes.length = 0;
    const controller = new AbortController();
    const answer = get("/waiting/", { signal: controller.signal }).catch(() => undefined);
    await sleep(50);
    controller.abort();
    await answer;
    await until(() => notes.length === 1);
    assert.deepEqual(notes, ["aborted"]);
  },
  async "breaks off a stream that fails, so that nobody takes it for whole"() {
    const answer = await get("/failing/")
      .then(
        (response) => response.text(),
        (error) => error,
      )
      .catch((error) => error);
    assert.ok(answer instanceof Error);
    assert.equal((await get("/dry/")).status, 500);
  },
  async "sends files, and parts of them"() {
    assert.equal(await (await get("/small-file/")).text(), "small\n");
    const large = await get("/large-file/");
    const announced = is_bun ? null : String(LARGE.length); // Bun sends every stream in chunks
    assert.equal(large.headers.get("content-length"), announced);
    assert.equal(sha256(Buffer.from(await large.arrayBuffer())), sha256(LARGE));
    const part = await get("/large-file/", { headers: { Range: "bytes=6-9" } });
    assert.deepEqual([part.status, await part.text()], [206, "file"]);
    assert.equal((await get("/large-file/", { method: "HEAD" })).status, 200);
  },
  async compresses() {
    const answer = await raw(line("/large-page/", "Accept-Encoding: gzip"));
    assert.match(answer, /^content-encoding: gzip\r$/im);
    assert.equal((await (await get("/large-page/")).text()).length, 13_000);
  },
  async "renders a template, escaped"() {
    assert.equal(await (await get("/page/")).text(), "&lt;Ada&gt; 1 2 3");
  },
  async "keeps a session in a signed cookie, and checks forms for its token"() {
    const first = await get("/visits/");
    const jar = first.headers
      .getSetCookie()
      .map((cookie) => cookie.split(";")[0])
      .join("; ");
    const { token } = await first.json();
    const second = await (await get("/visits/", { headers: { Cookie: jar } })).json();
    assert.equal(second.count, 2);
    const form = new URLSearchParams({ a: "1", csrfmiddlewaretoken: token });
    const accepted = await post("/guarded/", form, { Cookie: jar });
    assert.deepEqual([accepted.status, (await accepted.json()).a], [200, "1"]);
    assert.equal(
      (await post("/guarded/", new URLSearchParams({ a: "1" }), { Cookie: jar })).status,
      403,
    );
    assert.equal((await post("/guarded/", form)).status, 403);
  },
  async "hashes passwords"() {
    assert.deepEqual(await (await get("/password/")).json(), [true, false]);
  },
  async "keeps the time zones of requests apart"() {
    const zones = ["Europe-Paris", "Asia-Tokyo", "America-Lima", "Africa-Cairo"];
    const asked = Array.from({ length: 100 }, (_, i) => zones[i % zones.length]);
    const told = await Promise.all(asked.map(async (zone) => (await get(`/zone/${zone}/`)).json()));
    assert.deepEqual(
      told,
      asked.map((zone) => zone.replace("-", "/")),
    );
  },
};

let failed = 0;
for (const [name, check] of Object.entries(checks)) {
  logged.length = 0;
  try {
    await check();
  } catch (error) {
    failed += 1;
    const told = [error?.stack ?? error, ...logged].join("\n").replace(/^/gm, "    ");
    console.log(`  FAILED on ${runtime}: ${name}\n${told}`);
  }
}
await stop();
rmSync(dir, { recursive: true });
console.log(`${runtime}: ${Object.keys(checks).length - failed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
