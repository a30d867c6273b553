/** JSON as Python's `json` writes and reads it: what is signed, stored and sent must be Django's bytes. @module */
import { type LoadsOptions, scan } from "./_json_scanner.ts";
import { write_line, Writer } from "./_json_writer.ts";

/** Options of `JSONEncoder` and `dumps`. */
export interface JSONEncoderOptions {
  /** Leave out entries of a `Map` whose key cannot be a name, instead of a TypeError. Default `false`. */
  skipkeys?: boolean | undefined;
  /** Write everything beyond printable ASCII as `\u` escapes. Default `true`. */
  ensure_ascii?: boolean | undefined;
  /** Throw ValueError for data that contains itself. Default `true`; otherwise the stack overflows. */
  check_circular?: boolean | undefined;
  /** Write `NaN` and `Infinity`, which are not JSON, instead of a ValueError. Default `true`. */
  allow_nan?: boolean | undefined;
  /** Order names by code point. Default `false`: the order of insertion. */
  sort_keys?: boolean | undefined;
  /** One level of indentation, as text or a number of spaces; 0 and "" only break lines. Default: one line. */
  indent?: number | string | null | undefined;
  /** What stands between items and after a name. Default `[", ", ": "]`, with `indent` `[",", ": "]`. */
  separators?: readonly [item: string, key: string] | null | undefined;
  /** Gives something JSON has in place of what it has not; stands for the method of that name. */
  default?: ((o: unknown) => unknown) | null | undefined;
}

/** Writes data as JSON. A subclass says in `default` what becomes of objects that JSON does not have. */
export class JSONEncoder {
  skipkeys: boolean;
  ensure_ascii: boolean;
  check_circular: boolean;
  allow_nan: boolean;
  sort_keys: boolean;
  indent: string | undefined;
  item_separator: string;
  key_separator: string;

  constructor(options: JSONEncoderOptions = {}) {
    const { indent, separators } = options;
    this.skipkeys = options.skipkeys ?? false;
    this.ensure_ascii = options.ensure_ascii ?? true;
    this.check_circular = options.check_circular ?? true;
    this.allow_nan = options.allow_nan ?? true;
    this.sort_keys = options.sort_keys ?? false;
    this.indent =
      typeof indent === "number" ? " ".repeat(Math.max(0, indent)) : (indent ?? undefined);
    this.item_separator = separators?.[0] ?? (this.indent === undefined ? ", " : ",");
    this.key_separator = separators?.[1] ?? ": ";
    if (options.default) this.default = options.default;
  }

  /**
   * What to write in place of `o`. A subclass returns something JSON has, or calls `super.default(o)`.
   * @throws TypeError here, always.
   */
  default(o: unknown): unknown {
    throw new TypeError(
      `JSON has no ${type_name(o)}. Convert it first, or give an encoder whose default() does.`,
    );
  }

  /**
   * The data as JSON. `undefined` is `null`; a `Map`, whose order is kept, and a `QueryDict` are objects.
   * @throws TypeError for what JSON does not have; ValueError for data that contains itself.
   */
  encode(o: unknown): string {
    const one_line = this.indent === undefined && !this.sort_keys;
    return one_line ? write_line(o, this) : new Writer(this).value(o);
  }
}

function type_name(value: unknown): string {
  return typeof value === "object" && value !== null ? value.constructor.name : typeof value;
}

/** Options of `dumps`. */
export interface JSONDumpsOptions extends JSONEncoderOptions {
  /** The class that writes. Default `JSONEncoder`. */
  cls?: (new (options: JSONEncoderOptions) => JSONEncoder) | null | undefined;
}

const PLAIN = new JSONEncoder();

/** The data as JSON; see `JSONEncoder.encode`. */
export function dumps(obj: unknown, options?: JSONDumpsOptions): string {
  if (options === undefined) return PLAIN.encode(obj);
  return new (options.cls ?? JSONEncoder)(options).encode(obj);
}

/**
 * The data in JSON text. As in Python, `NaN` and infinities are read.
 * @throws JSONDecodeError for anything else that is not JSON.
 */
export function loads(s: string, options?: LoadsOptions): unknown {
  if (options !== undefined) return scan(s, options);
  try {
    return JSON.parse(s);
  } catch {
    return scan(s, {}); // to read what Python reads beyond JSON, or to say where the error is
  }
}
