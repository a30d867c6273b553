/** The served document, its page, and the page's stylesheet. @module */
import { execFileSync } from "node:child_process";
import { expect } from "chai";
import { describe, it } from "mocha";
import { API, type APIOptions, sse } from "nuages/api";
import { uploaded_file } from "nuages/api/zod";
import type { Client } from "nuages/test";
import { ContentSecurityPolicyMiddleware } from "nuages/middleware/csp";
import { path, reverse } from "nuages/urls";
import { z } from "zod";
import { run_alone } from "../../support/child.ts";
import { quiet } from "../../support/log.ts";
import { with_site } from "../../support/site.ts";
import { library } from "./_library.ts";

/** Runs with a client of a site that has the API below `/api/`. */
function served(api: API, fn: (client: Client) => Promise<void>, settings = {}): Promise<void> {
  return with_site([path("api/", api.urls)], { ALLOWED_HOSTS: ["*"], ...settings }, fn);
}

/** The page of an API. */
async function page_of(fill: (api: API) => void, options: APIOptions = {}): Promise<string> {
  const api = new API(options);
  fill(api);
  let html = "";
  await served(api, async (client) => {
    html = (await client.get("/api/docs/")).text;
  });
  return html;
}

/** The commands of a page, as the shell sees them. */
function commands(html: string): string[] {
  return [...html.matchAll(/<pre[^>]*><code>(.*?)<\/code><\/pre>/gs)].map(([, text = ""]) =>
    text
      .replaceAll("&#x27;", "'")
      .replaceAll("&quot;", '"')
      .replaceAll("&lt;", "<")
      .replaceAll("&gt;", ">")
      .replaceAll("&amp;", "&"),
  );
}

/** The words that a shell makes of a command (with `printf` in place of curl). */
function shell_words(command: string): string[] {
  const printed = execFileSync("sh", ["-c", command.replace(/^curl/, "printf '%s\\n'")]);
  return printed.toString().trimEnd().split("\n");
}

describe("api/openapi: the served document", () => {
  quiet();

  it("is JSON at openapi.json, and can be reversed", async () => {
    const api = library();
    await served(api, async (client) => {
      expect(reverse("api:openapi")).to.equal("/api/openapi.json");
      const response = await client.get("/api/openapi.json");
      expect(response.status_code).to.equal(200);
      expect(response.headers.get("Content-Type")).to.equal("application/json");
      expect(response.json()).to.deep.equal(api.openapi());
    });
  });

  it("has an ETag, and is not sent to who has it", async () => {
    await served(library(), async (client) => {
      const first = await client.get("/api/openapi.json");
      const etag = first.headers.get("ETag") ?? "";
      expect(etag).to.match(/^"[\w-]{43}"$/);
      const headers = { "If-None-Match": etag };
      const second = await client.get("/api/openapi.json", null, { headers });
      expect(second.status_code).to.equal(304);
      expect(second.content).to.have.lengthOf(0);
      const head = await client.head("/api/openapi.json");
      expect(head.headers.get("ETag")).to.equal(etag);
    });
  });

  it("takes GET and HEAD only", async () => {
    await served(library(), async (client) => {
      for (const at of ["/api/openapi.json", "/api/docs/", "/api/docs/style.css"]) {
        const response = await client.post(at);
        expect(response.status_code, at).to.equal(405);
        expect(response.headers.get("Allow")).to.equal("GET, HEAD");
      }
    });
  });

  it("O13: is that of a subclass", async () => {
    class Shop extends API {
      override openapi(): ReturnType<API["openapi"]> {
        return { ...super.openapi(), "x-shop": true };
      }
    }
    await served(new Shop(), async (client) => {
      expect((await client.get("/api/openapi.json")).json()).to.include({ "x-shop": true });
    });
  });

  const places: [
    options: NonNullable<APIOptions["openapi"]> | null,
    there: string[],
    absent: string[],
  ][] = [
    [{}, ["openapi.json", "docs/", "docs/style.css"], []],
    [
      { path: "schema/v1.json", docs: "about" },
      ["schema/v1.json", "about", "about.css"],
      ["docs/", "openapi.json"],
    ],
    [{ docs: "" }, ["openapi.json", "", "style.css"], ["docs/"]],
    [{ docs: null }, ["openapi.json"], ["docs/", "docs/style.css"]],
    [null, [], ["openapi.json", "docs/", "docs/style.css"]],
  ];
  for (const [openapi, there, absent] of places) {
    it(`is served with its page as ${JSON.stringify(openapi)} says`, async () => {
      await served(new API({ openapi }), async (client) => {
        for (const at of there)
          expect((await client.get(`/api/${at}`)).status_code, at).to.equal(200);
        for (const at of absent)
          expect((await client.get(`/api/${at}`)).status_code, at).to.equal(404);
        const [, docs] = there;
        if (docs === undefined) return;
        const { text } = await client.get(`/api/${docs}`);
        const links = [...text.matchAll(/href="([^#"]+)"/g)].map(([, href = ""]) =>
          new URL(href, `http://testserver/api/${docs}`).pathname.replace("/api/", ""),
        );
        expect(links.toSorted()).to.deep.equal(there.filter((at) => at !== docs).toSorted());
      });
    });
  }

  it("is made anew when the setting changes", async () => {
    const api = new API();
    const version = async (client: Client): Promise<string> =>
      ((await client.get("/api/openapi.json")).json() as { openapi: string }).openapi;
    await served(api, async (client) => {
      expect(await version(client)).to.equal("3.1.1");
    });
    const settings = { API: { OPENAPI_VERSION: "3.2.0" } };
    const newer = async (client: Client): Promise<void> => {
      expect(await version(client)).to.equal("3.2.0");
    };
    await served(api, newer, settings);
  });

  it("security T10: is application/json with nosniff, whatever the client accepts", async () => {
    await served(library(), async (client) => {
      const headers = { Accept: "text/html" };
      const response = await client.get("/api/openapi.json", null, { headers });
      expect(response.headers.get("Content-Type")).to.equal("application/json");
      expect(response.headers.get("X-Content-Type-Options")).to.equal("nosniff");
    });
  });

  it("security M14: is asked for again each time, and kept by its ETag only", async () => {
    await served(library(), async (client) => {
      for (const at of ["openapi.json", "docs/"]) {
        const response = await client.get(`/api/${at}`);
        expect(response.headers.get("Cache-Control")).to.equal("no-cache");
      }
    });
  });
});

