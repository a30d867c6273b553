/** Specification of `HttpRequest` before its body, beyond what recorded scripts say of it. @module */
import { expect } from "chai";
import { expectTypeOf } from "expect-type";
import { describe, it } from "mocha";
import type { Settings } from "nuages/conf";
import { BadRequest, DisallowedHost, KeyError } from "nuages/core/exceptions";
import { HttpHeaders, HttpRequest, MediaType, QueryDict, validate_host } from "nuages/http";
import { RequestFactory } from "nuages/test";
import { override_settings } from "nuages/test/utils";
import { cpu_time } from "../support/cpu_time.ts";
import { MALFORMED_HOSTS } from "../support/hosts.ts";

const rf = new RequestFactory();

function with_settings<T>(settings: Partial<Settings>, fn: () => T): T {
  const overridden = override_settings(settings);
  overridden.enable();
  try {
    return fn();
  } finally {
    overridden.disable();
  }
}

function inspected(value: object): string {
  const inspect = Symbol.for("nodejs.util.inspect.custom");
  return (value as Record<symbol, () => string>)[inspect]?.() ?? "";
}

describe("http/request: the host", () => {
  const malformed = [...MALFORMED_HOSTS, "a.example\n"];
  for (const host of malformed) {
    it(`is refused whatever ALLOWED_HOSTS says: ${JSON.stringify(host)} (D1)`, () => {
      const get_host = (): string => rf.get("/", null, { HTTP_HOST: host }).get_host();
      with_settings({ ALLOWED_HOSTS: ["*"] }, () => expect(get_host).to.throw(DisallowedHost));
    });
  }

  const judged: [host: string, allowed: boolean][] = [
    ["A.EXAMPLE", true],
    ["a.example:80", true],
    ["a.example.", true],
    ["a.example:99999999", true],
    ["x.b.example", true],
    ["b.example", true],
    ["xb.example", false],
    ["b.example.evil.com", false],
    ["a.example.evil.com", false],
  ];
  for (const [host, allowed] of judged) {
    it(`${allowed ? "is given as it was sent" : "is refused"}: ${host} (D2)`, () => {
      const request = rf.get("/", null, { HTTP_HOST: host });
      with_settings({ ALLOWED_HOSTS: ["a.example", ".b.example"] }, () => {
        if (allowed) expect(request.get_host()).to.equal(host);
        else expect(() => request.get_host()).to.throw(DisallowedHost);
      });
    });
  }

  const development: [host: string, allowed: boolean][] = [
    ["evil.com", false],
    ["0.0.0.0", false],
    ["localhost", true],
    ["x.localhost", true],
    ["127.0.0.1", true],
    ["[::1]", true],
    ["localhost.", true],
  ];
  for (const [host, allowed] of development) {
    it(`with DEBUG and no ALLOWED_HOSTS is ${allowed ? "allowed" : "refused"}: ${host} (D3)`, () => {
      const request = rf.get("/", null, { HTTP_HOST: host });
      with_settings({ DEBUG: true, ALLOWED_HOSTS: [] }, () => {
        if (allowed) expect(request.get_host()).to.equal(host);
        else expect(() => request.get_host()).to.throw(DisallowedHost);
      });
      with_settings({ DEBUG: false, ALLOWED_HOSTS: [] }, () => {
        expect(() => request.get_host()).to.throw(DisallowedHost);
      });
    });
  }

  it("is not taken from X-Forwarded-Host unless the setting says so, and judged then (D4)", () => {
    const forwarded = (value: string): HttpRequest =>
      rf.get("/", null, {
        HTTP_HOST: "testserver",
        headers: { "X-Forwarded-Host": value, "X-Host": "evil.com", Forwarded: "host=evil.com" },
      });
    expect(forwarded("evil.com").get_host()).to.equal("testserver");
    with_settings({ USE_X_FORWARDED_HOST: true }, () => {
      expect(() => forwarded("evil.com").get_host()).to.throw(DisallowedHost);
      expect(() => forwarded("testserver, evil.com").get_host()).to.throw(DisallowedHost);
      expect(forwarded("testserver").get_host()).to.equal("testserver");
    });
  });

  it("names in its error what to add to ALLOWED_HOSTS", () => {
    const request = rf.get("/", null, { HTTP_HOST: "new.example:8000" });
    expect(() => request.get_host()).to.throw(
      DisallowedHost,
      /add 'new\.example' to ALLOWED_HOSTS/,
    );
  });

  it("is a KeyError of a request that no server made", () => {
    expect(() => new HttpRequest().get_host()).to.throw(KeyError, "SERVER_NAME");
  });

  it("is compared with any iterable of patterns", () => {
    expect(validate_host("a.example", new Set([".example"]))).to.equal(true);
  });
});

