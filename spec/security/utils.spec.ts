/** Security of the utilities: judging URLs, reading headers, and HTML, in time that input cannot stretch. @module */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { describe, it } from "mocha";
import {
  LookupError,
  SuspiciousFileOperation,
  SuspiciousOperation,
  ValueError,
} from "nuages/core/exceptions";
import { RequestFactory } from "nuages/test";
import { constant_time_compare, get_random_string } from "nuages/utils/crypto";
import { repercent_broken_unicode, uri_to_iri } from "nuages/utils/encoding";
import { escape, escapejs, json_script, strip_tags, urlize } from "nuages/utils/html";
import {
  base36_to_int,
  parse_etags,
  parse_http_date,
  url_has_allowed_host_and_scheme,
} from "nuages/utils/http";
import { get_valid_filename, Truncator, wrap } from "nuages/utils/text";
import {
  check_for_language,
  get_language_from_request,
  get_supported_language_variant,
} from "nuages/utils/translation";
import { cpu_time } from "../support/cpu_time.ts";
import { heap_growth } from "../support/heap.ts";

/** A text in a title. */
function shown(text: string): string {
  return text.length <= 40
    ? JSON.stringify(text)
    : `${JSON.stringify(text.slice(0, 20))}… (${text.length} characters)`;
}

describe("security/utils: the URL to go to next", () => {
  const allows = (url: string, options?: { require_https: boolean }): boolean =>
    url_has_allowed_host_and_scheme(url, new Set(["a.example"]), options);

  const refused = [
    "//evil.com",
    "///evil.com",
    "/\\evil.com",
    "\\\\evil.com",
    "\\/evil.com",
    "http:///evil.com",
    "http:/evil.com",
    "http:evil.com",
    "http://a.example@evil.com",
    "http://evil.com\\@a.example",
    "//a.example\\.evil.com",
    " //evil.com",
    "\t//evil.com",
    "/\t/evil.com",
    "/\n/evil.com",
    "\x1b//evil.com",
    "\u2028//evil.com",
    "\u00a0//evil.com",
    "\x08javascript:alert(1)",
    "javascript:alert(1)",
    "ftp://a.example",
    "http://[::1",
    "http://a.example:80",
    "http://a.example.",
    "http://A.EXAMPLE",
    "http://ａ.example",
    "",
    "   ",
  ];
  for (const url of refused) {
    it(`I1: ${JSON.stringify(url)} is refused`, () => {
      expect(allows(url)).to.equal(false);
    });
  }

  const allowed = [
    "/x",
    "http://a.example",
    "https://a.example",
    "//a.example",
    "a.example",
    "/%5cevil.com",
    "/%2f/evil.com",
    "1234567890",
    ".//evil.com",
    "?next=//evil",
    "@evil.com",
    "https://a.example#@evil.com",
    "http://a.example/\\evil.com",
  ];
  for (const url of allowed) {
    it(`I2: ${JSON.stringify(url)} is allowed`, () => {
      expect(allows(url)).to.equal(true);
    });
  }
  it("I2: require_https leaves paths and https", () => {
    const urls = ["http://a.example", "//a.example", "https://a.example", "/x"];
    const found = urls.map((url) => allows(url, { require_https: true }));
    expect(found).to.deep.equal([false, false, true, true]);
  });

  it("I3: a URL has 2,048 characters at most, and a longer one is refused within 1 ms", () => {
    expect(allows(`/${"x".repeat(2047)}`)).to.equal(true);
    expect(allows(`/${"x".repeat(2048)}`)).to.equal(false);
    const slashes = "/".repeat(1_000_000);
    expect(allows(slashes)).to.equal(false);
    expect(cpu_time(() => allows(slashes))).to.be.below(1);
  });
});

