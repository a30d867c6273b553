/** Security of the chain: a middleware that answers early, throws or gives nothing. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { type HttpRequest, HttpResponse } from "nuages/http";
import { TemplateResponse } from "nuages/template/response";
import { type GetResponse, type MiddlewareEntry, MiddlewareMixin } from "nuages/utils/deprecation";
import { ask } from "../support/ask.ts";

describe("security/chain: a middleware that does not do its part", () => {
  const boom = new Error("boom");
  const fail = (): never => {
    throw boom;
  };
  const nothing = undefined as unknown as HttpResponse; // what a middleware without types may give
  const early = (): HttpResponse => new HttpResponse("early", { status: 401 });

  class EarlyHook extends MiddlewareMixin {
    override process_request = early;
  }
  class ThrowingHook extends MiddlewareMixin {
    override process_request = fail;
  }
  class ThrowingAfter extends MiddlewareMixin {
    override process_response = fail;
  }
  class ForgetfulAfter extends MiddlewareMixin {
    override process_response = (): HttpResponse => nothing;
  }
  class ForgetfulTemplate extends MiddlewareMixin {
    process_template_response = (): HttpResponse => nothing;
  }
  const forgetful =
    (get_response: GetResponse) =>
    async (request: HttpRequest): Promise<HttpResponse> => {
      await get_response(request);
      return nothing;
    };

  const wrong: [
    what: string,
    entry: MiddlewareEntry,
    status: number,
    error: RegExp,
    ran: number,
  ][] = [
    ["answers early", () => early, 401, /^$/, 0],
    ["answers early in process_request", EarlyHook, 401, /^$/, 0],
    ["answers early, waited for", () => async () => early(), 401, /^$/, 0],
    ["throws", () => fail, 500, /^boom$/, 0],
    ["throws, waited for", () => async () => fail(), 500, /^boom$/, 0],
    ["throws in process_request", ThrowingHook, 500, /^boom$/, 0],
    ["throws in process_response", ThrowingAfter, 500, /^boom$/, 1],
    ["gives nothing", () => () => nothing, 500, /MIDDLEWARE\[1\] gave nothing\b.*get_response/, 0],
    ["gives nothing in the end", forgetful, 500, /forgetful\b.* gave nothing/, 1],
    [
      "gives nothing in process_response",
      ForgetfulAfter,
      500,
      /ForgetfulAfter\b.* gave nothing/,
      1,
    ],
    [
      "gives nothing in process_template_response",
      ForgetfulTemplate,
      500,
      /ForgetfulTemplate\.process_template_response gave nothing/,
      1,
    ],
  ];
  for (const [what, entry, status, error, ran] of wrong) {
    it(`K19: that ${what} makes it ${status}, and those outside it still run`, async () => {
      const seen: string[] = [];
      let runs = 0;
      class Outer extends MiddlewareMixin {
        override process_request(): undefined {
          seen.push("request");
        }
        override process_response(_: HttpRequest, response: HttpResponse): HttpResponse {
          seen.push(`response ${response.status_code}`);
          response.headers.set("X-Outer", "ran");
          return response;
        }
      }
      const view = (request: HttpRequest): HttpResponse => {
        runs += 1;
        return new TemplateResponse(request, { render: () => "page" });
      };
      const answer = await ask(view, { MIDDLEWARE: [Outer, entry] });
      expect([answer.status, answer.headers.get("X-Outer")]).to.deep.equal([status, "ran"]);
      expect(seen).to.deep.equal(["request", `response ${status}`]);
      expect(runs).to.equal(ran);
      const errors = answer.records.filter(({ level }) => level === "error");
      expect(errors).to.have.lengthOf(status === 500 ? 1 : 0);
      expect(errors.map((record) => (record.error as Error).message).join("")).to.match(error);
      expect(answer.text).not.to.match(/boom|gave nothing/);
    });
  }
});
