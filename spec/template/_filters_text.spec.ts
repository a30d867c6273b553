import { expect } from "chai";
import { describe, it } from "mocha";
import { KeyError, ValueError } from "nuages/core/exceptions";
import {
  center,
  ljust,
  rjust,
  stringformat,
  truncatechars,
  wordwrap,
} from "nuages/template/defaultfilters";
import { type FilterRow, safe, specify } from "../support/filters.ts";

// What Django 6.1 gives.
const ROWS: FilterRow[] = [
  ["addslashes", ["a\"b'c\\d"], "a\\\"b\\'c\\\\d"],
  ["addslashes", [safe("it's")], safe("it\\'s")],
  ["capfirst", ["été à LA"], "Été à LA"],
  ["capfirst", [""], ""],
  ["capfirst", [safe("x<b>")], safe("X<b>")],
  ["capfirst", [5], "5"],
  ["center", ["ab", 5], " ab  "],
  ["center", ["abc", 3], "abc"],
  ["center", ["a", "4"], " a  "],
  ["center", ["ab", -1], "ab"],
  ["center", ["日本", 5], " 日本  "],
  ["center", [safe("x"), 3], safe(" x ")],
  ["cut", ["a b c", " "], "abc"],
  ["cut", [safe("a&amp;b"), ";"], "a&ampb"],
  ["cut", [safe("a b"), " "], safe("ab")],
  ["cut", ["abc", ""], "abc"],
  ["iriencode", ["/é?x=1&y=ü%20"], "/%C3%A9?x=1&y=%C3%BC%20"],
  ["iriencode", [safe("a&b")], safe("a&b")],
  ["ljust", ["ab", 4], "ab  "],
  ["ljust", ["abc", "2"], "abc"],
  ["ljust", ["😀", 3], "😀  "],
  ["rjust", ["ab", 4], "  ab"],
  ["rjust", ["abc", "2"], "abc"],
  ["rjust", ["😀", 3], "  😀"],
  ["lower", ["ÀB ΣΑΣ İ"], "àb σας i̇"],
  ["lower", [safe("<B>")], safe("<b>")],
  ["lower", [null], "none"],
  ["upper", ["straße ﬁ"], "STRASSE FI"],
  ["upper", [safe("&amp;")], "&AMP;"],
  ["make_list", ["a😀"], ["a", "😀"]],
  ["make_list", [123], ["1", "2", "3"]],
  ["phone2numeric", ["1-800-Collect"], "1-800-2655328"],
  ["slugify", [" Jack & Jill like numbers 1,2,3 -- été "], "jack-jill-like-numbers-123-ete"],
  ["slugify", ["---"], ""],
  ["stringformat", [1, "03d"], "001"],
  ["stringformat", [3.14159, ".2f"], "3.14"],
  ["stringformat", [2.5, ".0f"], "2"],
  ["stringformat", ["x", "5s|"], "    x|"],
  ["stringformat", ["x", "d"], ""],
  ["stringformat", [255, "#x"], "0xff"],
  ["stringformat", [1234567, "g"], "1.23457e+06"],
  ["stringformat", [1e-5, "e"], "1.000000e-05"],
  ["stringformat", [[1, "a"], "s"], "[1, 'a']"],
  ["stringformat", [null, "r"], "None"],
  ["stringformat", [{ a: 1 }, "(a)s"], "1"],
  ["stringformat", ["x", "q"], ""],
  ["stringformat", ["x", "s%s"], ""],
  ["stringformat", [0.0001, "g"], "0.0001"],
  ["stringformat", [true, "d"], "1"],
  ["title", ["joe's BOOK o'neill 2nd 3RD x1Y"], "Joe's Book O'Neill 2nd 3rd X1y"],
  ["title", ["ﬁsh ǆ ŉ"], "Fish ǅ ʼN"],
  ["title", ["ΣΑΣ"], "Σας"],
  ["truncatechars", ["hello world", 5], "hell…"],
  ["truncatechars", ["hello", 5], "hello"],
  ["truncatechars", ["hello", "x"], "hello"],
  ["truncatechars", ["hello", 0], ""],
  ["truncatechars", ["été́s!", 4], "été́…"],
  ["truncatechars", [safe("a&amp;b"), 3], safe("a&…")],
  ["truncatechars_html", ["<p>hello <b>world</b></p>", 7], "<p>hello <b>…</b></p>"],
  ["truncatewords", ["one  two\nthree", 2], "one two …"],
  ["truncatewords", ["one two", 2], "one two"],
  ["truncatewords", ["a b", "x"], "a b"],
  ["truncatewords", ["a b", -1], ""],
  ["truncatewords_html", ["<p>one two <b>three</b> four</p>", 3], "<p>one two <b>three</b> …</p>"],
  ["urlencode", ["a b/c?é&"], "a%20b/c%3F%C3%A9%26"],
  ["urlencode", ["a/b", ""], "a%2Fb"],
  ["urlencode", ["a/b?", "?"], "a%2Fb?"],
  ["wordcount", ["one two\u00a0three\n"], 3],
  ["wordcount", [""], 0],
  ["wordwrap", ["the quick brown fox", 9], "the quick\nbrown fox"],
  ["wordwrap", ["abcdef", "3"], "abcdef"],
];

