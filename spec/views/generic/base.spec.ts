/** Specification of nuages/views/generic. @module */
import { expect } from "chai";
import { expectTypeOf } from "expect-type";
import { describe, it } from "mocha";
import { AttributeError, ImproperlyConfigured } from "nuages/core/exceptions";
import { type HttpRequest, HttpResponse } from "nuages/http";
import { RequestFactory } from "nuages/test";
import { path } from "nuages/urls";
import { View as ViewOfViews } from "nuages/views";
import { RedirectView, TemplateView, View } from "nuages/views/generic";
import { quiet } from "../../support/log.ts";
import { with_site } from "../../support/site.ts";

const rf = new RequestFactory();

class Page extends View {
  color = "red";
  get(_request: HttpRequest, { n }: { n: number }): HttpResponse {
    return new HttpResponse(`${this.color} ${n + 1}`);
  }
}

describe("views/generic: View", () => {
  quiet();

  it("is the View of nuages/views", () => {
    expect(ViewOfViews).to.equal(View);
  });

  it("answers with an instance for each request, typed by its URL", () =>
    with_site([path("<int:n>/", Page.as_view({ color: "blue" }))], {}, async (client) => {
      expect((await client.get("/4/")).text).to.equal("blue 5");
    }));

  it("gives attributes that win over the fields of the class", () => {
    const view = Page.as_view({ color: "blue" });
    expect(view.view_class).to.equal(Page);
    expect(view.view_initkwargs).to.deep.equal({ color: "blue" });
    expect(view.name).to.equal("Page");
    expectTypeOf(view.view_class).toBeConstructibleWith({});
  });

  it("refuses attributes that the class does not have, and handlers", () => {
    for (const name of ["size", "get", "options", "request"])
      expect(() => Page.as_view({ [name]: 1 }), name).to.throw(TypeError, name);
  });

  it("tells when setup() was forgotten", () => {
    class Forgetful extends View {
      override setup(): void {}
    }
    expect(() => Forgetful.as_view()(rf.get("/"))).to.throw(AttributeError, "super.setup");
  });

  for (const method of [
    "CONSTRUCTOR",
    "DISPATCH",
    "SETUP",
    "HASOWNPROPERTY",
    "__PROTO__",
    "PROPFIND",
  ]) {
    it(`answers the method ${method} with 405`, async () => {
      const response = await Page.as_view()(rf.generic(method, "/"), { n: 1 });
      expect(response.status_code).to.equal(405);
      expect(response.get("Allow")).to.equal("GET, HEAD, OPTIONS");
    });
  }

  it("keeps what a request leaves on its instance from the next", async () => {
    class Counting extends View {
      count = 0;
      get(): HttpResponse {
        return new HttpResponse(String((this.count += 1)));
      }
    }
    const view = Counting.as_view();
    const texts = [];
    for (let i = 0; i < 2; i++) texts.push(((await view(rf.get("/"))) as HttpResponse).text);
    expect(texts).to.deep.equal(["1", "1"]);
  });

  it("gives no promise for a handler that gives none, and waits for one that does", async () => {
    class Slow extends View {
      async get(): Promise<HttpResponse> {
        return new HttpResponse("late");
      }
    }
    expect(Page.as_view()(rf.get("/"), { n: 1 })).to.be.instanceOf(HttpResponse);
    expect(((await Slow.as_view()(rf.get("/"))) as HttpResponse).text).to.equal("late");
    expect([Page.view_is_async, Slow.view_is_async]).to.deep.equal([false, true]);
  });

  it("keeps unnamed and named values of the URL apart", () => {
    class Kept extends View {
      get(): HttpResponse {
        return new HttpResponse(JSON.stringify([this.args, this.kwargs]));
      }
    }
    const text = (...args: unknown[]): string =>
      (Kept.as_view()(rf.get("/"), ...args) as HttpResponse).text;
    expect(text("a", "b")).to.equal('[["a","b"],{}]');
    expect(text("a", { n: 1 })).to.equal('[["a"],{"n":1}]');
    expect(text({ n: 1 })).to.equal('[[],{"n":1}]');
  });
});

describe("views/generic: TemplateView", () => {
  it("needs a template", () => {
    expect(() => TemplateView.as_view()(rf.get("/"))).to.throw(
      ImproperlyConfigured,
      "template_name",
    );
  });

  it("can be extended method by method", () => {
    class About extends TemplateView {
      override template_name = "about.html";
      override extra_context = { title: "extra", more: 1 };
      override get_context_data(kwargs: Record<string, unknown> = {}): Record<string, unknown> {
        return { ...super.get_context_data(kwargs), own: true };
      }
    }
    const view = new About();
    view.setup(rf.get("/"), { title: "kwarg" });
    const { view: self, ...context } = view.get_context_data({ title: "kwarg" });
    expect(self).to.equal(view);
    expect(context).to.deep.equal({ title: "extra", more: 1, own: true });
    expect(view.get_template_names()).to.deep.equal(["about.html"]);
  });

  it("leaves a view alone that is among the values", () => {
    expect(new TemplateView().get_context_data({ view: "own" })).to.deep.equal({ view: "own" });
  });
});

describe("views/generic: RedirectView", () => {
  quiet();

  it("fills the values of the URL into its own", () =>
    with_site(
      [path("<str:name>/", RedirectView.as_view({ url: "/to/%(name)s/100%%/" }))],
      {},
      async (client) => {
        expect((await client.get("/a/")).get("Location")).to.equal("/to/a/100%/");
      },
    ));

  it("takes the query along, and keeps the method, if that is wanted", () =>
    with_site(
      [
        path("a/", RedirectView.as_view({ url: "/b/?x=1", query_string: true })),
        path("b/", RedirectView.as_view({ url: "/c/", permanent: true, preserve_request: true })),
      ],
      {},
      async (client) => {
        expect((await client.get("/a/?y=2")).get("Location")).to.equal("/b/?x=1&y=2");
        expect((await client.post("/b/")).status_code).to.equal(308);
      },
    ));

  it("computes its URL, or is gone", async () => {
    class Computed extends RedirectView {
      override get_redirect_url({ n }: { n?: number } = {}): string | undefined {
        return n === undefined ? undefined : `/${n}/`;
      }
    }
    const view = Computed.as_view();
    expect((await view(rf.get("/"), { n: 5 })).get("Location")).to.equal("/5/");
    expect((await view(rf.get("/"), {})).status_code).to.equal(410);
  });
});
