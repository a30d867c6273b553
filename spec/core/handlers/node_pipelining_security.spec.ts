/** Security of the Node door: requests that come before the answer to the one before them is taken. @module */
import { once } from "node:events";
import { expect } from "chai";
import { describe, it } from "mocha";
import { type HttpRequest, HttpResponse, StreamingHttpResponse } from "nuages/http";
import { path, re_path } from "nuages/urls";
import { quiet } from "../../support/log.ts";
import { MiB, resident } from "../../support/resources.ts";
import { with_served } from "../../support/server.ts";
import { get_bytes, received, statuses } from "../../support/sockets.ts";
import { gate, ticks, turns, until } from "../../support/turns.ts";

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
      socket.write(`${get_bytes("/a")}${get_bytes("/b")}BROKEN\r\n\r\n${get_bytes("/c")}`);
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
      for (let i = 0; i < 10; i++) socket.write(get_bytes("/").repeat(COUNT / 10));
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
      socket.write(Array.from({ length: 40 }, (_, i) => get_bytes(`/${i}`)).join(""));
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
      socket.write(get_bytes("/0") + get_bytes("/1") + get_bytes("/2"));
      await turns(20);
      socket.destroy();
      await until(() => closed.length === 2);
      expect(closed).to.deep.equal(["/1", "/2"]);
      first.open();
    });
  });

  it("A26: sends no 400 into a body that is being sent, and ends the connection", async () => {
    let is_closed = false;
    const view = (): StreamingHttpResponse =>
      new StreamingHttpResponse(ticks(() => (is_closed = true)));
    await with_served([path("", view)], async (server) => {
      const socket = await server.connect();
      const text = received(socket);
      socket.write(get_bytes("/"));
      await once(socket, "data");
      socket.write("BROKEN\r\n\r\n");
      await once(socket, "close");
      expect(statuses(text())).to.deep.equal(["200"]);
      await until(() => is_closed);
      expect(is_closed).to.equal(true);
    });
  });
});
