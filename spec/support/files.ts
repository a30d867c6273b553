/** Files in a directory of their own, for specs that need some on disk. @module */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before } from "mocha";

/** A directory that is there while the specs of a `describe` run. */
export interface TemporaryDirectory {
  /** Its path, once the specs run. */
  readonly root: string;
  /** The path of something in it. */
  path(name: string): string;
}

/** When every file was last changed, in seconds: Tue, 03 Apr 2018 17:01:01 GMT. */
export const MTIME = 1_522_774_861;

/** Makes these files, by name, before the specs of this `describe`, and removes them afterwards. */
export function temporary_directory(
  files: Readonly<Record<string, string | Uint8Array>>,
): TemporaryDirectory {
  let root = "";
  before(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), "nuages-spec-")));
    for (const [name, content] of Object.entries(files)) {
      const path = join(root, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
      utimesSync(path, MTIME, MTIME);
    }
  });
  after(() => rmSync(root, { recursive: true }));
  return {
    get root() {
      return root;
    },
    path: (name) => join(root, name),
  };
}
