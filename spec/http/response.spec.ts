import { inspect } from "node:util";
import { expect } from "chai";
import { expectTypeOf } from "expect-type";
import { describe, it } from "mocha";
import {
  AttributeError,
  DisallowedRedirect,
  KeyError,
  OSError,
  UnicodeEncodeError,
  ValueError,
} from "nuages/core/exceptions";
import { request_finished } from "nuages/core/signals";
import {
  BadHeaderError,
  Http404,
  HttpResponse,
  HttpResponseBase,
  HttpResponseNotAllowed,
  HttpResponseNotFound,
  HttpResponseNotModified,
  HttpResponsePermanentRedirect,
  HttpResponseRedirect,
  ResponseHeaders,
} from "nuages/http";
import * as module from "nuages/http/response";

describe("http/response: HttpResponse", () => {
  it("prints as in Django", () => {
    expect(inspect(new HttpResponse("x"))).to.equal(
      '<HttpResponse status_code=200, "text/html; charset=utf-8">',
    );
    expect(inspect(new HttpResponseNotAllowed(["GET", "PUT"]))).to.equal(
      '<HttpResponseNotAllowed [GET, PUT] status_code=405, "text/html; charset=utf-8">',
    );
  });

  const contents: [name: string, content: unknown, expected: string][] = [
    ["nothing", undefined, ""],
    ["null, as Python's text of it", null, "None"],
    ["true", true, "True"],
    ["a String object", new String("abc"), "abc"],
    ["the keys of an object", { b: 1, a: 2 }, "ba"],
    ["the keys of a Map", new Map([["k", "v"]]), "k"],
    ["the items of a Set", new Set(["x", 1]), "x1"],
    ["the bytes of an ArrayBuffer", new Uint8Array([104, 105]).buffer, "hi"],
    ["the bytes of a DataView", new DataView(new Uint8Array([1, 104, 105]).buffer, 1), "hi"],
    ["the text of an object of some class", new URL("http://h/"), "http://h/"],
  ];
  for (const [name, content, expected] of contents) {
    it(`takes ${name}`, () => {
      expect(new HttpResponse(content).content.toString()).to.equal(expected);
    });
  }

  it("refuses what cannot be read at once, and says what to do", () => {
    async function* pieces(): AsyncGenerator<string> {
      yield "a";
    }
    expect(() => new HttpResponse(pieces())).to.throw(TypeError, "StreamingHttpResponse");
    expect(() => new HttpResponse(Promise.resolve("a"))).to.throw(TypeError, "Await");
  });

  it("refuses half a character when it is given, not when it is sent", () => {
    expect(() => new HttpResponse("a\ud800")).to.throw(UnicodeEncodeError);
  });

  it("sends text as it is, and bytes once they were asked for", () => {
    const response = new HttpResponse("é");
    expect(response._payload()).to.equal("é");
    expect(response.tell()).to.equal(2);
    expect(response.content).to.deep.equal(Buffer.from("é"));
    expect(response._payload()).to.deep.equal(Buffer.from("é"));
  });

  it("keeps the charset in which text was set, whatever becomes of it later", () => {
    const response = new HttpResponse("é");
    response.charset = "iso-8859-1";
    expect(response.content).to.deep.equal(Buffer.from("é", "utf8"));
    expect(response.text).to.equal("Ã©");
  });

  it("has no wire form of its own for cookies and headers", () => {
    const response = new HttpResponse("x", { headers: { b: 1, A: "2" } });
    expect(response._has_cookies).to.equal(false);
    response.set_cookie("k", "v");
    response.set_cookie("l", "w", { path: null });
    response.set("B", 3);
    expect(response._has_cookies).to.equal(true);
    expect(response._wire_headers()).to.deep.equal(
      [
        ["B", "3"],
        ["A", "2"],
        ["Content-Type", "text/html; charset=utf-8"],
        ["Set-Cookie", "k=v; Path=/"],
        ["Set-Cookie", "l=w"],
      ].flat(),
    );
  });

  it("has a status of its class that an argument overrides", () => {
    class Teapot extends HttpResponse {
      static {
        this.prototype.status_code = 418;
      }
    }
    expect(new Teapot().status_code).to.equal(418);
    expect(new Teapot("", { status: 200 }).status_code).to.equal(200);
    expect(new HttpResponseNotFound().status_code).to.equal(404);
  });

  const bad_statuses: [status: number | string, error: new (message: string) => Error][] = [
    [99, ValueError],
    [600, ValueError],
    [-1, ValueError],
    ["200 OK", TypeError],
    ["", TypeError],
    [200.5, TypeError],
    [Number.NaN, TypeError],
    [Infinity, TypeError],
  ];
  for (const [status, error] of bad_statuses) {
    it(`refuses the status ${JSON.stringify(status)}${Number.isNaN(status) ? " (NaN)" : ""}`, () => {
      expect(() => new HttpResponse("", { status })).to.throw(error);
    });
  }

  it("closes what it holds, in order and whatever fails, then says so once more is not needed", () => {
    const events: string[] = [];
    const receiver = ({ sender }: { sender: unknown }): void => void events.push(`sent ${sender}`);
    const response = new HttpResponse();
    response._handler_class = "handler";
    response._resource_closers.push(() => events.push("first"));
    response._resource_closers.push(() => {
      throw new Error("cannot close");
    });
    response._resource_closers.push(() => Promise.reject(new Error("cannot close later")));
    response._resource_closers.push(() => events.push("last"));
    request_finished.connect(receiver);
    try {
      response.close();
    } finally {
      request_finished.disconnect(receiver);
    }
    expect(events).to.deep.equal(["first", "last", "sent handler"]);
    expect(response.closed).to.equal(true);
    expect(response._resource_closers).to.deep.equal([]);
  });

  it("is told from a stream by its type", () => {
    const response = new HttpResponse();
    expectTypeOf(response.streaming).toEqualTypeOf<false>();
    expectTypeOf(response.get("X")).toEqualTypeOf<string | undefined>();
    expectTypeOf(response.get("X", 0)).toEqualTypeOf<string | number>();
    expect(response.streaming).to.equal(false);
  });

  it("has a base that holds no content", () => {
    const response = new HttpResponseBase({ status: 204 });
    expect(() => response.write("x")).to.throw(OSError, "HttpResponseBase");
    expect(() => response.tell()).to.throw(OSError);
    expect(() => response.writelines(["x"])).to.throw(OSError);
    expect([response.readable(), response.writable(), response.seekable()]).to.deep.equal([
      false,
      false,
      false,
    ]);
  });

  it("with status 304 has no content and no piece of one", () => {
    const response = new HttpResponseNotModified();
    expect([...response]).to.deep.equal([]);
    expect(() => {
      response.content = ["x"];
    }).to.throw(AttributeError);
  });

  it("has its class names in the module that Django has them in", () => {
    expect(module.HttpResponse).to.equal(HttpResponse);
    expect(module.Http404).to.equal(Http404);
  });
});

