/** Security of responses: nothing that stands in one can break it apart or send a visitor astray. @module */
import { rmSync, truncateSync, writeFileSync } from "node:fs";
import { appendFile } from "node:fs/promises";
import { expect } from "chai";
import { beforeEach, describe, it } from "mocha";
import { CookieError, DisallowedRedirect, ValueError } from "nuages/core/exceptions";
import { type DiskFile, open_file } from "nuages/core/files";
import {
  BadHeaderError,
  type CookieOptions,
  FileResponse,
  HttpResponse,
  HttpResponseRedirect,
  JsonResponse,
  StreamingHttpResponse,
} from "nuages/http";
import { SecurityMiddleware } from "nuages/middleware/security";
import { redirect } from "nuages/shortcuts";
import { path } from "nuages/urls";
import { patch_vary_headers } from "nuages/utils/cache";
import { content_disposition_header } from "nuages/utils/http";
import { type AnyView, ask } from "../support/ask.ts";
import { cpu_time } from "../support/cpu_time.ts";
import { temporary_directory } from "../support/files.ts";
import { logged, quiet } from "../support/log.ts";
import { type TestServer, with_server } from "../support/server.ts";
import { turns, until } from "../support/turns.ts";

const GET = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
// whose low bytes are CR LF
const LOW_CRLF = "\u010d\u010aSet-Cookie: a=b";

/** What a client gets over a socket. */
async function sent(view: AnyView, bytes: string = GET): Promise<string> {
  let answer = "";
  await with_server([path("", view as () => HttpResponse)], async ({ raw }) => {
    answer = await raw(bytes);
  });
  return answer;
}

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

describe("security/response: redirects", () => {
  quiet();

  const refused = [
    "javascript:alert(1)",
    "\x08javascript:alert(1)",
    " javascript:alert(1)",
    "JaVaScRiPt:x",
    "java\nscript:x",
    "java\tscript:x",
    "data:text/html,x",
    "vbscript:x",
    "mailto:a@b",
    "file:///x",
    "blob:http://a/b",
  ];
  for (const url of refused) {
    it(`H10: ${JSON.stringify(url)} is refused with 400`, async () => {
      expect(() => new HttpResponseRedirect(url)).to.throw(DisallowedRedirect);
      const { status, headers, records } = await ask(() => new HttpResponseRedirect(url));
      expect([status, headers.get("Location")]).to.deep.equal([400, null]);
      expect(records.map(({ logger }) => logger)).to.include("django.security.DisallowedRedirect");
    });
  }
  for (const url of ["http://a.example/", "HTTPS://a.example/", "ftp://a.example/f", "x", "/x"]) {
    it(`H10: ${url} is allowed`, () => {
      expect(new HttpResponseRedirect(url).url).to.equal(url);
    });
  }

  const encoded: [url: string, location: string][] = [
    ["http://a/\r\nX: y", "http://a/%0D%0AX:%20y"],
    ["/\\evil.com", "/%5Cevil.com"],
    ["//\0", "//%00"],
    ["http://é.com/é", "http://%C3%A9.com/%C3%A9"],
  ];
  for (const [url, location] of encoded) {
    it(`H11: ${JSON.stringify(url)} is sent as ${location}`, () => {
      expect(new HttpResponseRedirect(url).url).to.equal(location);
    });
  }

  it("H12: a URL has 16,384 characters at most, as it is sent", () => {
    const longest = `/${"x".repeat(16_383)}`;
    expect(new HttpResponseRedirect(longest).url).to.equal(longest);
    expect(() => new HttpResponseRedirect(`${longest}x`)).to.throw(DisallowedRedirect);
    expect(() => new HttpResponseRedirect("é".repeat(3000))).to.throw(DisallowedRedirect);
    const unlimited = new HttpResponseRedirect(`${longest}x`, { max_length: null });
    expect(unlimited.url).to.have.lengthOf(16_385);
  });

  it("H12: 1 MB of U+FB03 is refused within 5 ms", () => {
    const url = "\ufb03".repeat(1_000_000);
    const refuse = (): unknown =>
      expect(() => new HttpResponseRedirect(url)).to.throw(DisallowedRedirect);
    refuse();
    expect(cpu_time(refuse)).to.be.below(5);
  });

  it("H13: what is no URL at all is an error, and no redirect", async () => {
    expect(() => new HttpResponseRedirect("http://[::1")).to.throw(ValueError);
    const { status, headers } = await ask(() => new HttpResponseRedirect("http://[::1"));
    expect([status, headers.get("Location")]).to.deep.equal([500, null]);
  });

  it("H14: the URL stands in Location only, encoded", () => {
    const response = new HttpResponseRedirect('"><script>alert(1)</script>');
    expect(response.content).to.have.lengthOf(0);
    expect(response.url).to.equal("%22%3E%3Cscript%3Ealert(1)%3C/script%3E");
  });

  it("H15: a foreign host is allowed: whoever redirects to what a visitor sent must check it", async () => {
    const { status, headers } = await ask(() => redirect("//evil.com"));
    expect([status, headers.get("Location")]).to.deep.equal([302, "//evil.com"]);
  });
});

