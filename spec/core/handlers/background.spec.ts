/** Work in the background of a response: when it runs, through all doors, and who waits for it. @module */
import { once } from "node:events";
import { expect } from "chai";
import { describe, it } from "mocha";
import { background_finished, serve } from "nuages/core/handlers";
import type { ServeOptions } from "nuages/core/handlers/serve";
import { request_finished } from "nuages/core/signals";
import {
  type BackgroundWork,
  FileResponse,
  HttpResponse,
  type HttpResponseBase,
  HttpResponseNotFound,
  StreamingHttpResponse,
} from "nuages/http";
import { ConditionalGetMiddleware } from "nuages/middleware/http";
import { path } from "nuages/urls";
import type { MiddlewareEntry } from "nuages/utils/deprecation";
import { activate, get_language } from "nuages/utils/translation";
import { ask } from "../../support/fetch_door.ts";
import { temporary_directory } from "../../support/files.ts";
import { logged, quiet } from "../../support/log.ts";
import { with_server } from "../../support/server.ts";
import { with_settings } from "../../support/settings.ts";
import { with_site } from "../../support/site.ts";
import { gate, ticks, turns, until } from "../../support/turns.ts";

/** The response with this work. */
function leaving<R extends HttpResponseBase>(response: R, call: () => unknown): R {
  return Object.assign(response, { background: { call } });
}

const tagged = { headers: { ETag: '"x"' } };

async function* letters(): AsyncGenerator<string> {
  yield "a";
  await turns();
  yield "b";
}

type Make = () => HttpResponseBase | Promise<HttpResponseBase>;

