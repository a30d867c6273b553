/** Specification of nuages/api: errors at endpoints. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { BadRequest, Conflict, HTTPException, NotFound, Unauthorized } from "nuages/api/exceptions";
import type { Spec, ViewDecorator } from "nuages/api/spec";
import {
  BadRequest as CoreBadRequest,
  FileNotFoundError,
  PermissionDenied,
  PermissionError,
  SuspiciousOperation,
  TooManyFieldsSent,
} from "nuages/core/exceptions";
import { got_request_exception } from "nuages/core/signals";
import { Http404, HttpResponse, type HttpRequest } from "nuages/http";
import { Client } from "nuages/test";
import { path, resolve } from "nuages/urls";
import { MiddlewareMixin } from "nuages/utils/deprecation";
import { z } from "zod";
import { both_doors } from "../support/doors.ts";
import { ask_endpoint, ask_failing, type Got, made } from "../support/endpoints.ts";
import { quiet } from "../support/log.ts";
import { with_settings } from "../support/settings.ts";
import { turns } from "../support/turns.ts";

const DEBUG = { DEBUG: true };
const JSON_TYPE = "application/json";

/** A decorator that changes nothing. */
const undecorated: ViewDecorator = (view) => view;

/** The only entry of `detail`. */
function told(got: Got): unknown {
  const { detail } = got.json() as { detail: unknown[] };
  expect(detail).to.have.lengthOf(1);
  return detail[0];
}

const INTERNAL = { msg: "Internal Server Error", type: "internal_error" };

