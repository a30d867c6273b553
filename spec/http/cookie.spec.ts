/** Specification of nuages/http/cookie, beyond what recorded scripts say of it. @module */
import { expect } from "chai";
import { expectTypeOf } from "expect-type";
import { describe, it } from "mocha";
import { CookieError, KeyError } from "nuages/core/exceptions";
import { parse_cookie, SimpleCookie } from "nuages/http/cookie";
import { freeze } from "../../src/utils/_clock.ts";
import { cpu_time } from "../support/cpu_time.ts";
import { Morsel } from "../../src/http/_morsel.ts";

describe("http/cookie: parse_cookie", () => {
  it("gives an object without a prototype, on which every name is its own", () => {
    const cookies = parse_cookie("__proto__=x; constructor=y; a=1");
    expect(Object.keys(cookies)).to.deep.equal(["__proto__", "constructor", "a"]);
    expect(Object.getPrototypeOf(cookies)).to.equal(null);
    expect(parse_cookie("a=1")["valueOf"]).to.equal(undefined);
    expectTypeOf(cookies).toEqualTypeOf<Record<string, string>>();
  });

  const headers: [header: string, cookies: Record<string, string>][] = [
    ["sessionid=evil; sessionid=good", { sessionid: "good" }],
    ["a=%0d%0ab", { a: "%0d%0ab" }],
    ["a=%zz", { a: "%zz" }],
    ['a="x;y"; b=2', { a: '"x', "": 'y"', b: "2" }],
    ["=sessionid=x", { "": "sessionid=x" }],
    ["__utma=1]csrftoken=evil; csrftoken=good", { __utma: "1]csrftoken=evil", csrftoken: "good" }],
    ["__utma=1,csrftoken=evil; csrftoken=good", { __utma: "1,csrftoken=evil", csrftoken: "good" }],
    ['__utma="1;csrftoken=good', { __utma: '"1', csrftoken: "good" }],
    ["\u00a0__Host-a=1", { "\u00a0__Host-a": "1" }],
    ["\ufeff__Host-a=1", { "\ufeff__Host-a": "1" }],
    ["\u3000__Host-a=1; \u0085b=2", { "\u3000__Host-a": "1", "\u0085b": "2" }],
  ];
  for (const [header, cookies] of headers) {
    it(`reads ${JSON.stringify(header)}`, () => {
      expect({ ...parse_cookie(header) }).to.deep.equal(cookies);
    });
  }

  const heavy: [what: string, header: (size: number) => string][] = [
    ["backslashes", (size) => `a="${"\\".repeat(size)}"`],
    ["cut off escapes", (size) => `a="${"\\0".repeat(size / 2)}"`],
    ["quotes", (size) => `a=${'"'.repeat(size)}`],
    ["semicolons", (size) => ";".repeat(size)],
    ["equals signs", (size) => "=".repeat(size)],
    ["blanks", (size) => ` ${" \t".repeat(size / 2)}`],
    ["parts without a name", (size) => "a;".repeat(size / 2)],
  ];
  for (const [what, header] of heavy) {
    it(`is quick to read a header of ${what}`, () => {
      const text = header(400_000);
      expect(cpu_time(() => parse_cookie(text))).to.be.lessThan(100); // 10 ms for 40 KB
    });
  }
});

