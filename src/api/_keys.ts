/** The keys of layers and specs: one that is written wrongly would say nothing, in silence. @module */
import { ImproperlyConfigured } from "../core/exceptions.ts";
import { closest } from "../utils/_closest.ts";
import { repr } from "../utils/_python.ts";
import type { CookieSpec, HeaderSpec, Layer, ModelEntry, Spec } from "./spec.ts";

// Objects, so that the compiler misses a key that is added to the types.
const LAYER: Readonly<Record<keyof Layer, true>> = {
  tags: true, // before etag, which is as near to "tag"
  response_headers: true,
  response_cookies: true,
  cache_control: true,
  etag: true,
  renderers: true,
  parsers: true,
  response_class: true,
  validate_responses: true,
  response_error_status: true,
  csrf: true,
  type_encoders: true,
  before_request: true,
  after_request: true,
  after_response: true,
  exception_handlers: true,
  decorators: true,
  security: true,
  deprecated: true,
  include_in_schema: true,
};
const SPEC: Readonly<Record<keyof Spec, true>> = {
  ...LAYER,
  path: true,
  query: true,
  headers: true,
  cookies: true,
  body: true,
  form: true,
  response: true,
  status: true,
  content_type: true,
  name: true,
  operation_id: true,
  summary: true,
  description: true,
  background: true,
  methods: true,
};

const HEADER: Readonly<Record<keyof HeaderSpec, true>> = {
  value: true,
  description: true,
  documentation_only: true,
  required: true,
  deprecated: true,
  example: true,
  schema: true,
};
const COOKIE: Readonly<Record<keyof CookieSpec, true>> = {
  value: true,
  description: true,
  documentation_only: true,
  max_age: true,
  expires: true,
  path: true,
  domain: true,
  secure: true,
  httponly: true,
  samesite: true,
};
const MODEL: Readonly<Record<keyof ModelEntry, true>> = {
  model: true,
  description: true,
  headers: true,
  openapi: true,
};

/** What every layer may say. */
export const LAYER_KEYS: readonly string[] = Object.keys(LAYER);
/** What the spec of an endpoint may say. */
export const SPEC_KEYS: readonly string[] = Object.keys(SPEC);
/** What can be said of a header of a layer. */
export const HEADER_KEYS: readonly string[] = Object.keys(HEADER);
/** What can be said of a cookie of a layer. */
export const COOKIE_KEYS: readonly string[] = Object.keys(COOKIE);
/** What can be said of a model beside the model. */
export const MODEL_KEYS: readonly string[] = Object.keys(MODEL);

/**
 * @param owner What messages call the one who gave it: `The spec of GET books/`.
 * @throws ImproperlyConfigured for a key that is not among those, and for what is no object.
 */
export function check_keys(given: unknown, keys: readonly string[], owner: string): void {
  if (typeof given !== "object" || given === null || Array.isArray(given))
    throw new ImproperlyConfigured(
      `${owner} is an object such as { ${keys[0]}: … }, not ${repr(given)}.`,
    );
  for (const name of Object.keys(given)) {
    if (keys.includes(name)) continue;
    const near = closest(name, keys);
    const remedy =
      near === undefined ? `Its keys are ${keys.join(", ")}.` : `Did you mean ${near}?`;
    throw new ImproperlyConfigured(`${owner} has no key ${repr(name)}. ${remedy}`);
  }
}
