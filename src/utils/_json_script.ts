/** `json_script`: data for a script, in the page. @module */
import { DjangoJSONEncoder } from "../core/serializers/json.ts";
import { escape_text, unicode_escape } from "./_escape.ts";
import type { JSONEncoder } from "./_json.ts";
import { SafeString } from "./safestring.ts";

/** Options of `json_script`. */
export interface JsonScriptOptions {
  /** The `id` of the element. Default: none. */
  element_id?: string | null | undefined;
  /** Default `DjangoJSONEncoder`. */
  encoder?: (new () => JSONEncoder) | null | undefined;
}

/** The value as JSON in a `script` element that does not run; nothing in it can end the element. */
export function json_script(value: unknown, options: JsonScriptOptions = {}): SafeString {
  const encoder = new (options.encoder ?? DjangoJSONEncoder)();
  const json = encoder.encode(value).replace(/[<>&]/g, unicode_escape);
  const id = options.element_id ? ` id="${escape_text(options.element_id)}"` : "";
  return new SafeString(`<script${id} type="application/json">${json}</script>`);
}
