import { expect } from "chai";
import { expectTypeOf } from "expect-type";
import { describe, it } from "mocha";
import { ValidationError, ValueError } from "nuages/core/exceptions";
import { File } from "nuages/core/files";
import { SimpleUploadedFile } from "nuages/core/files/uploadedfile";
import {
  BaseValidator,
  DecimalValidator,
  DomainNameValidator,
  EmailValidator,
  FileExtensionValidator,
  int_list_validator,
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
  validate_comma_separated_integer_list,
  validate_domain_name,
  validate_email,
  validate_integer,
  validate_ipv46_address,
  validate_ipv4_address,
  validate_ipv6_address,
  validate_slug,
  validate_unicode_slug,
} from "nuages/core/validators";
import { repr } from "../../src/utils/_python.ts";
import { cpu_time } from "../support/cpu_time.ts";

type Validate = (value: unknown) => void;

/** The error of a value, or `undefined` if it is valid. */
function error_of(validate: Validate, value: unknown): ValidationError | undefined {
  try {
    validate(value);
    return undefined;
  } catch (error) {
    if (error instanceof ValidationError) return error;
    throw error;
  }
}

function accepts(validate: Validate, value: unknown): boolean {
  return error_of(validate, value) === undefined;
}

const validate_url = new URLValidator();
const long_host = (labels: number): string =>
  `http://${"a".repeat(60)}${`.${"a".repeat(60)}`.repeat(labels)}.de`;

