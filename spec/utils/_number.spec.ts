/** Specification of numbers out of text, as Python reads them. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { parse_float, parse_int } from "../../src/utils/_number.ts";

describe("utils/_number: parse_int", () => {
  const integers: [text: string, value: number | undefined][] = [
    ["12", 12],
    [" +1_000\n", 1000],
    ["-5", -5],
    ["٣٤", 34],
    ["𝟘𝟙𝟗", 19],
    ["\x1c7\x85", 7],
    ["", undefined],
    ["1__0", undefined],
    ["_1", undefined],
    ["1.0", undefined],
    ["0x1", undefined],
    ["1e1", undefined],
    ["\ufeff1", undefined],
    ["1 1", undefined],
  ];
  for (const [text, value] of integers) {
    it(`of ${JSON.stringify(text)} is ${value}`, () => {
      expect(parse_int(text)).to.equal(value);
    });
  }
});

describe("utils/_number: parse_float", () => {
  const floats: [text: string, value: number | undefined][] = [
    ["0.5", 0.5],
    [".5", 0.5],
    ["5.", 5],
    ["1_0.2_5e-1", 1.025],
    ["٠.٥", 0.5],
    [" inf ", Infinity],
    ["-Infinity", -Infinity],
    ["nan", Number.NaN],
    ["", undefined],
    [".", undefined],
    ["1e", undefined],
    ["0x1", undefined],
    ["infinit", undefined],
  ];
  for (const [text, value] of floats) {
    it(`of ${JSON.stringify(text)} is ${value}`, () => {
      expect(parse_float(text)).to.deep.equal(value);
    });
  }
});
