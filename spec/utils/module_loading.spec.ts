/** Specification of nuages/utils/module_loading. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { ImportError } from "nuages/core/exceptions";
import { import_string, register_dotted_path } from "nuages/utils/module_loading";

describe("utils/module_loading: import_string", () => {
  it("gives what was registered last under a dotted path", () => {
    class First {}
    class Second {}
    register_dotted_path("spec.things.Thing", First);
    expect(import_string("spec.things.Thing")).to.equal(First);
    register_dotted_path("spec.things.Thing", Second);
    expect(import_string("spec.things.Thing")).to.equal(Second);
  });
  for (const path of ["spec.things.Nothing", "", "constructor", "node:fs", "../conf/index.ts"]) {
    it(`loads nothing for ${JSON.stringify(path)}`, () => {
      expect(() => import_string(path)).to.throw(
        ImportError,
        JSON.stringify(path).replaceAll('"', "'"),
      );
    });
  }
});
