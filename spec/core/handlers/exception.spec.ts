/** `request.error_response`: a part of a site that answers its errors in a form of its own. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import {
  AttributeError,
  BadRequest,
  PermissionDenied,
  RequestDataTooBig,
  SuspiciousOperation,
} from "nuages/core/exceptions";
import { got_request_exception } from "nuages/core/signals";
import {
  type ErrorResponse,
  Http404,
  type HttpRequest,
  HttpResponse,
  type HttpResponseBase,
  JsonResponse,
} from "nuages/http";
import { path } from "nuages/urls";
import { MiddlewareMixin } from "nuages/utils/deprecation";
import { type AnyView, ask } from "../../support/ask.ts";
import { with_server } from "../../support/server.ts";
import { quiet } from "../../support/log.ts";

type LogLine = [logger: string, level: string, message: string];

const json: ErrorResponse = (_request, status, exception) =>
  new JsonResponse({ status, name: (exception as Error).constructor.name }, { status });

/** A view that sets the hook and then fails. */
function failing(error: unknown, hook: unknown = json): AnyView {
  return (request) => {
    request.error_response = hook as ErrorResponse;
    throw error;
  };
}

const kinds: [what: string, error: Error, status: number, log: LogLine][] = [
  ["Http404", new Http404("x"), 404, ["django.request", "warning", "Not Found: /"]],
  [
    "PermissionDenied",
    new PermissionDenied("x"),
    403,
    ["django.request", "warning", "Forbidden (Permission denied): /"],
  ],
  ["BadRequest", new BadRequest("x"), 400, ["django.request", "warning", "x: /"]],
  [
    "SuspiciousOperation",
    new SuspiciousOperation("x"),
    400,
    ["django.security.SuspiciousOperation", "error", "x"],
  ],
  [
    "RequestDataTooBig",
    new RequestDataTooBig("x"),
    400,
    ["django.security.RequestDataTooBig", "error", "x"],
  ],
  [
    "any other error",
    new AttributeError("x"),
    500,
    ["django.request", "error", "Internal Server Error: /"],
  ],
];

