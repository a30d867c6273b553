/** Specification of nuages/utils/http. @module */
import { expect } from "chai";
import { expectTypeOf } from "expect-type";
import { describe, it } from "mocha";
import { BadRequest, UnicodeEncodeError, ValueError } from "nuages/core/exceptions";
import { MultiValueDict } from "nuages/utils/datastructures";
import {
  base36_to_int,
  content_disposition_header,
  ETAG_MATCH,
  http_date,
  int_to_base36,
  is_same_domain,
  MAX_HEADER_LENGTH,
  MAX_URL_LENGTH,
  MAX_URL_REDIRECT_LENGTH,
  parse_etags,
  parse_header_parameters,
  parse_http_date,
  parse_http_date_safe,
  split_directive_names,
  split_header_value,
  url_has_allowed_host_and_scheme,
  urlencode,
  urlsafe_base64_decode,
  urlsafe_base64_encode,
} from "nuages/utils/http";
import { mark_safe } from "nuages/utils/safestring";
import { cpu_time } from "../support/cpu_time.ts";

describe("utils/http: url_has_allowed_host_and_scheme", () => {
  const allowed = ["a.example"];
  it("takes a text for one host, a set of hosts, or none", () => {
    expect(url_has_allowed_host_and_scheme("//a", "a")).to.equal(true);
    expect(url_has_allowed_host_and_scheme("//a", "abc")).to.equal(false);
    expect(url_has_allowed_host_and_scheme("//a", new Set(["b", "a"]))).to.equal(true);
    expect(url_has_allowed_host_and_scheme("//a", null)).to.equal(false);
    expect(url_has_allowed_host_and_scheme("/a", null)).to.equal(true);
    expect(url_has_allowed_host_and_scheme(null, "a")).to.equal(false);
  });
  it(`looks at ${MAX_URL_LENGTH} characters, and counts characters`, () => {
    expect(url_has_allowed_host_and_scheme("/".padEnd(2048, "x"), allowed)).to.equal(true);
    expect(url_has_allowed_host_and_scheme("/".padEnd(2049, "x"), allowed)).to.equal(false);
    expect(url_has_allowed_host_and_scheme(`/${"😀".repeat(2047)}`, allowed)).to.equal(true);
    expect(url_has_allowed_host_and_scheme(`/${"😀".repeat(2048)}`, allowed)).to.equal(false);
    const long = "/".repeat(1_000_000);
    expect(cpu_time(() => url_has_allowed_host_and_scheme(long, allowed))).to.be.below(50);
    expect(MAX_URL_REDIRECT_LENGTH).to.equal(16_384);
  });
  it("matches a domain below another only after a dot", () => {
    expect(is_same_domain("b.a.example", ".A.example")).to.equal(true);
    expect(is_same_domain("xa.example", ".a.example")).to.equal(false);
    expect(is_same_domain("", "")).to.equal(false);
  });
});

