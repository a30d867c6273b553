/** A response that has a listener of `node:http` answer in its place. @module */
import { once } from "node:events";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { expect } from "chai";
import { describe, it } from "mocha";
import { SessionMiddleware } from "nuages/contrib/sessions/middleware";
import { get_node_application } from "nuages/core/handlers";
import { request_finished } from "nuages/core/signals";
import { type HttpRequest, HttpResponseBase } from "nuages/http";
import { CommonMiddleware } from "nuages/middleware/common";
import { GZipMiddleware } from "nuages/middleware/gzip";
import { ConditionalGetMiddleware } from "nuages/middleware/http";
import { SecurityMiddleware } from "nuages/middleware/security";
import { re_path } from "nuages/urls";
import type { MiddlewareEntry } from "nuages/utils/deprecation";
import { deferred_upload } from "nuages/views/decorators/upload";
import { ask as fetch_door } from "../../support/fetch_door.ts";
import { logged, quiet } from "../../support/log.ts";
import {
  type TestServer,
  with_application,
  with_served,
  with_server,
} from "../../support/server.ts";
import { with_settings } from "../../support/settings.ts";
import { with_site } from "../../support/site.ts";
import { gate, turns, until } from "../../support/turns.ts";

/** What a response class for listeners is: it says 501 where there is no connection of Node. */
class Listener extends HttpResponseBase {
  override _take_over: RequestListener;
  static {
    this.prototype.status_code = 501;
  }

  constructor(listener: (req: IncomingMessage, res: ServerResponse) => unknown) {
    super();
    this.delete("Content-Type");
    this._take_over = listener;
  }
}

type Given = (req: IncomingMessage, res: ServerResponse) => unknown;

function site(
  listener: Given,
  change: (response: Listener, request: HttpRequest) => void = () => undefined,
): [ReturnType<typeof re_path>] {
  const view = (request: HttpRequest): Listener => {
    const response = new Listener(listener);
    change(response, request);
    return response;
  };
  return [re_path(/^.*$/s, deferred_upload(view as () => never))];
}

const hello: Given = (_req, res) => res.end("hello");

async function echo(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  res.end(Buffer.concat(chunks));
}

async function asked(listener: Given, path = "/", init: RequestInit = {}): Promise<Response> {
  let response = new Response();
  await with_server(site(listener), async (server) => {
    const live = await server.fetch(path, init);
    response = new Response(await live.arrayBuffer(), live);
  });
  return response;
}

