import { inspect } from "node:util";
import { expect } from "chai";
import { describe, it } from "mocha";
import * as humanize from "nuages/contrib/humanize";
import { Nunjucks } from "nuages/template";
import { SafeString } from "nuages/utils/safestring";
import { LocalTime, override } from "nuages/utils/timezone";
import { freeze } from "../../src/utils/_clock.ts";

const { apnumber, intcomma, intword, naturalday, naturaltime, ordinal } = humanize;

// What Django 6.1 gives. A plain text and a safe one are shown alike here.
const ROWS: [filter: (value: unknown) => unknown, value: unknown, expected: unknown][] = [
  [ordinal, 1, "1st"],
  [ordinal, 2, "2nd"],
  [ordinal, 3, "3rd"],
  [ordinal, 4, "4th"],
  [ordinal, 11, "11th"],
  [ordinal, 12, "12th"],
  [ordinal, 13, "13th"],
  [ordinal, 21, "21st"],
  [ordinal, 111, "111th"],
  [ordinal, "102", "102nd"],
  [ordinal, "x", "x"],
  [ordinal, -1, "-1"],
  [ordinal, 0, "0th"],
  [ordinal, null, null],
  [ordinal, true, "1st"],
  [intcomma, 100, "100"],
  [intcomma, 1000, "1,000"],
  [intcomma, 10123, "10,123"],
  [intcomma, 10311, "10,311"],
  [intcomma, 1000000, "1,000,000"],
  [intcomma, 1234567.25, "1,234,567.25"],
  [intcomma, "100", "100"],
  [intcomma, "1000", "1,000"],
  [intcomma, "10123.5", "10,123.5"],
  [intcomma, "1234567.1234567", "1,234,567.1234567"],
  [intcomma, "-1234567", "-1,234,567"],
  [intcomma, null, "None"],
  [intcomma, "x", "x"],
  [intcomma, "12345x", "12,345x"],
  [intcomma, true, "1"],
  [intcomma, "1e3", "1,000"],
  [intcomma, "nan", "NaN"],
  [intcomma, "-inf", "-Infinity"],
  [intcomma, -4500, "-4,500"],
  [intcomma, "111111111111111111111111111111", "111,111,111,111,111,111,111,111,111,111"],
  [intword, 100, 100],
  [intword, 1000000, "1.0 million"],
  [intword, 1200000, "1.2 million"],
  [intword, 1290000, "1.3 million"],
  [intword, "1000000000", "1.0 billion"],
  [intword, 2000000000, "2.0 billion"],
  [intword, 6000000000000, "6.0 trillion"],
  [intword, 1300000000000000, "1.3 quadrillion"],
  [intword, 3500000000000000000000n, "3.5 sextillion"],
  [intword, 8000000000000000000000000000000000n, "8.0 decillion"],
  [
    intword,
    10000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000n,
    "1.0 googol",
  ],
  [
    intword,
    3000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000n,
    "300.0 googol",
  ],
  [
    intword,
    100000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000n,
    100000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000n,
  ],
  [intword, -1200000, "-1.2 million"],
  [intword, "x", "x"],
  [intword, null, null],
  [intword, 999999, 999999],
  [intword, 1050000, "1.1 million"],
  [intword, 1150000, "1.2 million"],
  [apnumber, 0, 0],
  [apnumber, 1, "one"],
  [apnumber, 9, "nine"],
  [apnumber, 10, 10],
  [apnumber, "5", "five"],
  [apnumber, "x", "x"],
  [apnumber, null, null],
  [apnumber, -1, -1],
];

const NOW = 1_767_366_245; // 2026-01-02 15:04:05 UTC

