import { writeFileSync } from "node:fs";
import { expect } from "chai";
import { describe, it } from "mocha";
import type { Settings } from "nuages/conf";
import {
  ManifestStaticFilesStorage,
  staticfiles_storage,
  StaticFilesStorage,
} from "nuages/contrib/staticfiles/storage";
import { ImproperlyConfigured, SuspiciousFileOperation, ValueError } from "nuages/core/exceptions";
import { static as static_url } from "nuages/templatetags/static";
import { override_settings } from "nuages/test";
import { cpu_time } from "../../support/cpu_time.ts";
import { temporary_directory } from "../../support/files.ts";

const MANIFEST = {
  paths: {
    "a.css": "a.0123456789ab.css",
    "d/b c.css": "d/b c.0123456789ab.css",
    "é.css": "é.aaaaaaaaaaaa.css",
    "f.eot": "f.bbbbbbbbbbbb.eot",
  },
  version: "1.1",
  hash: "abc",
};

describe("contrib/staticfiles/storage", () => {
  const tree = temporary_directory({ "staticfiles.json": JSON.stringify(MANIFEST) });
  const site = (settings: Partial<Settings> = {}): ReturnType<typeof override_settings> =>
    override_settings({ STATIC_URL: "/static/", STATIC_ROOT: tree.root, ...settings });
  const with_manifest = (text: string): ManifestStaticFilesStorage => {
    writeFileSync(tree.path("staticfiles.json"), text);
    try {
      return site()(() => new ManifestStaticFilesStorage())();
    } finally {
      writeFileSync(tree.path("staticfiles.json"), JSON.stringify(MANIFEST));
    }
  };

  describe("StaticFilesStorage", () => {
    it("percent-encodes the names of files", () => {
      const storage = site()(() => new StaticFilesStorage())();
      expect(storage.url("/a b%.css")).to.equal("/static/a%20b%25.css");
    });

    it("knows where a collected file is", () => {
      const storage = site()(() => new StaticFilesStorage())();
      expect(storage.path("d/x.css")).to.equal(tree.path("d/x.css"));
      expect(() => storage.path("../x.css")).to.throw(SuspiciousFileOperation);
    });

    it("needs STATIC_ROOT for that, and STATIC_URL for anything", () => {
      const storage = site({ STATIC_ROOT: null })(() => new StaticFilesStorage())();
      expect(() => storage.path("x.css")).to.throw(ImproperlyConfigured);
      const without = site({ STATIC_URL: null })(() => new StaticFilesStorage());
      expect(without).to.throw(ImproperlyConfigured);
    });
  });

  describe("ManifestStaticFilesStorage, as Django answers", () => {
    const urls: [name: string, url: string][] = [
      ["a.css", "/static/a.0123456789ab.css"],
      ["a.css?x=1#f", "/static/a.0123456789ab.css?x=1#f"],
      ["f.eot?#iefix", "/static/f.bbbbbbbbbbbb.eot?#iefix"],
      ["d/", "/static/d/"],
      ["d/b%20c.css", "/static/d/b c.0123456789ab.css"],
      ["é.css", "/static/é.aaaaaaaaaaaa.css"],
    ];
    for (const [name, url] of urls) {
      it(`the URL of ${name} is ${url}`, () => {
        site()(() => expect(new ManifestStaticFilesStorage().url(name)).to.equal(url))();
      });
    }

    it("while DEBUG, the URL is that of the file itself, unless forced", () => {
      site({ DEBUG: true })(() => {
        const storage = new ManifestStaticFilesStorage();
        expect(storage.url("a.css")).to.equal("/static/a.css");
        expect(storage.url("a.css", { force: true })).to.equal("/static/a.0123456789ab.css");
      })();
    });

    it("a name that is not in the manifest is an error, unless the class is not strict", () => {
      class Lenient extends ManifestStaticFilesStorage {
        static {
          this.prototype.manifest_strict = false;
        }
      }
      site()(() => {
        expect(() => new ManifestStaticFilesStorage().url("no.css")).to.throw(ValueError);
        expect(new Lenient().url("no.css")).to.equal("/static/no.css");
      })();
    });

    it("a missing manifest is told only when a name is asked for", () => {
      site({ STATIC_ROOT: tree.path("nowhere") })(() => {
        const storage = new ManifestStaticFilesStorage();
        expect(() => storage.url("a.css")).to.throw(ValueError);
      })();
    });

    it("hashes names as `collectstatic` does", () => {
      const storage = site()(() => new ManifestStaticFilesStorage())();
      expect(storage.file_hash(null, { content: "hello" })).to.equal("5d41402abc4b");
      expect(storage.hashed_name("d/a.b.css?x#f", { content: "hello" })).to.equal(
        "d/a.b.5d41402abc4b.css?x#f",
      );
      expect(storage.manifest_hash).to.equal("abc");
    });
  });

  const broken = [
    "",
    "[]",
    "null",
    "{",
    '{"version":"2.0","paths":{}}',
    '{"version":"1.1","paths":[]}',
  ];
  for (const text of broken) {
    it(`refuses the manifest ${text || "that is empty"}`, () => {
      expect(() => with_manifest(text)).to.throw(ValueError);
    });
  }

  it("Q16: entries named __proto__ are names like any other, and change nothing else", () => {
    const storage = with_manifest(
      '{"version":"1.1","paths":{"__proto__":"p.css","constructor":"c.css"}}',
    );
    expect(storage.url("__proto__")).to.equal("/static/p.css");
    expect(storage.url("constructor")).to.equal("/static/c.css");
    expect(() => storage.url("toString")).to.throw(ValueError);
    expect("p.css" in Object.prototype).to.equal(false);
  });

  for (const stored of ["../secret", "a/../../secret", "..", "a\\..\\b"]) {
    it(`Q16: no name stands for ${stored}`, () => {
      const text = JSON.stringify({ version: "1.1", paths: { "a.css": stored } });
      expect(() => with_manifest(text).url("a.css")).to.throw(ValueError);
    });
  }

  it("Q16: a manifest of 100,000 names is read in less than a second", () => {
    const paths = Object.fromEntries(
      Array.from({ length: 100_000 }, (_, i) => [`${i}.css`, `${i}.x.css`]),
    );
    const text = JSON.stringify({ version: "1.1", paths });
    expect(cpu_time(() => with_manifest(text), 1)).to.be.below(1000);
  });

  it("static() in templates asks the storage once STORAGES is set", () => {
    const STORAGES = { staticfiles: { BACKEND: ManifestStaticFilesStorage } };
    site()(() => expect(static_url("a.css")).to.equal("/static/a.css"))();
    site({ STORAGES })(() => {
      expect(static_url("a.css")).to.equal("/static/a.0123456789ab.css");
      expect(staticfiles_storage.path("a.css")).to.equal(tree.path("a.css"));
    })();
    site()(() => expect(static_url("a.css")).to.equal("/static/a.css"))();
  });

  it("refuses STORAGES without a storage of static files", () => {
    site({ STORAGES: {} })(() =>
      expect(() => static_url("a.css")).to.throw(ImproperlyConfigured),
    )();
  });
});
