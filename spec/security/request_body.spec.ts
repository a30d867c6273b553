/** Security of the body of a request: what is never unpacked, and one that is over the limit. @module */
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { expect } from "chai";
import { describe, it } from "mocha";
import { type HttpRequest, HttpResponse } from "nuages/http";
import { type AnyView, ask, site } from "../support/ask.ts";
import { held_memory } from "../support/heap.ts";
import { quiet } from "../support/log.ts";
import { type TestServer, with_server } from "../support/server.ts";

describe("security/request_body: an encoding", () => {
  const content = Buffer.from(`a=${"0".repeat(10_000_000)}`);
  const encodings: [name: string, bytes: Buffer][] = [
    ["gzip", gzipSync(content)],
    ["br", brotliCompressSync(content)],
    ["deflate", deflateSync(content)],
  ];
  const view = (request: HttpRequest): HttpResponse => {
    const read = request.POST.get("a")?.length ?? 0;
    return new HttpResponse(`${read} ${request.body.toString("hex")}`);
  };
  for (const [name, bytes] of encodings) {
    const headers = {
      "Content-Encoding": name,
      "Content-Type": "application/x-www-form-urlencoded",
    };
    it(`K10: ${name} is never unpacked: the view gets the bytes as they were sent`, async () => {
      await with_server(site(view), async (server) => {
        const answer = await server.fetch("/", { method: "POST", headers, body: bytes });
        expect(await answer.text()).to.equal(`0 ${bytes.toString("hex")}`);
      });
    });

    it(`K10: ${name} is not unpacked behind the Fetch door either`, async () => {
      const request = new Request("http://testserver/", { method: "POST", headers, body: bytes });
      const { text } = await ask(view, {}, request);
      expect(text).to.equal(`0 ${bytes.toString("hex")}`);
    });
  }
});

describe("security/request_body: one over the limit", () => {
  quiet();
  const MiB = 1 << 20;
  const LIMIT = 2_621_440;

  /** Sends a body of so many bytes, announced or in chunks; the status of the answer, and what it says. */
  async function post(
    server: TestServer,
    target: string,
    size: number,
    chunked: boolean,
  ): Promise<string> {
    const block = Buffer.alloc(64 * 1024, "1");
    let left = size;
    const stream = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (left <= 0) return controller.close();
        controller.enqueue(block.subarray(0, Math.min(left, block.length)));
        left -= block.length;
      },
    });
    const body = chunked ? stream : Buffer.alloc(size, "1");
    const headers = { "Content-Type": "application/json" };
    const init = { method: "POST", body, headers, duplex: "half" } as RequestInit;
    const answer = await server.fetch(target, init);
    return `${answer.status} ${answer.status === 200 ? await answer.text() : ""}`.trim();
  }

  const readers: [how: string, view: AnyView][] = [
    ["request.body", (request) => new HttpResponse(String(request.body.length))],
    ["read()", (request) => new HttpResponse(String(request.read().length))],
    [
      "for await",
      async (request) => {
        let size = 0;
        for await (const chunk of request) size += chunk.length;
        return new HttpResponse(String(size));
      },
    ],
  ];
  for (const chunked of [false, true]) {
    const how = chunked ? "in chunks" : "announced";
    for (const [reader, view] of readers) {
      it(`D22: ${how}, is refused to ${reader} unless that takes it as it comes`, async () => {
        await with_server(site(view), async (server) => {
          const at_limit = await post(server, "/", LIMIT, chunked);
          expect(at_limit).to.equal(`200 ${LIMIT}`);
          const over = LIMIT + 1;
          const wanted = reader === "for await" ? `200 ${over}` : "400";
          expect(await post(server, "/", over, chunked)).to.equal(wanted);
        });
      });
    }
  }

  it("D22: 50 MiB in chunks pass through `for await` while 8 MiB are held at most", async () => {
    let most = 0;
    const view = async (request: HttpRequest): Promise<HttpResponse> => {
      let size = 0;
      let next = 0;
      for await (const chunk of request) {
        size += chunk.length;
        if (size < next) continue;
        next += 5 * MiB;
        most = Math.max(most, held_memory().buffers);
      }
      return new HttpResponse(String(size));
    };
    await with_server(site(view), async (server) => {
      const before = held_memory().buffers;
      expect(await post(server, "/", 50 * MiB, true)).to.equal(`200 ${50 * MiB}`);
      expect(most - before).to.be.below(8 * MiB);
    });
  });
});
