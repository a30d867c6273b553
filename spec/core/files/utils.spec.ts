import { expect } from "chai";
import { describe, it } from "mocha";
import { SuspiciousFileOperation } from "nuages/core/exceptions";
import { validate_file_name } from "nuages/core/files/utils";

describe("core/files/utils: validate_file_name", () => {
  for (const name of ["a.txt", "..a", "a..", "...", "a\\b", "\0"]) {
    it(`accepts ${JSON.stringify(name)}`, () => {
      expect(validate_file_name(name)).to.equal(name);
    });
  }
  for (const name of ["", ".", "..", "/", "a/", "a/..", "a/b", "/a", "../a"]) {
    it(`refuses ${JSON.stringify(name)}`, () => {
      expect(() => validate_file_name(name)).to.throw(SuspiciousFileOperation);
    });
  }
  for (const name of ["a/b", "a/./b", "a/..b/c"]) {
    it(`accepts ${JSON.stringify(name)} where directories are allowed`, () => {
      expect(validate_file_name(name, { allow_relative_path: true })).to.equal(name);
    });
  }
  for (const name of ["/a", "../a", "a/../b", "a\\..\\b", "..\\a", "\\a", "a/.."]) {
    it(`refuses ${JSON.stringify(name)} even where directories are allowed`, () => {
      expect(() => validate_file_name(name, { allow_relative_path: true })).to.throw(
        SuspiciousFileOperation,
      );
    });
  }
});
