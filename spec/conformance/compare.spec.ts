import { expect } from "chai";
import { describe, it } from "mocha";
import { QueryDict } from "nuages/http";
import { mark_safe } from "nuages/utils/safestring";
import { matches, shown, Thrown } from "./_compare.ts";
import type { Json } from "./_format.ts";
import { python_regex } from "./_python_regex.ts";

const bytes = { $bytes: "YQ==" };

describe("conformance: what counts as the recorded value", () => {
  const equal: [recorded: Json, happened: unknown][] = [
    [null, undefined],
    ["a", mark_safe("a")],
    [[1, [2]], new Set([[2], 1])], // a set has no order
    [["a"], ["a"].values()],
    [
      { a: null, b: 1 },
      { b: 1, a: undefined },
    ],
    [{ a: 1 }, new Map([["a", 1]])],
    [{ $map: [[2, "b"]] }, new Map([[2, "b"]])],
    [bytes, Uint8Array.of(97)],
    [{ $number: "NaN" }, Number.NaN],
    [{ $Version: "1" }, { $Version: "1" }],
    [{ $throws: "TypeError" }, new Thrown(new TypeError())],
  ];
  for (const [recorded, happened] of equal) {
    it(`${JSON.stringify(recorded)} is ${shown(happened)}`, () => {
      expect(matches(recorded, happened)).to.equal(true);
    });
  }

  const different: [recorded: Json, happened: unknown][] = [
    [null, 0],
    [1, "1"],
    [1, true],
    ["1", 1],
    ["a", new QueryDict("a")],
    [["a"], "a"],
    [["a"], new QueryDict("a")], // a mapping, though it can be iterated
    [
      [1, 2],
      [2, 1],
    ],
    [[1], [1, undefined]],
    [{}, []],
    [{ a: "1" }, new QueryDict("a=1")],
    [{ constructor: null }, {}],
    [{ a: 1 }, { a: 1, b: undefined }],
    [
      {
        $map: [
          [2, "b"],
          [1, "a"],
        ],
      },
      { 2: "b", 1: "a" },
    ], // a plain object has lost the order
    [{ $map: [[2, "b"]] }, new Map([["2", "b"]])],
    [bytes, "a"],
    ["a", Buffer.from("a")],
    [{ $date: "2026-01-02T03:04:05.000Z" }, "2026-01-02T03:04:05.000Z"],
    [{ $number: "NaN" }, null],
  ];
  for (const [recorded, happened] of different) {
    it(`${JSON.stringify(recorded)} is not ${shown(happened)}`, () => {
      expect(matches(recorded, happened)).to.equal(false);
    });
  }
});

describe("conformance: regular expressions in Python's syntax", () => {
  const patterns: [pattern: string, matched: string, refused: string][] = [
    ["(?i)curl", "cURL/8", "wget"],
    [String.raw`\.png$`, "a.png\n", "a.png\n\n"],
    [String.raw`^a\Z`, "a", "a\n"],
    [String.raw`\Aé\w+`, "été", "le été"],
    [String.raw`(?P<y>\d{4})-(?P=y)`, "2024-2024", "2024-2025"],
    [String.raw`^[]a\-]+$`, "]-a", "b"],
    [String.raw`^a\/\-b$`, "a/-b", "a-b"],
    ["^a.b$", "a\rb", "a\nb"],
    ["(?x) ^ a  b # then\n c", "abc", "a b c"],
    ["a(?#comment)b", "ab", "a"],
  ];
  for (const [pattern, matched, refused] of patterns) {
    it(JSON.stringify(pattern), () => {
      expect(matched).to.match(python_regex(pattern));
      expect(refused).to.not.match(python_regex(pattern));
    });
  }
});