describe("core/validators: texts, as Django judges them", () => {
  const cases: [name: string, validate: Validate, valid: unknown[], invalid: unknown[]][] = [
    [
      "validate_email",
      validate_email,
      [
        "a@b.de",
        '"a!b"@c.de',
        '"\\\u0022"@b.de',
        "a@[127.0.0.1]",
        "a@[::1]",
        "a@localhost",
        "a.b+c@d-e.co",
        "a@ü.de",
        "a@b.xn--9ca",
        `a@${"b".repeat(63)}.de`,
      ],
      [
        "",
        "a",
        "a@b",
        '"a b"@c.de',
        "@b.de",
        "a@b..de",
        ".a@b.de",
        "a@-b.de",
        "ü@b.de",
        "a@b.d",
        "a@b.123",
        "a@b.de.",
        "a@[IPv6:::1]",
        "a@[1.2.3]",
        `a@${"b".repeat(64)}.de`,
        '"\\"@b.de',
        5,
        null,
        undefined,
      ],
    ],
    [
      "URLValidator",
      validate_url,
      [
        "http://a.de",
        "https://u:p@a.de:80/x?y#z",
        "HTTP://A.DE",
        "ftp://a.de",
        "http://localhost:8000/",
        "http://127.0.0.1",
        "http://0.0.0.0",
        "http://[::1]:80/",
        "http://[::ffff:1.2.3.4]",
        "http://ü.de/ü",
        "http://a.de?x",
        "http://a.de.",
        "http://user:@a.de",
        long_host(3),
      ],
      [
        "",
        "//a.de",
        "http://",
        "http:///a",
        "http://a",
        "http://.a.de",
        "http://a-.de",
        "http://-a.de",
        "http://256.1.1.1",
        "http://1.1.1",
        "http://a.de:123456",
        "http://a.de/a b",
        "http://a\t.de",
        "http://[1:2]/",
        "http://[::1",
        "http://[fe80::1%25a]",
        "http://a@b@c.de",
        "http://a.de\\x",
        "javascript://a.de",
        `http://${"a".repeat(64)}.de`,
        long_host(4),
        5,
        null,
      ],
    ],
    [
      "validate_domain_name",
      validate_domain_name,
      ["a.de", "a.b.c.de", "a.de.", "ü.de", "A.DE", "xn--9ca.de", "a.xn--9ca"],
      [
        "",
        "a",
        "a..de",
        "-a.de",
        "a-.de",
        ".de",
        "a.d",
        "a.12",
        "a_b.de",
        "localhost",
        5,
        `a.${"b.".repeat(130)}de`,
      ],
    ],
    [
      "DomainNameValidator without international names",
      new DomainNameValidator({ accept_idna: false }),
      ["a.de", "a.de.", "a.12", "xn--9ca.de"],
      ["ü.de", "a.ü", "a", "-a.de", "\u212a.de"],
    ],
    ["validate_slug", validate_slug, ["a-b_C1", "-", 5], ["", "a b", "ü", "a.b", "٣"]],
    [
      "validate_unicode_slug",
      validate_unicode_slug,
      ["a-b_c", "ü", "٣", "²", "中"],
      ["", "a b", "a.b", "e\u0301"],
    ],
    [
      "validate_integer",
      validate_integer,
      ["1", "-1", "٣", 5, -5, 5n],
      ["", "+1", "1.5", 1.5, "--1", "1_0", " 1", "²", null],
    ],
    [
      "validate_ipv4_address",
      validate_ipv4_address,
      ["1.2.3.4", "0.0.0.0", "255.255.255.255"],
      [
        "",
        "1.2.3",
        "1.2.3.4.5",
        "01.2.3.4",
        "127.0.0.010",
        "1.2.3.256",
        "1.2.3.4/8",
        " 1.2.3.4",
        "٣.1.1.1",
        5,
      ],
    ],
    [
      "validate_ipv6_address",
      validate_ipv6_address,
      [
        "::",
        "::1",
        "1::",
        "1:2:3:4:5:6:7:8",
        "1:2:3:4:5:6:7::",
        "::ffff:1.2.3.4",
        "FE80::A",
        "fe80::1%eth_0",
      ],
      [
        "",
        ":",
        "1::2::3",
        "12345::",
        "g::",
        "1:2:3:4:5:6:7",
        "::ffff:01.2.3.4",
        "[::1]",
        "fe80::1%",
        "fe80::1%a%b",
        "0000:0000:0000:0000:0000:ffff:255.255.255.255",
        5,
      ],
    ],
    ["validate_ipv46_address", validate_ipv46_address, ["1.2.3.4", "::1"], ["", "1.2.3", "g::"]],
    [
      "validate_comma_separated_integer_list",
      validate_comma_separated_integer_list,
      ["1", "1,2,3", "٣,1"],
      ["", "1,", ",1", "1,,2", "-1", "1, 2"],
    ],
    [
      "int_list_validator with a separator and negative integers",
      int_list_validator({ sep: "|.", allow_negative: true }),
      ["1", "-1", "1|.-2"],
      ["1|2", "1.2", "--1"],
    ],
    [
      "ProhibitNullCharactersValidator",
      new ProhibitNullCharactersValidator(),
      ["", "a"],
      ["a\0b", "\0"],
    ],
  ];
  for (const [name, validate, valid, invalid] of cases) {
    for (const value of valid) {
      it(`${name} takes ${repr(value).slice(0, 60)}`, () => {
        expect(accepts(validate, value)).to.equal(true);
      });
    }
    for (const value of invalid) {
      it(`${name} refuses ${repr(value).slice(0, 60)}`, () => {
        expect(accepts(validate, value)).to.equal(false);
      });
    }
  }

  const ended: [name: string, validate: Validate, value: string][] = [
    ["URLs", validate_url, "http://a.de"],
    ["URLs with a path", validate_url, "http://a.de/x"],
    ["e-mail addresses", validate_email, "a@b.de"],
    ["e-mail addresses with an IP address", validate_email, "a@[127.0.0.1]"],
    ["domains", validate_domain_name, "a.de"],
    ["ASCII domains", new DomainNameValidator({ accept_idna: false }), "a.de"],
    ["slugs", validate_slug, "a"],
    ["slugs of any script", validate_unicode_slug, "a"],
    ["integers", validate_integer, "1"],
    ["lists of integers", validate_comma_separated_integer_list, "1,2"],
    ["IPv4 addresses", validate_ipv4_address, "1.2.3.4"],
    ["IPv6 addresses", validate_ipv6_address, "::1"],
    ["zones of IPv6 addresses", validate_ipv6_address, "fe80::1%eth0"],
  ];
  for (const [name, validate, value] of ended) {
    it(`I17: ${name} do not end in a line break`, () => {
      expect(accepts(validate, value)).to.equal(true);
      for (const end of ["\n", "\r", "\r\n", "\v", "\f", "\x85", "\u2028", "\u2029"]) {
        expect(accepts(validate, value + end), JSON.stringify(end)).to.equal(false);
      }
    });
  }

  const hostile: [name: string, validate: Validate, value: string][] = [
    ["an e-mail address of 321 characters", validate_email, `${"a".repeat(316)}@b.de`],
    ["an e-mail address of a megabyte", validate_email, `${"a.".repeat(500_000)}@b.de`],
    ["an e-mail address of quotes", validate_email, `"${"\\".repeat(310)}@b.de`],
    ["a URL of 2,049 characters", validate_url, `http://a.de/${"a".repeat(2037)}`],
    ["a URL of 5,000 labels", validate_url, `http://${"a.".repeat(5000)}`],
    ["a URL of labels that is not too long", validate_url, `http://${"a.".repeat(1000)}`],
    ["a URL of hyphens", validate_url, `http://a${"-".repeat(2000)}.de`],
    ["a URL of users", validate_url, `http://${"a:".repeat(1000)}`],
    ["a URL of a megabyte of ligatures", validate_url, `http://${"\ufdfa".repeat(1_000_000)}.de`],
    ["a URL of ligatures that is not too long", validate_url, `http://${"\ufdfa".repeat(2000)}.de`],
    ["a domain of hyphens", validate_domain_name, `a${"-".repeat(250)}.de`],
    ["an IPv6 address of 50,000 groups", validate_ipv6_address, "0:".repeat(50_000)],
    ["an IPv4 address that some read as octal", validate_ipv4_address, "127.0.0.010"],
    [
      "a list of 50,000 integers and a letter",
      validate_comma_separated_integer_list,
      `${"1,".repeat(50_000)}a`,
    ],
    ["an integer of 100,000 digits and a letter", validate_integer, `${"1".repeat(100_000)}a`],
    ["a slug of 100,000 letters and a space", validate_slug, `${"a".repeat(100_000)} `],
    [
      "a decimal of 100,000 digits and a letter",
      new DecimalValidator(5, 2),
      `${"1".repeat(100_000)}a`,
    ],
    [
      "a decimal of 100,000 zeros and two points",
      new DecimalValidator(5, 2),
      `${"0".repeat(100_000)}.0.0`,
    ],
  ];
  for (const [name, validate, value] of hostile) {
    it(`I18: refuses ${name} within 10 ms`, () => {
      expect(accepts(validate, value)).to.equal(false);
      expect(cpu_time(() => accepts(validate, value))).to.be.at.most(10);
    });
  }
});

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
