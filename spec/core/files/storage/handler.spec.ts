/** The storages of `STORAGES`. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { settings, DEFAULT_STORAGE_ALIAS, STATICFILES_STORAGE_ALIAS } from "nuages/conf";
import { staticfiles_storage, StaticFilesStorage } from "nuages/contrib/staticfiles/storage";
import { ImproperlyConfigured } from "nuages/core/exceptions";
import { ContentFile } from "nuages/core/files";
import {
  default_storage,
  DefaultStorage,
  FileSystemStorage,
  InMemoryStorage,
  InvalidStorageError,
  Storage,
  StorageHandler,
  storages,
} from "nuages/core/files/storage";
import { override_settings } from "nuages/test";

const STATIC = { STATIC_URL: "/static/", STATIC_ROOT: "/srv/static" };

describe("core/files/storage: storages", () => {
  it("are the file system and the static files, unless told otherwise", () => {
    expect([DEFAULT_STORAGE_ALIAS, STATICFILES_STORAGE_ALIAS]).to.deep.equal([
      "default",
      "staticfiles",
    ]);
    expect(Object.keys(settings.STORAGES)).to.deep.equal(["default", "staticfiles"]);
    override_settings(STATIC)(() => {
      expect(storages.getitem("default").constructor).to.equal(FileSystemStorage);
      const files = storages.getitem("staticfiles");
      expect(files).to.be.instanceOf(StaticFilesStorage).and.instanceOf(FileSystemStorage);
      expect(files.path("a")).to.equal("/srv/static/a");
    })();
  });

  it("are made once, with their options, and anew when the settings change", () => {
    const STORAGES = {
      default: { BACKEND: InMemoryStorage, OPTIONS: { base_url: "/u/" } },
      staticfiles: { BACKEND: StaticFilesStorage },
    };
    const site = override_settings({ STORAGES, ...STATIC });
    site(() => {
      const storage = storages.getitem("default");
      expect(storage).to.equal(storages.getitem("default"));
      expect([storage.constructor, storage.url("x")]).to.deep.equal([InMemoryStorage, "/u/x"]);
      override_settings({ STORAGES: { ...STORAGES } })(() =>
        expect(storages.getitem("default")).not.to.equal(storage),
      )();
      expect(staticfiles_storage.url("x")).to.equal("/static/x");
      override_settings({ STATIC_URL: "/other/" })(() =>
        expect(staticfiles_storage.url("x")).to.equal("/other/x"),
      )();
    })();
  });

  it("may be of a class of one's own, and under any alias", () => {
    class Mine extends Storage {
      override url(name: string): string {
        return `mine:${name}`;
      }
    }
    const handler = new StorageHandler({
      backends: { mine: { BACKEND: Mine }, constructor: { BACKEND: Mine } },
    });
    expect(handler.getitem("mine").url("x")).to.equal("mine:x");
    expect(handler.getitem("constructor")).to.be.instanceOf(Mine);
    expect(handler.create_storage({ BACKEND: Mine })).not.to.equal(handler.getitem("mine"));
  });

  const wrong: [what: string, backends: Record<string, unknown>][] = [
    ["an alias that is not there", {}],
    [
      "an alias of Object.prototype",
      Object.create({ x: { BACKEND: InMemoryStorage } }) as Record<string, unknown>,
    ],
    ["an entry that is none", { x: null }],
    ["an entry without BACKEND", { x: {} }],
    ["a dotted path", { x: { BACKEND: "django.core.files.storage.InMemoryStorage" } }],
    ["a class that is no storage", { x: { BACKEND: Map } }],
  ];
  for (const [what, backends] of wrong) {
    it(`are not made of ${what}`, () => {
      expect(() => new StorageHandler({ backends }).getitem("x")).to.throw(InvalidStorageError);
    });
  }

  it("that are wrong are errors of configuration", () => {
    expect(new InvalidStorageError("")).to.be.instanceOf(ImproperlyConfigured);
  });
});

describe("core/files/storage: default_storage", () => {
  it("stands for the storage `default` of the moment", async () => {
    const STORAGES = { default: { BACKEND: InMemoryStorage } };
    await override_settings({ STORAGES })(async () => {
      expect(default_storage).to.be.instanceOf(InMemoryStorage);
      const name = await default_storage.save("x.txt", new ContentFile("x"));
      expect(await storages.getitem("default").exists(name)).to.equal(true);
    })();
    expect(default_storage).to.be.instanceOf(FileSystemStorage);
    expect(default_storage).not.to.be.instanceOf(InMemoryStorage);
    expect(new DefaultStorage()).to.be.instanceOf(FileSystemStorage);
  });

  it("follows MEDIA_ROOT", () => {
    override_settings({ MEDIA_ROOT: "/srv/one" })(() =>
      expect(default_storage.path("x")).to.equal("/srv/one/x"),
    )();
    override_settings({ MEDIA_ROOT: "/srv/two" })(() =>
      expect(default_storage.path("x")).to.equal("/srv/two/x"),
    )();
  });
});
