/** A site that notes which of its views ran, for specs of requests that none may see. @module */
import { HttpResponse } from "nuages/http";
import type { HttpRequest } from "nuages/http";
import { re_path, type URLPatterns } from "nuages/urls";

/** The patterns, and what was asked of them. */
export interface CountingSite {
  readonly urlpatterns: URLPatterns;
  /** The view itself, for patterns of one's own. */
  readonly view: (request: HttpRequest) => HttpResponse;
  /** Method, path and size of the body of each request that reached the view. */
  readonly calls: string[];
}

/** Any path is answered with `seen`. */
export function counting_site(): CountingSite {
  const calls: string[] = [];
  const view = (request: HttpRequest): HttpResponse => {
    calls.push(`${request.method} ${request.path} ${request.body.length}`);
    return new HttpResponse("seen", { content_type: "text/plain" });
  };
  return { urlpatterns: [re_path(/^.*$/s, view)], view, calls };
}
