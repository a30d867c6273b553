/** Assertions about responses (Django docs: Testing tools, "Assertions"); they work in any test runner. @module */
import { outbox } from "../core/mail/_outbox.ts";
import { AssertionError } from "node:assert";
import { isDeepStrictEqual } from "node:util";
import { settings as current, type Settings } from "../conf/index.ts";
import { ValueError } from "../core/exceptions.ts";
import { type HttpResponseBase, StreamingHttpResponse } from "../http/response.ts";
import { validate_host } from "../http/request.ts";
import { repr } from "../utils/_python.ts";
import { urlsplit } from "../utils/_urlsplit.ts";
import { Client } from "./_client.ts";
import { normal_html } from "./_html_text.ts";
import type { TestResponse } from "./_response.ts";
import {
  type ListChange,
  modify_settings,
  override_settings,
  type SettingsOverride,
} from "./_settings.ts";

/** Options of `assertRedirects`. */
export interface AssertRedirectsOptions {
  /** The status of the redirect. Default 302. */
  status_code?: number | undefined;
  /** The status of the page it leads to. Default 200. */
  target_status_code?: number | undefined;
  /** Put before the message of a failure. */
  msg_prefix?: string | undefined;
  /** Whether to fetch the target and look at its status. Default `true`. */
  fetch_redirect_response?: boolean | undefined;
}

/** Options of `assertContains` and `assertNotContains`. */
export interface AssertContainsOptions {
  /** How often the text must be there. Default: at least once. */
  count?: number | undefined;
  /** The status of the response. Default 200. */
  status_code?: number | undefined;
  /** Put before the message of a failure. */
  msg_prefix?: string | undefined;
  /** Compare as HTML: the order of attributes and white space do not count. Default `false`. */
  html?: boolean | undefined;
}

/** Options of `assertTemplateUsed`. */
export interface AssertTemplateOptions {
  /** How often. Default: at least once. */
  count?: number | undefined;
  /** Put before the message of a failure. */
  msg_prefix?: string | undefined;
}

type ErrorClass = abstract new (...args: never[]) => Error;

function fail(message: string, msg_prefix = ""): never {
  throw new AssertionError({ message: msg_prefix === "" ? message : `${msg_prefix}: ${message}` });
}

/** Django's assertions, and an empty `outbox` to begin with: `const t = new SimpleTestCase(); await t.assertRedirects(response, "/there/")`. */
export class SimpleTestCase {
  /** A client for the tests. */
  readonly client: Client;

  /** @param _options `methodName` is accepted for Django's sake: the test runner here is the site's own. */
  constructor(_options: { methodName?: string | undefined } = {}) {
    outbox.length = 0;
    this.client = new Client();
  }

  /** `override_settings`, under the name it has in a test case. */
  settings(options: Partial<Settings> = {}): SettingsOverride {
    return override_settings(options);
  }

  /** `modify_settings`, under the name it has in a test case. */
  modify_settings(options: { readonly [K in keyof Settings]?: ListChange } = {}): SettingsOverride {
    return modify_settings(options);
  }

  /**
   * The response redirects to the URL, and what is there has the expected status. Of a response got with `follow`, the
   * first and the last step are looked at. The order of the query does not count.
   * @throws ValueError for a target on another host, which cannot be fetched.
   */
  async assertRedirects(
    response: TestResponse,
    expected_url: string,
    options: AssertRedirectsOptions = {},
  ): Promise<void> {
    const {
      status_code = 302,
      target_status_code = 200,
      msg_prefix,
      fetch_redirect_response = true,
    } = options;
    const [first] = response.redirect_chain ?? [];
    const [url, status, target_status] =
      first === undefined
        ? [response.url, response.status_code, undefined]
        : [response.redirect_chain.at(-1)?.[0] ?? "", first[1], response.status_code];
    if (status !== status_code)
      fail(`The response has the status ${status}, not ${status_code}.`, msg_prefix);
    const absolute = resolved(String(url), String(response.request["PATH_INFO"] ?? "/"));
    if (target_status === undefined && fetch_redirect_response) {
      const target = await fetched(response.client, absolute);
      if (target.status_code !== target_status_code)
        fail(
          `The target ${repr(absolute)} has the status ${target.status_code}, not ${target_status_code}.`,
          msg_prefix,
        );
    } else if (target_status !== undefined && target_status !== target_status_code) {
      fail(`The last page has the status ${target_status}, not ${target_status_code}.`, msg_prefix);
    }
    this.assertURLEqual(
      absolute,
      resolved(expected_url, String(response.request["PATH_INFO"] ?? "/")),
      { msg_prefix },
    );
  }