describe("http/cookie: SimpleCookie", () => {
  it("keeps a Morsel as it is", () => {
    const [one, other] = [new SimpleCookie("a=1; Path=/x"), new SimpleCookie()];
    other.set("a", one.getitem("a"));
    expect(other.getitem("a")).to.equal(one.getitem("a"));
  });
  it("is filled with a mapping, or with another jar", () => {
    const jar = new SimpleCookie({ a: 1, b: null });
    jar.load(new Map([["c", true]]));
    const copy = new SimpleCookie(jar);
    expect(String(copy)).to.equal("Set-Cookie: a=1\r\nSet-Cookie: b=None\r\nSet-Cookie: c=True");
    expect(() => jar.load(["a"] as object)).to.not.throw(KeyError);
  });
  it("writes only the attributes that are asked for", () => {
    const jar = new SimpleCookie("a=1; Path=/x; Secure; Max-Age=5");
    expect(jar.output({ attrs: ["path", "secure"], header: "" })).to.equal(" a=1; Path=/x; Secure");
    expect(jar.getitem("a").OutputString({ attrs: [] })).to.equal("a=1");
  });
  it("takes nothing from text of which a part is misplaced", () => {
    for (const text of ["a=1; bad", "Path=/; a=1", "a=1; Path", "a=1; b=2; c"])
      expect(new SimpleCookie(text).size, text).to.equal(0);
  });
  it("stops at the first character that no cookie has", () => {
    expect(String(new SimpleCookie('a=1; b="x; c=3'))).to.equal("Set-Cookie: a=1");
  });
  const heavy: [what: string, text: (size: number) => string][] = [
    ["equals signs", (size) => `${"a=".repeat(size / 2)}"`],
    ["a word before a quote", (size) => `${"a".repeat(size)}"`],
    ["open quotes", (size) => `a="${"\\x".repeat(size / 2)}`],
    ["blanks", (size) => `a${" ".repeat(size)}"`],
  ];
  for (const [what, text] of heavy) {
    it(`is quick to read a text of ${what}`, () => {
      const whole = text(400_000);
      expect(cpu_time(() => new SimpleCookie(whole))).to.be.lessThan(100);
    });
  }
  it("lets a subclass code the values", () => {
    class Upper extends SimpleCookie {
      override value_encode(val: unknown): [string, string] {
        const [text, coded] = super.value_encode(val);
        return [text, coded.toUpperCase()];
      }
    }
    const jar = new Upper();
    jar.set("a", "x");
    expect([jar.getitem("a").value, jar.getitem("a").coded_value]).to.deep.equal(["x", "X"]);
  });
});

describe("http/cookie: Morsel", () => {
  const morsel = (): Morsel => new SimpleCookie("a=1").getitem("a");

  it("has nine attributes, set in any case and read in lower case", () => {
    const one = morsel();
    one.set("Max-Age", 5);
    expect(one.getitem("max-age")).to.equal(5);
    expect(one.has("Max-Age")).to.equal(false);
    expect([...one].length).to.equal(9);
    expect([...one.values()].filter((value) => value !== "")).to.deep.equal([5]);
    expect(() => one.set("priority", "high")).to.throw(CookieError);
  });

  const injections: [attribute: string, value: unknown][] = [
    ["path", "/; HttpOnly; Domain=evil"],
    ["path", "/\r\nX: y"],
    ["path", "/\0"],
    ["path", { toString: () => "/;" }],
    ["domain", "a; Secure"],
    ["domain", "a\n"],
    ["expires", "Thu, 01 Jan 2026 00:00:00 GMT; Domain=evil"],
    ["samesite", "Lax; Domain=evil"],
    ["version", "1;"],
  ];
  for (const [attribute, value] of injections) {
    it(`refuses ${JSON.stringify(String(value))} as ${attribute}`, () => {
      const one = morsel();
      expect(() => one.set(attribute, value)).to.throw(CookieError);
      expect(one.OutputString()).to.equal("a=1");
    });
  }
  it("quotes a comment, which may be any text", () => {
    const one = morsel();
    one.set("comment", "x; y\r\n");
    expect(one.OutputString()).to.equal('a=1; Comment="x\\073 y\\015\\012"');
  });
  it("turns a number in expires into a date when it is written", () => {
    const one = morsel();
    one.set("expires", 60);
    freeze(1_700_000_000);
    const text = one.OutputString();
    freeze(undefined);
    expect(text).to.equal("a=1; expires=Tue, 14 Nov 2023 22:14:20 GMT");
  });
  it("writes what Python writes of odd values", () => {
    const one = morsel();
    one.update({ "max-age": 0, path: null, secure: false, httponly: 1, domain: 5 });
    expect(one.OutputString()).to.equal("a=1; Domain=5; HttpOnly; Max-Age=0; Path=None");
  });
  it("forgets an attribute that is deleted, until it gets a default", () => {
    const one = morsel();
    one.delete("path");
    expect(() => one.getitem("path")).to.throw(KeyError);
    expect(() => one.delete("path")).to.throw(KeyError);
    expect(one.get("path", "d")).to.equal("d");
    expect(one.setdefault("Path", "/")).to.equal("/");
    expect(one.setdefault("Path", "/other")).to.equal("/");
  });
  it("is copied with its attributes, and apart from them", () => {
    const one = morsel();
    one.set("path", "/");
    one.delete("version");
    const copy = one.copy();
    one.set("path", "/x");
    expect(copy.OutputString()).to.equal("a=1; Path=/");
    expect(copy.has("version")).to.equal(false);
  });
});
