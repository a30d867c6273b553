/** Specification of nuages/middleware/locale. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { i18n_patterns } from "nuages/conf/urls/i18n";
import { type HttpRequest, HttpResponse } from "nuages/http";
import { LocaleMiddleware } from "nuages/middleware/locale";
import { path, re_path } from "nuages/urls";
import { get_language } from "nuages/utils/translation";
import { cpu_time_of } from "../support/cpu_time.ts";
import { quiet } from "../support/log.ts";
import { with_site } from "../support/site.ts";

const MIDDLEWARE = [LocaleMiddleware];
const show = async (request: HttpRequest): Promise<HttpResponse> => {
  await Promise.resolve();
  return new HttpResponse(`${request.LANGUAGE_CODE} ${get_language()}`);
};

describe("middleware/locale", () => {
  quiet();

  for (const value of ["en\r\nX: y", "xx", "../de", "d".repeat(5000), ""]) {
    it(`ignores the cookie ${JSON.stringify(value.slice(0, 12))} (K16)`, () =>
      with_site([path("", show)], { MIDDLEWARE }, async (client) => {
        client.cookies.set("django_language", value);
        const response = await client.get("/");
        expect(response.text).to.equal("en en");
        expect([response.get("Vary"), response.get("Content-Language")]).to.deep.equal([
          "Accept-Language",
          "en",
        ]);
      }));
  }

  it("reads a header of 100 KB in no time (K16)", () =>
    with_site([path("", show)], { MIDDLEWARE }, async (client) => {
      const header = "x-y;q=0.5,".repeat(10_000);
      const ask = (): Promise<unknown> =>
        client.get("/", {}, { headers: { "Accept-Language": header } });
      expect(await cpu_time_of(ask)).to.be.lessThan(200);
    }));

  it("redirects to this host alone (K16)", () =>
    with_site(i18n_patterns(re_path("", show)), { MIDDLEWARE }, async (client) => {
      const response = await client.request({ PATH_INFO: "//evil.com/" });
      expect(response.status_code).to.equal(302);
      expect(new URL(response.url, "http://testserver").host).to.equal("testserver");
    }));

  it("keeps the languages of requests apart that are under way at once", () =>
    with_site([path("", show)], { MIDDLEWARE }, async (client) => {
      const languages = ["de", "fr", "en-us", "es"];
      const responses = await Promise.all(
        languages.map((language) =>
          client.get("/", {}, { headers: { "Accept-Language": language } }),
        ),
      );
      const texts = responses.map(({ text }) => text);
      expect(texts).to.deep.equal(["de de", "fr fr", "en en", "es es"]);
      expect(get_language()).to.equal("en-us");
    }));
});