describe("http/request: the scheme", () => {
  const headers: [value: string | undefined, scheme: string][] = [
    ["https", "https"],
    ["HTTPS", "http"],
    ["http", "http"],
    ["https,http", "https"],
    ["http,https", "http"],
    [" https ", "https"],
    ["", "http"],
    [undefined, "http"],
  ];
  for (const [value, scheme] of headers) {
    it(`is ${scheme} behind a proxy that says ${JSON.stringify(value)} (D5)`, () => {
      const given = value === undefined ? {} : { HTTP_X_FORWARDED_PROTO: value };
      const request = rf.get("/", null, given);
      expect(request.scheme).to.equal("http");
      with_settings({ SECURE_PROXY_SSL_HEADER: ["HTTP_X_FORWARDED_PROTO", "https"] }, () => {
        expect(request.scheme).to.equal(scheme);
      });
    });
  }

  it("is what the proxy says even on a TLS connection (D5)", () => {
    const request = rf.get("/", null, { secure: true, HTTP_X_FORWARDED_PROTO: "http" });
    expect(request.is_secure()).to.equal(true);
    with_settings({ SECURE_PROXY_SSL_HEADER: ["HTTP_X_FORWARDED_PROTO", "https"] }, () => {
      expect(request.is_secure()).to.equal(false);
    });
  });
});

describe("http/request: absolute URIs", () => {
  const locations: [location: string, uri: string][] = [
    ["//evil.com/a", "http://evil.com/a"],
    ["javascript:alert(1)", "javascript:alert(1)"],
    ["/\\evil.com", "http://testserver/%5Cevil.com"],
  ];
  for (const [location, uri] of locations) {
    it(`are no safety check: ${location} (D7)`, () => {
      expect(rf.get("/").build_absolute_uri(location)).to.equal(uri);
    });
  }

  it("keep the host for a path that begins with two slashes (D7, D8)", () => {
    const request = rf.generic("GET", "/", "", { PATH_INFO: "//evil.com/x/" });
    expect(request.build_absolute_uri()).to.equal("http://testserver//evil.com/x/");
    expect(request.get_full_path()).to.equal("//evil.com/x/");
  });

  it("take anything that has a text as location", () => {
    expect(rf.get("/").build_absolute_uri(new URL("http://a.example/b") as never)).to.equal(
      "http://a.example/b",
    );
  });
});

describe("http/request: META, cookies and headers", () => {
  it("have no prototype (D9, D10)", () => {
    const request = rf.get("/", null, { HTTP_COOKIE: "__proto__=x; constructor=y; a=1" });
    expect(request.META["constructor"]).to.equal(undefined);
    expect(request.META["toString"]).to.equal(undefined);
    expect(request.META["__proto__"]).to.equal(undefined);
    expect("valueOf" in request.COOKIES).to.equal(false);
    expect(Object.keys(request.COOKIES)).to.have.members(["__proto__", "constructor", "a"]);
    expect(({} as Record<string, unknown>)["x"]).to.equal(undefined);
  });

  it("may all be set", () => {
    const request = rf.get("/");
    request.COOKIES = { a: "1" };
    request.GET = new QueryDict("b=2");
    request.content_type = "text/plain";
    request.content_params = { charset: "utf-8" };
    expect(request.COOKIES["a"]).to.equal("1");
    expect(request.GET.get("b")).to.equal("2");
    expect([request.content_type, request.content_params]).to.deep.equal([
      "text/plain",
      { charset: "utf-8" },
    ]);
  });

  it("have types that say which values are text", () => {
    const { META } = new HttpRequest();
    expectTypeOf(META.REMOTE_ADDR).toEqualTypeOf<string | undefined>();
    expectTypeOf(META.HTTP_X_ANY).toEqualTypeOf<string | undefined>();
    expectTypeOf(META["wsgi.input"]).toEqualTypeOf<unknown>();
  });

  it("leave the method alone, whatever a form or header says (D24)", () => {
    const request = rf.post(
      "/",
      { _method: "DELETE" },
      { headers: { "X-HTTP-Method-Override": "PUT" } },
    );
    expect(request.method).to.equal("POST");
  });

  it("show headers as they were when first looked at", () => {
    const request = rf.get("/", null, { headers: { "X-A": "1" } });
    const { headers } = request;
    request.META["HTTP_X_B"] = "2";
    expect(request.headers).to.equal(headers);
    expect(headers.has("X-B")).to.equal(false);
  });

  it("take a Map as META for headers", () => {
    const headers = new HttpHeaders(new Map([["HTTP_X_A", "1"]]));
    expect([...headers.items()]).to.deep.equal([["X-A", "1"]]);
    expect(headers.get("x_a", 0)).to.equal("1");
  });
});

