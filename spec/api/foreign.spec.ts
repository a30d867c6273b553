/** Specification of nuages/api: answers of the Fetch standard, and applications that give them. @module */
import { createServer } from "node:http";
import { gzipSync } from "node:zlib";
import { expect } from "chai";
import { describe, it } from "mocha";
import { ETag } from "nuages/api/headers";
import { NodeApp } from "nuages/api/responses";
import type { Spec } from "nuages/api/spec";
import { type HttpRequest, QueryDict } from "nuages/http";
import { path } from "nuages/urls";
import { deferred_upload } from "nuages/views/decorators/upload";
import { z } from "zod";
import { both_doors, type Reply } from "../support/doors.ts";
import { ask_endpoint, made } from "../support/endpoints.ts";
import { quiet } from "../support/log.ts";
import { with_application, with_server } from "../support/server.ts";
import { get_bytes, received } from "../support/sockets.ts";
import { noted_source } from "../support/streams.ts";
import { until } from "../support/turns.ts";

/** A response with these lines of cookies. */
function with_cookies(...lines: string[]): Response {
  const response = new Response("x");
  for (const line of lines) response.headers.append("Set-Cookie", line);
  return response;
}

describe("api/foreign: a Fetch Response", () => {
  it("V2: its status, phrase, headers and body are taken over", async () => {
    const init = { status: 418, statusText: "Short", headers: { "X-One": "1", ETag: '"a"' } };
    const { status, text, response } = await ask_endpoint({}, () => new Response("body", init));
    expect([status, response.reason_phrase, text]).to.deep.equal([418, "Short", "body"]);
    expect([...response.items()]).to.deep.equal([
      ["Content-Type", "text/plain;charset=UTF-8"],
      ["ETag", '"a"'],
      ["X-One", "1"],
    ]);
  });

  it("V2: a promise of one, and Response.json()", async () => {
    const { status, type, text } = await ask_endpoint({}, async () =>
      Response.json({ n: 1 }, { status: 202 }),
    );
    expect([status, type, text]).to.deep.equal([202, "application/json", '{"n":1}']);
  });

  it("V2: without a type it has none, and nobody shall guess one; without a body no content", async () => {
    const bytes = await ask_endpoint({}, () => new Response(Uint8Array.of(97)));
    expect([bytes.type, bytes.text]).to.deep.equal([undefined, "a"]);
    expect(bytes.response.get("X-Content-Type-Options")).to.equal("nosniff");
    const empty = await ask_endpoint({}, () => new Response(null, { status: 204 }));
    expect([empty.status, empty.type, empty.text]).to.deep.equal([204, undefined, ""]);
  });

  it("V2: each Set-Cookie is a cookie of the response, as it was written", async () => {
    const lines = [
      "a=1; HttpOnly; Max-Age=60; Path=/x; SameSite=Strict; Secure",
      "b=2; expires=Wed, 21 Oct 2099 07:28:00 GMT; Partitioned; Priority=High",
      'c={"x":1}',
      "d=a=b",
      'e="quoted"',
      "f=",
    ];
    const { response, cookies } = await ask_endpoint({}, () => with_cookies(...lines));
    expect(cookies).to.deep.equal(lines);
    expect([...response.cookies.keys()]).to.deep.equal(["a", "b", "c", "d", "e", "f"]);
    expect(response.cookies.get("e")?.value).to.equal("quoted");
    expect(response.cookies.get("a")?.get("max-age")).to.equal("60");
    expect(response.has("Set-Cookie")).to.equal(false);
  });

  for (const line of ["=1", "no equals", "päth=1", "expires=1", "a[0]=1"]) {
    it(`V2: the cookie ${JSON.stringify(line)} is left out, and that is logged`, async () => {
      const { status, cookies, records } = await ask_endpoint({}, () => with_cookies(line, "b=2"));
      expect([status, cookies]).to.deep.equal([200, ["b=2"]]);
      expect(records.map(({ logger, level }) => [logger, level])).to.deep.equal([
        ["nuages.api", "warning"],
      ]);
    });
  }

  it("V2: the response of a library that brings its own class is one", async () => {
    class OwnResponse {
      readonly status = 203;
      readonly statusText = "";
      readonly url = "";
      readonly headers = new Headers({ "X-Own": "1" });
      readonly body = new Blob(["own"]).stream();
      readonly [Symbol.toStringTag] = "Response";
    }
    const { status, text, response } = await ask_endpoint({}, () => new OwnResponse());
    expect([status, text, response.get("X-Own")]).to.deep.equal([203, "own", "1"]);
  });

  it("V2: Response.error() is 502", async () => {
    expect((await ask_endpoint({}, () => Response.error())).status).to.equal(502);
  });

  it("V2: one whose body was read is an error of ours", async () => {
    const read = async (): Promise<Response> => {
      const response = new Response("x");
      await response.text();
      return response;
    };
    expect((await ask_endpoint({}, read)).status).to.equal(500);
  });

  it("R7: it is never checked", async () => {
    const spec: Spec = { response: z.object({ n: z.int() }) };
    expect((await ask_endpoint(spec, () => new Response("x"))).status).to.equal(200);
  });

  it("H10: what layers set are defaults for it, too", async () => {
    const spec: Spec = {
      response_headers: { "X-One": "layer", "X-Two": "layer" },
      response_cookies: { a: "layer", b: "layer" },
      etag: new ETag("layer"),
    };
    const foreign = (): Response => {
      const response = with_cookies("a=own");
      response.headers.set("X-One", "own");
      return response;
    };
    const { response, cookies } = await ask_endpoint(spec, foreign);
    expect([response.get("X-One"), response.get("X-Two"), response.get("ETag")]).to.deep.equal([
      "own",
      "layer",
      '"layer"',
    ]);
    expect(cookies).to.deep.equal(["a=own", "b=layer; Path=/; SameSite=Lax"]);
  });

  it("S2: events are not compressed, nor held back", async () => {
    const events = (): Response =>
      new Response("data: 1\n\n", { headers: { "Content-Type": "text/event-stream" } });
    const { response } = await ask_endpoint({}, events);
    expect([response.no_compress, response.get("X-Accel-Buffering")]).to.deep.equal([true, "no"]);
  });

  it("both doors send the same", async () => {
    const view = made({}, () => {
      const response = with_cookies("a=1", "b=2; Path=/");
      response.headers.set("Cache-Control", "no-store");
      return response;
    });
    const [replies] = await both_doors([path("", view)], [{ target: "/" }]);
    expect(replies?.node.headers).to.include.members([
      "set-cookie: a=1",
      "set-cookie: b=2; Path=/",
    ]);
    expect(replies?.fetch).to.deep.equal(replies?.node);
  });
});

