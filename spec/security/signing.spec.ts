/** Security of signatures and signed cookies. @module */
import { readFileSync } from "node:fs";
import { expect } from "chai";
import { describe, it } from "mocha";
import { KeyError } from "nuages/core/exceptions";
import {
  b64_decode,
  BadSignature,
  dumps,
  get_cookie_signer,
  loads,
  SignatureExpired,
  Signer,
  TimestampSigner,
} from "nuages/core/signing";
import { cpu_time } from "../support/cpu_time.ts";
import { freeze } from "../../src/utils/_clock.ts";
import { with_settings } from "../support/settings.ts";
import { NOW, signed_cookie, with_cookies, with_django_key } from "../support/signed.ts";

const SIGNATURE = "KMT2aVL87tfjYWrerrVVLz6htHxZHYMqlU5u2Nh5p_g"; // by Django
const SIGNED = `hello:${SIGNATURE}`;

describe("security/signing: a forged signature", () => {
  with_django_key();
  const forged: [id: string, what: string, text: string][] = [
    ["G1", "a changed value", `hellp:${SIGNATURE}`],
    ["G1", "a changed signature", `hello:L${SIGNATURE.slice(1)}`],
    ["G1", "a cut signature", SIGNED.slice(0, -1)],
    ["G1", "a cut value", SIGNED.slice(1)],
    ["G1", "an extended signature", `${SIGNED}A`],
    ["G1", "an extended value", `x${SIGNED}`],
    ["G1", "upper case", SIGNED.toUpperCase()],
    ["G1", "an equals sign at the end", `${SIGNED}=`],
    ["G1", "a line feed at the end", `${SIGNED}\n`],
    ["G1", "a doubled separator", `hello::${SIGNATURE}`],
    ["G1", "a space in front", ` ${SIGNED}`],
    ["G1", "a space after the separator", `hello: ${SIGNATURE}`],
    ["G1", "nothing", ""],
    ["G1", "a separator alone", ":"],
    ["G1", "a megabyte without separator", "a".repeat(1_000_000)],
    ["G1", "a megabyte of separators", ":".repeat(1_000_000)],
    ["G2", "another last digit for the same bytes", `${SIGNED.slice(0, -1)}h`],
    [
      "G2",
      "the digits of plain base64",
      `hello:${SIGNATURE.replaceAll("_", "/").replaceAll("-", "+")}`,
    ],
    ["G2", "the padding of base64", `${SIGNED}==`],
    ["G3", "a shorter signature", `hello:${SIGNATURE.slice(0, 10)}`],
    ["G3", "no signature", "hello:"],
    ["G3", "a longer signature", `hello:${SIGNATURE.repeat(100)}`],
    ["G3", "a signature that is not ASCII", `hello:${"é".repeat(43)}`],
    ["G3", "43 wrong digits", `hello:${"A".repeat(43)}`],
    ["G3", "one wrong digit, the last", `${SIGNED.slice(0, -1)}A`],
  ];
  const unsigning: [who: string, unsign: (text: string) => unknown][] = [
    ["Signer", (text) => new Signer().unsign(text)],
    ["TimestampSigner", (text) => new TimestampSigner().unsign(text, { max_age: 10 })],
    ["loads", (text) => loads(text)],
    ["get_signed_cookie", (text) => with_cookies({ a: text }).get_signed_cookie("a")],
  ];
  for (const [id, what, text] of forged) {
    it(`${id}: ${what} is a BadSignature, in 20 ms`, () => {
      for (const [who, unsign] of unsigning) {
        expect(() => unsign(text), who).to.throw(BadSignature);
        const try_it = (): void => void expect(() => unsign(text)).to.throw();
        expect(cpu_time(try_it), who).to.be.below(20);
      }
    });
  }

  it("G2: the other last digit stands for the same bytes indeed", () => {
    const bytes = (digits: string): Buffer => b64_decode(Buffer.from(digits));
    expect(bytes(SIGNATURE).equals(bytes(`${SIGNATURE.slice(0, -1)}h`))).to.equal(true);
    expect(new Signer().unsign(SIGNED)).to.equal("hello");
  });

  it("G3: no source file compares a signature, token, digest or hash other than in constant time", () => {
    const sources = [
      "core/signing.ts",
      "middleware/_csrf_tokens.ts",
      "contrib/auth/tokens.ts",
      "contrib/auth/_pbkdf2_hasher.ts",
      "contrib/auth/_scrypt_hasher.ts",
      "contrib/auth/_md5_hasher.ts",
    ];
    for (const source of sources) {
      const text = readFileSync(new URL(`../../src/${source}`, import.meta.url), "utf-8");
      expect(text, source).to.contain("constant_time_compare");
      const compared = /\b(signature|digest|hash|token)(\([^)]*\))? [!=]== (?!undefined|null|"")/;
      expect(text, source).not.to.match(compared);
    }
  });

  const no_text: [what: string, value: unknown][] = [
    ["a list", [SIGNED]],
    ["an object with a text", { toString: () => SIGNED }],
    ["a String", new String(SIGNED)],
    ["bytes", Buffer.from(SIGNED)],
    ["undefined", undefined],
    ["null", null],
    ["a number", 5],
  ];
  for (const [what, value] of no_text) {
    it(`G13: ${what} is not turned into a text that verifies`, () => {
      for (const [who, unsign] of unsigning) {
        if (who === "get_signed_cookie" && value === undefined) continue; // that is no cookie
        expect(() => unsign(value as string), who).to.throw(TypeError);
      }
    });
  }
});

