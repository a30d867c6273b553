/** Security of nuages/api/streaming: what data can do to a stream, and what slow clients cost. @module */
import { once } from "node:events";
import { expect } from "chai";
import { describe, it } from "mocha";
import { no_compress } from "nuages/api/decorators";
import { endpoint } from "nuages/api/endpoint";
import { EventStream, jsonl, ServerSentEvent, sse, Stream } from "nuages/api/streaming";
import { ValueError } from "nuages/core/exceptions";
import type { HttpResponseBase } from "nuages/http";
import { CacheMiddleware } from "nuages/middleware/cache";
import { GZipMiddleware } from "nuages/middleware/gzip";
import { ConditionalGetMiddleware } from "nuages/middleware/http";
import { path } from "nuages/urls";
import { cache_page } from "nuages/views/decorators/cache";
import { z } from "zod";
import { through_node } from "../support/doors.ts";
import { type SeenEvent, seen_stream } from "../support/event_source.ts";
import { logged, quiet } from "../support/log.ts";
import { GET, sent } from "../support/raw.ts";
import { with_server } from "../support/server.ts";
import { get_bytes, received } from "../support/sockets.ts";
import { noted_source, text_of } from "../support/streams.ts";
import { watching_timers } from "../support/timers.ts";
import { gate, ticks, turns, until } from "../support/turns.ts";

describe("api/streaming security: injection", () => {
  const BREAKS = ["a\nb", "a\rb", "a\r\nb", "a\0b", "\n\ndata: x", "x\n\nevent: admin\ndata: y"];
  for (const text of BREAKS) {
    for (const field of ["event", "id", "retry", "comment"]) {
      it(`T16: ${field} is not ${JSON.stringify(text)}`, async () => {
        const fields = { [field]: text };
        expect(() => new ServerSentEvent("x", fields)).to.throw(ValueError);
        let error: unknown;
        await text_of(new EventStream([{ data: "x", ...fields }])).catch(
          (e: unknown) => (error = e),
        );
        expect(error).to.be.instanceOf(ValueError);
      });
    }

    it(`T16: the type and the id of a stream are not ${JSON.stringify(text)}`, () => {
      expect(() => new EventStream([], { event_type: text })).to.throw(ValueError);
      expect(() => new EventStream([], { event_id: text })).to.throw(ValueError);
    });
  }

  for (const retry of ["1\ndata: x", "1", Number.NaN, -1, 1e21, 1.5, Number.POSITIVE_INFINITY]) {
    it(`T16: retry is not ${JSON.stringify(retry)} (${typeof retry})`, () => {
      const options = { retry: retry as number };
      expect(() => new ServerSentEvent("x", options)).to.throw(ValueError, "retry");
      expect(() => new EventStream([], { retry_duration: options.retry })).to.throw(ValueError);
    });
  }

  it("T16: a field that was changed later is refused when it is sent", async () => {
    const event = new ServerSentEvent("x", { id: "1" });
    Object.assign(event, { id: "1\ndata: y" });
    let error: unknown;
    await text_of(new EventStream([event])).catch((e: unknown) => (error = e));
    expect(error).to.be.instanceOf(ValueError);
  });

  it("T16: the lines of comment_message stay comments, and NUL is refused", async () => {
    const comment_message = "a\rdata: b\r\n\r\nevent: c\ndata: d";
    const seen = seen_stream(await text_of(new EventStream([], { comment_message })));
    expect(seen.events).to.deep.equal([]);
    expect(seen.comments).to.deep.equal(["a", "data: b", "", "event: c", "data: d"]);
    expect(() => new EventStream([], { comment_message: "a\0" })).to.throw(ValueError);
  });

  const data: [sent: string, got: string][] = [
    ["a\rb", "a\nb"],
    ["a\r\nb", "a\nb"],
    ["a\nb", "a\nb"],
    ["a\n\nevent: admin", "a\n\nevent: admin"],
    ["a\r\revent: admin\rdata: x\r\r", "a\n\nevent: admin\ndata: x\n\n"],
    ["\nid: 7", "\nid: 7"],
    [": comment", ": comment"],
    ["a\u2028b\u2029c\u0085d\v\fe", "a\u2028b\u2029c\u0085d\v\fe"],
    ["a\0b", "a\0b"],
    [" a", " a"],
    ["\ufeffdata: x", "\ufeffdata: x"],
  ];
  for (const [given, got] of data) {
    it(`T16: data ${JSON.stringify(given)} stay the data of one event`, async () => {
      const one: SeenEvent[] = [{ type: "message", data: got, id: "" }];
      for (const item of [given, Buffer.from(given), { data: given }, new ServerSentEvent(given)]) {
        const seen = seen_stream(await text_of(new EventStream([item])));
        expect(seen.events).to.deep.equal(one);
        expect(seen.strange).to.deep.equal([]);
        expect(seen.retry).to.equal(undefined);
      }
    });

    it(`T16: ${JSON.stringify(given)} comes back from sse() as it was`, async () => {
      const response = sse(z.string()).to_response([given], true) as Stream;
      const [event] = seen_stream(await text_of(response)).events;
      expect(JSON.parse(event?.data ?? "")).to.equal(given);
    });
  }
});

