/** Security of cookies, and of headers with parameters. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { CookieStorage } from "nuages/contrib/messages/storage/cookie";
import { SessionMiddleware } from "nuages/contrib/sessions/middleware";
import { BaseHandler } from "nuages/core/handlers";
import { type HttpRequest, HttpResponse, JsonResponse } from "nuages/http";
import { CsrfViewMiddleware } from "nuages/middleware/csrf";
import { RequestFactory } from "nuages/test";
import { get_language_from_request } from "nuages/utils/translation";
import { type AnyView, ask, site } from "../support/ask.ts";
import { cpu_ratio_of, cpu_time } from "../support/cpu_time.ts";
import { logged } from "../support/log.ts";
import { with_server } from "../support/server.ts";
import { with_settings } from "../support/settings.ts";
import { get, json_of } from "../support/raw.ts";

const rf = new RequestFactory();
const with_cookies = (header: string): HttpRequest => rf.get("/", null, { HTTP_COOKIE: header });

describe("security/request: cookies", () => {
  it("D11: of two with one name the later counts for everybody who reads one", async () => {
    const [evil, good] = ["e".repeat(32), "g".repeat(32)];
    const session = with_cookies(`sessionid=${evil}; sessionid=${good}`);
    await new SessionMiddleware(async () => new HttpResponse()).process_request(session);
    expect(session.session.session_key).to.equal(good);

    const language = with_cookies("django_language=de; django_language=fr");
    expect(get_language_from_request(language)).to.equal("fr");

    const storage = new CookieStorage(rf.get("/"));
    storage.add(20, "a message");
    const response = new HttpResponse();
    storage.update(response);
    const value = response.cookies.getitem("messages").coded_value;
    const told = (header: string): number => [...new CookieStorage(with_cookies(header))].length;
    expect(told(`messages=${evil}; messages=${value}`)).to.equal(1);
    expect(told(`messages=${value}; messages=${evil}`)).to.equal(0);

    const csrf = (header: string, token: string): HttpRequest =>
      rf.post("/", {}, { HTTP_COOKIE: header, HTTP_X_CSRFTOKEN: token });
    const settings = {
      MIDDLEWARE: [CsrfViewMiddleware],
      ROOT_URLCONF: site(() => new HttpResponse()),
    };
    const status = (token: string): Promise<number> =>
      with_settings(settings, async () => {
        const request = csrf(`csrftoken=${evil}; csrftoken=${good}`, token);
        return (await new BaseHandler().get_response(request)).status_code;
      });
    await logged(async () => {
      expect([await status(good), await status(evil)]).to.deep.equal([200, 403]);
    });
  });

  const headers: [header: string, cookies: Record<string, string>][] = [
    ["a=%0d%0ab", { a: "%0d%0ab" }],
    ["a=%zz", { a: "%zz" }],
    ['a="b\\073c"', { a: "b;c" }],
    ['a="\\351"', { a: "\u00e9" }],
    ['a="q"', { a: "q" }],
    ["a", { "": "a" }],
    ["=x", { "": "x" }],
    ["=sessionid=x", { "": "sessionid=x" }],
    ['a="x;y"; b=2', { a: '"x', "": 'y"', b: "2" }],
    ["a=1,b=2", { a: "1,b=2" }],
    [";;;", {}],
  ];
  for (const [header, cookies] of headers) {
    it(`D12: ${header} is ${JSON.stringify(cookies)}`, async () => {
      expect({ ...with_cookies(header).COOKIES }).to.deep.equal(cookies);
      const view = (request: HttpRequest): JsonResponse => new JsonResponse(request.COOKIES);
      await with_server(site(view), async (server) => {
        expect(json_of(await get(server, `Host: x\r\nCookie: ${header}`))).to.deep.equal(cookies);
      });
    });
  }

  for (const space of ["\u00a0", "\ufeff", "\u3000", "\u0085", "\u2028", "\v", "\f"]) {
    it(`D13: white space other than blanks and tabs (${escape(space)}) is part of a name`, () => {
      const { COOKIES } = with_cookies(
        Buffer.from(`a=1; ${space}__Host-sessionid=evil`).toString("latin1"),
      );
      expect(Object.keys(COOKIES)).to.deep.equal(["a", `${space}__Host-sessionid`]);
    });
  }
  it("D13: nor are the bytes of such characters taken off over a connection", async () => {
    const view = (request: HttpRequest): JsonResponse =>
      new JsonResponse(Object.keys(request.COOKIES), { safe: false });
    await with_server(site(view), async (server) => {
      for (const bytes of [
        "\xa0",
        "\x85",
        "\xc2\xa0",
        "\xc2\x85",
        "\xef\xbb\xbf",
        "\xe3\x80\x80",
      ]) {
        const names = json_of(
          await get(server, `Host: x\r\nCookie: a=1; ${bytes}__Host-a=2; \t b=3`),
        );
        expect(names).to.include.members(["a", "b"]).and.not.include("__Host-a");
      }
    });
  });

  const heavy: [what: string, value: string][] = [
    ["40,000 backslashes", "\\".repeat(40_000)],
    ["20,000 cut off escapes", "\\0".repeat(20_000)],
    ["40,000 quotes", '"'.repeat(40_000)],
  ];
  for (const [what, value] of heavy) {
    it(`D14: a value of ${what} is read in 10 ms, and twice as many in twice the time`, async () => {
      const read = (text: string): unknown => with_cookies(`a="${text}"`).COOKIES;
      expect(cpu_time(() => read(value))).to.be.below(10);
      const [long, twice_as_long] = [value.repeat(20), value.repeat(40)];
      expect(
        await cpu_ratio_of(
          () => read(long),
          () => read(twice_as_long),
        ),
      ).to.be.below(3);
    });
  }

  it("D15: several Cookie lines are one", async () => {
    const view = (request: HttpRequest): JsonResponse =>
      new JsonResponse({ ...request.COOKIES, header: request.headers.get("Cookie") });
    await with_server(site(view), async (server) => {
      const answer = await get(server, "Host: x\r\nCookie: a=1; b=2\r\nCOOKIE: a=3\r\ncookie: c=4");
      expect(json_of(answer)).to.deep.equal({
        a: "3",
        b: "2",
        c: "4",
        header: "a=1; b=2; a=3; c=4",
      });
    });
  });

  for (const separator of ["]", ",", "\\", "[", " ", ":", "|", "/", "&"]) {
    it(`D16: ${JSON.stringify(separator)} separates no cookies`, () => {
      const header = `__utma=1${separator}csrftoken=evil; csrftoken=good`;
      expect(with_cookies(header).COOKIES["csrftoken"]).to.equal("good");
    });
  }
  it("D16: a quote that is left open hides no cookie", () => {
    expect(with_cookies('__utma="1; csrftoken=good').COOKIES["csrftoken"]).to.equal("good");
  });
});

describe("security/request: headers with parameters", () => {
  const heavy: [what: string, parameter: string, value: string][] = [
    ["semicolons", `"${";".repeat(9900)}"`, ";".repeat(9900)],
    ["quotes", '"'.repeat(9900), '"'.repeat(9898)],
    ["backslashes", `"${"\\".repeat(9900)}"`, "\\".repeat(4950)],
  ];
  for (const [what, parameter, value] of heavy) {
    const header = `a/b; x=${parameter}`;
    it(`D17: one of 9,900 ${what} is one parameter, read in 10 ms`, () => {
      const accept = (): unknown => rf.get("/", null, { HTTP_ACCEPT: header }).accepted_types;
      const [type] = rf.get("/", null, { HTTP_ACCEPT: header }).accepted_types;
      expect({ ...type?.params }).to.deep.equal({ x: value });
      const post = rf.generic("POST", "/", "x", { content_type: header });
      expect({ ...post.content_params }).to.deep.equal({ x: value });
      expect(cpu_time(accept)).to.be.below(10);
      expect(
        cpu_time(() => rf.generic("POST", "/", "x", { content_type: header }).content_params),
      ).to.be.below(10);
    });

    it(`D17: 30 such lines are read in 50 ms`, () => {
      const lines = Array.from({ length: 30 }, () => header).join(",");
      const read = (): unknown => rf.get("/", null, { HTTP_ACCEPT: lines }).accepted_types;
      expect(cpu_time(read)).to.be.below(50);
    });
  }

  const unreadable: [id: string, what: string, value: string][] = [
    ["D18", "over 10,000 characters", `text/html; x=${"y".repeat(10_000)}`],
    ["D18", "in a charset that does not exist", "text/html; x*=nope''a"],
    ["D26", "in pieces without an order", "text/html; x*=a; x*0=b"],
  ];
  const reading: [header: string, view: AnyView][] = [
    ["Accept", (request) => new HttpResponse(String(request.accepts("text/html")))],
    ["Content-Type", (request) => new HttpResponse(String(request.content_type))],
    ["Content-Type", (request) => new HttpResponse(String(request.POST.size))],
    ["Content-Type", () => new HttpResponse("of no interest here")],
  ];
  for (const [id, what, value] of unreadable) {
    for (const [at, [header, view]] of reading.entries()) {
      it(`${id}: ${header} ${what} is 400 from both doors (view ${at + 1})`, async () => {
        const bytes = `POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${header}: ${value}\r\nContent-Length: 3\r\n\r\na=1`;
        await logged(() =>
          with_server(site(view), async (server) => {
            expect(await server.raw(bytes)).to.match(/^HTTP\/1\.1 400 /);
          }),
        );
        const headers = { "Content-Type": "text/plain", [header]: value };
        const request = new Request("http://testserver/", { method: "POST", body: "a=1", headers });
        expect((await ask(view, {}, request)).status).to.equal(400);
      });
    }
  }

  it("D26: such a Content-Disposition of a part is 400 from both doors", async () => {
    const part = 'Content-Disposition: form-data; name="f"; filename*=a; filename*0=b';
    const body = `--sep\r\n${part}\r\n\r\ndata\r\n--sep--\r\n`;
    const type = "multipart/form-data; boundary=sep";
    const view = (request: HttpRequest): HttpResponse =>
      new HttpResponse(String(request.POST.size));
    const bytes = `POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    await logged(() =>
      with_server(site(view), async (server) => {
        expect(await server.raw(bytes)).to.match(/^HTTP\/1\.1 400 /);
      }),
    );
    const headers = { "Content-Type": type };
    const request = new Request("http://testserver/", { method: "POST", body, headers });
    expect((await ask(view, {}, request)).status).to.equal(400);
  });

  it("D19: two thousand types of odd quality are in the same order every time", () => {
    const qualities = ["nan", "-1", "2", "9".repeat(30), "inf", "abc", "0.5", "0"];
    const types = Array.from({ length: 2000 }, (_, n) => `a/b${n};q=${qualities[n % 8]}`).join(",");
    const order = (): string => rf.get("/", null, { HTTP_ACCEPT: types }).accepted_types.join();
    expect(order()).to.equal(order());
    expect(order().split(",").length).to.equal(1750); // not those of quality 0
    expect(cpu_time(order)).to.be.below(50);
  });
});
