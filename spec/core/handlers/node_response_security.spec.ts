/** Security of the Node door: answers that end where they say, whatever a view makes of them. Raw bytes. @module */
import { appendFile, rm, truncate } from "node:fs/promises";
import { once } from "node:events";
import { expect } from "chai";
import { describe, it } from "mocha";
import {
  FileResponse,
  type HttpRequest,
  HttpResponse,
  HttpResponseNotModified,
  HttpResponseRedirect,
  StreamingHttpResponse,
} from "nuages/http";
import { path } from "nuages/urls";
import { temporary_directory } from "../../support/files.ts";
import { logged, quiet } from "../../support/log.ts";
import { open_descriptors } from "../../support/resources.ts";
import { type TestServer, with_served } from "../../support/server.ts";
import { gate, turns, until } from "../../support/turns.ts";

type AnyView = (request: HttpRequest) => unknown;

const KEPT = "HTTP/1.1\r\nHost: x\r\n\r\n";
const CLOSED = "HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

/** Asks the view twice on one connection, then the server whether it lives; all that came back. */
async function ask(view: AnyView, method = "GET"): Promise<string> {
  let answer = "";
  await served(view, async (server) => {
    answer = await server.raw(`${method} / ${KEPT}GET /next/ ${CLOSED}`);
    expect(await (await server.fetch("/next/")).text()).to.equal("next");
  });
  return answer;
}

function served(view: AnyView, fn: (server: TestServer) => Promise<void>): Promise<void> {
  return with_served(
    [path("", view as () => HttpResponse), path("next/", () => new HttpResponse("next"))],
    fn,
  );
}

/** The first answer of two: its head, and everything up to the head of the second. */
function first_of(answer: string): { status: number; head: string; body: string; next: string } {
  const end = answer.indexOf("\r\n\r\n");
  const rest = answer.slice(end + 4);
  const second = rest.indexOf("HTTP/1.1 ");
  return {
    status: Number(answer.slice(9, 12)),
    head: answer.slice(0, end),
    body: second < 0 ? rest : rest.slice(0, second),
    next: second < 0 ? "" : rest.slice(second),
  };
}

