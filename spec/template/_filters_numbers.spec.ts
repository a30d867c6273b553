import { expect } from "chai";
import { describe, it } from "mocha";
import { ValueError } from "nuages/core/exceptions";
import {
  add,
  divisibleby,
  filesizeformat,
  floatformat,
  get_digit,
} from "nuages/template/defaultfilters";
import { override_settings } from "nuages/test";
import { type FilterRow, safe, specify } from "../support/filters.ts";

// What Django 6.1 gives.
const ROWS: FilterRow[] = [
  ["add", [4, "2"], 6],
  ["add", ["1", "2"], 3],
  ["add", ["a", "b"], "ab"],
  ["add", [1.9, "3"], 4],
  ["add", ["1.5", "a"], "1.5a"],
  ["add", [[1], [2]], [1, 2]],
  ["add", ["x", 1], ""],
  ["add", [[1], 2], ""],
  ["add", [safe("<a>"), safe("<b>")], safe("<a><b>")],
  ["add", [safe("<a>"), "<b>"], "<a><b>"],
  ["add", ["9007199254740993", 1], 9007199254740994n],
  ["add", [true, 1], 2],
  ["add", [null, 1], ""],
  ["divisibleby", [21, "7"], true],
  ["divisibleby", ["8", 3], false],
  ["get_digit", [123, 1], 3],
  ["get_digit", [123, "3"], 1],
  ["get_digit", [123, 4], 0],
  ["get_digit", ["x", 1], "x"],
  ["get_digit", [123, "x"], 123],
  ["get_digit", [123, 0], 123],
  ["filesizeformat", [0], "0\u00a0bytes"],
  ["filesizeformat", [1], "1\u00a0byte"],
  ["filesizeformat", [1023], "1023\u00a0bytes"],
  ["filesizeformat", [1024], "1.0\u00a0KB"],
  ["filesizeformat", [1536], "1.5\u00a0KB"],
  ["filesizeformat", [1048576], "1.0\u00a0MB"],
  ["filesizeformat", [5000000000000], "4.5\u00a0TB"],
  ["filesizeformat", [-2048], "-2.0\u00a0KB"],
  ["filesizeformat", ["x"], "0\u00a0bytes"],
  ["filesizeformat", [null], "0\u00a0bytes"],
  ["filesizeformat", [1152921504606846976n], "1024.0\u00a0PB"],
  ["filesizeformat", [99.9], "99\u00a0bytes"],
  ["floatformat", [34.23234], safe("34.2")],
  ["floatformat", [34], safe("34")],
  ["floatformat", [34.26], safe("34.3")],
  ["floatformat", [34.23234, 3], safe("34.232")],
  ["floatformat", [34, 3], safe("34.000")],
  ["floatformat", [34, "-3"], safe("34")],
  ["floatformat", ["2.675", 2], safe("2.68")],
  ["floatformat", [1.005, 2], safe("1.01")],
  ["floatformat", ["0.5", 0], safe("1")],
  ["floatformat", ["-0.04", 1], safe("0.0")],
  ["floatformat", ["6666.6666", "2g"], safe("6,666.67")],
  ["floatformat", [10000, "g"], safe("10,000")],
  ["floatformat", ["66666.666", "2u"], safe("66666.67")],
  ["floatformat", ["66666.666", "2gu"], safe("66666.67")],
  ["floatformat", ["x"], ""],
  ["floatformat", [""], ""],
  ["floatformat", ["1.5", "x"], "1.5"],
  ["floatformat", [null], ""],
  ["floatformat", [true, 1], safe("1.0")],
  ["floatformat", ["inf"], "inf"],
  ["floatformat", ["1e5", 1], safe("100000.0")],
  ["floatformat", ["99999999999999999999.995", 2], safe("100000000000000000000.00")],
  [
    "floatformat",
    ["1e199", 0],
    safe(
      "10000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000",
    ),
  ],
  ["floatformat", ["1e200", 2], "1e200"],
  ["floatformat", ["1e-200", 2], "1e-200"],
  [
    "floatformat",
    [
      "111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111",
      2,
    ],
    "111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111",
  ],
  ["floatformat", [" 1_0.5 ", 1], safe("10.5")],
  ["pluralize", [1], ""],
  ["pluralize", [0], "s"],
  ["pluralize", ["1"], ""],
  ["pluralize", [1], ""],
  ["pluralize", ["2"], "s"],
  ["pluralize", [[1]], ""],
  ["pluralize", [[]], "s"],
  ["pluralize", ["x"], ""],
  ["pluralize", [null], ""],
  ["pluralize", [2, "es"], "es"],
  ["pluralize", [1, "y,ies"], "y"],
  ["pluralize", [2, "y,ies"], "ies"],
  ["pluralize", [1, "a,b,c"], ""],
];

describe("template/_filters_numbers: Django's results", () => {
  specify(ROWS);
});

describe("template/_filters_numbers: what Django's filters refuse", () => {
  it("divisibleby refuses what is no integer, and 0", () => {
    expect(() => divisibleby("x", 2)).to.throw(ValueError);
    expect(() => divisibleby(null, 2)).to.throw(TypeError);
    expect(() => divisibleby(1, 0)).to.throw(ValueError);
  });

  it("get_digit refuses to give the sign", () => {
    expect(() => get_digit(-12, 3)).to.throw(ValueError);
  });

  it("floatformat refuses an argument that is neither text nor number", () => {
    expect(() => floatformat(1.5, null)).to.throw(TypeError);
  });

  it("add gives a later Date for seconds", () => {
    expect(add(new Date(1000), 2)).to.deep.equal(new Date(3000));
  });

  it("infinity is no size, and no integer", () => {
    expect(filesizeformat(Infinity)).to.equal("0\u00a0bytes");
    expect(add(Infinity, 1)).to.equal(Infinity);
  });

  it("floatformat uses the separators of the settings, unless told not to", () => {
    override_settings({ DECIMAL_SEPARATOR: ",", THOUSAND_SEPARATOR: "." })(() => {
      expect(String(floatformat("1234567.891", "2g"))).to.equal("1.234.567,89");
      expect(String(floatformat("1234567.891", 2))).to.equal("1234567,89");
    })();
    override_settings({ USE_THOUSAND_SEPARATOR: true })(() => {
      expect(String(floatformat("1234567.891", 2))).to.equal("1,234,567.89");
      expect(String(floatformat("1234567.891", "2u"))).to.equal("1234567.89");
    })();
  });
});
