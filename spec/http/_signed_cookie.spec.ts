/** Specification of signed cookies: what a request accepts, and what it gives instead. @module */
import { expect } from "chai";
import { expectTypeOf } from "expect-type";
import { afterEach, beforeEach, describe, it } from "mocha";
import { override, restore, type Saved } from "nuages/conf";
import { KeyError } from "nuages/core/exceptions";
import { BadSignature, SignatureExpired } from "nuages/core/signing";
import { HttpRequest, HttpResponse } from "nuages/http";
import { RAISE_ERROR } from "nuages/http/request";
import { freeze } from "../../src/utils/_clock.ts";

const NOW = 1_700_000_000;
const saved: [name: string, before: Saved][] = [];
function set(name: string, value: unknown): void {
  saved.push([name, override(name, value)]);
}

/** A request that brings back the cookies. */
function request_with(cookies: Record<string, string>): HttpRequest {
  const request = new HttpRequest();
  request.COOKIES = cookies;
  return request;
}

/** The value of a cookie as `set_signed_cookie` signs it. */
function signed(name: string, value: string, salt = ""): string {
  const response = new HttpResponse();
  response.set_signed_cookie(name, value, { salt });
  return String(response.cookies.getitem(name).value);
}

describe("signed cookies of a request", () => {
  beforeEach(() => {
    set("SECRET_KEY", "conformance-secret-key-0123456789abcdef");
    freeze(NOW);
  });
  afterEach(() => {
    for (const [name, before] of saved.splice(0).reverse()) restore(name, before);
    freeze(undefined);
  });

  describe("http/request: get_signed_cookie", () => {
    it("tells name and salt apart", () => {
      const request = request_with({ ab: signed("a", "v", "bc") });
      expect(() => request.get_signed_cookie("ab", { salt: "c" })).to.throw(BadSignature);
    });
    it("throws for a cookie that is missing, forged or too old", () => {
      const request = request_with({ good: signed("good", "v"), bad: "v:1r31eq:x" });
      freeze(NOW + 61);
      expect(() => request.get_signed_cookie("none")).to.throw(KeyError);
      expect(() => request.get_signed_cookie("toString")).to.throw(KeyError);
      expect(() => request.get_signed_cookie("bad")).to.throw(BadSignature);
      expect(() => request.get_signed_cookie("good", { max_age: 60 })).to.throw(SignatureExpired);
      expect(request.get_signed_cookie("good", { max_age: 61 })).to.equal("v");
    });
    for (const fallback of [null, false, "", undefined, "d"]) {
      it(`gives the default ${JSON.stringify(fallback)} for all of these`, () => {
        const request = request_with({ good: signed("good", "v"), bad: "v:1r31eq:x" });
        freeze(NOW + 61);
        for (const name of ["none", "bad", "good"])
          expect(request.get_signed_cookie(name, { default: fallback, max_age: 60 })).to.equal(
            fallback,
          );
      });
    }
    it("takes RAISE_ERROR for no default", () => {
      const request = request_with({});
      expect(() => request.get_signed_cookie("a", { default: RAISE_ERROR })).to.throw(KeyError);
    });
    it("gives errors of the program, default or not", () => {
      const request = request_with({ a: ["v"] as unknown as string });
      expect(() => request.get_signed_cookie("a", { default: "d" })).to.throw(TypeError);
      const good = request_with({ a: signed("a", "v") });
      const options = { default: "d", max_age: Number.NaN };
      expect(() => good.get_signed_cookie("a", options)).to.throw(TypeError);
    });
    it("reads the salt of older versions only if SIGNED_COOKIE_LEGACY_SALT_FALLBACK says so", () => {
      const old = { name: "Tony:1r31eq:i47Uh5gRt8E_6PUehdbzNGBMCFUaNuk2mgvkAPq7zbc" }; // by Django
      expect(() => request_with(old).get_signed_cookie("name")).to.throw(BadSignature);
      set("SIGNED_COOKIE_LEGACY_SALT_FALLBACK", true);
      expect(request_with(old).get_signed_cookie("name")).to.equal("Tony");
      freeze(NOW + 100);
      const read = (): unknown => request_with(old).get_signed_cookie("name", { max_age: 5 });
      expect(read).to.throw(SignatureExpired);
    });
    it("has the type of the default", () => {
      const request = request_with({ a: signed("a", "v") });
      expectTypeOf(request.get_signed_cookie("a")).toEqualTypeOf<string>();
      expectTypeOf(request.get_signed_cookie("a", { default: 5 })).toEqualTypeOf<string | number>();
      expectTypeOf(request.get_signed_cookie("a", { default: null })).toEqualTypeOf<
        string | null
      >();
    });
  });
});