describe("api/errors: what is answered", () => {
  quiet();
  it("E1: an HTTPException is its status, its detail, its extra and its headers", async () => {
    const headers = { "WWW-Authenticate": "Session", "X-One": 1 };
    const got = await ask_failing(
      new Unauthorized("Sign in first", { headers, extra: { realm: 1 } }),
    );
    expect(got.status).to.equal(401);
    expect(got.json()).to.deep.equal({
      detail: [{ msg: "Sign in first", type: "unauthorized" }],
      extra: { realm: 1 },
    });
    expect(got.response.get("WWW-Authenticate")).to.equal("Session");
    expect(got.response.get("X-One")).to.equal("1");
    expect(got.type).to.equal(JSON_TYPE);
    expect(got.response.get("X-Content-Type-Options")).to.equal("nosniff");
  });

  it("E1: the base class, a list of faults, a subclass", async () => {
    class OutOfStock extends Conflict {}
    expect(told(await ask_failing(new HTTPException(undefined, { status: 418 })))).to.deep.equal({
      msg: "I'm a Teapot",
      type: "im_a_teapot",
    });
    const faults = [{ msg: "a" }, { msg: "b", type: "c", loc: ["body", 0] }];
    expect((await ask_failing(new BadRequest(faults))).json()).to.deep.equal({ detail: faults });
    expect(told(await ask_failing(new OutOfStock()))).to.deep.equal({
      msg: "Conflict",
      type: "out_of_stock",
    });
  });

  it("E1: extra goes through the encoders of the layers", async () => {
    class Money {
      readonly cents = 5;
    }
    const type_encoders = [[Money, ({ cents }: Money) => `${cents} cents`]] as const;
    const error = new Conflict("Too dear", { extra: { price: new Money() } });
    const got = await ask_failing(error, { type_encoders });
    expect(got.json()).to.have.property("extra").that.deep.equals({ price: "5 cents" });
  });

  it("E1: is logged as any response of its status, and no exception for the site", async () => {
    const { records } = await ask_failing(new NotFound());
    expect(records.map(({ logger, level, message }) => [logger, level, message])).to.deep.equal([
      ["django.request", "warning", "Not Found: /"],
    ]);
    const view = made({}, () => {
      throw new HTTPException();
    });
    await with_settings(
      { ROOT_URLCONF: { urlpatterns: [path("", view)] }, MIDDLEWARE: [] },
      async () => {
        expect((await new Client().get("/")).status_code).to.equal(500); // which the client does not throw
      },
    );
  });

  it("E2: Http404 is 404; its text only with DEBUG", async () => {
    const error = new Http404("there is no user 7");
    const got = await ask_failing(error);
    expect([got.status, told(got)]).to.deep.equal([404, { msg: "Not Found", type: "not_found" }]);
    expect(told(await ask_failing(error, {}, { settings: DEBUG }))).to.deep.equal({
      msg: "there is no user 7",
      type: "not_found",
    });
    const bare = await ask_failing(new Http404(), {}, { settings: DEBUG });
    expect(told(bare)).to.deep.equal({ msg: "Not Found", type: "not_found" });
    const resolving = await ask_endpoint({}, () => resolve("/none/"), { settings: DEBUG });
    expect([resolving.status, told(resolving)]).to.deep.equal([
      404,
      { msg: "Not Found", type: "not_found" },
    ]);
  });

  const kinds: [row: string, error: unknown, status: number, type: string, msg: string][] = [
    ["E3: PermissionDenied", new PermissionDenied("secret"), 403, "permission_denied", "Forbidden"],
    [
      "E4: SuspiciousOperation",
      new SuspiciousOperation("secret"),
      400,
      "bad_request",
      "Bad Request",
    ],
    ["E4: TooManyFieldsSent", new TooManyFieldsSent("secret"), 400, "bad_request", "Bad Request"],
    ["E4: the core's BadRequest", new CoreBadRequest("secret"), 400, "bad_request", "Bad Request"],
    [
      "E14: FileNotFoundError",
      new FileNotFoundError("/secret"),
      404,
      "not_found",
      "File not found",
    ],
    [
      "E14: PermissionError",
      new PermissionError("/secret"),
      403,
      "permission_denied",
      "File access denied",
    ],
    ["E15: any Error", new Error("secret"), 500, "internal_error", "Internal Server Error"],
    ["E15: a TypeError", new TypeError("secret"), 500, "internal_error", "Internal Server Error"],
    [
      "E15: a frozen error",
      Object.freeze(new Error("secret")),
      500,
      "internal_error",
      "Internal Server Error",
    ],
    ["E15: a text", "secret", 500, "internal_error", "Internal Server Error"],
    ["E15: null", null, 500, "internal_error", "Internal Server Error"],
    ["E15: undefined", undefined, 500, "internal_error", "Internal Server Error"],
  ];
  for (const [row, error, status, type, msg] of kinds) {
    it(`${row} is ${status}, ${type}, and tells nothing else`, async () => {
      for (const decorators of [undefined, [undecorated]]) {
        const got = await ask_failing(error, { decorators });
        expect([got.status, got.type, got.text]).to.deep.equal([
          status,
          JSON_TYPE,
          JSON.stringify({ detail: [{ msg, type }] }),
        ]);
      }
    });
  }

  it("E4: is logged as Django does", async () => {
    const suspicious = await ask_failing(new SuspiciousOperation("why"));
    expect(suspicious.records.map(({ logger, level }) => [logger, level])).to.deep.equal([
      ["django.security.SuspiciousOperation", "error"],
    ]);
    const bad = await ask_failing(new CoreBadRequest("why"));
    expect(bad.records.map(({ logger, message }) => [logger, message])).to.deep.equal([
      ["django.request", "why: /"],
    ]);
  });

  it("E12: a response that does not fit is 500, and says why only with DEBUG", async () => {
    const spec = { response: z.object({ n: z.int() }) };
    const got = await ask_endpoint(spec, () => ({ n: "x" }));
    expect([got.status, got.json()]).to.deep.equal([
      500,
      { detail: [{ msg: "Response validation error", type: "response_validation" }] },
    ]);
    const shown = await ask_endpoint(spec, () => ({ n: "x" }), { settings: DEBUG });
    expect(shown.json())
      .to.have.nested.property("extra.validation_errors[0].loc")
      .that.deep.equals(["response", "n"]);
  });

  it("E12: the status is the layer's response_error_status", async () => {
    const spec: Spec = { response: z.int(), response_error_status: 422 };
    const got = await ask_endpoint(spec, () => "x");
    expect([got.status, told(got)]).to.deep.equal([
      422,
      { msg: "Response validation error", type: "response_validation" },
    ]);
  });

  it("E12: no other than that of an error", () => {
    for (const status of [200, 302, 399, 600, 422.5])
      expect(() => made({ response_error_status: status }, () => 1)).to.throw(
        /status of an error, from 400 to 599/,
      );
  });

  it("E13: data without an encoder, and data of a foreign type, are 500 as any error", async () => {
    const symbol = await ask_endpoint({}, () => [Symbol("secret")]);
    const pdf = await ask_endpoint({ content_type: "application/pdf" }, () => ({ secret: 1 }));
    for (const got of [symbol, pdf]) {
      expect([got.status, told(got)]).to.deep.equal([500, INTERNAL]);
      expect(got.response.exc_info).to.be.instanceOf(Error);
    }
  });

  it("E1: extra that cannot be sent is an error of ours", async () => {
    const got = await ask_failing(new NotFound("x", { extra: [Symbol("s")] }));
    expect([got.status, told(got)]).to.deep.equal([500, INTERNAL]);
  });
});

