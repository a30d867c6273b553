import { expect } from "chai";
import { describe, it } from "mocha";
import { ValueError } from "nuages/core/exceptions";
import { escape, normalize, PythonPattern } from "nuages/utils/regex_helper";

type Row = [pattern: string, text: string, found: [text: string, groups: (string | null)[]] | null];

// What Python 3.13 finds: `re.search(pattern, text)`.
const searched: Row[] = [
  ["^a$", "a", ["a", []]],
  ["^a$", "a\n", ["a", []]],
  ["^a$", "b\na", null],
  ["a$", "a\n", ["a", []]],
  ["a$", "a\nb", null],
  ["^a\\Z", "a", ["a", []]],
  ["^a\\Z", "a\n", null],
  ["(?m)^b$", "a\nb\nc", ["b", []]],
  ["(?m)^b$", "a\r\nb", ["b", []]],
  ["^.$", "\n", null],
  ["^.$", "\u00e9", ["\u00e9", []]],
  ["^.$", "\ud83d\ude00", ["\ud83d\ude00", []]],
  ["^.$", "\r", ["\r", []]],
  ["(?s)^.$", "\n", ["\n", []]],
  ["^\\d+$", "12", ["12", []]],
  ["^\\d+$", "\u0661\u0662", ["\u0661\u0662", []]],
  ["^\\d+$", "\u00b2", null],
  ["^\\d+$", "\u00bd", null],
  ["^\\w+$", "\u00e9t\u00e9", ["\u00e9t\u00e9", []]],
  ["^\\w+$", "\u65e5\u672c", ["\u65e5\u672c", []]],
  ["^\\w+$", "e\u0301", null],
  ["^\\w+$", "a_1", ["a_1", []]],
  ["^\\w+$", "a-b", null],
  ["^\\w+$", "\u00b2", ["\u00b2", []]],
  ["^\\s$", "\u001c", ["\u001c", []]],
  ["^\\s$", "\u0085", ["\u0085", []]],
  ["^\\s$", "\u00a0", ["\u00a0", []]],
  ["^\\s$", "\u200b", null],
  ["^\\s$", "\ufeff", null],
  ["^\\s$", "\u2028", ["\u2028", []]],
  ["^[\\W\\d]+$", "-1", ["-1", []]],
  ["^[\\W\\d]+$", "a", null],
  ["^[^\\W\\d]+$", "ab", ["ab", []]],
  ["^[^\\W\\d]+$", "a1", null],
  ["^[^\\W\\d]+$", "\u00e9", ["\u00e9", []]],
  ["^[^\\W\\d]+$", "_", ["_", []]],
  ["^[^\\s/]+$", "a b", null],
  ["^[^\\s/]+$", "ab", ["ab", []]],
  ["^[^\\s/]+$", "a\u00a0b", null],
  ["\\bfoo\\b", "foo", ["foo", []]],
  ["\\bfoo\\b", "\u00e9foo", null],
  ["\\bfoo\\b", "foo bar", ["foo", []]],
  ["\\bfoo\\b", "foo_", null],
  ["^\\B$", "", null],
  ["^\\B$", "a", null],
  ["(?i)^key$", "KEY", ["KEY", []]],
  ["(?i)^key$", "\u212aEY", ["\u212aEY", []]],
  ["(?i)^key$", "key", ["key", []]],
  ["(?i)^stra\u00dfe$", "STRASSE", null],
  ["(?i)^stra\u00dfe$", "STRA\u1e9eE", ["STRA\u1e9eE", []]],
  ["(?i)^stra\u00dfe$", "stra\u00dfe", ["stra\u00dfe", []]],
  ["(?i)^i$", "I", ["I", []]],
  ["(?i)^i$", "\u0130", ["\u0130", []]],
  ["(?i)^i$", "\u0131", ["\u0131", []]],
  ["(?ai)^k$", "\u212a", null],
  ["(?ai)^k$", "K", ["K", []]],
  ["(?a)^\\w+$", "\u00e9", null],
  ["(?a)^\\w+$", "e", ["e", []]],
  ["^(?i:a)b$", "Ab", ["Ab", []]],
  ["^(?i:a)b$", "AB", null],
  ["(?x) ^ a b # note", "ab", ["ab", []]],
  ["(?x) ^ a b # note", "a b", null],
  ["^a(?#note)b$", "ab", ["ab", []]],
  ["^(?P<a>\\w)(?P=a)$", "xx", ["xx", ["x"]]],
  ["^(?P<a>\\w)(?P=a)$", "xy", null],
  ["^(a)(b)?\\1$", "aa", ["aa", ["a", null]]],
  ["^(a)(b)?\\1$", "aba", ["aba", ["a", "b"]]],
  ["^a{,2}$", "", ["", []]],
  ["^a{,2}$", "aa", ["aa", []]],
  ["^a{,2}$", "aaa", null],
  ["^a{$", "a{", ["a{", []]],
  ["^x{a}$", "x{a}", ["x{a}", []]],
  ["^[]a]+$", "]a", ["]a", []]],
  ["^[]a]+$", "b", null],
  ["^[a\\-c]+$", "-", ["-", []]],
  ["^[a\\-c]+$", "b", null],
  ["^(?>a+)b$", "aab", ["aab", []]],
  ["^a*+a$", "aaa", null],
  ["^a++b$", "aab", ["aab", []]],
  ["^(?P<n>a*)?$", "", ["", [""]]],
  ["^(?P<n>a*)?$", "a", ["a", ["a"]]],
  ["^\\101\\x42\\u00e9$", "AB\u00e9", ["AB\u00e9", []]],
  ["^\\t\\a\\v\\f$", "\t\u0007\u000b\f", ["\t\u0007\u000b\f", []]],
  ["(?<!x)y$", "y", ["y", []]],
  ["(?<!x)y$", "xy", null],
  ["(?<=\u00e9)y$", "\u00e9y", ["y", []]],
  ["(?<=\u00e9)y$", "ey", null],
  ["^[\\d-]+$", "1-", ["1-", []]],
  ["^[\\d-]+$", "\u0663", ["\u0663", []]],
  ["^$", "", ["", []]],
  ["^$", "\n", ["", []]],
  ["^(?:|a)$", "", ["", []]],
  ["^(?:|a)$", "a", ["a", []]],
  ["^[\ud83d\ude00-\ud83d\ude02]$", "\ud83d\ude01", ["\ud83d\ude01", []]],
  ["^[\ud83d\ude00-\ud83d\ude02]$", "a", null],
];

