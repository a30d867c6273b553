/** Security of redirects: none sends a visitor astray. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { DisallowedRedirect, ValueError } from "nuages/core/exceptions";
import { HttpResponseRedirect } from "nuages/http";
import { redirect } from "nuages/shortcuts";
import { ask } from "../support/ask.ts";
import { cpu_time } from "../support/cpu_time.ts";
import { quiet } from "../support/log.ts";

describe("security/redirects: where they may lead", () => {
  quiet();

  const refused = [
    "javascript:alert(1)",
    "\x08javascript:alert(1)",
    " javascript:alert(1)",
    "JaVaScRiPt:x",
    "java\nscript:x",
    "java\tscript:x",
    "data:text/html,x",
    "vbscript:x",
    "mailto:a@b",
    "file:///x",
    "blob:http://a/b",
  ];
  for (const url of refused) {
    it(`H10: ${JSON.stringify(url)} is refused with 400`, async () => {
      expect(() => new HttpResponseRedirect(url)).to.throw(DisallowedRedirect);
      const { status, headers, records } = await ask(() => new HttpResponseRedirect(url));
      expect([status, headers.get("Location")]).to.deep.equal([400, null]);
      expect(records.map(({ logger }) => logger)).to.include("django.security.DisallowedRedirect");
    });
  }
  for (const url of ["http://a.example/", "HTTPS://a.example/", "ftp://a.example/f", "x", "/x"]) {
    it(`H10: ${url} is allowed`, () => {
      expect(new HttpResponseRedirect(url).url).to.equal(url);
    });
  }

  const encoded: [url: string, location: string][] = [
    ["http://a/\r\nX: y", "http://a/%0D%0AX:%20y"],
    ["/\\evil.com", "/%5Cevil.com"],
    ["//\0", "//%00"],
    ["http://é.com/é", "http://%C3%A9.com/%C3%A9"],
  ];
  for (const [url, location] of encoded) {
    it(`H11: ${JSON.stringify(url)} is sent as ${location}`, () => {
      expect(new HttpResponseRedirect(url).url).to.equal(location);
    });
  }

  it("H12: a URL has 16,384 characters at most, as it is sent", () => {
    const longest = `/${"x".repeat(16_383)}`;
    expect(new HttpResponseRedirect(longest).url).to.equal(longest);
    expect(() => new HttpResponseRedirect(`${longest}x`)).to.throw(DisallowedRedirect);
    expect(() => new HttpResponseRedirect("é".repeat(3000))).to.throw(DisallowedRedirect);
    const unlimited = new HttpResponseRedirect(`${longest}x`, { max_length: null });
    expect(unlimited.url).to.have.lengthOf(16_385);
  });

  it("H12: 1 MB of U+FB03 is refused within 5 ms", () => {
    const url = "\ufb03".repeat(1_000_000);
    const refuse = (): unknown =>
      expect(() => new HttpResponseRedirect(url)).to.throw(DisallowedRedirect);
    refuse();
    expect(cpu_time(refuse)).to.be.below(5);
  });

  it("H13: what is no URL at all is an error, and no redirect", async () => {
    expect(() => new HttpResponseRedirect("http://[::1")).to.throw(ValueError);
    const { status, headers } = await ask(() => new HttpResponseRedirect("http://[::1"));
    expect([status, headers.get("Location")]).to.deep.equal([500, null]);
  });

  it("H14: the URL stands in Location only, encoded", () => {
    const response = new HttpResponseRedirect('"><script>alert(1)</script>');
    expect(response.content).to.have.lengthOf(0);
    expect(response.url).to.equal("%22%3E%3Cscript%3Ealert(1)%3C/script%3E");
  });

  it("H15: a foreign host is allowed: whoever redirects to what a visitor sent must check it", async () => {
    const { status, headers } = await ask(() => redirect("//evil.com"));
    expect([status, headers.get("Location")]).to.deep.equal([302, "//evil.com"]);
  });
});
