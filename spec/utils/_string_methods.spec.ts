/** Specification of nuages/utils/_string_methods. @module */
import { setFlagsFromString } from "node:v8";
import { expect } from "chai";
import { before, describe, it } from "mocha";
import { HttpResponse } from "nuages/http";
import { path } from "nuages/urls";
import { with_site } from "../support/site.ts";

describe("utils/_string_methods", () => {
  let are_fast: () => unknown;

  before(() => {
    setFlagsFromString("--allow-natives-syntax");
    // oxlint-disable-next-line no-implied-eval -- only code that V8 parses now may ask it
    are_fast = new Function("return %HasFastProperties(String.prototype)") as () => unknown;
    setFlagsFromString("--no-allow-natives-syntax");
  });

  it("are fast in an application, though classes inherit from String", async () => {
    class Text extends String {}
    expect(new Text("a").length).to.equal(1);
    expect(are_fast()).to.equal(false);
    await with_site([path("", () => new HttpResponse("text"))], {}, async (client) => {
      expect((await client.get("/")).content.toString()).to.equal("text");
    });
    expect(are_fast()).to.equal(true);
  });
});