describe("utils/http: header parameters", () => {
  const parsed: [line: string, value: string, parameters: Record<string, string>][] = [
    ["text/html; charset=x; charset=utf-8", "text/html", { charset: "utf-8" }],
    ['a/b; x=";;"; y=2', "a/b", { x: ";;", y: "2" }],
    ['a/b; x="\\"; y=2', "a/b", { x: '"\\"; y=2' }],
    ["a/b; n*0=x; n*1*=%41; n*2=z", "a/b", { n: "xAz" }],
    ["a/b; n*1=b; n*0=a; n=plain", "a/b", { n: "ab" }],
    ["a/b; n*=UTF-8''%e2%82%ac", "a/b", { n: "€" }],
    ["a/b; n*=latin-1'en'%e9", "a/b", { n: "é" }],
    ["a/b; n*=utf-8''%ff", "a/b", { n: "\ufffd" }],
    ["a/b; n*=%41", "a/b", { n: "A" }],
    ["a/b; n*=''%41", "a/b", { n: "A" }],
    ["a/b; n*=base64''QQ==", "a/b", { n: "QQ==" }],
    ["a/b; Flag; =x", "a/b", { Flag: "" }],
    ["text/html\0", "text/html\0", {}],
  ];
  for (const [line, value, parameters] of parsed) {
    it(`reads ${JSON.stringify(line)}`, () => {
      const [found, options] = parse_header_parameters(line);
      expect(found).to.equal(value);
      expect({ ...options }).to.deep.equal(parameters);
    });
  }
  it("gives parameters without a prototype", () => {
    const [, parameters] = parse_header_parameters("a/b; __proto__=1; constructor=2");
    expect(Object.keys(parameters)).to.deep.equal(["__proto__", "constructor"]);
    expect(parse_header_parameters(null)[1].constructor).to.equal(undefined);
    expectTypeOf(parameters).toEqualTypeOf<Record<string, string>>();
  });
  it("refuses a header that is too long, and a charset that does not exist", () => {
    expect(() => parse_header_parameters("x".repeat(MAX_HEADER_LENGTH + 1))).to.throw(ValueError);
    expect(parse_header_parameters("x".repeat(99), { max_length: null })[0].length).to.equal(99);
    expect(() => parse_header_parameters("é;", { max_length: 1 })).to.throw(
      ValueError,
      "max_length",
    );
    expect(() => parse_header_parameters("a/b; x*=nope''a")).to.throw(ValueError, "'nope'");
  });
  it("refuses a parameter that comes whole and in pieces", () => {
    expect(() => parse_header_parameters("a/b; x*=a; x*0=b")).to.throw(BadRequest, "'x'");
  });
  const attacks: [name: string, line: string][] = [
    ["9,900 semicolons in quotes", `a/b; x="${";".repeat(9900)}"`],
    ["9,900 quotes", `a/b; x=${'"'.repeat(9900)};`],
    ["9,900 backslashes", `a/b; x="${"\\".repeat(9900)};`],
    ["3,000 pieces", `a/b${"; x*0=a".repeat(1400)}`],
    ["9,900 spaces", `a/b; x=${" ".repeat(9900)}y`],
  ];
  for (const [name, line] of attacks) {
    it(`reads ${name} in linear time`, () => {
      parse_header_parameters(line);
      expect(cpu_time(() => parse_header_parameters(line))).to.be.below(20);
    });
  }
  it("keeps what is in quotes together, however many semicolons there are", () => {
    const [, { x }] = parse_header_parameters(`a/b; x="${";".repeat(9900)}"`);
    expect(x).to.equal(";".repeat(9900));
  });
  it("splits lists of tokens", () => {
    expect([...split_header_value("a;b;;c", { sep: ";" })]).to.deep.equal(["a", "b", "c"]);
    expect(() => [...split_header_value("a", { sep: "" })]).to.throw(ValueError);
    expect([...split_directive_names('Max-Age = 5, Private="x", ,')]).to.deep.equal([
      "max-age",
      "private",
    ]);
  });
});

describe("utils/http: Content-Disposition", () => {
  const names: [filename: string, header: string][] = [
    ['a"b.txt', 'attachment; filename="a\\"b.txt"'],
    ["a\\b.txt", 'attachment; filename="a\\\\b.txt"'],
    ["a\r\nX: y.txt", "attachment; filename*=utf-8''a%0D%0AX%3A%20y.txt"],
    ["a\n", "attachment; filename*=utf-8''a%0A"], // a line break must not get into a header
    ["é.txt", "attachment; filename*=utf-8''%C3%A9.txt"],
    ["a\0b", "attachment; filename*=utf-8''a%00b"],
    ["", "attachment"],
    ["a;b.txt", 'attachment; filename="a;b.txt"'],
    ["a%22.txt", 'attachment; filename="a%22.txt"'],
    ["dir/é", "attachment; filename*=utf-8''dir/%C3%A9"],
  ];
  for (const [filename, header] of names) {
    it(`names ${JSON.stringify(filename)}`, () => {
      expect(content_disposition_header(true, filename)).to.equal(header);
    });
  }
  it("says nothing for a page without a name", () => {
    expect(content_disposition_header(false, "")).to.equal(undefined);
    expect(content_disposition_header(false, "a")).to.equal('inline; filename="a"');
  });
});

describe("utils/http: dates", () => {
  it("writes the date of now by default, and only years that headers can name", () => {
    expect(http_date(784111777.9)).to.equal("Sun, 06 Nov 1994 08:49:37 GMT");
    expect(http_date(-0.5)).to.equal("Wed, 31 Dec 1969 23:59:59 GMT");
    expect(parse_http_date(http_date())).to.be.closeTo(Date.now() / 1000, 2);
    for (const seconds of [253402300800, -62135596801, Number.NaN, Infinity])
      expect(() => http_date(seconds)).to.throw(ValueError);
  });
  const refused = [
    "2050",
    "0",
    "Sat, 01 Jan 2050",
    "x".repeat(100_000),
    "Sun, 06 Nov 1994 08:49:37 GMT ",
  ];
  for (const date of refused) {
    it(`refuses ${date.slice(0, 40)}`, () => {
      expect(cpu_time(() => parse_http_date_safe(date))).to.be.below(20);
      expect(() => parse_http_date(date)).to.throw(ValueError, "three formats");
      expect(parse_http_date_safe(date)).to.equal(undefined);
    });
  }
  for (const date of [
    "Sun, 99 Nov 1994 08:49:37 GMT",
    "Tue, 29 Feb 2023 08:49:37 GMT",
    "Sun, 06 Foo 1994 08:49:37 GMT",
    "Sun, 06 Nov 1994 24:00:00 GMT",
    "Sun, 06 Nov 1994 23:59:60 GMT",
  ]) {
    it(`refuses ${date}, a date that does not exist`, () => {
      expect(() => parse_http_date(date)).to.throw(ValueError, "does not exist");
    });
  }
  it("gives nothing for what is no text either", () => {
    expect(parse_http_date_safe(null as never)).to.equal(undefined);
  });
});

