/** Security of the body of a request: what is never unpacked, and what is over the limit. @module */
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { expect } from "chai";
import { beforeEach, describe, it } from "mocha";
import { type HttpRequest, HttpResponse } from "nuages/http";
import { type AnyView, ask, site } from "../support/ask.ts";
import { held_memory } from "../support/heap.ts";
import { logged, quiet } from "../support/log.ts";
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

describe("security/request_body: JSON whose names collide in a hash table", () => {
  // whole numbers below 2 ** 24 are hashed by their value, unless Node is patched: such multiples share buckets
  const json = (names: number): string => {
    const pairs = Array.from({ length: names }, (_, n) => `"${n * 64}":0`);
    return `{${pairs.join(",")}}`;
  };
  let steps: string[] = [];
  const view: AnyView = (request) => {
    steps.push("begun");
    const text = String(request.body);
    steps.push("read");
    return new HttpResponse(String(Object.keys(JSON.parse(text) as object).length));
  };
  beforeEach(() => void (steps = []));

  const post = (body: string, chunked: boolean): RequestInit => ({
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      ...(chunked ? {} : { "Content-Length": String(body.length) }),
    },
    body: chunked ? new Blob([body]).stream() : body,
    duplex: "half",
  });
  const doors: [door: string, ask_at: (init: RequestInit) => Promise<string>][] = [
    ["Node", through_node],
    ["Fetch", through_fetch],
  ];
  async function through_node(init: RequestInit): Promise<string> {
    let answer = "";
    await with_server(site(view), async (server) => {
      const response = await server.fetch("/", init);
      answer = `${response.status} ${await response.text()}`;
    });
    return answer;
  }
  async function through_fetch(init: RequestInit): Promise<string> {
    const { status, text } = await ask(view, {}, new Request("http://testserver/", init));
    return `${status} ${text}`;
  }

  for (const [door, ask_at] of doors) {
    for (const chunked of [false, true]) {
      const how = `${chunked ? "in chunks" : "announced"}, at the ${door} door`;
      it(`E12: over 2.5 MiB, ${how}, it is refused before anything is parsed`, async () => {
        const body = json(250_000).slice(0, 2_621_441);
        expect(body.length).to.equal(2_621_441);
        await logged(async () => {
          expect(await ask_at(post(body, chunked))).to.match(/^400 /);
        });
        expect(steps).to.deep.equal(["begun"]);
      });

      it(`E12: within the limit, ${how}, it is read whole`, async () => {
        expect(await ask_at(post(json(1000), chunked))).to.equal("200 1000");
        expect(steps).to.deep.equal(["begun", "read"]);
      });
    }
  }
});
