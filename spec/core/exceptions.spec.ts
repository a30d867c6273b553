/** Specification of nuages/core/exceptions. @module */
import { inspect } from "node:util";
import { expect } from "chai";
import { expectTypeOf } from "expect-type";
import { describe, it } from "mocha";
import * as errors from "nuages/core/exceptions";
import {
  AttributeError,
  type ErrorDict,
  FileNotFoundError,
  KeyError,
  LookupError,
  NON_FIELD_ERRORS,
  ObjectDoesNotExist,
  OSError,
  PermissionError,
  SuspiciousOperation,
  TooManyFieldsSent,
  UnicodeDecodeError,
  ValidationError,
  ValueError,
} from "nuages/core/exceptions";

describe("core/exceptions: the classes", () => {
  const ancestors: [error: Error, parent: abstract new (...args: never) => Error][] = [
    [new KeyError("a"), LookupError],
    [new UnicodeDecodeError("a"), ValueError],
    [new TooManyFieldsSent("a"), SuspiciousOperation],
    [new ValidationError("a"), Error],
    [new FileNotFoundError("a"), OSError],
    [new PermissionError("a"), OSError],
  ];
  for (const [error, parent] of ancestors) {
    it(`${error.name} is a ${parent.name}, named after its class`, () => {
      expect(error).to.be.instanceOf(parent);
      expect(error.name).to.equal(error.constructor.name);
      expect(Object.keys(error)).to.not.include("name");
    });
  }
  it("passes a cause on", () => {
    const cause = new RangeError("why");
    expect(new ValueError("a", { cause }).cause).to.equal(cause);
  });
  it("lets a template print nothing for an object that does not exist", () => {
    expect(new ObjectDoesNotExist().silent_variable_failure).to.equal(true);
  });
  it("K8: exports Python's errors beside Django's", () => {
    const names = [
      "ValueError",
      "KeyError",
      "OSError",
      "FileNotFoundError",
      "PermissionError",
      "ImportError",
      "BadRequest",
      "MiddlewareNotUsed",
    ];
    expect(Object.keys(errors)).to.include.members(names);
  });
});