describe("security/response: downloads", () => {
  const names: [name: string, parameter: string][] = [
    ['a"b.txt', '; filename="a\\"b.txt"'],
    ["a\\b.txt", '; filename="a\\\\b.txt"'],
    ["a\r\nX: y.txt", "; filename*=utf-8''a%0D%0AX%3A%20y.txt"],
    ["é.txt", "; filename*=utf-8''%C3%A9.txt"],
    ["a\0b", "; filename*=utf-8''a%00b"],
    ["", ""],
    ["a;b.txt", '; filename="a;b.txt"'],
    ["a%22.txt", '; filename="a%22.txt"'],
  ];
  for (const [name, parameter] of names) {
    it(`H16: the name ${JSON.stringify(name)} is written${parameter || " not at all"}`, () => {
      expect(content_disposition_header(true, name)).to.equal(`attachment${parameter}`);
      const response = new FileResponse(Buffer.from("x"), { as_attachment: true, filename: name });
      expect(response.get("Content-Disposition")).to.equal(`attachment${parameter}`);
    });
  }

  const directory = temporary_directory({
    "deep/down/page.txt": "text",
    "large.bin": Buffer.alloc(4_000_000, "x"),
  });

  it("H17: a name is the last part of a path, and no directory is told", () => {
    const options = { as_attachment: true, filename: 'a"\r\nb/..é.html' };
    const named = new FileResponse(Buffer.from("x"), options);
    expect(named.get("Content-Disposition")).to.equal("attachment; filename*=utf-8''..%C3%A9.html");
    const opened = new FileResponse(open_file(directory.path("deep/down/page.txt")));
    expect(opened.get("Content-Disposition")).to.equal('inline; filename="page.txt"');
    opened.close();
  });

  /** Files that are counted. */
  let opened: DiskFile[] = [];
  function open(file: string): FileResponse {
    const disk_file = open_file(file);
    opened.push(disk_file);
    return new FileResponse(disk_file);
  }
  beforeEach(() => void (opened = []));
  async function expect_closed(count: number): Promise<void> {
    await until(() => opened.every(({ closed }) => closed));
    expect(opened.map(({ closed }) => closed)).to.deep.equal(Array(count).fill(true));
  }

  const SIZE = 4_000_000;
  const changes: [what: string, change: (file: string) => unknown][] = [
    ["grows", (file) => appendFile(file, Buffer.alloc(1_000_000, "y"))],
    ["is deleted", (file) => rmSync(file)],
    [
      "is replaced",
      (file) => {
        rmSync(file);
        writeFileSync(file, "new");
      },
    ],
  ];
  async function download(file: string, change: (file: string) => unknown): Promise<string> {
    writeFileSync(file, Buffer.alloc(SIZE, "x"));
    return sent(async () => {
      const response = open(file);
      await change(file);
      return response;
    });
  }
  for (const [what, change] of changes) {
    it(`H18: of a file that ${what} meanwhile, the client gets what was announced`, async () => {
      const answer = await download(directory.path("changing.bin"), change);
      expect(answer).to.include(`Content-Length: ${SIZE}\r\n`);
      expect(answer.endsWith(`\r\n\r\n${"x".repeat(SIZE)}`)).to.equal(true);
      await expect_closed(1);
    });
  }
  describe("that break off", () => {
    quiet();
    it("H18: of a file that shrinks meanwhile, the client gets less than was announced", async () => {
      const file = directory.path("shrinking.bin");
      const answer = await download(file, () => truncateSync(file, 100));
      expect(answer).to.match(/^(HTTP\/1\.1 200 |$)/);
      expect(answer.length).to.be.below(SIZE);
      await expect_closed(1);
    });
  });

  const large = (): FileResponse => open(directory.path("large.bin"));
  type Ending = [how: string, view: AnyView, ask_for: (server: TestServer) => Promise<unknown>];
  const endings: Ending[] = [
    ["HEAD", large, async ({ fetch }) => (await fetch("/", { method: "HEAD" })).text()],
    [
      "304",
      () => Object.assign(large(), { status_code: 304 }),
      async ({ fetch }) => (await fetch("/")).text(),
    ],
    ["a client that goes away", large, goes_away],
    [
      "an error before the first byte",
      () => Object.assign(large(), { status_code: 1000 }),
      async ({ fetch }) => (await fetch("/")).text(),
    ],
  ];
  async function goes_away(server: TestServer): Promise<void> {
    const socket = await server.connect();
    socket.write(GET);
    await new Promise((resolve) => socket.once("data", resolve));
    socket.destroy();
  }
  describe("and their files", () => {
    quiet();
    for (const [how, view, ask_for] of endings) {
      it(`H19: are closed after ${how}, 200 times out of 200`, async () => {
        await with_server([path("", view as () => FileResponse)], async (server) => {
          for (let run = 0; run < 200; run++) await ask_for(server);
          await expect_closed(200);
        });
      });
    }
  });
});

