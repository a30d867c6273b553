import { expect } from "chai";
import { describe, it } from "mocha";
import { AttributeError } from "nuages/core/exceptions";
import { override_settings } from "nuages/test";
import { DateFormat, format, time_format, TimeFormat } from "nuages/utils/dateformat";
import { LocalTime, override } from "nuages/utils/timezone";

// As Django 6.1 shows these instants on clocks in Paris. The last one is shown twice there, so nothing is said of the zone.
const DATES = ["2026-01-02T15:04:05.678Z", "2024-02-29T23:00:00Z", "2025-10-26T00:30:00Z"];
const SHOWN: [letters: string, ...expected: string[]][] = [
  ["a", "p.m.", "a.m.", "a.m."],
  ["A", "PM", "AM", "AM"],
  ["b", "jan", "mar", "oct"],
  [
    "c",
    "2026-01-02T16:04:05.678000+01:00",
    "2024-03-01T00:00:00+01:00",
    "2025-10-26T02:30:00+02:00",
  ],
  ["d", "02", "01", "26"],
  ["D", "Fri", "Fri", "Sun"],
  ["e", "CET", "CET", ""],
  ["E", "January", "March", "October"],
  ["f", "4:04", "12", "2:30"],
  ["F", "January", "March", "October"],
  ["g", "4", "12", "2"],
  ["G", "16", "0", "2"],
  ["h", "04", "12", "02"],
  ["H", "16", "00", "02"],
  ["i", "04", "00", "30"],
  ["I", "0", "0", ""],
  ["j", "2", "1", "26"],
  ["l", "Friday", "Friday", "Sunday"],
  ["L", "False", "True", "False"],
  ["m", "01", "03", "10"],
  ["M", "Jan", "Mar", "Oct"],
  ["n", "1", "3", "10"],
  ["N", "Jan.", "March", "Oct."],
  ["o", "2026", "2024", "2025"],
  ["O", "+0100", "+0100", ""],
  ["P", "4:04 p.m.", "midnight", "2:30 a.m."],
  [
    "r",
    "Fri, 02 Jan 2026 16:04:05 +0100",
    "Fri, 01 Mar 2024 00:00:00 +0100",
    "Sun, 26 Oct 2025 02:30:00 +0200",
  ],
  ["s", "05", "00", "00"],
  ["S", "nd", "st", "th"],
  ["t", "31", "31", "31"],
  ["T", "CET", "CET", ""],
  ["U", "1767366245", "1709247600", "1761438600"],
  ["u", "678000", "000000", "000000"],
  ["w", "5", "5", "0"],
  ["W", "1", "9", "43"],
  ["y", "26", "24", "25"],
  ["Y", "2026", "2024", "2025"],
  ["z", "2", "61", "299"],
  ["Z", "3600", "3600", ""],
  ["jS F Y H:i", "2nd January 2026 16:04", "1st March 2024 00:00", "26th October 2025 02:30"],
  ["\\Y\\\\ Y", "Y\\ 2026", "Y\\ 2024", "Y\\ 2025"],
];

// What Django shows of a zone: `e` or `T`, and `I`.
const ZONES: [instant: string, zone: string, shown: string][] = [
  ["2026-01-15T12:00:00Z", "UTC", "UTC +0000 0 0"],
  ["2026-01-15T12:00:00Z", "Europe/London", "GMT +0000 0 0"],
  ["2026-01-15T12:00:00Z", "America/New_York", "EST -0500 0 -18000"],
  ["2026-01-15T12:00:00Z", "America/Sao_Paulo", "-03 -0300 0 -10800"],
  ["2026-01-15T12:00:00Z", "Asia/Kolkata", "IST +0530 0 19800"],
  ["2026-01-15T12:00:00Z", "Asia/Tokyo", "JST +0900 0 32400"],
  ["2026-01-15T12:00:00Z", "Asia/Shanghai", "CST +0800 0 28800"],
  ["2026-01-15T12:00:00Z", "Australia/Sydney", "AEDT +1100 1 39600"],
  ["2026-01-15T12:00:00Z", "Australia/Lord_Howe", "+11 +1100 1 39600"],
  ["2026-01-15T12:00:00Z", "Africa/Lagos", "WAT +0100 0 3600"],
  ["2026-01-15T12:00:00Z", "Europe/Moscow", "MSK +0300 0 10800"],
  ["2026-01-15T12:00:00Z", "America/St_Johns", "NST -0330 0 -12600"],
  ["2026-01-15T12:00:00Z", "Pacific/Chatham", "+1345 +1345 1 49500"],
  ["2026-01-15T12:00:00Z", "Asia/Kathmandu", "+0545 +0545 0 20700"],
  ["2026-01-15T12:00:00Z", "Europe/Istanbul", "+03 +0300 0 10800"],
  ["2026-07-15T12:00:00Z", "UTC", "UTC +0000 0 0"],
  ["2026-07-15T12:00:00Z", "Europe/London", "BST +0100 1 3600"],
  ["2026-07-15T12:00:00Z", "America/New_York", "EDT -0400 1 -14400"],
  ["2026-07-15T12:00:00Z", "America/Sao_Paulo", "-03 -0300 0 -10800"],
  ["2026-07-15T12:00:00Z", "Asia/Kolkata", "IST +0530 0 19800"],
  ["2026-07-15T12:00:00Z", "Asia/Tokyo", "JST +0900 0 32400"],
  ["2026-07-15T12:00:00Z", "Asia/Shanghai", "CST +0800 0 28800"],
  ["2026-07-15T12:00:00Z", "Australia/Sydney", "AEST +1000 0 36000"],
  ["2026-07-15T12:00:00Z", "Australia/Lord_Howe", "+1030 +1030 0 37800"],
  ["2026-07-15T12:00:00Z", "Africa/Lagos", "WAT +0100 0 3600"],
  ["2026-07-15T12:00:00Z", "Europe/Moscow", "MSK +0300 0 10800"],
  ["2026-07-15T12:00:00Z", "America/St_Johns", "NDT -0230 1 -9000"],
  ["2026-07-15T12:00:00Z", "Pacific/Chatham", "+1245 +1245 0 45900"],
  ["2026-07-15T12:00:00Z", "Asia/Kathmandu", "+0545 +0545 0 20700"],
  ["2026-07-15T12:00:00Z", "Europe/Istanbul", "+03 +0300 0 10800"],
];

