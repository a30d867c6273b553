import { expect } from "chai";
import { describe, it } from "mocha";
import * as checks from "nuages/core/checks";
import { inspect } from "node:util";
import { with_settings } from "../../support/settings.ts";

describe("core/checks/messages: CheckMessage", () => {
  const levels: [Class: new (msg: string) => checks.CheckMessage, level: number][] = [
    [checks.Debug, 10],
    [checks.Info, 20],
    [checks.Warning, 30],
    [checks.Error, 40],
    [checks.Critical, 50],
  ];
  for (const [Class, level] of levels) {
    it(`${Class.name} has the level ${level}, and is serious from there down`, () => {
      const message = new Class("text");
      expect(message.level).to.equal(level);
      expect(message.is_serious()).to.equal(level >= checks.ERROR);
      expect(message.is_serious({ level })).to.equal(true);
      expect(message.is_serious({ level: level + 1 })).to.equal(false);
    });
  }

  const texts: [options: checks.CheckMessageOptions, text: string][] = [
    [{}, "?: text"],
    [{ id: "a.W001" }, "?: (a.W001) text"],
    [{ hint: "Do this." }, "?: text\n\tHINT: Do this."],
    [{ obj: "thing", id: "a.W001", hint: null }, "thing: (a.W001) text"],
    [{ obj: { toString: () => "an object" } }, "an object: text"],
  ];
  for (const [options, text] of texts) {
    it(`is ${JSON.stringify(text)} as text`, () => {
      expect(String(new checks.Warning("text", options))).to.equal(text);
    });
  }

  it("prints as in Python", () => {
    expect(inspect(new checks.Info("it's", { id: "a.I001" }))).to.equal(
      `<Info: level=20, msg="it's", hint=None, obj=None, id='a.I001'>`,
    );
  });

  it("equals one that says the same of the same object", () => {
    const message = new checks.Warning("text", { obj: 1, id: "a.W001" });
    expect(message.equals(new checks.Warning("text", { obj: 1, id: "a.W001" }))).to.equal(true);
    expect(message.equals(new checks.Warning("text", { obj: 2, id: "a.W001" }))).to.equal(false);
    expect(message.equals(new checks.Error("text", { obj: 1, id: "a.W001" }))).to.equal(false);
    expect(message.equals("text")).to.equal(false);
  });

  it("refuses a level that is no whole number", () => {
    expect(() => new checks.CheckMessage("text" as never, "more")).to.throw(TypeError, "'text'");
  });

  it("is silenced by its id", () => {
    with_settings({ SILENCED_SYSTEM_CHECKS: ["a.W001"] }, () => {
      expect(new checks.Warning("text", { id: "a.W001" }).is_silenced()).to.equal(true);
      expect(new checks.Warning("text", { id: "a.W002" }).is_silenced()).to.equal(false);
      expect(new checks.Warning("text").is_silenced()).to.equal(false);
    });
  });
});
