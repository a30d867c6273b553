import { expect } from "chai";
import { describe, it } from "mocha";
import { get_media_prefix, get_static_prefix, static as static_ } from "nuages/templatetags/static";
import { override_settings } from "nuages/test/utils";

describe("templatetags/static", () => {
  const urls: [STATIC_URL: string, path: string, url: string][] = [
    ["/static/", "css/a.css", "/static/css/a.css"],
    ["/static/", "a b?c#d.css", "/static/a%20b%3Fc%23d.css"],
    ["/static/", "é.css", "/static/%C3%A9.css"],
    ["/static/", "/a.css", "/a.css"],
    ["https://cdn.example/s/", "a.css", "https://cdn.example/s/a.css"],
  ];
  for (const [STATIC_URL, path, url] of urls) {
    it(`joins ${STATIC_URL} and ${path}`, () => {
      const result = override_settings({ STATIC_URL })(() => static_(path))();
      expect(result).to.equal(url);
    });
  }

  it("gives the prefixes", () => {
    override_settings({ STATIC_URL: "/s/", MEDIA_URL: "/m/" })(() => {
      expect(get_static_prefix()).to.equal("/s/");
      expect(get_media_prefix()).to.equal("/m/");
    })();
  });
});
