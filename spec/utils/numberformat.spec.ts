import { expect } from "chai";
import { describe, it } from "mocha";
import { override_settings } from "nuages/test";
import { get_format, number_format } from "nuages/utils/formats";
import { format, type NumberFormatOptions } from "nuages/utils/numberformat";

// What Django 6.1 gives.
const ROWS: [number: unknown, options: NumberFormatOptions, expected: string][] = [
  [1234, {}, "1234"],
  [1234, { decimal_pos: 2 }, "1234.00"],
  [1234, { grouping: 2, thousand_sep: ",", force_grouping: true }, "12,34"],
  ["-1234.33", { decimal_pos: 1 }, "-1234.3"],
  ["1234.567", { decimal_pos: 0 }, "1234"],
  [1234567, { grouping: [3, 2, 0], thousand_sep: ",", force_grouping: true }, "12,34,567"],
  ["10000", { grouping: 3, thousand_sep: " ", force_grouping: true }, "10 000"],
  [1e-8, { decimal_pos: 2 }, "0.00"],
  [1e-9, {}, "0.000000001"],
  [1e-9, { decimal_pos: 9 }, "0.000000001"],
  [1.5e-7, { decimal_pos: 8 }, "0.00000015"],
  ["", {}, ""],
  [-0.5, { decimal_pos: 3 }, "-0.500"],
  [
    123456789012345678901234567890n,
    { grouping: 3, thousand_sep: ",", force_grouping: true },
    "123,456,789,012,345,678,901,234,567,890",
  ],
  [12345, { grouping: 3, thousand_sep: "," }, "12345"],
  [9e-200, {}, "9e-200"],
  [1e-300, { decimal_pos: 2 }, "0.00"],
];

describe("utils/numberformat", () => {
  for (const [number, options, expected] of ROWS) {
    it(`${String(number).slice(0, 40)} with ${JSON.stringify(options)} is ${expected.slice(0, 40)}`, () => {
      expect(format(number, ".", options)).to.equal(expected);
    });
  }

  it("groups by itself with USE_THOUSAND_SEPARATOR, unless the settings do not count", () => {
    const options = { grouping: 3, thousand_sep: "," };
    override_settings({ USE_THOUSAND_SEPARATOR: true })(() => {
      expect(format(12345, ".", options)).to.equal("12,345");
      expect(format(12345, ".", { ...options, use_l10n: false })).to.equal("12345");
    })();
    expect(format(12345, ".", options)).to.equal("12345");
  });
});

describe("utils/formats", () => {
  it("finds forms by the names of their settings, and nothing else", () => {
    expect(get_format("DATE_FORMAT")).to.equal("N j, Y");
    expect(get_format("FIRST_DAY_OF_WEEK")).to.equal(0);
    expect(get_format("SECRET_KEY")).to.equal("SECRET_KEY");
    expect(get_format("j M")).to.equal("j M");
  });

  it("groups English numbers by three digits, unless NUMBER_GROUPING is set", () => {
    expect(get_format("NUMBER_GROUPING")).to.equal(3);
    expect(get_format("NUMBER_GROUPING", { use_l10n: false })).to.equal(0);
    override_settings({ NUMBER_GROUPING: 2 })(() => {
      expect(number_format("12345.678", 2, { force_grouping: true })).to.equal("1,23,45.67");
    })();
  });
});
