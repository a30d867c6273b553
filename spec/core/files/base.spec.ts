import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { afterEach, beforeEach, describe, it } from "mocha";
import { expectTypeOf } from "expect-type";
import { AttributeError, ValueError } from "nuages/core/exceptions";
import { BytesIO, ContentFile, File, NamedTemporaryFile, open_file } from "nuages/core/files";

const text = (pieces: Iterable<Buffer>): string[] => Array.from(pieces, String);

describe("core/files/base: File", () => {
  it("takes its name from the file it wraps, unless it is given one", () => {
    const named = Object.assign(new BytesIO(), { name: "a.txt" });
    expect(new File(named).name).to.equal("a.txt");
    expect(new File(named, { name: "b.txt" }).name).to.equal("b.txt");
    expect(new File(new BytesIO()).name).to.equal(null);
  });

  it("prints its name", () => {
    expect(String(new File(new BytesIO(), { name: "a" }))).to.equal("a");
    expect(String(new File(new BytesIO()))).to.equal("");
  });

  it("has the size that the file tells, or that seeking finds, and keeps the position", () => {
    expect(new File({ size: 7 }).size).to.equal(7);
    const file = new BytesIO(Buffer.from("abc"));
    file.seek(1);
    expect(new File(file).size).to.equal(3);
    expect(file.tell()).to.equal(1);
  });

  it("throws AttributeError where nothing tells the size", () => {
    expect(() => new File({ read: () => "" }).size).to.throw(AttributeError);
  });

  it("throws AttributeError for a method that the wrapped file lacks", () => {
    expect(() => new File({}).read()).to.throw(AttributeError, "read()");
  });

  it("is cut into chunks from its start", () => {
    const file = new File(new BytesIO(Buffer.from("abcdefg")));
    file.read();
    expect(text(file.chunks(3))).to.deep.equal(["abc", "def", "g"]);
    expect(file.multiple_chunks(6)).to.equal(true);
    expect(file.multiple_chunks(7)).to.equal(false);
  });

  it("gives its chunks to an asynchronous loop, too", async () => {
    const chunks: string[] = [];
    for await (const chunk of new File(new BytesIO(Buffer.from("abcd"))).chunks(3))
      chunks.push(String(chunk));
    expect(chunks).to.deep.equal(["abc", "d"]);
  });

  const lines: [content: string, lines: string[]][] = [
    ["", []],
    ["a", ["a"]],
    ["a\nb", ["a\n", "b"]],
    ["a\n\nb\n", ["a\n", "\n", "b\n"]],
    ["a\r\nb\r\n", ["a\r\n", "b\r\n"]],
    ["a\rb\rc", ["a\r", "b\r", "c"]],
    ["\r\r\n\n\r", ["\r", "\r\n", "\n", "\r"]],
    ["a\u2028b\x0bc\n", ["a\u2028b\x0bc\n"]],
  ];
  for (const [content, expected] of lines) {
    it(`reads ${JSON.stringify(content)} in lines, wherever chunks end`, () => {
      for (const size of [1, 2, 3, 100]) {
        class Chunked extends File {
          static override DEFAULT_CHUNK_SIZE = size;
        }
        expect(text(new Chunked(new BytesIO(Buffer.from(content))))).to.deep.equal(expected);
      }
    });
  }

  it("is closed with its file, and without one", () => {
    const file = new BytesIO();
    const wrapper = new File(file);
    expect(wrapper.closed).to.equal(false);
    wrapper.close();
    expect(file.closed).to.equal(true);
    expect(wrapper.closed).to.equal(true);
    expect(wrapper.readable()).to.equal(false);
    expect(new File(null).closed).to.equal(true);
  });

  it("cannot be opened again without a file on disk", () => {
    const file = new File(new BytesIO(), { name: "/nowhere/at/all" });
    file.close();
    expect(() => file.open()).to.throw(ValueError);
  });
});

describe("core/files/base: ContentFile", () => {
  it("reads the kind of content it was made of", () => {
    const bytes = new ContentFile(Buffer.from("ab"));
    expectTypeOf(bytes.read).returns.toEqualTypeOf<Buffer>();
    expect(bytes.read()).to.deep.equal(Buffer.from("ab"));
    const characters = new ContentFile("ab");
    expectTypeOf(characters.read).returns.toEqualTypeOf<string>();
    expect(characters.read()).to.equal("ab");
  });

  it("counts characters of text, bytes of bytes", () => {
    expect(new ContentFile("é😀").size).to.equal(2);
    expect(new ContentFile(Buffer.from("é")).size).to.equal(2);
  });

  it("is measured again after writing", () => {
    const file = new ContentFile("abc");
    file.seek(0, 2);
    file.write("de");
    expect(file.size).to.equal(5);
    expect([...file.chunks(2)]).to.deep.equal(["ab", "cd", "e"]);
  });

  it("stays open when it is closed, and is rewound by open()", () => {
    const file = new ContentFile("abc");
    file.read();
    file.close();
    expect(file.open().read()).to.equal("abc");
  });
});

describe("core/files: files on disk", () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "nuages-"));
  });
  afterEach(() => {
    rmSync(dir, { recursive: true });
  });

  it("are reopened by name", () => {
    const path = join(dir, "a.txt");
    writeFileSync(path, "one\ntwo");
    const file = new File(open_file(path));
    expect(file.size).to.equal(7);
    expect(file.readline().toString()).to.equal("one\n");
    file.close();
    expect(() => file.read()).to.throw(ValueError);
    expect(file.open().read().toString()).to.equal("one\ntwo");
    file.close();
  });

  it("read and write without blocking, too", async () => {
    const path = join(dir, "b");
    const file = open_file(path, "w+b");
    await file.awrite("abc");
    await file.awrite(Buffer.from("def"));
    file.seek(2);
    expect(String(await file.aread(3))).to.equal("cde");
    expect(String(await file.aread())).to.equal("f");
    await file.aclose();
    expect(readFileSync(path, "utf8")).to.equal("abcdef");
  });

  const modes: [mode: string, content: string][] = [
    ["rb+", "XYcd"],
    ["wb", "XY"],
    ["ab", "abcdXY"],
  ];
  for (const [mode, content] of modes) {
    it(`opened with ${mode} are written as in Python`, () => {
      const path = join(dir, "c");
      writeFileSync(path, "abcd");
      const file = open_file(path, mode);
      file.write("XY");
      file.close();
      expect(readFileSync(path, "utf8")).to.equal(content);
    });
  }

  it("may be temporary: readable by the owner alone, and gone when they are closed", async () => {
    const file = NamedTemporaryFile({ dir, prefix: "p-", suffix: ".s" });
    expect(file.name).to.match(/\/p-[a-z0-9_]{8}\.s$/);
    const { statSync, existsSync } = await import("node:fs");
    expect(statSync(file.name).mode & 0o777).to.equal(0o600);
    file.close();
    expect(existsSync(file.name)).to.equal(false);
    file.close();
  });
});
