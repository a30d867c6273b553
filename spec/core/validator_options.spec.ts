/** Validators, what they can be told, and what they say. @module */
import { expect } from "chai";
import { expectTypeOf } from "expect-type";
import { describe, it } from "mocha";
import { ValidationError, ValueError } from "nuages/core/exceptions";
import { File } from "nuages/core/files";
import { SimpleUploadedFile } from "nuages/core/files/uploadedfile";
import {
  BaseValidator,
  DecimalValidator,
  EmailValidator,
  FileExtensionValidator,
  ip_address_validator_map,
  ip_address_validators,
  MaxLengthValidator,
  MaxValueValidator,
  MinLengthValidator,
  MinValueValidator,
  ProhibitNullCharactersValidator,
  RegexValidator,
  StepValueValidator,
  URLValidator,
  validate_email,
  validate_ipv46_address,
  validate_ipv6_address,
} from "nuages/core/validators";
import { repr } from "../../src/utils/_python.ts";
import { accepts, error_of, type Validate } from "../support/validation.ts";

describe("core/validators: RegexValidator", () => {
  it("takes a RegExp, or a text in Python's syntax", () => {
    expect(accepts(new RegexValidator({ regex: /^a+$/ }), "aa")).to.equal(true);
    expect(accepts(new RegexValidator({ regex: /^a+$/ }), "ab")).to.equal(false);
    expect(accepts(new RegexValidator({ regex: String.raw`\A(?P<x>a+)\Z` }), "aa")).to.equal(true);
    expect(accepts(new RegexValidator({ regex: "^a+$" }), "aa\n")).to.equal(true); // Python's $
    expect(accepts(new RegexValidator(), "")).to.equal(true);
  });

  it("takes flags for a text, and for nothing else", () => {
    expect(accepts(new RegexValidator({ regex: "^a$", flags: "i" }), "A")).to.equal(true);
    expect(() => new RegexValidator({ regex: /a/, flags: "i" })).to.throw(TypeError);
    expect(() => new RegexValidator({ regex: "(" })).to.throw(ValueError);
  });

  it("may refuse what has a match", () => {
    const validate = new RegexValidator({ regex: /x/, inverse_match: true });
    expect([accepts(validate, "a"), accepts(validate, "axa")]).to.deep.equal([true, false]);
  });

  it("gives the same answer every time, whatever the flags of the pattern", () => {
    const validate = new RegexValidator({ regex: /a/g });
    expect([1, 2, 3].map(() => accepts(validate, "a"))).to.deep.equal([true, true, true]);
  });

  it("says what it is told, with the value filled in", () => {
    const validate = new RegexValidator({ regex: /a/, message: "no %(value)s", code: "c" });
    const error = error_of(validate, "b");
    expect([error?.messages, error?.code, error?.params]).to.deep.equal([
      ["no b"],
      "c",
      { value: "b" },
    ]);
    expect(error_of(new RegexValidator({ regex: /a/ }), "b")?.code).to.equal("invalid");
  });

  it("is a function and an object of its class, as are its subclasses", () => {
    class Upper extends RegexValidator {
      static {
        this.prototype.regex = /^[A-Z]+$/;
        this.prototype.message = "upper";
      }
      override readonly name = "field";
    }
    const validate = new Upper({ code: "u" });
    expect(["A", "a"].map((text) => accepts(validate, text))).to.deep.equal([true, false]);
    expect(error_of(validate, "a")?.code).to.equal("u");
    expect(validate).to.be.instanceOf(Upper).and.instanceOf(RegexValidator);
    expect([validate.name, validate.constructor.name, repr(validate)]).to.deep.equal([
      "field",
      "Upper",
      "<Upper object>",
    ]);
    expect(() => ["A", "a"].forEach(validate)).to.throw(ValidationError);
    expectTypeOf(validate).toBeCallableWith("a");
    expectTypeOf(validate_email).toExtend<(value: unknown) => void>();
  });
});

