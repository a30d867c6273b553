import { expect } from "chai";
import { afterEach, describe, it } from "mocha";
import { CurrentSiteMiddleware, get_current_site, RequestSite, Site } from "nuages/contrib/sites";
import {
  DisallowedHost,
  ImproperlyConfigured,
  NotImplementedError,
  ObjectDoesNotExist,
} from "nuages/core/exceptions";
import { HttpResponse } from "nuages/http";
import { RequestFactory } from "nuages/test";
import { inspect } from "node:util";
import { with_settings } from "../../support/settings.ts";

const request = new RequestFactory().get("/");
const at = (host: string) => new RequestFactory().get("/", {}, { headers: { Host: host } });

describe("contrib/sites: without sites", () => {
  it("the site is the host of the request, with its port", () => {
    with_settings({ ALLOWED_HOSTS: ["a.example"] }, () => {
      const site = get_current_site(at("a.example:8000"));
      expect([site.domain, site.name, String(site)]).to.deep.equal(
        Array.from({ length: 3 }, () => "a.example:8000"),
      );
      expect(inspect(site)).to.equal("<RequestSite: a.example:8000>");
    });
  });

  it("a host that is not allowed is no site", () => {
    expect(() => get_current_site(at("evil.com"))).to.throw(DisallowedHost);
    const middleware = new CurrentSiteMiddleware(async () => new HttpResponse());
    expect(() => middleware.process_request(at("evil.com"))).to.throw(DisallowedHost);
  });

  it("the site of a request is kept nowhere", () => {
    const site = new RequestSite(request);
    expect(() => site.save()).to.throw(NotImplementedError);
    expect(() => site.delete()).to.throw(NotImplementedError);
  });

  it("the middleware sets request.site", () => {
    const own = new RequestFactory().get("/");
    new CurrentSiteMiddleware(async () => new HttpResponse()).process_request(own);
    expect(own.site.domain).to.equal("testserver");
  });
});

describe("contrib/sites: with sites", () => {
  const sites = [
    { id: 1, domain: "a.example", name: "A" },
    { id: 2, domain: "B.example:8000", name: "B" },
  ];
  afterEach(() => Site.objects.install([]));

  it("SITE_ID says which one it is", () => {
    Site.objects.install(sites);
    with_settings({ SITE_ID: 2 }, () => {
      expect(get_current_site(request).name).to.equal("B");
      expect(Site.objects.get_current().pk).to.equal(2);
    });
    with_settings({ SITE_ID: 3 }, () =>
      expect(() => get_current_site(request)).to.throw(Site.DoesNotExist, "install()"),
    );
  });

  it("or else the host, with its port or without", () => {
    Site.objects.install(sites);
    with_settings({ ALLOWED_HOSTS: ["*"] }, () => {
      const names = ["a.example", "A.EXAMPLE:99", "b.example:8000"].map(
        (host) => get_current_site(at(host)).name,
      );
      expect(names).to.deep.equal(["A", "A", "B"]);
      expect(() => get_current_site(at("c.example"))).to.throw(ObjectDoesNotExist);
    });
  });

  it("and nothing says it without a request", () => {
    Site.objects.install(sites);
    expect(() => Site.objects.get_current()).to.throw(ImproperlyConfigured, "SITE_ID");
  });

  it("are found by domain, and print it", () => {
    Site.objects.install(sites);
    const site = Site.objects.get_by_natural_key("a.example");
    expect([site.id, String(site), inspect(site)]).to.deep.equal([
      1,
      "a.example",
      "<Site: a.example>",
    ]);
    expect(() => Site.objects.get({ pk: 9 })).to.throw(Site.DoesNotExist);
  });
});
