/** Security of cached pages: what one visitor gets is not the session of another. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { SessionMiddleware } from "nuages/contrib/sessions";
import { SessionStore } from "nuages/contrib/sessions/backends/cache";
import { LocMemCache } from "nuages/core/cache/backends/locmem";
import { type HttpRequest, HttpResponse } from "nuages/http";
import {
  CacheMiddleware,
  FetchFromCacheMiddleware,
  UpdateCacheMiddleware,
} from "nuages/middleware/cache";
import { Client } from "nuages/test";
import { path, type URLPatterns } from "nuages/urls";
import type { MiddlewareEntry } from "nuages/utils/deprecation";
import { cache_page } from "nuages/views/decorators/cache";
import { with_site } from "../support/site.ts";

describe("security/cached_pages: with SESSION_SAVE_EVERY_REQUEST", () => {
  const start = path("start/", (request: HttpRequest) => {
    request.session.set("a", 1);
    return new HttpResponse("started");
  });
  const sites: [how: string, middleware: MiddlewareEntry[], per_view: boolean][] = [
    [
      "of the whole site",
      [UpdateCacheMiddleware, SessionMiddleware, FetchFromCacheMiddleware],
      false,
    ],
    ["around the session", [CacheMiddleware, SessionMiddleware], false],
    ["of one view", [SessionMiddleware], true],
  ];
  for (const [how, MIDDLEWARE, per_view] of sites) {
    it(`M5: gives nobody the session of somebody else, in a cache ${how}`, async () => {
      let runs = 0;
      const page = (): HttpResponse => new HttpResponse(`page ${(runs += 1)}`);
      const urlpatterns: URLPatterns = [path("", per_view ? cache_page(60)(page) : page), start];
      const CACHES = {
        default: {
          BACKEND: LocMemCache,
          LOCATION: `m5 ${how}`,
        },
      };
      const settings = { MIDDLEWARE, CACHES, SESSION_ENGINE: SessionStore };
      await with_site(
        urlpatterns,
        { ...settings, SESSION_SAVE_EVERY_REQUEST: true },
        async (ann) => {
          const [bob, nobody] = [new Client(), new Client()];
          const keys: unknown[] = [];
          for (const client of [ann, bob]) {
            await client.get("/start/");
            keys.push(client.cookies.getitem("sessionid").value);
          }
          expect(new Set(keys).size).to.equal(2);
          for (const client of [ann, bob, ann, bob]) {
            const response = await client.get("/");
            expect(response.cookies.getitem("sessionid").value).to.equal(
              keys[client === ann ? 0 : 1],
            );
            expect(response.headers.get("Vary")).to.equal("Cookie");
          }
          expect(runs).to.equal(per_view ? 1 : 4); // what sets a cookie is not stored; what the view gives is
          const response = await nobody.get("/");
          expect([response.status_code, response.cookies.size]).to.deep.equal([200, 0]);
        },
      );
    });
  }
});