describe("core/validators: options of the others", () => {
  it("URLValidator: schemes", () => {
    const validate = new URLValidator({ schemes: ["git", "ssh"], message: "m", code: "c" });
    expect(accepts(validate, "git://a.de")).to.equal(true);
    expect(error_of(validate, "http://a.de")?.code).to.equal("c");
  });

  it("EmailValidator: domains that are allowed", () => {
    const validate = new EmailValidator({ allowlist: ["intern"], message: "m", code: "c" });
    expect(accepts(validate, "a@intern")).to.equal(true);
    expect(error_of(validate, "a@localhost")?.code).to.equal("c");
    expect(error_of(validate, "a@localhost")?.messages).to.deep.equal(["m"]);
  });

  it("ip_address_validators: by protocol", () => {
    expect(ip_address_validators("IPv4", false)).to.equal(ip_address_validator_map.ipv4);
    expect(ip_address_validators("both", true)).to.deep.equal([validate_ipv46_address]);
    expect(() => ip_address_validators("ipv4", true)).to.throw(ValueError);
    expect(() => ip_address_validators("constructor", false)).to.throw(ValueError);
    expect(error_of(validate_ipv6_address, "x")?.params).to.deep.equal({
      protocol: "IPv6",
      value: "x",
    });
  });

  it("ProhibitNullCharactersValidator: message and code", () => {
    const validate = new ProhibitNullCharactersValidator({ message: "m", code: "c" });
    const error = error_of(validate, "\0");
    expect([error?.messages, error?.code]).to.deep.equal([["m"], "c"]);
    const usual = error_of(new ProhibitNullCharactersValidator(), "\0");
    expect(usual?.code).to.equal("null_characters_not_allowed");
  });
});

describe("core/validators: limits", () => {
  const day = (n: number): Date => new Date(Date.UTC(2026, 0, n));
  const limits: [
    validate: Validate & { readonly limit_value: unknown },
    value: unknown,
    code: string | undefined,
  ][] = [
    [new MaxValueValidator(10), 10, undefined],
    [new MaxValueValidator(10), 10.5, "max_value"],
    [new MaxValueValidator(10), 11n, "max_value"],
    [new MaxValueValidator(10n), 10, undefined],
    [new MaxValueValidator(-0), 0, undefined],
    [new MaxValueValidator(10), Number.NaN, undefined], // as in Python, where it is not above either
    [new MaxValueValidator(day(5)), day(6), "max_value"],
    [new MaxValueValidator("b"), "a", undefined],
    [new MaxValueValidator("\uffff"), "\u{10000}", "max_value"], // by code points
    [new MaxValueValidator(() => 3), 4, "max_value"],
    [new MinValueValidator(10), 10, undefined],
    [new MinValueValidator(10), 9, "min_value"],
    [new MinValueValidator(day(5)), day(4), "min_value"],
    [new MinValueValidator(() => 3), 3, undefined],
    [new MinLengthValidator(3), "abc", undefined],
    [new MinLengthValidator(3), "😀😀", "min_length"],
    [new MinLengthValidator(1), [], "min_length"],
    [new MinLengthValidator(1), new Set([1]), undefined],
    [new MaxLengthValidator(2), "😀😀", undefined],
    [new MaxLengthValidator(2), "abc", "max_length"],
    [new MaxLengthValidator(2), Buffer.from("abc"), "max_length"],
    [new MaxLengthValidator(() => 2), "ab", undefined],
    [new BaseValidator<unknown>(3), 3, undefined],
    [new BaseValidator<unknown>(3), 4, "limit_value"],
    [new StepValueValidator(3), 9, undefined],
    [new StepValueValidator(3), 10, "step_size"],
    [new StepValueValidator(0.1), 0.3, undefined],
    [new StepValueValidator(0.1), 0.35, "step_size"],
    [new StepValueValidator(3, { offset: 1 }), 7, undefined],
    [new StepValueValidator(3, { offset: 1 }), 9, "step_size"],
    [new StepValueValidator(3n), 10n ** 30n, "step_size"],
    [new StepValueValidator(3), 3n * 10n ** 30n, undefined],
    [new StepValueValidator(3), -9, undefined],
    [new StepValueValidator(3), Infinity, "step_size"],
    [new StepValueValidator(0.5, { offset: 1 }), Number.NaN, "step_size"],
  ];
  for (const [validate, value, code] of limits) {
    const limit =
      typeof validate.limit_value === "function" ? "a function" : repr(validate.limit_value);
    it(`${validate.constructor.name} of ${limit} ${code ? "refuses" : "takes"} ${repr(value)}`, () => {
      expect(error_of(validate, value)?.code).to.equal(code);
    });
  }

  it("cannot be compared with values of another type", () => {
    for (const value of ["11", null, undefined, {}, true, day(1)]) {
      expect(() => new MaxValueValidator(10)(value)).to.throw(TypeError);
    }
    expect(() => new MaxLengthValidator(10)(5)).to.throw(TypeError);
    expect(() => new StepValueValidator(3)("9")).to.throw(TypeError);
    expect(() => new StepValueValidator(0)(9)).to.throw(ValueError);
  });

  it("tell the limit, the value, and what was compared", () => {
    const error = error_of(
      new MaxLengthValidator(() => 2, { message: "%(show_value)d > %(limit_value)d" }),
      "abc",
    );
    expect(error?.messages).to.deep.equal(["3 > 2"]);
    expect(error?.params).to.deep.equal({ limit_value: 2, show_value: 3, value: "abc" });
    const steps = error_of(new StepValueValidator(3n, { offset: 1 }), 9);
    expect(steps?.params).to.deep.include({ offset: 1n, valid_value1: 4n, valid_value2: 7n });
    expect(steps?.messages[0]).to.include("1, 4, 7");
  });
});