// Weeks and years of ISO 8601.
const WEEKS: [date: string, shown: string][] = [
  ["2021-01-03", "2020 53 3 31 False 0"],
  ["2021-01-04", "2021 1 4 31 False 1"],
  ["2020-12-31", "2020 53 366 31 True 4"],
  ["2008-12-29", "2009 1 364 31 True 1"],
  ["2010-01-03", "2009 53 3 31 False 0"],
  ["2009-12-31", "2009 53 365 31 False 4"],
  ["2015-12-31", "2015 53 365 31 False 4"],
  ["2016-01-01", "2015 53 1 31 True 5"],
  ["2026-12-31", "2026 53 365 31 False 4"],
  ["2027-01-01", "2026 53 1 31 False 5"],
  ["2024-12-30", "2025 1 365 31 True 1"],
  ["1999-08-22", "1999 33 234 31 False 0"],
  ["2100-02-28", "2100 8 59 28 False 0"],
];

describe("utils/dateformat", () => {
  for (const [letters, ...expected] of SHOWN) {
    it(`${letters} gives what Django gives`, () => {
      const shown = DATES.map((date) =>
        format(new LocalTime(new Date(date), "Europe/Paris"), letters),
      );
      expect(shown).to.deep.equal(expected);
    });
  }

  for (const [instant, zone, shown] of ZONES) {
    it(`says ${shown} of ${zone} at ${instant}`, () => {
      expect(format(new LocalTime(new Date(instant), zone), "T O I Z")).to.equal(shown);
    });
  }

  for (const [date, shown] of WEEKS) {
    it(`counts ${shown} for ${date}`, () => {
      expect(format(new LocalTime(new Date(date), "UTC"), "o W z t L w")).to.equal(shown);
    });
  }

  it("shows a Date in the current time zone", () => {
    const date = new Date("2026-01-02T15:00:00Z");
    override("Asia/Tokyo", () => {
      expect(format(date, "j H:i T")).to.equal("3 00:00 JST");
    });
    override("+0530", () => {
      expect(format(date, "j H:i T e")).to.equal("2 20:30 +0530 +0530");
    });
  });

  it(
    "shows a Date in TIME_ZONE without USE_TZ",
    override_settings({ USE_TZ: false, TIME_ZONE: "Europe/Paris" })(() => {
      override("Asia/Tokyo", () => {
        expect(format(new Date("2026-01-02T15:00:00Z"), "H")).to.equal("16");
      });
    }),
  );

  it("shows years before 1000, and seconds of zones before there were zones", () => {
    const time = new LocalTime(new Date("0987-05-13T01:01:00Z"), "Europe/Paris");
    expect(format(time, "r")).to.equal("Sun, 13 May 0987 01:10:21 +000921");
    expect(format(time, "Y y c T")).to.equal("0987 87 0987-05-13T01:10:21+00:09:21 LMT");
  });

  it("time_format and TimeFormat know the letters of a time only", () => {
    const date = new LocalTime(new Date("2026-01-02T15:04:05Z"), "UTC");
    expect(time_format(date, "H:i:s \\Y A")).to.equal("15:04:05 Y PM");
    expect(new TimeFormat(date).format("P")).to.equal("3:04 p.m.");
    expect(() => time_format(date, "Y")).to.throw(AttributeError);
  });

  it("DateFormat can be used again", () => {
    const made = new DateFormat(new LocalTime(new Date(0), "UTC"));
    expect([made.format("Y"), made.format("j\\t\\h")]).to.deep.equal(["1970", "1th"]);
  });

  it("refuses what is no date", () => {
    expect(() => format("2026-01-02" as unknown as Date, "Y")).to.throw(AttributeError);
  });
});
