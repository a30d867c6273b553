/** Python's `%` formatting of one value: `"%05.1f" % value`. @module */
import { KeyError, ValueError } from "../core/exceptions.ts";
import { type Decimal, exact_decimal, fixed, rounded_digits, with_point } from "./_decimal.ts";
import { escape_code, is_plain_object, repr, str } from "./_python.ts";

// %(key)#0- +12.3ld
const FIELD = /%(?:\(([^()]*)\))?([#0\- +]*)(\d*|\*)(?:\.(\d*|\*))?[hlL]?([\s\S]?)/gu;

const MAX_SIZE = 1_000_000;

interface Field {
  readonly flags: string;
  readonly width: number;
  readonly precision: number | undefined;
  readonly type: string;
}

/**
 * The text with what each `%` stands for filled in. Widths and precisions end at a million.
 * @throws TypeError for a value of the wrong type, one that is missing or one too many; ValueError for an unknown type;
 * KeyError for a `%(key)s` that the value has not.
 */
export function percent_format(format: string, value: unknown): string {
  let taken = is_mapping(value); // of those, no value need be used
  let once = false;
  const next = (): unknown => {
    if (once) throw new TypeError(`${repr(format)} asks for more than one value.`);
    once = true;
    taken = true;
    return value;
  };
  const text = format.replace(
    FIELD,
    (_, key: string | undefined, flags: string, width: string, precision: string, type: string) => {
      const given = key === undefined ? undefined : item(value, key);
      if (width === "*" || precision === "*")
        throw new TypeError(`${repr(format)} takes a width from a value; there is only one.`);
      if (type === "%") return "%";
      const field = { flags, width: size(width), precision: places(precision), type };
      return convert(key === undefined ? next() : given, field);
    },
  );
  if (!taken) throw new TypeError(`${repr(format)} has no place for a value.`);
  return text;
}

function size(digits: string): number {
  const number = Number(digits);
  if (number > MAX_SIZE) throw new ValueError(`${digits} characters are too many.`);
  return number;
}

function places(precision: string | undefined): number | undefined {
  return precision === undefined ? undefined : size(precision);
}

function is_mapping(value: unknown): boolean {
  return (
    Array.isArray(value) ||
    value instanceof Map ||
    value instanceof Uint8Array ||
    is_plain_object(value)
  );
}

function item(value: unknown, key: string): unknown {
  if (value instanceof Map && value.has(key))
    return (value as ReadonlyMap<unknown, unknown>).get(key);
  if (is_plain_object(value) && Object.hasOwn(value, key)) return value[key];
  if (value instanceof Map || is_plain_object(value)) throw new KeyError(key);
  throw new TypeError(`${repr(value)} has no keys.`);
}

function convert(value: unknown, field: Field): string {
  switch (field.type) {
    case "s":
      return padded("", shortened(str(value), field), field, false);
    case "r":
      return padded("", shortened(repr(value), field), field, false);
    case "a":
      return padded("", shortened(ascii_only(repr(value)), field), field, false);
    case "c":
      return padded("", character(value), field, false);
    case "d":
    case "i":
    case "u":
      return integer(whole(value, true), 10, field);
    case "o":
      return integer(whole(value, false), 8, field);
    case "x":
      return integer(whole(value, false), 16, field);
    case "X":
      return integer(whole(value, false), 16, field).toUpperCase();
    default:
      if (!/^[eEfFgG]$/.test(field.type))
        throw new ValueError(`%${field.type} is no format of Python's.`);
      return real(float(value), field);
  }
}

function shortened(text: string, { precision }: Field): string {
  return precision === undefined ? text : Array.from(text).slice(0, precision).join("");
}

function ascii_only(text: string): string {
  return text.replace(/[^\0-\x7f]/gu, (character) => escape_code(character.codePointAt(0) ?? 0));
}

function character(value: unknown): string {
  if (typeof value === "string" && Array.from(value).length === 1) return value;
  const code = typeof value === "string" ? -1 : Number(whole(value, false));
  if (code >= 0 && code <= 0x10ffff) return String.fromCodePoint(code);
  throw new TypeError(`${repr(value)} is no character.`);
}

function whole(value: unknown, may_cut: boolean): bigint {
  if (typeof value === "bigint") return value;
  if (typeof value === "boolean") return value ? 1n : 0n;
  if (typeof value !== "number" || !Number.isFinite(value))
    throw new TypeError(`${repr(value)} is no number with an end.`);
  if (!may_cut && !Number.isInteger(value)) throw new TypeError(`${value} is no integer.`);
  return BigInt(Math.trunc(value));
}

function float(value: unknown): number {
  if (typeof value === "number") return value;
  return Number(whole(value, false));
}

/** With spaces, or with zeros after the sign, up to the width. */
function padded(sign: string, text: string, field: Field, zeros: boolean): string {
  const length = sign.length + (zeros ? text.length : Array.from(text).length);
  const missing = Math.max(0, field.width - length);
  if (field.flags.includes("-")) return sign + text + " ".repeat(missing);
  return zeros && field.flags.includes("0")
    ? sign + "0".repeat(missing) + text
    : " ".repeat(missing) + sign + text;
}

function sign_of(negative: boolean, { flags }: Field): string {
  if (negative) return "-";
  return flags.includes("+") ? "+" : flags.includes(" ") ? " " : "";
}

const PREFIXES: Readonly<Record<number, string>> = { 8: "0o", 16: "0x" };

function integer(value: bigint, base: number, field: Field): string {
  const digits = (value < 0n ? -value : value).toString(base).padStart(field.precision ?? 0, "0");
  const prefix = field.flags.includes("#") ? (PREFIXES[base] ?? "") : "";
  return padded(sign_of(value < 0n, field) + prefix, digits, field, true);
}

function real(value: number, field: Field): string {
  const upper = field.type !== field.type.toLowerCase();
  const negative = value < 0 || Object.is(value, -0);
  const digits = Number.isFinite(value)
    ? real_digits(exact_decimal(Math.abs(value)), field)
    : Number.isNaN(value)
      ? "nan"
      : "inf";
  const text = padded(sign_of(negative, field), digits, field, true);
  return upper ? text.toUpperCase() : text;
}

function real_digits(value: Decimal, field: Field): string {
  const alternate = field.flags.includes("#");
  const precision = field.precision ?? 6;
  switch (field.type.toLowerCase()) {
    case "f":
      return fixed(value, precision, "half even") + (alternate && precision === 0 ? "." : "");
    case "e":
      return exponential(value, precision, alternate);
    default:
      return general(value, precision || 1, alternate);
  }
}

/** The first digits of the number, rounded, and the exponent of the first of them. */
function significant(value: Decimal, count: number): [digits: string, exponent: number] {
  if (value.digits === "0") return ["0".repeat(count), 0];
  const exponent = value.digits.length + value.exponent - 1;
  const digits = rounded_digits(value, count - 1 - exponent, "half even");
  return digits.length > count ? [digits.slice(0, count), exponent + 1] : [digits, exponent];
}

function exponential(value: Decimal, precision: number, alternate: boolean): string {
  const [digits, exponent] = significant(value, precision + 1);
  return with_exponent(digits, exponent, alternate);
}

function with_exponent(digits: string, exponent: number, alternate: boolean): string {
  const point = digits.length > 1 || alternate ? "." : "";
  const power = String(Math.abs(exponent)).padStart(2, "0");
  return `${digits.charAt(0)}${point}${digits.slice(1)}e${exponent < 0 ? "-" : "+"}${power}`;
}

function general(value: Decimal, precision: number, alternate: boolean): string {
  const [digits, exponent] = significant(value, precision);
  const kept = alternate ? digits : digits.replace(/(?<=.)0+$/, "");
  if (exponent < -4 || exponent >= precision) return with_exponent(kept, exponent, alternate);
  const after = Math.max(0, digits.length - 1 - exponent);
  const text = with_point(digits, after);
  if (alternate) return after === 0 ? `${text}.` : text;
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}