describe("core/handlers/node security: answers without a body", () => {
  quiet();

  const contents: [what: string, make: () => unknown][] = [
    ["content", () => new HttpResponse("caf\u00e9")],
    ["an error", () => new HttpResponse("no", { status: 404 })],
  ];
  for (const [what, make] of contents) {
    it(`A35: HEAD of ${what} has the headers of GET and not a byte more`, async () => {
      const get = first_of(await ask(make));
      const head = first_of(await ask(make, "HEAD"));
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
    const { status, body, next } = first_of(await ask(view, "HEAD"));
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
      const { head, body, next } = first_of(await ask(make));
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
        answer = await ask(make);
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
      ask(() => {
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
        answer = await ask(make);
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
      answer = await ask(() => new StreamingHttpResponse(failing("abc")));
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

describe("core/handlers/node security: streams and files", () => {
  quiet();
  const SIZE = 3_000_000;
  const files = temporary_directory({
    shrinks: Buffer.alloc(SIZE, "a"),
    grows: Buffer.alloc(SIZE, "a"),
    vanishes: Buffer.alloc(SIZE, "a"),
    stays: Buffer.alloc(SIZE, "a"),
    small: Buffer.alloc(1000, "a"),
  });

  const LOOKALIKE = "\u010d\u010aSet-Cookie: a=b";
  const places: [where: string, make: () => HttpResponse, status: number][] = [
    ["a header", () => new HttpResponse("", { headers: { "X-A": LOOKALIKE } }), 200],
    ["a redirect", () => new HttpResponseRedirect(`/${LOOKALIKE}`), 302],
    ["a reason phrase", () => new HttpResponse("", { reason: LOOKALIKE }), 500],
    [
      "a cookie",
      () => {
        const response = new HttpResponse("");
        response.set_cookie("c", LOOKALIKE);
        return response;
      },
      500,
    ],
  ];
  for (const [where, make, expected] of places) {
    it(`H4: writes no CR LF for characters whose low bytes they are, in ${where}`, async () => {
      const { status, head } = first_of(await ask(make));
      expect(status).to.equal(expected);
      expect(head).not.to.match(/^Set-Cookie: a=b/m);
    });
  }

  const pieces: [what: string, piece: unknown, body: string][] = [
    ["a number", 12, "12"],
    ["null", null, "None"],
    ["a lone surrogate", "\ud83d", "\ufffd"],
    ["bytes", new Uint8Array([0xe2, 0x82, 0xac]), "\u20ac"],
    ["nothing but empty text", "", ""],
  ];
  for (const [what, piece, body] of pieces) {
    it(`H22: sends ${what} of a stream as ${JSON.stringify(body)}`, async () => {
      await served(
        () => new StreamingHttpResponse([piece]),
        async (server) => {
          expect(await (await server.fetch("/")).text()).to.equal(body);
        },
      );
    });
  }

  for (const make of [
    () => "\u20ac".repeat(12_000_000),
    () => Buffer.alloc(36_000_000, "\u20ac"),
  ]) {
    it(`H22: sends 36 MB of ${typeof make() === "string" ? "text" : "bytes"} in one chunk whole, and in pieces`, async () => {
      await served(
        () => new StreamingHttpResponse([make()]),
        async (server) => {
          let most = 0;
          let size = 0;
          server.server.once("connection", (socket) => {
            const timer = setInterval(() => (most = Math.max(most, socket.writableLength)), 1);
            socket.once("close", () => clearInterval(timer));
          });
          const { body } = await server.fetch("/");
          for await (const chunk of body ?? []) size += (chunk as Uint8Array).length;
          expect(size).to.equal(36_000_000);
          expect(most).to.be.lessThan(3_000_000);
        },
      );
    });
  }

  const changes: [
    how: string,
    name: string,
    change: (file: string) => Promise<void>,
    sizes: [number, number],
  ][] = [
    ["shrinks", "shrinks", (file) => truncate(file, 10), [0, SIZE - 1]],
    ["grows", "grows", (file) => appendFile(file, "b"), [SIZE, SIZE]],
    ["is deleted", "vanishes", (file) => rm(file), [SIZE, SIZE]],
  ];
  for (const [how, name, change, [least, most]] of changes) {
    it(`H18: never sends more than was announced of a file that ${how} meanwhile, and closes it`, async () => {
      const file = files.path(name);
      const view = async (): Promise<FileResponse> => {
        const response = await FileResponse.from_path(file);
        await change(file);
        return response;
      };
      await served(view, async (server) => {
        const descriptors = open_descriptors();
        const { body, next } = first_of(await server.raw(`GET / ${KEPT}GET /next/ ${CLOSED}`));
        const sent = body.replace(/HTTP[^]*$/, "").length;
        expect(sent).to.be.within(least, most);
        expect(next !== "").to.equal(sent === SIZE);
        await until(() => open_descriptors() === descriptors);
        expect(open_descriptors()).to.equal(descriptors);
      });
    });
  }

  const ways: [how: string, ask_for: (server: TestServer) => Promise<void>][] = [
    ["HEAD", async (server) => void (await server.fetch("/", { method: "HEAD" }))],
    ["a whole answer", async (server) => void (await (await server.fetch("/")).arrayBuffer())],
    [
      "a client that leaves",
      async (server) => {
        const socket = await server.connect();
        socket.write(`GET / ${KEPT}`);
        await once(socket, "data");
        socket.destroy();
      },
    ],
  ];
  for (const [how, ask_for] of ways) {
    it(`H19: closes the file after ${how}, 200 times`, async () => {
      await served(
        () => FileResponse.from_path(files.path("stays")),
        async (server) => {
          await ask_for(server); // what the client itself opens
          await turns(5);
          const descriptors = open_descriptors() ?? 0;
          for (let i = 0; i < 200; i++) await ask_for(server);
          await until(() => (open_descriptors() ?? 0) <= descriptors + 2);
          expect(open_descriptors() ?? 0).to.be.at.most(descriptors + 2); // connections of the client
        },
      );
    }).timeout(20_000);
  }

  const unsent: [how: string, spoil: (response: FileResponse) => void, status: number][] = [
    ["304", (response) => (response.status_code = 304), 304],
    ["an error before the first byte", (response) => response.set("Content-Length", 7), 500],
    ["a header that may not be set", (response) => response.set("Upgrade", "h2c"), 500],
  ];
  for (const [how, spoil, status] of unsent) {
    it(`H19: closes the file after ${how}`, async () => {
      const view = async (): Promise<FileResponse> => {
        const response = await FileResponse.from_path(files.path("stays"));
        spoil(response);
        return response;
      };
      const before = open_descriptors();
      expect(first_of(await ask(view)).status).to.equal(status);
      await until(() => open_descriptors() === before);
      expect(open_descriptors()).to.equal(before);
    });
  }

  it("C12: lets a view run on whose client has left", async () => {
    const entered = gate();
    const left = gate();
    let size = -1;
    const view = async (request: HttpRequest): Promise<HttpResponse> => {
      entered.open();
      await left.promise;
      size = request.POST.size;
      return new HttpResponse("nobody reads this");
    };
    await served(view, async (server) => {
      const socket = await server.connect();
      socket.write(`GET / ${KEPT}`);
      await entered.promise;
      socket.destroy();
      await turns(5);
      left.open();
      await until(() => size === 0);
      expect(size).to.equal(0);
      expect((await server.fetch("/next/")).status).to.equal(200);
    });
  });
});