describe("http/request: Content-Type", () => {
  const types: [header: string, type: string, params: Record<string, string>][] = [
    ["text/html; charset=x; charset=utf-8", "text/html", { charset: "utf-8" }],
    ["text/html; boundary=Z; boundary=B", "text/html", { boundary: "B" }],
    ["text/html\0", "text/html\0", {}],
  ];
  for (const [header, type, params] of types) {
    it(`of ${JSON.stringify(header)}: the last parameter counts (D20)`, () => {
      const request = rf.generic("POST", "/", "x", { content_type: header });
      expect(request.content_type).to.equal(type);
      expect({ ...request.content_params }).to.deep.equal(params);
    });
  }

  it("may have a parameter called __proto__ (D20)", () => {
    const request = rf.generic("POST", "/", "x", { content_type: "a/b; __proto__=1" });
    expect(Object.entries(request.content_params ?? {})).to.deep.equal([["__proto__", "1"]]);
  });

  const unreadable: [what: string, header: string][] = [
    ["over 10000 characters", `text/html; x=${"y".repeat(10_000)}`],
    ["with an unknown charset in a parameter", "text/html; x*=nope''a"],
    ["with parts of a parameter in no order (D26)", "text/html; x*=a; x*0=b"],
  ];
  for (const [what, header] of unreadable) {
    it(`${what} is a BadRequest (D18)`, () => {
      expect(() => rf.generic("POST", "/", "x", { content_type: header })).to.throw(BadRequest);
    });

    it(`as Accept ${what} is a BadRequest (D18)`, () => {
      const request = rf.get("/", null, { headers: { Accept: header } });
      expect(() => request.accepted_types).to.throw(BadRequest);
    });
  }

  it("names a charset that counts only if it exists (D21)", () => {
    const of = (charset: string): string | null =>
      rf.generic("POST", "/", "x", { content_type: `a/b; charset=${charset}` }).encoding;
    expect(of("nope")).to.equal(null);
    expect(of("utf-7")).to.equal("utf-7");
  });
});

describe("http/request: Accept", () => {
  const qualities: [quality: string, accepted: boolean][] = [
    ["nan", true],
    ["-1", true],
    ["2", true],
    ["9".repeat(30), true],
    ["inf", true],
    ["abc", true],
    ["0", false],
  ];
  for (const [quality, accepted] of qualities) {
    it(`with q=${quality} ${accepted ? "accepts" : "does not accept"} (D19)`, () => {
      const request = rf.get("/", null, { headers: { Accept: `text/html;q=${quality}` } });
      expect(request.accepts("text/html")).to.equal(accepted);
    });
  }

  for (const header of ["text", "/", ";;;,"]) {
    it(`of ${header} accepts nothing (D19)`, () => {
      const request = rf.get("/", null, { headers: { Accept: header } });
      expect(request.get_preferred_type(["text/html"])).to.equal(undefined);
    });
  }

  const slow: [what: string, header: string][] = [
    ["9900 semicolons in quotes", `a/b; x="${";".repeat(9900)}"`],
    ["9900 quotes", `a/b; x=${'"'.repeat(9900)}`],
    ["9900 backslashes", `a/b; x="${"\\".repeat(9900)}"`],
    ["2000 types", Array.from({ length: 2000 }, (_, i) => `a/b${i};q=0.${i % 10}`).join(",")],
  ];
  for (const [what, header] of slow) {
    it(`of ${what} is read in no time (D17, D19)`, () => {
      const read = (): unknown => rf.get("/", null, { headers: { Accept: header } }).accepted_types;
      expect(cpu_time(read)).to.be.below(50);
    });
  }

  it("compares parameters whatever they are called", () => {
    expect(new MediaType("a/b; __proto__=1").match("a/b; __proto__=1")).to.equal(true);
    expect(new MediaType("a/b; constructor=1").match("a/b; toString=1")).to.equal(false);
  });
});

describe("http/request: as text", () => {
  it("is one line without anything secret, and reads no body (D25)", () => {
    const request = rf.generic("GET", "/", "body", {
      PATH_INFO: "/a\r\nb",
      HTTP_COOKIE: "sessionid=secret",
    });
    expect(String(request)).to.equal("<EnvironRequest: GET '/a%0D%0Ab'>");
    expect(inspected(request)).to.equal(String(request));
    expect(request.read().toString()).to.equal("body");
  });
});

describe("http/request: made by hand", () => {
  it("has an empty form and query that may be filled", () => {
    const request = new HttpRequest();
    request.method = "POST";
    request.POST.set("a", "1");
    request.GET.set("b", "2");
    expect([request.POST.get("a"), request.GET.get("b")]).to.deep.equal(["1", "2"]);
    expect(request.FILES.size).to.equal(0);
    expect(request.body.length).to.equal(0);
  });

  it("has optional attributes only when somebody sets them", () => {
    const request = new HttpRequest();
    expect("urlconf" in request).to.equal(false);
    request.urlconf = null;
    expect("urlconf" in request).to.equal(true);
    expectTypeOf<HttpRequest["user"]["is_authenticated"]>().toEqualTypeOf<boolean>();
  });

  it("K1: has a signal that nobody aborts, always the same", () => {
    for (const request of [new HttpRequest(), rf.get("/")]) {
      const { signal } = request;
      expect(signal).to.be.instanceOf(AbortSignal);
      expect(signal.aborted).to.equal(false);
      expect(request.signal).to.equal(signal);
    }
    expect(rf.get("/").signal).to.not.equal(rf.get("/").signal);
  });

  it("K1: makes no signal before somebody looks", () => {
    expect("_signal" in new HttpRequest()).to.equal(false);
  });
});
