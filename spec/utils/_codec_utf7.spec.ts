/** Specification of UTF-7. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { UnicodeDecodeError } from "nuages/core/exceptions";
import { force_bytes, force_str } from "nuages/utils/encoding";

describe("utils/encoding: UTF-7", () => {
  const texts: [bytes: string, text: string][] = [
    ["+ADw-script+AD4-", "<script>"],
    ["a+-b", "a+b"],
    ["+AOk-", "é"],
    ["+2D3eAA", "😀"],
    ["+AOk.", "é."],
    ["", ""],
  ];
  for (const [bytes, text] of texts) {
    it(`reads ${JSON.stringify(bytes)}`, () => {
      expect(force_str(Buffer.from(bytes), { encoding: "utf-7" })).to.equal(text);
    });
  }

  const broken: [bytes: string, replaced: string][] = [
    ["+A", "\ufffd"],
    ["+!", "\ufffd"],
    ["\xff", "\ufffd"],
    ["+2D0", "\ufffd"],
    ["a+!b", "a\ufffdb"],
  ];
  for (const [bytes, replaced] of broken) {
    it(`refuses ${JSON.stringify(bytes)}, or puts U+FFFD`, () => {
      const input = Buffer.from(bytes, "latin1");
      expect(() => force_str(input, { encoding: "utf-7" })).to.throw(UnicodeDecodeError);
      expect(force_str(input, { encoding: "utf-7", errors: "replace" })).to.equal(replaced);
    });
  }

  it("writes what it reads", () => {
    for (const text of ["<a+b>", "é😀~\\", "+", "a-b", "\n\t", "é-"]) {
      const bytes = force_bytes(text, { encoding: "utf-7" });
      expect(force_str(bytes, { encoding: "utf-7" })).to.equal(text);
    }
    expect(String(force_bytes("é+", { encoding: "utf-7" }))).to.equal("+AOkAKw-");
  });
});
