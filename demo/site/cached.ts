/** A page from the cache. @module */
import { setTimeout as sleep } from "node:timers/promises";
import type { HttpRequest, HttpResponse } from "nuages/http";
import { render } from "nuages/shortcuts";

/** How long the page is kept, both here and in the browser. */
export const SECONDS = 10;

/** Takes half a second, as a slow query would. `cache_page()` around it, in `urls.ts`, sees to it that few must wait. */
export async function slow(request: HttpRequest): Promise<HttpResponse> {
  await sleep(500);
  const made_at = new Date().toISOString().slice(11, 19);
  return render(request, "site/cached.html", { made_at, seconds: SECONDS });
}
