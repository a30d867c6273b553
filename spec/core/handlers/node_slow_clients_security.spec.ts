/** Security of the Node door: clients that send or take their bytes slowly, or not at all. @module */
import { once } from "node:events";
import { readdirSync } from "node:fs";
import type { Socket } from "node:net";
import { expect } from "chai";
import { describe, it } from "mocha";
import { TemporaryFileUploadHandler } from "nuages/core/files/uploadhandler";
import { FileResponse, type HttpRequest, HttpResponse, StreamingHttpResponse } from "nuages/http";
import { path } from "nuages/urls";
import { deferred_upload } from "nuages/views/decorators/upload";
import { counting_site } from "../../support/counting.ts";
import { temporary_directory } from "../../support/files.ts";
import { quiet } from "../../support/log.ts";
import { MiB, descriptors_closed, open_descriptors } from "../../support/resources.ts";
import { with_served } from "../../support/server.ts";
import { get_bytes, received, statuses } from "../../support/sockets.ts";
import { until } from "../../support/turns.ts";

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
          socket.write(get_bytes("/"));
          await ended;
          await until(() => closed > 0);
          expect(closed).to.equal(1);
          expect(pulled).to.be.lessThan(32 * MiB); // what the sockets hold
          socket.destroy();
          await descriptors_closed(descriptors);
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
