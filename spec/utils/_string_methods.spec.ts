/** Specification of nuages/utils/_string_methods. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { run_alone } from "../support/child.ts";

// In a process of its own: once V8 has taken the prototype out of its slow form, it does not always come back to it.
const CODE = `
import { setFlagsFromString } from "node:v8";
import { settings } from "nuages/conf";
import { get_node_application } from "nuages/core/handlers";
setFlagsFromString("--allow-natives-syntax");
const are_fast = new Function("return %HasFastProperties(String.prototype)");
class Text extends String {}
const told = [new Text("a").length, are_fast()];
settings.configure({ SECRET_KEY: "x".repeat(50), ROOT_URLCONF: { urlpatterns: [] } });
get_node_application();
told.push(are_fast());
await import("nuages/template");
await import("nuages/views/debug");
console.log(JSON.stringify([...told, are_fast()]));
`;

describe("utils/_string_methods", () => {
  it("are fast in an application, though classes inherit from String, then and later", async () => {
    expect(JSON.parse(await run_alone(CODE))).to.deep.equal([1, false, true, true]);
  });
});
