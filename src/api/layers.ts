/** Merging the layers around an endpoint: the nearest wins, or they add up (docs/api.md, "Layers"). @module */
import { ImproperlyConfigured } from "../core/exceptions.ts";
import { header_value } from "../http/_header_text.ts";
import { error_text } from "../utils/_error_text.ts";
import { repr } from "../utils/_python.ts";
import { check_keys, COOKIE_KEYS, HEADER_KEYS, LAYER_KEYS } from "./_keys.ts";
import type { TypeEncoder } from "./encoders.ts";
import { Parser } from "./parsers.ts";
import { Renderer } from "./renderers.ts";
import { Reply, type ReplyClass } from "./responses.ts";
import { settings_layer } from "./_settings.ts";
import type {
  AfterRequest,
  CookieSpec,
  CsrfPolicy,
  ExceptionHandler,
  HeaderSpec,
  Layer,
  ViewDecorator,
} from "./spec.ts";

/** All layers around an endpoint in one. */
export interface Effective {
  /** Headers by name, as the nearest layer has them. */
  readonly headers: readonly (readonly [name: string, spec: HeaderSpec])[];
  /** Cookies by key, as the nearest layer has them; those of the nearest layer first. */
  readonly cookies: readonly (readonly [key: string, spec: CookieSpec])[];
  readonly renderers: readonly Renderer[];
  /** Whether a layer inside the settings names renderers: then a request that takes none of them is refused. */
  readonly declares_renderers: boolean;
  readonly parsers: readonly Parser[];
  readonly response_class: ReplyClass;
  readonly validate_responses: boolean;
  readonly response_error_status: number;
  readonly csrf: CsrfPolicy;
  /** The nearest layer's first. */
  readonly type_encoders: readonly TypeEncoder[];
  readonly before_request: Layer["before_request"];
  readonly after_request: AfterRequest | undefined;
  readonly after_response: Layer["after_response"];
  /** Those of each layer, the nearest layer first. */
  readonly exception_handlers: readonly (readonly ExceptionHandler[])[];
  /** The outermost first. */
  readonly decorators: readonly ViewDecorator[];
  /** The outermost layer's first. */
  readonly tags: readonly string[];
  /** The outermost layer's first. */
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly deprecated: boolean;
  readonly include_in_schema: boolean;
}

/**
 * The layers, outermost first, in one; the `API` setting is put before them.
 * @throws ImproperlyConfigured for a header or cookie that has neither a value nor `documentation_only`, a header that
 * cannot be sent, a list of formats that is empty or has something else in it, a `response_error_status` or `csrf` that
 * is none.
 */
export function effective(layers: readonly Layer[]): Effective {
  const outer = settings_layer();
  const all = [outer, ...layers];
  const near = all.toReversed();
  const nearest = <Key extends keyof Layer>(key: Key): Layer[Key] =>
    near.find((layer) => layer[key] !== undefined)?.[key];
  return {
    headers: merged_headers(all),
    cookies: merged_cookies(near),
    renderers: checked_list("renderers", nearest("renderers"), Renderer),
    declares_renderers: layers.some((layer) => layer.renderers !== undefined),
    parsers: checked_list("parsers", nearest("parsers"), Parser),
    response_class: nearest("response_class") ?? Reply,
    validate_responses: nearest("validate_responses") ?? true,
    response_error_status: checked_status(nearest("response_error_status") ?? 500),
    csrf: checked_csrf(nearest("csrf") ?? "cookies"),
    type_encoders: near.flatMap((layer) => layer.type_encoders ?? []),
    before_request: nearest("before_request"),
    after_request: nearest("after_request"),
    after_response: nearest("after_response"),
    exception_handlers: near.flatMap(({ exception_handlers }) =>
      exception_handlers === undefined || exception_handlers.length === 0
        ? []
        : [exception_handlers],
    ),
    decorators: layer_decorators(layers),
    tags: [...new Set(all.flatMap((layer) => layer.tags ?? []))],
    security: all.flatMap((layer) => layer.security ?? []),
    deprecated: nearest("deprecated") ?? false,
    include_in_schema: nearest("include_in_schema") ?? true,
  };
}

/**
 * What can be said of layers before the settings are there.
 * @param label What messages call the endpoint that they are around.
 * @throws what `effective` throws for them, and ImproperlyConfigured for a key that no layer has.
 */
export function check_layers(layers: readonly Layer[], label: string): void {
  for (const layer of layers) check_keys(layer, LAYER_KEYS, `A layer of ${label}`);
  check_values(layers);
}

