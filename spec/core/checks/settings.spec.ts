/** The checks of caches, files, templates, static files, mailers and sites. @module */
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { describe, it } from "mocha";
import type { Settings } from "nuages/conf";
import { FileBasedCache } from "nuages/core/cache/backends/filebased";
import { LocMemCache } from "nuages/core/cache/backends/locmem";
import { run_checks, Warning } from "nuages/core/checks";
import { EmailBackend as ConsoleBackend } from "nuages/core/mail/backends/console";
import * as locmem from "nuages/core/mail/backends/locmem";
import { Nunjucks } from "nuages/template";
import { with_settings } from "../../support/settings.ts";

const HERE = tmpdir();

function ids(settings: object, deploy = false): string {
  return with_settings({ ROOT_URLCONF: [], ...settings }, () =>
    run_checks({ include_deployment_checks: deploy, tags: TAGS })
      .map(({ id, level }) => `${id} ${level}`)
      .join(", "),
  );
}
const TAGS = ["caches", "files", "templates", "staticfiles", "mail", "sites"];

function cache_in(directory: string): Partial<Settings> {
  return { CACHES: { default: { BACKEND: FileBasedCache, LOCATION: directory } } };
}

describe("core/checks: the other settings", () => {
  const always: [what: string, settings: object, ids: string][] = [
    ["nothing of the defaults", {}, ""],
    ["no cache called default", { CACHES: { a: { BACKEND: LocMemCache } } }, "caches.E001 40"],
    ["a relative cache directory", cache_in("cache"), "caches.W003 30"],
    ["not an absolute one", cache_in(join(HERE, "cache")), ""],
    ["no directory for uploads", { FILE_UPLOAD_TEMP_DIR: join(HERE, "no/such") }, "files.E001 40"],
    ["not one that is there", { FILE_UPLOAD_TEMP_DIR: HERE }, ""],
    ["no storage of static files", { STORAGES: { default: {} } }, "staticfiles.E005 40"],
    ["static directories in text", { STATICFILES_DIRS: "static" }, "staticfiles.E001 40"],
    [
      "static files in the place of their copies",
      { STATIC_ROOT: HERE, STATICFILES_DIRS: [`${HERE}/`] },
      "staticfiles.E002 40",
    ],
    ["a prefix with a slash", { STATICFILES_DIRS: [["a/", HERE]] }, "staticfiles.E003 40"],
    ["no static directory", { STATICFILES_DIRS: [join(HERE, "no/such")] }, "staticfiles.W004 30"],
    ["no mailer called default", { MAILERS: {} }, "mail.W001 30"],
    ["a site that is no number", { SITE_ID: "1" }, "sites.E101 40"],
    ["not a site that is one", { SITE_ID: 1 }, ""],
  ];
  for (const [what, settings, expected] of always) {
    it(`tells ${what}: ${expected || "nothing"}`, () => {
      expect(ids(settings)).to.equal(expected);
    });
  }

  const deployed: [what: string, settings: object, ids: string][] = [
    ["a cache in MEDIA_ROOT", { ...cache_in(`${HERE}/m/cache`), MEDIA_ROOT: `${HERE}/m` }, "W002"],
    ["a cache that is STATIC_ROOT", { ...cache_in(HERE), STATIC_ROOT: `${HERE}/` }, "W002"],
    ["a cache around static files", { ...cache_in(HERE), STATICFILES_DIRS: [["a", HERE]] }, "W002"],
    ["not a cache beside them", { ...cache_in(`${HERE}/a`), STATIC_ROOT: `${HERE}/ab` }, ""],
  ];
  for (const [what, settings, expected] of deployed) {
    it(`tells ${what} before a deployment: ${expected || "nothing"}`, () => {
      expect(ids(settings, true)).to.equal(expected && `caches.${expected} 30`);
      expect(ids(settings)).to.equal("");
    });
  }

  it("tells mailers that send nothing before a deployment, by class or module", () => {
    for (const BACKEND of [ConsoleBackend, locmem]) {
      expect(ids({ MAILERS: { default: { BACKEND } } }, true)).to.equal("mail.E001 40");
      expect(ids({ MAILERS: { default: { BACKEND } } })).to.equal("");
    }
    expect(ids({ MAILERS: { default: {} } }, true)).to.equal("");
  });

  it("asks an engine that checks itself", () => {
    class Engine extends Nunjucks {
      check(): Warning[] {
        return [new Warning("text", { id: "mine.W001" })];
      }
    }
    expect(ids({ TEMPLATES: [{ BACKEND: Engine }] })).to.equal("mine.W001 30");
  });
});