describe("core/handlers: a listener of node:http in the place of a response", () => {
  it("K10: is given Node's own request and response", async () => {
    const response = await asked(
      (req, res) => {
        res.writeHead(201, { "X-Own": "1" });
        res.end(`${req.method} ${req.url} ${req.headers["x-a"]}`);
      },
      "/a?b=1",
      { method: "PUT", headers: { "X-A": "a" }, body: "x" },
    );
    expect(response.status).to.equal(201);
    expect(response.headers.get("x-own")).to.equal("1");
    expect(response.headers.has("content-type")).to.equal(false);
    expect(await response.text()).to.equal("PUT /a?b=1 a");
  });

  it("K10: finds on the response what middleware has set, and may change it", async () => {
    const setting: MiddlewareEntry = (get_response) => async (request) => {
      const response = await get_response(request);
      response.set("X-Kept", "1");
      response.set("X-Changed", "1");
      response.set("Content-Length", "1000");
      response.set_cookie("a", "1");
      response.set_cookie("b", "2");
      return response;
    };
    const listener: Given = (_req, res) => {
      res.setHeader("X-Changed", "2");
      res.end("hello");
    };
    await with_server(
      site(listener),
      async (server) => {
        const { headers, status } = await server.fetch("/");
        expect(status).to.equal(200);
        expect([headers.get("x-kept"), headers.get("x-changed")]).to.deep.equal(["1", "2"]);
        expect(headers.getSetCookie()).to.deep.equal(["a=1; Path=/", "b=2; Path=/"]);
        expect(headers.get("content-length")).to.equal("5");
      },
      { MIDDLEWARE: [setting] },
    );
  });

  it("K10: keeps what a framework around has set, cookies too", async () => {
    await with_settings({ ROOT_URLCONF: site(hello, (r) => r.set_cookie("b", "2")) }, async () => {
      const application = get_node_application();
      const around: Given = (req, res) => {
        res.setHeader("X-Powered-By", "another");
        res.setHeader("Set-Cookie", "a=1");
        application(req, res);
      };
      await with_application(around as RequestListener, async (server) => {
        const { headers } = await server.fetch("/");
        expect(headers.get("x-powered-by")).to.equal("another");
        expect(headers.getSetCookie()).to.deep.equal(["a=1", "b=2; Path=/"]);
      });
    });
  });

  it("K10: passes through the middleware that looks at contents", async () => {
    const MIDDLEWARE = [
      SecurityMiddleware,
      GZipMiddleware,
      SessionMiddleware,
      CommonMiddleware,
      ConditionalGetMiddleware,
    ];
    const records = await logged(() =>
      with_server(
        site(hello),
        async (server) => {
          const response = await server.fetch("/", { headers: { "Accept-Encoding": "gzip" } });
          expect(await response.text()).to.equal("hello");
          expect(response.headers.get("x-content-type-options")).to.equal("nosniff");
          expect(response.headers.has("content-encoding")).to.equal(false);
        },
        { MIDDLEWARE },
      ),
    );
    expect(records).to.deep.equal([]);
  });

  for (const [what, body] of [
    ["a short body", "short"],
    ["a body over the limit", "x".repeat(3_000_000)],
  ] as const) {
    it(`K10: reads ${what} from the request`, async () => {
      const response = await asked(echo, "/", { method: "POST", body });
      expect((await response.text()) === body).to.equal(true);
    });
  }

  it("K10: has a client go on that waits for 100 Continue", async () => {
    await with_served(site(echo), async (server) => {
      const socket = await server.connect();
      let answer = "";
      socket.setEncoding("latin1").on("data", (text: string) => (answer += text));
      socket.write(
        "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n",
      );
      await until(() => answer.includes("100 Continue"));
      socket.write("body");
      await once(socket, "close");
      expect(answer).to.match(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n[^]*body/);
    });
  });

  it("K10: leaves the connection open for the next request, the body read or not", async () => {
    await with_server(site(hello), async (server) => {
      const answer = await server.raw(
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbodyGET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
      );
      expect(answer.match(/HTTP\/1\.1 200 OK/g)?.length).to.equal(2);
    });
  });

  it("K10: answers in its turn when requests are pipelined", async () => {
    const later: Given = async (req, res) => {
      if (req.url === "/slow") await turns(5);
      res.end(req.url);
    };
    await with_server(site(later), async (server) => {
      const answer = await server.raw(
        "GET /slow HTTP/1.1\r\nHost: x\r\n\r\nGET /fast HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
      );
      expect(answer.match(/\/slow|\/fast/g)).to.deep.equal(["/slow", "/fast"]);
    });
  });

  async function noted(
    ask: (server: TestServer) => Promise<void>,
    listener: Given,
  ): Promise<string[]> {
    const seen: string[] = [];
    const closed = (): void => void seen.push("closed");
    request_finished.connect(closed);
    try {
      const change = (response: Listener): void => {
        response.background = { call: () => seen.push("background") };
        response._resource_closers.push(() => seen.push("resources"));
      };
      await with_server(site(listener, change), async (server) => {
        await ask(server);
        await until(() => seen.includes("background"));
        await turns(2);
      });
    } finally {
      request_finished.disconnect(closed);
    }
    return seen;
  }
  const ORDER = ["resources", "closed", "background"];

  it("K10: the response is closed when the listener has answered, and its background runs", async () => {
    const go_on = gate();
    const listener: Given = async (_req, res) => {
      res.write("a");
      await go_on.promise;
      res.end("b");
    };
    const seen = await noted(async (server) => {
      const response = await server.fetch("/");
      await turns(3);
      go_on.open();
      expect(await response.text()).to.equal("ab");
    }, listener);
    expect(seen).to.deep.equal(ORDER);
  });

  it("K10: the response is closed when the client leaves, and its background runs", async () => {
    const seen = await noted(
      async (server) => {
        const socket = await server.connect();
        socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        await once(socket, "data");
        socket.destroy();
      },
      (_req, res) => res.write("a"),
    );
    expect(seen).to.deep.equal(ORDER);
  });
});