describe("security/signing: the time of a signature", () => {
  with_django_key();
  const rightly_signed = (text: string): string =>
    new Signer({ salt: "django.core.signing.TimestampSigner" }).sign(text);

  for (const text of ["abc:!!!", "abc:", "abc", ":", "abc:1.5", "abc: 1r31eq", "abc:é", "abc:１"]) {
    it(`G4: ${JSON.stringify(text)}, rightly signed, is a BadSignature`, () => {
      const unsign = (): unknown => new TimestampSigner().unsign(rightly_signed(text));
      expect(unsign).to.throw(BadSignature).and.not.instanceOf(SignatureExpired);
    });
  }

  for (const max_age of [0, -1, -Infinity]) {
    it(`G5: with max_age ${max_age} it has expired at once`, () => {
      const signed = new TimestampSigner().sign("v");
      freeze(NOW + 0.25);
      expect(() => new TimestampSigner().unsign(signed, { max_age })).to.throw(SignatureExpired);
    });
  }
  it("G5: a time to come is accepted", () => {
    freeze(NOW + 1_000_000);
    const signed = new TimestampSigner().sign("v");
    freeze(NOW);
    expect(new TimestampSigner().unsign(signed, { max_age: 1 })).to.equal("v");
  });
  for (const max_age of [Number.NaN, "10", [10], {}, true, new Date()]) {
    it(`G5: ${JSON.stringify(max_age)} (${typeof max_age}) as max_age is a TypeError`, () => {
      const signed = dumps("v");
      const options = { max_age: max_age as number };
      expect(() => new TimestampSigner().unsign(signed, options)).to.throw(TypeError);
      expect(() => loads(signed, options)).to.throw(TypeError);
      const request = with_cookies({ a: signed_cookie("a", "v") });
      expect(() => request.get_signed_cookie("a", options)).to.throw(TypeError);
    });
  }
});

