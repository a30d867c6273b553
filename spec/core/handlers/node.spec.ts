import { EventEmitter, once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { describe, it } from "mocha";
import {
  type HttpRequest,
  HttpResponse,
  type HttpResponseBase,
  HttpResponseNotModified,
  JsonResponse,
  StreamingHttpResponse,
} from "nuages/http";
import { got_request_exception, request_finished, request_started } from "nuages/core/signals";
import { path } from "nuages/urls";
import { MiddlewareMixin } from "nuages/utils/deprecation";
import type { LogRecord } from "nuages/utils/log";
import { logged } from "../../support/log.ts";
import { type TestServer, with_server } from "../../support/server.ts";
import { ticks } from "../../support/turns.ts";

const deferred = (): { promise: Promise<void>; resolve: () => void } => {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
};

const hello = (): HttpResponse =>
  new HttpResponse("Hello", { content_type: "text/plain; charset=utf-8" });

describe("core/handlers/node: answers", () => {
  it("sends status, headers, cookies and content, with a Content-Length", async () => {
    const view = (): HttpResponse => {
      const response = new HttpResponse("caf\u00e9", { status: 201, headers: { "X-App": "spec" } });
      response.set_cookie("a", "1");
      response.set_cookie("b", "2");
      return response;
    };
    await with_server([path("", view)], async (server) => {
      const response = await server.fetch("/");
      expect(response.status).to.equal(201);
      expect(response.statusText).to.equal("Created");
      expect(response.headers.get("content-length")).to.equal("5");
      expect(response.headers.get("x-app")).to.equal("spec");
      expect(response.headers.getSetCookie()).to.deep.equal(["a=1; Path=/", "b=2; Path=/"]);
      expect(await response.text()).to.equal("caf\u00e9");
    });
  });

  it("sends latin-1 header values as latin-1 bytes, beside a UTF-8 body", async () => {
    const view = (): HttpResponse =>
      new HttpResponse("caf\u00e9", { headers: { "X-Name": "Ren\u00e9" } });
    await with_server([path("", view)], async (server) => {
      const answer = await server.raw("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      expect(answer).to.contain("X-Name: Ren\u00e9\r\n");
      expect(Buffer.from(answer, "latin1").toString().endsWith("caf\u00e9")).to.equal(true);
    });
  });

  it("answers HEAD with the headers of GET and no body", async () => {
    await with_server([path("", hello)], async (server) => {
      const answer = await server.raw("HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      expect(answer)
        .to.match(/^HTTP\/1\.1 200 OK\r\n/)
        .and.contain("Content-Length: 5\r\n");
      expect(answer.endsWith("\r\n\r\n")).to.equal(true);
    });
  });

  it("answers HEAD of an endless stream without reading it", async () => {
    let pulled = 0;
    function* endless(): Generator<string> {
      for (;;) {
        pulled++;
        yield "x".repeat(1000);
      }
    }
    await with_server([path("", () => new StreamingHttpResponse(endless()))], async (server) => {
      const response = await server.fetch("/", { method: "HEAD" });
      expect(response.status).to.equal(200);
      expect(pulled).to.equal(0);
    });
  });

  it("sends no body with 204 and 304", async () => {
    const urlpatterns = [
      path("204/", () => new HttpResponse("", { status: 204 })),
      path("304/", () => new HttpResponseNotModified()),
    ];
    await with_server(urlpatterns, async (server) => {
      const both =
        "GET /204/ HTTP/1.1\r\nHost: x\r\n\r\nGET /304/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
      const answer = await server.raw(both);
      expect(answer).to.match(
        /^HTTP\/1\.1 204 No Content\r\n[^]*\r\n\r\nHTTP\/1\.1 304 Not Modified\r\n[^]*\r\n\r\n$/,
      );
      expect(answer.toLowerCase()).not.to.contain("content-length");
    });
  });

  it("keeps the connection for the next request", async () => {
    await with_server([path("", hello)], async (server) => {
      const one = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
      const answer = await server.raw(
        one + one + one.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"),
      );
      expect(answer.match(/Hello/g)).to.have.lengthOf(3);
    });
  });

  it("answers asynchronous views", async () => {
    const view = async (): Promise<HttpResponse> => {
      await new Promise((resolve) => setImmediate(resolve));
      return hello();
    };
    await with_server([path("", view)], async (server) => {
      expect(await (await server.fetch("/")).text()).to.equal("Hello");
    });
  });

  it("sends request_started before and request_finished after, once each", async () => {
    const seen: string[] = [];
    const started = (): void => void seen.push("started");
    const finished = (): void => void seen.push("finished");
    request_started.connect(started);
    request_finished.connect(finished);
    try {
      await with_server([path("", () => (seen.push("view"), hello()))], async (server) => {
        await (await server.fetch("/")).text();
      });
    } finally {
      request_started.disconnect(started);
      request_finished.disconnect(finished);
    }
    expect(seen).to.deep.equal(["started", "view", "finished"]);
  });
});

describe("core/handlers/node: the request", () => {
  const echo = (request: HttpRequest): JsonResponse =>
    new JsonResponse({
      method: request.method,
      path: request.path,
      full: request.get_full_path(),
      query: request.GET.dict(),
      cookies: request.COOKIES,
      header: request.headers.get("X-Test", null),
      remote: request.META["REMOTE_ADDR"],
      scheme: request.scheme,
    });

  it("tells method, path, query, cookies, headers and the client's address", async () => {
    await with_server([path("a b/", echo)], async (server) => {
      const response = await server.fetch("/a%20b/?q=1&r=%C3%A9", {
        headers: { "X-Test": "t", Cookie: "k=v" },
      });
      expect(await response.json()).to.deep.equal({
        method: "GET",
        path: "/a b/",
        full: "/a%20b/?q=1&r=%C3%A9",
        query: { q: "1", r: "\u00e9" },
        cookies: { k: "v" },
        header: "t",
        remote: "127.0.0.1",
        scheme: "http",
      });
    });
  });

  it("joins repeated headers and drops names with an underscore", async () => {
    const view = (request: HttpRequest): JsonResponse =>
      new JsonResponse([request.headers.get("X-A", null), request.headers.get("X-B", null)], {
        safe: false,
      });
    await with_server([path("", view)], async (server) => {
      const answer = await server.raw(
        "GET / HTTP/1.1\r\nHost: x\r\nX-A: 1\r\nX-A: 2\r\nX_B: 3\r\nConnection: close\r\n\r\n",
      );
      expect(answer).to.contain('["1,2", null]');
    });
  });

  const bodies: [name: string, type: string, body: string, expected: unknown][] = [
    [
      "a urlencoded form",
      "application/x-www-form-urlencoded",
      "a=1&a=2&b=%C3%A9",
      { a: ["1", "2"], b: ["\u00e9"] },
    ],
    ["JSON", "application/json", '{"a": 1}', '{"a": 1}'],
    ["plain text", "text/plain", "text", "text"],
    ["nothing", "text/plain", "", ""],
  ];
  for (const [name, type, body, expected] of bodies) {
    it(`has ${name} of a POST ready for the view`, async () => {
      const view = (request: HttpRequest): JsonResponse =>
        new JsonResponse(
          request.POST.size > 0
            ? Object.fromEntries(request.POST.lists())
            : request.body.toString(),
          { safe: false },
        );
      await with_server([path("", view)], async (server) => {
        const response = await server.fetch("/", {
          method: "POST",
          body,
          headers: { "Content-Type": type },
        });
        expect(await response.json()).to.deep.equal(expected);
      });
    });
  }

  it("leaves a body over the limit on the wire, to be streamed", async () => {
    const view = async (request: HttpRequest): Promise<HttpResponse> => {
      expect(() => request.body).to.throw(/DATA_UPLOAD_MAX_MEMORY_SIZE/);
      let size = 0;
      for await (const chunk of request) size += chunk.length;
      return new HttpResponse(String(size));
    };
    for (const announced of [true, false]) {
      await with_server(
        [path("", view)],
        async (server) => {
          const bytes = Buffer.alloc(300_000, "x");
          const body = announced ? bytes : new Blob([bytes]).stream();
          const response = await server.fetch("/", {
            method: "POST",
            body,
            duplex: "half",
          } as RequestInit);
          expect(await response.text()).to.equal("300000");
        },
        { DATA_UPLOAD_MAX_MEMORY_SIZE: 100_000 },
      );
    }
  });

  it("does not read the body of a request that no URL matches, and closes the connection after the 404", async () => {
    await with_server([path("x/", hello)], async (server) => {
      const answer = await server.raw(
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 400000\r\n\r\n",
        /Not Found/,
      );
      expect(answer)
        .to.match(/^HTTP\/1\.1 404 /)
        .and.match(/Connection: close/i);
    });
  });

  it("aborts request.signal when the client leaves", async () => {
    const entered = deferred();
    const aborted = deferred();
    const view = async (request: HttpRequest): Promise<HttpResponse> => {
      request.signal.addEventListener("abort", () => aborted.resolve());
      entered.resolve();
      await aborted.promise;
      return hello();
    };
    await with_server([path("", view)], async (server) => {
      const socket = await server.connect();
      socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
      await entered.promise;
      socket.destroy();
      await aborted.promise;
    });
  });
});

/** What a view does that waits, and is told of the client. */
const waits: [what: string, wait: (signal: AbortSignal) => Promise<unknown>][] = [
  ["a timer", (signal) => sleep(60_000, undefined, { signal })],
  ["an event", (signal) => once(new EventEmitter(), "never", { signal })],
  ["throwIfAborted()", (signal) => once(signal, "abort").then(() => signal.throwIfAborted())],
];

describe("core/handlers/node: a view that stops when the client leaves", () => {
  const left_in = async (wait: (typeof waits)[0][1]): Promise<LogRecord[]> => {
    const entered = deferred();
    const answered = deferred();
    class Answered extends MiddlewareMixin {
      override process_response(_request: HttpRequest, response: HttpResponseBase) {
        answered.resolve();
        return response;
      }
    }
    const view = async ({ signal }: HttpRequest): Promise<HttpResponse> => {
      entered.resolve();
      await wait(signal);
      return hello();
    };
    const leave = async (server: TestServer): Promise<void> => {
      const socket = await server.connect();
      socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
      await entered.promise;
      socket.destroy();
      await answered.promise;
    };
    return logged(() => with_server([path("", view)], leave, { MIDDLEWARE: [Answered] }));
  };

  for (const [what, wait] of waits) {
    it(`has not failed: ${what}`, async () => {
      const told: unknown[] = [];
      const note = ({ exception }: { exception: unknown }): void => void told.push(exception);
      got_request_exception.connect(note);
      try {
        const records = await left_in(wait);
        expect(records.map(({ level }) => level)).to.deep.equal(["info"]);
        expect(told).to.deep.equal([]);
      } finally {
        got_request_exception.disconnect(note);
      }
    });
  }

  it("has failed with another error", async () => {
    const records = await left_in((signal) =>
      once(signal, "abort").then(() => Promise.reject(new Error("boom"))),
    );
    expect(records.map(({ level }) => level)).to.deep.equal(["error"]);
  });
});

describe("core/handlers/node: streams", () => {
  it("sends what an async generator gives, as it comes", async () => {
    const next = deferred();
    async function* parts(): AsyncGenerator<string> {
      yield "one ";
      await next.promise;
      yield "two";
    }
    await with_server([path("", () => new StreamingHttpResponse(parts()))], async (server) => {
      const response = await server.fetch("/");
      const reader = response.body?.getReader();
      const first = await reader?.read();
      expect(Buffer.from(first?.value ?? []).toString()).to.equal("one ");
      next.resolve();
      const second = await reader?.read();
      expect(Buffer.from(second?.value ?? []).toString()).to.equal("two");
    });
  });

  it("pauses the source while the client does not read", async () => {
    let given = 0;
    async function* much(): AsyncGenerator<Buffer> {
      for (; given < 2000; given++) yield Buffer.alloc(65_536);
    }
    await with_server([path("", () => new StreamingHttpResponse(much()))], async (server) => {
      const socket = await server.connect();
      socket.pause();
      socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
      let before = -1;
      while (given !== before || given === 0) {
        before = given;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      expect(given).to.be.lessThan(1000); // what the sockets hold, not the whole
      socket.destroy();
    });
  });

  it("runs the generator's finally, and closes the response, when the client leaves", async () => {
    const finalised = deferred();
    let closed = 0;
    const view = (): StreamingHttpResponse => {
      const response = new StreamingHttpResponse(ticks(() => finalised.resolve()));
      response._resource_closers.push(() => closed++);
      return response;
    };
    await with_server([path("", view)], async (server) => {
      const socket = await server.connect();
      socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
      await once(socket, "data");
      socket.destroy();
      await finalised.promise;
      await new Promise((resolve) => setImmediate(resolve));
      expect(closed).to.equal(1);
    });
  });

  it("destroys the connection when a stream fails half-way, and logs it", async () => {
    function* failing(): Generator<string> {
      yield "x".repeat(100_000);
      throw new Error("the source is dry");
    }
    const records = await logged(async () => {
      await with_server([path("", () => new StreamingHttpResponse(failing()))], async (server) => {
        const answer = await server.raw("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        expect(answer.endsWith("0\r\n\r\n")).to.equal(false);
      });
    });
    expect(records.map(({ message }) => message).join()).to.contain("the source is dry");
  });
});

describe("core/handlers/node: mistakes", () => {
  const wrong: [what: string, view: (request: HttpRequest) => unknown, message: RegExp][] = [
    ["gives nothing", function silent() {}, /silent \(route 'wrong\/'\) gave nothing/],
    ["gives text", () => "text", /gave 'text', which is not a response.*new HttpResponse/],
    [
      "throws",
      () => {
        throw new Error("broken view");
      },
      /Internal Server Error: \/wrong\//,
    ],
    ["answers with a 1xx status", () => new HttpResponse("", { status: 101 }), /101/],
    [
      "sets a hop-by-hop header",
      () => new HttpResponse("", { headers: { Connection: "close" } }),
      /Connection/,
    ],
    [
      "announces a wrong length",
      () => new HttpResponse("abc", { headers: { "Content-Length": 10 } }),
      /announces.*10.*3/,
    ],
  ];
  for (const [what, view, message] of wrong) {
    it(`answers 500 and logs why when a view ${what}`, async () => {
      const records = await logged(async () => {
        await with_server([path("wrong/", view as () => HttpResponse)], async (server) => {
          const response = await server.fetch("/wrong/");
          expect(response.status).to.equal(500);
          expect((await server.fetch("/wrong/")).status).to.equal(500);
        });
      });
      const texts = records.map(
        ({ message: text, error }) => `${text} ${error instanceof Error ? error.message : ""}`,
      );
      expect(texts.join("\n")).to.match(message);
    });
  }

  const refused: [what: string, bytes: string, status: number][] = [
    ["two Host headers", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400],
    ["a fragment in the target", "GET /a#b HTTP/1.1\r\nHost: x\r\n\r\n", 400],
    ["an absolute form for another host", "GET http://evil/ HTTP/1.1\r\nHost: x\r\n\r\n", 400],
    [
      "another transfer coding",
      "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
      501,
    ],
    ["HTTP/2 in clear", "GET / HTTP/2.0\r\nHost: x\r\n\r\n", 505],
    ["600 header fields", `GET / HTTP/1.1\r\nHost: x\r\n${"A:\r\n".repeat(600)}\r\n`, 431],
  ];
  for (const [what, bytes, status] of refused) {
    it(`refuses ${what} with ${status}, without asking a view`, async () => {
      let asked = 0;
      await with_server([path("", () => (asked++, hello()))], async (server) => {
        expect(await server.raw(bytes)).to.match(new RegExp(`^HTTP/1\\.1 ${status} `));
        expect(asked).to.equal(0);
      });
    });
  }
});
