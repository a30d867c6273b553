import { expect } from "chai";
import { describe, it } from "mocha";
import {
  type Check,
  CheckRegistry,
  Info,
  registry,
  tag_exists,
  Tags,
  Warning,
} from "nuages/core/checks";

const one = new Warning("one");
const two = new Info("two");

describe("core/checks/registry: CheckRegistry", () => {
  it("runs checks in the order in which they were registered, those for deployment on demand", () => {
    const checks = new CheckRegistry();
    checks.register(() => [two], "b", { deploy: true });
    checks.register(() => [one], "a");
    expect(checks.run_checks()).to.deep.equal([one]);
    expect(checks.run_checks({ include_deployment_checks: true })).to.deep.equal([one, two]);
  });

  it("runs those with one of the tags that are asked for", () => {
    const checks = new CheckRegistry();
    checks.register(() => [one], "a", "c");
    checks.register(() => [two], "b");
    checks.register(() => [two]);
    expect(checks.run_checks({ tags: ["c", "x"] })).to.deep.equal([one]);
    expect(checks.run_checks({ tags: [] })).to.deep.equal([]);
  });

  it("leaves out the checks of databases unless a database or their tag is named", () => {
    const checks = new CheckRegistry();
    checks.register(() => [one], Tags.database);
    expect(checks.run_checks()).to.deep.equal([]);
    expect(checks.run_checks({ databases: ["default"] })).to.deep.equal([one]);
    expect(checks.run_checks({ tags: ["database"] })).to.deep.equal([one]);
  });

  it("gives a function that registers, for tags alone", () => {
    const checks = new CheckRegistry();
    const check: Check = () => [one];
    expect(checks.register("a", { deploy: true })(check)).to.equal(check);
    expect(checks.get_checks()).to.deep.equal([]);
    expect(checks.get_checks({ include_deployment_checks: true })).to.deep.equal([check]);
  });

  it("knows a check once", () => {
    const checks = new CheckRegistry();
    const check: Check = () => [one];
    checks.register(check, "a");
    checks.register(check, "b");
    expect(checks.run_checks()).to.have.lengthOf(1);
    expect([...checks.tags_available()]).to.deep.equal(["b"]);
  });

  it("hands the arguments on", () => {
    const checks = new CheckRegistry();
    const given: unknown[] = [];
    checks.register((options) => (given.push(options), []));
    checks.run_checks();
    checks.run_checks({ app_configs: ["blog"], databases: ["other"] });
    expect(given).to.deep.equal([
      { app_configs: null, databases: [] },
      { app_configs: ["blog"], databases: ["other"] },
    ]);
  });

  for (const result of [undefined, null, 1, "text", Promise.resolve([])]) {
    it(`refuses a check that gives ${String(result)}`, () => {
      const checks = new CheckRegistry();
      checks.register((() => result) as never);
      expect(() => checks.run_checks()).to.throw(TypeError, "a check gives a list");
    });
  }

  it("refuses a check that is no function", () => {
    expect(() => new CheckRegistry().register("a")({} as never)).to.throw(TypeError, "is none");
  });

  it("knows the tags of the framework's checks, those of deployment on demand", () => {
    const tags = ["caches", "compatibility", "files", "mail", "security", "sites"];
    const available = registry.tags_available();
    expect([...available].toSorted()).to.deep.equal([...tags, "staticfiles", "templates", "urls"]);
    expect(tag_exists("urls")).to.equal(true);
    expect(tag_exists("nope", { include_deployment_checks: true })).to.equal(false);
  });
});
