/** Specification of nuages/utils/crypto. @module */
import { expect } from "chai";
import { expectTypeOf } from "expect-type";
import { describe, it } from "mocha";
import { UnicodeEncodeError, ValueError } from "nuages/core/exceptions";
import {
  constant_time_compare,
  get_random_string,
  InvalidAlgorithm,
  pbkdf2,
  RANDOM_STRING_CHARS,
  salted_hmac,
} from "nuages/utils/crypto";

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe("utils/crypto: salted_hmac", () => {
  it("signs with SHA-1 unless another algorithm is named", () => {
    const sha1 = salted_hmac("salt", "value", { secret: "abc" });
    expect(sha1.hexdigest()).to.equal("e357ef9724168b5a262bd7a2ca184c2c93f0f334");
    const sha256 = salted_hmac("salt", "value", { secret: "abc", algorithm: "sha256" });
    expect(sha256.digest().length).to.equal(32);
  });
  it("takes text and its UTF-8 bytes for the same", () => {
    const text = salted_hmac("sält", "välue", { secret: "käy", algorithm: "sha256" });
    const [salt, value, secret] = ["sält", "välue", "käy"].map((part) => Buffer.from(part));
    const bytes = salted_hmac(salt ?? "", value, { secret, algorithm: "sha256" });
    expect(bytes.hexdigest()).to.equal(text.hexdigest());
  });
  it("does not mistake bytes for text of the same look, or a salt for a secret", () => {
    const digests = [
      salted_hmac("a", "v", { secret: "é" }),
      salted_hmac("a", "v", { secret: Buffer.from([0xe9]) }),
      salted_hmac("a", "v", { secret: "tX" }),
      salted_hmac("ab", "v", { secret: "X" }),
      salted_hmac("a", "v", { secret: Buffer.from("bX") }),
    ].map((hmac) => hmac.hexdigest());
    // "ab" + "X" and "a" + "bX" are one key, as in Django: a salt is a prefix of the secret
    expect(new Set(digests).size).to.equal(4);
    expect(digests[3]).to.equal(digests[4]);
  });
  it("sees a secret that was changed in place", () => {
    const secret = Buffer.from("one");
    const before = salted_hmac("s", "v", { secret }).hexdigest();
    secret.write("two");
    expect(salted_hmac("s", "v", { secret }).hexdigest()).to.not.equal(before);
  });
  it("gives bytes that can be read again, whatever was done to the first", () => {
    const hmac = salted_hmac("salt", "value", { secret: "abc" });
    hmac.digest().fill(0);
    expect(hmac.digest().toString("hex")).to.equal(hmac.hexdigest());
  });
  for (const algorithm of ["whatever", "SHA256", "constructor", "", "shake_128"]) {
    it(`has no algorithm ${JSON.stringify(algorithm)}`, () => {
      expect(() => salted_hmac("s", "v", { secret: "k", algorithm })).to.throw(InvalidAlgorithm);
    });
  }
  it("refuses text that has no bytes", () => {
    expect(() => salted_hmac("s", "\ud800", { secret: "k" })).to.throw(UnicodeEncodeError);
  });
});

describe("utils/crypto: get_random_string", () => {
  it("chooses every character of the alphabet equally often", () => {
    const counts = new Map<string, number>();
    for (const character of get_random_string(62_000))
      counts.set(character, (counts.get(character) ?? 0) + 1);
    expect([...counts.keys()].sort().join("")).to.equal(
      Array.from(RANDOM_STRING_CHARS).sort().join(""),
    );
    // 1000 are expected and the standard deviation is 31; a byte modulo 62 would favour eight letters by 250
    for (const count of counts.values()) expect(count).to.be.within(790, 1210);
  });
  it("chooses whole characters, of an alphabet of any size", () => {
    const many = Array.from({ length: 300 }, (_, i) => String.fromCodePoint(0x1f300 + i)).join("");
    const text = get_random_string(50, { allowed_chars: many });
    expect(Array.from(text).length).to.equal(50);
    expect(Array.from(text).every((character) => many.includes(character))).to.equal(true);
  });
  it("needs something to choose from", () => {
    expect(() => get_random_string(1, { allowed_chars: "" })).to.throw(ValueError);
    expect(get_random_string(0, { allowed_chars: "" })).to.equal("");
  });
});

describe("utils/crypto: constant_time_compare", () => {
  const equal: [left: unknown, right: unknown, result: boolean][] = [
    ["abc", Buffer.from("abc"), true],
    [Buffer.from("abc"), new Uint8Array([97, 98, 99]), true],
    ["abc", "abd", false],
    ["abc", "abcd", false], // Node's own function throws
    ["é", "e\u0301", false],
  ];
  for (const [left, right, result] of equal) {
    it(`of ${String(left)} and ${String(right)} is ${result}`, () => {
      expect(constant_time_compare(left, right)).to.equal(result);
    });
  }
  it("refuses lone surrogates, which would all be equal", () => {
    expect(() => constant_time_compare("\ud800", "\ud801")).to.throw(UnicodeEncodeError);
  });
});

describe("utils/crypto: pbkdf2", () => {
  it("leaves the event loop free", async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    await pbkdf2("password", "salt", 200_000);
    clearInterval(timer);
    expect(turns).to.be.greaterThan(1);
  });
  it("gives as many bytes as the digest has, or as are asked for", async () => {
    expect((await pbkdf2("p", "s", 1, { digest: "sha1" })).length).to.equal(20);
    expect((await pbkdf2("p", "s", 1, { dklen: 7 })).length).to.equal(7);
    expectTypeOf(pbkdf2).returns.resolves.toEqualTypeOf<Buffer>();
  });
  it("refuses less than one iteration and unknown digests", async () => {
    expect(await rejection(pbkdf2("p", "s", 0))).to.be.instanceOf(ValueError);
    expect(await rejection(pbkdf2("p", "s", Number.NaN))).to.be.instanceOf(ValueError);
    const unknown = await rejection(pbkdf2("p", "s", 1, { digest: "md6" }));
    expect(unknown).to.be.instanceOf(InvalidAlgorithm);
  });
});
