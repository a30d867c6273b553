/** Responses that are rendered after the template-response middleware, at once or not. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { FetchHandler } from "nuages/core/handlers";
import { type HttpRequest, HttpResponse, type HttpResponseBase } from "nuages/http";
import { MiddlewareMixin } from "nuages/utils/deprecation";
import { type AnyView, ask, site } from "../../support/ask.ts";
import { with_settings } from "../../support/settings.ts";
import { turns } from "../../support/turns.ts";

/** A page that is made later. */
class Late extends HttpResponse {
  async render(): Promise<HttpResponseBase> {
    await turns(2);
    this.content = `${this.content.toString()}, rendered`;
    return this;
  }
}

/** Lets a header tell that it saw the response. */
class Watching extends MiddlewareMixin {
  process_template_response(_request: HttpRequest, response: HttpResponseBase): HttpResponseBase {
    response.set("X-Seen", "1");
    return response;
  }
}

describe("core/handlers: deferred responses", () => {
  it("K6: render() may give a promise", async () => {
    const { text, headers } = await ask(() => new Late("page"), { MIDDLEWARE: [Watching] });
    expect(text).to.equal("page, rendered");
    expect(headers.get("x-seen")).to.equal("1");
  });

  it("K6: what an asynchronous render() throws goes to process_exception", async () => {
    class Broken extends HttpResponse {
      async render(): Promise<HttpResponseBase> {
        await turns();
        throw new Error("not to be rendered");
      }
    }
    class Answering extends MiddlewareMixin {
      process_exception(_request: HttpRequest, error: unknown): HttpResponseBase {
        return new HttpResponse((error as Error).message);
      }
    }
    const { text } = await ask(() => new Broken(), { MIDDLEWARE: [Answering] });
    expect(text).to.equal("not to be rendered");
  });

  const settled: [what: string, is_settled: boolean | undefined, text: string][] = [
    ["a settled response", true, "page"],
    ["one that says it is not settled", false, "page, rendered"],
    ["one that says nothing", undefined, "page, rendered"],
  ];
  for (const [what, is_settled, expected] of settled) {
    it(`K6: ${what} is ${is_settled === true ? "neither rendered nor" : "rendered, and"} seen by template-response middleware`, async () => {
      const view: AnyView = () =>
        Object.assign(
          new Late("page"),
          is_settled === undefined ? {} : { _is_settled: is_settled },
        );
      const { text, headers } = await ask(view, { MIDDLEWARE: [Watching] });
      expect(text).to.equal(expected);
      expect(headers.has("x-seen")).to.equal(is_settled !== true);
    });
  }

  it("K6: a settled response costs no promise", () => {
    const answered = (view: AnyView): unknown =>
      with_settings({ ROOT_URLCONF: site(view), MIDDLEWARE: [] }, () =>
        new FetchHandler().handle(new Request("http://testserver/")),
      );
    const view: AnyView = () => Object.assign(new Late("page"), { _is_settled: true });
    expect(answered(view)).to.be.instanceOf(Response);
    expect(answered(() => new HttpResponse("page"))).to.be.instanceOf(Response);
    expect(answered(() => new Late("page"))).to.be.instanceOf(Promise);
  });
});
