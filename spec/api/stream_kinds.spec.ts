/** Specification of nuages/api/streaming: `sse()` and `jsonl()`. @module */
import { expect } from "chai";
import { expectTypeOf } from "expect-type";
import { describe, it } from "mocha";
import { ImproperlyConfigured } from "nuages/core/exceptions";
import { ResponseValidationError } from "nuages/api/exceptions";
import type { Returns } from "nuages/api/spec";
import {
  type EventItem,
  EventStream,
  jsonl,
  ServerSentEvent,
  sse,
  Stream,
} from "nuages/api/streaming";
import { HttpResponse, type StreamingHttpResponse } from "nuages/http";
import { path } from "nuages/urls";
import * as v from "valibot";
import { z } from "zod";
import { error_of } from "../support/errors.ts";
import { both_doors } from "../support/doors.ts";
import { logged, quiet } from "../support/log.ts";
import { GET, sent } from "../support/raw.ts";
import { with_settings } from "../support/settings.ts";
import { noted_source, pieces_of, text_of } from "../support/streams.ts";
import { watching_timers } from "../support/timers.ts";

const Item = z.object({ n: z.int() });
const events = sse(Item);
const lines = jsonl(Item);

/** The response of a kind, which is a stream if it is one at all. */
function streamed(response: unknown): StreamingHttpResponse {
  expect(response).to.be.instanceOf(Stream);
  return response as Stream;
}

describe("api/streaming: sse()", () => {
  quiet();

  it("C7: declares an event stream of its items", () => {
    expect(events.content_types).to.deep.equal(["text/event-stream"]);
    expect(events.status).to.equal(200);
    expect(events.describe()).to.deep.equal({ format: "events", item: Item });
    const response = streamed(events.to_response([], true));
    expect(response).to.be.instanceOf(EventStream);
    expect(response.get("Content-Type")).to.equal("text/event-stream");
    expect(response.get("Cache-Control")).to.equal("no-cache");
  });

  it("S10: sends values of the schema as events, always as JSON", async () => {
    const response = streamed(
      sse(z.union([z.string(), z.number()])).to_response(["a\nb", 1], true),
    );
    expect(await text_of(response)).to.equal('data: "a\\nb"\n\ndata: 1\n\n');
  });

  it("S10: takes a plain object for a value, whatever its keys", async () => {
    const response = sse(z.object({ data: z.string() })).to_response([{ data: "x" }], true);
    expect(await text_of(streamed(response))).to.equal('data: {"data":"x"}\n\n');
  });

  it("S10: sends the fields of a ServerSentEvent, its data as JSON", async () => {
    const items = [
      new ServerSentEvent({ n: 1 }, { event: "tick", id: 1 }),
      new ServerSentEvent(undefined, { comment: "still here" }),
      new ServerSentEvent(undefined, { event: "tock" }),
    ];
    expect(await text_of(streamed(events.to_response(items, true)))).to.equal(
      'id: 1\nevent: tick\ndata: {"n":1}\n\n: still here\n\nevent: tock\ndata:\n\n',
    );
  });

  it("has pings, as any EventStream", () =>
    watching_timers(async ({ delays }) => {
      const response = streamed(events.to_response(noted_source([]), true));
      void response.streaming_content.next();
      await Promise.resolve();
      expect(delays).to.deep.equal([15_000]);
      response.close();
    }));
});

describe("api/streaming: jsonl()", () => {
  it("C8: declares JSON lines of its items", () => {
    expect(lines.content_types).to.deep.equal(["application/jsonl"]);
    expect(lines.status).to.equal(200);
    expect(lines.describe()).to.deep.equal({ format: "lines", item: Item });
  });

  it("S15: sends one JSON value and LF per item, each as a chunk", async () => {
    const response = streamed(lines.to_response([{ n: 1 }, { n: 2 }], true));
    expect(response.get("Content-Type")).to.equal("application/jsonl");
    expect(response.get("Cache-Control")).to.equal("no-cache");
    expect(response.get("X-Accel-Buffering")).to.equal("no");
    expect(response.no_compress).to.equal(undefined); // that is the view's to say
    expect((await pieces_of(response)).map(String)).to.deep.equal(['{"n":1}\n', '{"n":2}\n']);
  });

  it("S15: has no ping", () =>
    watching_timers(async ({ delays }) => {
      const response = streamed(lines.to_response(noted_source([]), true));
      void response.streaming_content.next();
      await Promise.resolve();
      expect(delays).to.deep.equal([]);
    }));

  it("is UTF-8 on a site that is not", () =>
    with_settings({ DEFAULT_CHARSET: "iso-8859-1" }, async () => {
      const response = streamed(jsonl(z.string()).to_response(["é\n"], true));
      expect(await text_of(response)).to.equal('"é\\n"\n');
    }));
});

