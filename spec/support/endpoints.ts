/** One endpoint at `/`, and what a client gets from it. @module */
import { endpoint, type Endpoint } from "nuages/api/endpoint";
import type { Spec } from "nuages/api/spec";
import type { Settings } from "nuages/conf";
import { type HttpRequest, HttpResponse, StreamingHttpResponse } from "nuages/http";
import type { RequestOptions, TestResponse } from "nuages/test";
import { path } from "nuages/urls";
import type { LogRecord } from "nuages/utils/log";
import { logged } from "./log.ts";
import { with_site } from "./site.ts";
import { text_of } from "./streams.ts";

/** A handler that may be wrong: what it gives is for the endpoint to judge. */
export type Handle = (request: HttpRequest, args: Record<string, unknown>) => unknown;

/** An endpoint whatever its types. */
export function made(spec: Spec, handle: Handle): Endpoint {
  return endpoint(spec, handle as never);
}

/** A request, and the settings to answer it with. */
export interface Asked {
  /** Default `GET`. */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: string;
  readonly body?: string | Uint8Array;
  /** Default `application/json`, if there is a body. */
  readonly content_type?: string;
  readonly settings?: Partial<Settings>;
}

/** What came back. */
export interface Got {
  readonly response: TestResponse;
  readonly status: number;
  /** All of the content, also of a stream. */
  readonly text: string;
  readonly type: string | undefined;
  /** The `Set-Cookie` lines. */
  readonly cookies: readonly string[];
  /** What was logged. */
  readonly records: readonly LogRecord[];
  /** What the content says as JSON. */
  json(): unknown;
}

/** Asks a view; the endpoint answers the method unless its spec says which it answers. */
export function ask_endpoint(spec: Spec, handle: Handle, asked: Asked = {}): Promise<Got> {
  const { method = "GET" } = asked;
  const methods = spec.methods ?? [method === "HEAD" ? "GET" : method];
  return ask_view(made({ ...spec, methods }, handle), asked);
}

/** Asks an endpoint whose handler throws this. */
export function ask_failing(error: unknown, spec: Spec = {}, asked: Asked = {}): Promise<Got> {
  return ask_endpoint(
    spec,
    () => {
      throw error;
    },
    asked,
  );
}

/** Asks a view. */
export async function ask_view(view: Endpoint, asked: Asked = {}): Promise<Got> {
  const { method = "GET", headers = {}, query, body = "", content_type, settings = {} } = asked;
  const got: { response?: TestResponse; text: string } = { text: "" };
  const options: RequestOptions = { headers };
  if (query !== undefined) options.QUERY_STRING = query;
  if (body !== "" || content_type !== undefined)
    options.content_type = content_type ?? "application/json";
  const records = await logged(() =>
    with_site([path("", view)], { MIDDLEWARE: [], ...settings }, async (client) => {
      const response = await client.generic(method, "/", body, options);
      if (response instanceof StreamingHttpResponse) got.text = await text_of(response);
      else if (response instanceof HttpResponse) got.text = response.content.toString();
      got.response = response;
    }),
  );
  const { response, text } = got;
  if (response === undefined) throw new Error("There was no response.");
  const cookies = [...response.cookies.values()].map((morsel) => morsel.OutputString());
  const json = (): unknown => JSON.parse(text) as unknown;
  const type = response.get("Content-Type");
  return { response, status: response.status_code, text, type, cookies, records, json };
}
