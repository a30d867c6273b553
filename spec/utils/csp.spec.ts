/** Specification of nuages/utils/csp. @module */
import { inspect } from "node:util";
import { expect } from "chai";
import { describe, it } from "mocha";
import { ValueError } from "nuages/core/exceptions";
import { build_policy, CSP, generate_nonce, LazyNonce, nonce_attr } from "nuages/utils/csp";
import { mark_safe } from "nuages/utils/safestring";

describe("utils/csp: LazyNonce", () => {
  it("is made when its text is asked for, and not when it is printed", () => {
    const nonce = new LazyNonce();
    expect(inspect(nonce)).to.equal("<LazyNonce: not made yet>");
    expect(build_policy({ "script-src": [CSP.SELF, CSP.NONCE] }, nonce)).to.equal(
      "script-src 'self'",
    );
    const text = `${nonce}`;
    expect(String(nonce)).to.equal(text);
    expect(JSON.stringify({ nonce })).to.equal(`{"nonce":"${text}"}`);
    expect(build_policy({ "script-src": [CSP.SELF, CSP.NONCE] }, nonce)).to.equal(
      `script-src 'self' 'nonce-${text}'`,
    );
  });

  it("has 128 random bits (K13)", () => {
    const nonces = new Set(Array.from({ length: 1000 }, generate_nonce));
    expect(nonces.size).to.equal(1000);
    for (const nonce of nonces) expect(nonce).to.match(/^[\w-]{22}$/);
  });
});

describe("utils/csp: build_policy", () => {
  it("takes a Map, whose order is its own", () => {
    const policy = new Map<string, unknown>([
      ["sandbox", true],
      ["2", "b"],
      ["1", new Set(["b", "a"])],
      ["none", undefined],
    ]);
    expect(build_policy(policy)).to.equal("sandbox; 2 b; 1 a b");
  });

  for (const word of ["https://a; script-src *", "https://a, https://b"]) {
    it(`refuses ${word}, which would say more than one word (K14)`, () => {
      expect(() => build_policy({ "img-src": [CSP.SELF, word] })).to.throw(ValueError, "img-src");
      expect(() => build_policy({ [word]: true })).to.throw(ValueError);
    });
  }
});

describe("utils/csp: nonce_attr", () => {
  it("is an escaped attribute, or nothing", () => {
    expect(String(nonce_attr(new Map([["csp_nonce", '"']])))).to.equal('nonce="&quot;"');
    expect(nonce_attr(new Map())).to.equal("");
  });

  it("renders a form's media with it", () => {
    const media = {
      render: ({ attrs }: { attrs: { nonce: unknown } | null }) =>
        mark_safe(`<script ${attrs === null ? "-" : String(attrs.nonce)}>`),
    };
    expect(String(nonce_attr(new Map([["csp_nonce", "n"]]), { media }))).to.equal("<script n>");
    expect(String(nonce_attr(new Map(), { media }))).to.equal("<script ->");
  });
});
