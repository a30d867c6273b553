/** Security of the Node door: bodies that nobody reads, that wait to be invited, or that are no HTTP. @module */
import { once } from "node:events";
import type { Socket } from "node:net";
import { expect } from "chai";
import { describe, it } from "mocha";
import { type HttpRequest, HttpResponse } from "nuages/http";
import { CsrfViewMiddleware } from "nuages/middleware/csrf";
import { path } from "nuages/urls";
import { deferred_upload } from "nuages/views/decorators/upload";
import { counting_site } from "../../support/counting.ts";
import { logged, quiet } from "../../support/log.ts";
import { MiB } from "../../support/resources.ts";
import { with_served } from "../../support/server.ts";
import { get_bytes, received, statuses } from "../../support/sockets.ts";

describe("core/handlers/node security: bodies nobody reads", () => {
  quiet();
  const found = counting_site();
  const urlpatterns = [path("found/", found.view)];

  it("A31: never takes a body for a request", async () => {
    const inner = "GET /found/ HTTP/1.1\r\nHost: evil\r\nX: ab\r\n\r\n";
    const bytes = `POST /missing/ HTTP/1.1\r\nHost: x\r\nContent-Length: ${inner.length}\r\n\r\n${inner}${get_bytes("/found/?real", "Connection: close\r\n")}`;
    await with_served(urlpatterns, async (server) => {
      found.calls.length = 0;
      expect(statuses(await server.raw(bytes))).to.deep.equal(["404", "200"]);
      expect(found.calls).to.deep.equal(["GET /found/ 0"]);
    });
  });

  it("A31: runs no request behind a body whose end was not waited for", async () => {
    const body = "x".repeat(70_000);
    const bytes = `POST /missing/ HTTP/1.1\r\nHost: x\r\nContent-Length: 70000\r\n\r\n${body}${get_bytes("/found/")}`;
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
        const answer = await server.raw(first + get_bytes("/found/", "Connection: close\r\n"));
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
        socket.write(get_bytes("/found/", `Connection: Upgrade\r\nUpgrade: ${upgrade}\r\n`));
        await once(socket, "data");
        socket.write(get_bytes("/found/", "Connection: close\r\n"));
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