describe("api/streaming: the items of sse() and jsonl()", () => {
  quiet();

  function* generator(): Generator<unknown> {
    yield { n: 1 };
  }
  async function* late(): AsyncGenerator<unknown> {
    yield await Promise.resolve({ n: 1 });
  }
  function bare(): unknown {
    const left = [{ n: 1 }].values();
    return { next: () => left.next() };
  }
  const sources: [what: string, make: () => unknown][] = [
    ["an array", () => [{ n: 1 }]],
    ["a set", () => new Set([{ n: 1 }])],
    ["a generator", generator],
    ["an asynchronous generator", late],
    ["a ReadableStream", () => ReadableStream.from(late())],
    ["an iterator", bare],
  ];
  for (const [what, make] of sources) {
    it(`V6: come from ${what}`, async () => {
      expect(await text_of(streamed(lines.to_response(make(), true)))).to.equal('{"n":1}\n');
      expect(await text_of(streamed(events.to_response(make(), true)))).to.equal(
        'data: {"n":1}\n\n',
      );
    });
  }

  it("V1: do not come from a response, which is sent as it is", () => {
    for (const value of [new HttpResponse("x"), new EventStream(["x"])]) {
      expect(events.to_response(value, true)).to.equal(undefined);
      expect(lines.to_response(value, true)).to.equal(undefined);
    }
  });

  for (const value of ["text", Buffer.from("a"), { n: 1 }, 1, true, null, undefined, () => []]) {
    it(`V6: do not come from ${String(value) || typeof value}`, () => {
      expect(events.to_response(value, true)).to.equal(undefined);
      expect(lines.to_response(value, true)).to.equal(undefined);
    });
  }

  for (const kind of [events, lines]) {
    const { format } = kind.describe();

    it(`R10: are what the schema makes of them, in ${format}`, async () => {
      const response = streamed(kind.to_response([{ n: 1, secret: "x" }], true));
      expect(await text_of(response)).to.contain('{"n":1}');
    });

    it(`R8: are sent as they are without validation, in ${format}`, async () => {
      const response = streamed(kind.to_response([{ n: "x", secret: "y" }], false));
      expect(await text_of(response)).to.contain('{"n":"x","secret":"y"}');
    });

    it(`R10: break off where one does not fit, and end the source, in ${format}`, async () => {
      const source = noted_source([{ n: 1 }, { n: "x" }]);
      const response = streamed(kind.to_response(source, true));
      const content = response.streaming_content;
      await content.next();
      let error: unknown;
      const [record] = await logged(async () => {
        error = await error_of(Promise.resolve(content.next()));
      });
      expect(record?.level).to.equal("error");
      expect(record?.message).to.contain("response.1.n: ");
      expect(error).to.be.instanceOf(ResponseValidationError);
      const [fault] = (error as ResponseValidationError).validation_errors;
      expect(fault?.loc).to.deep.equal(["response", 1, "n"]);
      expect(source.ended).to.equal(1);
    });

    it(`R10: are an ordinary error if the first does not fit, in ${format}`, async () => {
      const view = (): StreamingHttpResponse => streamed(kind.to_response([{ n: "x" }], true));
      const [replies] = await both_doors([path("", view)], [{ target: "/" }]);
      expect([replies?.node.status, replies?.fetch.status]).to.deep.equal([500, 500]);
    });

    it(`security T27, S12: are cut off where the generator fails, in ${format}`, async () => {
      const view = (): StreamingHttpResponse =>
        streamed(
          kind.to_response(
            (function* () {
              yield { n: 1 };
              throw new Error("the rows are gone");
            })(),
            true,
          ),
        );
      let answer = "";
      const [record] = await logged(async () => {
        answer = await sent(view);
      });
      expect(answer).to.match(/^HTTP\/1\.1 200 [^]*\{"n":1\}/);
      expect(answer).not.to.contain("\r\n0\r\n"); // which would say that this was all
      expect(record).to.have.nested.property("error.message", "the rows are gone");
    });

    it(`S16: are not asked for by a HEAD, in ${format}`, async () => {
      const source = noted_source([{ n: 1 }]);
      const view = (): StreamingHttpResponse => streamed(kind.to_response(source, true));
      expect(await sent(view, GET.replace("GET", "HEAD"))).to.match(/\r\n\r\n$/);
      expect([source.asked, source.ended]).to.deep.equal([0, 1]);
    });

    it(`use the encoders of the layers, in ${format}`, async () => {
      class Money {
        readonly cents = 250;
      }
      const encoders = [[Money, (money: Money) => money.cents / 100]] as const;
      const response = kind.to_response([{ n: new Money() }], false, encoders);
      expect(await text_of(streamed(response))).to.contain('{"n":2.5}');
    });
  }

  it("R10: wait for an asynchronous schema", async () => {
    const late_schema = z.int().refine(async (n) => Promise.resolve(n > 0));
    expect(await text_of(streamed(jsonl(late_schema).to_response([1, 2], true)))).to.equal(
      "1\n2\n",
    );
    const failing = text_of(streamed(jsonl(late_schema).to_response([-1], true)));
    expect(await error_of(failing)).to.be.instanceOf(ResponseValidationError);
  });

  it("R10: are checked by any library", async () => {
    const schema = v.object({ n: v.pipe(v.number(), v.integer()) });
    expect(await text_of(streamed(jsonl(schema).to_response([{ n: 1, x: 2 }], true)))).to.equal(
      '{"n":1}\n',
    );
  });
});

