/** Specification of nuages/api: exception handlers of layers, and what is not for errors. @module */
import { decode } from "@msgpack/msgpack";
import { expect } from "chai";
import { describe, it } from "mocha";
import { Conflict, NotFound } from "nuages/api/exceptions";
import { JSONRenderer, MessagePackRenderer, TemplateRenderer } from "nuages/api/renderers";
import { HTML, PlainText, Redirect, Reply } from "nuages/api/responses";
import type { ExceptionHandler, Layer, Spec } from "nuages/api/spec";
import { Http404, HttpResponse, type HttpRequest } from "nuages/http";
import { Client } from "nuages/test";
import { path } from "nuages/urls";
import { z } from "zod";
import { ask_endpoint, ask_failing, made } from "../support/endpoints.ts";
import { quiet } from "../support/log.ts";
import { with_settings } from "../support/settings.ts";
import { turns } from "../support/turns.ts";

const JSON_TYPE = "application/json";

class Base extends Error {}
class Special extends Base {}

describe("api/errors: exception handlers", () => {
  quiet();
  const says =
    (text: string): ExceptionHandler[1] =>
    () =>
      new PlainText(text);

  /** The text that answers an error, with these handlers, those of the outer layer first. */
  async function answered(error: unknown, ...layers: ExceptionHandler[][]): Promise<string> {
    const { API } = await import("nuages/api/api");
    const [outer, inner, near] = [...layers, [], []];
    const api = new API({ openapi: null, exception_handlers: outer });
    const router = api.router("", { exception_handlers: inner });
    router.get("", { exception_handlers: near }, () => {
      throw error;
    });
    let text = "";
    const urlpatterns = [path("", api.urls)];
    await with_settings({ ROOT_URLCONF: { urlpatterns }, MIDDLEWARE: [] }, async () => {
      const response = await new Client({ raise_request_exception: false }).get("/");
      text =
        response.get("Content-Type") === JSON_TYPE ? `own ${response.status_code}` : response.text;
    });
    return text;
  }

  const choices: [what: string, error: unknown, layers: ExceptionHandler[][], answer: string][] = [
    [
      "EF5: the nearest layer's",
      new Special(),
      [[[Special, says("outer")]], [[Base, says("inner")]]],
      "inner",
    ],
    [
      "EF5: an outer one's, if the nearer has none that fits",
      new Base(),
      [[[Base, says("outer")]], [[Special, says("inner")]]],
      "outer",
    ],
    [
      "EF5: in a layer the most specific class's",
      new Special(),
      [
        [
          [Error, says("error")],
          [Special, says("special")],
          [Base, says("base")],
        ],
      ],
      "special",
    ],
    ["EF5: by status", new NotFound(), [[[404, says("by status")]]], "by status"],
    ["EF5: by the status of Http404", new Http404(), [[[404, says("by status")]]], "by status"],
    [
      "EF5: any class that fits before a status",
      new NotFound(),
      [
        [
          [404, says("by status")],
          [Error, says("by class")],
        ],
      ],
      "by class",
    ],
    ["EF5: 500 is any other error", new Error("x"), [[[500, says("by status")]]], "by status"],
    ["EF5: and what is no error", "x", [[[500, says("by status")]]], "by status"],
    [
      "EF5: or null",
      null,
      [
        [
          [500, says("by status")],
          [Error, says("by class")],
        ],
      ],
      "by status",
    ],
    [
      "EF5: none that fits",
      new Error("x"),
      [
        [
          [Special, says("special")],
          [404, says("by status")],
        ],
      ],
      "own 500",
    ],
  ];
  for (const [what, error, layers, answer] of choices) {
    it(`${what}: ${answer}`, async () => {
      expect(await answered(error, ...layers)).to.equal(answer);
    });
  }

  it("EF5: a handler that throws passes on, to the outer layers and then to us", async () => {
    const rethrow: ExceptionHandler[1] = (_request, error: Error) => {
      throw error;
    };
    const other: ExceptionHandler[1] = () => {
      throw new NotFound();
    };
    const nothing: ExceptionHandler[1] = () => undefined;
    expect(await answered(new Special(), [[Base, says("outer")]], [[Special, rethrow]])).to.equal(
      "outer",
    );
    expect(await answered(new Special(), [[404, says("outer")]], [[Special, other]])).to.equal(
      "outer",
    );
    expect(await answered(new Special(), [[Special, other]])).to.equal("own 404");
    expect(await answered(new Special(), [[Special, rethrow]])).to.equal("own 500");
    expect(await answered(new Special(), [[Special, nothing]])).to.equal("own 500");
    expect(await answered(new Special(), [[Error, says("outer")]], [[Special, nothing]])).to.equal(
      "outer",
    );
  });

  it("EF5: by the status of a response that does not fit", async () => {
    const spec: Spec = {
      response: z.int(),
      response_error_status: 422,
      exception_handlers: [[422, says("unfit")]],
    };
    expect((await ask_endpoint(spec, () => "x")).text).to.equal("unfit");
  });

  it("EF5: an asynchronous handler is waited for; it gets the request and the error", async () => {
    const error = new Special("why");
    const spec: Spec = {
      exception_handlers: [
        [
          Special,
          async (request: HttpRequest, { message }: Special) => {
            await turns();
            return `${request.path} ${message}`;
          },
        ],
      ],
    };
    expect((await ask_failing(error, spec)).text).to.equal("/ why");
  });

  const values: [
    what: string,
    value: () => unknown,
    error: unknown,
    status: number,
    text: string,
  ][] = [
    ["data have the status of the error", () => ({ n: 1 }), new Conflict(), 409, '{"n":1}'],
    ["data of an error without one", () => ({ n: 1 }), new Special(), 500, '{"n":1}'],
    ["null is data", () => null, new Conflict(), 409, "null"],
    ["text", () => "x", new Conflict(), 409, "x"],
    ["bytes", () => Uint8Array.of(97), new Conflict(), 409, "a"],
    ["a Reply without a status", () => new Reply({ n: 1 }), new Conflict(), 409, '{"n":1}'],
    [
      "a Reply with its own",
      () => new Reply({ n: 1 }, { status: 410 }),
      new Conflict(),
      410,
      '{"n":1}',
    ],
    ["a page", () => new HTML("<b>"), new Conflict(), 409, "<b>"],
    ["a redirect", () => new Redirect("/x"), new Conflict(), 302, ""],
    ["Django's own response", () => new HttpResponse("x"), new Conflict(), 200, "x"],
    ["a Fetch Response", () => new Response("x"), new Conflict(), 200, "x"],
    ["no content", () => new Reply({ n: 1 }, { status: 204 }), new Conflict(), 204, ""],
  ];
  for (const [what, value, error, status, text] of values) {
    it(`EF5: the value goes the way of a handler's: ${what}: ${status}`, async () => {
      // neither the declared model, nor the type or the status of success is for it
      const spec: Spec = {
        response: { 201: z.object({ m: z.int() }) },
        status: 201,
        exception_handlers: [[Error, value]],
      };
      const got = await ask_failing(error, spec);
      expect([got.status, got.text]).to.deep.equal([status, text]);
    });
  }

  it("EF5: data are in a format that the errors of the endpoint may have", async () => {
    const exception_handlers: ExceptionHandler[] = [[Special, () => ({ n: 1 })]];
    const page: Spec = {
      renderers: [new TemplateRenderer("x.html"), new JSONRenderer()],
      exception_handlers,
    };
    const got = await ask_failing(new Special(), page, { headers: { Accept: "text/html" } });
    expect([got.type, got.text, got.response.get("Vary")]).to.deep.equal([
      JSON_TYPE,
      '{"n":1}',
      "Accept",
    ]);
    const packed = await ask_failing(new Special(), {
      renderers: [new MessagePackRenderer()],
      exception_handlers,
    });
    expect(decode(packed.response.content)).to.deep.equal({ n: 1 });
    const picture: Spec = { content_type: "image/png", exception_handlers };
    expect((await ask_failing(new Special(), picture)).type).to.equal(JSON_TYPE);
  });

  it("EF5: one error object for all requests is offered each time", async () => {
    const constant = new Special("a constant of a module");
    let seen = 0;
    const counted: Spec = {
      exception_handlers: [
        [
          Special,
          (_request, error: Special) => {
            seen++;
            throw error;
          },
        ],
      ],
    };
    const view = made({ ...counted, decorators: [(inner) => inner] }, () => {
      throw constant;
    });
    await with_settings(
      { ROOT_URLCONF: { urlpatterns: [path("", view)] }, MIDDLEWARE: [] },
      async () => {
        const client = new Client({ raise_request_exception: false });
        for (let n = 1; n <= 3; n++) {
          expect((await client.get("/")).status_code).to.equal(500);
          expect(seen).to.equal(n);
        }
      },
    );
  });

  it("EF5: errors of decorators and of before_request are offered, too", async () => {
    const exception_handlers: ExceptionHandler[] = [[Special, () => "handled"]];
    const fail = (): never => {
      throw new Special();
    };
    for (const layer of [
      { before_request: fail },
      { before_request: async () => fail() },
      { decorators: [() => fail] },
    ] as Layer[])
      expect((await ask_endpoint({ ...layer, exception_handlers }, () => 1)).text).to.equal(
        "handled",
      );
  });

  it("EF6: headers, cookies, after_request, background and after_response are not for errors", async () => {
    const log: string[] = [];
    const layer: Layer = {
      response_headers: { "X-Layer": "1" },
      response_cookies: { layer: "1" },
      after_request: () => void log.push("after_request"),
      after_response: () => void log.push("after_response"),
      exception_handlers: [[Special, () => ({ n: 1 })]],
    };
    const { BackgroundTask } = await import("nuages/api/background");
    const background = new BackgroundTask(() => log.push("background"));
    for (const error of [new NotFound(), new Http404(), new Error("x"), new Special()]) {
      const got = await ask_failing(error, { ...layer, background });
      expect([got.response.has("X-Layer"), got.cookies]).to.deep.equal([false, []]);
    }
    expect(log).to.deep.equal([]);
    const good = await ask_endpoint({ ...layer, background }, () => 1);
    expect([good.response.get("X-Layer"), good.cookies.length, log]).to.deep.equal([
      "1",
      1,
      ["after_request", "background", "after_response"],
    ]);
  });
});
