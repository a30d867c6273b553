/** Specification of values by text. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { TextTable } from "../../src/urls/_text_table.ts";

describe("urls/_text_table", () => {
  for (const count of [1, 8, 9, 1000]) {
    it(`finds each of ${count} texts of one length, and no other`, () => {
      const table = new TextTable<number>();
      const texts = Array.from({ length: count }, (_, i) => `/${1000 + i}`);
      for (const [i, text] of texts.entries()) table.add(text, i);
      for (const [i, text] of texts.entries()) expect(table.get(`x${text}`.slice(1))).to.equal(i);
      for (const other of ["", "/", "/999", "/9999", "/10000", "1000/"])
        expect(table.get(other)).to.equal(undefined);
    });
  }

  it("keeps texts of different lengths apart, the empty one too", () => {
    const table = new TextTable<string>();
    for (const text of ["", "a", "aa"]) table.add(text, `<${text}>`);
    expect(["", "a", "aa", "aaa"].map((text) => table.get(text))).to.deep.equal([
      "<>",
      "<a>",
      "<aa>",
      undefined,
    ]);
  });

  it("makes a value once for each text", () => {
    const table = new TextTable<string[]>();
    const texts = ["a", "b", "a", "c", "d", "e", "f", "g", "h", "i", "j", "a", "j"];
    for (const text of texts) table.get_or_add(text, () => []).push(text);
    expect(table.get("a")).to.deep.equal(["a", "a", "a"]);
    expect(table.get("j")).to.deep.equal(["j", "j"]);
    expect(table.get("b")).to.deep.equal(["b"]);
  });
});
