/** Specification of the JSON that is Python's, beyond what recorded scripts say of it. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { ValueError } from "nuages/core/exceptions";
import { MultiValueDict } from "nuages/utils/datastructures";
import { mark_safe } from "nuages/utils/safestring";
import { dumps, type JSONDumpsOptions, JSONEncoder, loads } from "../../src/utils/_json.ts";
import { JSONDecodeError } from "../../src/utils/_json_scanner.ts";
import { NumberLiteral } from "../../src/utils/_json_writer.ts";

describe("utils/_json: dumps", () => {
  const written: [what: string, value: unknown, text: string, options?: JSONDumpsOptions][] = [
    ["undefined", { a: undefined }, '{"a": null}'],
    ["a bigint", 2n ** 64n, "18446744073709551616"],
    ["a large whole number", 2 ** 53, "9007199254740992"],
    ["a number beyond all integers", 1e300, "1e+300"],
    ["a small number", 0.00001, "1e-05"],
    ["minus zero", -0, "0"],
    ["a number given as text", [new NumberLiteral("1.0")], "[1.0]"],
    ["safe text", { a: mark_safe("<b>é") }, '{"a": "<b>\\u00e9"}'],
    ["a lone surrogate", "\ud83d", '"\\ud83d"'],
    ["U+2028 and DEL", "\u2028\x7f", '"\\u2028\\u007f"'],
    [
      "the same without ensure_ascii",
      "é\u2028\x7f\x00",
      '"é\u2028\x7f\\u0000"',
      { ensure_ascii: false },
    ],
    ["the last values of a QueryDict", new MultiValueDict({ a: ["1", "2"] }), '{"a": "2"}'],
    ["own members alone", Object.create(null), "{}"],
    ["a negative indent", [1], "[\n1\n]", { indent: -1 }],
    ["an empty Map with indent", new Map(), "{}", { indent: 2 }],
    ["a Map with indent", new Map([["a", [1]]]), '{\n "a": [\n  1\n ]\n}', { indent: 1 }],
    ["the separators of choice", [1, { a: 2 }], '[1;{"a"=2}]', { separators: [";", "="] }],
    ["toJSON as a name", { toJSON: 1 }, '{"toJSON": 1}'],
  ];
  for (const [what, value, text, options] of written) {
    it(`writes ${what}`, () => {
      expect(dumps(value, options)).to.equal(text);
    });
  }

  it("keeps the order of a Map, and makes names of its keys", () => {
    const map = new Map<unknown, unknown>([
      ["10", 1],
      [9, 2],
      [1.5, 3],
      [true, 4],
      [null, 5],
      [Number.NaN, 6],
    ]);
    expect(dumps(map)).to.equal('{"10": 1, "9": 2, "1.5": 3, "true": 4, "null": 5, "NaN": 6}');
  });
  it("refuses other keys, or leaves them out", () => {
    const map = new Map<unknown, unknown>([
      [{}, 1],
      ["a", 2],
    ]);
    expect(() => dumps(map)).to.throw(TypeError);
    expect(dumps(map, { skipkeys: true })).to.equal('{"a": 2}');
    expect(dumps(new Map([[{}, 1]]), { skipkeys: true })).to.equal("{}");
  });
  it("sorts names by code point", () => {
    const names = ["\u{1f600}", "\ue000", "b", "a", "é", "ab", ""];
    const sorted = ["", "a", "ab", "b", "é", "\ue000", "\u{1f600}"];
    const object = Object.fromEntries(names.map((name) => [name, 0]));
    expect(Object.keys(JSON.parse(dumps(object, { sort_keys: true })) as object)).to.deep.equal(
      sorted,
    );
    const map = new Map(names.map((name) => [name, 0]));
    expect(Object.keys(JSON.parse(dumps(map, { sort_keys: true })) as object)).to.deep.equal(
      sorted,
    );
    expect(() =>
      dumps(
        new Map<unknown, number>([
          ["a", 1],
          [1, 2],
        ]),
        { sort_keys: true },
      ),
    ).to.throw(TypeError);
  });

  const refused: [what: string, value: unknown][] = [
    ["bytes", Buffer.from("x")],
    ["a typed array", new Float64Array(1)],
    ["a Set", new Set()],
    ["a Date", new Date(0)],
    ["an iterator", [1].values()],
    ["a function", () => 1],
    ["a symbol", Symbol("s")],
    ["an instance with toJSON", new URL("http://a.example/")],
    ["an instance of a class", new (class Point {})()],
  ];
  for (const [what, value] of refused) {
    it(`refuses ${what}, at any depth`, () => {
      expect(() => dumps(value)).to.throw(TypeError);
      expect(() => dumps([{ a: value }])).to.throw(TypeError);
    });
  }

  it("asks default(), the method or the option, for what JSON has not", () => {
    class Encoder extends JSONEncoder {
      override default(o: unknown): unknown {
        return o instanceof Set ? [...o] : super.default(o);
      }
    }
    expect(dumps({ a: new Set([1, new Set([2])]) }, { cls: Encoder })).to.equal('{"a": [1, [2]]}');
    expect(dumps([new Set()], { default: () => "a set" })).to.equal('["a set"]');
    expect(() => dumps(new Date(0), { cls: Encoder })).to.throw(TypeError);
  });

  const circles: [what: string, make: () => unknown][] = [
    [
      "a list in itself",
      () => {
        const a: unknown[] = [];
        a.push(a);
        return a;
      },
    ],
    [
      "an object in its child",
      () => {
        const a: Record<string, unknown> = {};
        a["b"] = { c: [a] };
        return a;
      },
    ],
    [
      "a Map in itself",
      () => {
        const a = new Map<string, unknown>();
        a.set("a", a);
        return a;
      },
    ],
  ];
  for (const [what, make] of circles) {
    it(`refuses ${what}`, () => {
      expect(() => dumps(make())).to.throw(ValueError);
    });
  }
  it("refuses a default() that gives back what it was given", () => {
    expect(() => dumps(new Set(), { default: (o) => o })).to.throw(ValueError);
  });
  it("writes what is there twice, and what is nested 500 deep", () => {
    const twice = { a: 1 };
    let deep: unknown = twice;
    for (let i = 0; i < 500; i++) deep = [deep, twice];
    expect(JSON.parse(dumps(deep))).to.deep.equal(deep);
  });
  it("goes on after an error", () => {
    const encoder = new JSONEncoder();
    expect(() => encoder.encode([[new Set()]])).to.throw(TypeError);
    expect(encoder.encode([[1]])).to.equal("[[1]]");
  });
  it("writes names that are no text of ours: thousands, long ones, __proto__", () => {
    const object = JSON.parse('{"__proto__": 1}') as Record<string, unknown>;
    for (let i = 0; i < 3000; i++) object[`name é ${i}`] = i;
    object["x".repeat(100)] = true;
    expect(JSON.parse(dumps(object))).to.deep.equal(object);
    expect(dumps(object)).to.equal(dumps(object)); // now with the names known
  });
});

describe("utils/_json: dumps, whatever was written before", () => {
  it("writes the same names with the separators and escapes of each call", () => {
    const data = { é: 1, b: { é: 2 } };
    for (let i = 0; i < 20; i++) {
      const after_name = `:${" ".repeat(i)}`;
      const separators = [",", after_name] as const;
      expect(dumps(data, { separators })).to.equal(
        `{"\\u00e9"${after_name}1,"b"${after_name}{"\\u00e9"${after_name}2}}`,
      );
      expect(dumps(data, { separators, ensure_ascii: false })).to.equal(
        `{"é"${after_name}1,"b"${after_name}{"é"${after_name}2}}`,
      );
    }
  });

  it("leaves out what others have put into Object.prototype", () => {
    Object.defineProperty(Object.prototype, "polluted", {
      value: "x",
      enumerable: true,
      configurable: true,
    });
    let texts: string[];
    try {
      texts = [dumps({ a: 1 }), dumps({ a: 1 }, { indent: 1 }), dumps({ a: 1, polluted: 2 })];
    } finally {
      delete (Object.prototype as { polluted?: string }).polluted;
    }
    expect(texts).to.deep.equal(['{"a": 1}', '{\n "a": 1\n}', '{"a": 1, "polluted": 2}']);
  });
});

describe("utils/_json: loads", () => {
  it("reads NaN and infinities, as Python", () => {
    expect(loads('[NaN, Infinity, {"a": -Infinity}]')).to.deep.equal([
      Number.NaN,
      Infinity,
      { a: -Infinity },
    ]);
  });
  it("makes own keys of __proto__", () => {
    for (const text of ['{"__proto__": {"x": 1}}', '{"__proto__": {"x": NaN}}']) {
      const data = loads(text) as object;
      expect(Object.keys(data)).to.deep.equal(["__proto__"]);
      expect("x" in data).to.equal(false);
    }
  });
  it("gives hooks the pairs in order, and numbers as text", () => {
    const data = loads('{"b": 1, "10": 2, "9": 1.0, "b": 3}', {
      object_pairs_hook: (pairs) => pairs,
      parse_float: (text) => new NumberLiteral(text),
    });
    expect(data).to.deep.equal([
      ["b", 1],
      ["10", 2],
      ["9", new NumberLiteral("1.0")],
      ["b", 3],
    ]);
    expect(loads("[1, 12345678901234567890]", { parse_int: BigInt })).to.deep.equal([
      1n,
      12345678901234567890n,
    ]);
    expect(
      loads('[{"a": 1}, NaN]', { object_hook: Object.keys, parse_constant: (t) => t }),
    ).to.deep.equal([["a"], "NaN"]);
  });

  const broken: [text: string, line: number, column: number][] = [
    ["", 1, 1],
    ["[1, 2", 1, 6],
    ["[1 2]", 1, 4],
    ["[1,]", 1, 4],
    ["{'a': 1}", 1, 2],
    ['{"a" 1}', 1, 6],
    ['{"a": 1} x', 1, 10],
    ['{\n  "a": nul\n}', 2, 8],
    ['["a\nb"]', 1, 2],
    ['"\\x"', 1, 1],
    ['"abc', 1, 1],
    ["01", 1, 2],
    ["\ufeff1", 1, 1],
    ["nan", 1, 1],
  ];
  for (const [text, lineno, colno] of broken) {
    it(`says where ${JSON.stringify(text)} is broken`, () => {
      expect(() => loads(text))
        .to.throw(JSONDecodeError)
        .that.includes({ doc: text, lineno, colno });
    });
  }
  it("refuses what is nested too deep for the stack, where it reads by hand", () => {
    const text = "[".repeat(100_000);
    expect(() => loads(text)).to.throw(JSONDecodeError);
    expect(() => loads(text, {})).to.throw(JSONDecodeError);
  });
  it("reads long texts with many escapes", () => {
    const text = `["${"\\u00e9\\\\".repeat(200_000)}", NaN]`;
    expect((loads(text) as [string])[0].length).to.equal(400_000);
  });
});
