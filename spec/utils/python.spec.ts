/** How values read in Python's words: `str()` through `force_str`, `repr()` through what containers print. @module */
import { inspect } from "node:util";
import { expect } from "chai";
import { describe, it } from "mocha";
import { ValueError } from "nuages/core/exceptions";
import { MultiValueDict } from "nuages/utils/datastructures";
import { force_str } from "nuages/utils/encoding";
import { mark_safe } from "nuages/utils/safestring";

function repr(value: unknown): string {
  return inspect(new MultiValueDict({ v: [value] })).slice("<MultiValueDict: {'v': [".length, -3);
}

class Point {
  toString(): string {
    return "1, 2";
  }
}
class Silent {}

describe("the text of a value, as Python's str() gives it", () => {
  const texts: [value: unknown, text: string][] = [
    [null, "None"],
    [undefined, "None"],
    [true, "True"],
    [false, "False"],
    [0, "0"],
    [-0, "0"],
    [42, "42"],
    [1e21, "1000000000000000000000"],
    [2 ** 70, "1180591620717411303424"],
    [12345678901234567890n, "12345678901234567890"],
    [1.5, "1.5"],
    [0.0001, "0.0001"],
    [0.00001, "1e-05"],
    [1.5e-7, "1.5e-07"],
    [-2.5e-300, "-2.5e-300"],
    [Number.NaN, "nan"],
    [Infinity, "inf"],
    [-Infinity, "-inf"],
    ["it's", "it's"],
    [mark_safe("<b>"), "<b>"],
    [[1, "a", null], "[1, 'a', None]"],
    [{ a: true, "b c": [1] }, "{'a': True, 'b c': [1]}"],
    [new Map<unknown, unknown>([[1, "x"]]), "{1: 'x'}"],
    [new Set(["a"]), "{'a'}"],
    [new Set(), "set()"],
    [new Point(), "1, 2"],
    [new Silent(), "<Silent object>"],
    [new ValueError("why"), "why"],
    [Symbol("s"), "Symbol(s)"],
  ];
  for (const [value, text] of texts) {
    it(`is ${text}`, () => {
      expect(force_str(value)).to.equal(text);
    });
  }
});

describe("the source form of a value, as Python's repr() gives it", () => {
  const forms: [value: unknown, form: string][] = [
    ["a", "'a'"],
    ["it's", `"it's"`],
    [`"it's"`, `'"it\\'s"'`],
    ["\\\n\r\t\0\x7f\xa0é€", "'\\\\\\n\\r\\t\\x00\\x7f\\xa0é€'"],
    ["\u200b\u2028\ud800😀\u{e0001}", "'\\u200b\\u2028\\ud800😀\\U000e0001'"],
    [Buffer.from("a'\xff\n", "latin1"), `b"a'\\xff\\n"`],
    [Buffer.from(`'"`), `b'\\'"'`],
    [new Uint8Array([1]).buffer, "b'\\x01'"],
    [mark_safe("x"), "'x'"],
    [new ValueError("why"), "ValueError('why')"],
    [new ValueError(), "ValueError()"],
    [Silent, "<class Silent>"],
    [force_str, "<function force_str>"],
    [new Date(0), "1970-01-01T00:00:00.000Z"],
    [new Date(Number.NaN), "<invalid date>"],
    [new MultiValueDict({ a: ["1"] }), "<MultiValueDict: {'a': ['1']}>"],
  ];
  for (const [value, form] of forms) {
    it(`is ${form}`, () => {
      expect(repr(value)).to.equal(form);
    });
  }
});
