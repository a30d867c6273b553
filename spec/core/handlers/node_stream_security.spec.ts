/** Security of the Node door: what it sends of streams and files, and that files are closed. Raw bytes. @module */
import { once } from "node:events";
import { appendFile, rm, truncate } from "node:fs/promises";
import { expect } from "chai";
import { describe, it } from "mocha";
import {
  FileResponse,
  type HttpRequest,
  HttpResponse,
  HttpResponseRedirect,
  StreamingHttpResponse,
} from "nuages/http";
import { temporary_directory } from "../../support/files.ts";
import { quiet } from "../../support/log.ts";
import { descriptors_closed, open_descriptors } from "../../support/resources.ts";
import type { TestServer } from "../../support/server.ts";
import { ask_twice, CLOSED, first_of, KEPT, served } from "../../support/successive.ts";
import { gate, turns, until } from "../../support/turns.ts";

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
      const { status, head } = first_of(await ask_twice(make));
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
        await descriptors_closed(descriptors);
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
      expect(first_of(await ask_twice(view)).status).to.equal(status);
      await descriptors_closed(before);
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
