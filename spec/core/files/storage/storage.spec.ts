/** What every storage does, on disk and in memory. @module */
import { readFileSync, statSync } from "node:fs";
import { expect } from "chai";
import { expectTypeOf } from "expect-type";
import { describe, it } from "mocha";
import { NotImplementedError, ValueError } from "nuages/core/exceptions";
import { BytesIO, ContentFile, File, StringIO } from "nuages/core/files";
import { InMemoryStorage, type NameOptions, Storage } from "nuages/core/files/storage";
import { SimpleUploadedFile, TemporaryUploadedFile } from "nuages/core/files/uploadedfile";
import { override_settings } from "nuages/test";
import { set_script_prefix } from "nuages/urls";
import type { LocatedStorage } from "../../../../src/core/files/storage/_located.ts";
import { repr } from "../../../../src/utils/_python.ts";
import { temporary_directory } from "../../../support/files.ts";
import { classes, outcome, text_of } from "../../../support/storages.ts";

for (const Class of classes) {
  describe(`core/files/storage: ${Class.name}`, () => {
    let made = 0;
    const tree = temporary_directory({});
    const storage_of = (options = {}): LocatedStorage =>
      new Class({ location: tree.path(`${Class.name}${++made}`), base_url: "/media/", ...options });

    it("saves a file and opens it", async () => {
      const storage = storage_of();
      expect(await storage.save("d/e/a.txt", new ContentFile("größe"))).to.equal("d/e/a.txt");
      const file = await storage.open("d/e/a.txt");
      expect(file).to.be.instanceOf(File);
      expect([(await file.aread()).toString(), file.size]).to.deep.equal(["größe", 7]);
      expectTypeOf(file).toEqualTypeOf<File>();
      await file.aclose();
    });

    const contents: [name: string, content: () => Parameters<Storage["save"]>[1]][] = [
      ["a ContentFile of bytes", () => new ContentFile(Buffer.from("abc"))],
      ["a ContentFile of text", () => new ContentFile("abc")],
      ["an uploaded file", () => new SimpleUploadedFile("x", "abc")],
      ["a BytesIO", () => new BytesIO(Buffer.from("abc"))],
      ["a StringIO", () => new StringIO("abc")],
      [
        "a File that was read already",
        () => {
          const file = new File(new BytesIO(Buffer.from("abc")));
          file.read();
          return file;
        },
      ],
      [
        "a temporary file",
        () => {
          const file = new TemporaryUploadedFile("x.txt", "text/plain", 3, null);
          file.write("abc");
          return file;
        },
      ],
    ];
    for (const [name, content] of contents) {
      it(`saves ${name}`, async () => {
        const storage = storage_of();
        await storage.save("x", content());
        expect(await text_of(storage, "x")).to.equal("abc");
        expect(await storage.size("x")).to.equal(3);
      });
    }

    it("saves an empty file, and one of many chunks", async () => {
      const storage = storage_of();
      await storage.save("empty", new ContentFile(""));
      expect(await storage.size("empty")).to.equal(0);
      const bytes = Buffer.alloc(300_000, "0123456789");
      await storage.save("big", new ContentFile(bytes));
      expect((await (await storage.open("big")).aread()).equals(bytes)).to.equal(true);
    });

    it("takes the name of the file, if none is given", async () => {
      const storage = storage_of();
      expect(await storage.save(null, new SimpleUploadedFile("u.txt", "x"))).to.equal("u.txt");
      expect(await outcome(() => storage.save(undefined, new ContentFile("x")))).to.equal(
        "TypeError",
      );
    });

    const names: [name: string, saved: string][] = [
      ["a//b", "a/b"],
      ["./a", "a"],
      ["a/./b", "a/b"],
      ["a\\b.txt", "a/b.txt"],
      ["a b$.txt", "a b$.txt"],
      [".hidden", ".hidden"],
      ["größe.txt", "größe.txt"],
      ["__proto__", "__proto__"],
      ["constructor/x", "constructor/x"],
    ];
    for (const [name, saved] of names) {
      it(`saves ${JSON.stringify(name)} as ${saved}, as Django does`, async () => {
        const storage = storage_of();
        expect(await storage.exists(name)).to.equal(false);
        expect(await storage.save(name, new ContentFile("x"))).to.equal(saved);
        expect(await storage.exists(saved)).to.equal(true);
      });
    }

    const taken: [name: string, other: RegExp][] = [
      ["a", /^a_[a-zA-Z0-9]{7}$/],
      ["d/t.tar.gz", /^d\/t_[a-zA-Z0-9]{7}\.tar\.gz$/],
      [".hidden", /^\.hidden_[a-zA-Z0-9]{7}$/],
      ["a.", /^a\._[a-zA-Z0-9]{7}$/],
      ["..a.b", /^\.\.a_[a-zA-Z0-9]{7}\.b$/],
    ];
    for (const [name, other] of taken) {
      it(`gives a second ${name} another name, and leaves the first alone`, async () => {
        const storage = storage_of();
        await storage.save(name, new ContentFile("first"));
        const second = await storage.save(name, new ContentFile("second"));
        expect(second).to.match(other);
        expect([await text_of(storage, name), await text_of(storage, second)]).to.deep.equal([
          "first",
          "second",
        ]);
      });
    }

    const lengths: [name: string, max_length: number, result: RegExp | string][] = [
      ["abcdef.txt", 10, "abcdef.txt"],
      ["abcdefghijklmnop.txt", 15, /^abc_.{7}\.txt$/],
      ["d/abcdefghijklmnop.txt", 15, /^d\/a_.{7}\.txt$/],
      ["😀😀😀😀😀😀😀😀😀😀😀.txt", 14, /^😀😀_.{7}\.txt$/u],
      ["abcdefghij.txt", 12, "SuspiciousFileOperation"],
      ["abcdefghij.txt", 1, "SuspiciousFileOperation"],
      ["abcdefghij.txt", 0, "abcdefghij.txt"],
    ];
    for (const [name, max_length, result] of lengths) {
      it(`makes ${name} at most ${max_length} characters long: ${String(result)}`, async () => {
        const storage = storage_of();
        const saved = await outcome(() => storage.save(name, new ContentFile("x"), { max_length }));
        if (typeof result === "string") expect(saved).to.equal(result);
        else expect(saved).to.match(result);
      });
    }

    it("F35: 50 parallel saves under one name are 50 files", async () => {
      const storage = storage_of();
      const numbers = Array.from({ length: 50 }, (_, number) => number);
      const saved = await Promise.all(
        numbers.map((number) => storage.save("d/x.txt", new ContentFile(`${number}`))),
      );
      expect(new Set(saved).size).to.equal(50);
      const texts = await Promise.all(saved.map((name) => text_of(storage, name)));
      expect(texts).to.deep.equal(numbers.map(String));
      expect((await storage.listdir("d"))[1]).to.have.members(saved.map((name) => name.slice(2)));
    });

    it("F35: 50 parallel saves of temporary files are 50 files", async () => {
      const storage = storage_of();
      const numbers = Array.from({ length: 50 }, (_, number) => number);
      const saved = await Promise.all(
        numbers.map((number) => {
          const file = new TemporaryUploadedFile("x.txt", "text/plain", 1, null);
          file.write(`${number}`);
          return storage.save("x.txt", file);
        }),
      );
      const texts = await Promise.all(saved.map((name) => text_of(storage, name)));
      expect(texts).to.deep.equal(numbers.map(String));
    });

    it("F35: names that were taken in a row cost one try more, not one each", async () => {
      class Counting extends Class {
        tries = 0;
        override async is_name_available(name: string, options?: NameOptions): Promise<boolean> {
          this.tries += 1;
          return super.is_name_available(name, options);
        }
        override async exists(name: string): Promise<boolean> {
          return /^x(?:_\d{1,5})?\.txt$/.test(name) || super.exists(name);
        }
      }
      const storage = new Counting({ location: tree.path(`${Class.name}-counting`) });
      await storage.save("x.txt", new ContentFile("x"));
      expect(storage.tries).to.be.at.most(3);
    });

    it("leaves nothing of a file that could not be read to its end", async () => {
      const storage = storage_of();
      class Broken extends ContentFile {
        override async aread(): Promise<Buffer> {
          if (this.tell() > 0) throw new ValueError("broken");
          return this.read(4);
        }
      }
      expect(
        await outcome(() => storage.save("d/x", new Broken(Buffer.from("halfhalf")))),
      ).to.equal("ValueError");
      expect(await storage.listdir("d")).to.deep.equal([[], []]);
    });

    it("lists directories and files", async () => {
      const storage = storage_of();
      for (const name of ["a.txt", "d/b.txt", "d/e/c.txt"])
        await storage.save(name, new ContentFile("x"));
      expect(await storage.listdir("")).to.deep.equal([["d"], ["a.txt"]]);
      expect(await storage.listdir("d")).to.deep.equal([["e"], ["b.txt"]]);
    });

    const failing: [method: string, run: (storage: Storage, name: string) => unknown][] = [
      ["open", (storage, name) => storage.open(name)],
      ["size", (storage, name) => storage.size(name)],
      ["listdir", (storage, name) => storage.listdir(name)],
      ["get_created_time", (storage, name) => storage.get_created_time(name)],
      ["get_accessed_time", (storage, name) => storage.get_accessed_time(name)],
      ["get_modified_time", (storage, name) => storage.get_modified_time(name)],
    ];
    for (const [method, run] of failing) {
      it(`${method}() tells what is not there, and what lies in a file`, async () => {
        const storage = storage_of();
        await storage.save("f", new ContentFile("x"));
        expect(await outcome(() => run(storage, "missing"))).to.equal("ENOENT");
        expect(await outcome(() => run(storage, "missing/x"))).to.equal("ENOENT");
        expect(await outcome(() => run(storage, "f/x"))).to.equal("ENOTDIR");
      });
    }

    it("does not save a file into a file, nor open a directory", async () => {
      const storage = storage_of();
      await storage.save("d/f", new ContentFile("x"));
      expect(await outcome(() => storage.save("d/f/g", new ContentFile("x")))).to.be.oneOf([
        "ENOTDIR",
        "EEXIST",
      ]);
      expect(await outcome(() => storage.open("d"))).to.equal("EISDIR");
      expect(await outcome(() => storage.listdir("d/f"))).to.equal("ENOTDIR");
      expect([await storage.exists(""), await storage.exists("d/f/g")]).to.deep.equal([
        true,
        false,
      ]);
    });

    it("deletes files, and is content if they are gone", async () => {
      const storage = storage_of();
      await storage.save("d/f", new ContentFile("x"));
      await storage.delete("d/f");
      await storage.delete("d/f");
      expect([await storage.exists("d/f"), await storage.exists("d")]).to.deep.equal([false, true]);
      await storage.delete("d");
      expect(await storage.exists("d")).to.equal(false);
    });

    it("tells when a file was made, changed and read", async () => {
      const storage = storage_of();
      const before = Date.now() - 1000;
      await storage.save("f", new ContentFile("x"));
      for (const time of [
        await storage.get_created_time("f"),
        await storage.get_modified_time("f"),
        await storage.get_accessed_time("f"),
      ]) {
        expect(time).to.be.instanceOf(Date);
        expect(time.getTime()).to.be.within(before, Date.now() + 1000);
      }
    });

    it("opens files for writing, as Python does", async () => {
      const storage = storage_of();
      await storage.save("f", new ContentFile("abcdef"));
      const steps: [mode: string, write: string, content: string][] = [
        ["r+b", "XY", "XYcdef"],
        ["ab", "Z", "XYcdefZ"],
        ["wb", "neu", "neu"],
        ["w", "größe", "größe"],
      ];
      for (const [mode, write, content] of steps) {
        const file = await storage.open("f", { mode });
        expect(file.writable()).to.equal(true);
        await file.awrite(write);
        await file.aclose();
        expect(await text_of(storage, "f"), mode).to.equal(content);
      }
      const made_now = await storage.open("new", { mode: "wb" });
      await made_now.awrite("x");
      await made_now.aclose();
      expect(await text_of(storage, "new")).to.equal("x");
      expect(await outcome(() => storage.open("f", { mode: "xb" }))).to.equal("EEXIST");
      expect(await outcome(() => storage.open("f", { mode: "q" }))).to.equal("ValueError");
      expect((await storage.open("f")).writable()).to.equal(false);
    });

    const urls: [name: string, url: string][] = [
      ["a b?.txt", "/media/a%20b%3F.txt"],
      ["/x/é.txt", "/media/x/%C3%A9.txt"],
      ["d\\x#.txt", "/media/d/x%23.txt"],
      ["http://evil.com", "/media/http%3A/evil.com"],
      ["//evil.com", "/media/evil.com"],
    ];
    for (const [name, url] of urls) {
      it(`the URL of ${name} is ${url}`, () => {
        expect(storage_of().url(name)).to.equal(url);
        expect(storage_of({ base_url: "/media" }).url(name)).to.equal(url);
      });
    }

    it("the URL of the storage is MEDIA_URL, below the script prefix unless absolute", () => {
      const url = (MEDIA_URL: string): string =>
        override_settings({ MEDIA_URL })(() => new Class().url("a"))();
      set_script_prefix("/app/");
      try {
        expect([url(""), url("m/"), url("/m/"), url("https://cdn.example/m/")]).to.deep.equal([
          "/app/a",
          "/app/m/a",
          "/m/a",
          "https://cdn.example/m/a",
        ]);
      } finally {
        set_script_prefix("/");
      }
      expect(url("")).to.equal("/a");
    });

    it("follows the settings, unless it was told otherwise", () => {
      const storage = new Class();
      const told = new Class({
        location: new URL(`file://${tree.path("x")}`),
        base_url: "/u/",
        file_permissions_mode: 0o600,
        directory_permissions_mode: 0o700,
      });
      override_settings({
        MEDIA_ROOT: "/srv/media/",
        MEDIA_URL: "/m/",
        FILE_UPLOAD_PERMISSIONS: 0o640,
        FILE_UPLOAD_DIRECTORY_PERMISSIONS: 0o750,
      })(() => {
        const seen = (each: LocatedStorage): unknown[] => [
          each.base_location,
          each.location,
          each.base_url,
          each.file_permissions_mode,
          each.directory_permissions_mode,
        ];
        expect(seen(storage)).to.deep.equal(["/srv/media/", "/srv/media", "/m/", 0o640, 0o750]);
        expect(seen(told)).to.deep.equal([tree.path("x"), tree.path("x"), "/u/", 0o600, 0o700]);
      })();
      expect(storage.file_permissions_mode).to.equal(0o644);
      expect(storage.directory_permissions_mode).to.equal(null);
    });
  });
}

