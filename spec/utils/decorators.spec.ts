import { expect } from "chai";
import { describe, it } from "mocha";
import { type HttpRequest, HttpResponse } from "nuages/http";
import { RequestFactory } from "nuages/test";
import { decorator_from_middleware } from "nuages/utils/decorators";
import { MiddlewareMixin } from "nuages/utils/deprecation";

describe("utils/decorators: decorator_from_middleware", () => {
  it("makes the middleware with the first request, and once: URLconfs are loaded before settings are configured", () => {
    let made = 0;
    class Counting extends MiddlewareMixin {
      constructor(get_response: MiddlewareMixin["get_response"]) {
        super(get_response);
        made += 1;
      }
    }
    const view = decorator_from_middleware(Counting)(
      (_request: HttpRequest) => new HttpResponse("ok"),
    );
    expect(made).to.equal(0);
    for (let i = 0; i < 2; i++) view(new RequestFactory().get("/"));
    expect(made).to.equal(1);
  });
});
