/** A site that is one API. @module */
import type { API } from "nuages/api/api";
import type { Client } from "nuages/test";
import { path } from "nuages/urls";
import { with_site } from "./site.ts";

/** Runs with a client of a site that has the API below `/api/`, and no middleware. */
export function mounted(api: API, fn: (client: Client) => Promise<void>): Promise<void> {
  return with_site([path("api/", api.urls)], { MIDDLEWARE: [] }, fn);
}
