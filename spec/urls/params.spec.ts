import { expect } from "chai";
import { expectTypeOf } from "expect-type";
import { describe, it } from "mocha";
import { type HttpRequest, HttpResponse, type HttpResponseBase } from "nuages/http";
import {
  include,
  type Params,
  path,
  path_within,
  re_path,
  type RegexArguments,
  register_converter,
  reverse,
} from "nuages/urls";

declare module "nuages/urls" {
  interface Converters {
    spec_flag: boolean;
  }
}

class FlagConverter {
  regex = "yes|no";
  to_python(value: string): boolean {
    return value === "yes";
  }
  to_url(value: boolean): string {
    return value ? "yes" : "no";
  }
}
register_converter(FlagConverter, "spec_flag");

const ok = (): HttpResponse => new HttpResponse("ok");

describe("urls/params: the types of a route", () => {
  it("gives each converter its type", () => {
    expectTypeOf<Params<"a/<int:year>/<slug:slug>/<path:rest>">>().toEqualTypeOf<{
      year: number;
      slug: string;
      rest: string;
    }>();
    expectTypeOf<Params<"<uuid:id>-<str:a>/<b>">>().toEqualTypeOf<{
      id: string;
      a: string;
      b: string;
    }>();
    expectTypeOf<Params<"about/">>().toEqualTypeOf<{}>();
  });

  it("takes a bracket that nothing closes for text", () => {
    expectTypeOf<Params<"a/<int:x/">>().toEqualTypeOf<{}>();
    expectTypeOf<Params<"a/int:x>/">>().toEqualTypeOf<{}>();
  });

  it("knows a converter of the site by declaration merging, and no other", () => {
    expectTypeOf<Params<"<spec_flag:on>/">>().toEqualTypeOf<{ on: boolean }>();
    expectTypeOf<Params<"<nobody_knows:x>/">>().toEqualTypeOf<{ x: unknown }>();
  });

  it("says nothing of a route that is not known when compiling", () => {
    expectTypeOf<Params<string>>().toEqualTypeOf<never>();
  });

  it("reads the groups of a regular expression", () => {
    expectTypeOf<RegexArguments<"^(?P<year>[0-9]{4})/(?P<slug>[\\w-]+)/$">>().toEqualTypeOf<
      [kwargs: { year: string; slug: string }]
    >();
    expectTypeOf<RegexArguments<"^a(?:/(?P<page>\\d+))?$">>().toEqualTypeOf<
      [kwargs: { page?: string }]
    >();
    expectTypeOf<RegexArguments<"^(\\d+)/(\\d+)/$">>().toEqualTypeOf<string[]>();
    expectTypeOf<RegexArguments<"^a/(\\d+)?$">>().toEqualTypeOf<(string | null)[]>();
    expectTypeOf<RegexArguments<"^a/(?:b|c)/$">>().toEqualTypeOf<[kwargs: {}]>();
    expectTypeOf<RegexArguments<string>>().toEqualTypeOf<never[]>();
  });
});