describe("security/utils: header values and numbers", () => {
  const no_dates = [
    "2050",
    "0",
    "Sat, 01 Jan 2050",
    "x".repeat(100_000),
    "Sun, 99 Nov 1994 08:49:37 GMT",
    "Sun, 06 Nov 1994 08:49:37 GMT ",
    "Sun, 06 Nov 99999999 08:49:37 GMT",
    "Sunday, 06-Nov-1994 08:49:37 GMT",
  ];
  for (const text of no_dates) {
    it(`I4: ${shown(text)} is no date`, () => {
      const read = (): void => void expect(() => parse_http_date(text)).to.throw(ValueError);
      read();
      expect(cpu_time(read)).to.be.below(5);
    });
  }
  it("I4: the years 94, 37 and 0000 are of the centuries that Django reads", () => {
    const year = (date: string): number => new Date(parse_http_date(date) * 1000).getUTCFullYear();
    expect(year("Sunday, 06-Nov-94 08:49:37 GMT")).to.equal(1994);
    expect(year("Friday, 06-Nov-37 08:49:37 GMT")).to.equal(2037);
    expect(year("Sun, 06 Nov 0000 08:49:37 GMT")).to.equal(2000);
  });

  const etags: [header: string, count: number][] = [
    [",".repeat(16_384), 0],
    ['"a",'.repeat(5000), 5000],
    ['"a"'.repeat(5000), 0],
    ["W/".repeat(8000), 0],
    [`"${"a".repeat(16_000)}`, 0],
    [`W/"${'a" '.repeat(5000)}`, 0],
  ];
  for (const [header, count] of etags) {
    it(`I5: ${shown(header)} holds ${count} ETags`, () => {
      expect(parse_etags(header)).to.have.lengthOf(count);
      expect(cpu_time(() => parse_etags(header))).to.be.below(10);
    });
  }

  const uris: [what: string, uri: string, end: string][] = [
    ["broken bytes", "%FF".repeat(300_000), "%FF"],
    ["broken and good bytes in turn", "%FFa".repeat(300_000), "a"],
    ["broken bytes between good ones", "%C3%A9%FF".repeat(150_000), "é%FF"],
  ];
  for (const [what, uri, end] of uris) {
    it(`I6: ${what} are read in half a second`, () => {
      expect(uri_to_iri(uri).endsWith(end)).to.equal(true);
      expect(cpu_time(() => uri_to_iri(uri), 2)).to.be.below(500);
    });
  }
  it("I6: 300,000 broken bytes are encoded in half a second", () => {
    const bytes = Buffer.alloc(300_000, 0xff);
    expect(repercent_broken_unicode(bytes).toString()).to.equal("%FF".repeat(300_000));
    expect(cpu_time(() => repercent_broken_unicode(bytes), 2)).to.be.below(500);
  });

  it("I7: a number in base 36 is exact, and has 13 digits at most", () => {
    expect(base36_to_int("z".repeat(13))).to.equal(170581728179578208255n);
    expect(base36_to_int("-1")).to.equal(-1);
    expect(() => base36_to_int("z".repeat(14))).to.throw(ValueError);
    expect(() => base36_to_int("é")).to.throw(ValueError);
  });
});

