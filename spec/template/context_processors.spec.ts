import { expect } from "chai";
import { describe, it } from "mocha";
import type { Settings } from "nuages/conf";
import { HttpRequest } from "nuages/http/request";
import {
  csp,
  csrf,
  debug,
  media,
  request,
  static as static_,
  tz,
} from "nuages/template/context_processors";
import { LazyNonce } from "nuages/utils/csp";
import { override_settings } from "nuages/test/utils";

function with_settings<T>(settings: Partial<Settings>, fn: () => T): T {
  return override_settings(settings)(fn)();
}

function from(REMOTE_ADDR: string): HttpRequest {
  const made = new HttpRequest();
  made.META = { REMOTE_ADDR };
  return made;
}

describe("template/context_processors", () => {
  it("request gives the request", () => {
    const made = new HttpRequest();
    expect(request(made)).to.deep.equal({ request: made });
  });

  it("csrf makes no token before it is printed", () => {
    const made = from("1.1.1.1");
    expect(Object.keys(csrf(made))).to.deep.equal(["csrf_token"]);
    expect(Object.keys(made.META)).to.deep.equal(["REMOTE_ADDR"]);
  });

  const shown: [DEBUG: boolean, address: string, values: object][] = [
    [true, "127.0.0.1", { debug: true, sql_queries: [] }],
    [true, "10.0.0.1", {}],
    [false, "127.0.0.1", {}],
  ];
  for (const [DEBUG, address, values] of shown) {
    it(`debug gives ${JSON.stringify(values)} to ${address} with DEBUG ${DEBUG}`, () => {
      const given = with_settings({ DEBUG, INTERNAL_IPS: ["127.0.0.1"] }, () =>
        debug(from(address)),
      );
      expect(given).to.deep.equal(values);
    });
  }

  it("static and media give their URLs, tz the time zone", () => {
    const settings = { STATIC_URL: "/s/", MEDIA_URL: "/m/", TIME_ZONE: "Europe/Paris" };
    with_settings(settings, () => {
      expect(static_(new HttpRequest())).to.deep.equal({ STATIC_URL: "/s/" });
      expect(media(new HttpRequest())).to.deep.equal({ MEDIA_URL: "/m/" });
      expect(tz(new HttpRequest())).to.deep.equal({ TIME_ZONE: "Europe/Paris" });
    });
  });

  it("csp gives the nonce, null without the middleware", () => {
    const made = new HttpRequest();
    expect(csp(made)).to.deep.equal({ csp_nonce: null });
    made.csp_nonce = new LazyNonce();
    expect(csp(made)).to.deep.equal({ csp_nonce: made.csp_nonce });
  });
});