describe("core/handlers/exception: request.error_response", () => {
  for (const [what, error, expected, line] of kinds) {
    for (const DEBUG of [false, true]) {
      it(`K3: answers ${what}, logged as ever, DEBUG being ${DEBUG}`, async () => {
        const { status, text, records } = await ask(failing(error), { DEBUG });
        expect(status).to.equal(expected);
        expect(JSON.parse(text)).to.deep.equal({ status: expected, name: error.constructor.name });
        expect(records.map(({ logger, level, message }) => [logger, level, message])).to.deep.equal(
          [line],
        );
      });
    }

    it(`K3: goes before the handler of ${what} in the URLconf`, async () => {
      const site = (hook: unknown): object => ({
        urlpatterns: [path("", failing(error, hook) as () => HttpResponse)],
        [`handler${expected}`]: () => new HttpResponse("of the site", { status: expected }),
      });
      const own = await ask(failing(error), { ROOT_URLCONF: site(json) as never });
      expect(own.headers.get("content-type")).to.equal("application/json");
      const silent = await ask(failing(error), { ROOT_URLCONF: site(() => undefined) as never });
      expect([silent.status, silent.text]).to.deep.equal([expected, "of the site"]);
    });
  }

  const failures: [what: string, hook: unknown, message: string][] = [
    [
      "throws",
      () => {
        throw new Error("hook");
      },
      "hook",
    ],
    ["rejects", () => Promise.reject(new Error("hook")), "hook"],
    ["gives no response", () => 1, "gave 1"],
    [
      "gives a response that cannot be rendered",
      () =>
        Object.assign(new HttpResponse(), {
          render: () => {
            throw new Error("hook");
          },
        }),
      "hook",
    ],
  ];
  for (const [what, hook, message] of failures) {
    it(`K3: that ${what} is logged, and passed over`, async () => {
      for (const DEBUG of [false, true]) {
        const answer = await ask(failing(new PermissionDenied(), hook), { DEBUG });
        expect(answer.status).to.equal(403);
        expect(answer.text).to.contain("403 Forbidden");
        expect(answer.records.map(({ level }) => level)).to.deep.equal(["error", "warning"]);
        expect(answer.records[0]?.message)
          .to.contain("request.error_response")
          .and.contain(message);
        const broken = await ask(failing(new Error("first"), hook), { DEBUG });
        expect(broken.status).to.equal(500);
        expect(broken.text).to.contain(DEBUG ? "first" : "Server Error (500)");
        expect(broken.records.at(-1)?.error).to.have.property("message", "first");
      }
    });
  }

  it("K3: may answer asynchronously, with another status, and unrendered", async () => {
    class Late extends HttpResponse {
      render(): Promise<HttpResponseBase> {
        this.content = "rendered";
        return Promise.resolve(this);
      }
    }
    const hook = (): Promise<HttpResponse> => Promise.resolve(new Late("", { status: 413 }));
    const { status, text } = await ask(failing(new RequestDataTooBig(), hook));
    expect([status, text]).to.deep.equal([413, "rendered"]);
  });

  it("K3: is told the request and the error itself", async () => {
    const error = new Error("itself");
    const seen: unknown[] = [];
    let given: HttpRequest | undefined;
    const hook: ErrorResponse = (request, status, exception) => {
      seen.push(request === given, status, exception);
      return undefined;
    };
    await ask((request) => {
      given = request;
      return failing(error, hook)(request);
    });
    expect(seen).to.deep.equal([true, 500, error]);
  });

  it("K3: does not stand in the way of got_request_exception and process_exception", async () => {
    const error = new Error("boom");
    const seen: unknown[] = [];
    class Watching extends MiddlewareMixin {
      process_exception(_request: HttpRequest, exception: unknown): undefined {
        seen.push("process_exception", exception);
      }
    }
    const note = ({ exception }: { exception: unknown }): void =>
      void seen.push("signal", exception);
    got_request_exception.connect(note);
    try {
      const { status } = await ask(failing(error), { MIDDLEWARE: [Watching] });
      expect(status).to.equal(500);
    } finally {
      got_request_exception.disconnect(note);
    }
    expect(seen).to.deep.equal(["process_exception", error, "signal", error]);
  });

  it("K3: is not asked with DEBUG_PROPAGATE_EXCEPTIONS", async () => {
    const { status, text } = await ask(failing(new Error("boom")), {
      DEBUG_PROPAGATE_EXCEPTIONS: true,
    });
    expect([status, text]).to.deep.equal([500, "Server Error (500)"]);
  });

  it("K3: answers for a handler of the site that fails", async () => {
    const error = new Error("of the handler");
    const urlconf = {
      urlpatterns: [path("", failing(new Http404(), only_500) as () => HttpResponse)],
      handler404: () => {
        throw error;
      },
    };
    const { status, text } = await ask(failing(error), { ROOT_URLCONF: urlconf });
    expect([status, JSON.parse(text)]).to.deep.equal([500, { status: 500, name: "Error" }]);
  });

  it("K3: answers for a middleware inside of which it was set", async () => {
    class Failing extends MiddlewareMixin {
      override process_response(): HttpResponseBase {
        throw new PermissionDenied();
      }
    }
    const view: AnyView = (request) => {
      request.error_response = json;
      return new HttpResponse();
    };
    const { status, text } = await ask(view, { MIDDLEWARE: [Failing] });
    expect([status, JSON.parse(text)]).to.deep.equal([
      403,
      { status: 403, name: "PermissionDenied" },
    ]);
  });

  it("K3: does not show on a request that nobody set it on", () => {
    return ask((request) => new HttpResponse(String("error_response" in request))).then(
      ({ text }) => expect(text).to.equal("false"),
    );
  });
});

const only_500: ErrorResponse = (request, status, exception) =>
  status === 500 ? json(request, status, exception) : undefined;

describe("core/handlers/exception: request.error_response, where a body does not arrive", () => {
  quiet();

  it("K3: is told of the 408", async () => {
    class Setting extends MiddlewareMixin {
      override process_request(request: HttpRequest): undefined {
        request.error_response = json;
      }
    }
    const view = (request: HttpRequest): HttpResponse => new HttpResponse(request.body);
    await with_server(
      [path("", view)],
      async (server) => {
        const answer = await server.raw(
          "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab",
        );
        expect(answer).to.match(/^HTTP\/1\.1 408 /);
        expect(answer).to.contain('{"status": 408, "name": "UnreadablePostError"}');
      },
      { MIDDLEWARE: [Setting] },
      { body_timeout: 20 },
    );
  });
});
