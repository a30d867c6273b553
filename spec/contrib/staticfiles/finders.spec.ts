import { expect } from "chai";
import { describe, it } from "mocha";
import { ImproperlyConfigured, SuspiciousFileOperation } from "nuages/core/exceptions";
import {
  BaseFinder,
  FileSystemFinder,
  find,
  get_finder,
  searched_locations,
} from "nuages/contrib/staticfiles/finders";
import { override_settings } from "nuages/test";
import { temporary_directory } from "../../support/files.ts";

describe("contrib/staticfiles/finders", () => {
  const tree = temporary_directory({
    "one/a.css": "1",
    "two/a.css": "2",
    "two/b.css": "2",
    "app/static/c.css": "3",
    "app/static/a.css": "3",
    "secret.txt": "",
  });

  /** Runs `fn` with two directories, one of them under a prefix as well, and one app. */
  function site<T>(fn: () => Promise<T>): Promise<T> {
    const [one, two] = [tree.path("one"), tree.path("two")];
    return override_settings({
      STATICFILES_DIRS: [one, two, ["extra", two], one],
      INSTALLED_APPS: [tree.path("app")],
    })(fn)();
  }

  const names: [name: string, found: string | undefined][] = [
    ["a.css", "one/a.css"],
    ["b.css", "two/b.css"],
    ["extra/b.css", "two/b.css"],
    ["c.css", "app/static/c.css"],
    ["nope.css", undefined],
    ["extra", undefined],
    ["a.css/x", undefined],
    ["a\0.css", undefined],
  ];
  for (const [name, found] of names) {
    it(`finds ${JSON.stringify(name)} ${found === undefined ? "nowhere" : `in ${found}`}`, async () => {
      const expected = found === undefined ? undefined : tree.path(found);
      expect(await site(() => find(name))).to.equal(expected);
    });
  }

  it("finds all files of a name, in the order of the settings", async () => {
    const all = await site(() => find("a.css", { find_all: true }));
    expect(all).to.deep.equal(["one/a.css", "two/a.css", "app/static/a.css"].map(tree.path));
    expect(await site(() => find("nope.css", { find_all: true }))).to.deep.equal([]);
  });

  it("notes where the last search went", async () => {
    await site(() => find("nope.css"));
    expect(searched_locations).to.deep.equal(["one", "two", "app/static"].map(tree.path));
    await site(() => find("a.css"));
    expect(searched_locations).to.deep.equal([tree.path("one")]);
  });

  it("refuses a name that leads out of a directory", async () => {
    const error = await site(() => find("../secret.txt")).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(SuspiciousFileOperation);
  });

  it("asks finders of the site's own", async () => {
    class Everything extends BaseFinder {
      override find(path: string): Promise<string> {
        return Promise.resolve(`/everything/${path}`);
      }
    }
    await override_settings({ STATICFILES_FINDERS: [Everything] })(async () => {
      expect(await find("x")).to.equal("/everything/x");
      expect(await find("x", { find_all: true })).to.deep.equal(["/everything/x"]);
    })();
  });

  it("makes each finder once, and anew when its settings change", () => {
    const first = get_finder(FileSystemFinder);
    expect(get_finder(FileSystemFinder)).to.equal(first);
    override_settings({ STATICFILES_DIRS: [tree.root] })(() => {
      expect(get_finder(FileSystemFinder)).not.to.equal(first);
    })();
  });

  it("refuses a finder that is none", async () => {
    await override_settings({ STATICFILES_FINDERS: [class Other {}] })(async () => {
      const error = await find("x").catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(ImproperlyConfigured);
    })();
  });
});
