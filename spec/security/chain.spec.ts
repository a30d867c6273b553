/**
 * Security of the chain: what becomes of errors. A rejection that nobody handles fails the spec during which it happens:
 * mocha sees to that. @module
 */
import { truncateSync, writeFileSync } from "node:fs";
import { expect } from "chai";
import { describe, it } from "mocha";
import type { Settings } from "nuages/conf";
import {
  BadRequest,
  DisallowedHost,
  RequestDataTooBig,
  SuspiciousOperation,
  TooManyFieldsSent,
  TooManyFilesSent,
  ValueError,
} from "nuages/core/exceptions";
import { open_file } from "../../src/core/files/_disk.ts";
import { got_request_exception } from "nuages/core/signals";
import { FileResponse, type HttpRequest, HttpResponse, StreamingHttpResponse } from "nuages/http";
import { MultiPartParserError } from "nuages/http/multipartparser";
import type { GetResponse, MiddlewareEntry } from "nuages/utils/deprecation";
import { set_log_sink } from "nuages/utils/log";
import { type AnyView, ask, site } from "../support/ask.ts";
import { run_alone } from "../support/child.ts";
import { cpu_time_of } from "../support/cpu_time.ts";
import { temporary_directory } from "../support/files.ts";
import { logged } from "../support/log.ts";
import { with_server } from "../support/server.ts";
import { turns } from "../support/turns.ts";

/** A function that throws, whatever it is called with. */
function throws(error: unknown): () => never {
  return () => {
    throw error;
  };
}

describe("security/chain: a view that throws", () => {
  const boom = new Error("boom");
  const throwing: [how: string, view: AnyView][] = [
    ["at once", throws(boom)],
    ["as a rejection", () => Promise.reject(boom)],
    ["after an await", () => turns().then(throws(boom))],
    [
      "inside a callback it awaits",
      () => new Promise((_, reject) => setImmediate(() => reject(boom))),
    ],
  ];
  for (const [how, view] of throwing) {
    it(`C1: ${how} is answered with 500 and logged once`, async () => {
      const { status, text, records } = await ask(view);
      expect([status, text.includes("boom")]).to.deep.equal([500, false]);
      const told = records.map(({ logger, level, error }) => [logger, level, error]);
      expect(told).to.deep.equal([["django.request", "error", boom]]);
    });
  }

  const unreadable = (object: object, name: string): object =>
    Object.defineProperty(object, name, { get: throws(new Error(`no ${name}`)) });
  const traps: ProxyHandler<object> = new Proxy({}, { get: () => throws(new Error("trap")) });
  const cyclic = new Error("inner");
  cyclic.cause = new Error("outer", { cause: cyclic });
  const odd: [what: string, thrown: unknown][] = [
    ["null", null],
    ["undefined", undefined],
    ["a string", "text"],
    ["a Symbol", Symbol("s")],
    ["an error whose message cannot be read", unreadable(new Error("x"), "message")],
    ["an error whose name cannot be read", unreadable(new Error("x"), "name")],
    ["an error whose stack cannot be read", unreadable(new Error("x"), "stack")],
    ["an object whose message cannot be read", unreadable({}, "message")],
    ["an object that has no text", { toString: throws(new Error("no text")) }],
    ["an object without a prototype", Object.create(null)],
    ["a Proxy that throws on everything", new Proxy({}, traps)],
    ["a function behind such a Proxy", new Proxy(() => undefined, traps)],
    ["an error that is its own cause's cause", cyclic],
  ];
  for (const [what, thrown] of odd) {
    for (const DEBUG of [false, true]) {
      it(`C2: ${what} is answered with 500 within 50 ms, DEBUG ${DEBUG ? "on" : "off"}`, async () => {
        const { status, records } = await ask(throws(thrown), { DEBUG });
        expect(status).to.equal(500);
        expect(records.filter(({ level }) => level === "error").length).to.equal(1);
        expect(await cpu_time_of(() => ask(throws(thrown), { DEBUG }))).to.be.below(50);
      });
    }

    it(`C2: ${what} is written to standard error`, async () => {
      const written: unknown[] = [];
      const { write } = process.stderr;
      process.stderr.write = (text: unknown) => written.push(text) > 0;
      try {
        await ask(() => {
          set_log_sink();
          throw thrown;
        });
      } finally {
        process.stderr.write = write;
      }
      expect(written.join("")).to.match(/^ERROR django\.request: Internal Server Error: \/\n/m);
    });
  }

  const given: [what: string, value: unknown, complaint: RegExp][] = [
    ["undefined", undefined, /^The view silent \(route ''\) gave nothing/],
    ["a string", "text", /^The view silent \(route ''\) gave 'text'/],
    ["an object", {}, /^The view silent \(route ''\) gave \{\}/],
  ];
  for (const [what, value, complaint] of given) {
    it(`C3: or gives ${what} is answered with 500, and the log names it`, async () => {
      const { status, records } = await ask(function silent() {
        return value;
      });
      expect(status).to.equal(500);
      expect(records.map(({ error }) => error))
        .to.have.lengthOf(1)
        .with.nested.property("[0].message")
        .that.matches(complaint);
      expect(records[0]?.error).to.be.instanceOf(ValueError);
    });
  }
});