describe("template/_filters_text: Django's results", () => {
  specify(ROWS);
});

describe("template/_filters_text: what Django's filters refuse, or do not", () => {
  const refused: [name: string, run: () => unknown, error: new (...args: never[]) => Error][] = [
    ["center with a width that is no number", () => center("x", "wide"), ValueError],
    ["ljust without a width", () => ljust("x", null), TypeError],
    ["center of more than a million", () => center("x", 1_000_001), ValueError],
    ["ljust of more than a million", () => ljust("x", "100000000"), ValueError],
    ["rjust of more than a million", () => rjust("x", 1e12), ValueError],
    ["wordwrap to nothing", () => wordwrap("a b", 0), ValueError],
    ["truncatechars without a length", () => truncatechars("abc", null), TypeError],
  ];
  for (const [title, run, error] of refused) {
    it(`refuses ${title}`, () => {
      expect(run).to.throw(error);
    });
  }

  const silent: [format: string, value: unknown][] = [
    ["*d", 5],
    ["d", Infinity],
    ["c", "ab"],
    ["c", -1],
    ["x", 1.5],
    ["2000000s", "x"],
    ["", 5],
    ["(a)s", [1]],
    ["z", 5],
  ];
  for (const [format, value] of silent) {
    it(`stringformat gives nothing for %${format} of ${String(value)}`, () => {
      expect(stringformat(value, format)).to.equal("");
    });
  }

  it("stringformat tells of a key that is missing", () => {
    expect(() => stringformat({ a: 1 }, "(b)s")).to.throw(KeyError);
  });

  const formatted: [format: string, value: unknown, expected: string][] = [
    ["-5s|", "ab", "ab   |"],
    [".2s", "a\u{1f600}b", "a\u{1f600}"],
    ["+d", 5, "+5"],
    [" d", 5, " 5"],
    ["05d", -42, "-0042"],
    ["-5d|", 42, "42   |"],
    [".4d", 42, "0042"],
    ["o", 8, "10"],
    ["#o", 8, "0o10"],
    ["X", 255, "FF"],
    ["#X", 255, "0XFF"],
    ["c", 128512, "\u{1f600}"],
    ["c", "a", "a"],
    ["r", "it's", '"it\'s"'],
    ["a", "\u00e9", "'\\xe9'"],
    ["f", 1e22, "10000000000000000000000.000000"],
    [".1f", 0.25, "0.2"],
    [".1f", 0.35, "0.3"],
    ["#.0f", 3, "3."],
    [".3e", 12345.678, "1.235e+04"],
    ["E", 0, "0.000000E+00"],
    ["g", 100000, "100000"],
    ["g", 1000000, "1e+06"],
    ["g", 0.00001, "1e-05"],
    ["#g", 1.5, "1.50000"],
    [".10g", 1234567.891, "1234567.891"],
    ["F", Number.NaN, "NAN"],
    ["06.1f", -Infinity, "-00inf"],
    ["d", 12345678901234567890n, "12345678901234567890"],
    ["s%%", 1, "1%"],
  ];
  for (const [format, value, expected] of formatted) {
    it(`stringformat: %${format} of ${String(value)}`, () => {
      expect(stringformat(value, format)).to.equal(expected);
    });
  }
});