describe("utils/http: numbers and bytes for URLs", () => {
  it("keeps every digit of a number above 2^53", () => {
    expect(base36_to_int("zzzzzzzzzzzzz")).to.equal(170581728179578208255n);
    expect(int_to_base36(170581728179578208255n)).to.equal("zzzzzzzzzzzzz");
    expect(base36_to_int("-1")).to.equal(-1);
    expect(base36_to_int("zz")).to.equal(1295);
  });
  for (const text of ["z".repeat(14), "é", "", "1_", "_1", "1__1", "-", "1 1"]) {
    it(`refuses ${JSON.stringify(text)} as base 36`, () => {
      expect(() => base36_to_int(text)).to.throw(ValueError);
    });
  }
  it("refuses a negative number and a fraction", () => {
    expect(() => int_to_base36(-1)).to.throw(ValueError);
    expect(() => int_to_base36(1.5)).to.throw(TypeError);
  });
  it("takes a part of a buffer for that part", () => {
    const buffer = Buffer.from("xa?x");
    expect(urlsafe_base64_encode(buffer.subarray(1, 3))).to.equal("YT8");
    expect(urlsafe_base64_decode("YT8").toString()).to.equal("a?");
  });
  it("refuses a digit that is left over, and padding that is too short", () => {
    for (const text of ["A", "AAAAA", "A===", "AA A"])
      expect(() => urlsafe_base64_decode(text)).to.throw(ValueError, "not base64");
    expect(cpu_time(() => urlsafe_base64_decode(" ".repeat(1_000_000)))).to.be.below(200);
  });
});

describe("utils/http: ETags", () => {
  const long = ["a", ",", '"a",', "W/", '"'].map((piece) => piece.repeat(16_000 / piece.length));
  for (const header of long) {
    it(`reads 16 KB of ${header.slice(0, 4)} in linear time`, () => {
      parse_etags(header);
      expect(cpu_time(() => parse_etags(header))).to.be.below(50);
    });
  }
  it("knows a whole ETag", () => {
    expect(ETAG_MATCH.test('W/"a"')).to.equal(true);
    expect(ETAG_MATCH.test('"a"\n')).to.equal(false);
  });
});

describe("utils/http: urlencode", () => {
  it("takes a mapping in any form", () => {
    const forms = [{ a: 1 }, new Map([["a", 1]]), [["a", 1]] as [string, number][]];
    for (const form of forms) expect(urlencode(form)).to.equal("a=1");
    expect(urlencode(new MultiValueDict({ a: ["1", "2"] }), { doseq: true })).to.equal("a=1&a=2");
    expect(() => urlencode(5 as never)).to.throw(TypeError);
  });
  it("writes Python's text of a value", () => {
    const values = { t: true, f: 1.5, l: [1, "a"], s: mark_safe("a b"), b: Buffer.from([0xff]) };
    expect(urlencode(values)).to.equal("t=True&f=1.5&l=%5B1%2C+%27a%27%5D&s=a+b&b=%FF");
  });
  it("gives a parameter for each item of what can be iterated, if asked to", () => {
    const values = { l: [1, 2], s: new Set(["x"]), o: { k: "v" }, m: new Map([["n", 1]]), e: [] };
    expect(urlencode(values, { doseq: true })).to.equal("l=1&l=2&s=x&o=k&m=n");
    expect(urlencode({ s: mark_safe("ab"), n: 5 }, { doseq: true })).to.equal("s=ab&n=5");
  });
  it("refuses null, naming the key", () => {
    for (const value of [null, undefined])
      expect(() => urlencode({ page: value })).to.throw(TypeError, "'page'");
    expect(() => urlencode({ page: [1, null] }, { doseq: true })).to.throw(TypeError, "'page'");
  });
  it("refuses half a surrogate pair", () => {
    expect(() => urlencode({ a: "\ud800" })).to.throw(UnicodeEncodeError);
  });
});