describe("core/handlers: a listener of node:http that fails", () => {
  const boom = new Error("boom");
  const failures: [how: string, listener: Given][] = [
    [
      "throws",
      (_req, res) => {
        res.setHeader("X-Own", "1");
        throw boom;
      },
    ],
    [
      "rejects",
      async (_req, res) => {
        res.statusCode = 202;
        res.setHeader("X-Own", "1");
        await turns();
        throw boom;
      },
    ],
  ];
  for (const [how, listener] of failures) {
    it(`K10: is answered with a 500 of ours if it ${how} before its headers`, async () => {
      let runs = 0;
      const change = (response: Listener): void => {
        response.background = { call: () => (runs += 1) };
        response.set("X-Kept", "1");
      };
      const records = await logged(() =>
        with_settings({ ROOT_URLCONF: site(listener, change) }, async () => {
          const application = get_node_application();
          const around: Given = (req, res) => {
            res.setHeader("X-Around", "1");
            application(req, res);
          };
          await with_application(around as RequestListener, async (server) => {
            const { status, headers, statusText } = await server.fetch("/");
            expect([status, statusText]).to.deep.equal([500, "Internal Server Error"]);
            expect(["x-around", "x-own", "x-kept"].map((name) => headers.has(name))).to.deep.equal([
              true,
              false,
              false,
            ]);
            await turns(3);
          });
        }),
      );
      expect(records.map(({ error }) => error)).to.deep.equal([boom]);
      expect(runs).to.equal(0);
    });
  }

  it("K10: has its connection cut if it fails after its headers", async () => {
    const listener: Given = async (_req, res) => {
      res.write("a");
      await turns();
      throw boom;
    };
    const records = await logged(() =>
      with_server(site(listener), async (server) => {
        const answer = await server.raw("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        expect(answer).to.match(/^HTTP\/1\.1 200 /);
        expect(answer.endsWith("0\r\n\r\n")).to.equal(false);
      }),
    );
    expect(records.map(({ error }) => error)).to.deep.equal([boom]);
  });

  it("K10: is only logged if it fails after its answer", async () => {
    const listener: Given = (_req, res) => {
      res.end("hello");
      throw boom;
    };
    const records = await logged(() =>
      with_server(site(listener), async (server) => {
        expect(await (await server.fetch("/")).text()).to.equal("hello");
      }),
    );
    expect(records.map(({ level, error }) => [level, error])).to.deep.equal([["error", boom]]);
  });

  it("K10: is only logged if it fails when the client has gone", async () => {
    const go_on = gate();
    const entered = gate();
    let closed = 0;
    const count = (): void => void (closed += 1);
    const listener: Given = async (_req, res) => {
      entered.open();
      await once(res, "close");
      go_on.open();
      throw boom;
    };
    request_finished.connect(count);
    const records = await logged(() =>
      with_server(site(listener), async (server) => {
        const socket = await server.connect();
        socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        await entered.promise;
        socket.destroy();
        await go_on.promise;
        await turns(3);
      }),
    );
    request_finished.disconnect(count);
    expect(records.map(({ level, error }) => [level, error])).to.deep.equal([["error", boom]]);
    expect(closed).to.equal(1);
  });
});

describe("core/handlers: a listener of node:http where there is no connection of Node", () => {
  quiet();

  it("K10: is a 501 without content behind the Fetch door, HEAD too", async () => {
    for (const method of ["GET", "HEAD"]) {
      const request = new Request("http://testserver/", { method });
      const view = (): HttpResponseBase => new Listener(hello);
      await fetch_door(view, request, async (response) => {
        expect([response.status, response.statusText]).to.deep.equal([501, "Not Implemented"]);
        expect(await response.text()).to.equal("");
      });
    }
  });

  it("K10: is a 501 for the test client, closed and logged", async () => {
    let runs = 0;
    const change = (response: Listener): void => {
      response.background = { call: () => (runs += 1) };
    };
    const records = await logged(() =>
      with_site(site(hello, change), {}, async (client) => {
        const response = await client.get("/");
        expect([response.status_code, response.closed]).to.deep.equal([501, true]);
      }),
    );
    expect(records.map(({ message }) => message)).to.deep.equal(["Not Implemented: /"]);
    expect(runs).to.equal(1);
  });
});