describe("security/response: JSON", () => {
  it("H20: a list is refused unless safe is off", () => {
    expect(() => new JsonResponse([1])).to.throw(TypeError);
    expect(new JsonResponse([1], { safe: false }).text).to.equal("[1]");
  });

  const cyclic: { self?: unknown } = {};
  cyclic.self = cyclic;
  const wrong: [what: string, data: () => object][] = [
    ["a cycle", () => cyclic],
    ["what throws in toJSON", () => ({ a: { toJSON: fails } })],
    [
      "what throws when it is read",
      () => Object.defineProperty({}, "a", { enumerable: true, get: fails }),
    ],
    ["a function", () => ({ a: fails })],
    ["a Symbol", () => ({ a: Symbol("s") })],
  ];
  function fails(): never {
    throw new Error("not readable");
  }
  describe("that cannot be written", () => {
    quiet();
    for (const [what, data] of wrong) {
      it(`H20: ${what} is an error before anything is sent`, async () => {
        const answer = await sent(() => new JsonResponse({ first: 1, second: data() }));
        expect(answer).to.match(/^HTTP\/1\.1 500 /);
        expect(answer).not.to.include("first");
      });
    }
  });

  const odd: [what: string, value: unknown, text: string][] = [
    ["NaN", Number.NaN, "NaN"], // as Python writes it
    ["a BigInt", 2n ** 64n, "18446744073709551616"],
    ["undefined", undefined, "null"],
  ];
  for (const [what, value, text] of odd) {
    it(`H20: ${what} is written ${text}`, () => {
      expect(new JsonResponse({ a: value }).text).to.equal(`{"a": ${text}}`);
    });
  }

  it("H21: tags are not escaped: the type and nosniff keep browsers from reading HTML", async () => {
    const { headers, text } = await ask(() => new JsonResponse({ a: "</script>" }), {
      MIDDLEWARE: [SecurityMiddleware],
    });
    expect(text).to.equal('{"a": "</script>"}');
    expect(headers.get("Content-Type")).to.equal("application/json");
    expect(headers.get("X-Content-Type-Options")).to.equal("nosniff");
  });
});

describe("security/response: streams", () => {
  const pieces: [what: string, piece: unknown, text: string][] = [
    ["a number", 12, "12"],
    ["null", null, "None"],
    ["an object", { a: 1 }, "{'a': 1}"],
    ["half a character", "\ud800", "\ufffd"],
  ];
  for (const [what, piece, text] of pieces) {
    it(`H22: ${what} is sent as ${JSON.stringify(text)}`, async () => {
      const view: AnyView = () => new StreamingHttpResponse(["<", piece, ">"]);
      expect((await ask(view)).text).to.equal(`<${text}>`);
      await with_server([path("", view as () => StreamingHttpResponse)], async ({ fetch }) => {
        expect(await (await fetch("/")).text()).to.equal(`<${text}>`);
      });
    });
  }

  describe("that break off", () => {
    quiet();
    it("H22: what has no text ends the connection, and the next request is answered", async () => {
      const broken = {
        toString: () => {
          throw new Error("no text");
        },
      };
      const view: AnyView = () => new StreamingHttpResponse(["begun", broken]);
      await with_server([path("", view as () => StreamingHttpResponse)], async ({ raw }) => {
        for (let run = 0; run < 2; run++) {
          const answer = await raw(GET);
          expect(answer).to.match(/^HTTP\/1\.1 200 OK/);
          expect(answer.endsWith("0\r\n\r\n")).to.equal(false);
        }
      });
    });
  });

  it("H22: a text of 100 MB is written as fast as it is read, and no further piece is made before", async () => {
    let made = 0;
    function* texts(): Generator<string> {
      for (let run = 0; run < 3; run++) {
        made += 1;
        yield "x".repeat(100_000_000);
      }
    }
    const view = (): StreamingHttpResponse => new StreamingHttpResponse(texts());
    await with_server([path("", view)], async ({ connect }) => {
      const socket = await connect();
      socket.on("error", () => undefined);
      socket.write(GET);
      await new Promise((resolve) => socket.once("readable", resolve));
      await turns(20);
      expect(made).to.equal(1);
      socket.destroy();
    });
  });

  it("H25: a response that was sent is not sent to the next visitor", async () => {
    const shared = new HttpResponse("for one");
    const view: AnyView = () => {
      shared.set_cookie("session", "secret");
      return shared;
    };
    await with_server([path("", view as () => HttpResponse)], async ({ raw }) => {
      expect(await raw(GET)).to.match(/^HTTP\/1\.1 200 OK[^]*secret[^]*for one$/);
      const records = await logged(async () => {
        const second = await raw(GET);
        expect(second).to.match(/^HTTP\/1\.1 500 /);
        expect(second).not.to.match(/secret|for one/);
      });
      expect(records.map(({ error }) => String(error)).join()).to.include("can be sent once");
    });
  });

  it("H25: nor behind the Fetch door", async () => {
    const shared = new HttpResponse("for one");
    const view: AnyView = () => shared;
    expect((await ask(view)).text).to.equal("for one");
    const { status, text } = await ask(view);
    expect([status, text.includes("for one")]).to.deep.equal([500, false]);
  });
});