describe("security/utils: HTML", () => {
  const stripped: [html: string, text: string][] = [
    ["<".repeat(100_000), "<".repeat(100_000)],
    ["<!".repeat(50_000), "<!".repeat(50_000)],
    ["&lt;".repeat(50_000), "&lt;".repeat(50_000)],
    ["</".repeat(50_000), "</".repeat(50_000)],
    ["<<b>", "<"],
    ["<sc<script>ript>alert(1)", "ript>alert(1)"],
    ["><!".repeat(50_000), ">"],
    ["><!--".repeat(50_000), ">"],
  ];
  for (const [html, text] of stripped) {
    it(`I8: ${shown(html)} without tags is ${shown(text)}`, () => {
      expect(strip_tags(html) === text).to.equal(true);
      expect(cpu_time(() => strip_tags(html), 1)).to.be.below(500);
    });
  }
  for (const html of ["<a ".repeat(50_000), "<s".repeat(30_000)]) {
    it(`I8: ${shown(html)} has tags within tags and is refused`, () => {
      const strip = (): void => void expect(() => strip_tags(html)).to.throw(SuspiciousOperation);
      strip();
      expect(cpu_time(strip, 1)).to.be.below(500);
    });
  }
  it("I8: tags that appear when others are taken away are taken away too, 50 times at most", () => {
    const nested = (depth: number): string => `${"<".repeat(depth)}b>${">".repeat(depth - 1)}`;
    expect(strip_tags(nested(3))).not.to.match(/<b/);
    expect(() => strip_tags(`${"<".repeat(60)}${"b>".repeat(60)}`)).to.throw(SuspiciousOperation);
  });

  const urlized: [what: string, text: string][] = [
    ["a.", "a.".repeat(50_000)],
    [":", ":".repeat(50_000)],
    ["brackets", `${"(".repeat(50_000)}${")".repeat(50_000)}`],
    ["closing brackets and colons", `a.b${":)".repeat(50_000)}`],
    ["@", "@".repeat(50_000)],
    ["x@", "x@".repeat(50_000)],
    ["! after a URL", `http://a.com${"!".repeat(50_000)}`],
    ["&lt;", "&lt;".repeat(50_000)],
    [".&lt;", ".&lt;".repeat(50_000)],
    ["square brackets", `${"[".repeat(50_000)}a.b${"]".repeat(50_000)}`],
    ["www.", "www.".repeat(50_000)],
    ["; after &:", `&:${";".repeat(50_000)}`],
    ["é", "é".repeat(50_000)],
    ["é.", "é.".repeat(50_000)],
    [";.", `&a${";.".repeat(50_000)}`],
    ["distinct words", Array.from({ length: 5000 }, (_, i) => `www.a${i}.com`).join(" ")],
    [
      "distinct long words",
      Array.from({ length: 25 }, (_, i) => `${"a.".repeat(1000)}${i}`).join(" "),
    ],
    [
      "distinct mail words",
      Array.from({ length: 300 }, (_, i) => `${"a.".repeat(150)}@${i}`).join(" "),
    ],
    [
      "distinct mail words b",
      Array.from({ length: 300 }, (_, i) => `a@${"a-".repeat(150)}${i}`).join(" "),
    ],
  ];
  for (const [what, text] of urlized) {
    it(`I9: ${what}, 50,000 times, are read in half a second`, () => {
      for (const autoescape of [false, true]) {
        expect(cpu_time(() => urlize(text, { autoescape }), 2)).to.be.below(500);
      }
    });
  }

  const links: [text: string, html: string][] = [
    ["javascript:alert(1)", "javascript:alert(1)"],
    ['http://a.com/"onmouseover=x', '<a href="http://a.com/">http://a.com/</a>&quot;onmouseover=x'],
    ["http://a.com/'x", '<a href="http://a.com/">http://a.com/</a>&#x27;x'],
    ["www.a.com<b>", '<a href="http://www.a.com">www.a.com</a>&lt;b&gt;'],
    ["//evil.com", "//evil.com"],
    ["http://[::1", "http://[::1"],
  ];
  for (const [text, html] of links) {
    it(`I10: ${text} becomes ${html}`, () => {
      expect(urlize(text, { autoescape: true })).to.equal(html);
    });
  }

  it("I18: an e-mail address has 320 characters at most", () => {
    const longest = `${"a".repeat(308)}@example.com`;
    expect(urlize(longest)).to.include("mailto:");
    expect(urlize(`a${longest}`)).not.to.include("mailto:");
    expect(cpu_time(() => urlize(`${"a.".repeat(5000)}@example.com`))).to.be.below(10);
  });
  for (const end of ["\n", "\r", "\u2028"]) {
    it(`I17: ${JSON.stringify(end)} behind an e-mail address is no part of it`, () => {
      const link = '<a href="mailto:a@example.com">a@example.com</a>';
      expect(urlize(`a@example.com${end}`)).to.equal(link + end);
    });
  }

  const long: [what: string, html: string][] = [
    ["40,000 opening and as many stray closing tags", "<p>".repeat(40_000) + "</b>".repeat(40_000)],
    ["closing tags", "</a>".repeat(50_000)],
    ["&", "&".repeat(200_000)],
    ["<", "<".repeat(50_000)],
    ["&lt", "&lt".repeat(50_000)],
    ["<a", "<a".repeat(50_000)],
    ["attributes", `<a ${"b='c".repeat(50_000)}`],
    ["6,000,000 characters", "a".repeat(6_000_000)],
    ["3,000,000 words", "a ".repeat(3_000_000)],
  ];
  for (const [what, html] of long) {
    it(`I11: ${what} are cut in a second`, () => {
      const truncator = new Truncator(html);
      expect(cpu_time(() => truncator.chars(100, { html: true }), 1)).to.be.below(1000);
      expect(cpu_time(() => truncator.words(100, { html: true }), 1)).to.be.below(1000);
    });
  }
  const wrapped: [what: string, text: string][] = [
    ["1,000,000 characters on one line", "a".repeat(1_000_000)],
    ["500,000 words on one line", "a ".repeat(500_000)],
    ["200,000 spaces", " ".repeat(200_000)],
    ["200,000 tabs", "\t".repeat(200_000)],
  ];
  for (const [what, text] of wrapped) {
    it(`I12: ${what} are wrapped in half a second`, () => {
      expect(cpu_time(() => wrap(text, 80), 1)).to.be.below(500);
    });
  }

  it("I13: exactly Django's five characters are escaped", () => {
    expect(String(escape("<>&\"'`\\/="))).to.equal("&lt;&gt;&amp;&quot;&#x27;`\\/=");
  });

  const scripts: [text: string, escaped: string][] = [
    ["</script>", "\\u003C/script\\u003E"],
    ["'\"\\", "\\u0027\\u0022\\u005C"],
    ["\u2028\0`\r\n", "\\u2028\\u0000\\u0060\\u000D\\u000A"],
    ["<!--", "\\u003C!\\u002D\\u002D"],
  ];
  for (const [text, escaped] of scripts) {
    it(`I14: ${JSON.stringify(text)} in a script is ${escaped}`, () => {
      expect(String(escapejs(text))).to.equal(escaped);
    });
  }
  it("I14: data for a script cannot end its element, nor can the id", () => {
    const made = String(json_script("</script><!--&'\u2028\0", { element_id: '"><script>' }));
    expect(made).to.equal(
      '<script id="&quot;&gt;&lt;script&gt;" type="application/json">' +
        '"\\u003C/script\\u003E\\u003C!--\\u0026\'\\u2028\\u0000"</script>',
    );
  });
});

