/** `get_current_site`. @module */
import type { HttpRequest } from "../../http/request.ts";
import { Site } from "./models.ts";
import { RequestSite } from "./requests.ts";

/** The site of the request: one of those that `Site.objects.install` was told, or else the request's host. */
export function get_current_site(request: HttpRequest): Site | RequestSite {
  return Site.objects.is_installed ? Site.objects.get_current(request) : new RequestSite(request);
}
