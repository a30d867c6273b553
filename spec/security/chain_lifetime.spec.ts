/** Security of the chain: what one request may learn of another, and what is left when a client goes away. @module */
import { EventEmitter, once } from "node:events";
import { readdirSync } from "node:fs";
import type { Socket } from "node:net";
import { expect } from "chai";
import { describe, it } from "mocha";
import { MemoryFileUploadHandler } from "nuages/core/files/uploadhandler";
import { BaseHandler } from "nuages/core/handlers";
import {
  type HttpRequest,
  HttpResponse,
  HttpResponseForbidden,
  JsonResponse,
  StreamingHttpResponse,
} from "nuages/http";
import { Client } from "nuages/test";
import {
  get_script_prefix,
  get_urlconf,
  path,
  set_script_prefix,
  set_urlconf,
  type URLConf,
  type URLPatterns,
} from "nuages/urls";
import * as timezone from "nuages/utils/timezone";
import * as translation from "nuages/utils/translation";
import { deferred_upload } from "nuages/views/decorators/upload";
import { type AnyView, site } from "../support/ask.ts";
import { run_alone } from "../support/child.ts";
import { temporary_directory } from "../support/files.ts";
import { logged, quiet } from "../support/log.ts";
import { type TestServer, with_server } from "../support/server.ts";
import { with_settings } from "../support/settings.ts";
import { gate, turns, until } from "../support/turns.ts";
import { FakeWire, WiredRequest } from "../support/wire.ts";

const GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
const BOUNDARY = "multipart/form-data; boundary=sep";
const UPLOAD =
  '--sep\r\nContent-Disposition: form-data; name="f"; filename="x.txt"\r\n\r\n' +
  `${"x".repeat(1000)}\r\n--sep--\r\n`;

/** A POST of this body, of which `sent` bytes are sent. */
function post(body: string, content_type: string, sent: number = body.length): string {
  return (
    `POST / HTTP/1.1\r\nHost: x\r\nContent-Type: ${content_type}\r\n` +
    `Content-Length: ${body.length}\r\n\r\n${body.slice(0, sent)}`
  );
}

/** Sends bytes over a connection of its own. */
async function send(server: TestServer, bytes: string): Promise<Socket> {
  const socket = await server.connect();
  socket.on("error", () => undefined);
  socket.write(bytes);
  return socket;
}

