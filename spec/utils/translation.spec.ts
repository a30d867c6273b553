import { expect } from "chai";
import { describe, it } from "mocha";
import { KeyError, LookupError } from "nuages/core/exceptions";
import { override_settings } from "nuages/test";
import * as translation from "nuages/utils/translation";
import { run_task } from "../../src/utils/_task.ts";

describe("utils/translation: the active language", () => {
  it("is LANGUAGE_CODE, until another is activated in the task", () => {
    run_task(() => {
      expect(translation.get_language()).to.equal("en-us");
      translation.activate("pt_BR");
      expect(translation.get_language()).to.equal("pt-br");
      translation.activate("");
      expect(translation.get_language()).to.equal("pt-br");
      translation.deactivate_all();
      expect(translation.get_language()).to.equal(null);
      expect(translation.get_language_bidi()).to.equal(false);
      translation.deactivate();
      expect(translation.get_language()).to.equal("en-us");
    });
  });

  it("is another one for the length of override()", async () => {
    await run_task(async () => {
      translation.activate("fr");
      expect(translation.override("he", {}, () => translation.get_language_bidi())).to.equal(true);
      expect(translation.get_language()).to.equal("fr");
      expect(() =>
        translation.override("de", {}, () => {
          throw new RangeError("inside");
        }),
      ).to.throw(RangeError);
      expect(translation.get_language()).to.equal("fr");
      const waited = translation.override("de", {}, async () => {
        await new Promise(setImmediate);
        return translation.get_language();
      });
      expect(translation.get_language()).to.equal("fr");
      expect(await waited).to.equal("de");
      const chained = translation.override("es", {}, () =>
        Promise.resolve().then(() => translation.get_language()),
      );
      expect(await chained).to.equal("es");
      expect(translation.get_language()).to.equal("fr");
      expect(
        translation.override(null, { deactivate: true }, () => translation.get_language()),
      ).to.equal(null);
      expect(translation.get_language()).to.equal("en-us");
    });
  });

  it("does not change without USE_I18N", () => {
    override_settings({ USE_I18N: false })(() =>
      run_task(() => {
        translation.activate("de");
        expect(translation.get_language()).to.equal("en-us");
        expect(translation.get_supported_language_variant("EN-us")).to.equal("EN-us");
        expect(() => translation.get_supported_language_variant("de")).to.throw(LookupError);
      }),
    )();
  });

  it("is each request's own", async () => {
    const languages = ["de", "fr", "pt-br", "ja"];
    const seen = await Promise.all(
      languages.map((language, n) =>
        run_task(async () => {
          translation.activate(language);
          for (let turn = n; turn >= 0; turn -= 1) await new Promise(setImmediate);
          return translation.get_language();
        }),
      ),
    );
    expect(seen).to.deep.equal(languages);
    expect(translation.get_language()).to.equal("en-us");
  });
});

describe("utils/translation: the choice of a language", () => {
  const LANGUAGES = [
    ["en", "English"],
    ["de", "German"],
    ["pt-br", "Brazilian Portuguese"],
    ["zh-hans", "Simplified Chinese"],
    ["tlh", "Klingon"],
  ] as const;
  const variants: [code: string, language: string | undefined][] = [
    ["de", "de"],
    ["de-at", "de"],
    ["de-at-1996", "de"],
    ["pt", "pt-br"],
    ["zh-cn", "zh-hans"],
    ["PT-BR", "PT-BR"],
    ["fr", undefined],
    ["tlh", undefined], // without a catalogue
    ["", undefined],
    [`de-${"a-".repeat(300)}`, "de"],
    ["d".repeat(600), undefined],
  ];
  for (const [code, language] of variants) {
    it(`takes ${language ?? "none"} for ${JSON.stringify(code.slice(0, 20))}`, () => {
      override_settings({ LANGUAGES })(() => {
        if (language === undefined)
          expect(() => translation.get_supported_language_variant(code)).to.throw(LookupError);
        else expect(translation.get_supported_language_variant(code)).to.equal(language);
      })();
    });
  }

  it("takes no sister variant and cuts nothing off, if it is strict", () => {
    override_settings({ LANGUAGES })(() => {
      expect(() => translation.get_supported_language_variant("pt", { strict: true })).to.throw(
        LookupError,
      );
      expect(() =>
        translation.get_supported_language_variant(`de-${"a-".repeat(300)}`, { strict: true }),
      ).to.throw(LookupError);
    })();
  });

  it("reads the start of a path", () => {
    const paths: [path: string, language: string | undefined][] = [
      ["/de/x/", "de"],
      ["/de", "de"],
      ["/de-at/", "de"],
      ["/dex/", undefined],
      ["/", undefined],
      ["/de.x/", undefined],
      ["de/", undefined],
      ["/.*/", undefined],
    ];
    for (const [path, language] of paths)
      expect(translation.get_language_from_path(path), path).to.equal(language);
  });

  it("knows for which languages there are catalogues", () => {
    for (const code of ["de", "pt-br", "zh-hans", "de-at", "es-ni"])
      expect(translation.check_for_language(code), code).to.equal(true);
    for (const code of ["tlh", "ht", "zh-xx", "", null, "de\0", "../de", "d".repeat(501)])
      expect(translation.check_for_language(code), String(code)).to.equal(false);
  });
});

describe("utils/translation: names and messages", () => {
  const locales: [language: string, locale: string][] = [
    ["en", "en"],
    ["en-us", "en_US"],
    ["sr-latn", "sr_Latn"],
    ["zh-hant-tw", "zh_Hant-tw"],
  ];
  for (const [language, locale] of locales) {
    it(`${language} is the locale ${locale}`, () => {
      expect(translation.to_locale(language)).to.equal(locale);
      expect(translation.to_language(locale)).to.equal(language);
    });
  }

  it("tells the names of a language", () => {
    expect(translation.get_language_info("de")).to.deep.include({
      name: "German",
      name_local: "Deutsch",
      bidi: false,
    });
    expect(translation.get_language_info("de-at").code).to.equal("de");
    expect(translation.get_language_info("zh-cn").code).to.equal("zh-hans");
    expect(translation.get_language_info("he").bidi).to.equal(true);
    expect(() => translation.get_language_info("tlh")).to.throw(KeyError, "tlh");
  });

  it("gives messages back as they are", () => {
    expect(translation.gettext("a\r\nb")).to.equal("a\nb");
    expect(translation.pgettext("month", "May")).to.equal("May");
    expect([1, 0, 2].map((n) => translation.ngettext("page", "pages", n))).to.deep.equal([
      "page",
      "pages",
      "pages",
    ]);
    expect(translation.npgettext("c", "page", "pages", 1)).to.equal("page");
    expect(String(translation.gettext_lazy("Hello"))).to.equal("Hello");
    expect(`${translation.ngettext_lazy("page", "pages", 2)}`).to.equal("pages");
    expect(translation.gettext_noop("x")).to.equal("x");
    expect(translation.trim_whitespace("  a\n   b \n c ")).to.equal("a b c");
    expect([1, 1.2, 0.8, 3].map(translation.round_away_from_one)).to.deep.equal([1, 2, 0, 3]);
  });
});