describe("core/files/storage: InMemoryStorage alone", () => {
  it("has nothing on disk", async () => {
    const storage = new InMemoryStorage({ location: "/nowhere/at/all" });
    await storage.save("d/x", new ContentFile("x"));
    expect(storage.path("d/x")).to.equal("/nowhere/at/all/d/x");
    expect(() => statSync("/nowhere")).to.throw("ENOENT");
  });

  it("takes a temporary file away, as a move would", async () => {
    const file = new TemporaryUploadedFile("x.txt", "text/plain", 1, null);
    file.write("x");
    await new InMemoryStorage().save("x", file);
    expect(() => readFileSync(file.temporary_file_path())).to.throw("ENOENT");
  });

  it("gives each opened file a position of its own", async () => {
    const storage = new InMemoryStorage();
    await storage.save("d/x", new ContentFile("abc"));
    const [first, second] = [await storage.open("d/x"), await storage.open("d/x")];
    expect([first.read(2).toString(), second.read().toString()]).to.deep.equal(["ab", "abc"]);
    expect([repr(first), first.size, first.name]).to.deep.equal(["<InMemoryFileNode: x>", 3, "x"]);
    first.close();
    expect(first.open().read().toString()).to.equal("abc");
    expect(() => first.write("x")).to.throw("not opened for writing");
    const written = await storage.open("d/x", { mode: "wb" });
    expect(() => written.read()).to.throw("not opened for reading");
    written.write("abcdef");
    written.truncate(2);
    expect(await storage.size("d/x")).to.equal(2);
  });

  it("deletes a directory with all that is in it, as Django's does", async () => {
    const storage = new InMemoryStorage();
    await storage.save("d/e/x", new ContentFile("abc"));
    await storage.delete("");
    await storage.delete("missing/x");
    await storage.delete("d");
    expect(await storage.listdir("")).to.deep.equal([[], []]);
    await storage.save("f", new ContentFile("x"));
    expect(await outcome(() => storage.delete("f/x"))).to.equal("ENOTDIR");
    expect(await outcome(() => storage.size(""))).to.equal("EISDIR");
  });
});