describe("security/utils: file names", () => {
  for (const name of ["..", ".", "", "/", "\0"]) {
    it(`I16: ${JSON.stringify(name)} is no name`, () => {
      expect(() => get_valid_filename(name)).to.throw(SuspiciousFileOperation);
    });
  }
  const names: [name: string, valid: string][] = [
    ["a/b", "ab"],
    ["a\0b", "ab"],
    ["..\\x", "..x"],
    ["é漢.txt", "é漢.txt"],
    ["a\u202eb", "ab"],
  ];
  for (const [name, valid] of names) {
    it(`I16: ${JSON.stringify(name)} becomes ${valid}`, () => {
      expect(get_valid_filename(name)).to.equal(valid);
    });
  }
});

describe("security/utils: languages", () => {
  const language_for = (header: string): string =>
    get_language_from_request(
      new RequestFactory().get("/", null, { headers: { "Accept-Language": header } }),
    );

  const headers: [header: string, language: string][] = [
    ["de-".repeat(1000), "en"],
    ["-".repeat(500), "en"],
    ["_".repeat(100_000), "en"],
    [`de,${"en;q=0.1,".repeat(100)}`, "de"],
    [`${"x".repeat(600)},de`, "en"],
  ];
  for (const [header, language] of headers) {
    it(`I19: ${shown(header)} gives ${language}`, () => {
      expect(language_for(header)).to.equal(language);
      expect(cpu_time(() => language_for(header))).to.be.below(20);
    });
  }
  it("I19: of 1,000 different headers nothing is kept", () => {
    const growth = heap_growth(() => {
      for (let i = 0; i < 1000; i++)
        language_for(`en,${`${i}-abcdefgh,`.repeat(45)}${"x".repeat(10_000)}`);
    });
    expect(growth).to.be.below(8 * 2 ** 20);
  });

  const CODE = "de-".repeat(70_000);
  it("I20: a code of 200,000 characters is refused, or cut if it need not be exact", () => {
    expect(check_for_language(CODE)).to.equal(false);
    expect(() => get_supported_language_variant(CODE, { strict: true })).to.throw(LookupError);
    expect(get_supported_language_variant(CODE)).to.equal("de");
    expect(() => get_supported_language_variant("x".repeat(200_000))).to.throw(LookupError);
    expect(cpu_time(() => get_supported_language_variant(CODE))).to.be.below(20);
  });
  it("I20: of 5,000 different codes of 500 KB nothing is kept", () => {
    const growth = heap_growth(() => {
      const end = "-de".repeat(170_000);
      for (let i = 0; i < 5000; i++) check_for_language(`de-${i}${end}`);
    });
    expect(growth).to.be.below(8 * 2 ** 20);
  });

  for (const code of ["../../etc/passwd", "en\0", "en/../x", "en\n../x"]) {
    it(`I21: ${JSON.stringify(code)} is no language`, () => {
      expect(check_for_language(code)).to.equal(false);
      expect(() => get_supported_language_variant(code)).to.throw(LookupError);
      const request = new RequestFactory().get("/");
      request.COOKIES.django_language = code;
      expect(get_language_from_request(request)).to.equal("en");
    });
  }
});

describe("security/utils: secrets", () => {
  const pairs: [left: unknown, right: unknown, same: boolean][] = [
    ["abc", "abc", true],
    ["abc", "abcd", false],
    ["", "a", false],
    ["", "", true],
    ["é", "é", true],
    ["é", "e\u0301", false],
    [Buffer.from("é"), "é", true],
    [12, 12, true],
    [12, 13, false],
    ["a".repeat(100_000), "a".repeat(99_999), false],
  ];
  for (const [left, right, same] of pairs) {
    it(`I22: ${shown(String(left))} and ${shown(String(right))} are ${same ? "equal" : "different"}`, () => {
      expect(constant_time_compare(left, right)).to.equal(same);
    });
  }
  it("I22: tokens do not repeat", () => {
    const made = new Set(Array.from({ length: 10_000 }, () => get_random_string(12)));
    expect(made.size).to.equal(10_000);
  });
  it("I22: Math.random is nowhere in the source", () => {
    const source = fileURLToPath(new URL("../../src", import.meta.url));
    const files = readdirSync(source, { recursive: true, encoding: "utf8" });
    const typescript = files.filter((name) => name.endsWith(".ts"));
    expect(typescript.length).to.be.above(200);
    for (const name of typescript)
      expect(readFileSync(join(source, name), "utf8").includes("Math.random"), name).to.equal(
        false,
      );
  });
});
