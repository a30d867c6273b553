/** Specification of URLs in their parts, as Python's `urllib.parse` takes them. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { ValueError } from "nuages/core/exceptions";
import { urljoin, urlsplit, urlunsplit } from "../../src/utils/_urlsplit.ts";

describe("utils/_urlsplit: urlsplit", () => {
  const urls: [url: string, parts: string[]][] = [
    ["http://u@h:80/p;x?q#f", ["http", "u@h:80", "/p;x", "q", "f"]],
    ["HTTP:p", ["http", "", "p", "", ""]],
    ["//h", ["", "h", "", "", ""]],
    ["/a:b", ["", "", "/a:b", "", ""]],
    ["1http:x", ["", "", "1http:x", "", ""]],
    [" \x00/a\tb\nc", ["", "", "/abc", "", ""]],
    ["//[::1]:8000/", ["", "[::1]:8000", "/", "", ""]],
    ["?a?b#c#d", ["", "", "", "a?b", "c#d"]],
  ];
  for (const [url, parts] of urls) {
    it(`of ${JSON.stringify(url)}`, () => {
      expect(Object.values(urlsplit(url))).to.deep.equal(parts);
    });
  }

  for (const url of ["//[::1", "//a]", "//[1.2.3.4]/", "//a\u2100b/"]) {
    it(`refuses the host of ${JSON.stringify(url)}`, () => {
      expect(() => urlsplit(url)).to.throw(ValueError);
    });
  }

  it("is undone by urlunsplit", () => {
    for (const url of ["http://h/p?q#f", "//h/p", "a/b?c", "mailto:a@b", "http:///p"]) {
      expect(urlunsplit(urlsplit(url))).to.equal(url);
    }
  });
});

describe("utils/_urlsplit: urljoin", () => {
  const joined: [base: string, url: string, result: string][] = [
    ["http://a/b/c/d;p?q", "g", "http://a/b/c/g"], // RFC 3986 §5.4
    ["http://a/b/c/d;p?q", "../../../g", "http://a/g"],
    ["http://a/b/c/d;p?q", "g;x=1/../y", "http://a/b/c/y"],
    ["http://a/b/c/d;p?q", "?y", "http://a/b/c/d;p?y"],
    ["http://a/b/c/d;p?q", "", "http://a/b/c/d;p?q"],
    ["http://a/b/c/d;p?q", "..", "http://a/b/"],
    ["http://a/b/c/d;p?q", "//g", "http://g"],
    ["http://a/b", "mailto:x@y", "mailto:x@y"],
    ["http://a", "b//c", "http://a/b/c"],
    ["", "b", "b"],
  ];
  for (const [base, url, result] of joined) {
    it(`of ${base} and ${JSON.stringify(url)} is ${result}`, () => {
      expect(urljoin(base, url)).to.equal(result);
    });
  }
});
