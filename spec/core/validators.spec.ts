/** Texts, as validators judge them. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import {
  DecimalValidator,
  DomainNameValidator,
  int_list_validator,
  ProhibitNullCharactersValidator,
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
import { accepts, type Validate } from "../support/validation.ts";

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