describe("http/response: headers", () => {
  const split = ["a\nb", "a\rb", "a\r\nSet-Cookie: x=y", "é\n", "€\r\n", Buffer.from("a\nb")];
  for (const value of split) {
    it(`refuse the value ${JSON.stringify(String(value))}, and stay as they were`, () => {
      const response = new HttpResponse();
      expect(() => response.set("X", value)).to.throw(BadHeaderError);
      expect(response.has("X")).to.equal(false);
    });
  }

  for (const code of [0, 1, 8, 0x0b, 0x0c, 0x0e, 0x1f, 0x7f]) {
    it(`refuse the control character ${code} in a value and in a name`, () => {
      const character = String.fromCharCode(code);
      const headers = new ResponseHeaders();
      expect(() => headers.set("X", `a${character}`)).to.throw(BadHeaderError);
      expect(() => headers.set(`X${character}`, "a")).to.throw(BadHeaderError);
      expect(headers.size).to.equal(0);
    });
  }

  it("take a tab", () => {
    expect(new ResponseHeaders({ X: "a\tb" }).get("X")).to.equal("a\tb");
  });

  const encoded: [value: string, sent: string][] = [
    ["é", "é"],
    ["é€", "=?utf-8?b?w6nigqw=?="],
    ["a\u2028b", "=?utf-8?b?YeKAqGI=?="],
    ["\u010d\u010aSet-Cookie: a=b", "=?utf-8?b?xI3EilNldC1Db29raWU6IGE9Yg==?="],
    ["€\x0b", "=?utf-8?b?4oKsCw==?="],
  ];
  for (const [value, sent] of encoded) {
    it(`send ${JSON.stringify(value)} on one line`, () => {
      expect(new ResponseHeaders({ X: value }).getitem("x")).to.equal(sent);
    });
  }

  it("refuse half a character", () => {
    expect(() => new ResponseHeaders({ X: "\ud800" })).to.throw(UnicodeEncodeError);
  });

  it("are the same from the response and from response.headers", () => {
    const response = new HttpResponse("", { headers: { "X-A": 1 } });
    const { headers } = response;
    headers.set("x-a", 2);
    response.set("X-B", true);
    expect(response.get("X-A")).to.equal("2");
    expect([...headers.items()]).to.deep.equal([
      ["x-a", "2"],
      ["Content-Type", "text/html; charset=utf-8"],
      ["X-B", "True"],
    ]);
    expect(inspect(headers)).to.equal(
      "{'x-a': '2', 'Content-Type': 'text/html; charset=utf-8', 'X-B': 'True'}",
    );
  });

  it("can be replaced as a whole", () => {
    const response = new HttpResponse();
    response.headers = new ResponseHeaders({ A: "1" });
    response.set("B", "2");
    expect([...response.headers]).to.deep.equal(["A", "B"]);
    expect(response._wire_headers()).to.deep.equal(["A", "1", "B", "2"]);
  });

  it("may have the names of an object's own members", () => {
    const { headers } = new HttpResponse();
    expect(headers.get("toString")).to.equal(undefined);
    expect(headers.has("__proto__")).to.equal(false);
    headers.set("__proto__", "x");
    headers.setdefault("constructor", "y");
    expect(headers.pop("__PROTO__")).to.deep.equal(["__proto__", "x"]);
    expect(headers.pop("constructor")).to.deep.equal(["constructor", "y"]);
    expect(headers.pop("constructor", null)).to.equal(null);
    expect(Object.keys(Object.prototype)).to.deep.equal([]);
  });

  const sources: [name: string, headers: ConstructorParameters<typeof ResponseHeaders>[0]][] = [
    ["an object", { A: 1, b: "2" }],
    [
      "a Map",
      new Map<string, unknown>([
        ["A", 1],
        ["b", "2"],
      ]),
    ],
    [
      "pairs",
      [
        ["A", 1],
        ["b", "2"],
      ],
    ],
    ["other headers", new ResponseHeaders({ A: 1, b: "2" })],
    [
      "a generator of pairs",
      (function* () {
        yield ["A", 1] as const;
        yield ["b", "2"] as const;
      })(),
    ],
  ];
  for (const [name, headers] of sources) {
    it(`are taken from ${name}`, () => {
      const taken = new HttpResponse("", { headers, content_type: "c/d" });
      expect([...taken.items()]).to.deep.equal([
        ["A", "1"],
        ["b", "2"],
        ["Content-Type", "c/d"],
      ]);
    });
  }

  it("are taken from the Headers of the Fetch standard", () => {
    expect([...new ResponseHeaders(new Headers({ A: "1" }))]).to.deep.equal(["a"]);
  });

  it("throw KeyError for one that is missing", () => {
    expect(() => new HttpResponse().getitem("X")).to.throw(KeyError);
    expect(() => new HttpResponse().headers.getitem("X")).to.throw(KeyError);
  });
});

