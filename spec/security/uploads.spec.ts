/** Security of uploads: the parts of a form that are files, and the temporary files they become. @module */
import crypto from "node:crypto";
import { readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { basename, dirname } from "node:path";
import { expect } from "chai";
import { describe, it } from "mocha";
import { TemporaryUploadedFile } from "nuages/core/files/uploadedfile";
import { RequestFactory } from "nuages/test";
import { temporary_directory } from "../support/files.ts";
import { with_settings } from "../support/settings.ts";

const rf = new RequestFactory();
const MULTIPART = "multipart/form-data; boundary=sep";
const END = '\r\n--sep\r\nContent-Disposition: form-data; name="z"\r\n\r\nend\r\n--sep--\r\n';

/** The files, by name and content, and the fields of a form that begins with this part; a field `z` comes last. */
function form_of(disposition: string, value: string): unknown {
  const part = `--sep\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n${value}`;
  const bytes = Buffer.from(part + END, "latin1");
  const { FILES, POST } = rf.generic("POST", "/", bytes, { content_type: MULTIPART });
  const files = [...FILES.lists()].flatMap(([, list]) =>
    list.map((file) => [file.name, String(file.read())]),
  );
  return { files, fields: [...POST.lists()] };
}

describe("security/uploads: parts of a form", () => {
  const z = ["z", ["end"]];

  it("F7: a part whose file name is not UTF-8 is dropped, as Django does; the next one is read", () => {
    const form = form_of('name="f"; filename="\xff.txt"', "data");
    expect(form).to.deep.equal({ files: [], fields: [z] });
  });

  it("F21: a boundary within a line ends the content of a file there, as Django does", () => {
    const form = form_of('name="f"; filename="a.txt"', "ab--sepcde");
    expect(form).to.deep.equal({ files: [["a.txt", "ab"]], fields: [z] });
  });

  it("F21: and that of a field; what follows on the line is no part of anything", () => {
    const form = form_of('name="f"', "ab--sepcde");
    expect(form).to.deep.equal({ files: [], fields: [["f", ["ab"]], z] });
  });
});

describe("security/uploads: the temporary file of an upload", () => {
  const directory = temporary_directory({});

  function upload(): TemporaryUploadedFile {
    return with_settings(
      { FILE_UPLOAD_TEMP_DIR: directory.root },
      () => new TemporaryUploadedFile("a.txt", "text/plain", 0, null),
    );
  }

  /** Runs `fn` while the generator of random numbers gives so many zeros first. */
  function with_zeros<T>(count: number, fn: () => T): T {
    const { randomInt } = crypto;
    let left = count;
    Object.assign(crypto, { randomInt: (max: number) => (left-- > 0 ? 0 : randomInt(max)) });
    syncBuiltinESMExports();
    try {
      return fn();
    } finally {
      Object.assign(crypto, { randomInt });
      syncBuiltinESMExports();
    }
  }

  it("F26: lies in FILE_UPLOAD_TEMP_DIR, and nobody but its owner may open it, whatever the umask", () => {
    const umask = process.umask(0);
    try {
      const file = upload();
      const where = file.temporary_file_path();
      expect(dirname(where)).to.equal(directory.root);
      expect(statSync(where).mode & 0o777).to.equal(0o600);
      file.close();
    } finally {
      process.umask(umask);
    }
  });

  it("F26: has a name of eight random characters, which owes nothing to the client's", () => {
    const files = Array.from({ length: 100 }, upload);
    const names = files.map((file) => basename(file.temporary_file_path()));
    for (const name of names) expect(name).to.match(/^tmp[a-z0-9_]{8}\.upload\.txt$/);
    expect(new Set(names).size).to.equal(100);
    for (const file of files) file.close();
    expect(readdirSync(directory.root)).to.deep.equal([]);
  });

  const guessed = "tmpaaaaaaaa.upload.txt"; // eight times the first of the characters
  const traps: [what: string, lay: (where: string, target: string) => void][] = [
    ["a file", (where) => writeFileSync(where, "mine")],
    ["a symlink", (where, target) => symlinkSync(target, where)],
    ["a symlink to nothing", (where, target) => symlinkSync(`${target}.none`, where)],
  ];
  for (const [what, lay] of traps) {
    describe(`where ${what} waits under its name`, () => {
      const trap = temporary_directory({ target: "mine" });

      it("F26: is another file", () => {
        lay(trap.path(guessed), trap.path("target"));
        const before = readdirSync(trap.root);
        with_settings({ FILE_UPLOAD_TEMP_DIR: trap.root }, () =>
          with_zeros(8, () => {
            const file = new TemporaryUploadedFile("a.txt", "text/plain", 0, null);
            file.write(Buffer.from("of the client"));
            expect(basename(file.temporary_file_path())).not.to.equal(guessed);
            file.close();
          }),
        );
        expect(readdirSync(trap.root)).to.deep.equal(before);
        expect(readFileSync(trap.path("target"), "utf8")).to.equal("mine");
      });
    });
  }

  it("F26: takes the name if nothing is there", () => {
    const file = with_zeros(8, upload);
    expect(basename(file.temporary_file_path())).to.equal(guessed);
    file.close();
  });
});