describe("api/foreign: what fetch() brings from elsewhere", () => {
  quiet();

  it("V2: its body arrives decompressed, and no header says otherwise", () =>
    with_application(
      (_req, res) => {
        const headers = { "Content-Type": "text/plain", "Content-Encoding": "gzip" };
        res.writeHead(200, headers).end(gzipSync("compressed ".repeat(1000)));
      },
      async (upstream) => {
        const view = made({}, () => upstream.fetch("/"));
        await with_server([path("", view)], async ({ fetch }) => {
          const response = await fetch("/");
          expect(response.headers.get("Content-Encoding")).to.equal(null);
          expect(await response.text()).to.equal("compressed ".repeat(1000));
        });
      },
    ));

  it("V2: a coding that fetch() does not know stays as it is", () =>
    with_application(
      (_req, res) => {
        const headers = { "Content-Encoding": "aes128gcm", "Content-Length": "6" };
        res.writeHead(200, headers).end("secret");
      },
      async (upstream) => {
        const { response, text } = await ask_endpoint({}, () => upstream.fetch("/"));
        expect([response.get("Content-Encoding"), text]).to.deep.equal(["aes128gcm", "secret"]);
        expect(response.get("Content-Length")).to.equal("6");
      },
    ));

  it("V2: headers of the other connection stay there", () =>
    with_application(
      (_req, res) => {
        res.setHeader("Connection", "close, X-Hop");
        res.setHeader("X-Hop", "1");
        res.setHeader("Keep-Alive", "timeout=5");
        res.setHeader("Trailer", "X-Late");
        res.setHeader("X-End", "1");
        res.end("x");
      },
      async (upstream) => {
        const view = made({}, () => upstream.fetch("/"));
        await with_server([path("", view)], async ({ raw }) => {
          const answer = await raw(get_bytes("/", "Connection: keep-alive\r\n"), /\r\n\r\n.*x/s);
          expect(answer).to.match(/^HTTP\/1\.1 200 OK\r\n/);
          expect(answer).to.match(/\r\nX-End: 1\r\n/);
          expect(answer).not.to.match(/X-Hop|Trailer|timeout=5, /i);
        });
      },
    ));

  it("V2: it is cancelled when the client leaves", async () => {
    let has_left = false;
    await with_application(
      (_req, res) => {
        res.write("first");
        res.once("close", () => (has_left = true));
      },
      async (upstream) => {
        const view = made({}, () => upstream.fetch("/"));
        await with_server([path("", view)], async ({ connect }) => {
          const socket = await connect();
          const text = received(socket);
          socket.write(get_bytes("/"));
          await until(() => text().includes("first"));
          socket.destroy();
          await until(() => has_left);
          expect(has_left).to.equal(true);
        });
      },
    );
  });

  it("V2: of a HEAD the body is closed unread", async () => {
    const source = noted_source([Buffer.from("a")]);
    const view = (): Response => new Response(ReadableStream.from(source) as ReadableStream);
    const { status, text } = await ask_endpoint({}, view, { method: "HEAD" });
    expect([status, text]).to.deep.equal([200, ""]);
    await until(() => source.ended > 0);
    expect(source.ended).to.equal(1);
  });
});