describe("security/chain: one request beside another", () => {
  interface Seen {
    language: string | null;
    zone: string;
    prefix: string;
    urlconf: URLConf | undefined;
  }
  const seen = (): Seen => ({
    language: translation.get_language(),
    zone: timezone.get_current_timezone(),
    prefix: get_script_prefix(),
    urlconf: get_urlconf(),
  });

  it("C7: each of 500 requests at once reads back the language, time zone, prefix and URLconf it set", async () => {
    const languages = ["de", "fr", "ja", "pt-br", "he"];
    const zones = ["Europe/Rome", "Asia/Tokyo", "America/Lima"];
    const urlconfs: URLPatterns[] = [[], [], [], []];
    const expected = (n: number): Seen => ({
      language: languages[n % 5] ?? "",
      zone: zones[n % 3] ?? "",
      prefix: `/p${n}/`,
      urlconf: urlconfs[n % 4],
    });
    let wrong = 0;
    const view = async (_request: HttpRequest, { n }: { n: number }): Promise<HttpResponse> => {
      const { language, zone, prefix, urlconf } = expected(n);
      await turns((n * 7) % 13); // as good as at random, and the same every time
      translation.activate(language);
      timezone.activate(zone);
      set_script_prefix(prefix);
      set_urlconf(urlconf);
      for (let i = 0; i < 3; i++) {
        await turns((n * 11 + i) % 17);
        const { urlconf: own, ...rest } = seen();
        const { urlconf: wanted, ...others } = expected(n);
        if (own !== wanted || JSON.stringify(rest) !== JSON.stringify(others)) wrong += 1;
      }
      return new HttpResponse("done");
    };
    const reading = (): JsonResponse => new JsonResponse(seen());
    await with_settings(
      { ROOT_URLCONF: [path("set/<int:n>/", view), path("read/", reading)] },
      async () => {
        const client = new Client();
        const before = seen();
        const requests = Array.from({ length: 500 }, (_, n) => client.get(`/set/${n}/`));
        const answers = await Promise.all(requests);
        expect(answers.filter(({ status_code }) => status_code !== 200)).to.deep.equal([]);
        expect(wrong).to.equal(0);
        const after = await client.get("/read/");
        expect(after.json()).to.deep.equal({ ...before, urlconf: null });
        expect(seen()).to.deep.equal(before);
      },
    );
  });

  it("C7: so do the first requests of a process, whose URLconf a middleware has waited for", async () => {
    const printed = await run_alone(`
      import { settings } from "nuages/conf";
      import { BaseHandler } from "nuages/core/handlers";
      import { HttpRequest, HttpResponse } from "nuages/http";
      import { path, reverse } from "nuages/urls";

      const turn = () => new Promise((resolve) => setImmediate(resolve));
      const view = async (request) => {
        for (let n = request.n % 5; n >= 0; n--) await turn();
        return new HttpResponse(reverse("page"));
      };
      const urlconfs = [0, 1, 2].map((n) => [path("", view), path("tenant" + n + "/", view, { name: "page" })]);
      const of_tenant = (get_response) => async (request) => {
        for (let n = request.n % 7; n >= 0; n--) await turn();
        if (request.n < 60) request.urlconf = urlconfs[request.n % 3];
        return get_response(request);
      };
      settings.configure({
        SECRET_KEY: "s".repeat(50),
        MIDDLEWARE: [of_tenant],
        ROOT_URLCONF: [path("", view), path("root/", view, { name: "page" })],
      });
      const handler = new BaseHandler();
      const ask = async (n) => {
        const request = Object.assign(new HttpRequest(), { n, method: "GET", path: "/", path_info: "/" });
        return (await handler.get_response(request)).text;
      };
      const wanted = (n) => (n < 60 ? "/tenant" + (n % 3) + "/" : "/root/");
      const answers = await Promise.all(Array.from({ length: 100 }, (_, n) => ask(n)));
      console.log(answers.filter((answer, n) => answer !== wanted(n)).length, await ask(100), reverse("page"));
    `);
    expect(printed).to.equal("0 /root/ /root/\n");
  }).timeout(20_000);

  it("C8: what the first request leaves behind fires in its own context, and changes nothing in the second's", async () => {
    const bell = new EventEmitter();
    const [first_over, second_in, late_done] = [gate(), gate(), gate()];
    const late: (string | null)[] = [];
    const leave_behind = (): HttpResponse => {
      translation.activate("de");
      void second_in.promise.then(() => {
        late.push(translation.get_language());
        translation.activate("fr");
        late_done.open();
      });
      bell.once("ring", () => late.push(translation.get_language()));
      return new HttpResponse("left");
    };
    const second = async (): Promise<HttpResponse> => {
      const before = translation.get_language();
      translation.activate("ja");
      second_in.open();
      await late_done.promise;
      first_over.open();
      await turns();
      return new JsonResponse([before, translation.get_language()], { safe: false });
    };
    await with_server([path("first/", leave_behind), path("second/", second)], async (server) => {
      const socket = await send(server, GET.replace("/", "/first/")); // both on one connection
      let received = "";
      socket.on("data", (data: Buffer) => (received += data.toString()));
      await until(() => received.endsWith("left"));
      socket.write(GET.replace("/", "/second/"));
      await first_over.promise;
      bell.emit("ring");
      await until(() => received.endsWith("]"));
      expect(received).to.contain('["en-us", "ja"]');
      expect(late).to.deep.equal(["de", "en-us"]);
      socket.destroy();
    });
  });
});

describe("security/chain: a body nobody asked for", () => {
  let made = 0;
  class CountedHandler extends MemoryFileUploadHandler {
    constructor(request?: HttpRequest) {
      super(request);
      made += 1;
    }
  }
  const answered: [by: string, middleware: () => HttpResponse, urlpatterns: AnyView | undefined][] =
    [
      ["a middleware", () => new HttpResponseForbidden(), () => new HttpResponse()],
      ["no URL", () => new HttpResponse(), undefined],
    ];
  for (const [by, middleware, view] of answered) {
    for (const [what, content_type, body] of [
      ["an upload", BOUNDARY, UPLOAD],
      ["a form", "application/x-www-form-urlencoded", "a=1"],
      ["bytes", "application/octet-stream", "abc"],
    ] as const) {
      it(`C10: ${what} is not read, nor a handler made, if ${by} answers`, async () => {
        const wire = new FakeWire([body]);
        const request = new WiredRequest(wire, content_type);
        request.path = request.path_info = "/";
        made = 0;
        const settings = {
          MIDDLEWARE: view === undefined ? [] : [() => middleware],
          ROOT_URLCONF: view === undefined ? [] : site(view),
          FILE_UPLOAD_HANDLERS: [CountedHandler],
        };
        let status = 0;
        await with_settings(settings, () =>
          logged(async () => {
            const response = await new BaseHandler().get_response(request);
            status = response.status_code;
            response.close();
          }),
        );
        expect([status, wire.taken, made]).to.deep.equal([view === undefined ? 404 : 403, 0, 0]);
      });
    }
  }
});

