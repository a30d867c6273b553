// What a visitor does in the demo, and what must come back: checks by name, for the demo on `url`.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";

const ANSWER = 10_000; // how long an answer may take, in milliseconds
const PASSWORD = "cirrus and stratus";

/** A browser without scripts: it keeps cookies, and sends the token of the page that a form is on. */
class Browser {
  #cookies = new Map();

  constructor(url) {
    this.url = url;
  }

  async ask(path, { headers, ...init } = {}) {
    const cookies = Array.from(this.#cookies, ([name, value]) => `${name}=${value}`);
    const response = await fetch(new URL(path, this.url), {
      redirect: "manual",
      signal: AbortSignal.timeout(ANSWER),
      headers: { Accept: "text/html", Cookie: cookies.join("; "), ...headers },
      ...init,
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie);
      this.#cookies.set(name, value);
    }
    return response;
  }

  async page(path) {
    const response = await this.ask(path);
    assert.equal(response.status, 200, `${path} has the status ${response.status}`);
    return response.text();
  }

  /** Sends the form of a page; where the answer leads. */
  async submit(page, fields, action = page) {
    const response = await this.send(page, new URLSearchParams(fields), action);
    await response.arrayBuffer();
    assert.equal(response.status, 302, `${action} answers a form with ${response.status}`);
    return response.headers.get("location");
  }

  async send(page, body, action = page) {
    const token = /name="csrfmiddlewaretoken" value="([^"]+)"/.exec(await this.page(page))?.[1];
    body.set("csrfmiddlewaretoken", token ?? "none");
    return this.ask(action, { method: "POST", body });
  }
}

/** The checks, which build on each other. */
export function demo_checks(url) {
  const browser = new Browser(url);
  return {
    async "shows its home page"() {
      assert.match(await browser.page("/"), /<h1>[^]*href="\/polls\/"/);
    },
    async "sends a static file"() {
      const response = await browser.ask("/static/style.css");
      assert.deepEqual([response.status, response.headers.get("content-type")], [200, "text/css"]);
      assert.match(await response.text(), /^\/\*/);
    },
    async "gives a program JSON"() {
      const response = await browser.ask("/polls/", { headers: { Accept: "application/json" } });
      assert.equal((await response.json()).questions[0].url, `${url}polls/1/`);
    },
    async "sends a stranger to the login"() {
      const response = await browser.ask("/accounts/profile/");
      const to = response.headers.get("location");
      assert.deepEqual([response.status, to], [302, "/accounts/login/?next=/accounts/profile/"]);
    },
    async "signs up"() {
      const form = { username: "ada", password: PASSWORD };
      assert.equal(await browser.submit("/accounts/signup/", form), "/accounts/profile/");
      assert.match(await browser.page("/accounts/profile/"), /Welcome, ada!/);
    },
    async "logs out"() {
      assert.equal(await browser.submit("/accounts/profile/", {}, "/accounts/logout/"), "/");
      assert.doesNotMatch(await browser.page("/"), /ada/);
    },
    async "logs in"() {
      const form = { username: "ada", password: PASSWORD };
      assert.equal(await browser.submit("/accounts/login/", form), "/accounts/profile/");
      assert.match(await browser.page("/accounts/profile/"), /You are ada/);
    },
    async "counts a vote"() {
      const to = await browser.submit("/polls/1/", { choice: "1" }, "/polls/1/vote/");
      assert.equal(to, "/polls/1/results/");
      assert.match(await browser.page(to), /Thank you!/);
    },
    async "refuses a form without its token"() {
      const body = new URLSearchParams({ choice: "1" });
      const response = await browser.ask("/polls/1/vote/", { method: "POST", body });
      await response.arrayBuffer();
      assert.equal(response.status, 403);
    },
    async "streams a table"() {
      assert.match(await browser.page("/polls/votes.csv"), /^question,answer,votes\r\n/);
    },
    async "takes a file of 4 MB"() {
      const content = Buffer.alloc(4_000_000, "cloud ");
      const body = new FormData();
      body.set("files", new File([content], "clouds.bin"));
      const text = await (await browser.send("/uploads/", body)).text();
      assert.ok(text.includes(createHash("sha256").update(content).digest("hex")));
    },
    async "adds a book by its API"() {
      const book = { title: "Nephelai", author: "anybody", year: 2026 };
      const ask = (init) => fetch(new URL("/api/books/", url), { method: "POST", ...init });
      const headers = { "Content-Type": "application/json" };
      const made = await ask({ headers, body: JSON.stringify(book) });
      assert.deepEqual([made.status, await made.json()], [201, { id: 8, ...book, cover: null }]);
      const refused = await ask({ headers, body: "{}" });
      assert.deepEqual([refused.status, (await refused.json()).detail.length], [422, 3]);
    },
    async "tells of it in an event"() {
      const headers = { "Last-Event-ID": "7" };
      const signal = AbortSignal.timeout(ANSWER);
      const { body } = await fetch(new URL("/api/events/", url), { headers, signal });
      const reader = body.pipeThrough(new TextDecoderStream()).getReader();
      let text = "";
      while (!text.includes("event: tick")) text += (await reader.read()).value;
      await reader.cancel();
      assert.match(text, /^id: 8\nevent: book\ndata: \{"id":8,"title":"Nephelai",/);
    },
    async "sends the rest of a file"() {
      const headers = { Accept: "text/*", Range: "bytes=31-36" };
      const response = await browser.ask("/api/books/7/text/", { headers });
      assert.deepEqual([response.status, await response.text()], [206, "Cirrus"]);
    },
    async "has a page for what is not there"() {
      const response = await browser.ask("/nowhere/");
      await response.arrayBuffer();
      assert.equal(response.status, 404);
    },
  };
}