  /** The URLs are equal, but for the order of the query among different names. */
  assertURLEqual(
    url1: string,
    url2: string,
    options: { msg_prefix?: string | undefined } = {},
  ): void {
    const [one, other] = [normal_url(String(url1)), normal_url(String(url2))];
    if (one !== other) fail(`${repr(one)} is not the URL ${repr(other)}.`, options.msg_prefix);
  }

  /** The response has the status, and its content the text. A stream is read, and can be read again. */
  async assertContains(
    response: HttpResponseBase,
    text: unknown,
    options: AssertContainsOptions = {},
  ): Promise<void> {
    const { count, msg_prefix } = options;
    const [found, shown] = await occurrences(response, text, options);
    if (count !== undefined && found !== count)
      fail(`Found ${found} of the expected ${count} times: ${shown}.`, msg_prefix);
    if (count === undefined && found === 0) fail(`Not in the response: ${shown}.`, msg_prefix);
  }

  /** The response has the status, and its content not the text. */
  async assertNotContains(
    response: HttpResponseBase,
    text: unknown,
    options: Omit<AssertContainsOptions, "count"> = {},
  ): Promise<void> {
    const [found, shown] = await occurrences(response, text, options);
    if (found > 0) fail(`In the response, where it should not be: ${shown}.`, options.msg_prefix);
  }

  /** The template was used to render the response. Needs `setup_test_environment()`. */
  assertTemplateUsed(
    response: TestResponse,
    template_name: string,
    options: AssertTemplateOptions = {},
  ): void {
    const used = template_names(response);
    const times = used.filter((name) => name === template_name).length;
    const { count, msg_prefix } = options;
    if (times === 0)
      fail(
        `The template ${repr(template_name)} was not used, but ${used.join(", ") || "none"}.`,
        msg_prefix,
      );
    if (count !== undefined && times !== count)
      fail(
        `The template ${repr(template_name)} was used ${times} times, not ${count}.`,
        msg_prefix,
      );
  }

  /** The template was not used to render the response. */
  assertTemplateNotUsed(
    response: TestResponse,
    template_name: string,
    options: AssertTemplateOptions = {},
  ): void {
    if (template_names(response).includes(template_name))
      fail(`The template ${repr(template_name)} was used.`, options.msg_prefix);
  }

  /** The JSON text holds the data, which may be JSON text itself. */
  assertJSONEqual(
    raw: string,
    expected_data: unknown,
    options: { msg?: string | undefined } = {},
  ): void {
    if (!isDeepStrictEqual(parsed(raw), data_of(expected_data)))
      fail(options.msg ?? `${raw} is not the JSON of ${repr(expected_data)}.`);
  }

  /** The JSON text holds other data. */
  assertJSONNotEqual(
    raw: string,
    expected_data: unknown,
    options: { msg?: string | undefined } = {},
  ): void {
    if (isDeepStrictEqual(parsed(raw), data_of(expected_data)))
      fail(options.msg ?? `${raw} is the JSON of ${repr(expected_data)}.`);
  }

  /** Calling the function throws this error, or rejects with it, and its message holds the text. */
  async assertRaisesMessage<A extends unknown[]>(
    expected_exception: ErrorClass,
    expected_message: string,
    fn: (...args: A) => unknown,
    ...args: A
  ): Promise<void> {
    const caught = await error_of(() => fn(...args));
    if (caught === undefined) fail(`${expected_exception.name} was not thrown.`);
    if (!(caught.error instanceof expected_exception)) throw caught.error;
    if (!caught.error.message.includes(expected_message))
      fail(`${repr(expected_message)} is not in the message ${repr(caught.error.message)}.`);
  }
}

