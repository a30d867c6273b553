import { expect } from "chai";
import { expectTypeOf } from "expect-type";
import { describe, it } from "mocha";
import { inspect } from "node:util";
import { CacheControlHeader, type CacheControlHeaderOptions, ETag } from "nuages/api/headers";
import { ValueError } from "nuages/core/exceptions";
import { BadHeaderError, HttpResponse } from "nuages/http";
import { patch_cache_control } from "nuages/utils/cache";

describe("api/headers: CacheControlHeader", () => {
  const all: CacheControlHeaderOptions = {
    stale_if_error: 4,
    stale_while_revalidate: 3,
    immutable: true,
    must_understand: true,
    proxy_revalidate: true,
    must_revalidate: true,
    no_transform: true,
    public: true,
    private: true,
    no_store: true,
    no_cache: true,
    s_maxage: 2,
    max_age: 1,
  };
  const ALL =
    "max-age=1, s-maxage=2, no-cache, no-store, private, public, no-transform, must-revalidate, " +
    "proxy-revalidate, must-understand, immutable, stale-while-revalidate=3, stale-if-error=4";

  it("CC1: has a field for every directive, and documentation_only", () => {
    const header = new CacheControlHeader({ ...all, documentation_only: true });
    for (const [name, value] of Object.entries(all))
      expect(header).to.have.property(name).that.equals(value);
    expect(header.documentation_only).to.equal(true);
    expect(new CacheControlHeader().documentation_only).to.equal(false);
    expect(new CacheControlHeader().max_age).to.equal(undefined);
    expectTypeOf(header.max_age).toEqualTypeOf<number | undefined>();
    // @ts-expect-error -- there is no such directive
    new CacheControlHeader({ maxage: 1 });
  });

  it("CC2: writes them in one order, whatever the order they were given in", () => {
    expect(new CacheControlHeader(all).to_header()).to.equal(ALL);
  });

  const written: [options: CacheControlHeaderOptions, header: string][] = [
    [{ max_age: 86400, public: true }, "max-age=86400, public"],
    [{ max_age: 0 }, "max-age=0"],
    [{ max_age: null, public: false, no_store: undefined, immutable: null }, ""],
    [{ private: "set-cookie", no_cache: 'a"b' }, 'no-cache="a\\"b", private="set-cookie"'],
    [{ no_store: true, extensions: { "x-a": "1", "x-b": true } }, "no-store, x-a=1, x-b"],
    [{ extensions: { community: "UCI, too" } }, 'community="UCI, too"'],
  ];
  for (const [options, header] of written) {
    it(`CC2: writes ${inspect(options)} as ${header || "nothing"}`, () => {
      expect(new CacheControlHeader(options).to_header()).to.equal(header);
      expect(String(new CacheControlHeader(options))).to.equal(header);
    });
  }

  it("CC2: is printed with its directives", () => {
    expect(inspect(new CacheControlHeader({ max_age: 1 }))).to.equal(
      "<CacheControlHeader 'max-age=1'>",
    );
  });

  for (const max_age of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])
    it(`CC2: refuses ${max_age} seconds`, () => {
      expect(() => new CacheControlHeader({ max_age })).to.throw(ValueError, "max_age");
    });

  it("CC2: refuses names and values that would break the header apart", () => {
    expect(() => new CacheControlHeader({ extensions: { "a b": "1" } })).to.throw(ValueError);
    const header = new CacheControlHeader({ no_cache: "a\r\nSet-Cookie: b=1" });
    expect(() => new HttpResponse("", { headers: { "Cache-Control": header } })).to.throw(
      BadHeaderError,
    );
  });

  const read: [text: string, fields: CacheControlHeaderOptions, written?: string][] = [
    ["max-age=5, public", { max_age: 5, public: true }],
    ["MAX-AGE=5,PUBLIC", { max_age: 5, public: true }, "max-age=5, public"],
    ['max-age="60"', { max_age: 60 }, "max-age=60"],
    [", ,no-store , ,", { no_store: true }, "no-store"],
    ["", {}],
    ['no-cache="set-cookie, x-a", private="x-b"', { no_cache: "set-cookie, x-a", private: "x-b" }],
    ["no-cache, private", { no_cache: true, private: true }],
    ["no-store=1", { no_store: true }, "no-store"],
    ["max-age=1, max-age=2", { max_age: 1 }, "max-age=1"],
    ["max-age=99999999999999999999", { max_age: 2 ** 31 }, "max-age=2147483648"],
  ];
  for (const [text, fields, header = text] of read) {
    it(`CC3: reads ${text || "an empty header"}`, () => {
      const parsed = CacheControlHeader.from_header(text);
      for (const [name, value] of Object.entries(fields))
        expect(parsed).to.have.property(name).that.equals(value);
      expect(parsed.to_header()).to.equal(header);
    });
  }

  it("CC3: reads back what it wrote", () => {
    expect(CacheControlHeader.from_header(ALL).to_header()).to.equal(ALL);
  });

  it("CC3: keeps directives that it does not know, and writes them back last, as they were", () => {
    const text = 'community="UCI", X-Flag, q="a\\"b", x=1, __proto__=2, max-age=1';
    const header = CacheControlHeader.from_header(text);
    expect(Object.entries(header.extensions)).to.deep.equal([
      ["community", "UCI"],
      ["x-flag", true],
      ["q", 'a"b'],
      ["x", "1"],
      ["__proto__", "2"],
    ]);
    expect(header.to_header()).to.equal(
      'max-age=1, community="UCI", x-flag, q="a\\"b", x=1, __proto__=2',
    );
  });

  for (const text of ["max-age=x", "max-age", "max-age=", "s-maxage=-1", "stale-if-error=1.5"])
    it(`CC3: refuses ${text}, a number that is none`, () => {
      expect(() => CacheControlHeader.from_header(text)).to.throw(ValueError, text.split("=")[0]);
    });

  for (const text of ['private="x', "=1", "a b", 'x="1"2'])
    it(`CC3: refuses ${text}, which is no list of directives`, () => {
      expect(() => CacheControlHeader.from_header(text)).to.throw(ValueError);
    });

  it("CC3: reads a long header in the time of its length", () => {
    const text = `private="${" \\\\".repeat(40_000)}`;
    const start = process.hrtime.bigint();
    expect(() => CacheControlHeader.from_header(text)).to.throw(ValueError);
    expect(() => CacheControlHeader.from_header(` ,${" ".repeat(100_000)}"`)).to.throw(ValueError);
    expect(Number(process.hrtime.bigint() - start) / 1e6).to.be.lessThan(200);
  });

  it("CC4: prevent_storing() is no-store", () => {
    expect(CacheControlHeader.prevent_storing().to_header()).to.equal("no-store");
  });

  it("CC5: is a default: a response that has a Cache-Control keeps it", () => {
    const response = new HttpResponse("", { headers: { "Cache-Control": "no-cache" } });
    response.setdefault("Cache-Control", new CacheControlHeader({ max_age: 1 }));
    expect(response.get("Cache-Control")).to.equal("no-cache");
  });

  it("CC5: stands where a header value does, and Django's functions change what it wrote", () => {
    const headers = { "Cache-Control": new CacheControlHeader({ max_age: 60, public: true }) };
    const response = new HttpResponse("", { headers });
    expect(response.get("Cache-Control")).to.equal("max-age=60, public");
    patch_cache_control(response, { max_age: 5 });
    expect(response.get("Cache-Control")).to.equal("max-age=5, public");
  });
});

