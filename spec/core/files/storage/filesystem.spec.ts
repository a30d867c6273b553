/** What only a storage on disk does. @module */
import {
  chownSync,
  existsSync,
  mkdirSync,
  promises,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { describe, it } from "mocha";
import { SuspiciousFileOperation, ValueError } from "nuages/core/exceptions";
import { ContentFile } from "nuages/core/files";
import { FileSystemStorage, type FileSystemStorageOptions } from "nuages/core/files/storage";
import { TemporaryUploadedFile } from "nuages/core/files/uploadedfile";
import { error_of } from "../../../support/errors.ts";
import { temporary_directory } from "../../../support/files.ts";

function temporary(text: string): TemporaryUploadedFile {
  const file = new TemporaryUploadedFile("x.txt", "text/plain", text.length, null);
  file.write(text);
  return file;
}

/** What `fn` gives while every file it moves would come from another file system. */
async function on_another_file_system<T>(fn: () => Promise<T>): Promise<T> {
  const { link, rename } = promises;
  const fail = (): Promise<never> =>
    Promise.reject(Object.assign(new Error("cross-device link"), { code: "EXDEV" }));
  Object.assign(promises, { link: fail, rename: fail });
  syncBuiltinESMExports();
  try {
    return await fn();
  } finally {
    Object.assign(promises, { link, rename });
    syncBuiltinESMExports();
  }
}

describe("core/files/storage: FileSystemStorage on disk", () => {
  const tree = temporary_directory({});
  let made = 0;
  const storage_of = (options: FileSystemStorageOptions = {}): FileSystemStorage =>
    new FileSystemStorage({ location: tree.path(`s${++made}`), ...options });
  const mode_of = (storage: FileSystemStorage, name: string): number =>
    statSync(storage.path(name)).mode & 0o777;
  const contents = [
    ["in memory", (text: string) => new ContentFile(text)],
    ["in a temporary file", temporary],
  ] as const;

  for (const [kind, content] of contents) {
    it(`F36: a file ${kind} and new directories have the modes of the settings, whatever the umask`, async () => {
      const before = process.umask(0o077);
      try {
        const storage = storage_of({ directory_permissions_mode: 0o751 });
        await storage.save("a/b/x", content("x"));
        expect(["a", "a/b", "a/b/x"].map((name) => mode_of(storage, name))).to.deep.equal([
          0o751, 0o751, 0o644,
        ]);
        const closed = storage_of({ file_permissions_mode: 0o400 });
        await closed.save("x", content("x"));
        expect(mode_of(closed, "x")).to.equal(0o400);
      } finally {
        process.umask(before);
      }
    });

    it(`a file ${kind} replaces one of the same name, if that is allowed`, async () => {
      const storage = storage_of({ allow_overwrite: true });
      await storage.save("d/x.txt", content("first, and longer"));
      expect(await storage.save("d/x.txt", content("second"))).to.equal("d/x.txt");
      expect(readFileSync(storage.path("d/x.txt"), "utf8")).to.equal("second");
      expect(readdirSync(storage.path("d"))).to.deep.equal(["x.txt"]);
      expect(await storage.save("abcdef.txt", content("x"), { max_length: 8 })).to.equal(
        "abcd.txt",
      );
    });

    it(`F35: a file ${kind} does not go where a link points`, async () => {
      const storage = storage_of();
      mkdirSync(storage.location);
      const outside = tree.path(`outside${made}`);
      symlinkSync(outside, storage.path("x"));
      const saved = await storage.save("x", content("x"));
      expect(saved).to.match(/^x_.{7}$/);
      expect(existsSync(outside)).to.equal(false);
    });

    it(`F35: a file ${kind} does not replace one that came after its name was chosen`, async () => {
      class Late extends FileSystemStorage {
        override async get_available_name(name: string): Promise<string> {
          const available = await super.get_available_name(name);
          if (available === "x") {
            mkdirSync(this.location, { recursive: true });
            writeFileSync(this.path("x"), "somebody else's");
          }
          return available;
        }
      }
      const storage = new Late({ location: tree.path(`late${++made}`) });
      expect(await storage.save("x", content("mine"))).to.match(/^x_.{7}$/);
      expect(readFileSync(storage.path("x"), "utf8")).to.equal("somebody else's");
    });
  }

  it("F36: saves never set the umask, which is the whole process's", async () => {
    const umask = process.umask;
    const set: unknown[] = [];
    const seen = new Set<number>();
    process.umask = ((...mask: [number?]) => {
      if (mask.length > 0) set.push(mask);
      return umask();
    }) as typeof process.umask;
    try {
      const storage = storage_of({ directory_permissions_mode: 0o700 });
      let saving = true;
      const watch = (async () => {
        while (saving) {
          seen.add(umask());
          await turn();
        }
      })();
      await Promise.all(
        Array.from({ length: 30 }, (_, i) => storage.save(`d${i % 10}/e/f`, new ContentFile("x"))),
      );
      saving = false;
      await watch;
      expect((await storage.listdir(""))[0]).to.have.length(10);
    } finally {
      process.umask = umask;
    }
    expect(set).to.deep.equal([]);
    expect(seen.size).to.equal(1);
  });

  it("F36: no source of Nuages names umask() but to say so", () => {
    const source = fileURLToPath(new URL("../../../../src/", import.meta.url));
    const naming = readdirSync(source, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .filter((name) => /umask\s*\(/.test(readFileSync(join(source, name), "utf8")));
    expect(naming).to.deep.equal([]);
  });

  it("F35: a directory with 10,000 such files makes no difference", async () => {
    const storage = storage_of();
    mkdirSync(storage.location);
    writeFileSync(storage.path("x.txt"), "");
    for (let i = 1; i < 10_000; i++) writeFileSync(storage.path(`x_${i}.txt`), "");
    let tries = 0;
    const exists = storage.exists.bind(storage);
    storage.exists = (name) => {
      tries += 1;
      return exists(name);
    };
    expect(await storage.save("x.txt", new ContentFile("x"))).to.match(/^x_\w{7}\.txt$/);
    expect(tries).to.be.at.most(3);
  });

  const long: [what: string, name: string][] = [
    ["300 bytes", "x".repeat(300)],
    ["a directory of 300 bytes", `${"x".repeat(300)}/a`],
    ["150 letters of two bytes each", "ü".repeat(150)],
    ["5,000 directories", `${"d/".repeat(5000)}a`],
  ];
  for (const [what, name] of long) {
    it(`F34: a name of ${what} is refused, not cut`, async () => {
      const storage = storage_of({ directory_permissions_mode: 0o700 });
      mkdirSync(storage.location);
      const works = [
        storage.save(name, new ContentFile("x")),
        storage.save(name, temporary("x")),
        storage_of().save(name, new ContentFile("x")),
        storage.open(name),
        storage.size(name),
        storage.listdir(name),
        storage.delete(name),
      ];
      for (const work of works) {
        const error = await error_of(work);
        expect(error).to.be.instanceOf(SuspiciousFileOperation);
        expect(String(error).length).to.be.below(200);
      }
      expect(await storage.exists(name)).to.equal(false);
    });
  }

  it("moves a temporary file, which is no longer where it was", async () => {
    const storage = storage_of();
    const file = temporary("x");
    const { ino } = statSync(file.temporary_file_path());
    await storage.save("x", file);
    expect(statSync(storage.path("x")).ino).to.equal(ino);
    expect(existsSync(file.temporary_file_path())).to.equal(false);
    file.close(); // finds nothing to remove, and that is no error
    expect(readFileSync(storage.path("x"), "utf8")).to.equal("x");
  });

  for (const allow_overwrite of [false, true]) {
    const how = allow_overwrite ? "in place of another file" : "under a new name";
    it(`copies a temporary file from another file system, ${how}`, async () => {
      const storage = storage_of({ allow_overwrite });
      const file = temporary("moved");
      await storage.save("x", new ContentFile("there"));
      const { ino } = statSync(file.temporary_file_path());
      const name = await on_another_file_system(() => storage.save("x", file));
      expect(statSync(storage.path(name)).ino).to.not.equal(ino);
      expect(name === "x").to.equal(allow_overwrite);
      expect(readFileSync(storage.path(name), "utf8")).to.equal("moved");
      expect(existsSync(file.temporary_file_path())).to.equal(false);
    });
  }

  it("gives a file the group of the storage", async () => {
    const [own = 0, others = []] = [process.getgid?.(), process.getgroups?.()];
    // the superuser may give any, others one of their own
    const gid = process.getuid?.() === 0 ? 1234 : (others.find((each) => each !== own) ?? own);
    const storage = storage_of();
    mkdirSync(storage.location);
    if (process.platform !== "win32") chownSync(storage.location, -1, gid);
    for (const content of [new ContentFile("x"), temporary("x")]) {
      const name = await storage.save("d/x", content);
      expect(statSync(storage.path(name)).gid).to.equal(gid);
    }
  });

  it("leaves no temporary file behind when there is no room for it", async () => {
    const storage = storage_of();
    const file = temporary("x");
    writeFileSync(tree.path("file"), "");
    const nowhere = new FileSystemStorage({ location: tree.path("file") });
    expect(await error_of(nowhere.save("x", file))).to.be.instanceOf(Error);
    file.close();
    expect(existsSync(file.temporary_file_path())).to.equal(false);
    expect(existsSync(storage.location)).to.equal(false);
  });

  it("deletes a link, not what it points to, and no directory that has files", async () => {
    const storage = storage_of();
    await storage.save("d/x", new ContentFile("x"));
    symlinkSync(storage.path("d"), storage.path("link"));
    expect(await storage.listdir("")).to.deep.equal([["d", "link"], []]);
    await storage.delete("link");
    expect(await storage.exists("d/x")).to.equal(true);
    expect(await error_of(storage.delete("d"))).to.have.property("code", "ENOTEMPTY");
    expect(await error_of(storage.delete(""))).to.be.instanceOf(ValueError);
  });

  it("sees a link that points nowhere, as a file", async () => {
    const storage = storage_of();
    mkdirSync(storage.location);
    symlinkSync("/nowhere", storage.path("link"));
    expect(await storage.exists("link")).to.equal(true);
    expect(await storage.listdir("")).to.deep.equal([[], ["link"]]);
  });

  it("closes every file it opened", async () => {
    const count = (): number => readdirSync("/proc/self/fd").length;
    if (!existsSync("/proc/self/fd")) return;
    const storage = storage_of();
    await storage.save("d/x", new ContentFile("x"));
    const before = count();
    for (let i = 0; i < 20; i++) {
      await storage.save("d/x", new ContentFile("x"));
      await error_of(storage.open("d"));
      await error_of(storage.save("d/x/y", new ContentFile("x")));
    }
    expect(count()).to.equal(before);
  });
});
