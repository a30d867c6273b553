/** Specification of nuages/middleware/common. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import type { Settings } from "nuages/conf";
import { RuntimeError } from "nuages/core/exceptions";
import { outbox } from "nuages/core/mail";
import { BaseEmailBackend } from "nuages/core/mail/backends/base";
import { EmailBackend as DummyBackend } from "nuages/core/mail/backends/dummy";
import { HttpResponse, HttpResponseRedirect, StreamingHttpResponse } from "nuages/http";
import { BrokenLinkEmailsMiddleware, CommonMiddleware } from "nuages/middleware/common";
import { path, re_path } from "nuages/urls";
import { no_append_slash } from "nuages/views/decorators/common";
import type { MiddlewareEntry } from "nuages/utils/deprecation";
import { logged, quiet } from "../support/log.ts";
import { IN_MEMORY } from "../support/mail.ts";
import { cpu_time_of } from "../support/cpu_time.ts";
import { with_server } from "../support/server.ts";
import { with_site } from "../support/site.ts";

const MIDDLEWARE = [CommonMiddleware];
const view = (): HttpResponse => new HttpResponse("é");
const anything = [re_path("^.*/$", view)];

describe("middleware/common: APPEND_SLASH", () => {
  quiet();

  const locations: [target: string, location: string][] = [
    ["//evil.com/foo", "/%2Fevil.com/foo/"],
    ["///evil.com/foo", "/%2F/evil.com/foo/"],
    ["/\\evil.com/foo", "/%5Cevil.com/foo/"],
    ["/foo?next=//x", "/foo/?next=//x"],
    ["/a%3Fb", "/a%3Fb/"],
  ];
  for (const [target, location] of locations) {
    it(`redirects ${target} to ${location} (K1)`, () =>
      with_server(
        anything,
        async ({ raw }) => {
          const answer = await raw(
            `GET ${target} HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n`,
          );
          expect(answer).to.match(/^HTTP\/1\.1 301 /);
          expect(/^Location: (.*)\r$/m.exec(answer)?.[1]).to.equal(location);
        },
        { MIDDLEWARE },
      ));
  }

  it("redirects a POST too, and with DEBUG says what that would lose (K2)", () =>
    with_site(anything, { MIDDLEWARE }, async (client) => {
      expect((await client.post("/x")).status_code).to.equal(301);
      await with_site(anything, { MIDDLEWARE, DEBUG: true }, async (debugging) => {
        const response = await debugging.post("/x");
        expect(response.exc_info).to.be.instanceOf(RuntimeError);
        expect(String(response.exc_info)).to.include("testserver/x/");
      });
    }));

  it("asks the view whether it wants a slash", () =>
    with_site([path("x/", no_append_slash(view))], { MIDDLEWARE }, async (client) => {
      expect((await client.get("/x")).status_code).to.equal(404);
    }));

  it("takes another class of redirects", () => {
    class Temporary extends CommonMiddleware {
      static {
        this.prototype.response_redirect_class = HttpResponseRedirect;
      }
    }
    return with_site(anything, { MIDDLEWARE: [Temporary] }, async (client) => {
      expect((await client.get("/x")).status_code).to.equal(302);
    });
  });
});

describe("middleware/common: hosts and clients", () => {
  quiet();

  it("answers an unknown host with 400, and redirects it nowhere (K3)", () =>
    with_site(anything, { MIDDLEWARE, PREPEND_WWW: true }, async (client) => {
      const response = await client.get("/", {}, { headers: { Host: "evil.com" } });
      expect(response.status_code).to.equal(400);
      expect(response.has_header("Location")).to.equal(false);
      expect((await client.get("/x")).get("Location")).to.equal("http://www.testserver/x/");
    }));

  it("refuses a user agent in no time, however long it is (K7)", () =>
    with_site(
      anything,
      { MIDDLEWARE, DISALLOWED_USER_AGENTS: [/^NaverBot.*/g, /^EmailSiphon.*/, /^BotRightHere/] },
      async (client) => {
        const ask = async (agent: string): Promise<number> =>
          (await client.get("/x/", {}, { headers: { "User-Agent": agent } })).status_code;
        expect([
          await ask("NaverBot 1"),
          await ask("NaverBot 1"),
          await ask("Firefox"),
        ]).to.deep.equal([403, 403, 200]);
        const long = "N".repeat(16_384);
        expect(await cpu_time_of(() => ask(long))).to.be.lessThan(20);
      },
    ));
});

