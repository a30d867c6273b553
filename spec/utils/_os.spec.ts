/** Specification of paths of files. @module */
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { describe, it } from "mocha";
import { SuspiciousFileOperation } from "nuages/core/exceptions";
import {
  makedirs,
  safe_join,
  safe_makedirs,
  symlinks_supported,
  to_path,
} from "../../src/utils/_os.ts";
import { temporary_directory } from "../support/files.ts";

describe("utils/_os: safe_join", () => {
  const inside: [paths: string[], path: string][] = [
    [[], "/srv/pub"],
    [[""], "/srv/pub"],
    [["a", "b.txt"], "/srv/pub/a/b.txt"],
    [["a/../b"], "/srv/pub/b"],
    [["/srv/pub/c"], "/srv/pub/c"],
    [["..", "pub", "d"], "/srv/pub/d"],
    [["a\\..\\.."], "/srv/pub/a\\..\\.."],
  ];
  for (const [paths, path] of inside) {
    it(`joins ${JSON.stringify(paths)}`, () => {
      expect(safe_join("/srv/pub", ...paths)).to.equal(path);
    });
  }

  for (const paths of [["../pub2/s.txt"], ["/etc/passwd"], [".."], ["a", "../../x"], ["a", "/b"]]) {
    it(`refuses ${JSON.stringify(paths)} (Q2)`, () => {
      expect(() => safe_join("/srv/pub", ...paths)).to.throw(SuspiciousFileOperation);
    });
  }

  it("takes the root of the file system for a base, with or without a slash at the end", () => {
    expect(safe_join("/", "etc")).to.equal("/etc");
    expect(safe_join("/srv/pub/", "a")).to.equal("/srv/pub/a");
  });
});

describe("utils/_os: directories", () => {
  const directory = temporary_directory({ "file.txt": "x" });

  it("are made with just these permissions, whatever the umask (F36)", () => {
    const before = process.umask(0o077);
    try {
      safe_makedirs(directory.path("a/b/c"), { mode: 0o750 });
      makedirs(directory.path("d/e"), { mode: 0o755, parent_mode: 0o711 });
      expect(process.umask()).to.equal(0o077);
    } finally {
      process.umask(before);
    }
    const modes = ["a", "a/b", "a/b/c", "d", "d/e"].map(
      (name) => statSync(directory.path(name)).mode & 0o777,
    );
    expect(modes).to.deep.equal([0o750, 0o750, 0o750, 0o711, 0o755]);
  });

  it("may be there already only if that is said", () => {
    safe_makedirs(directory.path("f"));
    expect(() => safe_makedirs(directory.path("f"))).to.throw("EEXIST");
    safe_makedirs(directory.path("f"), { exist_ok: true });
    expect(() => safe_makedirs(directory.path("file.txt"), { exist_ok: true })).to.throw("EEXIST");
    expect(existsSync(join(directory.root, "f"))).to.equal(true);
  });

  it("may be linked to where the system has links", () => {
    expect(symlinks_supported()).to.equal(process.platform !== "win32");
  });
});

describe("utils/_os: to_path", () => {
  it("takes text and file URLs", () => {
    expect(to_path("a/b")).to.equal("a/b");
    expect(to_path(new URL("file:///a%20b"))).to.equal("/a b");
    expect(() => to_path(5 as never)).to.throw(TypeError);
  });
});
