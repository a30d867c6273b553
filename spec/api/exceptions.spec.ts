import { expect } from "chai";
import { describe, it } from "mocha";
import { error_model, problem } from "../../src/api/_error_shapes.ts";
import * as exceptions from "nuages/api/exceptions";
import {
  BadRequest,
  Conflict,
  HTTPException,
  NotFound,
  RequestValidationError,
  ResponseValidationError,
  Unauthorized,
  UnprocessableEntity,
} from "nuages/api/exceptions";
import { HTTPStatus } from "nuages/api/status";
import { BadRequest as CoreBadRequest, Exception, ValueError } from "nuages/core/exceptions";

describe("api/exceptions: HTTPException", () => {
  const classes: [name: keyof typeof exceptions, status: number, type: string][] = [
    ["BadRequest", 400, "bad_request"],
    ["Unauthorized", 401, "unauthorized"],
    ["Forbidden", 403, "forbidden"],
    ["NotFound", 404, "not_found"],
    ["MethodNotAllowed", 405, "method_not_allowed"],
    ["NotAcceptable", 406, "not_acceptable"],
    ["Conflict", 409, "conflict"],
    ["Gone", 410, "gone"],
    ["UnsupportedMediaType", 415, "unsupported_media_type"],
    ["UnprocessableEntity", 422, "unprocessable_entity"],
    ["TooManyRequests", 429, "too_many_requests"],
    ["InternalServerError", 500, "internal_server_error"],
    ["NotImplemented", 501, "not_implemented"],
    ["BadGateway", 502, "bad_gateway"],
    ["ServiceUnavailable", 503, "service_unavailable"],
    ["GatewayTimeout", 504, "gateway_timeout"],
  ];
  for (const [name, status, type] of classes) {
    it(`E1: ${name} is ${status}, of type ${type}, and says its phrase`, () => {
      const Class = Object.entries(exceptions).find(([key]) => key === name)?.[1];
      const error = new (Class as typeof NotFound)(); // all of them are made alike
      expect(error).to.be.instanceOf(HTTPException).and.instanceOf(Exception);
      expect(error.status_code).to.equal(status);
      expect(error.detail).to.deep.equal([{ msg: HTTPStatus.phrase(status), type }]);
      expect(error.name).to.equal(name);
    });
  }

  it("E1: has the details, headers and extra data that it was given", () => {
    const headers = { "WWW-Authenticate": "Session" };
    const error = new Unauthorized("Sign in first", { headers, extra: { realm: 1 } });
    expect(error.detail).to.deep.equal([{ msg: "Sign in first", type: "unauthorized" }]);
    expect([error.headers, error.extra]).to.deep.equal([headers, { realm: 1 }]);
    const bare = new Conflict("");
    expect(bare.detail).to.deep.equal([{ msg: "", type: "conflict" }]);
    expect([bare.headers, bare.extra]).to.deep.equal([undefined, undefined]);
  });

  const bases: [status: number | undefined, msg: string, type: string][] = [
    [undefined, "Internal Server Error", "internal_server_error"],
    [418, "I'm a Teapot", "im_a_teapot"],
    [207, "Multi-Status", "multi_status"],
    [420, "Unknown Status Code", "unknown_status_code"],
  ];
  for (const [status, msg, type] of bases) {
    it(`E1: the base class with status ${String(status)} is of type ${type}`, () => {
      const error = new HTTPException(undefined, { status });
      expect(error.detail).to.deep.equal([{ msg, type }]);
      expect(error.status_code).to.equal(status ?? 500);
    });
  }

  it("E1: the type may be given, for a text and for details that have none", () => {
    expect(new HTTPException("x", { status: 402, type: "no_money" }).detail).to.deep.equal([
      { msg: "x", type: "no_money" },
    ]);
    const faults = [{ msg: "a" }, { msg: "b", type: "own", loc: ["body", 0] }];
    expect(new BadRequest(faults).detail).to.deep.equal(faults);
    expect(new BadRequest(faults, { type: "bad" }).detail).to.deep.equal([
      { type: "bad", msg: "a" },
      { type: "own", msg: "b", loc: ["body", 0] },
    ]);
  });

  it("E1: a subclass has its own status and type, which an argument outdoes", () => {
    class HTTPSOnlyError extends HTTPException {
      static {
        this.prototype.status_code = 403;
      }
    }
    const error = new HTTPSOnlyError();
    expect(error.status_code).to.equal(403);
    expect(error.detail).to.deep.equal([{ msg: "Forbidden", type: "https_only_error" }]);
    const other = new HTTPSOnlyError(undefined, { status: 426 });
    expect([other.status_code, other.message]).to.deep.equal([426, "Upgrade Required"]);
    expect(Object.hasOwn(error, "status_code")).to.equal(false);
  });

  it("E1: reads as its messages, in a log and in its stack", () => {
    const error = new NotFound([{ msg: "a" }, { msg: "b" }], { cause: "c" });
    expect(error.message).to.equal("a; b");
    expect(String(error)).to.equal("NotFound: a; b");
    expect(error.stack).to.match(/^NotFound: a; b\n/);
    expect(error.cause).to.equal("c");
    expect(Object.keys(error)).to.not.include("message");
  });

  for (const status of [199, 600, 404.5, Number.NaN])
    it(`E1: refuses the status ${status}`, () => {
      expect(() => new HTTPException("x", { status })).to.throw(ValueError, "200 to 599");
    });

  it("E4: is not the BadRequest of the core", () => {
    expect(new BadRequest()).to.not.be.instanceOf(CoreBadRequest);
  });

  it("E7: RequestValidationError is a 422 with one entry for each fault", () => {
    const faults = [
      { msg: "Too small", type: "too_small", loc: ["query", "page"] },
      { msg: "Required", loc: ["body"] },
    ];
    const error = new RequestValidationError(faults);
    expect(error).to.be.instanceOf(UnprocessableEntity);
    expect(error.status_code).to.equal(422);
    expect(error.detail).to.equal(faults);
  });

  it("E12: ResponseValidationError tells the client one thing, and keeps what does not fit", () => {
    const faults = [{ msg: "Required", loc: ["response", "id"] }];
    const error = new ResponseValidationError(faults);
    expect(error.status_code).to.equal(500);
    expect(error.detail).to.deep.equal([
      { msg: "Response validation error", type: "response_validation" },
    ]);
    expect(error.validation_errors).to.equal(faults);
    expect(error.extra).to.equal(undefined);
  });

  it("T4: details named like methods are texts like any other", () => {
    for (const name of ["toString", "valueOf", "then", "toJSON", "__proto__", "constructor"]) {
      const error = new BadRequest([{ msg: name, type: name, loc: [name] }]);
      expect(String(error)).to.equal(`BadRequest: ${name}`);
    }
  });
});

describe("api/exceptions: bodies", () => {
  const detail = [{ msg: "a", type: "x", loc: ["query", "q"] }, { msg: "b" }];

  it("E1: has detail, and extra where there is any", () => {
    expect(error_model(detail)).to.deep.equal({ detail });
    expect(Object.keys(error_model(detail))).to.deep.equal(["detail"]);
    expect(error_model(detail, null)).to.deep.equal({ detail, extra: null });
  });

  it("EF2: problem details have a title, one text, and the list as errors", () => {
    expect(problem(422, detail)).to.deep.equal({
      type: "about:blank",
      title: "Unprocessable Content",
      status: 422,
      detail: "a; b",
      errors: detail,
    });
    expect(Object.keys(problem(422, detail))).to.not.include("extra");
    expect(problem(404, [], { id: 1 }).extra).to.deep.equal({ id: 1 });
  });
});