describe("api/errors: requests that cannot be read", () => {
  quiet();
  const form: Spec = { form: z.object({ a: z.string() }), status: 200 };
  const body: Spec = { body: z.unknown(), status: 200 };
  const multipart = "multipart/form-data; boundary=x";
  const echo = (_request: unknown, { form: fields }: Record<string, unknown>): unknown => fields;

  it("E5: multipart that cannot be parsed is 400, parse_error, at all doors", async () => {
    const asked = { method: "POST", body: "--x\r\nno end", content_type: "multipart/form-data" };
    const got = await ask_endpoint(form, echo, asked);
    expect(got.status).to.equal(400);
    expect(told(got)).to.have.property("type", "parse_error");
    const view = made({ ...form, methods: ["POST"] }, echo);
    const headers = { "Content-Type": "multipart/form-data" };
    const [replies] = await both_doors(
      [path("", view)],
      [{ method: "POST", target: "/", body: "--x", headers }],
    );
    for (const reply of [replies?.node, replies?.fetch]) {
      expect(reply?.status).to.equal(400);
      expect(JSON.parse(reply?.body ?? "")).to.have.nested.property(
        "detail[0].type",
        "parse_error",
      );
    }
  });

  const LIMIT = { DATA_UPLOAD_MAX_MEMORY_SIZE: 10 };
  const large: [what: string, spec: Spec, content: string, content_type: string][] = [
    ["a body", body, '"12345678901"', JSON_TYPE],
    ["a form", form, "a=12345678901", "application/x-www-form-urlencoded"],
    [
      "the fields of a multipart form",
      form,
      '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n12345678901\r\n--x--\r\n',
      multipart,
    ],
  ];
  for (const [what, spec, content, content_type] of large) {
    it(`E6: ${what} over the limit is 413, body_too_large, at all doors`, async () => {
      const expected = { msg: "The body is larger than 10 bytes.", type: "body_too_large" };
      const asked = { method: "POST", body: content, content_type, settings: LIMIT };
      const got = await ask_endpoint(spec, echo, asked);
      expect([got.status, told(got)]).to.deep.equal([413, expected]);
      const view = made({ ...spec, methods: ["POST"] }, echo);
      const ask = {
        method: "POST",
        target: "/",
        body: content,
        headers: { "Content-Type": content_type },
      };
      const [replies] = await both_doors([path("", view)], [ask], LIMIT);
      for (const reply of [replies?.node, replies?.fetch]) {
        expect(reply?.status).to.equal(413);
        expect(JSON.parse(reply?.body ?? "")).to.deep.equal({ detail: [expected] });
      }
    });
  }

  it("E7: all that is wrong with a request is one 422, each fault at its place", async () => {
    const spec: Spec = {
      query: z.object({ page: z.int().min(1) }),
      body: z.object({ name: z.string() }),
    };
    const asked = { method: "POST", query: "page=0", body: '{"name":1}' };
    const got = await ask_endpoint(spec, () => "never", asked);
    expect(got.status).to.equal(422);
    expect(got.json()).to.deep.equal({
      detail: [
        { msg: "Too small: expected number to be >=1", type: "too_small", loc: ["query", "page"] },
        {
          msg: "Invalid input: expected string, received number",
          type: "invalid_type",
          loc: ["body", "name"],
        },
      ],
    });
  });

  it("E8: a body that cannot be parsed is 400 at loc body", async () => {
    const got = await ask_endpoint(body, () => 1, { method: "POST", body: "{" });
    expect(got.status).to.equal(400);
    expect(told(got)).to.deep.include({ type: "parse_error", loc: ["body"] });
  });
});

/** What the exception middleware and the signal are told. */
class Watched extends MiddlewareMixin {
  static readonly seen: unknown[] = [];

  process_exception(_request: HttpRequest, error: unknown): void {
    Watched.seen.push(error);
  }
}

