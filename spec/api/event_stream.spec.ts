/** Specification of nuages/api/streaming: `EventStream` and `ServerSentEvent`. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import {
  EventStream,
  type EventStreamOptions,
  ServerSentEvent,
  type ServerSentEventOptions,
  type StreamSource,
} from "nuages/api/streaming";
import { ValueError } from "nuages/core/exceptions";
import type { HttpRequest } from "nuages/http";
import { path } from "nuages/urls";
import { error_of } from "../support/errors.ts";
import { both_doors } from "../support/doors.ts";
import { seen_stream } from "../support/event_source.ts";
import { logged, quiet } from "../support/log.ts";
import { GET, sent } from "../support/raw.ts";
import { with_server } from "../support/server.ts";
import { with_settings } from "../support/settings.ts";
import { get_bytes, received } from "../support/sockets.ts";
import { noted_source, text_of } from "../support/streams.ts";
import { watching_timers } from "../support/timers.ts";
import { gate, ticks, turns, until } from "../support/turns.ts";

function written(source: StreamSource, options?: EventStreamOptions): Promise<string> {
  return text_of(new EventStream(source, options));
}

describe("api/streaming: the response of an EventStream", () => {
  it("S1, C7: is text/event-stream, without a charset", () => {
    const response = new EventStream([]);
    expect(response.get("Content-Type")).to.equal("text/event-stream");
    expect(response.status_code).to.equal(200);
    response._take_type("text/csv"); // an endpoint's type is for its data
    expect(response.get("Content-Type")).to.equal("text/event-stream");
  });

  it("S2: tells caches and proxies not to keep it", () => {
    const response = new EventStream([]);
    expect(response.get("Cache-Control")).to.equal("no-cache");
    expect(response.get("X-Accel-Buffering")).to.equal("no");
    expect(response.has("Connection")).to.equal(false);
  });

  it("S2: keeps what its headers say, but for Connection", () => {
    const headers = {
      "cache-control": "no-store",
      "X-Accel-Buffering": "yes",
      Connection: "keep-alive",
    };
    const response = new EventStream([], { headers });
    expect(response.get("Cache-Control")).to.equal("no-store");
    expect(response.get("X-Accel-Buffering")).to.equal("yes");
    expect(response.has("Connection")).to.equal(false);
  });

  it("S13: is never compressed", () => {
    expect(new EventStream([]).no_compress).to.equal(true);
  });

  it("is UTF-8 on a site that is not", () =>
    with_settings({ DEFAULT_CHARSET: "iso-8859-1" }, async () => {
      const response = new EventStream(["é"]);
      expect(response.get("Content-Type")).to.equal("text/event-stream");
      expect(await text_of(response)).to.equal("data: é\n\n");
    }));

  it("sends each event as a chunk of its own, on both doors", async () => {
    const view = (): EventStream => new EventStream(["a", "b"]);
    expect(await sent(view)).to.match(/\r\n\r\n9\r\ndata: a\n\n\r\n9\r\ndata: b\n\n\r\n0\r\n\r\n$/);
    const [replies] = await both_doors([path("", view)], [{ target: "/" }]);
    expect(replies?.node).to.deep.equal(replies?.fetch);
    expect(replies?.node.body).to.equal("data: a\n\ndata: b\n\n");
  });
});

describe("api/streaming: how events are written", () => {
  it("S3: has comment, id, event, data and retry in this order", async () => {
    const event = new ServerSentEvent("x", { retry: 5, event: "e", id: "i", comment: "c" });
    expect(await written([event])).to.equal(": c\nid: i\nevent: e\ndata: x\nretry: 5\n\n");
  });

  const data: [what: string, data: unknown, lines: string][] = [
    ["text", "text", "data: text\n"],
    ["text that looks like JSON", '"x"', 'data: "x"\n'],
    ["a number", 1.5, "data: 1.5\n"],
    ["zero", 0, "data: 0\n"],
    ["bytes", Buffer.from("é"), "data: é\n"],
    ["an ArrayBuffer", new Uint8Array([97]).buffer, "data: a\n"],
    ["an object", { a: [1, "é"] }, 'data: {"a":[1,"é"]}\n'],
    ["an array", [1, 2], "data: [1,2]\n"],
    ["a boolean", true, "data: true\n"],
    ["null", null, "data: null\n"],
    ["a date", new Date(0), 'data: "1970-01-01T00:00:00Z"\n'],
    ["nothing but an empty text", "", "data:\n"],
    ["two lines", "a\nb", "data: a\ndata: b\n"],
    ["lines of three kinds", "a\r\nb\rc\nd", "data: a\ndata: b\ndata: c\ndata: d\n"],
    ["an empty line", "a\n\nb", "data: a\ndata:\ndata: b\n"],
    ["an end of line", "a\n", "data: a\ndata:\n"],
    ["bytes with lines", Buffer.from("a\r\nb"), "data: a\ndata: b\n"],
    ["lines in JSON", { a: "x\r\ny" }, 'data: {"a":"x\\r\\ny"}\n'],
    ["a space in front", " a", "data:  a\n"],
  ];
  for (const [what, value, lines] of data) {
    it(`S4: writes ${what}`, async () => {
      expect(await written([new ServerSentEvent(value)])).to.equal(`${lines}\n`);
    });
  }

  it("S5: has an empty data line for an event without data, so that it fires", async () => {
    const text = await written([new ServerSentEvent(undefined, { event: "tick" })]);
    expect(text).to.equal("event: tick\ndata:\n\n");
    expect(seen_stream(text).events).to.deep.equal([{ type: "tick", data: "", id: "" }]);
  });

  const silent: [options: ServerSentEventOptions, text: string][] = [
    [{ id: 7 }, "id: 7\n\n"],
    [{ id: "" }, "id:\n\n"],
    [{ retry: 0 }, "retry: 0\n\n"],
    [{ comment: "hello" }, ": hello\n\n"],
    [{ comment: "" }, ":\n\n"],
    [{ event: null, id: null, retry: null, comment: null }, ""],
  ];
  for (const [options, text] of silent) {
    it(`S6: has no data line for ${JSON.stringify(options)}`, async () => {
      expect(await written([new ServerSentEvent(undefined, options)])).to.equal(text);
    });
  }

  const wrong: [options: Record<string, unknown>, field: string][] = [
    ...["a\nb", "a\rb", "a\r\nb", "a\0b"].flatMap((text): [Record<string, unknown>, string][] => [
      [{ id: text }, "id"],
      [{ event: text }, "event"],
    ]),
    [{ retry: -1 }, "retry"],
    [{ retry: 1.5 }, "retry"],
    [{ event: {} }, "event"],
  ];
  for (const [options, field] of wrong) {
    it(`S7: refuses ${JSON.stringify(options)}`, async () => {
      expect(() => new ServerSentEvent("x", options)).to.throw(ValueError, `The ${field} of`);
      expect(() => new EventStream([], stream_options(options))).to.throw(ValueError);
      expect(await error_of(written([{ data: "x", ...options }]))).to.be.instanceOf(ValueError);
    });
  }

  function stream_options({ event, id, retry }: Record<string, unknown>): EventStreamOptions {
    return { event_type: event, event_id: id, retry_duration: retry } as EventStreamOptions;
  }

  it("S8: begins with the comment_message, as a block of its own", async () => {
    expect(await written(["a"], { comment_message: "hello" })).to.equal(": hello\n\ndata: a\n\n");
    const text = await written(["a"], {
      comment_message: "one\r\ntwo\n\nfour",
      ping_interval: null,
    });
    expect(text).to.equal(": one\n: two\n:\n: four\n\ndata: a\n\n");
  });

  it("S8: sends it before anything is asked of the source", async () => {
    const source = noted_source([]);
    const response = new EventStream(source, { comment_message: "hello" });
    const { value } = await response.streaming_content.next();
    expect(String(value)).to.equal(": hello\n\n");
    expect(source.asked).to.equal(0);
    response.close();
  });
});

describe("api/streaming: what an EventStream is made of", () => {
  const options = { event_type: "news", event_id: 4, retry_duration: 1000 };

  it("S10: gives text, numbers and bytes the type, id and retry of the stream", async () => {
    const block = (data: string): string => `id: 4\nevent: news\ndata: ${data}\nretry: 1000\n\n`;
    const text = await written([1, "two", Buffer.from("three")], options);
    expect(text).to.equal(block("1") + block("two") + block("three"));
  });

  it("S10: takes plain objects of fields, and ServerSentEvents, as they are", async () => {
    const items = [{ data: { n: 3 }, event: "three", id: 3 }, {}, new ServerSentEvent([4])];
    expect(await written(items, options)).to.equal(
      'id: 3\nevent: three\ndata: {"n":3}\n\ndata: [4]\n\n',
    );
  });

  for (const [what, item] of [
    ["a plain object with other keys", { data: 1, n: 3 }],
    ["a plain object with a key __proto__", JSON.parse('{"__proto__":{}}')],
    ["a boolean", true],
    ["null", null],
    ["undefined", undefined],
    ["a bigint", 1n],
    ["an array", [1]],
    ["a date", new Date(0)],
    ["a Map", new Map([["data", 1]])],
  ] as [string, unknown][]) {
    it(`S10: breaks off at ${what}, and ends the source`, async () => {
      const source = noted_source([item]);
      const error = await error_of(written(source));
      expect(error).to.be.instanceOf(TypeError);
      expect((error as Error).message).to.contain("Put it into a ServerSentEvent");
      expect(source.ended).to.equal(1);
    });
  }

  it("S10: makes one event of one text", async () => {
    expect(await written("hello")).to.equal("data: hello\n\n");
  });

  it("takes every source that a Stream takes", async () => {
    const sources = [
      [1],
      () => [1],
      () => Promise.resolve([1]),
      ReadableStream.from([1]),
      [1].values(),
    ];
    for (const source of sources) expect(await written(source)).to.equal("data: 1\n\n");
  });
});

describe("api/streaming: pings", () => {
  it("S9: sends one when nothing came for that long, and goes on", async () => {
    const more = gate();
    async function* late(): AsyncGenerator<string> {
      yield "first";
      await more.promise;
      yield "second";
    }
    const content = new EventStream(late, { ping_interval: 0.005 }).streaming_content;
    const next = async (): Promise<string> => String((await content.next()).value);
    expect(await next()).to.equal("data: first\n\n");
    expect(await next()).to.equal(": ping\n\n");
    expect(await next()).to.equal(": ping\n\n");
    more.open();
    expect(await next()).to.equal("data: second\n\n");
    expect((await content.next()).done).to.equal(true);
  });

  it("S9: begins to wait anew with each event", async () => {
    const interval = 60;
    let longest: number;
    async function* slow(): AsyncGenerator<number> {
      for (let i = 0; i < 6; i++) {
        const before = performance.now();
        await new Promise((resolve) => setTimeout(resolve, interval / 4));
        longest = Math.max(longest, performance.now() - before);
        yield i;
      }
    }
    let text: string;
    do {
      longest = 0;
      text = await written(slow, { ping_interval: interval / 1000 });
    } while (longest > interval / 2); // the machine was busy: a ping may have been due
    expect(text).to.equal([0, 1, 2, 3, 4, 5].map((i) => `data: ${i}\n\n`).join(""));
  });

  it("S9: loses nothing that comes between a ping and the next question", async () => {
    const first = gate();
    async function* late(): AsyncGenerator<string> {
      await first.promise;
      yield "event";
    }
    const content = new EventStream(late, { ping_interval: 0.005 }).streaming_content;
    expect(String((await content.next()).value)).to.equal(": ping\n\n");
    first.open();
    await new Promise((resolve) => setImmediate(resolve));
    expect(String((await content.next()).value)).to.equal("data: event\n\n");
  });

  it("S9: tells of an error that comes between a ping and the next question", async () => {
    const first = gate();
    // oxlint-disable-next-line require-yield -- it breaks before it could
    async function* late(): AsyncGenerator<string> {
      await first.promise;
      throw new Error("the source broke");
    }
    const content = new EventStream(late, { ping_interval: 0.005 }).streaming_content;
    await content.next();
    first.open();
    await new Promise((resolve) => setImmediate(resolve));
    expect(await error_of(Promise.resolve(content.next()))).to.have.property(
      "message",
      "the source broke",
    );
    expect((await content.next()).done).to.equal(true);
  });

  for (const interval of [0, -1, Number.NaN]) {
    it(`S9: refuses a ping_interval of ${interval}`, () => {
      expect(() => new EventStream([], { ping_interval: interval })).to.throw(
        ValueError,
        "ping_interval",
      );
    });
  }

  const delays: [what: string, options: EventStreamOptions, setting: object, delays: number[]][] = [
    ["15 seconds", {}, {}, [15_000]],
    ["as the API setting says", {}, { PING_INTERVAL: 2.5 }, [2500]],
    ["never, if the API setting says so", {}, { PING_INTERVAL: null }, []],
    ["as its option says", { ping_interval: 3 }, { PING_INTERVAL: 2 }, [3000]],
    ["never, if its option says so", { ping_interval: null }, {}, []],
    ["as long as a timer can", { ping_interval: Number.POSITIVE_INFINITY }, {}, [2 ** 31 - 1]],
  ];
  for (const [what, given, API, expected] of delays) {
    it(`S9: waits ${what}`, () =>
      with_settings({ API }, () =>
        watching_timers(async ({ delays: seen, running }) => {
          const response = new EventStream(noted_source(["a"]), given);
          const content = response.streaming_content;
          await content.next();
          void content.next();
          expect(seen).to.deep.equal(expected);
          response.close();
          await turns(2);
          expect(running()).to.equal(0);
        }),
      ));
  }

  it("S9: has one timer, however many events there are, and none in the end", () =>
    watching_timers(async ({ delays: seen, running }) => {
      await written(Array(100).keys());
      await turns(2);
      expect(seen).to.have.length(1);
      expect(running()).to.equal(0);
    }));

  it("S9: has no timer before the first event is asked for", () =>
    watching_timers(({ delays: seen }) => {
      new EventStream(noted_source([]), { comment_message: "hello" }).close();
      expect(seen).to.deep.equal([]);
    }));

  it("S9: reaches the client of a silent source", async () => {
    const view = (): EventStream => new EventStream(noted_source([]), { ping_interval: 0.005 });
    await with_server([path("", view)], async ({ connect }) => {
      const socket = await connect();
      const text = received(socket);
      socket.write(get_bytes("/"));
      await until(() => text().split(": ping\n\n").length > 3);
      expect(text().split(": ping\n\n").length).to.be.greaterThan(3);
      socket.destroy();
    });
  });
});

describe("api/streaming: the end of an EventStream", () => {
  quiet();

  it("ends the source once, however often it is ended", async () => {
    const source = noted_source(["a", "b"]);
    const response = new EventStream(source);
    const content = response.streaming_content;
    await content.next();
    await content.return?.();
    response.close();
    response.close();
    expect(source.ended).to.equal(1);
    expect((await content.next()).done).to.equal(true);
  });

  it("does not end a source that has ended", async () => {
    const source = noted_source(["a"], true);
    const response = new EventStream(source);
    expect(await text_of(response)).to.equal("data: a\n\n");
    response.close();
    expect(source.ended).to.equal(0);
  });

  for (const ping_interval of [15, null]) {
    it(`ends the source while an item is awaited, with a ping_interval of ${ping_interval}`, () =>
      watching_timers(async ({ running }) => {
        const source = noted_source([]);
        const response = new EventStream(source, { ping_interval });
        const step = response.streaming_content.next();
        response.close();
        expect(source.ended).to.equal(1);
        if (ping_interval !== null) expect((await step).done).to.equal(true);
        await turns(2);
        expect(running()).to.equal(0);
      }));
  }

  it("closes a source that has a close method, at its end too", async () => {
    for (const read of [true, false]) {
      let closed = 0;
      const source = Object.assign(["a"], { close: () => void closed++ });
      const response = new EventStream(source);
      if (read) await text_of(response);
      response.close();
      expect(closed).to.equal(1);
    }
  });

  it("S11: ends the generator when the client leaves", async () => {
    let ended = 0;
    let signal: AbortSignal | undefined;
    const view = (request: HttpRequest): EventStream => {
      ({ signal } = request);
      return new EventStream(ticks(() => ended++));
    };
    await with_server([path("", view)], async ({ connect }) => {
      const socket = await connect();
      const text = received(socket);
      socket.write(get_bytes("/"));
      await until(() => text().includes("tick"));
      socket.destroy();
      await until(() => ended > 0);
      expect(ended).to.equal(1);
      expect(signal?.aborted).to.equal(true);
    });
  });

  it("S11: does not wait for a generator that hangs, and ignores what it throws then", async () => {
    const left = gate();
    const view = (request: HttpRequest): EventStream =>
      new EventStream(async function* () {
        yield "first";
        await new Promise((_, reject) => {
          request.signal.addEventListener("abort", () => {
            setImmediate(() => {
              reject(new Error("too late"));
              left.open();
            });
          });
        });
      });
    const records = await logged(async () => {
      await with_server([path("", view)], async ({ connect }) => {
        const socket = await connect();
        const text = received(socket);
        socket.write(get_bytes("/"));
        await until(() => text().includes("first"));
        socket.destroy();
        await left.promise;
        await turns(3);
      });
    });
    expect(records).to.deep.equal([]);
  });

  it("S12: cuts the connection at a value that is no event, and logs why", async () => {
    let answer = "";
    const records = await logged(async () => {
      answer = await sent(() => new EventStream(["a", true]));
    });
    expect(answer).to.match(/^HTTP\/1\.1 200 /);
    expect(answer).to.contain("data: a\n\n");
    expect(answer).not.to.contain("\r\n0\r\n");
    expect(records[0]?.error).to.be.instanceOf(TypeError);
    expect(records[0]).to.have.nested.property("request.path", "/");
  });

  it("S12: is an ordinary 500 before the first byte", async () => {
    const [replies] = await both_doors(
      [path("", () => new EventStream([true]))],
      [{ target: "/" }],
    );
    expect([replies?.node.status, replies?.fetch.status]).to.deep.equal([500, 500]);
  });

  it("S16: sends the headers alone to a HEAD, and closes the source unread", async () => {
    const source = noted_source(["a"]);
    const answer = await sent(() => new EventStream(source), GET.replace("GET", "HEAD"));
    expect(answer).to.match(
      /^HTTP\/1\.1 200 OK\r\nContent-Type: text\/event-stream\r\n[^]*\r\n\r\n$/,
    );
    expect([source.asked, source.ended]).to.deep.equal([0, 1]);
  });
});