describe("urls/params: the views of a route", () => {
  it("infers the kwargs of a view written in place", () => {
    path("articles/<int:year>/<slug:slug>/", (request, { year, slug }) => {
      expectTypeOf(request).toEqualTypeOf<HttpRequest>();
      expectTypeOf(year).toEqualTypeOf<number>();
      expectTypeOf(slug).toEqualTypeOf<string>();
      return new HttpResponse();
    });
    re_path("^(?P<year>\\d+)/$", (_request, { year }) => {
      expectTypeOf(year).toEqualTypeOf<string>();
      return new HttpResponse();
    });
    re_path("^(\\d+)/(\\d+)?$", (_request, a, b) => {
      expectTypeOf(a).toEqualTypeOf<string | null>();
      expectTypeOf(b).toEqualTypeOf<string | null>();
      return new HttpResponse();
    });
    // @ts-expect-error the route has no `slug`
    path("articles/<int:year>/", (_request, { slug }) => new HttpResponse(slug));
    expect(true).to.equal(true);
  });

  it("checks a view written elsewhere", () => {
    const detail = (_request: HttpRequest, { year }: { year: number }): HttpResponse =>
      new HttpResponse(String(year));
    const slow = async (
      _request: HttpRequest,
      { slug }: { slug: string },
    ): Promise<HttpResponseBase> => {
      await Promise.resolve();
      return new HttpResponse(slug);
    };
    const paged = (_request: HttpRequest, { page = 1 }: { page?: number }): HttpResponse =>
      new HttpResponse(String(page));
    path("articles/<int:year>/", detail);
    path("articles/<int:year>/<slug:slug>/", detail);
    path("articles/<int:year>/<slug:slug>/", slow);
    path("articles/", paged);
    path("articles/<int:page>/", paged);
    path("articles/<int:year>/", ok);
    path("articles/<int:year>/", (request) => new HttpResponse(request.path));
    // @ts-expect-error the route has no `year`
    path("articles/", detail);
    // @ts-expect-error `year` is text here
    path("articles/<str:year>/", detail);
    // @ts-expect-error `page` is text here
    path("articles/<str:page>/", paged);
    // @ts-expect-error what a regular expression captures is text
    re_path("^articles/(?P<year>\\d+)/$", detail);
    // @ts-expect-error a view gives a response
    path("articles/", () => "text");
    expect(path("articles/<int:year>/", detail).constructor.name).to.equal("URLPattern");
  });

  it("counts the kwargs option in, which wins over the route", () => {
    const listed = (
      _request: HttpRequest,
      { year, kind }: { year: number; kind: string },
    ): HttpResponse => new HttpResponse(kind + String(year));
    path("articles/<int:year>/", listed, { kwargs: { kind: "all" } });
    path(
      "articles/<int:year>/",
      (_request, { year, kind }) => {
        expectTypeOf(year).toEqualTypeOf<number>();
        expectTypeOf(kind).toEqualTypeOf<string>();
        return new HttpResponse();
      },
      { kwargs: { kind: "all" } },
    );
    path("articles/<str:year>/", listed, { kwargs: { kind: "all", year: 2026 } });
    re_path("^articles/(?P<kind>\\w+)/$", listed, { kwargs: { year: 2026 } });
    // @ts-expect-error nothing gives `kind`
    path("articles/<int:year>/", listed);
    // @ts-expect-error the option gives a number
    path("articles/<int:year>/", listed, { kwargs: { kind: 1 } });
    expect(true).to.equal(true);
  });

  it("takes the views of classes, whose arguments are not known", () => {
    const as_view = (
      _request: HttpRequest,
      _kwargs?: Record<string, unknown>,
    ): Promise<HttpResponse> => Promise.resolve(ok());
    const with_all = (_request: HttpRequest, ..._args: unknown[]): HttpResponse => ok();
    path("a/", as_view);
    path("a/<int:n>/", as_view);
    path("a/<int:n>/", with_all);
    re_path("^a/$", as_view);
    re_path("^a/(?P<n>\\d+)/$", as_view);
    re_path("^a/(\\d+)/$", with_all);
    re_path(/^a\/(?<n>\d+)\/$/, as_view);
    expect(true).to.equal(true);
  });

  it("leaves the arguments of an unknown route to the view", () => {
    const prefix: string = "a";
    path(`${prefix}/<int:n>/`, (_request, { n }: { n: number }) => new HttpResponse(String(n)));
    re_path(/^(?<n>\d+)$/, (_request, { n }: { n: string }) => new HttpResponse(n));
    expect(true).to.equal(true);
  });

  it("adds what the routes of includes capture, where they are told", () => {
    const member = (
      _request: HttpRequest,
      { org, id }: { org: number; id: string },
    ): HttpResponse => new HttpResponse(`${org} ${id}`);
    const inner = path_within("orgs/<int:org>/");
    const members = [inner("members/<slug:id>/", member, { name: "member" })];
    // @ts-expect-error without it the route has no `org`
    path("members/<slug:id>/", member);
    // @ts-expect-error the outer route has no `team`
    inner("teams/", (_request, { team }) => new HttpResponse(team));
    const urlconf = [path("orgs/<int:org>/", include(members))];
    expect(reverse("member", { urlconf, args: [7, "ada"] })).to.equal("/orgs/7/members/ada/");
  });
});