describe("security/chain: the end of a response", () => {
  it("C11: each closer runs once, whichever throws, however often it is closed", () => {
    const ran: number[] = [];
    const response = new HttpResponse();
    for (const n of [1, 2, 3]) {
      response._resource_closers.push(() => {
        ran.push(n);
        if (n === 2) throw new Error("cannot be closed");
      });
    }
    response.close();
    response.close();
    expect(ran).to.deep.equal([1, 2, 3]);
  });

  it("C11: the same when the client goes away at that moment", async () => {
    const ran: number[] = [];
    const left = gate();
    function* endless(): Generator<string> {
      for (;;) yield "x".repeat(65_536);
    }
    let response = new StreamingHttpResponse();
    const view = (request: HttpRequest): StreamingHttpResponse => {
      response = new StreamingHttpResponse(endless());
      for (const n of [1, 2, 3]) {
        response._resource_closers.push(() => {
          ran.push(n);
          if (n === 2) throw new Error("cannot be closed");
        });
      }
      request.signal.addEventListener("abort", () => {
        response.close();
        left.open();
      });
      return response;
    };
    await with_server(site(view), async (server) => {
      const socket = await send(server, GET);
      await once(socket, "data");
      socket.destroy();
      await left.promise;
      await turns(10);
      expect(ran).to.deep.equal([1, 2, 3]);
    });
  });
});

/** Waits until the client is gone. */
async function gone(request: HttpRequest): Promise<void> {
  if (!request.signal.aborted) await once(request.signal, "abort");
}

describe("security/chain: a client that goes away before the answer", () => {
  quiet();
  const directory = temporary_directory({});
  const settings = { FILE_UPLOAD_MAX_MEMORY_SIZE: 100, FILE_UPLOAD_TEMP_DIR: "" };

  /** Sends the bytes, leaves while the view runs, and asks the server for another page afterwards. */
  async function abandon(bytes: string, view: AnyView): Promise<void> {
    const [entered, over] = [gate(), gate()];
    const watched = async (request: HttpRequest): Promise<HttpResponse> => {
      entered.open();
      try {
        return (await view(request)) as HttpResponse; // or something wrong
      } finally {
        over.open();
      }
    };
    const urlpatterns = [
      ...site(bytes === half ? deferred_upload(watched) : watched),
      path("alive/", () => new HttpResponse("alive")),
    ];
    await with_server(
      urlpatterns,
      async (server) => {
        const socket = await send(server, bytes);
        await entered.promise;
        socket.destroy();
        await over.promise;
        await turns(5);
        const answer = await server.fetch("/alive/");
        expect(await answer.text()).to.equal("alive");
      },
      { ...settings, FILE_UPLOAD_TEMP_DIR: directory.root },
    );
  }

  const form = post("a=1", "application/x-www-form-urlencoded");
  const half = post(UPLOAD, BOUNDARY, 200);
  let closed = 0;
  const closing = <R extends HttpResponse | StreamingHttpResponse>(response: R): R => {
    response._resource_closers.push(() => (closed += 1));
    return response;
  };
  const views: [what: string, bytes: string, view: AnyView, closes: number][] = [
    [
      "looks at POST",
      form,
      async (request) => {
        await gone(request);
        return closing(new HttpResponse(request.POST.get("a")));
      },
      1,
    ],
    [
      "wants the rest of the body",
      half,
      async (request) => {
        await gone(request);
        await request.load().catch(() => undefined);
        return closing(new HttpResponse());
      },
      1,
    ],
    [
      "throws",
      GET,
      async (request) => {
        await gone(request);
        throw new Error("too late");
      },
      0,
    ],
    ["gives nothing", GET, (request) => gone(request), 0],
    [
      "writes to the response",
      GET,
      async (request) => {
        const response = closing(new HttpResponse("first"));
        await gone(request);
        response.write("second");
        void turns(3).then(() => response.write("third"));
        return response;
      },
      1,
    ],
    [
      "gives a stream",
      GET,
      async (request) => {
        await gone(request);
        return closing(new StreamingHttpResponse(["first", "second"]));
      },
      1,
    ],
  ];
  for (const [what, bytes, view, closes] of views) {
    it(`C12: a view that then ${what} harms nobody`, async () => {
      closed = 0;
      await abandon(bytes, view);
      expect(closed).to.equal(closes);
      expect(readdirSync(directory.root)).to.deep.equal([]);
    });
  }

  it("C3: a view that never answers keeps nothing of its request", async () => {
    const entered = gate();
    let where = "";
    const view = (request: HttpRequest): Promise<HttpResponse> => {
      where = readdirSync(directory.root).join();
      expect(request.FILES.size).to.equal(1);
      entered.open();
      return new Promise(() => undefined);
    };
    await with_server(
      site(view),
      async (server) => {
        const socket = await send(server, post(UPLOAD, BOUNDARY));
        await entered.promise;
        expect(where).to.match(/\.upload\.txt$/);
        socket.destroy();
        await until(() => readdirSync(directory.root).length === 0);
        expect(readdirSync(directory.root)).to.deep.equal([]);
      },
      { ...settings, FILE_UPLOAD_TEMP_DIR: directory.root },
    );
  });
});