describe("api/streaming security: resuming", () => {
  const last = z.object({ last_event_id: z.string().optional() });
  const view = endpoint({ headers: last, response: sse(z.string()) }, (_, { headers }) => [
    headers.last_event_id ?? "none",
  ]);
  const resumed = async (id: string | undefined): Promise<string> => {
    let body = "";
    await with_server([path("", view)], async (server) => {
      const headers = id === undefined ? {} : { "Last-Event-ID": id };
      ({ body } = await through_node(server, { target: "/", headers }));
    });
    const [event] = seen_stream(body).events;
    return JSON.parse(event?.data ?? '""') as string;
  };

  it("S14: the id that the client had last is a header", async () => {
    expect(await resumed("42")).to.equal("42");
    expect(await resumed(undefined)).to.equal("none");
  });

  for (const id of ["__proto__", '"a", "b"', "a: b, data: c", "x".repeat(15_000), "'; DROP"]) {
    it(`T17: it is handed over as it is: ${id.slice(0, 20)}`, async () => {
      expect(await resumed(id)).to.equal(id);
    });
  }

  it("T17: a longer one than Node takes is refused by Node", async () => {
    await with_server([path("", view)], async (server) => {
      const headers = { "Last-Event-ID": "x".repeat(17_000) };
      expect((await through_node(server, { target: "/", headers })).status).to.equal(431);
    });
  });

  it("T17: it is checked when it is written back", () => {
    expect(() => new ServerSentEvent("x", { id: "from\0client" })).to.throw(ValueError);
  });
});