describe("core/validators: DecimalValidator", () => {
  const decimals: [
    digits: number | null,
    places: number | null,
    value: unknown,
    code: string | undefined,
  ][] = [
    [5, 2, "123.45", undefined],
    [5, 2, "1234.5", "max_whole_digits"],
    [5, 2, "1.234", "max_decimal_places"],
    [3, 0, "1234", "max_digits"],
    [3, null, "0.001", undefined],
    [3, null, "1.50", undefined],
    [null, 2, "1.500", "max_decimal_places"],
    [null, null, "1e999", undefined],
    [3, null, "1e2", undefined],
    [3, null, "1e5", "max_digits"],
    [3, 2, "0e5", undefined],
    [3, null, "00012", undefined],
    [3, 2, ".5", undefined],
    [3, 2, "5.", undefined],
    [5, 2, 123.45, undefined],
    [5, 2, 0.001, "max_decimal_places"],
    [5, 0, 10n ** 20n, "max_digits"],
    [5, 2, "-1", undefined],
    [5, 2, "", "invalid"],
    [5, 2, "NaN", "invalid"],
    [5, 2, "Infinity", "invalid"],
    [5, 2, Number.NaN, "invalid"],
    [5, 2, "1,5", "invalid"],
    [5, 2, null, "invalid"],
  ];
  for (const [digits, places, value, code] of decimals) {
    it(`of ${digits} digits and ${places} places ${code ? "refuses" : "takes"} ${repr(value)}`, () => {
      expect(error_of(new DecimalValidator(digits, places), value)?.code).to.equal(code);
    });
  }

  it("tells the limit", () => {
    expect(error_of(new DecimalValidator(5, 2), "1234.5")?.params).to.deep.equal({
      max: 3,
      value: "1234.5",
    });
  });
});

describe("core/validators: FileExtensionValidator", () => {
  const validate = new FileExtensionValidator({ allowed_extensions: ["PDF", "txt", "gz"] });
  const names: [name: string | null, valid: boolean][] = [
    ["a.pdf", true],
    ["a.PDF", true],
    ["a.tar.gz", true],
    ["a.pdf.exe", false],
    ["a.pdf.", false],
    ["a.pdf ", false],
    ["a.pdf\0.exe", false],
    [".pdf", false],
    ["pdf", false],
    ["a.exe/b.pdf", true],
    ["", false],
    [null, false],
  ];
  for (const [name, valid] of names) {
    it(`${valid ? "takes" : "refuses"} ${JSON.stringify(name)}`, () => {
      expect(accepts(validate, new File(undefined, { name }))).to.equal(valid);
    });
  }

  it("looks at every one of several files under one name, if asked to (F30)", () => {
    const files = ["a.exe", "b.exe", "c.pdf"].map((name) => new SimpleUploadedFile(name, "x"));
    expect(files.map((file) => accepts(validate, file))).to.deep.equal([false, false, true]);
  });

  it("takes all extensions unless told which, and none of an empty list", () => {
    const file = new SimpleUploadedFile("a", "x");
    expect(accepts(new FileExtensionValidator(), file)).to.equal(true);
    expect(accepts(new FileExtensionValidator({ allowed_extensions: [] }), file)).to.equal(false);
  });

  it("tells the extension and those that are allowed", () => {
    const error = error_of(validate, new SimpleUploadedFile("a.EXE", "x"));
    expect(error?.code).to.equal("invalid_extension");
    expect(error?.params).to.deep.include({ extension: "exe", allowed_extensions: "pdf, txt, gz" });
  });
});
