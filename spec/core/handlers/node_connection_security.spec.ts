/** Security of the Node door: connections whose clients leave, that others have read from, or that last long. @module */
import { once } from "node:events";
import { readdirSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { expect } from "chai";
import { describe, it } from "mocha";
import { get_node_application } from "nuages/core/handlers";
import { TemporaryFileUploadHandler } from "nuages/core/files/uploadhandler";
import { FileResponse, type HttpResponse, StreamingHttpResponse } from "nuages/http";
import { path } from "nuages/urls";
import { counting_site } from "../../support/counting.ts";
import { temporary_directory } from "../../support/files.ts";
import { logged, quiet } from "../../support/log.ts";
import { live_heap, MiB, descriptors_closed, open_descriptors } from "../../support/resources.ts";
import { type TestServer, with_application, with_served } from "../../support/server.ts";
import { with_settings } from "../../support/settings.ts";
import { get_bytes } from "../../support/sockets.ts";
import { turns, until } from "../../support/turns.ts";

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
        await descriptors_closed(descriptors);
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
          socket.write(get_bytes("/"));
          await once(socket, "data");
          socket.resetAndDestroy();
          await until(() => closed === i);
          expect(closed).to.equal(i);
        }
        await descriptors_closed(descriptors);
      });
    });
  }
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
