/** The system checks at the start of `serve()`. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { serve, type ServeOptions } from "nuages/core/handlers";
import { CommandError, SystemCheckError } from "nuages/core/management/base";
import { HttpResponse } from "nuages/http";
import { path, re_path, type URLPatterns } from "nuages/urls";
import type { LogRecord } from "nuages/utils/log";
import { logged } from "../../support/log.ts";
import { with_settings } from "../../support/settings.ts";

const view = (): HttpResponse => new HttpResponse("ok");

/** What is logged while a server with these URLs starts, and stops. */
function records_of(
  urlpatterns: URLPatterns,
  settings: object = {},
  options: ServeOptions = {},
): Promise<LogRecord[]> {
  return with_settings({ ROOT_URLCONF: urlpatterns, ...settings }, () =>
    logged(async () => {
      const server = await serve({ port: 0, signals: false, ...options });
      await server.close();
    }),
  );
}

/** The error with which a server does not start. */
function refusal(settings: object): Promise<unknown> {
  return records_of([path("", view)], settings).then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe("core/handlers/serve: the system checks", () => {
  it("J7: warns once, at the start, about a nested quantifier in a URL", async () => {
    const [record, ...more] = await records_of([re_path("^(a+)+$", view)]);
    expect(more).to.deep.equal([]);
    expect(record).to.include({ logger: "nuages.checks", level: "warning" });
    expect(record?.message).to.match(/^\(nuages\.W001\) .*\^\(a\+\)\+\$/);
  });

  it("logs nothing where nothing is wrong, and nothing that is for deployment", async () => {
    expect(await records_of([path("", view)], { DEBUG: true })).to.deep.equal([]);
  });

  it("is silent about what SILENCED_SYSTEM_CHECKS names, errors too", async () => {
    const settings = { SILENCED_SYSTEM_CHECKS: ["urls.W002", "urls.E006"], MEDIA_URL: "/media" };
    expect(await records_of([path("/a", view)], settings)).to.deep.equal([]);
  });

  it("leaves them out with skip_checks", async () => {
    const patterns = [path("/a", view)];
    const settings = { MEDIA_URL: "/media" };
    expect(await records_of(patterns, settings, { skip_checks: true })).to.deep.equal([]);
  });

  it("does not start with an error, and lists all that was found", async () => {
    const error = await refusal({
      MEDIA_URL: "/media",
      FILE_UPLOAD_TEMP_DIR: "/no/such/directory",
      CACHES: { default: await file_cache() },
    });
    expect(error).to.be.instanceOf(SystemCheckError).and.instanceOf(CommandError);
    const { message } = error as Error;
    for (const id of ["urls.E006", "files.E001", "caches.W003"]) expect(message).to.contain(id);
    expect(message.indexOf("ERRORS:")).to.be.below(message.indexOf("WARNINGS:"));
  });
});

async function file_cache(): Promise<object> {
  const { FileBasedCache } = await import("nuages/core/cache/backends/filebased");
  return { BACKEND: FileBasedCache, LOCATION: "relative" };
}
