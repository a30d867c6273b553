/** Specification of nuages/utils/timezone. @module */
import { setImmediate as turn } from "node:timers/promises";
import { expect } from "chai";
import { afterEach, describe, it } from "mocha";
import { override as override_setting, restore } from "nuages/conf";
import { KeyError, ValueError } from "nuages/core/exceptions";
import {
  activate,
  deactivate,
  get_current_timezone,
  get_current_timezone_name,
  get_default_timezone,
  get_fixed_timezone,
  is_aware,
  is_naive,
  localdate,
  localtime,
  now,
  override,
  ZoneInfoNotFoundError,
} from "nuages/utils/timezone";
import { freeze } from "../../src/utils/_clock.ts";

const WINTER = new Date("2026-01-02T03:04:05.678Z");
const SUMMER = new Date("2026-07-02T03:04:05Z");

describe("time zones", () => {
  afterEach(() => {
    deactivate();
    freeze(undefined);
  });

  describe("utils/timezone: localtime", () => {
    // as Python's datetime prints them
    const shown: [zone: string, date: Date, text: string][] = [
      ["UTC", WINTER, "2026-01-02 03:04:05.678000+00:00"],
      ["Europe/Berlin", WINTER, "2026-01-02 04:04:05.678000+01:00"],
      ["Europe/Berlin", SUMMER, "2026-07-02 05:04:05+02:00"],
      ["America/Chicago", WINTER, "2026-01-01 21:04:05.678000-06:00"],
      ["Asia/Kolkata", SUMMER, "2026-07-02 08:34:05+05:30"],
      ["America/St_Johns", WINTER, "2026-01-01 23:34:05.678000-03:30"],
      ["Europe/Berlin", new Date("1890-01-02T03:04:05Z"), "1890-01-02 03:57:33+00:53:28"],
      ["Europe/Berlin", new Date("2026-03-29T00:59:59.999Z"), "2026-03-29 01:59:59.999000+01:00"],
      ["Europe/Berlin", new Date("2026-03-29T01:00:00Z"), "2026-03-29 03:00:00+02:00"],
      ["Europe/Berlin", new Date(-1), "1970-01-01 00:59:59.999000+01:00"],
      ["+0530", WINTER, "2026-01-02 08:34:05.678000+05:30"],
      ["-03:30", WINTER, "2026-01-01 23:34:05.678000-03:30"],
    ];
    for (const [timezone, date, text] of shown) {
      it(`of ${date.toISOString()} in ${timezone} is ${text}`, () => {
        expect(String(localtime(date, { timezone }))).to.equal(text);
      });
    }
    it("tells the parts", () => {
      const { year, month, day, weekday, hour, minute, second, millisecond, utcoffset } = localtime(
        WINTER,
        { timezone: "America/Chicago" },
      );
      expect([year, month, day, weekday]).to.deep.equal([2026, 1, 1, 3]); // a Thursday
      expect([hour, minute, second, millisecond]).to.deep.equal([21, 4, 5, 678]);
      expect(utcoffset).to.equal(-6 * 3600);
    });
    it("is now in the current zone if nothing is said", () => {
      freeze(WINTER.getTime() / 1000);
      activate("Asia/Tokyo");
      expect(String(localtime())).to.equal("2026-01-02 12:04:05.678000+09:00");
      expect(now().getTime()).to.equal(WINTER.getTime());
      expect(localdate(null, { timezone: "America/Chicago" })).to.equal("2026-01-01");
    });
    it("refuses an invalid date and an unknown zone", () => {
      expect(() => localtime(new Date(Number.NaN))).to.throw(ValueError);
      expect(() => localtime(WINTER, { timezone: "Mars/Base" })).to.throw(ZoneInfoNotFoundError);
    });
  });

  describe("utils/timezone: the current zone", () => {
    it("is TIME_ZONE until another is activated", () => {
      const before = override_setting("TIME_ZONE", "Europe/Rome");
      expect([get_current_timezone(), get_default_timezone()]).to.deep.equal([
        "Europe/Rome",
        "Europe/Rome",
      ]);
      activate("Asia/Tokyo");
      expect([get_current_timezone_name(), get_default_timezone()]).to.deep.equal([
        "Asia/Tokyo",
        "Europe/Rome",
      ]);
      deactivate();
      expect(get_current_timezone()).to.equal("Europe/Rome");
      restore("TIME_ZONE", before);
    });
    it("is left alone by a zone that does not exist", () => {
      activate("Asia/Tokyo");
      expect(() => activate("Mars/Base")).to.throw(KeyError);
      expect(() => activate(5 as unknown as string)).to.throw(ValueError);
      expect(() => override("", () => 1)).to.throw(ZoneInfoNotFoundError);
      expect(get_current_timezone()).to.equal("Asia/Tokyo");
    });
    it("can be another one for a function, to the end of its promise", async () => {
      activate("Asia/Tokyo");
      const seen = await override("Europe/Rome", async () => {
        await turn();
        return [get_current_timezone(), override(null, get_current_timezone)];
      });
      expect(seen).to.deep.equal(["Europe/Rome", get_default_timezone()]);
      expect(get_current_timezone()).to.equal("Asia/Tokyo");
    });
    it("is not seen by what runs beside it", async () => {
      const zones = ["Asia/Tokyo", "Europe/Rome"].map((zone) =>
        override(zone, async () => {
          await turn();
          return get_current_timezone();
        }),
      );
      expect(await Promise.all(zones)).to.deep.equal(["Asia/Tokyo", "Europe/Rome"]);
    });
  });

  describe("utils/timezone: the rest", () => {
    for (const [minutes, name] of [
      [0, "+0000"],
      [330, "+0530"],
      [-210, "-0330"],
    ] as const) {
      it(`calls the zone ${minutes} minutes ahead ${name}`, () => {
        expect(get_fixed_timezone(minutes)).to.equal(name);
      });
    }
    it("finds every Date aware", () => {
      expect([is_aware(WINTER), is_naive(WINTER)]).to.deep.equal([true, false]);
    });
  });
});