describe("api/errors: what goes on to the chain", () => {
  quiet();

  it("E15: process_exception and got_request_exception learn of it once, and it is logged once", async () => {
    const error = new Error("broken");
    const signalled: unknown[] = [];
    const receiver = ({ exception }: { exception?: unknown }): void =>
      void signalled.push(exception);
    got_request_exception.connect(receiver);
    Watched.seen.length = 0;
    try {
      const decorators = [undecorated, undecorated];
      const got = await ask_failing(error, { decorators }, { settings: { MIDDLEWARE: [Watched] } });
      expect([got.status, Watched.seen, signalled]).to.deep.equal([500, [error], [error]]);
      expect(
        got.records.map(({ logger, level, message }) => [logger, level, message]),
      ).to.deep.equal([["django.request", "error", "Internal Server Error: /"]]);
      expect(got.records[0]?.error).to.equal(error);
    } finally {
      got_request_exception.disconnect(receiver);
    }
  });

  it("E15: middleware may answer it, in its own way", async () => {
    class Answering extends MiddlewareMixin {
      process_exception(): HttpResponse {
        return new HttpResponse("handled", { status: 503 });
      }
    }
    const got = await ask_failing(new Error("x"), {}, { settings: { MIDDLEWARE: [Answering] } });
    expect([got.status, got.text]).to.deep.equal([503, "handled"]);
  });

  it("E15: what the endpoint answers itself, middleware does not learn", async () => {
    Watched.seen.length = 0;
    const settings = { MIDDLEWARE: [Watched] };
    await ask_failing(new NotFound(), {}, { settings });
    await ask_failing(new FileNotFoundError("x"), {}, { settings });
    await ask_endpoint({ response: z.int() }, () => "x", { settings });
    expect(Watched.seen).to.deep.equal([]);
  });

  it("E15: the test client throws it, as for other views", async () => {
    const error = new Error("broken");
    const view = made({}, () => {
      throw error;
    });
    await with_settings(
      { ROOT_URLCONF: { urlpatterns: [path("", view)] }, MIDDLEWARE: [] },
      async () => {
        const failure = await new Client().get("/").catch((caught: unknown) => caught);
        expect(failure).to.equal(error);
      },
    );
  });

  it("E15: an error of rendering, of after_request, of a middleware behind it: the body is ours", async () => {
    const after_request = (): never => {
      throw new Error("broken");
    };
    expect(told(await ask_endpoint({ after_request }, () => 1))).to.deep.equal(INTERNAL);
    class Breaking extends MiddlewareMixin {
      override process_response(): never {
        throw new Error("broken");
      }
    }
    const got = await ask_endpoint({}, () => 1, { settings: { MIDDLEWARE: [Breaking] } });
    expect([got.status, told(got)]).to.deep.equal([500, INTERNAL]);
  });

  it("E15: both doors send it", async () => {
    const view = made({}, async () => {
      await turns();
      throw new Error("broken");
    });
    const [replies] = await both_doors([path("", view)], [{ target: "/" }]);
    expect(replies?.node.body).to.equal(JSON.stringify({ detail: [INTERNAL] }));
    expect(replies?.fetch).to.deep.equal(replies?.node);
  });

  async function* broken(): AsyncGenerator<string> {
    await turns();
    if (Date.now() > 0) throw new Error("broken");
    yield "never";
  }

  it("S12, E15: an error before the first byte of a stream is such a 500, too", async () => {
    const view = made({}, broken);
    const [replies] = await both_doors([path("", view)], [{ target: "/" }]);
    expect(replies?.node.status).to.equal(500);
    expect(JSON.parse(replies?.node.body ?? "")).to.deep.equal({ detail: [INTERNAL] });
    expect(replies?.fetch).to.deep.equal(replies?.node);
  });

  it("E15: what is thrown away is closed", async () => {
    let closed = 0;
    const source = (): object => ({
      [Symbol.asyncIterator]: () => source(),
      next: async () => ({ done: false, value: "x" }),
      return: async () => ({ done: true, value: ++closed }),
    });
    const breaking = (): never => {
      throw new Error("broken");
    };
    await ask_endpoint({ after_request: breaking }, source);
    await ask_endpoint({ after_request: async () => breaking() }, source);
    await ask_endpoint({ after_request: () => new HttpResponse("other") }, source);
    await ask_endpoint({ after_request: () => "no response" as never }, source);
    await ask_endpoint(
      { response_cookies: { bad: { value: 1, samesite: "none at all" as never } } },
      source,
    );
    expect(closed).to.equal(5);
  });
});
