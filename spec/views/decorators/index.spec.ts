/** Specification of nuages/views/decorators: all decorators in one place. @module */
import { readdirSync } from "node:fs";
import { expect } from "chai";
import { describe, it } from "mocha";
import * as auth from "nuages/contrib/auth/decorators";
import * as all from "nuages/views/decorators";

const folder = new URL("../../../src/views/decorators/", import.meta.url);
const files = readdirSync(folder).filter((name) => name !== "index.ts" && !name.startsWith("_"));

describe("views/decorators", () => {
  for (const file of files) {
    it(`has what ${file} has`, async () => {
      const module = (await import(new URL(file, folder).href)) as object; // any module is one
      expect(Object.keys(module).length).to.be.greaterThan(0);
      expect(all).to.include(module);
    });
  }

  it("has those of contrib/auth", () => {
    const { login_required, login_not_required, permission_required, user_passes_test } = auth;
    expect(all).to.include({
      login_required,
      login_not_required,
      permission_required,
      user_passes_test,
    });
  });
});
