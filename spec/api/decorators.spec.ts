/** Specification of nuages/api/decorators. @module */
import { expect } from "chai";
import { expectTypeOf } from "expect-type";
import { describe, it } from "mocha";
import { no_compress } from "nuages/api/decorators";
import { HttpRequest, HttpResponse } from "nuages/http";

describe("api/decorators: no_compress", () => {
  it("S13: marks the response of a view, which stays synchronous", () => {
    const view = no_compress((_request: HttpRequest) => new HttpResponse("x"));
    expectTypeOf(view).returns.toEqualTypeOf<HttpResponse>();
    expect(view(new HttpRequest()).no_compress).to.equal(true);
  });

  it("S13: marks the response of an asynchronous view", async () => {
    const view = no_compress((_request: HttpRequest) => Promise.resolve(new HttpResponse("x")));
    expectTypeOf(view).returns.resolves.toEqualTypeOf<HttpResponse>();
    expect((await view(new HttpRequest())).no_compress).to.equal(true);
  });

  it("hands on what the URL gives, and keeps the view's name and marks", () => {
    const seen: unknown[] = [];
    function book(_: HttpRequest, kwargs: { id: number }): HttpResponse {
      seen.push(kwargs);
      return new HttpResponse("x");
    }
    const view = no_compress(Object.assign(book, { csrf_exempt: true }));
    view(new HttpRequest(), { id: 1 });
    expect(seen).to.deep.equal([{ id: 1 }]);
    expect([view.name, view.csrf_exempt]).to.deep.equal(["book", true]);
  });
});