describe("http/response: redirects", () => {
  for (const url of [
    "javascript:alert(1)",
    "\x08javascript:x",
    " javascript:x",
    "JaVaScRiPt:x",
    "java\nscript:x",
    "java\tscript:x",
    "data:text/html,x",
    "vbscript:x",
    "mailto:a@b",
    "file:///x",
    "blob:x",
  ]) {
    it(`refuse ${JSON.stringify(url)}`, () => {
      expect(() => new HttpResponseRedirect(url)).to.throw(DisallowedRedirect);
    });
  }

  const sent: [url: string, location: string][] = [
    ["http://a/\r\nX: y", "http://a/%0D%0AX:%20y"],
    ["/\\evil.com", "/%5Cevil.com"],
    ["//\0", "//%00"],
    ["http://é.com/é", "http://%C3%A9.com/%C3%A9"],
    ['"><script>alert(1)</script>', "%22%3E%3Cscript%3Ealert(1)%3C/script%3E"],
  ];
  for (const [url, location] of sent) {
    it(`send ${JSON.stringify(url)} encoded, and nothing in the body`, () => {
      const response = new HttpResponsePermanentRedirect(url);
      expect(response.url).to.equal(location);
      expect(response.content.length).to.equal(0);
    });
  }

  it("are limited in length as they are sent", () => {
    expect(new HttpResponseRedirect("/".padEnd(16_384, "a")).url.length).to.equal(16_384);
    expect(() => new HttpResponseRedirect("/".padEnd(16_385, "a"))).to.throw(DisallowedRedirect);
    expect(() => new HttpResponseRedirect(`/${"é".repeat(3000)}`)).to.throw(DisallowedRedirect);
    const long = new HttpResponseRedirect("/".padEnd(20_000, "a"), { max_length: null });
    expect(long.url.length).to.equal(20_000);
  });

  it("look at the length of a huge target first of all", () => {
    const target = "\ufb03".repeat(1_000_000);
    const start = performance.now();
    expect(() => new HttpResponseRedirect(target)).to.throw(DisallowedRedirect);
    expect(performance.now() - start).to.be.lessThan(20);
  });

  it("may go to schemes of a subclass's own", () => {
    class AppRedirect extends HttpResponseRedirect {
      static override allowed_schemes = ["myapp"];
    }
    expect(new AppRedirect("myapp:open").url).to.equal("myapp:open");
    expect(() => new AppRedirect("http://h/")).to.throw(DisallowedRedirect, "myapp");
  });

  it("print their target", () => {
    expect(inspect(new HttpResponseRedirect("/x", { preserve_request: true }))).to.equal(
      '<HttpResponseRedirect status_code=307, "text/html; charset=utf-8", url="/x">',
    );
  });
});

describe("http/response: Http404", () => {
  it("keeps what it was given", () => {
    expect(new Http404("gone").message).to.equal("gone");
    expect(new Http404({ path: "x" }).value).to.deep.equal({ path: "x" });
    expect(new Http404().message).to.equal("");
  });
});