describe("core/exceptions: ValidationError", () => {
  it("has one message, with a code and values that are filled in when it is read", () => {
    const error = new ValidationError("%(n)d%% of %(what)r", {
      code: "few",
      params: { n: 3.7, what: "a" },
    });
    expect(error.message).to.equal("%(n)d%% of %(what)r");
    expect(error.messages).to.deep.equal(["3% of 'a'"]);
    expect([...error]).to.deep.equal(["3% of 'a'"]);
    expect(error.code).to.equal("few");
    expect(error.error_list).to.deep.equal([error]);
    expect(() => error.message_dict).to.throw(AttributeError);
  });
  it("leaves a percent sign alone if there are no values", () => {
    expect(new ValidationError("100% wrong").messages).to.deep.equal(["100% wrong"]);
    expect(new ValidationError("100% wrong", { params: {} }).messages).to.deep.equal([
      "100% wrong",
    ]);
  });
  it("flattens lists, other errors and lists of lists", () => {
    const inner = new ValidationError(["b", new ValidationError("c", { code: "x" })]);
    const error = new ValidationError(["a", inner, ["d", [new ValidationError({ f: "e" })]]]);
    expect(error.messages).to.deep.equal(["a", "b", "c", "d", "e"]);
    expect(error.error_list?.map(({ code }) => code)).to.deep.equal([null, null, "x", null, null]);
    expect(inspect(error)).to.equal("ValidationError(['a', 'b', 'c', 'd', 'e'])");
    expect(error.message).to.equal("['a', 'b', 'c', 'd', 'e']");
  });
  it("keeps errors by field", () => {
    const error = new ValidationError({ name: ["short", "rude"], __proto__x: "odd" });
    expect({ ...error.message_dict }).to.deep.equal({
      name: ["short", "rude"],
      __proto__x: ["odd"],
    });
    expect([...error]).to.deep.equal([
      ["name", ["short", "rude"]],
      ["__proto__x", ["odd"]],
    ]);
    expect(error.messages).to.deep.equal(["short", "rude", "odd"]);
    expect(String(error)).to.equal("{'name': ['short', 'rude'], '__proto__x': ['odd']}");
    expect(error.error_list).to.equal(undefined);
  });
  it("refuses fields within fields", () => {
    expect(() => new ValidationError({ a: { b: "c" } })).to.throw(AttributeError, "'a'");
  });
  it("is made of another one with all that has", () => {
    const one = new ValidationError("m %(n)s", { code: "c", params: { n: 1 } });
    const copy = new ValidationError(one, { code: "ignored" });
    expect([copy.messages, copy.code]).to.deep.equal([["m 1"], "c"]);
    expect(new ValidationError(new ValidationError(["a", "b"])).messages).to.deep.equal(["a", "b"]);
    expect(new ValidationError(new ValidationError({ f: "a" })).message_dict.f).to.deep.equal([
      "a",
    ]);
  });
  it("adds its errors to those of each field", () => {
    const collected: ErrorDict = { name: [new ValidationError("first")] };
    new ValidationError({ name: "second" }).update_error_dict(collected);
    const result = new ValidationError("overall").update_error_dict(collected);
    expect(result).to.equal(collected);
    expect(collected.name?.flatMap(({ messages }) => messages)).to.deep.equal(["first", "second"]);
    expect(collected[NON_FIELD_ERRORS]?.length).to.equal(1);
  });
  it("is equal to one that says the same, in any order", () => {
    const a = new ValidationError(["x", "y"]);
    expect(a.equals(new ValidationError(["y", "x"]))).to.equal(true);
    expect(a.equals(new ValidationError(["y"]))).to.equal(false);
    expect(new ValidationError("x", { code: "1" }).equals(new ValidationError("x"))).to.equal(
      false,
    );
    expect(new ValidationError({ f: "x" }).equals(new ValidationError({ f: ["x"] }))).to.equal(
      true,
    );
    expect(a.equals("x")).to.equal(false);
  });

  const formats: [message: string, params: Record<string, unknown>, text: string][] = [
    ["%(a)s and %(b)s", { a: null, b: [1] }, "None and [1]"],
    ["%(n)05d|%(n)-5d|%(n)+d|%(n)x|%(n)#X|%(n)o", { n: 42 }, "00042|42   |+42|2a|0X2A|52"],
    [
      "%(x).2f|%(x)8.1f|%(x)e|%(x)g|%(x)G",
      { x: 1234.5 },
      "1234.50|  1234.5|1.234500e+03|1234.5|1234.5",
    ],
    ["%(x)g|%(y)g|%(z)g", { x: 1e-5, y: 1e10, z: 100 }, "1e-05|1e+10|100"],
    ["%(t).3s|%(t)6.2s|%(c)c", { t: "abcdef", c: 65 }, "abc|    ab|A"],
    ["%(b)d|%(i)d", { b: true, i: 10n ** 20n }, "1|100000000000000000000"],
    ["%(i)f|%(n)f", { i: -Infinity, n: Number.NaN }, "-inf|nan"],
    ["%s", { a: 1 }, "{'a': 1}"],
  ];
  for (const [message, params, text] of formats) {
    it(`fills in ${message}`, () => {
      expect(new ValidationError(message, { params }).messages).to.deep.equal([text]);
    });
  }
  const wrong: [message: string, params: Record<string, unknown>, error: new () => Error][] = [
    ["%(nope)s", { a: 1 }, KeyError],
    ["%(toString)s", { a: 1 }, KeyError],
    ["%(a)y", { a: 1 }, ValueError],
    ["100%", { a: 1 }, ValueError],
    ["%(a)d", { a: "x" }, TypeError],
    ["%s %s", { a: 1 }, TypeError],
  ];
  for (const [message, params, error] of wrong) {
    it(`cannot fill in ${message}`, () => {
      expect(() => new ValidationError(message, { params }).messages).to.throw(error);
    });
  }
  it("has the types of what it gives", () => {
    expectTypeOf<ValidationError["messages"]>().toEqualTypeOf<string[]>();
    expectTypeOf<ValidationError["message_dict"]>().toEqualTypeOf<Record<string, string[]>>();
    expectTypeOf<ValidationError["code"]>().toEqualTypeOf<string | null>();
    expect(new ValidationError("a").code).to.equal(null);
  });
});
