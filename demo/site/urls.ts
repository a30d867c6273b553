/** The URLs of everything that is not a poll. @module */
import { path, type URLPatterns } from "nuages/urls";
import { cache_page } from "nuages/views/decorators/cache";
import { require_POST } from "nuages/views/decorators/http";
import * as cached from "./cached.ts";
import * as clock from "./clock.ts";
import * as errors from "./errors.ts";
import * as files from "./files.ts";
import * as greeting from "./greeting.ts";
import { large } from "./large.ts";
import * as uploads from "./uploads.ts";
import * as views from "./views.ts";

export const app_name = "site";

export const urlpatterns: URLPatterns = [
  path("", views.home, { name: "home" }),
  path("request/", views.show_request, { name: "request" }),

  path("greeting/", greeting.greeting, { name: "greeting" }),
  path("greeting/forget/", require_POST(greeting.forget), { name: "forget" }),

  path("files/", files.index, { name: "files" }),
  path("files/clouds.txt", files.download, { name: "download" }),
  path("files/sky.bin", large, { name: "large" }),
  path("files/numbers.csv", files.numbers, { name: "numbers" }),

  path("uploads/", uploads.uploads, { name: "uploads" }),

  path("clock/", clock.clock, { name: "clock" }),
  path("clock/ticks/", clock.ticks, { name: "ticks" }),

  path("cached/", cache_page(cached.SECONDS)(cached.slow), { name: "cached" }),

  path("errors/", errors.index, { name: "errors" }),
  path("errors/400/", errors.suspicious, { name: "suspicious" }),
  path("errors/403/", errors.forbidden, { name: "forbidden" }),
  path("errors/404/", errors.missing, { name: "missing" }),
  path("errors/500/", errors.broken, { name: "broken" }),
];