describe("api/openapi: the page", () => {
  it("O14: lists the operations by tag, with a place for each", async () => {
    const html = await page_of((api) => {
      api.get("b/", { tags: ["Books"], summary: "All books" }, () => "");
      api.post("b/", { tags: ["Books", "Writing"], deprecated: true }, () => "");
      api.get("other/", { description: "Something\nelse" }, () => "");
    });
    const headings = [...html.matchAll(/<h2 id="(.*?)">(.*?)<\/h2>/g)];
    expect(headings.map(([, , text]) => text)).to.deep.equal(["Books", "Writing", "Other"]);
    const ids = [...html.matchAll(/ id="(.*?)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).to.equal(ids.length);
    const targets = [...html.matchAll(/href="#(.*?)"/g)].map(([, id]) => id);
    expect(ids).to.include.members(targets);
    expect(html.match(/<article/g)).to.have.lengthOf(4);
    expect(html).to.contain("All books").and.to.contain("Something\nelse");
    expect(html.match(/deprecated<\/span>/g)).to.have.lengthOf(2);
  });

  it("O14: shows parameters, bodies and responses", async () => {
    let html = "";
    await served(library(), async (client) => {
      html = (await client.get("/api/docs/")).text;
    });
    const plain = html.replaceAll(/<[^>]+>/g, " ").replaceAll(/\s+/g, " ");
    for (const words of [
      "Library 2.1.0",
      "Books, and who has them.",
      "q required string Words of the title",
      "page integer at least 1 default 1",
      "tag array of string default []",
      "X-Trace required string",
      "theme &quot;light&quot; or &quot;dark&quot;",
      "application/json NewBookInput",
      "cover required file",
      "X-Shelf required string Where it stands",
      "404 Not Found No such book",
      "Errors: 400, 406, 415, 422",
      "text/event-stream object",
      "data required JSON of Book",
      "application/jsonl Book",
      "Needs session",
      "title required string characters, at least 1 characters, at most 200",
    ])
      expect(plain).to.contain(words);
  });

  it("O14: needs no script, no style of its own, and no foreign host", async () => {
    await served(library(), async (client) => {
      const { text } = await client.get("/api/docs/");
      expect(text).to.match(/^<!doctype html>/);
      expect(text).not.to.match(/<script|<style| style=|\son\w+=|javascript:/i);
      const hosts = [...text.matchAll(/(?:src|href|action)="([^"]*)"/g)].map(([, url]) => url);
      expect(hosts.filter((url) => url?.includes("//"))).to.deep.equal([]);
      const style = await client.get("/api/docs/style.css");
      expect(style.headers.get("Content-Type")).to.equal("text/css; charset=utf-8");
      expect(style.text).to.contain("prefers-color-scheme: dark");
      expect(style.text).not.to.match(/url\(|@import|https?:/);
    });
  });

  const curls: [what: string, fill: (api: API) => void, words: string[]][] = [
    ["a GET", (api) => api.get("a/", () => ""), ["https://shop.example/api/a/"]],
    ["a HEAD", (api) => api.head("a/", () => undefined), ["--head", "https://shop.example/api/a/"]],
    [
      "parameters",
      (api) =>
        api.get(
          "<int:id>/<slug:name>/",
          {
            query: z.object({
              q: z.string().meta({ example: "it's & <more>" }),
              page: z.int().default(1),
            }),
            headers: z.object({ x_key: z.enum(["a b"]), x_other: z.string().optional() }),
            cookies: z.object({ theme: z.literal("dark") }),
          },
          () => "",
        ),
      [
        "https://shop.example/api/1/text/?q=it's%20%26%20%3Cmore%3E",
        "-H",
        "x-key: a b",
        "-b",
        "theme=dark",
      ],
    ],
    [
      "a body",
      (api) =>
        api.post(
          "",
          {
            body: z.object({
              name: z.string().meta({ examples: ["it's"] }),
              tags: z.array(z.string()),
              n: z.int().min(5).max(9),
              at: z.iso.datetime(),
              ok: z.boolean(),
              who: z.object({ id: z.uuid() }).nullable(),
            }),
          },
          () => "",
        ),
      [
        "-X",
        "POST",
        "https://shop.example/api/",
        "-H",
        "Content-Type: application/json",
        "-d",
        `{"name":"it's","tags":["text"],"n":5,"at":"2026-01-31T12:00:00Z","ok":true,"who":{"id":"3fa85f64-5717-4562-b3fc-2c963f66afa6"}}`,
      ],
    ],
    [
      "a form",
      (api) => api.post("", { form: z.object({ a: z.string(), n: z.number() }) }, () => ""),
      [
        "-X",
        "POST",
        "https://shop.example/api/",
        "--data-urlencode",
        "a=text",
        "--data-urlencode",
        "n=1",
      ],
    ],
    [
      "a form with files",
      (api) => api.put("", { form: z.object({ a: z.string(), f: uploaded_file() }) }, () => ""),
      ["-X", "PUT", "https://shop.example/api/", "-F", "a=text", "-F", "f=@file"],
    ],
    [
      "events",
      (api) => api.get("", { response: sse(z.string()) }, () => []),
      ["https://shop.example/api/", "--no-buffer"],
    ],
  ];
  for (const [what, fill, words] of curls) {
    it(`O14: has a curl line for ${what}`, async () => {
      const servers = [{ url: "https://shop.example/" }];
      const [command = ""] = commands(await page_of(fill, { servers }));
      expect(shell_words(command)).to.deep.equal(words);
    });
  }

  it("O14: asks the host of the request, unless there is a server", async () => {
    const api = new API({ servers: [{ url: "/v1" }] });
    api.get("a/", () => "");
    await served(api, async (client) => {
      for (const host of ["one.example", "two.example:8080"]) {
        const response = await client.get("/api/docs/", null, { headers: { Host: host } });
        expect(commands(response.text)).to.deep.equal([`curl 'http://${host}/v1/api/a/'`]);
      }
      const secure = await client.get("/api/docs/", null, { secure: true });
      expect(commands(secure.text)[0]).to.contain("https://testserver/v1/");
    });
  });

  const ANY = "</script><script>alert(1)</script><img src=x onerror=alert(1)>'\"";
  it("security T23: shows titles and examples from code as text", async () => {
    const schema = z
      .object({
        [ANY]: z.string().describe(ANY).meta({ example: ANY, default: ANY }),
        e: z.enum([ANY]),
      })
      .meta({ description: ANY });
    const html = await page_of(
      (api) =>
        api.post(
          "",
          {
            summary: ANY,
            description: ANY,
            tags: [ANY],
            security: [{ [ANY]: [] }],
            body: schema,
            query: schema,
            response: {
              200: { model: schema, description: ANY, headers: { "X-A": { description: ANY } } },
            },
          },
          () => Promise.reject(new Error()),
        ),
      {
        title: ANY,
        version: ANY,
        description: ANY,
        servers: [{ url: `https://a.example/${ANY}` }],
      },
    );
    expect(html).not.to.match(/<script|<img/i);
    expect(html.match(/&lt;script&gt;/g)).to.have.lengthOf.above(10);
    for (const command of commands(html)) expect(() => shell_words(command)).not.to.throw();
  });

  it("security T23: has a policy of its own, and takes no notice of the query", async () => {
    const settings = {
      SECURE_CSP: { "default-src": ["'none'"], "style-src": ["https://cdn.example"] },
      MIDDLEWARE: [ContentSecurityPolicyMiddleware],
    };
    await served(
      library(),
      async (client) => {
        const plain = await client.get("/api/docs/");
        const queried = await client.get(
          "/api/docs/?url=https://evil.example/spec.json&configUrl=//evil.example",
        );
        expect(queried.text).to.equal(plain.text).and.not.to.contain("evil");
        const policy = plain.headers.get("Content-Security-Policy");
        expect(policy)
          .to.match(/^default-src 'none'; style-src 'self';/)
          .and.to.contain("form-action 'none'");
        expect(plain.headers.get("X-Content-Type-Options")).to.equal("nosniff");
        expect(plain.headers.get("Content-Type")).to.equal("text/html; charset=utf-8");
      },
      settings,
    );
  });

  it("does not load the template engine before it is asked for", async () => {
    const count = `Object.keys(createRequire(process.cwd() + "/").cache).filter((file) => file.includes("nunjucks")).length`;
    const printed = await run_alone(`
      import { createRequire } from "node:module";
      await import("nuages/api");
      const before = ${count};
      await import("nuages/template/backends/nunjucks");
      console.log(before, ${count} > 0);`);
    expect(printed).to.equal("0 true\n");
  });
});
