/** Specification of nuages/api: which API a path lies under (EF7). @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { mounted_api } from "../../src/api/_mounts.ts";
import { API } from "nuages/api/api";
import { HttpResponse } from "nuages/http";
import { RequestFactory } from "nuages/test";
import { include, path, re_path } from "nuages/urls";
import { site_of } from "../support/site.ts";

describe("api/mounts: the API of a path", () => {
  const whole = new API({ namespace: "whole" });
  const inner = new API({ namespace: "inner" });
  const tenants = new API({ namespace: "tenants" });
  const below = { urlpatterns: [path("v1/", inner.urls)] };
  const urlpatterns = [
    path("", () => new HttpResponse()),
    path("api/", whole.urls),
    path("api/in/", include(below)),
    re_path("^t/([a-z]+)/", tenants.urls),
  ];

  const cases: [path: string, api: API | undefined][] = [
    ["/api/", whole],
    ["/api/none/", whole],
    ["/api", undefined],
    ["/", undefined],
    ["/apix/", undefined],
    ["/api/in/v1/none", inner], // the longest prefix
    ["/api/in/", whole],
    ["/t/abc/none", tenants],
    ["/t/1/none", undefined],
  ];
  for (const [at, expected] of cases) {
    it(`EF7: ${at} lies under ${expected?.namespace ?? "none"}`, () => {
      site_of(urlpatterns, () => {
        const request = new RequestFactory().get(at);
        expect(mounted_api(request)).to.equal(expected);
        expect(mounted_api(request)).to.equal(expected); // as remembered
      });
    });
  }

  it("EF7: the URLconf of the request decides, and one that includes itself is no trap", () => {
    const api = new API();
    const urls = { urlpatterns: [path("x/", api.urls)] };
    urls.urlpatterns.push(path("again/", include(urls)));
    site_of([], () => {
      const request = new RequestFactory().get("/x/y/");
      expect(mounted_api(request)).to.equal(undefined);
      request.urlconf = urls;
      expect(mounted_api(request)).to.equal(api);
    });
  });
});
