import { expect } from "chai";
import { describe, it } from "mocha";
import { OSError, ValueError } from "nuages/core/exceptions";
import { BytesIO, StringIO } from "nuages/core/files";

describe("core/files: BytesIO", () => {
  it("reads by size, by line and to the end", () => {
    const file = new BytesIO(Buffer.from("one\ntwo\r\nthree"));
    expect(String(file.read(2))).to.equal("on");
    expect(String(file.readline())).to.equal("e\n");
    expect(String(file.readline(2))).to.equal("tw");
    expect(Array.from(file, String)).to.deep.equal(["o\r\n", "three"]);
    expect(file.read().length).to.equal(0);
    expect(file.tell()).to.equal(14);
  });

  it("fills what a write beyond the end leaves with zeros, and nothing for an empty write", () => {
    const file = new BytesIO();
    file.seek(3);
    expect(file.write(Buffer.alloc(0))).to.equal(0);
    expect(file.getvalue().length).to.equal(0);
    expect(file.write(Buffer.from("x"))).to.equal(1);
    expect(file.getvalue()).to.deep.equal(Buffer.from("\0\0\0x"));
  });

  it("forgets what was cut off", () => {
    const file = new BytesIO(Buffer.from("abcdef"));
    expect(file.truncate(2)).to.equal(2);
    file.seek(4);
    file.write(Buffer.from("z"));
    expect(file.getvalue()).to.deep.equal(Buffer.from("ab\0\0z"));
  });

  it("does not change the bytes it was made of", () => {
    const bytes = Buffer.from("abc");
    new BytesIO(bytes).write(Buffer.from("X"));
    expect(bytes.toString()).to.equal("abc");
  });

  it("reads into a buffer of the caller's", () => {
    const buffer = Buffer.alloc(4, "-");
    expect(new BytesIO(Buffer.from("ab")).readinto(buffer)).to.equal(2);
    expect(buffer.toString()).to.equal("ab--");
  });

  it("does nothing once it is closed", () => {
    const file = new BytesIO(Buffer.from("a"));
    file.close();
    for (const method of ["read", "readline", "tell", "getvalue", "readable"] as const)
      expect(() => file[method](), method).to.throw(ValueError);
  });

  it("refuses text, positions before the start, and to name a descriptor", () => {
    const file = new BytesIO();
    expect(() => file.write("text")).to.throw(TypeError, "bytes");
    expect(() => file.seek(-1)).to.throw(ValueError);
    expect(() => file.fileno()).to.throw(OSError);
  });
});

describe("core/files: StringIO", () => {
  it("counts characters, not their halves", () => {
    const file = new StringIO("é😀z\n日");
    expect(file.read(2)).to.equal("é😀");
    expect(file.tell()).to.equal(2);
    expect(file.readline()).to.equal("z\n");
    file.seek(1);
    expect(file.write("XY")).to.equal(2);
    expect(file.getvalue()).to.equal("éXY\n日");
  });

  it("refuses bytes", () => {
    expect(() => new StringIO().write(Buffer.from("a"))).to.throw(TypeError, "text");
  });
});
