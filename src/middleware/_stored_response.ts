/** A response as the page cache keeps it: plain data, so that any cache can. @module */
import { SimpleCookie } from "../http/cookie.ts";
import type { HttpRequest } from "../http/request.ts";
import { HttpResponse, JsonResponse } from "../http/response.ts";
import { SimpleTemplateResponse, TemplateResponse } from "../template/response.ts";

/** What is kept of a response. */
export interface StoredResponse {
  /** Its class, if it is one of ours; a site's own comes back as an `HttpResponse`. */
  kind: string;
  status: number;
  reason: string;
  headers: [name: string, value: string][];
  cookies: string[];
  content: Uint8Array;
}

type Maker = (request: HttpRequest) => HttpResponse;

/** Makes an empty response of each class. A template response comes back rendered, without template and context. */
const MAKERS: ReadonlyMap<string, Maker> = new Map<string, Maker>([
  ["JsonResponse", () => new JsonResponse({})],
  ["SimpleTemplateResponse", () => new SimpleTemplateResponse([])],
  ["TemplateResponse", (request) => new TemplateResponse(request, [])],
]);

function kind_of({ constructor }: HttpResponse): string {
  if (constructor === JsonResponse) return "JsonResponse";
  if (constructor === TemplateResponse) return "TemplateResponse";
  return constructor === SimpleTemplateResponse ? "SimpleTemplateResponse" : "";
}

/** The data of a response. */
export function store_response(response: HttpResponse): StoredResponse {
  const cookies = response._has_cookies
    ? Array.from(response.cookies.values(), (morsel) => morsel.OutputString())
    : [];
  return {
    kind: kind_of(response),
    status: response.status_code,
    reason: response.reason_phrase,
    headers: [...response.items()],
    cookies,
    content: response.content,
  };
}

/** The response again; `undefined` if the cache gave something else. */
export function restore_response(request: HttpRequest, stored: unknown): HttpResponse | undefined {
  if (!is_stored(stored)) return undefined;
  const response = MAKERS.get(stored.kind)?.(request) ?? new HttpResponse();
  response.content = stored.content;
  response.status_code = stored.status;
  response.reason_phrase = stored.reason;
  response.delete("Content-Type"); // what it had is among the headers
  for (const [name, value] of stored.headers) response.set(name, value);
  if (stored.cookies.length > 0) {
    const jar = new SimpleCookie();
    for (const cookie of stored.cookies) jar.load(cookie);
    response.cookies = jar;
  }
  return response;
}

function is_stored(value: unknown): value is StoredResponse {
  return (
    typeof value === "object" &&
    value !== null &&
    "content" in value &&
    value.content instanceof Uint8Array &&
    "headers" in value &&
    Array.isArray(value.headers)
  );
}
