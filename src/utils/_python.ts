/** Python's view of a value: its text (`str`), its source form (`repr`) and its truth. @module */

/** The key of the method that `console.log` calls; our objects print Python's `repr` there. */
export const inspect: unique symbol = Symbol.for("nodejs.util.inspect.custom") as never;

type Printable = { [inspect](): string };

/**
 * Makes `console.log(x)` and `repr(x)` print what `text` gives; without it, what `x.toString()` gives. To be called in the
 * class's `static` block with its prototype. (A method `[inspect]` cannot be declared: `isolatedDeclarations` refuses it.)
 */
export function define_repr<T extends object>(prototype: T, text?: (object: T) => string): void {
  Object.defineProperty(prototype, inspect, {
    configurable: true,
    writable: true,
    value(this: T): string {
      return text === undefined ? String(this) : text(this);
    },
  });
}

/** Whether it has a repr of this kind. Those of other people, which want arguments, may be pages long. */
function has_repr(value: object): value is Printable {
  const method = (value as Partial<Printable>)[inspect];
  return typeof method === "function" && method.length === 0;
}

/**
 * The text of a number as Python prints it: `1e-05`, `inf`, `nan`. A whole number is an integer, never `1.0` or `1e+22`:
 * JavaScript does not tell them apart.
 */
export function number_text(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (Number.isInteger(value))
    return Math.abs(value) < 1e21 ? String(value) : BigInt(value).toString();
  const text = String(value);
  const [digits = "", exponent] = text.split("e");
  if (exponent !== undefined) {
    const power = exponent.slice(1);
    return `${digits}e${exponent.startsWith("-") ? "-" : "+"}${power.padStart(2, "0")}`;
  }
  if (Math.abs(value) >= 1e-4) return text;
  // JavaScript switches to exponents below 1e-6, Python below 1e-4
  const [mantissa = "", power = ""] = value.toExponential().split("e-");
  return `${mantissa}e-${power.padStart(2, "0")}`;
}

/** `str(value)` of Python: `None`, `True`, `[1, 'a']`; an object's own `toString` if it has one. */
export function str(value: unknown): string {
  if (typeof value === "string") return value;
  if (value instanceof String) return value.toString();
  if (value instanceof Error) return value.message;
  if (typeof value === "object" && value !== null && has_own_text(value)) return String(value);
  return repr(value);
}

function has_own_text(value: object): boolean {
  if (Array.isArray(value) || value instanceof Map || value instanceof Set || value instanceof Date)
    return false;
  if (value instanceof Uint8Array || value instanceof ArrayBuffer) return false;
  const { toString } = value;
  return typeof toString === "function" && toString !== Object.prototype.toString;
}

/** `repr(value)` of Python: text in quotes, bytes as `b'…'`, containers with the `repr` of what they hold. */
export function repr(value: unknown): string {
  switch (typeof value) {
    case "string":
      return repr_text(value);
    case "number":
      return number_text(value);
    case "bigint":
      return value.toString();
    case "boolean":
      return value ? "True" : "False";
    case "undefined":
      return "None";
    case "symbol":
      return value.toString();
    case "function":
      return has_repr(value) ? value[inspect]() : repr_function(value);
    case "object":
      return value === null ? "None" : repr_object(value);
  }
}

function repr_function(value: { name: string }): string {
  const is_class = /^class\b/.test(Function.prototype.toString.call(value));
  return `<${is_class ? "class" : "function"} ${value.name || "<anonymous>"}>`;
}

function repr_object(value: object): string {
  if (has_repr(value) && !(value instanceof Uint8Array)) return value[inspect]();
  if (value instanceof String) return repr_text(value.toString());
  if (value instanceof Uint8Array) return repr_bytes(value);
  if (value instanceof ArrayBuffer) return repr_bytes(new Uint8Array(value));
  if (Array.isArray(value)) return `[${value.map(repr).join(", ")}]`;
  if (value instanceof Set)
    return value.size === 0 ? "set()" : `{${[...value].map(repr).join(", ")}}`;
  if (value instanceof Map) return repr_pairs(value);
  if (value instanceof Error)
    return `${value.name}(${value.message === "" ? "" : repr_text(value.message)})`;
  if (value instanceof Date)
    return Number.isNaN(value.getTime()) ? "<invalid date>" : value.toISOString();
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null || prototype === Object.prototype)
    return repr_pairs(Object.entries(value));
  return has_own_text(value) ? String(value) : `<${value.constructor.name} object>`;
}

function repr_pairs(pairs: Iterable<readonly [unknown, unknown]>): string {
  return `{${Array.from(pairs, ([key, item]) => `${repr(key)}: ${repr(item)}`).join(", ")}}`;
}

const ESCAPES: Record<string, string> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };
const NOT_PRINTABLE = /[\\\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Zs}]/gu;

function quote_for(text: string): string {
  return text.includes("'") && !text.includes('"') ? '"' : "'";
}

/** The source form of text: single quotes unless it holds one and no double quote; what cannot be printed is escaped. */
export function repr_text(text: string): string {
  const quote = quote_for(text);
  const escaped = text.replace(NOT_PRINTABLE, (character) => {
    if (character === " ") return character;
    return ESCAPES[character] ?? escape_code(character.codePointAt(0) ?? 0);
  });
  return quote + (quote === "'" ? escaped.replaceAll("'", "\\'") : escaped) + quote;
}

/** `\xNN`, `\uNNNN` or `\UNNNNNNNN`, whichever is the shortest that fits. */
export function escape_code(code: number): string {
  const hex = code.toString(16);
  if (code <= 0xff) return `\\x${hex.padStart(2, "0")}`;
  if (code <= 0xffff) return `\\u${hex.padStart(4, "0")}`;
  return `\\U${hex.padStart(8, "0")}`;
}

function repr_bytes(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
  const quote = quote_for(text);
  const escaped = text.replace(
    /[\\]|[^ -~]/g,
    (character) => ESCAPES[character] ?? escape_code(character.charCodeAt(0)),
  );
  return `b${quote}${quote === "'" ? escaped.replaceAll("'", "\\'") : escaped}${quote}`;
}

/** Python's truth: `""`, `0`, `null`, empty bytes, lists, sets, maps and plain objects are false. `__bool__` is asked. */
export function truthy(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return Boolean(value);
  if (Array.isArray(value)) return value.length > 0;
  if (value instanceof String) return value.length > 0;
  if (value instanceof Uint8Array || value instanceof ArrayBuffer) return value.byteLength > 0;
  const { __bool__ } = value as { __bool__?: unknown };
  if (typeof __bool__ === "function") return Boolean(__bool__.call(value));
  const { size } = value as { size?: unknown };
  if (typeof size === "number" && Symbol.iterator in value) return size > 0;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null || prototype === Object.prototype) return Object.keys(value).length > 0;
  return true;
}

/** Whether the value is an object written as `{ … }`. @internal */
export function is_plain_object(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
