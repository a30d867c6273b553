import { expect } from "chai";
import { describe, it } from "mocha";
import { AttributeError, ValueError } from "nuages/core/exceptions";
import { TIME_STRINGS, timesince, timeuntil } from "nuages/utils/timesince";
import { LocalTime } from "nuages/utils/timezone";
import { freeze } from "../../src/utils/_clock.ts";

const START = new Date("2007-08-14T13:46:00Z");

// What Django 6.1 gives so many seconds later.
const LATER: [seconds: number, expected: string][] = [
  [0, "0\u00a0minutes"],
  [59, "0\u00a0minutes"],
  [60, "1\u00a0minute"],
  [7380, "2\u00a0hours, 3\u00a0minutes"],
  [86459, "1\u00a0day"],
  [691200, "1\u00a0week, 1\u00a0day"],
  [864300, "1\u00a0week, 3\u00a0days"],
  [2592000, "4\u00a0weeks, 2\u00a0days"],
  [2678400, "1\u00a0month"],
  [5270400, "2\u00a0months"],
  [31536000, "11\u00a0months, 4\u00a0weeks"],
  [31622400, "1\u00a0year"],
  [34560000, "1\u00a0year, 1\u00a0month"],
  [63176400, "2\u00a0years"],
  [-86400, "0\u00a0minutes"],
];

// What Django 6.1 gives from one date to another.
const BETWEEN: [from: string, to: string, expected: string][] = [
  ["2013-02-10T00:00:00Z", "2014-03-10T00:00:00Z", "1\u00a0year, 1\u00a0month"],
  ["2007-08-10T00:00:00Z", "2008-09-10T00:00:00Z", "1\u00a0year, 1\u00a0month"],
  ["2024-01-31T00:00:00Z", "2024-03-01T00:00:00Z", "1\u00a0month"],
  ["2023-01-31T12:00:00Z", "2023-02-28T12:00:00Z", "4\u00a0weeks"],
  ["2023-12-31T23:59:59Z", "2024-01-01T00:00:00Z", "0\u00a0minutes"],
  ["2024-02-29T10:00:00Z", "2025-02-28T10:00:00Z", "11\u00a0months, 4\u00a0weeks"],
  ["2024-02-29T10:00:00Z", "2025-03-01T10:00:00Z", "1\u00a0year"],
  ["2020-05-15T12:00:00.500Z", "2021-05-15T12:00:00.400Z", "11\u00a0months, 4\u00a0weeks"],
  ["2020-05-15T12:00:00Z", "2021-05-15T11:59:59Z", "11\u00a0months, 4\u00a0weeks"],
  ["1969-12-31T23:00:00Z", "1970-01-31T22:00:00Z", "4\u00a0weeks, 2\u00a0days"],
  ["2000-11-30T00:00:00Z", "2001-02-28T06:00:00Z", "2\u00a0months, 4\u00a0weeks"],
];

describe("utils/timesince", () => {
  for (const [seconds, expected] of LATER) {
    it(`${seconds} seconds are ${expected}`, () => {
      expect(timesince(START, new Date(START.getTime() + seconds * 1000))).to.equal(expected);
    });
  }

  for (const [from, to, expected] of BETWEEN) {
    it(`from ${from} to ${to} there are ${expected}`, () => {
      expect(timesince(new Date(from), new Date(to))).to.equal(expected);
      expect(timeuntil(new Date(to), new Date(from))).to.equal(expected);
    });
  }

  it("counts to now by default", () => {
    freeze(START.getTime() / 1000 + 3600);
    try {
      expect(timesince(START)).to.equal("1\u00a0hour");
      expect(timeuntil(START)).to.equal("0\u00a0minutes");
    } finally {
      freeze(undefined);
    }
  });

  it("shows as many units as the depth says", () => {
    const end = new Date("2009-10-25T17:50:00Z");
    expect(timesince(START, end, false, undefined, 1)).to.equal("2\u00a0years");
    expect(timesince(START, end, false, undefined, 6)).to.equal(
      "2\u00a0years, 2\u00a0months, 1\u00a0week, 4\u00a0days, 4\u00a0hours, 4\u00a0minutes",
    );
  });

  it("takes other words", () => {
    const words = { ...TIME_STRINGS, hour: (count: number) => `${count} Stunden` };
    const end = new Date(START.getTime() + 7_200_000);
    expect(timesince(START, end, false, words)).to.equal("2\u00a0Stunden");
  });

  it("counts by the clocks of the zone of the first date", () => {
    const from = new LocalTime(new Date("2026-03-28T23:30:00Z"), "Europe/Paris"); // 00:30, before clocks go forward
    expect(timesince(from, new Date("2026-03-29T22:30:00Z"))).to.equal("1\u00a0day");
  });

  it("refuses a depth below 1, and what is no date", () => {
    expect(() => timesince(START, START, false, undefined, 0)).to.throw(ValueError);
    expect(() => timesince("x" as unknown as Date)).to.throw(AttributeError);
  });
});