/** What the keys of layers say; a spec has other keys, too. @throws what `effective` throws for them. */
export function check_values(layers: readonly Layer[]): void {
  merged_headers(layers);
  merged_cookies(layers);
  for (const { renderers, parsers, response_error_status, csrf } of layers) {
    if (response_error_status !== undefined) checked_status(response_error_status);
    if (csrf !== undefined) checked_csrf(csrf);
    if (renderers !== undefined) checked_list("renderers", renderers, Renderer);
    if (parsers !== undefined) checked_list("parsers", parsers, Parser);
  }
}

/** The decorators of all layers, the outermost first. */
export function layer_decorators(layers: readonly Layer[]): readonly ViewDecorator[] {
  return layers.flatMap((layer) => layer.decorators ?? []);
}

function checked_list<T extends object>(
  key: string,
  list: readonly T[] | undefined,
  Class: abstract new () => T,
): readonly T[] {
  if (list === undefined || list.length === 0)
    throw new ImproperlyConfigured(
      `The list of ${key} is empty: leave it out to take the outer layer's, or name one.`,
    );
  const wrong: unknown = Array.isArray(list) ? list.find((item) => !(item instanceof Class)) : list;
  if (wrong === undefined) return list;
  throw new ImproperlyConfigured(
    `The ${key} are a list of instances of ${Class.name}, such as new JSON${Class.name}(): ${repr(wrong)} is none.`,
  );
}

const POLICIES: readonly CsrfPolicy[] = ["cookies", "always", "never"];

function checked_csrf(policy: CsrfPolicy): CsrfPolicy {
  if (POLICIES.includes(policy)) return policy;
  throw new ImproperlyConfigured(
    `csrf is one of ${POLICIES.map((name) => repr(name)).join(", ")}: ${repr(policy)} is not.`,
  );
}

function checked_status(status: number): number {
  if (Number.isInteger(status) && status >= 400 && status <= 599) return status;
  throw new ImproperlyConfigured(
    `response_error_status is the status of an error, from 400 to 599: ${repr(status)} is not.`,
  );
}

function merged_headers(layers: readonly Layer[]): Effective["headers"] {
  const merged = new Map<string, readonly [string, HeaderSpec]>();
  for (const layer of layers) {
    for (const [name, given] of Object.entries(layer.response_headers ?? {}))
      merged.set(name.toLowerCase(), [name, header_spec(name, given)]);
    for (const [name, object] of [
      ["Cache-Control", layer.cache_control],
      ["ETag", layer.etag],
    ] as const) {
      if (object === undefined) continue;
      const { documentation_only } = object;
      const value = documentation_only ? undefined : object.to_header();
      merged.set(name.toLowerCase(), [name, { value, documentation_only }]);
    }
  }
  return [...merged.values()];
}

// RFC 9110 §5.1
const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/;

function header_spec(name: string, given: string | number | HeaderSpec): HeaderSpec {
  const spec = typeof given === "object" ? given : { value: given };
  check_keys(spec, HEADER_KEYS, `The response header ${repr(name)}`);
  refuse_empty("response header", name, spec);
  if (!TOKEN.test(name))
    throw new ImproperlyConfigured(
      `A response header cannot be named ${repr(name)}: write a-z and -.`,
    );
  try {
    header_value(spec.value ?? "");
  } catch (cause) {
    throw new ImproperlyConfigured(
      `The response header ${repr(name)} cannot be sent: ${error_text(cause)}`,
      { cause },
    );
  }
  return spec;
}

function merged_cookies(near: readonly Layer[]): Effective["cookies"] {
  const merged = new Map<string, CookieSpec>();
  for (const layer of near) {
    for (const [key, given] of Object.entries(layer.response_cookies ?? {})) {
      if (merged.has(key)) continue;
      const spec = typeof given === "string" ? { value: given } : given;
      check_keys(spec, COOKIE_KEYS, `The response cookie ${repr(key)}`);
      refuse_empty("response cookie", key, spec);
      merged.set(key, spec);
    }
  }
  return [...merged];
}

function refuse_empty(
  what: string,
  name: string,
  spec: { value?: unknown; documentation_only?: boolean | undefined },
): void {
  if (spec.value === undefined && spec.documentation_only !== true)
    throw new ImproperlyConfigured(
      `The ${what} ${repr(name)} has no value. Give it one, or set documentation_only to true.`,
    );
}
