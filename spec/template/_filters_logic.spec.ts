import { expect } from "chai";
import { describe, it } from "mocha";
import {
  date,
  default_if_none,
  time,
  timesince,
  timeuntil,
  yesno,
} from "nuages/template/defaultfilters";
import { override_settings } from "nuages/test";
import * as timezone from "nuages/utils/timezone";
import { type FilterRow, specify } from "../support/filters.ts";

// What Django 6.1 gives.
const ROWS: FilterRow[] = [
  ["default", ["", "x"], "x"],
  ["default", [0, "x"], "x"],
  ["default", [[], "x"], "x"],
  ["default", ["a", "x"], "a"],
  ["default", [null, "x"], "x"],
  ["default", [{}, "x"], "x"],
  ["default_if_none", [null, "x"], "x"],
  ["default_if_none", ["", "x"], ""],
  ["default_if_none", [0, "x"], 0],
  ["yesno", [true], "yes"],
  ["yesno", [false], "no"],
  ["yesno", [null], "maybe"],
  ["yesno", [null, "a,b"], "b"],
  ["yesno", [[], "a,b,c"], "b"],
  ["yesno", [1, "a"], 1],
  ["yesno", [1, "a,b,c,d"], "a"],
];

describe("template/_filters_logic: Django's results", () => {
  specify(ROWS);
});

describe("template/_filters_logic: values that are not there", () => {
  it("takes undefined for None", () => {
    expect(default_if_none(undefined, "x")).to.equal("x");
    expect(yesno(undefined)).to.equal("maybe");
  });

  it("gives nothing for what is no date", () => {
    for (const value of [null, undefined, "", 0, "2026-01-02", 5, new Date(Number.NaN), {}]) {
      expect(date(value, "Y")).to.equal("");
      expect(time(value, "H")).to.equal("");
      expect(timesince(value)).to.equal("");
      expect(timeuntil(value)).to.equal("");
    }
  });

  it("gives nothing for a time with letters of a date, or against what is no date", () => {
    expect(time(new Date(0), "Y")).to.equal("");
    expect(timesince(new Date(0), "x")).to.equal("");
  });

  it("shows a date by DATE_FORMAT and a time by TIME_FORMAT", () => {
    timezone.override("UTC", () => {
      expect(date(new Date(0))).to.equal("Jan. 1, 1970");
      expect(time(new Date(0))).to.equal("midnight");
      override_settings({ DATE_FORMAT: "Y", TIME_FORMAT: "H" })(() => {
        expect(date(new Date(0))).to.equal("1970");
        expect(time(new Date(0))).to.equal("00");
      })();
    });
  });

  it("counts the time to and from a date", () => {
    const day = new Date(86_400_000);
    expect(timesince(new Date(0), day)).to.equal("1\u00a0day");
    expect(timeuntil(day, new Date(0))).to.equal("1\u00a0day");
    expect(timeuntil(new Date(0), day)).to.equal("0\u00a0minutes");
  });
});
