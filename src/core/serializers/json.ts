/** `DjangoJSONEncoder`: JSON with dates (Django docs: Serializing Django objects, "DjangoJSONEncoder"). @module */
import { ValueError } from "../../core/exceptions.ts";
import { JSONEncoder, type JSONEncoderOptions } from "../../utils/_json.ts";
import { is_lazy } from "../../utils/_lazy.ts";
import { str } from "../../utils/_python.ts";

export type { JSONEncoderOptions };

/** Something that says itself what it is in JSON, as the URLs, decimals and durations of JavaScript do. */
interface HasJson {
  toJSON(): unknown;
}

function has_json(o: object): o is HasJson {
  return "toJSON" in o && typeof o.toJSON === "function";
}

/** Milliseconds only where there are any: Python writes no zero fraction, JavaScript always three digits. */
function iso_text(date: Date): string {
  const time = date.getTime();
  if (Number.isNaN(time)) throw new ValueError("JSON has no invalid Date.");
  const text = date.toISOString();
  return time % 1000 === 0 ? `${text.slice(0, -".000Z".length)}Z` : text;
}

const PLAIN = new JSONEncoder();

/**
 * What `DjangoJSONEncoder` writes in place of one value that JSON does not have: text, or something that is looked at
 * in its turn.
 * @throws TypeError for a value that it does not know; ValueError for an invalid Date.
 */
export function json_default(o: unknown): unknown {
  if (o instanceof Date) return iso_text(o);
  if (typeof o !== "object" || o === null || ArrayBuffer.isView(o)) return PLAIN.default(o);
  if (is_lazy(o)) return str(o);
  return has_json(o) ? o.toJSON() : PLAIN.default(o);
}

/**
 * A `JSONEncoder` that also writes dates (ISO 8601 in UTC), lazy text, and instances of classes with a `toJSON()`
 * method. Bytes it refuses.
 */
export class DjangoJSONEncoder extends JSONEncoder {
  override default(o: unknown): unknown {
    return json_default(o);
  }
}
