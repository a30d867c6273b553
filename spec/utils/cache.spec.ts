/** Specification of nuages/utils/cache. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { cache } from "nuages/core/cache";
import { ValueError } from "nuages/core/exceptions";
import { BadHeaderError, HttpResponse, StreamingHttpResponse } from "nuages/http";
import { RequestFactory } from "nuages/test";
import { override_settings } from "nuages/test/utils";
import {
  get_cache_key,
  get_conditional_response,
  get_max_age,
  learn_cache_key,
  patch_cache_control,
  patch_vary_headers,
  set_response_etag,
} from "nuages/utils/cache";

const rf = new RequestFactory();

describe("utils/cache: Cache-Control", () => {
  const ages: [header: string, age: number | undefined][] = [
    ["max-age=9e99", undefined],
    ["max-age=-1", -1],
    ['max-age="5"', undefined],
    ["max-age=1, max-age=2", 2],
    ["max-age", 1],
    ["max-age =5", undefined],
    ["x-max-age=5", undefined],
  ];
  for (const [header, age] of ages) {
    it(`reads ${age} from ${header} (M12)`, () => {
      const response = new HttpResponse("", { headers: { "Cache-Control": header } });
      expect(get_max_age(response)).to.equal(age);
    });
  }

  it("keeps only one of private and public (M12)", () => {
    const response = new HttpResponse("", { headers: { "Cache-Control": "private, max-age=5" } });
    patch_cache_control(response, { public: true });
    expect(response.get("Cache-Control")).to.equal("max-age=5, public");
    patch_cache_control(response, { private: true });
    expect(response.get("Cache-Control")).to.equal("max-age=5, private");
  });

  it("leaves out what is undefined", () => {
    const response = new HttpResponse("", { headers: { "Cache-Control": "public" } });
    patch_cache_control(response, { private: undefined, max_age: undefined, no_store: true });
    expect(response.get("Cache-Control")).to.equal("public, no-store");
  });

  it("names the max-age that is no number", () => {
    const response = new HttpResponse("", { headers: { "Cache-Control": "max-age=soon" } });
    expect(() => patch_cache_control(response, { max_age: 1 })).to.throw(ValueError, "soon");
  });
});

describe("utils/cache: Vary", () => {
  it("refuses a name that would break the header apart (H24)", () => {
    expect(() => patch_vary_headers(new HttpResponse(), ["A\r\nX: y"])).to.throw(BadHeaderError);
  });

  it("is * alone once * is among the names (H24)", () => {
    const response = new HttpResponse("", { headers: { Vary: "A" } });
    patch_vary_headers(response, ["*", "B"]);
    expect(response.get("Vary")).to.equal("*");
  });

  it("names a header once, however it is written", () => {
    const response = new HttpResponse("", { headers: { Vary: "cookie" } });
    patch_vary_headers(response, ["Cookie"]);
    patch_vary_headers(response, ["Accept", " COOKIE "]);
    expect(response.get("Vary")).to.equal("cookie, Accept");
  });
});

describe("utils/cache: conditional responses", () => {
  it("makes no ETag for a stream", () => {
    expect(set_response_etag(new StreamingHttpResponse(["a"])).has_header("ETag")).to.equal(false);
  });

  it("makes the same ETag of text and of its bytes", () => {
    const etags = ["é", Buffer.from("é")].map((content) =>
      set_response_etag(new HttpResponse(content)).get("ETag"),
    );
    expect(etags[0]).to.equal('"66ddcd97cfdeabb2f6fb8a999b4bc76f"');
    expect(etags[1]).to.equal(etags[0]);
  });

  it("ignores dates that cannot be read (K12)", () => {
    const request = rf.get("/", {}, { headers: { "If-Unmodified-Since": "junk" } });
    expect(get_conditional_response(request, { last_modified: 5 })).to.equal(undefined);
  });
});

describe("utils/cache: cache keys", () => {
  it("tells a request without a header from one with an empty one (M15)", async () => {
    await cache.aclear();
    const without = rf.get("/x/");
    const empty = rf.get("/x/", {}, { headers: { "X-A": "" } });
    const response = new HttpResponse("", { headers: { Vary: "X-A" } });
    const key = await learn_cache_key(without, response);
    expect(await get_cache_key(without)).to.equal(key);
    expect(await get_cache_key(empty))
      .to.be.a("string")
      .and.not.equal(key);
  });

  it("has no key for a URL it knows nothing of", async () => {
    await cache.aclear();
    expect(await get_cache_key(rf.get("/other/"))).to.equal(undefined);
  });

  it("ends with the language and the time zone, as far as the site has them", async () => {
    const learn = (): Promise<string> => learn_cache_key(rf.get("/"), new HttpResponse());
    const on = override_settings({ USE_I18N: true, USE_TZ: true, TIME_ZONE: "Europe/Paris" });
    const off = override_settings({ USE_I18N: false, USE_TZ: false });
    expect(await on(learn)()).to.match(/\.[0-9a-f]{32}\.en-us\.Europe\/Paris$/);
    expect(await off(learn)()).to.match(/\.[0-9a-f]{32}\.[0-9a-f]{32}$/);
  });
});
