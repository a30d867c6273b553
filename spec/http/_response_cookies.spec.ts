/** Specification of the cookies of a response: what set_cookie refuses, and what it costs. @module */
import { inspect } from "node:util";
import { expect } from "chai";
import { parseSetCookie } from "cookie";
import { afterEach, beforeEach, describe, it } from "mocha";
import { CookieError, ValueError } from "nuages/core/exceptions";
import { HttpResponse } from "nuages/http";
import type { CookieOptions } from "../../src/http/_response_cookies.ts";
import { freeze } from "../../src/utils/_clock.ts";

type Thrower = new (...args: never[]) => Error;

describe("cookies of a response", () => {
  beforeEach(() => freeze(1_700_000_000));
  afterEach(() => freeze(undefined));

  describe("http/response: set_cookie", () => {
    const written: [value: string, text: string][] = [
      ["x\r\nSet-Cookie: b=1", 'a="x\\015\\012Set-Cookie: b=1"; Path=/'],
      ['x; Path=/z; "q\\', 'a="x\\073 Path=/z\\073 \\"q\\\\"; Path=/'],
      ["\0\x7f\x80ÿ", 'a="\\000\\177\\200\\377"; Path=/'],
    ];
    for (const [value, text] of written) {
      it(`escapes ${JSON.stringify(value)}`, () => {
        const response = new HttpResponse();
        response.set_cookie("a", value);
        expect(response.cookies.getitem("a").OutputString()).to.equal(text);
      });
    }
    for (const name of ["a\r\nb", "a=b", "a;b", "", "path", "é", "a\0"]) {
      it(`refuses ${JSON.stringify(name)} as a name`, () => {
        const response = new HttpResponse();
        expect(() => response.set_cookie(name, "v")).to.throw(CookieError);
        expect(response.cookies.size).to.equal(0);
      });
    }
    for (const name of ["__proto__", "$Path", "constructor"]) {
      it(`accepts ${name} as a name`, () => {
        const response = new HttpResponse();
        response.set_cookie(name, "v");
        expect([...response.cookies]).to.deep.equal([name]);
      });
    }

    const refused: [options: CookieOptions, error: Thrower][] = [
      [{ path: "/\r\nX: y" }, CookieError],
      [{ path: "/; HttpOnly; Domain=evil" }, CookieError],
      [{ domain: "a; Secure" }, CookieError],
      [{ expires: "Thu, 01 Jan 2026 00:00:00 GMT; Domain=evil" }, CookieError],
      [{ samesite: "Lax; Domain=evil" as "Lax" }, ValueError],
      [{ samesite: "Lax\n" as "Lax" }, ValueError],
      [{ max_age: "1; x" as unknown as number }, ValueError],
      [{ max_age: "60" as unknown as number }, TypeError],
      [{ max_age: Number.NaN }, ValueError],
      [{ max_age: Infinity }, ValueError],
      [{ expires: new Date(Number.NaN) }, ValueError],
      [{ expires: new Date(0), max_age: 0 }, ValueError],
    ];
    for (const [options, error] of refused) {
      const [name, value] = Object.entries(options).at(-1) ?? [];
      it(`refuses ${inspect(value)} as ${name}`, () => {
        expect(() => new HttpResponse().set_cookie("a", "v", options)).to.throw(error);
      });
    }
    it("takes what it was not given for the default", () => {
      const response = new HttpResponse();
      const nothing: CookieOptions = { max_age: undefined, expires: undefined, path: undefined };
      response.set_cookie("a", "v", { ...nothing, domain: undefined, secure: undefined });
      expect(response.cookies.getitem("a").OutputString()).to.equal("a=v; Path=/");
    });
    it("leaves SameSite out for false", () => {
      const response = new HttpResponse();
      response.set_cookie("a", "v", { samesite: false });
      expect(response.cookies.getitem("a").OutputString()).to.equal("a=v; Path=/");
    });
  });

  describe("http/response: the Set-Cookie header", () => {
    it("is read by another parser as it was meant, whatever the value", () => {
      for (const value of [
        "plain",
        "two words",
        "a=b",
        "x; Secure; HttpOnly",
        'quo"te\\',
        "\r\n",
        "é",
      ]) {
        const response = new HttpResponse();
        const options = { max_age: 60, path: "/x", domain: "d.example", samesite: "Lax" } as const;
        response.set_cookie("a", value, options);
        const header = response.cookies.getitem("a").OutputString();
        const read = parseSetCookie(header, { decode: (text) => text });
        expect(read, header).to.deep.equal({
          name: "a",
          value: response.cookies.getitem("a").coded_value,
          domain: "d.example",
          expires: new Date(1_700_000_060_000),
          maxAge: 60,
          path: "/x",
          sameSite: "lax",
        });
      }
    });
  });
});
