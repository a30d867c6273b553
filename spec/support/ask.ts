/** One view behind the Fetch door: what it answers, and what is logged. @module */
import type { Settings } from "nuages/conf";
import { get_fetch_application } from "nuages/core/handlers/fetch";
import type { HttpRequest, HttpResponse } from "nuages/http";
import { path, type URLPatterns } from "nuages/urls";
import type { LogRecord } from "nuages/utils/log";
import { logged } from "./log.ts";
import { with_settings } from "./settings.ts";

/** A view that may be wrong: what it gives is for the chain to judge. */
export type AnyView = (request: HttpRequest) => unknown;

/** A view that throws what this makes. */
export function throws(make: () => unknown): AnyView {
  return () => {
    throw make();
  };
}

/** The view at `/`. */
export function site(view: AnyView): URLPatterns {
  return [path("", view as (request: HttpRequest) => HttpResponse)];
}

/** A response, read to its end, and the log of its request. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly records: LogRecord[];
}

/** Asks the view, with these settings in force. */
export async function ask(
  view: AnyView,
  settings: Partial<Settings> = {},
  request: Request = new Request("http://testserver/"),
): Promise<Answer> {
  let response = new Response();
  let text = "";
  const records = await with_settings({ ROOT_URLCONF: site(view), ...settings }, () =>
    logged(async () => {
      response = await get_fetch_application()(request);
      text = await response.text();
    }),
  );
  return { status: response.status, headers: response.headers, text, records };
}