describe("security/signing: signed cookies", () => {
  with_django_key();
  it("G6: name and salt do not run together", () => {
    const request = with_cookies({
      ab: signed_cookie("a", "v", "bc"),
      a: signed_cookie("a", "v", "bc"),
    });
    expect(request.get_signed_cookie("a", { salt: "bc" })).to.equal("v");
    expect(() => request.get_signed_cookie("ab", { salt: "c" })).to.throw(BadSignature);
    expect(() => request.get_signed_cookie("a", { salt: "b" })).to.throw(BadSignature);
    expect(signed_cookie("1:a", "v")).not.to.equal(signed_cookie("a", "v", "1:"));
  });

  const by_django: [name: string, salt: string, value: string, signed: string][] = [
    ["name", "", "Tony", "Tony:1r31eq:ZEnyVcl0o0FKIKJl2ldGSsHIC_oIqRS0HBR4fdF8sJM"],
    [
      "name2",
      "pepper",
      "Tony é; x",
      "Tony é; x:1r31eq:f2upRg-rMcnCjuuhCu2E27SYO2NnDXmDtYjx-qma-5M",
    ],
    ["a", "é", "v", "v:1r31eq:r5GKCg1XumLGCqO-n4Zn0u0IFVrXhKjHLQLMb2d6-V4"],
  ];
  for (const [name, salt, value, signed] of by_django) {
    it(`G6: the cookie ${name} with the salt ${JSON.stringify(salt)} is what Django makes`, () => {
      expect(signed_cookie(name, value, salt)).to.equal(signed);
      expect(with_cookies({ [name]: signed }).get_signed_cookie(name, { salt })).to.equal(value);
    });
  }
  it("G6: the length of a salt is counted in code points", () => {
    const { key } = get_cookie_signer();
    const salt = "django.http.cookies.v2:1:\u{1f600}a";
    const expected = new TimestampSigner({ key, salt }).sign("v");
    expect(signed_cookie("a", "v", "\u{1f600}")).to.equal(expected);
  });

  const old: [name: string, salt: string, value: string, signed: string][] = [
    ["name", "", "Tony", "Tony:1r31eq:i47Uh5gRt8E_6PUehdbzNGBMCFUaNuk2mgvkAPq7zbc"],
    [
      "name2",
      "pepper",
      "Tony é; x",
      "Tony é; x:1r31eq:a5vWD5A_bHPxjLv1w1rDa09Xgv5w3Z3ZCBoTh-V023k",
    ],
  ];
  for (const [name, salt, value, signed] of old) {
    it(`G6: the old form of the cookie ${name} is read only if a setting says so, and never too late`, () => {
      const read = (max_age?: number): string =>
        with_cookies({ [name]: signed }).get_signed_cookie(name, { salt, max_age });
      const fallback = { SIGNED_COOKIE_LEGACY_SALT_FALLBACK: true };
      expect(read).to.throw(BadSignature);
      expect(with_settings(fallback, read)).to.equal(value);
      expect(signed_cookie(name, value, salt)).not.to.equal(signed); // it is never written
      freeze(NOW + 100);
      expect(() => read(5))
        .to.throw(BadSignature)
        .and.not.instanceOf(SignatureExpired);
      expect(() => with_settings(fallback, () => read(5))).to.throw(SignatureExpired);
    });
  }
  it("G6: SignatureExpired of the new form does not lead to the old one", () => {
    const { key } = get_cookie_signer();
    const read = (signed: string): string =>
      with_cookies({ a: signed }).get_signed_cookie("a", { max_age: 5 });
    const signed = signed_cookie("a", "v");
    freeze(NOW + 100);
    const trick = `${signed}:${new TimestampSigner({ key, salt: "a" }).sign(signed)}`;
    with_settings({ SIGNED_COOKIE_LEGACY_SALT_FALLBACK: true }, () => {
      expect(() => read(signed)).to.throw(SignatureExpired);
      expect(() => read(trick)).to.throw(BadSignature);
    });
  });

  const answers: [what: string, name: string, error: new (...args: never[]) => Error][] = [
    ["missing", "none", KeyError],
    ["named like a member of Object", "constructor", KeyError],
    ["forged", "bad", BadSignature],
    ["expired", "old", SignatureExpired],
  ];
  for (const [what, name, error] of answers) {
    it(`G14: a cookie that is ${what} is a ${error.name}, or the default`, () => {
      const request = with_cookies({
        bad: `v:1r31eq:${"A".repeat(43)}`,
        old: signed_cookie("old", "v"),
      });
      freeze(NOW + 61);
      expect(() => request.get_signed_cookie(name, { max_age: 60 })).to.throw(error);
      for (const fallback of ["d", "", null, false, 0, undefined]) {
        const options = { max_age: 60, default: fallback };
        expect(request.get_signed_cookie(name, options)).to.equal(fallback);
      }
    });
  }
});
