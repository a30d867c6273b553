/** Specification of nuages/api/streaming: `Stream`. @module */
import { Readable } from "node:stream";
import { expect } from "chai";
import { describe, it } from "mocha";
import { is_stream_value, Stream, type StreamSource } from "nuages/api/streaming";
import { HttpResponse, StreamingHttpResponse } from "nuages/http";
import { path } from "nuages/urls";
import { both_doors } from "../support/doors.ts";
import { ask } from "../support/fetch_door.ts";
import { logged, quiet } from "../support/log.ts";
import { GET, sent } from "../support/raw.ts";
import { with_server } from "../support/server.ts";
import { with_settings } from "../support/settings.ts";
import { get_bytes, received } from "../support/sockets.ts";
import { noted_source, pieces_of, text_of } from "../support/streams.ts";
import { gate, ticks, turns, until } from "../support/turns.ts";

function* letters(): Generator<string> {
  yield* ["a", "b", "c"];
}

async function* late_letters(): AsyncGenerator<string> {
  for (const letter of letters()) yield await Promise.resolve(letter);
}

function readable_stream(): ReadableStream<string> {
  return ReadableStream.from(late_letters());
}

/** An iterator and nothing more. */
function bare(): Iterator<string> {
  const left = ["a", "b", "c"].values();
  return { next: () => left.next() };
}

/** An asynchronous one. */
function late_bare(): AsyncIterator<string> {
  const left = ["a", "b", "c"].values();
  return { next: () => Promise.resolve(left.next()) };
}

class Letters {
  *[Symbol.iterator](): Generator<string> {
    yield* letters();
  }
}

class LateLetters {
  readonly #left = ["a", "b", "c"].values();

