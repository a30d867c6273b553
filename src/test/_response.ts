/** What the test client adds to a response. @module */
import { ValueError } from "../core/exceptions.ts";
import type { EnvironRequest } from "../core/handlers/environ.ts";
import type { HttpResponseBase } from "../http/response.ts";
import type { ResolverMatch } from "../urls/resolvers.ts";
import { resolve } from "../urls/base.ts";
import { loads } from "../utils/_json.ts";
import { repr } from "../utils/_python.ts";
import type { Client } from "./_client.ts";
import type { ContextList, TemplateContext } from "./_context_list.ts";

/** What a test can ask of a response beside what every response has (Django docs: Testing tools, "Testing responses"). */
export interface TestAttributes {
  /** The client that got it. */
  client: Client;
  /** The META entries of the request, as far as the client set them. */
  request: Record<string, unknown>;
  /** The request itself. */
  wsgi_request: EnvironRequest;
  /** The templates that were rendered, in their order. Needs `setup_test_environment()`. */
  templates: unknown[];
  /** The context of the template; a `ContextList` if there were several, `undefined` if none. */
  context: TemplateContext | ContextList | undefined;
  /** Which URL pattern the path matches. Worked out when it is read. @throws Resolver404 for a path that none matches. */
  readonly resolver_match: ResolverMatch;
  /** With `follow`: each redirect's target and status, in their order. */
  redirect_chain: [url: string, status_code: number][];
  /** The error that became a 500, if `raise_request_exception` is off. */
  exc_info: unknown;
  /** The content as bytes. @throws AttributeError for a stream. */
  content: Buffer;
  /** The content as text. @throws AttributeError for a stream. */
  readonly text: string;
  /** Where a redirect leads. */
  readonly url: string;
  /** The content parsed as JSON. @throws ValueError if the Content-Type is not JSON. */
  json(): unknown;
}

/** A response as the test client gives it. */
export type TestResponse = HttpResponseBase & TestAttributes;

const JSON_TYPE = /^application\/(.+\+)?json/;

/** Adds what a test may ask. */
export function as_test_response(
  response: HttpResponseBase,
  added: Omit<
    TestAttributes,
    "content" | "text" | "url" | "json" | "resolver_match" | "redirect_chain"
  >,
): TestResponse {
  const made = Object.assign(response, added) as TestResponse; // content, text and url are the response's own
  Object.defineProperty(made, "resolver_match", {
    configurable: true,
    get: () =>
      resolve(String(added.request["PATH_INFO"]), {
        urlconf: added.wsgi_request.urlconf ?? undefined,
      }),
  });
  made.json = json_reader(made);
  return made;
}

function json_reader(response: TestResponse): () => unknown {
  let parsed: { value: unknown } | undefined;
  return () => {
    if (parsed !== undefined) return parsed.value;
    const type = response.get("Content-Type", "");
    if (!JSON_TYPE.test(type))
      throw new ValueError(`The response is no JSON: its Content-Type is ${repr(type)}.`);
    parsed = { value: loads(response.text) };
    return parsed.value;
  };
}