describe("core/handlers: work in the background", () => {
  quiet();
  const files = temporary_directory({ "large.bin": Buffer.alloc(300_000, "a") });
  const responses: [what: string, make: Make, init: RequestInit, status: number][] = [
    ["a page", () => new HttpResponse("page"), {}, 200],
    ["a HEAD", () => new HttpResponse("page"), { method: "HEAD" }, 200],
    ["a HEAD of a stream", () => new StreamingHttpResponse(letters()), { method: "HEAD" }, 200],
    ["a 204", () => new HttpResponse("", { status: 204 }), {}, 204],
    ["a page of an error", () => new HttpResponseNotFound("none"), {}, 404],
    ["a 304", () => new HttpResponse("page", tagged), { headers: { "If-None-Match": '"x"' } }, 304],
    ["a stream", () => new StreamingHttpResponse(letters()), {}, 200],
    ["a synchronous stream", () => new StreamingHttpResponse(["a", "b"]), {}, 200],
    ["a file", () => FileResponse.from_path(files.path("large.bin")), {}, 200],
  ];

  const MIDDLEWARE = [ConditionalGetMiddleware];

  for (const [what, make, init, expected] of responses) {
    it(`K2: runs once after ${what} was sent and closed, through the Node door`, async () => {
      const seen: string[] = [];
      const view = async (): Promise<HttpResponseBase> =>
        leaving(await make(), () => seen.push("background"));
      const closed = (): void => void seen.push("closed");
      request_finished.connect(closed);
      try {
        await with_server(
          [path("", view as () => Promise<HttpResponse>)],
          async (server) => {
            server.server.on("request", (_req, res) => res.on("finish", () => seen.push("sent")));
            const response = await server.fetch("/", init);
            await response.arrayBuffer();
            await until(() => seen.length === 3);
            await turns(2);
            expect(response.status).to.equal(expected);
            expect(seen.toSorted()).to.deep.equal(["background", "closed", "sent"]);
            expect(seen.at(-1)).to.equal("background");
          },
          { MIDDLEWARE },
        );
      } finally {
        request_finished.disconnect(closed);
      }
    });

    it(`K2: runs once after ${what} was given to its end, through the Fetch door`, async () => {
      let runs = 0;
      const view = async (): Promise<HttpResponseBase> => leaving(await make(), () => (runs += 1));
      const request = new Request("http://testserver/", init);
      const read = async (response: Response): Promise<number> => {
        expect(runs).to.equal(0);
        await response.arrayBuffer();
        await until(() => runs > 0);
        await turns(2);
        return response.status;
      };
      expect(await ask(view, request, read, { settings: { MIDDLEWARE } })).to.equal(expected);
      expect(runs).to.equal(1);
    });
  }

  it("K2: waits until a slow client has the whole page", async () => {
    let has_run = false;
    const page = Buffer.alloc(30_000_000, "a");
    const view = (): HttpResponse => leaving(new HttpResponse(page), () => (has_run = true));
    await with_server([path("", view)], async (server) => {
      const socket = await server.connect();
      socket.write("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      await once(socket, "readable");
      await turns(20);
      expect(has_run).to.equal(false);
      socket.resume();
      await once(socket, "end");
      await until(() => has_run);
      expect(has_run).to.equal(true);
    });
  });

  it("K2: runs when the client leaves a stream of the Node door", async () => {
    const seen: string[] = [];
    const view = (): StreamingHttpResponse =>
      leaving(new StreamingHttpResponse(ticks(() => seen.push("ended"))), () => seen.push("run"));
    await with_server([path("", view)], async (server) => {
      const socket = await server.connect();
      socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
      await once(socket, "data");
      expect(seen).to.deep.equal([]);
      socket.destroy();
      await until(() => seen.length === 2);
      expect(seen.toSorted()).to.deep.equal(["ended", "run"]);
    });
  });

  it("K2: runs when the client has left before there was a response", async () => {
    const entered = gate();
    const go_on = gate();
    let runs = 0;
    const view = async (): Promise<HttpResponse> => {
      entered.open();
      await go_on.promise;
      return leaving(new HttpResponse("late"), () => (runs += 1));
    };
    await with_server([path("", view)], async (server) => {
      const socket = await server.connect();
      socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
      await entered.promise;
      socket.destroy();
      await turns(10);
      go_on.open();
      await until(() => runs > 0);
      expect(runs).to.equal(1);
    });
  });

  it("K2: runs when the runtime cancels a stream of the Fetch door", async () => {
    let runs = 0;
    const view = (): HttpResponseBase =>
      leaving(new StreamingHttpResponse(ticks(() => undefined)), () => (runs += 1));
    await ask(view, "/", async ({ body }) => {
      const reader = body?.getReader();
      await reader?.read();
      await reader?.cancel();
      await until(() => runs > 0);
      expect(runs).to.equal(1);
    });
  });

  const broken = (): Iterable<string> => ({
    [Symbol.iterator]: () => ({ next: throwing(new Error("broken")) }),
  });
  const failing: MiddlewareEntry = (get_response) => async (request) => {
    await get_response(request);
    throw new Error("too late");
  };
  const replaced: [what: string, make: () => HttpResponseBase, middleware: MiddlewareEntry[]][] = [
    ["a stream that fails before its first byte", () => new StreamingHttpResponse(broken()), []],
    ["a response that a middleware loses by an error", () => new HttpResponse("page"), [failing]],
    ["a response that cannot be sent", () => new HttpResponse("", { status: 199 }), []],
  ];
  for (const [what, make, given] of replaced) {
    it(`K2: does not run for ${what}`, async () => {
      let runs = 0;
      const view = (): HttpResponseBase => leaving(make(), () => (runs += 1));
      const settings = { MIDDLEWARE: given };
      const status = await ask(view, "/", (response) => response.status, { settings });
      expect(status).to.equal(500);
      await with_server(
        [path("", view as () => HttpResponse)],
        async (server) => {
          expect((await server.fetch("/")).status).to.equal(500);
        },
        settings,
      );
      await turns(5);
      expect(runs).to.equal(0);
    });
  }

  it("K2: logs what fails, with the error, and nobody else is told", async () => {
    const errors = [new Error("at once"), new Error("later")];
    for (const error of errors) {
      const call = error.message === "later" ? () => Promise.reject(error) : throwing(error);
      const records = await logged(async () => {
        await ask(
          () => leaving(new HttpResponse("page"), call),
          "/",
          async (response) => expect(await response.text()).to.equal("page"),
        );
        await turns(2);
        await background_finished();
      });
      expect(records).to.deep.equal([
        {
          logger: "nuages.background",
          level: "error",
          message: `Background work failed: ${error.message}`,
          error,
        },
      ]);
    }
  });

  it("K2: runs once, however often the response is closed", () => {
    let runs = 0;
    const response = leaving(new HttpResponse(), () => (runs += 1));
    response.close();
    response.close();
    expect(runs).to.equal(1);
  });

  it("K2: may be set to nothing", () => {
    for (const background of [null, undefined]) {
      const response = Object.assign(new HttpResponse(), { background });
      response.close();
      expect(response._background_done).to.equal(undefined);
    }
    expect("background" in new HttpResponse()).to.equal(false);
  });

  it("K2: is called as a method, so that an object may hold what it needs", () => {
    class Mail implements BackgroundWork {
      readonly sent: string[] = [];
      call(): void {
        this.sent.push("mail");
      }
    }
    const background = new Mail();
    Object.assign(new HttpResponse(), { background }).close();
    expect(background.sent).to.deep.equal(["mail"]);
  });

  it("K2: has no language of a request, and sets it for nobody else", async () => {
    const before = get_language();
    const seen: unknown[] = [];
    const view = (): HttpResponse => {
      activate("fr");
      return leaving(new HttpResponse("page"), async () => {
        seen.push(get_language());
        activate("de");
        await turns();
        seen.push(get_language());
      });
    };
    await with_server([path("", view)], async (server) => {
      await (await server.fetch("/")).text();
      await until(() => seen.length === 2);
    });
    expect(seen).to.deep.equal([before, "de"]);
    expect(get_language()).to.equal(before);
  });
});

function throwing(error: Error): () => never {
  return () => {
    throw error;
  };
}

describe("core/handlers: who waits for work in the background", () => {
  quiet();

  it("K2: the test client does", () => {
    let is_over = false;
    const work = async (): Promise<void> => {
      await turns(3);
      is_over = true;
    };
    const view = (): HttpResponse => leaving(new HttpResponse("page"), work);
    return with_site([path("", view)], {}, async (client) => {
      await client.get("/");
      expect(is_over).to.equal(true);
      is_over = false;
      await client.head("/");
      expect(is_over).to.equal(true);
    });
  });

  it("K2: who reads a stream of the test client to its end does", () => {
    let is_over = false;
    const view = (): StreamingHttpResponse =>
      leaving(new StreamingHttpResponse(letters()), async () => {
        await turns(3);
        is_over = true;
      });
    return with_site([path("", view)], {}, async (client) => {
      const response = (await client.get("/")) as unknown as StreamingHttpResponse; // the view's
      const pieces: string[] = [];
      for await (const piece of response) {
        expect(is_over).to.equal(false);
        pieces.push(String(piece));
      }
      expect(pieces).to.deep.equal(["a", "b"]);
      expect(is_over).to.equal(true);
      is_over = false;
      await client.head("/");
      expect(is_over).to.equal(true);
    });
  });

  it("K2: a synchronous stream of the test client leaves that to background_finished()", () => {
    let is_over = false;
    const view = (): StreamingHttpResponse =>
      leaving(new StreamingHttpResponse(["a"]), async () => {
        await turns(3);
        is_over = true;
      });
    return with_site([path("", view)], {}, async (client) => {
      const response = (await client.get("/")) as unknown as StreamingHttpResponse; // the view's
      expect(response.getvalue().toString()).to.equal("a");
      expect(is_over).to.equal(false);
      await background_finished();
      expect(is_over).to.equal(true);
    });
  });

  it("K2: background_finished() waits for what begins meanwhile, too", async () => {
    await background_finished();
    const seen: string[] = [];
    const later = leaving(new HttpResponse(), async () => {
      await turns(3);
      seen.push("later");
    });
    leaving(new HttpResponse(), async () => {
      await turns(1);
      later.close();
      seen.push("first");
    }).close();
    await background_finished();
    expect(seen).to.deep.equal(["first", "later"]);
  });

  async function closed_while(
    call: () => unknown,
    options: ServeOptions = {},
    leave = false,
  ): Promise<void> {
    const stream = (): HttpResponseBase =>
      leaving(new StreamingHttpResponse(ticks(() => undefined)), call);
    const page = (): HttpResponseBase => leaving(new HttpResponse("page"), call);
    const view = (leave ? stream : page) as () => HttpResponse;
    const ROOT_URLCONF = { urlpatterns: [path("", view)] };
    await with_settings({ ROOT_URLCONF, ALLOWED_HOSTS: ["*"] }, async () => {
      const running = await serve({ port: 0, signals: false, skip_checks: true, ...options });
      const abort = new AbortController();
      const response = await fetch(running.url, { signal: abort.signal });
      if (!leave) await response.text();
      const closing = running.close();
      abort.abort();
      await closing;
    });
  }

  for (const leave of [false, true]) {
    it(`K2: close() of serve() does, ${leave ? "also when the last client leaves a stream" : "and until it is over"}`, async () => {
      let is_over = false;
      const work = async (): Promise<void> => {
        await turns(20);
        is_over = true;
      };
      await closed_while(work, {}, leave);
      expect(is_over).to.equal(true);
    });
  }

  it("K2, BG7: close() of serve() waits no longer than shutdown_timeout: what is left does not survive, and the log says so", async () => {
    const end = gate();
    const records = await logged(() => closed_while(() => end.promise, { shutdown_timeout: 50 }));
    expect(records.map(({ logger, level, message }) => [logger, level, message])).to.deep.equal([
      ["nuages.background", "warning", "The server closed before its background work: 1."],
    ]);
    end.open();
    await background_finished();
  });
});