describe("api/headers: ETag", () => {
  it("ET1: is written in quotes, a weak one with W/ before it", () => {
    expect(new ETag("foo").to_header()).to.equal('"foo"');
    expect(new ETag("foo", { weak: true }).to_header()).to.equal('W/"foo"');
    expect(String(new ETag(""))).to.equal('""');
    expect(inspect(new ETag("foo"))).to.equal('<ETag "foo">');
    expect(new HttpResponse("", { headers: { ETag: new ETag("v1") } }).get("ETag")).to.equal(
      '"v1"',
    );
  });

  it("ET2: has a value, unless it is for the document only", () => {
    expect(() => new ETag()).to.throw(ValueError, "documentation_only");
    const documented = new ETag(undefined, { documentation_only: true });
    expect(documented.documentation_only).to.equal(true);
    expect(() => documented.to_header()).to.throw(ValueError, "document");
    expect(inspect(documented)).to.equal("<ETag>");
  });

  for (const value of ['a"b', "é", "a\nb", "\u007f", "\t"])
    it(`ET2: refuses ${JSON.stringify(value)}`, () => {
      expect(() => new ETag(value)).to.throw(ValueError, "printable ASCII");
    });

  const read: [text: string, value: string, weak: boolean][] = [
    ['"foo"', "foo", false],
    ['W/"foo"', "foo", true],
    ['w/"foo"', "foo", true],
    ['""', "", false],
    [' "a,b" ', "a,b", false],
  ];
  for (const [text, value, weak] of read) {
    it(`ET3: reads ${text}`, () => {
      const etag = ETag.from_header(text);
      expect([etag.value, etag.weak]).to.deep.equal([value, weak]);
    });
  }

  for (const text of ["foo", "*", '"a", "b"', "", '"a', 'W/ "a"', '"é"', 'W/"a"b'])
    it(`ET3: refuses ${text || "an empty header"}`, () => {
      expect(() => ETag.from_header(text)).to.throw(ValueError);
    });

  const compared: [a: ETag, b: ETag, strong: boolean, weak: boolean][] = [
    [new ETag("1"), new ETag("1"), true, true],
    [new ETag("1"), new ETag("2"), false, false],
    [new ETag("1", { weak: true }), new ETag("1", { weak: true }), false, true],
    [new ETag("1", { weak: true }), new ETag("2", { weak: true }), false, false],
    [new ETag("1", { weak: true }), new ETag("1"), false, true],
  ];
  for (const [a, b, strong, weak] of compared) {
    it(`ET4: ${String(a)} and ${String(b)} are ${strong ? "" : "not "}equal, weakly ${weak ? "" : "not "}`, () => {
      expect([a.equals(b), b.equals(a)]).to.deep.equal([strong, strong]);
      expect([a.equals(b, { weak: true }), b.equals(a, { weak: true })]).to.deep.equal([
        weak,
        weak,
      ]);
    });
  }

  it("ET4: tags without a value name nothing, and so are not equal", () => {
    const none = new ETag(null, { documentation_only: true });
    expect(none.equals(none)).to.equal(false);
  });
});
