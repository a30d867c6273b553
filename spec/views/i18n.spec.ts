import { expect } from "chai";
import { describe, it } from "mocha";
import * as i18n from "nuages/conf/urls/i18n";
import { HttpResponse } from "nuages/http";
import { LocaleMiddleware } from "nuages/middleware/locale";
import type { Client, TestResponse } from "nuages/test";
import { include, path, reverse } from "nuages/urls";
import { LANGUAGE_QUERY_PARAMETER, set_language } from "nuages/views/i18n";
import { cpu_time_of } from "../support/cpu_time.ts";
import { quiet } from "../support/log.ts";
import { with_site } from "../support/site.ts";

const page = (): HttpResponse => new HttpResponse("");
const URLCONF = [
  path("i18n/", include(i18n)),
  ...i18n.i18n_patterns(path("about/<int:n>/", page, { name: "about" })),
];

const COOKIE = "django_language";

/** What a client is sent to, and the language it is given. */
function outcome(
  response: TestResponse,
): [status: number, location: string | undefined, language: string | undefined] {
  const language = response.cookies.get(COOKIE)?.value;
  return [
    response.status_code,
    response.get("Location"),
    language === undefined ? undefined : String(language),
  ];
}

describe("views/i18n: set_language, as Django answers", () => {
  quiet();
  const site = (test: (client: Client) => Promise<void>): Promise<unknown> =>
    with_site(URLCONF, { MIDDLEWARE: [LocaleMiddleware] }, test);
  const post = (
    client: Client,
    data: Record<string, string>,
    headers = {},
  ): Promise<TestResponse> => client.post("/i18n/setlang/", data, { headers });

  it("is at setlang/ of conf/urls/i18n", () =>
    site(async () => {
      expect(reverse("set_language")).to.equal("/i18n/setlang/");
      expect(reverse(set_language)).to.equal("/i18n/setlang/");
      expect(LANGUAGE_QUERY_PARAMETER).to.equal("language");
    }));

  const targets: [next: string, location: string][] = [
    ["/ok/?a=1#b", "/ok/?a=1#b"],
    ["http://testserver/x", "http://testserver/x"],
    ["https://testserver/x", "https://testserver/x"],
    ["x", "x"],
    ["", "/"],
    ["/en/about/5/?q=1#f", "/de/about/5/?q=1#f"],
    ["http://testserver/en/about/5/", "http://testserver/de/about/5/"],
  ];
  for (const [next, location] of targets) {
    it(`goes to ${location} for next=${next}`, () =>
      site(async (client) => {
        const response = await post(client, { language: "de", next });
        expect(outcome(response)).to.deep.equal([302, location, "de"]);
      }));
  }

  const hostile = [
    "//evil.com",
    "///evil.com",
    "javascript:alert(1)",
    "data:text/html,x",
    "/\\evil.com",
    "\\\\evil.com",
    "https://evil.com/",
    "https:/evil.com",
    "http:///evil.com",
    "https://testserver@evil.com/",
    "//testserver:80@evil.com",
    " //evil.com",
    "\t//evil.com",
    "\u0001//evil.com",
    `/${"a".repeat(2048)}`,
  ];
  for (const next of hostile) {
    it(`K17: goes to / for next=${JSON.stringify(next.slice(0, 40))}`, () =>
      site(async (client) => {
        const response = await post(client, { language: "de", next });
        expect(outcome(response)).to.deep.equal([302, "/", "de"]);
      }));
  }

  for (const referer of [
    "https://evil.com//",
    "//evil.com",
    "javascript:alert(1)",
    "http://testserver.evil.com/",
  ]) {
    it(`K17: goes to / for the Referer ${referer}, without next`, () =>
      site(async (client) => {
        const response = await post(client, { language: "de" }, { Referer: referer });
        expect(outcome(response)).to.deep.equal([302, "/", "de"]);
      }));
  }

  const languages = [
    "a".repeat(100_000),
    `de-${"a-".repeat(50_000)}`,
    "xx",
    "",
    "de\n",
    "../de",
    "de_AT",
    "__proto__",
  ];
  for (const language of languages) {
    it(`K17: ignores the language ${JSON.stringify(language.slice(0, 12))} of ${language.length} characters`, () =>
      site(async (client) => {
        const ask = async (): Promise<void> => {
          const response = await post(client, { language, next: "/en/about/5/" });
          expect(outcome(response)).to.deep.equal([302, "/en/about/5/", undefined]);
        };
        expect(await cpu_time_of(ask)).to.be.lessThan(200);
      }));
  }

  it("K17: a GET changes nothing", () =>
    site(async (client) => {
      const get = (next: string): Promise<TestResponse> =>
        client.get("/i18n/setlang/", { language: "de", next });
      expect(outcome(await get("/en/about/5/"))).to.deep.equal([302, "/en/about/5/", undefined]);
      expect(outcome(await get("//evil.com"))).to.deep.equal([302, "/", undefined]);
    }));

  it("K17: stays on https once it is there", () =>
    site(async (client) => {
      const data = { language: "de", next: "http://testserver/x" };
      const response = await client.post("/i18n/setlang/", data, { secure: true });
      expect(response.get("Location")).to.equal("/");
    }));

  const without_page: Record<string, string>[] = [
    { language: "de" },
    { language: "de", next: "//evil.com" },
  ];
  for (const data of without_page) {
    it(`goes back to where the client came from for ${JSON.stringify(data)}`, () =>
      site(async (client) => {
        const response = await post(client, data, { Referer: "http://testserver/en/about/5/" });
        expect(response.get("Location")).to.equal("http://testserver/de/about/5/");
      }));
  }

  it("answers 204 to a client that takes no HTML and names no page", () =>
    site(async (client) => {
      const headers = { Accept: "application/json", Referer: "http://testserver/back/" };
      expect(outcome(await post(client, { language: "de" }, headers))).to.deep.equal([
        204,
        undefined,
        "de",
      ]);
      expect(outcome(await post(client, {}, headers))).to.deep.equal([204, undefined, undefined]);
      const named = await post(client, { language: "de", next: "/x" }, headers);
      expect(outcome(named)).to.deep.equal([302, "/x", "de"]);
    }));

  it("takes next from the query string as well", () =>
    site(async (client) => {
      const response = await client.post("/i18n/setlang/?next=/q/", { language: "de" });
      expect(response.get("Location")).to.equal("/q/");
    }));

  it("sets the cookie as the settings say, for the requests that follow", async () => {
    const cookie = {
      LANGUAGE_COOKIE_NAME: "lang",
      LANGUAGE_COOKIE_AGE: 60,
      LANGUAGE_COOKIE_PATH: "/x/",
      LANGUAGE_COOKIE_DOMAIN: ".example.com",
      LANGUAGE_COOKIE_SECURE: true,
      LANGUAGE_COOKIE_HTTPONLY: true,
      LANGUAGE_COOKIE_SAMESITE: "Lax" as const,
    };
    await with_site(URLCONF, cookie, async (client) => {
      const morsel = (await post(client, { language: "pt-br" })).cookies.get("lang");
      expect(morsel?.OutputString()).to.match(
        /^lang=pt-br; Domain=\.example\.com; expires=.*; HttpOnly; Max-Age=60; Path=\/x\/; SameSite=Lax; Secure$/,
      );
    });
    await site(async (client) => {
      await post(client, { language: "de" });
      expect((await client.get("/de/about/5/")).get("Content-Language")).to.equal("de");
      expect((await client.get("/i18n/setlang/")).get("Content-Language")).to.equal("de");
    });
  });
});
