/** Security of the headers and cookies of a response: nothing that stands in one can break it apart. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { CookieError, ValueError } from "nuages/core/exceptions";
import {
  BadHeaderError,
  type CookieOptions,
  HttpResponse,
  HttpResponseRedirect,
} from "nuages/http";
import { patch_vary_headers } from "nuages/utils/cache";
import type { AnyView } from "../support/ask.ts";
import { quiet } from "../support/log.ts";
import { sent } from "../support/raw.ts";

// whose low bytes are CR LF
const LOW_CRLF = "\u010d\u010aSet-Cookie: a=b";

describe("security/response: headers", () => {
  for (const text of ["a\rb", "a\nb", "a\r\nX: y", "\r\n"]) {
    it(`H1: ${JSON.stringify(text)} is no value and no name, and the response stays as it was`, () => {
      const response = new HttpResponse("", { headers: { A: "1" } });
      const before = [...response.items()];
      expect(() => response.set("A", text)).to.throw(BadHeaderError);
      expect(() => response.set(text, "v")).to.throw(BadHeaderError);
      expect(() => response.headers.set("A", text)).to.throw(BadHeaderError);
      expect(() => response.headers.setdefault("B", text)).to.throw(BadHeaderError);
      expect([...response.items()]).to.deep.equal(before);
      expect(() => new HttpResponse("", { content_type: text })).to.throw(BadHeaderError);
      expect(() => new HttpResponse("", { headers: { A: text } })).to.throw(BadHeaderError);
    });
  }

  it("H2: a control character other than tab is refused when it is set", () => {
    const response = new HttpResponse();
    const codes = Array.from({ length: 0x20 }, (_, code) => code).filter((code) => code !== 0x09);
    for (const code of [...codes, 0x7f]) {
      const character = String.fromCharCode(code);
      expect(() => response.set("X", `a${character}b`), `value ${code}`).to.throw(BadHeaderError);
      expect(() => response.set(`a${character}b`, "v"), `name ${code}`).to.throw(BadHeaderError);
    }
    expect(() => response.set("é", "v")).to.throw(ValueError, "ASCII");
    expect([...response.headers.keys()]).to.deep.equal(["Content-Type"]);
  });

  const words: [value: string, sent: string][] = [
    ["é€", "=?utf-8?b?w6nigqw=?="],
    ["€\u2028", "=?utf-8?b?4oKs4oCo?="],
    ["€\u0085", "=?utf-8?b?4oKswoU=?="],
    ["€\x0b", "=?utf-8?b?4oKsCw==?="],
    [LOW_CRLF, "=?utf-8?b?xI3EilNldC1Db29raWU6IGE9Yg==?="],
  ];
  for (const [value, word] of words) {
    it(`H3: ${JSON.stringify(value)} is one word on one line`, () => {
      expect(new HttpResponse("", { headers: { X: value } }).getitem("X")).to.equal(word);
    });
  }

  const truncated: [where: string, view: AnyView][] = [
    ["a header", () => new HttpResponse("", { headers: { X: LOW_CRLF } })],
    ["a reason", () => new HttpResponse("", { reason: LOW_CRLF })],
    ["a redirect", () => new HttpResponseRedirect(LOW_CRLF)],
    [
      "a cookie",
      () => {
        const response = new HttpResponse();
        response.set_cookie("c", LOW_CRLF);
        return response;
      },
    ],
    [
      "the path of a cookie",
      () => {
        const response = new HttpResponse();
        response.set_cookie("c", "v", { path: LOW_CRLF });
        return response;
      },
    ],
  ];
  describe("that no client gets", () => {
    quiet();
    for (const name of ["", "X Y", "X:Y"]) {
      it(`H2: the name ${JSON.stringify(name)} never reaches a client`, async () => {
        const answer = await sent(() => new HttpResponse("body", { headers: { [name]: "value" } }));
        expect(answer).to.match(/^HTTP\/1\.1 500 /);
        expect(answer).not.to.include("value");
      });
    }

    for (const [where, view] of truncated) {
      it(`H4: characters whose low bytes are CR LF break no line in ${where}`, async () => {
        const answer = await sent(view);
        expect(answer).to.match(/^HTTP\/1\.1 (200|302|500) [A-Z]/);
        expect(answer).not.to.match(/[\r\n]Set-Cookie: a=b/i);
      });
    }
  });

  const statuses: [status: unknown, error: typeof ValueError | typeof TypeError][] = [
    [99, ValueError],
    [600, ValueError],
    ["200 OK", TypeError],
    [200.5, TypeError],
    [Number.NaN, TypeError],
  ];
  for (const [status, error] of statuses) {
    it(`H5: ${String(status)} is no status`, () => {
      expect(() => new HttpResponse("", { status: status as number })).to.throw(error);
    });
  }

  it("H23: names of prototypes are names like any other", () => {
    const { headers } = new HttpResponse();
    headers.set("__proto__", "x");
    headers.setdefault("constructor", "y");
    expect([...headers.keys()]).to.deep.equal(["Content-Type", "__proto__", "constructor"]);
    expect(headers.get("toString")).to.equal(undefined);
    expect(headers.has("hasOwnProperty")).to.equal(false);
    expect(Reflect.has({}, "x")).to.equal(false);
  });

  it("H24: Vary takes names, no line breaks, and nothing beside an asterisk", () => {
    const response = new HttpResponse();
    patch_vary_headers(response, ["Cookie"]);
    expect(() => patch_vary_headers(response, ["A\r\nB: c"])).to.throw(BadHeaderError);
    expect(response.get("Vary")).to.equal("Cookie");
    patch_vary_headers(response, ["*"]);
    expect(response.get("Vary")).to.equal("*");
    patch_vary_headers(response, ["Accept"]);
    expect(response.get("Vary")).to.equal("*");
  });
});

describe("security/response: cookies", () => {
  const values: [value: string, text: string][] = [
    ["x\r\nSet-Cookie: b=1", 'a="x\\015\\012Set-Cookie: b=1"; Path=/'],
    ['x; Path=/z; "q\\', 'a="x\\073 Path=/z\\073 \\"q\\\\"; Path=/'],
  ];
  for (const [value, text] of values) {
    it(`H6: the value ${JSON.stringify(value)} stays one`, () => {
      const response = new HttpResponse();
      response.set_cookie("a", value);
      expect(response.cookies.getitem("a").OutputString()).to.equal(text);
    });
  }

  for (const name of ["a\r\nb", "a=b", "a;b", "", "path"]) {
    it(`H7: ${JSON.stringify(name)} is no name`, () => {
      expect(() => new HttpResponse().set_cookie(name, "v")).to.throw(CookieError);
    });
  }
  for (const name of ["__proto__", "$Path"]) {
    it(`H7: ${name} is a name`, () => {
      const response = new HttpResponse();
      response.set_cookie(name, "v");
      expect(response.cookies.getitem(name).OutputString()).to.equal(`${name}=v; Path=/`);
    });
  }

  const attributes: [options: object, error: typeof ValueError | typeof CookieError][] = [
    [{ path: "/\r\nX: y" }, CookieError],
    [{ path: "/; HttpOnly; Domain=evil" }, CookieError],
    [{ domain: "a; Secure" }, CookieError],
    [{ expires: "Thu, 01 Jan 1970 00:00:00 GMT; Domain=evil" }, CookieError],
    [{ samesite: "Lax; Domain=evil" }, ValueError],
    [{ max_age: "1; x" }, ValueError],
  ];
  for (const [options, error] of attributes) {
    it(`H8: ${JSON.stringify(options)} adds no attribute`, () => {
      const response = new HttpResponse();
      const set = (): void => response.set_cookie("a", "b", options as CookieOptions);
      expect(set).to.throw(error);
      expect(response.cookies.output()).not.to.match(/evil|Secure|X: y/);
    });
  }

  it("H9: a cookie that must be secure is secure when it is deleted, too", () => {
    const response = new HttpResponse();
    response.delete_cookie("__Host-a");
    response.delete_cookie("a", { samesite: "None", path: "/p", domain: "d.example" });
    const gone = "expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0";
    expect(response.cookies.getitem("__Host-a").OutputString()).to.equal(
      `__Host-a=""; ${gone}; Path=/; Secure`,
    );
    expect(response.cookies.getitem("a").OutputString()).to.equal(
      `a=""; Domain=d.example; ${gone}; Path=/p; SameSite=None; Secure`,
    );
  });
});
