/** Security of the Node door: answers that end where they say, whatever a view makes of them. Raw bytes. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { HttpResponse, HttpResponseNotModified, StreamingHttpResponse } from "nuages/http";
import { logged, quiet } from "../../support/log.ts";
import { ask_twice, first_of, served } from "../../support/successive.ts";
import { gate } from "../../support/turns.ts";

describe("core/handlers/node security: answers without a body", () => {
  quiet();

  const contents: [what: string, make: () => unknown][] = [
    ["content", () => new HttpResponse("caf\u00e9")],
    ["an error", () => new HttpResponse("no", { status: 404 })],
  ];
  for (const [what, make] of contents) {
    it(`A35: HEAD of ${what} has the headers of GET and not a byte more`, async () => {
      const get = first_of(await ask_twice(make));
      const head = first_of(await ask_twice(make, "HEAD"));
      const undated = (text: string): string => text.replace(/^Date: .*$/im, "");
      expect(undated(head.head)).to.equal(undated(get.head));
      expect(head.head).to.match(/^Content-Length: [1-9]/im);
      expect(head.body).to.equal("");
      expect(head.next).to.match(/^HTTP\/1\.1 200 [^]*next$/);
    });
  }

  it("A35: HEAD of an endless stream closes it unread", async () => {
    let pulled = 0;
    let closed = 0;
    const view = (): StreamingHttpResponse => {
      const source = {
        [Symbol.iterator]: () => ({
          next: () => ({ value: "x", done: (pulled++, false) }),
          return: () => ({ value: undefined, done: (closed++, true) }),
        }),
      };
      return new StreamingHttpResponse(source as Iterable<string>);
    };
    const { status, body, next } = first_of(await ask_twice(view, "HEAD"));
    expect([status, body]).to.deep.equal([200, ""]);
    expect(next).to.match(/next$/);
    expect([pulled, closed]).to.deep.equal([0, 1]);
  });

  const bodiless: [what: string, make: () => unknown, length: RegExp | undefined][] = [
    ["204 with content", () => new HttpResponse("content", { status: 204 }), undefined],
    [
      "204 with Content-Length",
      () => new HttpResponse("", { status: 204, headers: { "Content-Length": 7 } }),
      undefined,
    ],
    [
      "a stream with 204",
      () =>
        new StreamingHttpResponse(["content"], { status: 204, headers: { "Content-Length": 7 } }),
      undefined,
    ],
    [
      "205 with content",
      () => new HttpResponse("content", { status: 205 }),
      /^Content-Length: 0\r?$/im,
    ],
    [
      "a stream with 205",
      () => new StreamingHttpResponse(["content"], { status: 205 }),
      /^Content-Length: 0\r?$/im,
    ],
    ["304", () => new HttpResponseNotModified(), undefined],
    [
      "304 with Content-Length",
      () => new HttpResponseNotModified("", { headers: { "Content-Length": 7 } }),
      /^Content-Length: 7\r?$/im,
    ],
    ["a stream with 304", () => new StreamingHttpResponse(["content"], { status: 304 }), undefined],
  ];
  for (const [what, make, length] of bodiless) {
    it(`A36: sends no body with ${what}, and the next answer in its place`, async () => {
      const { head, body, next } = first_of(await ask_twice(make));
      expect(body).to.equal("");
      expect(/^Content-Length:.*$/im.test(head)).to.equal(length !== undefined);
      if (length !== undefined) expect(head).to.match(length);
      expect(head).not.to.match(/^Transfer-Encoding:/im);
      expect(next).to.match(/^HTTP\/1\.1 200 [^]*next$/);
    });
  }
});

describe("core/handlers/node security: answers that cannot be sent as they are", () => {
  const refused: [id: string, what: string, make: () => unknown, why: RegExp][] = [
    ["A36", "the status 101", () => new HttpResponse("", { status: 101 }), /101/],
    ["A36", "the status 103", () => new HttpResponse("", { status: 103 }), /103/],
    [
      "A37",
      "a malformed Content-Length",
      () => new HttpResponse("abc", { headers: { "Content-Length": "3x" } }),
      /'3x'/,
    ],
    [
      "A37",
      "a malformed Content-Length of a stream",
      () => new StreamingHttpResponse(["abc"], { headers: { "Content-Length": "3x" } }),
      /'3x'/,
    ],
    ["A37", "two Content-Lengths", () => twice(new HttpResponse("abc")), /one Content-Length/],
    [
      "A37",
      "a Content-Length that its content has not",
      () => new HttpResponse("abc", { headers: { "Content-Length": 10 } }),
      /10.*3/,
    ],
    ["A38", "Transfer-Encoding", () => hop("Transfer-Encoding", "chunked"), /Transfer-Encoding/],
    ["A38", "Connection", () => hop("Connection", "close"), /Connection/],
    ["A38", "Keep-Alive", () => hop("Keep-Alive", "timeout=5"), /Keep-Alive/],
    ["A38", "Upgrade", () => hop("Upgrade", "h2c"), /Upgrade/],
    ["A38", "Trailer", () => hop("Trailer", "X"), /Trailer/],
    ["A38", "TE", () => hop("TE", "trailers"), /TE/],
    [
      "A38",
      "transfer-encoding of a stream",
      () => new StreamingHttpResponse(["a"], { headers: { "transfer-encoding": "chunked" } }),
      /transfer-encoding/,
    ],
    [
      "A39",
      "a reason phrase outside latin-1",
      () => new HttpResponse("", { reason: "\u65e5" }),
      /statusMessage/,
    ],
    ["A39", "a reason phrase with a line break", () => with_phrase("OK\r\nX: y"), /statusMessage/],
    [
      "A39",
      "a reason phrase with a line break of a stream",
      () => new StreamingHttpResponse(["a"], { reason: "\u65e5" }),
      /statusMessage/,
    ],
    [
      "H22",
      "an error before the first chunk",
      () => new StreamingHttpResponse(failing("")),
      /the source is dry/,
    ],
    [
      "H22",
      "a first chunk in a charset that lacks it",
      () => new StreamingHttpResponse(["\u20ac"], { content_type: "text/plain; charset=latin-1" }),
      /latin_1/,
    ],
  ];
  for (const [id, what, make, why] of refused) {
    it(`${id}: answers 500 for ${what}, logs why, and lives on`, async () => {
      let answer = "";
      const records = await logged(async () => {
        answer = await ask_twice(make);
      });
      const { status, head, next } = first_of(answer);
      expect(status).to.equal(500);
      expect(head)
        .to.match(/^HTTP\/1\.1 500 Internal Server Error\r$/m)
        .and.not.to.match(/^X: y/m);
      expect(next).to.match(/^HTTP\/1\.1 200 [^]*next$/);
      const told = records.map(({ error }) => (error instanceof Error ? error.message : ""));
      expect(told.filter((text) => text !== "").join("\n")).to.match(why);
    });
  }

  it("A39: closes the response that could not be sent", async () => {
    let closed = 0;
    await logged(() =>
      ask_twice(() => {
        const response = hop("Upgrade", "h2c");
        response._resource_closers.push(() => closed++);
        return response;
      }),
    );
    expect(closed).to.equal(1);
  });

  const fits: [what: string, chunks: string[], length: number, body: RegExp][] = [
    ["too few bytes", ["abc"], 10, /^abc$/],
    ["too many bytes at once", ["abc"], 1, /^a?$/],
    ["too many bytes in the end", ["abc", "d"], 3, /^(abc)?$/],
  ];
  for (const [what, chunks, length, body] of fits) {
    it(`A37: breaks off a stream that gives ${what} for its Content-Length`, async () => {
      const make = (): StreamingHttpResponse =>
        new StreamingHttpResponse(chunks, { headers: { "Content-Length": length } });
      let answer = "";
      const records = await logged(async () => {
        answer = await ask_twice(make);
      });
      const first = first_of(answer);
      expect(first.status).to.equal(200);
      expect(first.body).to.match(body);
      expect(first.next).to.equal("");
      expect(records.map(({ message }) => message).join()).to.match(/Content-Length/);
    });
  }

  it("C4, H22: breaks off a stream that fails after its first chunk: the end of the body is missing", async () => {
    let answer = "";
    const records = await logged(async () => {
      answer = await ask_twice(() => new StreamingHttpResponse(failing("abc")));
    });
    const { status, body, next } = first_of(answer);
    expect(status).to.equal(200);
    expect(body).to.equal("3\r\nabc\r\n");
    expect(next).to.equal("");
    expect(records.map(({ message }) => message).join()).to.match(/broke off: .*the source is dry/);
  });

  it("sends the headers of a stream that makes its client wait", async () => {
    const more = gate();
    async function* late(): AsyncGenerator<string> {
      await more.promise;
      yield "late";
    }
    await served(
      () => new StreamingHttpResponse(late()),
      async (server) => {
        const response = await server.fetch("/"); // fulfilled with the headers
        more.open();
        expect(await response.text()).to.equal("late");
      },
    );
  });
});

function hop(name: string, value: string): HttpResponse {
  return new HttpResponse("", { headers: { [name]: value } });
}

/** As a subclass might have it that knows better. */
function twice(response: HttpResponse): HttpResponse {
  const headers = response._wire_headers();
  return Object.assign(response, {
    _wire_headers: () => [...headers, "Content-Length", "3", "content-length", "3"],
  });
}

function with_phrase(phrase: string): HttpResponse {
  return Object.defineProperty(new HttpResponse("a"), "reason_phrase", { get: () => phrase });
}

function* failing(before: string): Generator<string> {
  if (before !== "") yield before;
  throw new Error("the source is dry");
}