describe("api/streaming: what a handler made itself", () => {
  const fitting: [what: string, response: HttpResponse | Stream][] = [
    ["an EventStream", new EventStream([])],
    ["a Stream of events", new Stream([], { content_type: "text/event-stream; charset=utf-8" })],
    ["no content", new HttpResponse("", { status: 204 })],
    ["an error", new HttpResponse("", { status: 404 })],
  ];
  for (const [what, response] of fitting) {
    it(`sse() accepts ${what}`, () => {
      expect(() => events.check(response)).not.to.throw();
    });
  }

  it("another type is refused", () => {
    for (const kind of [events, lines])
      expect(() => kind.check(new HttpResponse("x"))).to.throw(ResponseValidationError);
  });
});

describe("api/streaming: types", () => {
  interface Tick {
    n: number;
  }
  type OfEvents = Returns<{ response: typeof events }>;
  type OfLines = Returns<{ response: typeof lines }>;

  it("sse(S) takes iterables of S's input and of events of it, and EventStreams", () => {
    expectTypeOf<Tick[]>().toExtend<OfEvents>();
    expectTypeOf<AsyncGenerator<Tick | ServerSentEvent<Tick>>>().toExtend<OfEvents>();
    expectTypeOf<Generator<ServerSentEvent<Tick>>>().toExtend<OfEvents>();
    expectTypeOf<EventStream>().toExtend<OfEvents>();
    expectTypeOf<string[]>().not.toExtend<OfEvents>();
    expectTypeOf<AsyncGenerator<ServerSentEvent<string>>>().not.toExtend<OfEvents>();
    expectTypeOf<Tick>().not.toExtend<OfEvents>();
    expectTypeOf<HttpResponse>().not.toExtend<OfEvents>();
  });

  it("jsonl(S) takes iterables of S's input", () => {
    expectTypeOf<Tick[]>().toExtend<OfLines>();
    expectTypeOf<AsyncIterable<Tick>>().toExtend<OfLines>();
    expectTypeOf<ServerSentEvent<Tick>[]>().not.toExtend<OfLines>();
    expectTypeOf<string[]>().not.toExtend<OfLines>();
  });

  it("a generator may give events with and without data", () => {
    async function* ticks(): AsyncGenerator<EventItem<Tick>> {
      yield { n: 1 };
      yield new ServerSentEvent({ n: 1 }, { event: "tick" });
      yield new ServerSentEvent(undefined, { comment: "still here" });
      // @ts-expect-error -- its data do not fit
      yield new ServerSentEvent({ n: "x" });
    }
    expectTypeOf(ticks()).toExtend<OfEvents>();
    const handler = async function* () {
      yield new ServerSentEvent({ n: 1 }, { event: "tick" });
      await Promise.resolve();
      yield new ServerSentEvent(undefined, { event: "tock" });
    } satisfies () => OfEvents;
    expectTypeOf(handler()).toExtend<OfEvents>();
  });
});

describe("api/stream_kinds: what is no schema", () => {
  for (const wrong of [{}, null, "text", (): number => 1]) {
    it(`${String(wrong)} is refused at once`, () => {
      for (const kind of [sse, jsonl])
        expect(() => kind(wrong as never)).to.throw(
          ImproperlyConfigured,
          /needs the schema of its/,
        );
    });
  }
});