  next(): Promise<IteratorResult<string>> {
    return Promise.resolve(this.#left.next());
  }
}

function OldLetters(this: { left: Iterator<string> }): void {
  this.left = letters();
}
OldLetters.prototype.next = function (this: { left: Iterator<string> }) {
  return this.left.next();
};

describe("api/streaming: the sources of a Stream", () => {
  const sources: [what: string, source: StreamSource][] = [
    ["an array", ["a", "b", "c"]],
    ["a set", new Set(["a", "b", "c"])],
    ["a generator", letters()],
    ["an asynchronous generator", late_letters()],
    ["an iterator", bare()],
    ["an asynchronous iterator", late_bare()],
    ["a ReadableStream", readable_stream()],
    ["a Node Readable", Readable.from(["a", "b", "c"])],
    ["a generator function", letters],
    ["an asynchronous generator function", late_letters],
    ["a function that gives an iterable", () => ["a", "b", "c"]],
    ["a function that gives a ReadableStream", readable_stream],
    ["an asynchronous function", () => Promise.resolve(letters())],
    ["a class of iterables", Letters],
    ["a class of asynchronous iterators", LateLetters],
    ["a class as they were written before there were any", OldLetters as unknown as () => []],
    ["one text", "abc"],
    ["bytes", Buffer.from("abc")],
    ["an ArrayBuffer", new Uint8Array([97, 98, 99]).buffer],
    ["another view", new DataView(new Uint8Array([97, 98, 99]).buffer)],
  ];
  for (const [what, source] of sources) {
    it(`§13: takes ${what}`, async () => {
      expect(await text_of(new Stream(source))).to.equal("abc");
    });
  }

  it("§13: makes one piece of one text or bytes object", async () => {
    expect(await pieces_of(new Stream("abc"))).to.deep.equal([Buffer.from("abc")]);
    expect(await pieces_of(new Stream(() => "abc" as never))).to.deep.equal([Buffer.from("abc")]);
  });

  const refused: [what: string, source: unknown][] = [
    ["a number", 42],
    ["null", null],
    ["undefined", undefined],
    ["a plain object", { a: 1 }],
    ["a promise", Promise.resolve([])],
    ["a function that gives none", () => 42],
    ["a class whose instances are none", class {}],
    ["a function that gives a function", () => () => []],
  ];
  for (const [what, source] of refused) {
    it(`§13: refuses ${what} at construction`, () => {
      expect(() => new Stream(source as StreamSource)).to.throw(TypeError, "A stream is made of");
    });
  }

  it("V6: tells what is streamed from what is data", () => {
    const streamed = [
      letters(),
      late_letters(),
      readable_stream(),
      bare(),
      late_bare(),
      [].values(),
    ];
    for (const value of [...streamed, Readable.from([])])
      expect(is_stream_value(value), String(value)).to.equal(true);
    const data = [[], new Map(), new Set(), "abc", Buffer.from("abc"), {}, null, undefined, 1];
    for (const value of [...data, { next: 1 }, letters])
      expect(is_stream_value(value), String(value)).to.equal(false);
  });

  it("V11: runs nothing of a generator before the first pull", async () => {
    const ran: string[] = [];
    function* noting(): Generator<string> {
      ran.push("ran");
      yield "a";
    }
    const responses = [new Stream(noting), new Stream(noting())];
    await turns();
    expect(ran).to.deep.equal([]);
    for (const response of responses) await text_of(response);
    expect(ran).to.deep.equal(["ran", "ran"]);
  });

  it("closes what an asynchronous function gives, when nobody reads it", async () => {
    const source = noted_source(["a"]);
    const opening = gate();
    const response = new Stream(() => opening.promise.then(() => source));
    response.close();
    opening.open();
    await turns();
    expect(source.ended).to.equal(1);
    expect(source.asked).to.equal(0);
  });

  it("survives an asynchronous function that fails, when nobody reads it", async () => {
    const response = new Stream(() => Promise.reject(new Error("no rows")));
    response.close();
    await turns();
    expect(response.closed).to.equal(true);
  });

  it("cancels a ReadableStream that is silent", async () => {
    let is_cancelled = false;
    const stream = new ReadableStream({ cancel: () => void (is_cancelled = true) });
    const response = new Stream(stream);
    const step = response.streaming_content.next();
    response.close();
    expect((await step).done).to.equal(true);
    expect(is_cancelled).to.equal(true);
  });

  it("destroys a Readable", async () => {
    const readable = Readable.from(["a", "b"]);
    new Stream(readable).close();
    expect(readable.destroyed).to.equal(true);
  });
});

describe("api/streaming: the chunks of a Stream", () => {
  quiet();

  it("SC1: encodes text in the response's charset", async () => {
    const content_type = "text/plain; charset=iso-8859-1";
    expect(await pieces_of(new Stream(["é"], { content_type }))).to.deep.equal([
      Buffer.from([0xe9]),
    ]);
    expect(await pieces_of(new Stream(["é"]))).to.deep.equal([Buffer.from("é")]);
  });

  it("SC2: leaves bytes as they are", async () => {
    const bytes = new Uint8Array([0, 255, 10]);
    const pieces = await pieces_of(new Stream([bytes, bytes.buffer, new DataView(bytes.buffer)]));
    expect(pieces.map((piece) => [...piece])).to.deep.equal(Array(3).fill([0, 255, 10]));
  });

  const others: [what: string, piece: unknown, text: string][] = [
    ["a number", 1.5, "1.5"],
    ["true", true, "true"],
    ["null", null, "null"],
    ["an object", { toString: () => "itself" }, "itself"],
    ["a URL", new URL("https://example.org/"), "https://example.org/"],
  ];
  for (const [what, piece, text] of others) {
    it(`SC3: sends ${what} by String()`, async () => {
      expect(await text_of(new Stream([piece]))).to.equal(text);
      expect(await sent(() => new Stream([piece]))).to.contain(`\r\n${text}\r\n`);
    });
  }

  for (const make of [letters_and_nothing, late_letters_and_nothing]) {
    it(`SC4: skips empty chunks of ${make.name}`, async () => {
      expect((await pieces_of(new Stream(make))).map(String)).to.deep.equal(["a", "b"]);
      const [replies] = await both_doors([path("", () => new Stream(make))], [{ target: "/" }]);
      expect([replies?.node.body, replies?.fetch.body]).to.deep.equal(["ab", "ab"]);
    });
  }

  function* letters_and_nothing(): Generator<unknown> {
    yield* ["", "a", new Uint8Array(), "b", ""];
  }

  async function* late_letters_and_nothing(): AsyncGenerator<unknown> {
    for (const piece of letters_and_nothing()) yield await Promise.resolve(piece);
  }

  for (const make of [letters, late_letters]) {
    it(`SC5: groups nothing and announces no length of ${make.name}`, async () => {
      const answer = await sent(() => new Stream(make));
      expect(answer).to.match(/\r\n\r\n1\r\na\r\n1\r\nb\r\n1\r\nc\r\n0\r\n\r\n$/);
      expect(answer).not.to.match(/Content-Length/i);
    });

    it(`SC5: groups nothing of ${make.name} under the Fetch door`, async () => {
      const pieces = await ask(
        () => new Stream(make),
        "/",
        async ({ body }) => {
          const seen: string[] = [];
          for await (const piece of body ?? [])
            seen.push(Buffer.from(piece as Uint8Array).toString());
          return seen;
        },
      );
      expect(pieces).to.deep.equal(["a", "b", "c"]);
    });
  }

  it("SC5: sends each chunk before the next is there", async () => {
    const more = gate();
    async function* parts(): AsyncGenerator<string> {
      yield "first";
      await more.promise;
      yield "second";
    }
    await with_server([path("", () => new Stream(parts))], async ({ connect }) => {
      const socket = await connect();
      const text = received(socket);
      socket.write(get_bytes("/"));
      await until(() => text().includes("first"));
      expect(text()).to.contain("first");
      expect(text()).not.to.contain("second");
      more.open();
      await until(() => text().endsWith("0\r\n\r\n"));
      expect(text()).to.contain("second");
      socket.destroy();
    });
  });

  it("SC5: asks for nothing more while the client does not read", async () => {
    let asked = 0;
    const piece = Buffer.alloc(1024, "a");
    async function* endless(): AsyncGenerator<Buffer> {
      for (;;) {
        asked++;
        yield piece;
      }
    }
    await with_server([path("", () => new Stream(endless))], async ({ connect }) => {
      const socket = await connect();
      socket.pause();
      socket.write(get_bytes("/"));
      let before = -1;
      while (asked === 0 || asked !== before) {
        before = asked;
        await turns(50);
      }
      socket.resume(); // what was held back comes
      await until(() => asked > before);
      expect(asked).to.be.greaterThan(before);
      socket.destroy();
    });
  });
});

describe("api/streaming: the response of a Stream", () => {
  quiet();

  it("C6: is application/octet-stream", () => {
    expect(new Stream([]).get("Content-Type")).to.equal("application/octet-stream");
  });

  it("takes the options of responses", () => {
    const background = { call: () => undefined };
    const response = new Stream([], {
      status: 202,
      headers: { "X-A": 1 },
      cookies: { a: "b", c: { value: "d", max_age: 5 } },
      content_type: "text/csv",
      background,
    });
    expect(response.status_code).to.equal(202);
    expect(response.get("X-A")).to.equal("1");
    expect(response.get("Content-Type")).to.equal("text/csv; charset=utf-8");
    expect(response.cookies.getitem("a").value).to.equal("b");
    expect(response.cookies.getitem("c").getitem("max-age")).to.equal(5);
    expect(response.background).to.equal(background);
    expect(response).to.be.instanceOf(StreamingHttpResponse);
  });

  it("takes the type among its headers", () => {
    const response = new Stream([], { headers: { "content-type": "text/x" } });
    expect(response.get("Content-Type")).to.equal("text/x");
  });

  it("ST3: is 200, and knows whether it was given a status or a type", () => {
    const open = new Stream([]);
    expect([open.status_code, open._has_status, open._has_type]).to.deep.equal([200, false, false]);
    const set = new Stream([], { status: 200, content_type: "text/csv" });
    expect([set._has_status, set._has_type]).to.deep.equal([true, true]);
    open._take_type("text/csv");
    set._take_type("text/html");
    expect(open.get("Content-Type")).to.equal("text/csv; charset=utf-8");
    expect(set.get("Content-Type")).to.equal("text/csv; charset=utf-8");
  });

  for (const [how, make] of [
    ["by an option", () => new Stream(["data: 1\n\n"], { content_type: "text/event-stream" })],
    [
      "by a header",
      () => new Stream([], { headers: { "Content-Type": "text/event-stream; charset=utf-8" } }),
    ],
    [
      "by its endpoint",
      () => {
        const response = new Stream([]);
        response._take_type("text/event-stream");
        return response;
      },
    ],
  ] as [string, () => Stream][]) {
    it(`S2: has the headers of events, if it has that type ${how}`, () => {
      const response = make();
      expect(response.get("Content-Type")).to.match(/^text\/event-stream(; charset=utf-8)?$/);
      expect(response.get("Cache-Control")).to.equal("no-cache");
      expect(response.get("X-Accel-Buffering")).to.equal("no");
      expect(response.no_compress).to.equal(true);
    });
  }

  it("H10: keeps the cookies and headers that were set on it on both doors", async () => {
    const view = (): Stream =>
      new Stream(letters, { headers: { "X-A": "1" }, cookies: { a: "b" } });
    const [replies] = await both_doors([path("", view)], [{ target: "/" }]);
    expect(replies?.node.headers).to.include.members(["x-a: 1", "set-cookie: a=b; Path=/"]);
    expect(replies?.fetch).to.deep.equal(replies?.node);
  });

  it("S11: aborts request.signal and ends the generator when the client leaves", async () => {
    let ended = 0;
    let signal: AbortSignal | undefined;
    const view = (request: { signal: AbortSignal }): Stream => {
      ({ signal } = request);
      return new Stream(ticks(() => ended++));
    };
    await with_server([path("", view as () => Stream)], async ({ connect }) => {
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

  it("S11: ignores what the source throws after the client has left", async () => {
    const left = gate();
    async function* failing(request: { signal: AbortSignal }): AsyncGenerator<string> {
      yield "first";
      await new Promise((_, reject) => {
        request.signal.addEventListener("abort", () => {
          left.open();
          reject(new Error("too late"));
        });
      });
    }
    const view = (request: { signal: AbortSignal }): Stream => new Stream(() => failing(request));
    const records = await logged(async () => {
      await with_server([path("", view as never)], async ({ connect }) => {
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

  async function* breaking(): AsyncGenerator<string> {
    yield "first";
    await turns(3);
    throw new Error("the source broke");
  }

  it("S12: cuts the connection at an error after the headers, and logs it with the request", async () => {
    let answer = "";
    const records = await logged(async () => {
      answer = await sent(() => new Stream(breaking));
    });
    expect(answer).to.match(/^HTTP\/1\.1 200 /);
    expect(answer).to.contain("5\r\nfirst\r\n");
    expect(answer).not.to.contain("\r\n0\r\n");
    const [record] = records;
    expect(record?.level).to.equal("error");
    expect(record).to.have.nested.property("error.message", "the source broke");
    expect(record).to.have.nested.property("request.path", "/");
  });

  it("S12: lets a client of the Fetch door see the error, and logs it with the request", async () => {
    let failure: unknown;
    const records = await logged(async () => {
      const text = ask(
        () => new Stream(breaking),
        "/",
        (response) => response.text(),
      );
      failure = await text.catch((error: unknown) => error);
    });
    expect((failure as Error).message).to.equal("the source broke");
    expect(records[0]).to.have.nested.property("request.path", "/");
  });

  // oxlint-disable-next-line require-yield -- it breaks before it could
  async function* broken(): AsyncGenerator<string> {
    await turns();
    throw new Error("the source broke");
  }

  async function* broken_after_nothing(): AsyncGenerator<string> {
    yield "";
    await turns();
    throw new Error("the source broke");
  }

  for (const make of [broken, broken_after_nothing]) {
    it(`S12: answers an error before the first byte with an ordinary 500: ${make.name}`, async () => {
      const answers = await both_doors([path("", () => new Stream(make))], [{ target: "/" }]);
      expect(answers[0]?.node.status).to.equal(500);
      expect(answers[0]?.fetch.status).to.equal(500);
    });
  }

  it("S16: sends the headers alone to a HEAD, and closes the source unread", async () => {
    const source = noted_source(["a"]);
    const view = (): Stream => new Stream(source);
    const answer = await sent(view, GET.replace("GET", "HEAD"));
    expect(answer).to.match(/^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\n$/);
    expect(answer).not.to.match(/Content-Length/i);
    expect([source.asked, source.ended]).to.deep.equal([0, 1]);
  });

  it("sends text in the charset of the site", () =>
    with_settings({ DEFAULT_CHARSET: "iso-8859-1" }, async () => {
      const response = new Stream(["é"], { content_type: "text/plain" });
      expect(response.get("Content-Type")).to.equal("text/plain; charset=iso-8859-1");
      expect(await pieces_of(response)).to.deep.equal([Buffer.from([0xe9])]);
    }));

  it("can be wrapped by middleware", async () => {
    const response = new Stream(letters);
    const { streaming_content } = response;
    response.streaming_content = (function* () {
      for (const piece of streaming_content as Iterable<Buffer>) yield `<${piece.toString()}>`;
    })();
    expect(await text_of(response)).to.equal("<a><b><c>");
    expect(new HttpResponse("").streaming).to.equal(false);
  });
});