describe("api/streaming security: slow and vanishing clients", () => {
  quiet();

  const events = (source: () => AsyncIterable<string>): EventStream =>
    new EventStream(source, { ping_interval: 0.002 });
  const lines = (source: () => AsyncIterable<string>): Stream =>
    jsonl(z.string()).to_response(source(), true) as Stream;
  const plain = (source: () => AsyncIterable<string>): Stream => new Stream(source);

  for (const make of [events, lines, plain]) {
    it(`T18: buffers at most 64 KiB of an endless stream that nobody reads: ${make.name}`, async () => {
      let asked = 0;
      let ended = 0;
      async function* endless(): AsyncGenerator<string> {
        try {
          for (;;) {
            asked++;
            yield "x".repeat(1000);
          }
        } finally {
          ended++;
        }
      }
      await with_server([path("", () => make(endless))], async ({ server, connect }) => {
        const connection = once(server, "connection");
        const socket = await connect();
        const [serving] = (await connection) as [{ writableLength: number }];
        socket.pause();
        socket.write(get_bytes("/"));
        let [before, most, still] = [-1, 0, 0];
        while (still < 20) {
          await turns(20);
          most = Math.max(most, serving.writableLength);
          still = asked > 0 && asked === before ? still + 1 : 0;
          before = asked;
        }
        expect(most).to.be.within(1, 65_536);
        expect(ended).to.equal(0);
        socket.destroy();
        await until(() => ended > 0, 1000);
        expect(ended).to.equal(1);
      });
    });
  }

  it("T18: keeps nothing of 2,000 clients that came and went", () =>
    watching_timers(async ({ running }) => {
      let ended = 0;
      const listeners = process.eventNames().map((name) => process.listenerCount(name));
      const view = (): EventStream => new EventStream(() => ticks(() => ended++));
      await with_server([path("", view)], async ({ server, connect }) => {
        const visit = async (): Promise<void> => {
          const socket = await connect();
          socket.write(get_bytes("/"));
          await once(socket, "data");
          socket.destroy();
        };
        for (let i = 0; i < 40; i++) await Promise.all(Array.from({ length: 50 }, visit));
        await until(() => ended === 2000, 1000);
        expect(ended).to.equal(2000);
        await until(() => running() === 0, 1000);
        expect(running()).to.equal(0);
        const connections = new Promise((resolve) =>
          server.getConnections((_, count) => resolve(count)),
        );
        expect(await connections).to.equal(0);
      });
      expect(process.eventNames().map((name) => process.listenerCount(name))).to.deep.equal(
        listeners,
      );
    })).timeout(30_000);
});

