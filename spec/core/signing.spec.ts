/** Specification of nuages/core/signing: what an attacker may try, and what JavaScript brings in. @module */
import { deflateSync } from "node:zlib";
import { expect } from "chai";
import { afterEach, beforeEach, describe, it } from "mocha";
import { override, restore, type Saved, settings } from "nuages/conf";
import {
  ImproperlyConfigured,
  IndexError,
  UnicodeEncodeError,
  ValueError,
} from "nuages/core/exceptions";
import {
  b62_decode,
  b64_decode,
  b64_encode,
  BadSignature,
  dumps,
  get_cookie_signer,
  JSONSerializer,
  loads,
  SignatureExpired,
  Signer,
  type SignerOptions,
  TimestampSigner,
} from "nuages/core/signing";
import { freeze } from "../../src/utils/_clock.ts";

const KEY = "conformance-secret-key-0123456789abcdef";
const NOW = 1_700_000_000;

/** Overrides a setting until the end of the test. */
const saved: [name: string, before: Saved][] = [];
function set(name: string, value: unknown): void {
  saved.push([name, override(name, value)]);
}

describe("signatures", () => {
  beforeEach(() => {
    set("SECRET_KEY", KEY);
    freeze(NOW);
  });
  afterEach(() => {
    for (const [name, before] of saved.splice(0).reverse()) restore(name, before);
    freeze(undefined);
  });

  describe("core/signing: Signer", () => {
    const signed = "hello:KMT2aVL87tfjYWrerrVVLz6htHxZHYMqlU5u2Nh5p_g"; // by Django

    it("accepts what Django signed", () => {
      expect(new Signer().unsign(signed)).to.equal("hello");
    });

    const forged: [what: string, text: string][] = [
      ["a changed value", signed.replace("hello", "hellp")],
      ["a changed signature", signed.replace(":K", ":L")],
      ["a cut signature", signed.slice(0, -1)],
      ["an extended signature", `${signed}A`],
      ["other case", signed.toUpperCase()],
      ["padding", `${signed}=`],
      ["a line end", `${signed}\n`],
      ["a doubled separator", signed.replace(":", "::")],
      ["a space in front", ` ${signed}`],
      ["no text", ""],
      ["a separator alone", ":"],
      ["no signature", "hello:"],
      ["a signature that is not ASCII", "hello:é".padEnd(49, "é")],
      ["a last digit that stands for the same bytes", `${signed.slice(0, -1)}h`],
      ["the standard base64 alphabet", signed.replace("_", "/")],
      ["a megabyte without separator", "a".repeat(1_000_000)],
    ];
    for (const [what, text] of forged) {
      it(`refuses ${what}`, () => {
        expect(() => new Signer().unsign(text)).to.throw(BadSignature);
      });
    }
    it("compares the text of the signature, since two texts may be the same bytes in base64", () => {
      const [last, alias] = [signed, `${signed.slice(0, -1)}h`].map((text) =>
        Buffer.from(text.slice(6), "base64url"),
      );
      expect(last?.equals(alias ?? Buffer.alloc(0))).to.equal(true);
    });

    const not_text: unknown[] = [["hello:x"], { toString: () => signed }, undefined, null, 5];
    for (const value of not_text) {
      it(`does not turn ${JSON.stringify(value)} into text to verify`, () => {
        const { unsign } = new Signer() as unknown as { unsign(value: unknown): string };
        expect(() => unsign.call(new Signer(), value)).to.throw(TypeError);
      });
    }

    it("refuses to sign lone surrogates, of which all would have one signature", () => {
      expect(() => new Signer().sign("\ud800")).to.throw(UnicodeEncodeError);
      expect(() => new Signer().unsign(`\ud801:${"A".repeat(43)}`)).to.throw(UnicodeEncodeError);
    });
    it("has no maximum age, and does not ignore one", () => {
      const options = { max_age: 5 };
      expect(() => new Signer().unsign(signed, options)).to.throw(TypeError);
      expect(() => new Signer().unsign_object(signed, options)).to.throw(TypeError);
    });
    for (const sep of ["", "a", "-", "_=", "[", "\n", "a\n"]) {
      it(`refuses the separator ${JSON.stringify(sep)}`, () => {
        expect(() => new Signer({ sep })).to.throw(ValueError);
      });
    }
    it("needs a secret", () => {
      set("SECRET_KEY", "");
      expect(() => new Signer()).to.throw(ImproperlyConfigured);
    });
    it("signs with the first key only, and verifies with all", () => {
      const before = new Signer({ key: "old" }).sign("v");
      set("SECRET_KEY", "new");
      set("SECRET_KEY_FALLBACKS", ["older", "old"]);
      expect(new Signer().unsign(before)).to.equal("v");
      expect(new Signer().sign("v")).to.equal(new Signer({ key: "new" }).sign("v"));
    });
    it("takes keys once, whatever gives them", () => {
      const keys = ["old"].values();
      const signer = new Signer({ key: "new", fallback_keys: keys });
      const before = new Signer({ key: "old" }).sign("v");
      expect([signer.unsign(before), signer.unsign(before)]).to.deep.equal(["v", "v"]);
    });
    it("follows its attributes when they are changed", () => {
      const signer = new Signer({ salt: "a" });
      const with_a = signer.sign("v");
      signer.salt = "b";
      expect(() => signer.unsign(with_a)).to.throw(BadSignature);
      expect(signer.sign("v")).to.equal(new Signer({ salt: "b" }).sign("v"));
    });
    it("uses the signature() and salt of a subclass", () => {
      class Short extends Signer {
        override signature(value: string, options: { key?: string } = {}): string {
          return super.signature(value, options).slice(0, 8);
        }
      }
      expect(new Short().unsign(new Short().sign("v"))).to.equal("v");
      expect(new Short().sign("v").length).to.equal(10);
    });
  });

  describe("core/signing: TimestampSigner", () => {
    const sign_text = (text: string): string => {
      const salt = "django.core.signing.TimestampSigner";
      return new Signer({ salt }).sign(text);
    };

    for (const text of ["abc:!!!", "abc:", "abc", "abc:1.5", "abc:é"]) {
      it(`refuses ${text}, rightly signed without a time`, () => {
        expect(() => new TimestampSigner().unsign(sign_text(text))).to.throw(BadSignature);
      });
    }
    for (const max_age of [-1, -Infinity]) {
      it(`finds everything too old for ${max_age}`, () => {
        const signer = new TimestampSigner();
        expect(() => signer.unsign(signer.sign("v"), { max_age })).to.throw(SignatureExpired);
      });
    }
    for (const max_age of [Infinity, 0, null, undefined]) {
      it(`finds nothing of this second too old for ${max_age}`, () => {
        const signer = new TimestampSigner();
        expect(signer.unsign(signer.sign("v"), { max_age })).to.equal("v");
      });
    }
    for (const max_age of [Number.NaN, "10", [10], true]) {
      it(`refuses ${JSON.stringify(max_age)} as an age`, () => {
        const signer = new TimestampSigner();
        const options = { max_age: max_age as number };
        expect(() => signer.unsign(signer.sign("v"), options)).to.throw(TypeError);
      });
    }
    it("accepts a time to come", () => {
      freeze(NOW + 1_000_000);
      const signed = new TimestampSigner().sign("v");
      freeze(NOW);
      expect(new TimestampSigner().unsign(signed, { max_age: 1 })).to.equal("v");
    });
  });

  describe("core/signing: signed data", () => {
    const signed = (bytes: Buffer, prefix = ""): string =>
      new TimestampSigner({ salt: "django.core.signing" }).sign(
        prefix + bytes.toString("base64url"),
      );

    const unreadable: [what: string, text: () => string][] = [
      ["what is no JSON", () => signed(Buffer.from("{not json"))],
      ["what is not compressed", () => signed(Buffer.from('{"a":1}'), ".")],
      ["what is cut off", () => signed(deflateSync(Buffer.from('{"a":1}')).subarray(0, 9), ".")],
      ["what is no base64", () => new TimestampSigner({ salt: "django.core.signing" }).sign("A")],
      ["what unpacks to a gigabyte", () => signed(deflateSync(Buffer.alloc(2 ** 24)), ".")],
    ];
    for (const [what, text] of unreadable) {
      it(`takes ${what} for a bad signature, though it is signed, and says why`, () => {
        expect(() => loads(text()))
          .to.throw(BadSignature)
          .with.property("cause")
          .that.is.instanceOf(Error);
      });
    }
    it("unpacks nothing that is not signed", () => {
      const bomb = deflateSync(Buffer.alloc(2 ** 24)).toString("base64url");
      expect(() => loads(`.${bomb}:1r31eq:x`))
        .to.throw(BadSignature)
        .that.does.not.have.property("cause");
    });
    it("keeps __proto__ as a key like any other", () => {
      const data = loads(signed(Buffer.from('{"__proto__": {"x": 1}}')));
      expect(Object.keys(data as object)).to.deep.equal(["__proto__"]);
      expect("x" in {}).to.equal(false);
    });
    it("lets the errors of a serializer through that say nothing of the data", () => {
      class Broken extends JSONSerializer {
        override loads(): unknown {
          throw new TypeError("broken");
        }
      }
      expect(() => loads(dumps(1), { serializer: Broken })).to.throw(TypeError, "broken");
    });
    it("reads what Django compressed", () => {
      const text =
        ".eJwFwcERACAIwLCF-rCiILN47r-GyZVJsNgkxaFxoDgxcOHGxMKD_T7vhAml:1r31eq:IlaJRlcQ9TtlHjvWwo77TgKaDk7_4uuVLEFT3kFNz7g";
      expect(loads(text)).to.deep.equal(Array.from({ length: 19 }, (_, i) => i + 1));
    });
    it("keeps the order of a Map", () => {
      const data = new Map<string, unknown>([
        ["10", 1],
        ["9", 2],
      ]);
      expect(new JSONSerializer().dumps(data).toString()).to.equal('{"10":1,"9":2}');
    });
  });

  describe("core/signing: every use has a salt of its own", () => {
    const options: SignerOptions[] = [{}, { salt: "a" }, { salt: "b" }, { key: "other" }];
    const makers: [name: string, make: () => Signer][] = [
      ...options.map((each): [string, () => Signer] => [
        JSON.stringify(each),
        () => new TimestampSigner(each),
      ]),
      ["a cookie", () => get_cookie_signer()],
      ["a cookie with the salt a", () => get_cookie_signer({ salt: "a" })],
      ["no time", () => new Signer()],
    ];
    for (const [name, make] of makers) {
      it(`${name}: no other signer accepts it`, () => {
        const text = make().sign("v");
        const accepting = makers.filter(([, other]) => {
          try {
            return other().unsign(text) !== "";
          } catch {
            return false;
          }
        });
        expect(accepting.map(([accepted]) => accepted)).to.deep.equal([name]);
      });
    }
  });

  describe("core/signing: get_cookie_signer", () => {
    it("is made of the SIGNING_BACKEND, with the key of now", () => {
      class Backend extends TimestampSigner {}
      set("SIGNING_BACKEND", Backend);
      expect(get_cookie_signer()).to.be.instanceOf(Backend);
      const before = get_cookie_signer().sign("v");
      set("SECRET_KEY", "new");
      expect(() => get_cookie_signer().unsign(before)).to.throw(BadSignature);
      set("SECRET_KEY_FALLBACKS", [KEY]);
      expect(get_cookie_signer().unsign(before)).to.equal("v");
      expect(settings.SIGNING_BACKEND).to.equal(Backend);
    });
  });

  describe("core/signing: codes", () => {
    it("reads no characters that are no digits", () => {
      expect(() => b62_decode("a-b")).to.throw(ValueError);
      expect(() => b62_decode("")).to.throw(IndexError);
      expect(b62_decode("-")).to.equal(0);
    });
    it("skips what is no digit of base64, and refuses a lone one", () => {
      expect(b64_decode(Buffer.from("YW\nJj==")).toString()).to.equal("abc");
      expect(() => b64_decode(Buffer.from("YWJjZ"))).to.throw(ValueError);
      expect(b64_encode(new Uint8Array([255, 254])).toString()).to.equal("__4");
    });
  });
});
