/** A site behind `CsrfViewMiddleware`, and clients that are checked. @module */
import type { Settings } from "nuages/conf";
import { type HttpRequest, HttpResponse } from "nuages/http";
import { CsrfViewMiddleware, get_token } from "nuages/middleware/csrf";
import type { Client } from "nuages/test";
import { path } from "nuages/urls";
import { with_site } from "./site.ts";

/** The secret in the cookie of `checked`. */
export const SECRET = "AbCdEfGhIjKlMnOpQrStUvWxYz012345";
/** Of a client that is checked like a browser. */
export const enforced = { enforce_csrf_checks: true };

let runs = 0;

/** How often the view ran since `checked` began. */
export function times_run(): number {
  return runs;
}

/** Gives a token to a GET. */
export function view(request: HttpRequest): HttpResponse {
  runs += 1;
  return new HttpResponse(request.method === "GET" ? get_token(request) : "done");
}

/** Runs `fn` with a client that sends the cookie, and enforces the check. */
export function checked(
  fn: (client: Client) => Promise<void>,
  settings: Partial<Settings> = {},
  cookie: string | null = SECRET,
): Promise<void> {
  return with_site(
    [path("", view)],
    { MIDDLEWARE: [CsrfViewMiddleware], ALLOWED_HOSTS: ["testserver", "a.example"], ...settings },
    async (client) => {
      if (cookie !== null) client.cookies.set("csrftoken", cookie);
      runs = 0;
      await fn(client);
    },
    enforced,
  );
}