describe("api/streaming security: middleware", () => {
  quiet();

  const MIDDLEWARE = [CacheMiddleware, GZipMiddleware, ConditionalGetMiddleware];
  const gzip = "Accept-Encoding: gzip\r\n";

  async function* two(more: Promise<void>): AsyncGenerator<string> {
    yield "first";
    await more;
    yield "second";
  }

  it("T19: events go out one by one behind gzip, cache and conditional middleware", async () => {
    const more = gate();
    const view = (): EventStream => new EventStream(two(more.promise));
    await with_server(
      [path("", view)],
      async ({ connect }) => {
        const socket = await connect();
        const text = received(socket);
        socket.write(get_bytes("/", gzip));
        await until(() => text().includes("data: first\n\n"));
        expect(text()).to.contain("data: first\n\n");
        expect(text()).not.to.contain("second");
        more.open();
        await until(() => text().endsWith("\r\n0\r\n\r\n"));
        expect(text()).to.contain("data: second\n\n");
        expect(text()).not.to.match(/^(Content-Encoding|ETag|Content-Length|Expires):/im);
        socket.destroy();
      },
      { MIDDLEWARE },
    );
  });

  it("M14, T19: no cache keeps events, and each request is asked anew", async () => {
    let asked = 0;
    const view = (): EventStream => new EventStream([`${++asked}`]);
    const cached = cache_page(60)(view);
    await with_server(
      [path("", view), path("cached/", cached)],
      async (server) => {
        for (const target of ["/", "/", "/cached/", "/cached/"]) {
          const { headers, body } = await through_node(server, { target });
          expect(body).to.equal(`data: ${asked}\n\n`);
          expect(headers).to.include("cache-control: no-cache");
          expect(headers.filter((line) => /^(etag|expires|age):/.test(line))).to.deep.equal([]);
        }
        expect(asked).to.equal(4);
      },
      { MIDDLEWARE },
    );
  });

  it("T19: a stored answer is never confirmed: If-None-Match gets the events", async () => {
    await with_server(
      [path("", () => new EventStream(["a"]))],
      async (server) => {
        const headers = { "If-None-Match": "*", "If-Modified-Since": new Date().toUTCString() };
        const { status, body } = await through_node(server, { target: "/", headers });
        expect([status, body]).to.deep.equal([200, "data: a\n\n"]);
      },
      { MIDDLEWARE },
    );
  });

  for (const [what, view] of [
    ["an EventStream", (source) => new EventStream(source)],
    ["a Stream", (source) => new Stream(source)],
    ["JSON lines", (source) => jsonl(z.unknown()).to_response(source, true)],
  ] as [string, (source: AsyncIterable<unknown>) => HttpResponseBase][]) {
    it(`T19: HEAD ends at once, and ${what} is closed unread`, async () => {
      const source = noted_source([]);
      await with_server(
        [path("", () => view(source))],
        async ({ raw }) => {
          const answer = await raw(
            GET.replace("GET", "HEAD").replace("\r\n\r\n", `\r\n${gzip}\r\n`),
          );
          expect(answer).to.match(/^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\n$/);
        },
        { MIDDLEWARE },
      );
      expect([source.asked, source.ended]).to.deep.equal([0, 1]);
    });
  }

  const compressed: [what: string, view: () => HttpResponseBase, encoding: string | null][] = [
    ["an EventStream", () => new EventStream(["x".repeat(500)]), null],
    ["a Stream of events", () => new Stream([""], { content_type: "text/event-stream" }), null],
    ["a Stream", () => new Stream(["x".repeat(500)]), "gzip"],
    ["a Stream of a view with no_compress", no_compress(() => new Stream(["x"])), null],
    ["a late one", no_compress(() => Promise.resolve(new Stream(["x"]))) as never, null],
  ];
  for (const [what, view, encoding] of compressed) {
    it(`S13: ${what} is ${encoding === null ? "not compressed" : "compressed"}`, async () => {
      await with_server(
        [path("", view)],
        async ({ fetch }) => {
          const response = await fetch("/", { headers: { "Accept-Encoding": "gzip" } });
          await response.text();
          expect(response.headers.get("Content-Encoding")).to.equal(encoding);
        },
        { MIDDLEWARE },
      );
    });
  }

  it("S13: a compressed stream is flushed piece by piece", async () => {
    const more = gate();
    const view = (): HttpResponseBase =>
      jsonl(z.string()).to_response(two(more.promise), true) as Stream;
    await with_server(
      [path("", view)],
      async ({ fetch }) => {
        const { body, headers } = await fetch("/", { headers: { "Accept-Encoding": "gzip" } });
        expect(headers.get("Content-Encoding")).to.equal("gzip");
        const reader = body?.getReader();
        expect(Buffer.from((await reader?.read())?.value ?? []).toString()).to.equal('"first"\n');
        more.open();
        expect(Buffer.from((await reader?.read())?.value ?? []).toString()).to.equal('"second"\n');
        expect((await reader?.read())?.done).to.equal(true);
      },
      { MIDDLEWARE },
    );
  });

  it("T27: a compressed stream that breaks is cut, too", async () => {
    const view = (): Stream =>
      new Stream(async function* () {
        yield "first";
        await turns(3);
        throw new Error("the rows are gone");
      });
    let answer = "";
    await logged(() =>
      with_server(
        [path("", view)],
        async ({ raw }) => {
          answer = await raw(GET.replace("\r\n\r\n", `\r\n${gzip}\r\n`));
        },
        { MIDDLEWARE },
      ),
    );
    expect(answer).to.match(/Content-Encoding: gzip/);
    expect(answer).not.to.contain("\r\n0\r\n\r\n");
  });

  it("T27: a stream that breaks is cut", async () => {
    let answer = "";
    const [record] = await logged(async () => {
      answer = await sent(
        () =>
          new Stream(async function* () {
            yield '{"n":1}\n';
            await turns(3);
            throw new Error("the rows are gone");
          }),
      );
    });
    expect(answer).to.contain('{"n":1}\n');
    expect(answer).not.to.contain("\r\n0\r\n\r\n");
    expect(record).to.have.nested.property("request.path", "/");
  });
});