describe("core/files/storage: Storage", () => {
  it("says what a subclass lacks", async () => {
    const storage = new Storage();
    const attempts = [
      () => storage.open("x"),
      () => storage.save("x", new ContentFile("x")),
      () => storage.delete("x"),
      () => storage.exists("x"),
      () => storage.listdir("x"),
      () => storage.size("x"),
      () => storage.get_accessed_time("x"),
      () => storage.get_created_time("x"),
      () => storage.get_modified_time("x"),
    ];
    for (const attempt of attempts)
      expect(await outcome(attempt)).to.equal(NotImplementedError.name);
    expect(() => storage.url("x")).to.throw(NotImplementedError, "url()");
    expect(() => storage.path("x")).to.throw(NotImplementedError);
  });

  it("needs no more than a few methods of a subclass", async () => {
    class MapStorage extends Storage {
      readonly files = new Map<string, Buffer>();
      override async _open(name: string): Promise<File> {
        return new ContentFile(this.files.get(name) ?? Buffer.alloc(0), { name });
      }
      override async _save(name: string, content: File | File<string>): Promise<string> {
        const chunks: Uint8Array[] = [];
        for await (const chunk of content.chunks()) chunks.push(Buffer.from(chunk));
        this.files.set(name, Buffer.concat(chunks));
        return name;
      }
      override async exists(name: string): Promise<boolean> {
        return this.files.has(name);
      }
    }
    const storage = new MapStorage();
    expect(await storage.save("a.txt", new ContentFile("x"))).to.equal("a.txt");
    expect(await storage.save("a.txt", new ContentFile("y"))).to.match(/^a_.{7}\.txt$/);
    expect(await text_of(storage, "a.txt")).to.equal("x");
    expect(storage.get_valid_name("a b$.txt")).to.equal("a_b.txt");
    expect(storage.generate_filename("2026/a b$.txt")).to.equal("2026/a_b.txt");
  });
});