/** Whether the bytes are an answer that a client takes for complete. */
function is_whole(answer: string): boolean {
  const [head = "", body = ""] = answer.split(/\r\n\r\n([^]*)/, 2);
  const announced = /^Content-Length: (\d+)$/im.exec(head)?.[1];
  return announced === undefined ? body.endsWith("0\r\n\r\n") : body.length === Number(announced);
}

describe("security/chain: a stream that breaks off", () => {
  const GET = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
  const directory = temporary_directory({});

  async function* failing(): AsyncGenerator<string> {
    yield "first";
    await turns();
    throw new Error("the source is dry");
  }
  function* failing_oddly(): Generator<string> {
    yield "first";
    throws(new Proxy({}, { getPrototypeOf: throws(new Error("trap")) }))();
  }
  function failing_file(): object {
    let blocks = 0;
    const read = (): string => (blocks++ === 0 ? "first" : throws(new Error("no disk"))());
    return { read, close: () => undefined };
  }
  function shrinking_file(): FileResponse {
    const name = directory.path("shrinking.txt");
    writeFileSync(name, "first".repeat(200_000));
    const response = new FileResponse(open_file(name));
    truncateSync(name, 100_000);
    return response;
  }
  const streams: [what: string, view: AnyView][] = [
    ["whose generator throws", () => new StreamingHttpResponse(failing())],
    [
      "whose generator throws what cannot be read",
      () => new StreamingHttpResponse(failing_oddly()),
    ],
    ["whose file cannot be read on", () => new FileResponse(failing_file())],
    ["whose file became shorter", shrinking_file],
  ];
  for (const [what, view] of streams) {
    it(`C4: ${what} is cut so that nobody takes it for complete, and logged once`, async () => {
      const records = await logged(() =>
        with_server(site(view), async (server) => {
          const answer = await server.raw(GET);
          expect(answer).to.match(/^(HTTP\/1\.1 200 |$)/);
          expect(is_whole(answer)).to.equal(false);
        }),
      );
      expect(records.map(({ logger, level }) => [logger, level])).to.deep.equal([
        ["django.request", "error"],
      ]);
    });

    it(`C4: ${what} cannot be read to its end behind the Fetch door`, async () => {
      let failure: unknown;
      await ask(view).catch((error: unknown) => (failure = error));
      expect(failure === undefined).to.equal(false);
    });
  }
});

describe("security/chain: errors that are the client's", () => {
  const SECRET = "what only the log may know";
  const errors: [error: Error, logger: string][] = [
    [new SuspiciousOperation(SECRET), "django.security.SuspiciousOperation"],
    [new DisallowedHost(SECRET), "django.security.DisallowedHost"],
    [new BadRequest(SECRET), "django.request"],
    [new MultiPartParserError(SECRET), "django.request"],
    [new TooManyFieldsSent(SECRET), "django.security.TooManyFieldsSent"],
    [new TooManyFilesSent(SECRET), "django.security.TooManyFilesSent"],
    [new RequestDataTooBig(SECRET), "django.security.RequestDataTooBig"],
  ];
  const page: AnyView = () => new HttpResponse("page");
  const places: [
    where: string,
    throwing: (error: Error) => [view: AnyView, settings: Partial<Settings>],
  ][] = [
    ["a view", (error) => [throws(error), {}]],
    ["an asynchronous view", (error) => [() => Promise.reject(error), {}]],
    ["a middleware on the way in", (error) => [page, { MIDDLEWARE: [() => throws(error)] }]],
    ["a middleware on the way out", (error) => [page, { MIDDLEWARE: [throwing_after(error)] }]],
    ["process_view", (error) => [page, { MIDDLEWARE: [in_process_view(error)] }]],
  ];
  for (const [error, logger] of errors) {
    for (const [where, throwing] of places) {
      it(`C5: ${error.name} from ${where} is 400, and told to ${logger} alone`, async () => {
        const [view, settings] = throwing(error);
        const { status, text, records } = await ask(view, settings);
        expect([status, text.includes(SECRET)]).to.deep.equal([400, false]);
        expect(records.map((record) => record.logger)).to.deep.equal([logger]);
      });
    }
  }
});

function throwing_after(error: Error): MiddlewareEntry {
  return (get_response: GetResponse) => async (request: HttpRequest) => {
    await get_response(request);
    throw error;
  };
}

