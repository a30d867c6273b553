/** The `API` setting: the outermost layer of all endpoints. @module */
import { on_change, settings } from "../conf/index.ts";
import { ImproperlyConfigured } from "../core/exceptions.ts";
import { repr } from "../utils/_python.ts";
import type { TypeEncoder } from "./encoders.ts";
import { JSONParser, type Parser } from "./parsers.ts";
import { JSON_RENDERER, type Renderer } from "./renderers.ts";
import type { CsrfPolicy, Layer } from "./spec.ts";

/** What the `API` setting says, all of it. A layer may say otherwise under the name in lower case, but for the last three. */
export interface ApiValues {
  /** The formats that a client may choose by Accept, the first by default. Default `[new JSONRenderer()]`. */
  RENDERERS: readonly Renderer[];
  /** The formats of bodies. Default `[new JSONParser()]`. */
  PARSERS: readonly Parser[];
  /** How instances of classes become data. Default: none but the built-in ones. */
  TYPE_ENCODERS: readonly TypeEncoder[];
  /** Whether responses are checked and filtered by their model. Default `true`. */
  VALIDATE_RESPONSES: boolean;
  /** The status of a response that does not fit its model. Default 500. */
  RESPONSE_ERROR_STATUS: number;
  /** Which requests must carry a CSRF token, where `CsrfViewMiddleware` is installed. Default `"cookies"`. */
  CSRF: CsrfPolicy;
  /** Seconds without an event after which an event stream sends a comment; `null`: never. Default 15. */
  PING_INTERVAL: number | null;
  /** The directories of which `send_file` sends files; `null`: of all. Default `null`. */
  ALLOWED_FILE_PATHS: readonly (string | URL)[] | null;
  /** The version of the document. Default `"3.1.1"`. */
  OPENAPI_VERSION: "3.1.1" | "3.2.0";
}

/** The `API` setting: some of its keys. */
export type ApiSettings = { readonly [Key in keyof ApiValues]?: ApiValues[Key] | undefined };

const DEFAULTS: ApiValues = {
  RENDERERS: [JSON_RENDERER],
  PARSERS: [new JSONParser()],
  TYPE_ENCODERS: [],
  VALIDATE_RESPONSES: true,
  RESPONSE_ERROR_STATUS: 500,
  CSRF: "cookies",
  PING_INTERVAL: 15,
  ALLOWED_FILE_PATHS: null,
  OPENAPI_VERSION: "3.1.1",
};

let version = 0;
on_change(["API"], () => version++);

/** Changes with the `API` setting: what was made of it must be made anew. */
export function api_version(): number {
  return version;
}

/** Whether a value may stand there, and what may: for the keys whose values are not checked with those of layers. */
type Expectation = readonly [fits: (value: unknown) => boolean, expected: string];

const EXPECTED: { readonly [Key in keyof ApiValues]?: Expectation } = {
  TYPE_ENCODERS: [is_list_of(is_encoder), "a list of pairs of a class and a function"],
  VALIDATE_RESPONSES: [(value) => typeof value === "boolean", "true or false"],
  PING_INTERVAL: [
    (value) => value === null || (typeof value === "number" && value > 0),
    "a positive number of seconds, or null",
  ],
  ALLOWED_FILE_PATHS: [
    (value) => value === null || is_list_of(is_path)(value),
    "a list of directories, or null",
  ],
  OPENAPI_VERSION: [(value) => value === "3.1.1" || value === "3.2.0", '"3.1.1" or "3.2.0"'],
};

function is_list_of(fits: (item: unknown) => boolean): (value: unknown) => boolean {
  return (value) => Array.isArray(value) && value.every(fits);
}

function is_encoder(item: unknown): boolean {
  return (
    Array.isArray(item) && item.length === 2 && item.every((part) => typeof part === "function")
  );
}

function is_path(item: unknown): boolean {
  return typeof item === "string" || item instanceof URL;
}

/** @throws ImproperlyConfigured for a key that there is not, or a value that cannot stand there. */
function check(given: ApiSettings): void {
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(DEFAULTS, name))
      throw new ImproperlyConfigured(
        `The setting API has no key ${repr(name)}: take it out. The keys are ${Object.keys(DEFAULTS).join(", ")}.`,
      );
    const expectation = EXPECTED[name as keyof ApiValues]; // it is one of the defaults
    if (value === undefined || expectation === undefined) continue;
    const [fits, expected] = expectation;
    if (!fits(value))
      throw new ImproperlyConfigured(
        `${name} of the setting API must be ${expected}: ${repr(value)} is not.`,
      );
  }
}

let checked_version = -1;

/**
 * One key of the `API` setting, or its default.
 * @throws ImproperlyConfigured for a setting with a key that it does not have, or a value that cannot stand there.
 */
export function api_setting<Key extends keyof ApiValues>(key: Key): ApiValues[Key] {
  const given: ApiSettings = settings.API;
  if (checked_version !== version) {
    check(given);
    checked_version = version;
  }
  const value = given[key];
  return value === undefined ? DEFAULTS[key] : value;
}

/** The setting as a layer. */
export function settings_layer(): Layer {
  return {
    renderers: api_setting("RENDERERS"),
    parsers: api_setting("PARSERS"),
    type_encoders: api_setting("TYPE_ENCODERS"),
    validate_responses: api_setting("VALIDATE_RESPONSES"),
    response_error_status: api_setting("RESPONSE_ERROR_STATUS"),
    csrf: api_setting("CSRF"),
  };
}
