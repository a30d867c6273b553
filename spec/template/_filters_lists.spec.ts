import { expect } from "chai";
import { describe, it } from "mocha";
import { KeyError } from "nuages/core/exceptions";
import { dictsort, first, join, last, length, random, slice } from "nuages/template/defaultfilters";
import { type FilterRow, safe, specify } from "../support/filters.ts";

// What Django 6.1 gives.
const ROWS: FilterRow[] = [
  ["dictsort", [[{ n: "b" }, { n: "a" }], "n"], [{ n: "a" }, { n: "b" }]],
  ["dictsort", [[{ a: { b: 2 } }, { a: { b: 1 } }], "a.b"], [{ a: { b: 1 } }, { a: { b: 2 } }]],
  [
    "dictsort",
    [
      [
        [1, "z"],
        [0, "y"],
      ],
      0,
    ],
    [
      [0, "y"],
      [1, "z"],
    ],
  ],
  ["dictsort", [[{ n: 1 }, { n: "x" }], "n"], ""],
  ["dictsort", [[{ n: 1 }, {}], "n"], ""],
  ["dictsort", [[{ _n: 1 }, { _n: 0 }], "_n"], ""],
  ["dictsort", [5, "n"], ""],
  [
    "dictsortreversed",
    [[{ n: 1, m: 1 }, { n: 2 }, { n: 1, m: 2 }], "n"],
    [{ n: 2 }, { n: 1, m: 1 }, { n: 1, m: 2 }],
  ],
  ["first", [[1, 2]], 1],
  ["first", [[]], ""],
  ["first", ["😀b"], "😀"],
  ["first", [safe("<b>")], "<"],
  ["last", [[1, 2]], 2],
  ["last", [""], ""],
  ["last", ["a😀"], "😀"],
  ["join", [["a", "<b>", safe("<c>")], ", "], safe("a, &lt;b&gt;, <c>")],
  ["join", [["a", "b"], safe("<br>")], safe("a<br>b")],
  ["join", [["a", "b"], "<br>"], safe("a&lt;br&gt;b")],
  ["join", [5, ", "], 5],
  ["join", [[1, null], "-"], safe("1-None")],
  ["join", ["abc", "-"], safe("a-b-c")],
  ["length", ["a😀"], 2],
  ["length", [[1, 2]], 2],
  ["length", [{ a: 1 }], 1],
  ["length", [null], 0],
  ["length", [5], 0],
  ["slice", ["abcdef", "1:3"], "bc"],
  ["slice", ["abc", ":-1"], "ab"],
  ["slice", [[1, 2, 3, 4], "::2"], [1, 3]],
  ["slice", [[1, 2, 3], "::-1"], [3, 2, 1]],
  ["slice", ["abc", "2"], "ab"],
  ["slice", ["a😀b", "1:"], "😀b"],
  ["slice", [[1, 2], "x"], [1, 2]],
  ["slice", ["abc", "::0"], "abc"],
  ["slice", ["abc", "1:2:3:4"], "abc"],
  ["slice", [5, "1:"], 5],
  ["slice", ["abcdef", "-2:"], "ef"],
  ["slice", ["abcdef", "4:1:-1"], "edc"],
];

describe("template/_filters_lists: Django's results", () => {
  specify(ROWS);
});

describe("template/_filters_lists: more than Django's lists", () => {
  it("takes whatever can be gone through", () => {
    expect(first(new Set(["a", "b"]))).to.equal("a");
    expect(last([1, 2, 3].values())).to.equal(3);
    expect(length(new Map([["a", 1]]))).to.equal(1);
    expect(String(join(new Set(["a", "b"]), "+"))).to.equal("a+b");
  });

  it("refuses the first item of what has none", () => {
    expect(() => first(5)).to.throw(TypeError);
    expect(() => last({ a: 1 })).to.throw(KeyError);
    expect(() => random(new Map())).to.throw(KeyError);
  });

  it("random gives one of the items, or nothing of an empty list", () => {
    expect(["a", "b"]).to.include(random(["a", "b"]));
    expect(random([])).to.equal("");
  });

  it("slice takes bytes", () => {
    expect(slice(Buffer.from("abc"), "1:")).to.deep.equal(Buffer.from("bc"));
  });

  it("dictsort takes dates, dictionaries and lists of keys", () => {
    const [a, b] = [{ d: new Date(2) }, { d: new Date(1) }];
    expect(dictsort([a, b], "d")).to.deep.equal([b, a]);
    const [c, d] = [new Map([["k", "\u{1f600}"]]), new Map([["k", "\uffff"]])];
    expect(dictsort([c, d], "k")).to.deep.equal([d, c]);
    const [e, f] = [{ k: [1, 2] }, { k: [1, 1] }];
    expect(dictsort([e, f], "k")).to.deep.equal([f, e]);
  });

  it("dictsort reads nothing that leads to a constructor", () => {
    expect(dictsort([{}, {}], "constructor.name")).to.equal("");
    expect(dictsort([{}, {}], "__proto__.x")).to.equal("");
  });
});