function in_process_view(error: Error): MiddlewareEntry {
  return class {
    readonly call: GetResponse;
    constructor(get_response: GetResponse) {
      this.call = get_response;
    }
    process_view(): never {
      throw error;
    }
  };
}

describe("security/chain: what fails while an error is handled", () => {
  const first = new Error("the first");
  const second = new Error("the second");
  const GET = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

  async function both_doors(
    settings: Partial<Settings>,
    urlconf: object,
  ): Promise<[answer: string, errors: unknown[]][]> {
    const { status, text, records } = await ask(throws(first), {
      ...settings,
      ROOT_URLCONF: { urlpatterns: site(throws(first)), ...urlconf },
    });
    let answer = "";
    const at_node = await logged(() =>
      with_server(
        site(throws(first)),
        async (server) => {
          answer = await server.raw(GET);
          expect(await server.raw(GET)).to.match(/^HTTP\/1\.1 500 /); // the process serves on
        },
        { ...settings, ROOT_URLCONF: { urlpatterns: site(throws(first)), ...urlconf } },
      ),
    );
    return [
      [`${status} ${text}`, records.map(({ error }) => error)],
      [answer, at_node.slice(0, at_node.length / 2).map(({ error }) => error)],
    ];
  }

  const traps = new Proxy({}, { getPrototypeOf: throws(second) });
  for (const [what, thrown] of [
    ["throws", second],
    ["throws what cannot be read", traps],
  ] as const) {
    it(`C6: handler500 that ${what}: a plain 500, both errors logged, the first one first`, async () => {
      for (const [answer, errors] of await both_doors({}, { handler500: throws(thrown) })) {
        expect(answer).to.match(/\b500\b[^]*Server Error \(500\)$/);
        expect(errors.length).to.equal(2);
        expect(errors[0]).to.equal(first);
        expect(errors[1] === thrown).to.equal(true);
      }
    });

    it(`C6: a receiver of got_request_exception that ${what}: the same`, async () => {
      const receiver = throws(thrown);
      got_request_exception.connect(receiver);
      try {
        for (const [answer, errors] of await both_doors({}, {})) {
          expect(answer).to.match(/\b500\b[^]*Server Error \(500\)$/);
          expect(errors.length).to.equal(2);
          expect(errors[0]).to.equal(first);
          expect(errors[1] === thrown).to.equal(true);
        }
      } finally {
        got_request_exception.disconnect(receiver);
      }
    });
  }

  it("C6: a middleware that throws on the way out: the page of a 500, both errors logged", async () => {
    const { status, text, records } = await ask(throws(first), {
      MIDDLEWARE: [throwing_after(second)],
    });
    expect([status, text]).to.deep.equal([500, (await ask(throws(first))).text]);
    expect(records.map(({ error }) => error)).to.deep.equal([first, second]);
  });
});

describe("security/chain: input that makes programs call themselves", () => {
  it("C9: nested JSON, template tags and groups of a pattern end no process", async () => {
    const printed = await run_alone(`
      import { AsyncLocalStorage } from "node:async_hooks";
      import { settings } from "nuages/conf";
      import { get_fetch_application } from "nuages/core/handlers/fetch";
      import { JSONSerializer } from "nuages/core/signing";
      import { HttpResponse } from "nuages/http";
      import { engines } from "nuages/template";
      import { path, re_path } from "nuages/urls";
      import { set_log_sink } from "nuages/utils/log";

      const template = (source) => engines.all()[0].from_string(source).render();
      const work = {
        json: () => new JSONSerializer().loads(Buffer.from("[".repeat(100_000) + "]".repeat(100_000))),
        no_json: () => new JSONSerializer().loads(Buffer.from("[".repeat(100_000))),
        tags: () => template("{% if a %}".repeat(20_000) + "{% endif %}".repeat(20_000)),
        parentheses: () => template("{{ " + "(".repeat(20_000) + "1" + ")".repeat(20_000) + " }}"),
        groups: () => re_path("(".repeat(10_000) + ")".repeat(10_000), () => new HttpResponse("")).resolve("x"),
        endless: function again() { return again() + 1; },
      };
      const view = (request, { name }) => {
        work[name]();
        return new HttpResponse("done");
      };
      settings.configure({ SECRET_KEY: "s".repeat(50), ALLOWED_HOSTS: ["*"], ROOT_URLCONF: [path("<name>/", view)] });
      set_log_sink(() => {});
      const application = get_fetch_application();
      await new AsyncLocalStorage().run({}, async () => {
        for (const name of Object.keys(work)) {
          const { status } = await application(new Request("http://a.example/" + name + "/"));
          console.log(name, status);
        }
      });
    `);
    expect(printed).to.match(
      /^json 200\nno_json 500\ntags [25]00\nparentheses [25]00\ngroups [25]00\nendless 500\n$/,
    );
  }).timeout(20_000);
});
