/** All URLs of the demo: which applications there are, and where. @module */
import { join } from "node:path";
import { include, path, type URLPatterns } from "nuages/urls";
import { serve } from "nuages/views/static";
import { BASE_DIR } from "./paths.ts";
import * as accounts from "./accounts/urls.ts";
import * as library from "./library/urls.ts";
import * as polls from "./polls/urls.ts";
import * as site from "./site/urls.ts";

// Errors below the API are JSON; everywhere else they are the pages of `templates/`.
export { handler400, handler403, handler404, handler500 } from "nuages/api";

export const urlpatterns: URLPatterns = [
  path("", include(site)),
  path("polls/", include(polls)),
  path("accounts/", include(accounts)),
  path("api/", include(library)),

  // Good enough for a demo; a busy site has its web server send these files.
  path("static/<path:path>", serve, { kwargs: { document_root: join(BASE_DIR, "static") } }),
];
