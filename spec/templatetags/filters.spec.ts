import { expect } from "chai";
import { describe, it } from "mocha";
import { KeyError } from "nuages/core/exceptions";
import { Nunjucks } from "nuages/template";
import {
  language_bidi,
  language_name,
  language_name_local,
  language_name_translated,
} from "nuages/templatetags/i18n";
import { localize, unlocalize } from "nuages/templatetags/l10n";
import { localtime, timezone, utc } from "nuages/templatetags/tz";
import { override_settings } from "nuages/test";
import { LocalTime, override } from "nuages/utils/timezone";

const DATE = new Date("2026-01-02T15:04:05Z");

describe("templatetags/i18n", () => {
  it("names a language in English, in itself and in the active language", () => {
    expect([
      language_name("de"),
      language_name_local("de"),
      language_name_translated("de"),
    ]).to.deep.equal(["German", "Deutsch", "German"]);
    expect([language_bidi("ar"), language_bidi("de-at")]).to.deep.equal([true, false]);
  });

  it("refuses an unknown language", () => {
    expect(() => language_name("xx")).to.throw(KeyError);
  });
});

describe("templatetags/l10n", () => {
  it(
    "localize uses the separators of the settings, unlocalize does not",
    override_settings({ USE_THOUSAND_SEPARATOR: true, DECIMAL_SEPARATOR: "," })(() => {
      expect([localize(1234.5), unlocalize(1234.5)]).to.deep.equal(["1,234,5", "1234.5"]);
      expect([localize(12345n), unlocalize(12345n)]).to.deep.equal(["12,345", "12345"]);
      expect([localize(true), localize("a"), localize(null)]).to.deep.equal(["True", "a", "None"]);
    }),
  );

  it("localize shows a date by DATETIME_FORMAT", () => {
    override("UTC", () => {
      expect(localize(DATE)).to.equal("Jan. 2, 2026, 3:04 p.m.");
    });
  });
});

describe("templatetags/tz", () => {
  it("shows a date in a zone, in UTC, in the current zone", () => {
    override("Europe/Paris", () => {
      const shown = [
        timezone(DATE, "Asia/Tokyo"),
        utc(DATE),
        localtime(DATE),
        timezone(DATE, "-0330"),
      ];
      expect(shown.map((time) => (time instanceof LocalTime ? time.hour : time))).to.deep.equal([
        0, 15, 16, 11,
      ]);
      expect(utc(new LocalTime(DATE, "Asia/Tokyo"))).to.have.property("hour", 15);
    });
  });

  it("gives nothing for what is no date or no zone", () => {
    for (const result of [timezone("x", "UTC"), timezone(DATE, "No/Zone"), timezone(DATE, 5)])
      expect(result).to.equal("");
    expect([utc(null), localtime(new Date(Number.NaN))]).to.deep.equal(["", ""]);
  });

  it("are filters of every template", () => {
    const engine = new Nunjucks({ NAME: "n", DIRS: [], APP_DIRS: false, OPTIONS: {} });
    const source =
      "{{ d | timezone('Asia/Tokyo') | date('H:i T') }} {{ d | utc | time('H:i') }} {{ 'de' | language_name_local }}";
    expect(engine.from_string(source).render({ d: DATE })).to.equal("00:04 JST 15:04 Deutsch");
  });
});