/** An application as Hono and H3 make them: an object with `fetch`. */
const echo = {
  greeting: "app",
  async fetch(request: Request): Promise<Response> {
    const body = await request.text();
    const { method, url } = request;
    const headers = Object.fromEntries(request.headers);
    return Response.json({ app: this.greeting, method, url, body, headers });
  },
};

interface Echo {
  readonly app: string;
  readonly method: string;
  readonly url: string;
  readonly body: string;
  readonly headers: Record<string, string>;
}

describe("api/foreign: an application that a handler returns", () => {
  quiet();

  it("V3: an object with fetch gets the request: absolute URL, method, headers", async () => {
    const asked = { headers: { "X-One": "1", Cookie: "a=b" }, query: "q=%C3%A9" };
    const { status, json } = await ask_endpoint({}, () => echo, asked);
    const { app, method, url, headers } = json() as Echo;
    expect([status, app, method, url]).to.deep.equal([
      200,
      "app",
      "GET",
      "http://testserver/?q=%C3%A9",
    ]);
    expect(headers).to.include({ "x-one": "1", cookie: "a=b" });
  });

  it("V3: a function is called, and may be asynchronous", async () => {
    const at_once = (request: Request): Response => new Response(new URL(request.url).pathname);
    expect((await ask_endpoint({}, () => at_once)).text).to.equal("/");
    expect((await ask_endpoint({}, () => async () => new Response("later"))).text).to.equal(
      "later",
    );
  });

  it("V3: the body is there, whatever the method", async () => {
    for (const method of ["POST", "PUT", "DELETE"]) {
      const { json } = await ask_endpoint({}, () => echo, { method, body: "[1]" });
      expect((json() as Echo).body).to.equal("[1]");
    }
  });

  it("V3: its signal aborts when the client leaves", async () => {
    let was_aborted = false;
    let is_asked = false;
    const app = (request: Request): Promise<Response> =>
      new Promise((resolve) => {
        is_asked = true;
        request.signal.addEventListener("abort", () => {
          was_aborted = true;
          resolve(new Response("x"));
        });
      });
    await with_server(
      [
        path(
          "",
          made({}, () => app),
        ),
      ],
      async ({ connect }) => {
        const socket = await connect();
        socket.write(get_bytes("/"));
        await until(() => is_asked);
        socket.destroy();
        await until(() => was_aborted);
        expect(was_aborted).to.equal(true);
      },
    );
  });

  it("V3: what is no Response is a TypeError", async () => {
    const { status, response } = await ask_endpoint({}, () => () => "text");
    expect([status, (response.exc_info as Error).name]).to.deep.equal([500, "TypeError"]);
    expect(String(response.exc_info)).to.match(/must answer with a Fetch Response: it gave 'text'/);
  });

  const form = "a=1&b=2";
  const urlencoded = { "Content-Type": "application/x-www-form-urlencoded" };
  const multipart = { "Content-Type": "multipart/form-data; boundary=x" };
  const parts = '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x--\r\n';

  it("V3: both doors give it the same body, a form as well", async () => {
    const view = made({ methods: ["POST"] }, () => echo);
    const asks = [
      { method: "POST", target: "/", body: "plain" },
      { method: "POST", target: "/", body: form, headers: urlencoded },
    ];
    const replies = await both_doors([path("", view)], asks);
    for (const { node, fetch } of replies)
      expect((JSON.parse(fetch.body) as Echo).body).to.equal((JSON.parse(node.body) as Echo).body);
    expect(replies.map(({ node }) => (JSON.parse(node.body) as Echo).body)).to.deep.equal([
      "plain",
      form,
    ]);
  });

  it("V3: a multipart form as it came, if the endpoint is told not to parse it", async () => {
    const ask = { method: "POST", target: "/", body: parts, headers: multipart };
    const left = made({ methods: ["POST"], decorators: [deferred_upload] }, () => echo);
    const [given] = await both_doors([path("", left)], [ask]);
    for (const reply of [given?.node, given?.fetch])
      expect((JSON.parse(reply?.body ?? "") as Echo).body).to.equal(parts);
  });
});