describe("middleware/common: Content-Length", () => {
  it("counts the bytes of what is in memory, unless the view did", () => {
    const own = (): HttpResponse => new HttpResponse("é", { headers: { "Content-Length": "9" } });
    const stream = (): StreamingHttpResponse => new StreamingHttpResponse(["é"]);
    const urls = [path("a/", view), path("b/", own), path("c/", stream)];
    return with_site(urls, { MIDDLEWARE }, async (client) => {
      const lengths = [];
      for (const name of ["a", "b", "c"])
        lengths.push((await client.get(`/${name}/`)).get("Content-Length"));
      expect(lengths).to.deep.equal(["2", "9", undefined]);
    });
  });
});

describe("middleware/common: BrokenLinkEmailsMiddleware", () => {
  const follow = (
    settings: Partial<Settings> = {},
    middleware: MiddlewareEntry = BrokenLinkEmailsMiddleware,
  ): Promise<void> =>
    with_site(
      [],
      { MIDDLEWARE: [middleware], MANAGERS: ["boss@a.example"], ...IN_MEMORY, ...settings },
      async (client) => {
        outbox.length = 0;
        const headers = { Referer: "http://testserver/a\u2028b", "User-Agent": "Spec" };
        expect((await client.get("/x/", {}, { headers })).status_code).to.equal(404);
      },
    );

  it("writes to the managers about a link that leads nowhere", async () => {
    await logged(() => follow());
    const [mail] = outbox;
    expect([outbox.length, mail?.to, mail?.subject]).to.deep.equal([
      1,
      ["boss@a.example"],
      "[Django] Broken INTERNAL link on testserver",
    ]);
    expect(mail?.body).to.contain("Requested URL: /x/\nUser agent: Spec\nIP address: 127.0.0.1\n");
  });

  const not_found = () => (): HttpResponse => new HttpResponse("", { status: 404 });
  const silent: [what: string, settings: Partial<Settings>][] = [
    ["there are no managers", { MANAGERS: [] }],
    ["DEBUG is on", { DEBUG: true, MIDDLEWARE: [BrokenLinkEmailsMiddleware, not_found] }],
    ["no mailer is configured", { MAILERS: {} }],
    ["the URL is one of IGNORABLE_404_URLS", { IGNORABLE_404_URLS: [/^\/x/] }],
  ];
  for (const [what, settings] of silent) {
    it(`is silent if ${what}`, async () => {
      const records = await logged(() => follow(settings));
      expect(outbox).to.have.lengthOf(0);
      expect(records.filter(({ message }) => message.includes("broken link"))).to.deep.equal([]);
    });
  }

  it("logs that a mail could not be sent, and answers all the same", async () => {
    class Broken extends BaseEmailBackend {
      override async send_messages(): Promise<number> {
        throw new Error("no server");
      }
    }
    const MAILERS = { default: { BACKEND: DummyBackend }, other: { BACKEND: Broken } };
    class Other extends BrokenLinkEmailsMiddleware {
      static {
        this.prototype.using = "other";
      }
    }
    const records = await logged(() => follow({ MAILERS }, Other));
    const [record] = records.filter(({ message }) => message.includes("broken link"));
    expect([record?.level, record?.message]).to.deep.equal([
      "warning",
      "A mail about a broken link could not be sent: no server",
    ]);
  });

  it("can send it elsewhere", async () => {
    const sent: string[] = [];
    class Mailing extends BrokenLinkEmailsMiddleware {
      override send_mail(subject: string): void {
        sent.push(subject);
      }
    }
    await with_site([], { MIDDLEWARE: [Mailing] }, async (client) => {
      await logged(async () => {
        await client.get("/x/", {}, { headers: { Referer: "http://other.example/" } });
        await client.get("/x/", {}, { headers: { Referer: "http://[" } });
        await client.get("/x/");
      });
    });
    expect(sent).to.deep.equal(["Broken link on testserver", "Broken link on testserver"]);
  });
});