async function error_of(fn: () => unknown): Promise<{ error: unknown } | undefined> {
  try {
    await fn();
    return undefined;
  } catch (error) {
    return { error };
  }
}

/** The URL, if relative, as seen from the path. */
function resolved(url: string, from: string): string {
  if (/^(?:[a-z][a-z0-9+.-]*:|\/)/i.test(url)) return url;
  const { pathname, search, hash } = new URL(url, `http://testserver${from}`);
  return pathname + search + hash;
}

function fetched(client: Client, url: string): Promise<TestResponse> {
  const { scheme, netloc, path, query } = urlsplit(url);
  const domain = netloc.replace(/:[0-9]*$/, "");
  const allowed =
    domain === "" || domain === "testserver" || validate_host(domain, current.ALLOWED_HOSTS);
  if (!allowed) {
    throw new ValueError(
      `The test client cannot fetch ${repr(url)}: its host is not in ALLOWED_HOSTS. Pass { fetch_redirect_response: false }.`,
    );
  }
  return client.get(path, null, { QUERY_STRING: query, secure: scheme === "https" });
}

function normal_url(url: string): string {
  const { scheme, netloc, path, query, fragment } = urlsplit(url);
  const fields = query.split("&").map((field) => [field.split("=", 1)[0] ?? "", field] as const);
  const sorted = fields.toSorted(([one], [other]) => (one < other ? -1 : Number(one > other)));
  const authority = netloc === "" ? "" : `//${netloc}`;
  const normal_query = query === "" ? "" : `?${sorted.map(([, field]) => field).join("&")}`;
  return `${scheme && `${scheme}:`}${authority}${path}${normal_query}${fragment && `#${fragment}`}`;
}

/** How often the text is in the response, and how to show what was looked for. */
async function occurrences(
  response: HttpResponseBase,
  text: unknown,
  { status_code = 200, msg_prefix, html = false }: AssertContainsOptions,
): Promise<[found: number, shown: string]> {
  if (response.status_code !== status_code)
    fail(`The response has the status ${response.status_code}, not ${status_code}.`, msg_prefix);
  const content = await content_of(response);
  const needle = text instanceof Uint8Array ? Buffer.from(text) : Buffer.from(String(text));
  const shown = repr(text instanceof Uint8Array ? text : String(text));
  if (!html) return [count_of(content, needle), shown];
  return [
    count_of(
      Buffer.from(normal_html(content.toString())),
      Buffer.from(normal_html(needle.toString())),
    ),
    shown,
  ];
}

function count_of(content: Buffer, needle: Buffer): number {
  if (needle.length === 0) return content.length + 1;
  let found = 0;
  for (let at = content.indexOf(needle); at >= 0; at = content.indexOf(needle, at + needle.length))
    found++;
  return found;
}

async function content_of(response: HttpResponseBase): Promise<Buffer> {
  const { is_rendered, render } = response as { is_rendered?: unknown; render?: () => unknown };
  if (is_rendered === false && render !== undefined) await render.call(response);
  if (!(response instanceof StreamingHttpResponse)) return (response as TestResponse).content; // what is not streamed has content
  const chunks: Buffer[] = [];
  for await (const chunk of response.streaming_content) chunks.push(chunk);
  response.streaming_content = chunks;
  return Buffer.concat(chunks);
}

function template_names(response: TestResponse): string[] {
  if (!Array.isArray(response.templates))
    throw new ValueError("Only a response of the test client knows its templates.");
  return response.templates.map((template) => String((template as { name?: unknown }).name ?? ""));
}

function parsed(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch (cause) {
    fail(`This is no JSON: ${repr(raw)} (${String(cause)}).`);
  }
}

function data_of(expected: unknown): unknown {
  return typeof expected === "string" ? parsed(expected) : JSON.parse(JSON.stringify(expected));
}
