/** The source of a stream is ended, however its response ends: through all doors. @module */
import { once } from "node:events";
import { expect } from "chai";
import { describe, it } from "mocha";
import { type HttpResponse, StreamingHttpResponse } from "nuages/http";
import { ConditionalGetMiddleware } from "nuages/middleware/http";
import { path } from "nuages/urls";
import { ask } from "../../support/fetch_door.ts";
import { quiet } from "../../support/log.ts";
import { with_server } from "../../support/server.ts";
import { with_site } from "../../support/site.ts";
import { turns, until } from "../../support/turns.ts";

/** A source that notes how often it was asked, and how often it was ended. */
class Source {
  asked = 0;
  ended = 0;
  readonly #fails_at: number;

  constructor(fails_at = Infinity) {
    this.#fails_at = fails_at;
  }

  next(): IteratorResult<string> {
    this.asked += 1;
    if (this.asked === this.#fails_at) throw new Error("the source failed");
    return { value: "x".repeat(40_000), done: false };
  }

  return(): IteratorResult<string> {
    this.ended += 1;
    return { value: undefined, done: true };
  }
}

class SyncSource extends Source {
  [Symbol.iterator](): this {
    return this;
  }
}

class AsyncSource extends Source {
  [Symbol.asyncIterator](): AsyncIterator<string> {
    return {
      next: async () => {
        await turns();
        return this.next();
      },
      return: () => Promise.resolve(this.return()),
    };
  }
}

const kinds: [kind: string, Class: typeof SyncSource | typeof AsyncSource][] = [
  ["a synchronous iterator", SyncSource],
  ["an asynchronous iterator", AsyncSource],
];

describe("core/handlers: the end of a stream", () => {
  quiet();
  const MIDDLEWARE = [ConditionalGetMiddleware];
  const unread: [what: string, init: RequestInit & { headers: Record<string, string> }][] = [
    ["HEAD", { method: "HEAD", headers: {} }],
    ["a 304", { headers: { "If-None-Match": '"x"' } }],
  ];

  for (const [kind, Class] of kinds) {
    const make = (source: InstanceType<typeof Class>): StreamingHttpResponse =>
      new StreamingHttpResponse(source, { headers: { ETag: '"x"' } });
    const site = (source: InstanceType<typeof Class>): [ReturnType<typeof path>] => [
      path("", (() => make(source)) as () => HttpResponse & StreamingHttpResponse),
    ];

    for (const [what, init] of unread) {
      it(`K4: ends ${kind} unread for ${what}`, async () => {
        const [node, fetched, client] = [new Class(), new Class(), new Class()];
        await with_server(
          site(node),
          async (server) => void (await (await server.fetch("/", init)).arrayBuffer()),
          { MIDDLEWARE },
        );
        const request = new Request("http://testserver/", init);
        const settings = { MIDDLEWARE };
        await ask(
          () => make(fetched),
          request,
          (response) => response.text(),
          { settings },
        );
        await with_site(site(client), settings, async (browser) => {
          await browser.generic(init.method ?? "GET", "/", "", { headers: init.headers });
        });
        for (const source of [node, fetched, client])
          expect([source.asked, source.ended]).to.deep.equal([0, 1]);
      });
    }

    it(`K4: ends ${kind} when the client of the Node door leaves`, async () => {
      const source = new Class();
      await with_server(site(source), async (server) => {
        const socket = await server.connect();
        socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        await once(socket, "data");
        socket.destroy();
        await until(() => source.ended > 0);
        const { asked } = source;
        await turns(5);
        expect([source.ended, source.asked]).to.deep.equal([1, asked]);
      });
    });

    it(`K4: ends ${kind} when the Fetch door is told that the client has left`, async () => {
      const source = new Class();
      const abort = new AbortController();
      const request = new Request("http://testserver/", { signal: abort.signal });
      await ask(
        () => make(source),
        request,
        async ({ body }) => {
          await body?.getReader().read();
          abort.abort();
          await until(() => source.ended > 0);
          expect(source.ended).to.equal(1);
        },
      );
    });

    it(`K4: ends ${kind} when its reader behind the test client stops`, () => {
      const source = new Class();
      return with_site(site(source), {}, async (client) => {
        const response = (await client.get("/")) as unknown as StreamingHttpResponse; // the view's
        for await (const _ of response) break;
        expect(source.asked).to.equal(1);
        expect(source.ended).to.be.greaterThan(0);
      });
    });

    it(`K4: cuts the connection when ${kind} fails after the headers, and ends it`, async () => {
      const [node, fetched] = [new Class(3), new Class(3)];
      await with_server(site(node), async (server) => {
        const answer = await server.raw("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        expect(answer).to.match(/^HTTP\/1\.1 200 /);
        expect(answer.match(/x{1000}/g)?.length).to.equal(80);
        expect(answer.endsWith("0\r\n\r\n")).to.equal(false);
      });
      await ask(
        () => make(fetched),
        "/",
        async (response) => {
          expect(response.status).to.equal(200);
          const error: unknown = await response.text().catch((reason: unknown) => reason);
          expect(String(error)).to.contain("the source failed");
        },
      );
      expect([node.ended, fetched.ended]).to.deep.equal([1, 1]);
    });

    it(`K4: answers 500 when ${kind} fails before its first byte, and ends it`, async () => {
      const [node, fetched] = [new Class(1), new Class(1)];
      await with_server(site(node), async (server) => {
        expect((await server.fetch("/")).status).to.equal(500);
      });
      expect(
        await ask(
          () => make(fetched),
          "/",
          ({ status }) => status,
        ),
      ).to.equal(500);
      expect([node.ended, fetched.ended]).to.deep.equal([1, 1]);
    });
  }
});