describe("utils/regex_helper: PythonPattern", () => {
  for (const [pattern, text, expected] of searched) {
    it(`${pattern} ${expected === null ? "does not match" : "matches"} ${JSON.stringify(text)}`, () => {
      const found = new PythonPattern(pattern).search(text);
      expect(
        found === undefined ? null : [text.slice(found.start, found.end), found.groups],
      ).to.deep.equal(expected);
    });
  }

  it("matches a whole text, also by going back", () => {
    const pattern = new PythonPattern("a|ab");
    expect(pattern.search("ab")?.end).to.equal(1);
    expect(pattern.fullmatch("ab")?.end).to.equal(2);
    expect(new PythonPattern("a$").fullmatch("a\n")).to.equal(undefined);
  });

  const refused: [pattern: string, because: string][] = [
    ["(", "missing )"],
    [")", "unbalanced parenthesis"],
    ["[a", "missing ]"],
    ["a**", "second quantifier"],
    ["*a", "nothing to repeat"],
    ["^*", "nothing to repeat"],
    ["a{3,2}", "minimum above the maximum"],
    ["[b-a]", "range that is none"],
    ["\\q", "unknown escape \\q"],
    ["\\x1", "incomplete escape"],
    ["a(?i)b", "do not stand at its start"],
    ["(?P<a>x)(?P<a>y)", "second group named a"],
    ["(?P<1a>x)", "no group can have"],
    ["(?P=a)", "unknown group a"],
    ["(?Pa)", "unknown extension"],
    ["(a\\1)", "still open"],
    ["(?<=a+)b", "no fixed length"],
    ["(?L)a", "flag L"],
    ["(?(1)a|b)", "JavaScript cannot express"],
    ["(a)?\\1", "cannot be expressed in JavaScript"],
    ["(?:(a)|b)*", "JavaScript treats differently"],
  ];
  for (const [pattern, because] of refused) {
    it(`refuses ${pattern}`, () => {
      expect(() => new PythonPattern(pattern)).to.throw(ValueError, because);
    });
  }

  it("escapes what has a meaning in a pattern", () => {
    for (const text of ["a.b", "(x)[y]{1}", "a|b$^", "#~& -", "\\d"])
      expect(new PythonPattern(escape(text)).fullmatch(text)?.end).to.equal(text.length);
  });
});

describe("utils/regex_helper: normalize", () => {
  // each possible text, its parameters in angle brackets
  const forms: [pattern: string, texts: string[]][] = [
    ["^a/$", ["a/"]],
    ["", [""]],
    ["^(\\d+)/(\\w+)$", ["<_0>/<_1>"]],
    ["^(?P<y>\\d+)/(?:x(?P<m>\\d))?$", ["<y>/", "<y>/x<m>"]],
    ["^(?P<a>x)?(?P<b>y)?$", ["", "<b>", "<a>", "<a><b>"]],
    ["^a*b+c?d{2}e{0,3}f{2,}$", ["bddff"]],
    ["^[abc][^x]\\d\\w\\s.$", ["a^0x ."]],
    ["^(?=a)(?!b)(?<=c)x$", ["x"]],
    ["^a|b$", [""]],
    ["^(?:a|b)c$", [""]],
    ["^(a|b)c$", ["<_0>c"]],
    ["^(?P<a>[^)]+)/(?P=a)$", ["<a>/<a>"]],
    ["^a{b}$", ["a{b}"]],
    ["^(?:a(?:b(c)?)?)?$", [""]],
    ["^\\(x\\)\\.\\+$", ["(x).+"]],
    ["^100%$", ["100%"]],
  ];
  for (const [pattern, texts] of forms) {
    it(`${JSON.stringify(pattern)} is ${texts.map((text) => JSON.stringify(text)).join(" or ")}`, () => {
      const written = normalize(pattern).map(({ pieces }) =>
        pieces.map((piece) => (typeof piece === "string" ? piece : `<${piece.param}>`)).join(""),
      );
      expect(written).to.deep.equal(texts);
    });
  }

  for (const pattern of ["(?i)a", "a(?#note)b", "(?>a)", "(?Px)"]) {
    it(`refuses ${pattern}, as Django does`, () => {
      expect(() => normalize(pattern)).to.throw(ValueError, "cannot be reversed");
    });
  }
});