/** What an application finds in a form. */
const form_reader = async (request: Request): Promise<Response> => {
  const found: unknown[] = [];
  for (const [name, value] of await request.formData())
    found.push(
      typeof value === "string"
        ? [name, value]
        : [name, value.name, value.type, Buffer.from(await value.arrayBuffer()).toString("latin1")],
    );
  return Response.json({ found, length: request.headers.get("Content-Length") });
};

/** What the application told; a reply's body has a character for each byte. */
function told(reply: Reply | undefined): { found: unknown } {
  return JSON.parse(Buffer.from(reply?.body ?? "", "latin1").toString()) as { found: unknown };
}

describe("api/foreign: a form that was parsed before an application is asked", () => {
  quiet();
  const text = (name: string, value: string): string =>
    `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const upload = (filename: string, type: string, content: string): string =>
    `--x\r\nContent-Disposition: form-data; name="file"; filename="${filename}"\r\n` +
    `Content-Type: ${type}\r\n\r\n${content}\r\n`;
  const large = "0123456789".repeat(20_000);
  const body = [
    text("a", "1"),
    text("a", "é\r\n--y"),
    text("ß", ""),
    upload("ü.txt", "text/plain", ""),
    upload("b.bin", "application/x-b", large),
    "--x--\r\n",
  ].join("");
  const found = [
    ["a", "1"],
    ["a", "é\r\n--y"],
    ["ß", ""],
    ["file", "ü.txt", "text/plain", ""],
    ["file", "b.bin", "application/x-b", large],
  ];
  const content_type = "multipart/form-data; boundary=x";
  const ask = { method: "POST", target: "/", body, headers: { "Content-Type": content_type } };
  const view = made({ methods: ["POST", "PUT"] }, () => form_reader);

  for (const [where, FILE_UPLOAD_MAX_MEMORY_SIZE] of [
    ["in memory", 2_621_440],
    ["on the disk", 0],
  ] as const) {
    it(`V3: it is written again through both doors, with files ${where}`, async () => {
      const limits = { FILE_UPLOAD_MAX_MEMORY_SIZE };
      const [given] = await both_doors([path("", view)], [ask], limits);
      for (const reply of [given?.node, given?.fetch])
        expect(told(reply)).to.deep.equal({ found, length: null });
    });
  }

  it("V3: the test client's is there, parsed or not", async () => {
    const asked = { method: "POST", body, content_type };
    const look = (request: HttpRequest): void => void request.POST.get("a");
    for (const before_request of [undefined, look, (request: HttpRequest) => void request.body]) {
      const { json } = await ask_endpoint({ before_request }, () => form_reader, asked);
      expect((json() as { found: unknown }).found).to.deep.equal(found);
    }
  });

  it("V3: that of a PUT, if it was declared and so parsed", async () => {
    const put = { ...ask, method: "PUT" };
    const spec: Spec = { methods: ["PUT"], form: z.object({ a: z.array(z.string()) }) };
    const views = [view, made(spec, () => form_reader)];
    for (const each of views) {
      const [given] = await both_doors([path("", each)], [put]);
      for (const reply of [given?.node, given?.fetch])
        expect(told(reply).found).to.deep.equal(found);
    }
  });

  it("V3: names that end a line or a quotation stay in it", async () => {
    const named = async (request: Request): Promise<Response> => new Response(await request.text());
    const before_request = (request: HttpRequest): void => {
      expect(request.FILES.size).to.equal(1);
      request.POST = new QueryDict("", { mutable: true });
      request.POST.set('n"\r\nX-Evil: 1', "v");
    };
    const asked = { method: "POST", body, content_type };
    const got = await ask_endpoint({ before_request }, () => named, asked);
    expect(got.text).to.include('name="n%22%0D%0AX-Evil: 1"\r\n\r\nv\r\n');
  });

  it("E5: one that could not be parsed is a 400", async () => {
    const broken = { ...ask, headers: { "Content-Type": "multipart/form-data" } };
    const [given] = await both_doors([path("", view)], [broken]);
    expect([given?.node.status, given?.fetch.status]).to.deep.equal([400, 400]);
  });
});

describe("api/foreign: NodeApp", () => {
  quiet();
  const app = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on("data", (chunk: Buffer) => chunks.push(chunk));
    req.on("end", () => res.writeHead(202).end(`${req.method} ${Buffer.concat(chunks)}`));
  });
  const listener = app.listeners("request")[0] as ConstructorParameters<typeof NodeApp>[0];

  it("V3: gets req and res under the Node door, and is 501 elsewhere", async () => {
    const view = made({ response_headers: { "X-Layer": "1" } }, () => new NodeApp(listener));
    const [replies] = await both_doors([path("", view)], [{ target: "/" }]);
    expect([replies?.node.status, replies?.node.body]).to.deep.equal([202, "GET "]);
    expect([replies?.fetch.status, replies?.fetch.body]).to.deep.equal([501, ""]);
    expect(replies?.node.headers).to.include("x-layer: 1");
    expect((await ask_endpoint({}, () => new NodeApp(listener) as unknown)).status).to.equal(501);
  });

  it("V3: reads the body, if the endpoint leaves it on the wire", async () => {
    const spec: Spec = { methods: ["POST"], decorators: [deferred_upload] };
    const view = made(spec, () => new NodeApp(listener));
    await with_server([path("", view)], async ({ fetch }) => {
      for (const body of ["text", new Uint8Array(100_000).fill(97)]) {
        const response = await fetch("/", { method: "POST", body });
        expect([response.status, await response.text()]).to.deep.equal([
          202,
          `POST ${Buffer.from(body)}`,
        ]);
      }
    });
  });

  it("V3: hooks see the request before it, and errors of it are ours", async () => {
    const seen: string[] = [];
    const before_request = (request: HttpRequest): void => void seen.push(request.path);
    const failing = new NodeApp(() => {
      throw new Error("the listener broke");
    });
    await with_server(
      [
        path(
          "",
          made({ before_request }, () => failing),
        ),
      ],
      async ({ fetch }) => {
        const response = await fetch("/");
        expect([response.status, response.headers.get("Content-Type")]).to.deep.equal([
          500,
          "application/json",
        ]);
        expect(seen).to.deep.equal(["/"]);
      },
    );
  });
});
