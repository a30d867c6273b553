/** Security of the Node door: connections whose clients are slow, greedy, or gone. @module */
import { once } from "node:events";
import { readdirSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { expect } from "chai";
import { describe, it } from "mocha";
import { get_node_application } from "nuages/core/handlers";
import { TemporaryFileUploadHandler } from "nuages/core/files/uploadhandler";
import { FileResponse, type HttpRequest, HttpResponse, StreamingHttpResponse } from "nuages/http";
import { CsrfViewMiddleware } from "nuages/middleware/csrf";
import { path, re_path } from "nuages/urls";
import { deferred_upload } from "nuages/views/decorators/upload";
import { counting_site } from "../../support/counting.ts";
import { temporary_directory } from "../../support/files.ts";
import { logged, quiet } from "../../support/log.ts";
import { live_heap, open_descriptors, resident } from "../../support/resources.ts";
import { type TestServer, with_application, with_served } from "../../support/server.ts";
import { with_settings } from "../../support/settings.ts";
import { gate, turns, until } from "../../support/turns.ts";

const MiB = 1_048_576;

function get(target: string, headers = ""): string {
  return `GET ${target} HTTP/1.1\r\nHost: x\r\n${headers}\r\n`;
}

/** What a socket has received so far. */
function received(socket: Socket): () => string {
  let text = "";
  socket.setEncoding("latin1").on("data", (more: string) => (text += more));
  socket.on("error", () => undefined); // a reset is what some of these end with
  return () => text;
}

/** The statuses of the answers, in their order. */
function statuses(answer: string): string[] {
  return Array.from(answer.matchAll(/HTTP\/1\.1 ([0-9]{3}) /g), ([, status = ""]) => status);
}

describe("core/handlers/node security: pipelined requests", () => {
  quiet();

  it("A25: sends the answers still due before the 400 for what is no request, and looks at nothing behind it", async () => {
    const gates = { a: gate(), b: gate() };
    const calls: string[] = [];
    const view = async (_: HttpRequest, { name }: { name: string }): Promise<HttpResponse> => {
      calls.push(name);
      if (name === "a" || name === "b") await gates[name].promise;
      return new HttpResponse(`<${name}>`);
    };
    await with_served([path("<str:name>", view)], async (server) => {
      const socket = await server.connect();
      const text = received(socket);
      socket.write(`${get("/a")}${get("/b")}BROKEN\r\n\r\n${get("/c")}`);
      await until(() => calls.length === 2);
      gates.b.open();
      await turns(5);
      expect(text()).to.equal("");
      gates.a.open();
      await once(socket, "close");
      expect(statuses(text())).to.deep.equal(["200", "200", "400"]);
      expect(text()).to.match(/<a>[^]*<b>[^]*400 Bad Request/);
      expect(calls).to.deep.equal(["a", "b"]);
    });
  });

  it("A25: stops reading a flood whose answers nobody takes, and loses none of it", async () => {
    const COUNT = 10_000;
    let calls = 0;
    const view = (): HttpResponse => (calls++, new HttpResponse("x".repeat(4096)));
    await with_served([path("", view)], async (server) => {
      const before = resident();
      const socket = await server.connect();
      socket.pause();
      for (let i = 0; i < 10; i++) socket.write(get("/").repeat(COUNT / 10));
      let seen = -1;
      while (seen !== calls) {
        seen = calls;
        await new Promise((resolve) => setTimeout(resolve, 50)); // until nothing happens any more
      }
      expect(calls).to.be.lessThan(COUNT / 2);
      expect(resident() - before).to.be.lessThan(32 * MiB);
      let answers = 0;
      socket
        .setEncoding("latin1")
        .on("data", (text: string) => (answers += text.split("HTTP/1.1 200").length - 1))
        .resume();
      await until(() => calls === COUNT, 10_000);
      await until(() => answers >= COUNT - 1, 10_000); // one may be cut between two pieces
      expect(calls).to.equal(COUNT);
      expect(answers).to.be.greaterThan(COUNT - 50);
      socket.destroy();
    });
  }).timeout(30_000);

  it("A25: answers no more than 16 requests ahead, and goes on when the first is taken", async () => {
    const first = gate();
    const calls: string[] = [];
    const view = async (request: HttpRequest): Promise<HttpResponse> => {
      calls.push(request.path);
      if (request.path === "/0") await first.promise;
      return new HttpResponse(`<${request.path}>`);
    };
    await with_served([re_path(/^.*$/, view)], async (server) => {
      const socket = await server.connect();
      const text = received(socket);
      socket.write(Array.from({ length: 40 }, (_, i) => get(`/${i}`)).join(""));
      await until(() => calls.length === 17);
      await turns(5);
      expect(calls).to.have.lengthOf(17); // the first is no pipelined one
      first.open();
      await until(() => text().includes("</39>"));
      expect(text().match(/<\/[0-9]+>/g)).to.deep.equal(
        Array.from({ length: 40 }, (_, i) => `</${i}>`),
      );
      socket.destroy();
    });
  });

  it("A25: ends answers that wait behind others when the connection goes", async () => {
    const first = gate();
    const closed: string[] = [];
    const view = async (request: HttpRequest): Promise<StreamingHttpResponse> => {
      if (request.path === "/0") await first.promise;
      async function* endless(): AsyncGenerator<string> {
        try {
          for (;;) yield "x".repeat(65_536);
        } finally {
          closed.push(request.path);
        }
      }
      return new StreamingHttpResponse(endless());
    };
    await with_served([re_path(/^.*$/, view)], async (server) => {
      const socket = await server.connect();
      socket.write(get("/0") + get("/1") + get("/2"));
      await turns(20);
      socket.destroy();
      await until(() => closed.length === 2);
      expect(closed).to.deep.equal(["/1", "/2"]);
      first.open();
    });
  });

  it("A26: sends no 400 into a body that is being sent, and ends the connection", async () => {
    let is_closed = false;
    async function* ticks(): AsyncGenerator<string> {
      try {
        for (;;) {
          yield "tick\n";
          await turns();
        }
      } finally {
        is_closed = true;
      }
    }
    await with_served([path("", () => new StreamingHttpResponse(ticks()))], async (server) => {
      const socket = await server.connect();
      const text = received(socket);
      socket.write(get("/"));
      await once(socket, "data");
      socket.write("BROKEN\r\n\r\n");
      await once(socket, "close");
      expect(statuses(text())).to.deep.equal(["200"]);
      await until(() => is_closed);
      expect(is_closed).to.equal(true);
    });
  });
});

describe("core/handlers/node security: slow clients", () => {
  quiet();
  const uploads = temporary_directory({});

  const heads: [what: string, bytes: string][] = [
    ["sends nothing at all", ""],
    ["does not finish its headers", "GET / HTTP/1.1\r\nHost: x\r\nA: "],
    ["sends a request line without an end", "GET /"],
  ];
  for (const [what, bytes] of heads) {
    it(`A27: closes with 408 the connection of a client that ${what}`, async () => {
      const { urlpatterns, calls } = counting_site();
      await with_served(
        urlpatterns,
        async (server) => {
          expect(statuses(await server.raw(bytes))).to.deep.equal(["408"]);
          expect(calls).to.deep.equal([]);
        },
        { headers_timeout: 100, request_timeout: 5000 },
      );
    });
  }

  const bodies: [type: string, start: string][] = [
    ["application/x-www-form-urlencoded", "a=1"],
    ["application/json", "{"],
    [
      "multipart/form-data; boundary=b",
      "--b\r\nContent-Disposition: form-data; name=f; filename=f\r\n\r\nabc",
    ],
  ];
  for (const [type, start] of bodies) {
    it(`A27: gives up a body of type ${type} that falls silent, with 408 and nothing left on disk`, async () => {
      const { urlpatterns, calls } = counting_site();
      await with_served(
        urlpatterns,
        async (server) => {
          const answer = await server.raw(
            `POST / HTTP/1.1\r\nHost: x\r\nContent-Type: ${type}\r\nContent-Length: 500000\r\n\r\n${start}`,
          );
          expect(statuses(answer)).to.deep.equal(["408"]);
          expect(answer).to.match(/^Connection: close\r$/im);
          expect(calls).to.deep.equal([]);
          await until(() => readdirSync(uploads.root).length === 0);
          expect(readdirSync(uploads.root)).to.deep.equal([]);
        },
        {
          body_timeout: 50,
          settings: {
            FILE_UPLOAD_TEMP_DIR: uploads.root,
            FILE_UPLOAD_HANDLERS: [TemporaryFileUploadHandler],
          },
        },
      );
    });
  }

  it("A27: tells a view that streams the body when it falls silent", async () => {
    let caught = "";
    const view = async (request: HttpRequest): Promise<HttpResponse> => {
      try {
        for await (const _ of request);
      } catch (error) {
        caught = (error as Error).constructor.name;
      }
      return new HttpResponse("late");
    };
    await with_served(
      [path("", deferred_upload(view))],
      async (server) => {
        const answer = await server.raw(
          "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab",
        );
        expect(answer).to.match(/^HTTP\/1\.1 200 [^]*^Connection: close\r[^]*late$/im);
        expect(caught).to.equal("UnreadablePostError");
      },
      { body_timeout: 50 },
    );
  });

  it("A27: ends a request that takes too long as a whole, however busy it is", async () => {
    const { urlpatterns, calls } = counting_site();
    await with_served(
      urlpatterns,
      async (server) => {
        const socket = await server.connect();
        const text = received(socket);
        socket.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 500000\r\n\r\n");
        const timer = setInterval(() => socket.write("x"), 10);
        await once(socket, "close");
        clearInterval(timer);
        expect(statuses(text())).to.deep.equal(["408"]);
        expect(calls).to.deep.equal([]);
      },
      { headers_timeout: 100, request_timeout: 200 },
    );
  });

  const big = temporary_directory({ "big.bin": Buffer.alloc(64 * MiB) });
  const slow: [
    what: string,
    make: (
      pulled: (size: number) => void,
      closed: () => void,
    ) => Promise<HttpResponse> | StreamingHttpResponse | HttpResponse,
  ][] = [
    [
      "a stream of 1 GiB",
      (pulled, closed) => {
        async function* much(): AsyncGenerator<Buffer> {
          try {
            for (let i = 0; i < 16_384; i++) {
              pulled(65_536);
              yield Buffer.alloc(65_536);
            }
          } finally {
            closed();
          }
        }
        return new StreamingHttpResponse(much());
      },
    ],
    [
      "a file of 64 MiB",
      async (_, closed) => {
        const response = await FileResponse.from_path(big.path("big.bin"));
        response._resource_closers.push(closed);
        return response as never;
      },
    ],
    [
      "64 MiB in one piece",
      (_, closed) => {
        closed(); // nothing is held open
        return new HttpResponse(Buffer.alloc(64 * MiB));
      },
    ],
  ];
  for (const [what, make] of slow) {
    it(`A28: destroys the connection of a client that takes nothing of ${what}`, async () => {
      let pulled = 0;
      let closed = 0;
      const view = (): HttpResponse =>
        make(
          (size) => (pulled += size),
          () => closed++,
        ) as HttpResponse;
      await with_served(
        [path("", view)],
        async (server) => {
          const ended = once(server.server, "connection").then(([socket]) =>
            once(socket as Socket, "close"),
          );
          const descriptors = open_descriptors();
          const socket = await server.connect();
          socket.on("error", () => undefined).pause();
          socket.write(get("/"));
          await ended;
          await until(() => closed > 0);
          expect(closed).to.equal(1);
          expect(pulled).to.be.lessThan(32 * MiB); // what the sockets hold
          socket.destroy();
          await until(() => open_descriptors() === descriptors);
          expect(open_descriptors()).to.equal(descriptors);
        },
        { send_timeout: 100 },
      );
    });
  }

  it("A28: waits for a source that is slow itself", async () => {
    async function* quiet_source(): AsyncGenerator<string> {
      yield "x".repeat(100_000);
      await new Promise((resolve) => setTimeout(resolve, 300));
      yield "end";
    }
    await with_served(
      [path("", () => new StreamingHttpResponse(quiet_source()))],
      async (server) => {
        expect((await (await server.fetch("/")).text()).endsWith("end")).to.equal(true);
      },
      { send_timeout: 100 },
    );
  });
});

describe("core/handlers/node security: clients that leave", () => {
  quiet();
  const uploads = temporary_directory({});
  const files = temporary_directory({ "big.bin": Buffer.alloc(8 * MiB) });

  it("A29: 200 uploads cut off in the middle leave nothing behind and reach no view", async () => {
    const { urlpatterns, calls } = counting_site();
    const head =
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 10485760\r\n\r\n" +
      "--b\r\nContent-Disposition: form-data; name=f; filename=f\r\n\r\n";
    const part = Buffer.alloc(MiB);
    await with_served(
      urlpatterns,
      async (server) => {
        const descriptors = open_descriptors();
        const cut = async (): Promise<void> => {
          const socket = await server.connect();
          socket.write(head);
          socket.write(part, () => socket.destroy());
          await once(socket, "close");
        };
        for (let i = 0; i < 50; i++) await Promise.all([cut(), cut(), cut(), cut()]);
        await until(() => readdirSync(uploads.root).length === 0);
        expect(readdirSync(uploads.root)).to.deep.equal([]);
        await until(() => open_descriptors() === descriptors);
        expect(open_descriptors()).to.equal(descriptors);
        expect(calls).to.deep.equal([]);
      },
      {
        settings: {
          FILE_UPLOAD_TEMP_DIR: uploads.root,
          FILE_UPLOAD_HANDLERS: [TemporaryFileUploadHandler],
        },
      },
    );
  }).timeout(30_000);

  it("A29: logs an upload that was cut off on one line, and not as an error of the site", async () => {
    const { urlpatterns } = counting_site();
    const records = await logged(() =>
      with_served(urlpatterns, async (server) => {
        const socket = await server.connect();
        socket.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
        await turns(5);
        socket.destroy();
        await turns(20);
      }),
    );
    expect(records.map(({ level }) => level)).to.deep.equal(["info"]);
  });

  const answers: [what: string, make: () => unknown][] = [
    [
      "a stream",
      () =>
        new StreamingHttpResponse(
          (function* () {
            for (;;) yield "x".repeat(10_000);
          })(),
        ),
    ],
    ["a file", () => FileResponse.from_path(files.path("big.bin"))],
    [
      "events",
      () =>
        new StreamingHttpResponse(
          (async function* () {
            for (;;) {
              yield "data: x\n\n";
              await turns();
            }
          })(),
        ),
    ],
  ];
  for (const [what, make] of answers) {
    it(`A30: runs the closers once when the client resets the connection in the middle of ${what}`, async () => {
      let closed = 0;
      const view = async (): Promise<HttpResponse> => {
        const response = (await make()) as HttpResponse;
        response._resource_closers.push(() => closed++);
        return response;
      };
      await with_served([path("", view)], async (server) => {
        const descriptors = open_descriptors();
        for (let i = 1; i <= 20; i++) {
          const socket = await server.connect();
          socket.write(get("/"));
          await once(socket, "data");
          socket.resetAndDestroy();
          await until(() => closed === i);
          expect(closed).to.equal(i);
        }
        await until(() => open_descriptors() === descriptors);
        expect(open_descriptors()).to.equal(descriptors);
      });
    });
  }
});

describe("core/handlers/node security: bodies nobody reads", () => {
  quiet();
  const found = counting_site();
  const urlpatterns = [path("found/", found.view)];

  it("A31: never takes a body for a request", async () => {
    const inner = "GET /found/ HTTP/1.1\r\nHost: evil\r\nX: ab\r\n\r\n";
    const bytes = `POST /missing/ HTTP/1.1\r\nHost: x\r\nContent-Length: ${inner.length}\r\n\r\n${inner}${get("/found/?real", "Connection: close\r\n")}`;
    await with_served(urlpatterns, async (server) => {
      found.calls.length = 0;
      expect(statuses(await server.raw(bytes))).to.deep.equal(["404", "200"]);
      expect(found.calls).to.deep.equal(["GET /found/ 0"]);
    });
  });

  it("A31: runs no request behind a body whose end was not waited for", async () => {
    const body = "x".repeat(70_000);
    const bytes = `POST /missing/ HTTP/1.1\r\nHost: x\r\nContent-Length: 70000\r\n\r\n${body}${get("/found/")}`;
    await with_served(
      urlpatterns,
      async (server) => {
        found.calls.length = 0;
        expect(statuses(await server.raw(bytes))).to.deep.equal(["404"]);
        expect(found.calls).to.deep.equal([]);
      },
      { linger_timeout: 50 },
    );
  });

  it("A32: answers at once when the body never comes, and closes", async () => {
    await with_served(
      urlpatterns,
      async (server) => {
        const start = performance.now();
        const bytes = "POST /missing/ HTTP/1.1\r\nHost: x\r\nContent-Length: 400000\r\n\r\n";
        const socket = await server.connect();
        const text = received(socket);
        socket.write(bytes);
        await once(socket, "data");
        expect(performance.now() - start).to.be.lessThan(100);
        await once(socket, "close");
        expect(text()).to.match(/^HTTP\/1\.1 404 [^]*^Connection: close\r$/im);
      },
      { linger_timeout: 200 },
    );
  });

  it("A32: throws away 64 KiB of a body of 100 MiB, and closes", async () => {
    await with_served(urlpatterns, async (server) => {
      let taken = 0;
      server.server.once("connection", (socket: Socket) =>
        socket.once("close", () => (taken = socket.bytesRead)),
      );
      const socket = await server.connect();
      const text = received(socket);
      socket.write(`POST /missing/ HTTP/1.1\r\nHost: x\r\nContent-Length: ${100 * MiB}\r\n\r\n`);
      await once(socket, "data");
      const chunk = Buffer.alloc(MiB);
      let writing = true;
      socket.once("close", () => (writing = false));
      for (let i = 0; i < 100 && writing; i++)
        await new Promise((resolve) => socket.write(chunk, resolve));
      expect(statuses(text())).to.deep.equal(["404"]);
      expect(taken)
        .to.be.greaterThan(0)
        .and.lessThan(65_536 * 4);
    });
  });

  it("A32: waits for a short body in vain only for so long", async () => {
    await with_served(
      urlpatterns,
      async (server) => {
        const bytes = "POST /missing/ HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc";
        expect(statuses(await server.raw(bytes))).to.deep.equal(["404"]);
      },
      { linger_timeout: 50 },
    );
  });

  for (const method of ["GET", "DELETE", "HEAD", "OPTIONS"]) {
    it(`A34: shows a view the body of ${method}, and understands the request behind it`, async () => {
      await with_served(urlpatterns, async (server) => {
        found.calls.length = 0;
        const first = `${method} /found/ HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nabcde`;
        const answer = await server.raw(first + get("/found/", "Connection: close\r\n"));
        expect(statuses(answer)).to.deep.equal(["200", "200"]);
        expect(found.calls).to.have.members([`${method} /found/ 5`, "GET /found/ 0"]);
      });
    });
  }
});

describe("core/handlers/node security: expectations and upgrades", () => {
  quiet();
  const found = counting_site();
  const urlpatterns = [
    path("found/", found.view),
    path(
      "large/",
      deferred_upload(() => new HttpResponse("", { status: 413 })),
    ),
    path(
      "form/",
      deferred_upload(async (request: HttpRequest) => {
        await request.load();
        return new HttpResponse(request.POST.get("a", ""));
      }),
    ),
  ];
  const post = (target: string, headers: string): string =>
    `POST ${target} HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Type: application/x-www-form-urlencoded\r\n${headers}\r\n`;

  for (const [target, status] of [
    ["/missing/", 404],
    ["/large/", 413],
  ] as const) {
    it(`A33: does not invite a body that is answered with ${status} anyway`, async () => {
      await with_served(urlpatterns, async (server) => {
        const answer = await server.raw(post(target, "Expect: 100-continue\r\n"));
        expect(statuses(answer)).to.deep.equal([String(status)]);
        expect(answer).to.match(/^Connection: close\r$/im);
      });
    });
  }

  it("A33: does not invite a body that the CSRF check refuses anyway", async () => {
    await with_served(
      urlpatterns,
      async (server) => {
        found.calls.length = 0;
        const answer = await server.raw(post("/found/", "Expect: 100-continue\r\n"));
        expect(statuses(answer)).to.deep.equal(["403"]);
        expect(found.calls).to.deep.equal([]);
      },
      { settings: { MIDDLEWARE: [CsrfViewMiddleware] } },
    );
  });

  for (const target of ["/found/", "/form/"]) {
    it(`A33: invites the body of ${target} when it is wanted`, async () => {
      await with_served(urlpatterns, async (server) => {
        const socket = await server.connect();
        const text = received(socket);
        socket.write(post(target, "Expect: 100-continue\r\nConnection: close\r\n"));
        await once(socket, "data");
        expect(text()).to.equal("HTTP/1.1 100 Continue\r\n\r\n");
        socket.write("a=1");
        await once(socket, "close");
        expect(statuses(text())).to.deep.equal(["100", "200"]);
      });
    });
  }

  it("A33: refuses other expectations with 417", async () => {
    await with_served(urlpatterns, async (server) => {
      found.calls.length = 0;
      const answer = await server.raw(
        `${post("/found/", "Expect: 200-ok\r\nConnection: close\r\n")}a=1`,
      );
      expect(statuses(answer)).to.deep.equal(["417"]);
      expect(found.calls).to.deep.equal([]);
    });
  });

  for (const upgrade of ["websocket", "h2c"]) {
    it(`A40: answers a request to upgrade to ${upgrade} as any other, and speaks HTTP afterwards`, async () => {
      await with_served(urlpatterns, async (server) => {
        const socket = await server.connect();
        const text = received(socket);
        socket.write(get("/found/", `Connection: Upgrade\r\nUpgrade: ${upgrade}\r\n`));
        await once(socket, "data");
        socket.write(get("/found/", "Connection: close\r\n"));
        await once(socket, "close");
        expect(statuses(text())).to.deep.equal(["200", "200"]);
      });
    });
  }

  it("A41: logs a connection that speaks something else on one line at most", async () => {
    const records = await logged(() =>
      with_served(urlpatterns, async (server) => {
        await server.raw("\x16\x03\x01\x02\0\x01\0".repeat(50));
      }),
    );
    expect(records).to.have.lengthOf(1);
  });
});

describe("core/handlers/node security: in the house of others", () => {
  /** What a body parser does that comes before this application. */
  const draining =
    (application: (req: IncomingMessage, res: ServerResponse) => void) =>
    (req: IncomingMessage, res: ServerResponse): void => {
      req.resume().once("end", () => application(req, res));
    };

  for (const type of [
    "application/x-www-form-urlencoded",
    "application/json",
    "multipart/form-data; boundary=b",
  ]) {
    it(`A42: says so when another has read a body of type ${type}`, async () => {
      const { urlpatterns, calls } = counting_site();
      const records = await logged(() =>
        with_settings({ ROOT_URLCONF: { urlpatterns }, ALLOWED_HOSTS: ["*"] }, () =>
          with_application(draining(get_node_application()), async (server: TestServer) => {
            const response = await server.fetch("/", {
              method: "POST",
              body: "a=1",
              headers: { "Content-Type": type },
              signal: AbortSignal.timeout(1000),
            });
            expect(response.status).to.equal(500);
          }),
        ),
      );
      const errors = records.map(({ error }) => (error instanceof Error ? error.message : ""));
      expect(errors.join()).to.match(/something else has read it already/);
      expect(calls).to.deep.equal([]);
    });
  }

  it("A44: 1,000 requests of a connection leave no listener and no memory", async () => {
    const { urlpatterns } = counting_site();
    const warnings: Error[] = [];
    const warned = (warning: Error): void => void warnings.push(warning);
    process.on("warning", warned);
    await with_served(urlpatterns, async (server) => {
      const [socket, [inside]] = await Promise.all([
        server.connect(),
        once(server.server, "connection") as Promise<[Socket]>,
      ]);
      const ask = async (count: number): Promise<void> => {
        for (let i = 0; i < count; i++) {
          socket.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc");
          await once(socket, "data");
        }
        await turns(5);
      };
      const listeners = (): [string | symbol, number][] =>
        inside.eventNames().map((name) => [name, inside.listenerCount(name)]);
      await ask(50);
      const [before, heap] = [listeners(), live_heap()];
      await ask(1000);
      expect(listeners()).to.deep.equal(before);
      expect(live_heap() - heap).to.be.lessThan(5 * MiB);
      socket.destroy();
    });
    process.off("warning", warned);
    expect(warnings).to.deep.equal([]);
  });
});
