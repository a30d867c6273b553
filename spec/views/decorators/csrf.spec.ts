/** Specification of nuages/views/decorators/csrf. @module */
import { expect } from "chai";
import { expectTypeOf } from "expect-type";
import { describe, it } from "mocha";
import { type HttpRequest, HttpResponse } from "nuages/http";
import { CsrfViewMiddleware } from "nuages/middleware/csrf";
import { include, path } from "nuages/urls";
import { method_decorator } from "nuages/utils/decorators";
import {
  csrf_exempt,
  csrf_protect,
  ensure_csrf_cookie,
  requires_csrf_token,
} from "nuages/views/decorators/csrf";
import { View } from "nuages/views/generic";
import { enforced, view } from "../../support/csrf.ts";
import { logged, quiet } from "../../support/log.ts";
import { with_site } from "../../support/site.ts";

const MIDDLEWARE = [CsrfViewMiddleware];

describe("views/decorators/csrf", () => {
  quiet();

  it("csrf_exempt spares the view alone, wrapped or of a class (L17)", () => {
    class Open extends View {
      @method_decorator(csrf_exempt)
      override dispatch(request: HttpRequest, ...args: unknown[]): ReturnType<View["dispatch"]> {
        return super.dispatch(request, ...args);
      }
      post(): HttpResponse {
        return new HttpResponse("done");
      }
    }
    const inner = [
      path("open/", csrf_exempt(view)),
      path("class/", Open.as_view()),
      path("made/", csrf_exempt(View.as_view())),
      path("closed/", view),
    ];
    return with_site(
      [path("in/", include(inner))],
      { MIDDLEWARE },
      async (client) => {
        const statuses = [];
        for (const name of ["open", "class", "made", "closed"])
          statuses.push((await client.post(`/in/${name}/`)).status_code);
        expect(statuses).to.deep.equal([200, 200, 405, 403]);
      },
      enforced,
    );
  });

  it("keep the type of the view and what was set on it", () => {
    const plain = (_request: HttpRequest, _kwargs: { n: number }): HttpResponse =>
      new HttpResponse();
    const typed = Object.assign(plain, { login_url: "/in/" });
    expectTypeOf(csrf_protect(typed)).toEqualTypeOf(typed);
    expectTypeOf(csrf_exempt(typed)).toEqualTypeOf(typed);
    for (const wrapped of [csrf_protect(typed), csrf_exempt(typed), ensure_csrf_cookie(typed)])
      expect([wrapped.login_url, wrapped.name]).to.deep.equal(["/in/", "plain"]);
  });

  it("csrf_protect checks without the middleware, and requires_csrf_token never", () =>
    with_site(
      [
        path("a/", csrf_protect(view)),
        path("b/", requires_csrf_token(view)),
        path(
          "c/",
          ensure_csrf_cookie(() => new HttpResponse()),
        ),
      ],
      { MIDDLEWARE: [] },
      async (client) => {
        const statuses = [];
        for (const name of ["a", "b"]) statuses.push((await client.post(`/${name}/`)).status_code);
        expect(statuses).to.deep.equal([403, 200]);
        expect((await client.get("/c/")).cookies.has("csrftoken")).to.equal(true);
      },
      enforced,
    ));

  it("check once, where a middleware checks too", () =>
    with_site(
      [path("", csrf_protect(view))],
      { MIDDLEWARE },
      async (client) => {
        const records = await logged(() => client.post("/"));
        expect(records).to.have.length(1);
      },
      enforced,
    ));
});