// What Django 6.1 gives for a date so many seconds from now.
const TIMES: [seconds: number, expected: string][] = [
  [0, "now"],
  [-1, "a second ago"],
  [-30, "30\u00a0seconds ago"],
  [-59, "59\u00a0seconds ago"],
  [-60, "a minute ago"],
  [-119, "a minute ago"],
  [-120, "2\u00a0minutes ago"],
  [-3599, "59\u00a0minutes ago"],
  [-3600, "an hour ago"],
  [-7200, "2\u00a0hours ago"],
  [-86399, "23\u00a0hours ago"],
  [-86400, "1\u00a0day ago"],
  [-90000, "1\u00a0day, 1\u00a0hour ago"],
  [-500000, "5\u00a0days, 18\u00a0hours ago"],
  [-2700000, "1\u00a0month ago"],
  [-40000000, "1\u00a0year, 3\u00a0months ago"],
  [1, "a second from now"],
  [2, "2\u00a0seconds from now"],
  [30, "30\u00a0seconds from now"],
  [59, "59\u00a0seconds from now"],
  [60, "a minute from now"],
  [120, "2\u00a0minutes from now"],
  [3599, "59\u00a0minutes from now"],
  [3600, "an hour from now"],
  [7300, "2\u00a0hours from now"],
  [86399, "23\u00a0hours from now"],
  [86400, "1\u00a0day from now"],
  [90000, "1\u00a0day, 1\u00a0hour from now"],
  [500000, "5\u00a0days, 18\u00a0hours from now"],
  [40000000, "1\u00a0year, 3\u00a0months from now"],
];

function at_now<T>(fn: () => T): T {
  freeze(NOW);
  try {
    return override("Europe/Paris", fn);
  } finally {
    freeze(undefined);
  }
}

function after(seconds: number): Date {
  return new Date((NOW + seconds) * 1000);
}

describe("contrib/humanize", () => {
  for (const [filter, value, expected] of ROWS) {
    it(`${filter.name} of ${inspect(value)}`, () => {
      const result = filter(value);
      expect(result instanceof SafeString ? String(result) : result).to.deep.equal(expected);
    });
  }

  for (const [seconds, expected] of TIMES) {
    it(`naturaltime ${seconds} seconds from now is ${expected}`, () => {
      at_now(() => expect(naturaltime(after(seconds))).to.equal(expected));
    });
  }

  it("naturalday names the days around today, in the current time zone", () => {
    const shown = at_now(() =>
      [-50_000, -70_000, 0, 20_000, 40_000, 120_000].map((s) => naturalday(after(s))),
    );
    expect(shown).to.deep.equal([
      "today",
      "yesterday",
      "today",
      "today",
      "tomorrow",
      "Jan. 4, 2026",
    ]);
    at_now(() => {
      expect(naturalday(after(200_000), "Y-m-d")).to.equal("2026-01-04");
      expect(naturalday(new LocalTime(after(40_000), "America/New_York"))).to.equal("today");
    });
  });

  it("leaves what is no date or number as it is", () => {
    for (const value of ["x", null, [1]]) {
      expect(naturalday(value)).to.equal(value);
      expect(naturaltime(value)).to.equal(value);
      expect(ordinal(value)).to.equal(value);
      expect(apnumber(value)).to.equal(value);
      expect(intword(value)).to.equal(value);
    }
  });

  it("intcomma can do without the settings, and takes the decimals of libraries", () => {
    expect(intcomma("-1234567.1234", false)).to.equal("-1,234,567.1234");
    const decimal = { toFixed: () => "", toString: () => "12345.60" };
    expect(intcomma(decimal)).to.equal("12,345.60");
  });

  it("is a library for templates", () => {
    const OPTIONS = { libraries: [humanize.register] };
    const engine = new Nunjucks({ NAME: "n", DIRS: [], APP_DIRS: false, OPTIONS });
    const source =
      "{{ 4500 | intcomma }} {{ 3 | ordinal }} {{ 5 | apnumber }} {{ 2000000 | intword }}";
    expect(engine.from_string(source).render()).to.equal("4,500 3rd five 2.0 million");
    expect(
      engine.from_string("{{ x | naturalday }}{{ x | naturaltime }}").render({ x: "<" }),
    ).to.equal("&lt;&lt;");
  });
});
