/** Python's `%` formatting of text: `"%(count)d of %(name)s" % params`. @module */
import { KeyError, ValueError } from "../core/_builtins.ts";
import { repr, str } from "./_python.ts";

/** A format: key, flags, width, precision and type (Python docs: Built-in types, "printf-style String Formatting"). */
const FORMAT =
  /%(?:\((?<key>[^)]*)\))?(?<flags>[#0 +-]*)(?<width>\d*)(?:\.(?<precision>\d*))?[hlL]?(?<type>[\s\S]?)/g;

interface Format {
  readonly flags: string;
  readonly width: number;
  readonly precision: number | undefined;
  readonly type: string;
}

/**
 * The text with its formats filled in.
 * @param values An object, for formats with a key; a list, for those without.
 * @throws KeyError for a key that is not there; ValueError for a format that does not exist; TypeError for too few or too
 * many values, and for text where a number is wanted.
 */
export function percent_format(
  template: string,
  values: Readonly<Record<string, unknown>> | readonly unknown[],
): string {
  const list = Array.isArray(values) ? (values as readonly unknown[]) : undefined;
  const given = list ?? [values];
  let next = 0;
  const value_of = (key: string | undefined): unknown => {
    if (key !== undefined) return value_at(values, key);
    if (next === given.length) throw new TypeError(`${repr(template)} asks for more values.`);
    return given[next++];
  };
  const text = template.replace(FORMAT, (found, ...groups: unknown[]) => {
    // with named groups, the last argument is the object of them
    const {
      key,
      flags = "",
      width = "",
      precision,
      type = "",
    } = groups.at(-1) as Record<string, string | undefined>;
    if (type === "%") return "%";
    if (!"diouxXeEfFgGcrsa".includes(type) || type === "")
      throw new ValueError(
        `${repr(template)} has the format ${repr(found)}, which does not exist.`,
      );
    const digits = precision === undefined ? undefined : Number(precision);
    return pad({ flags, width: Number(width), precision: digits, type }, value_of(key));
  });
  if (list !== undefined && next < list.length)
    throw new TypeError(`${repr(template)} asks for ${next} values, and there are ${list.length}.`);
  return text;
}

function value_at(values: unknown, key: string): unknown {
  const mapping = values as Readonly<Record<string, unknown>>; // a list has no keys but numbers
  if (!Object.hasOwn(mapping, key)) throw new KeyError(repr(key));
  return mapping[key];
}

function pad(format: Format, value: unknown): string {
  const { flags, width, precision, type } = format;
  if (type === "s" || type === "r" || type === "a" || type === "c") {
    const text = type === "s" || type === "c" ? text_of(type, value) : repr(value);
    const cut = precision === undefined ? text : Array.from(text).slice(0, precision).join("");
    return flags.includes("-") ? cut.padEnd(width) : cut.padStart(width);
  }
  const body = digits_of(format, number_of(type, value));
  const negative = body.startsWith("-");
  const positive_sign = flags.includes("+") ? "+" : flags.includes(" ") ? " " : "";
  const sign = negative ? "-" : positive_sign;
  const digits = negative ? body.slice(1) : body;
  if (flags.includes("-")) return (sign + digits).padEnd(width);
  return flags.includes("0")
    ? sign + digits.padStart(width - sign.length, "0")
    : (sign + digits).padStart(width);
}

function text_of(type: string, value: unknown): string {
  return type === "c" && typeof value === "number" ? String.fromCodePoint(value) : str(value);
}

function number_of(type: string, value: unknown): number | bigint {
  if (typeof value === "boolean") return Number(value);
  if (typeof value === "number" || typeof value === "bigint") return value;
  throw new TypeError(`%${type} formats a number, and ${repr(value)} is none.`);
}

function digits_of({ flags, precision, type }: Format, value: number | bigint): string {
  switch (type) {
    case "d":
    case "i":
    case "u":
      return integer(value, 10, precision);
    case "o":
      return integer(value, 8, precision);
    case "x":
      return (flags.includes("#") ? "0x" : "") + integer(value, 16, precision);
    case "X":
      return (flags.includes("#") ? "0X" : "") + integer(value, 16, precision).toUpperCase();
    default: {
      const text = real(Number(value), type.toLowerCase(), precision ?? 6);
      return type === type.toUpperCase() ? text.toUpperCase() : text;
    }
  }
}

function integer(value: number | bigint, base: number, precision = 0): string {
  const whole = typeof value === "bigint" ? value : BigInt(Math.trunc(value));
  const digits = (whole < 0n ? -whole : whole).toString(base).padStart(precision, "0");
  return whole < 0n ? `-${digits}` : digits;
}

function real(value: number, type: string, precision: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  if (type === "f") return value.toFixed(precision);
  if (type === "e") return two_digit_exponent(value.toExponential(precision));
  const significant = Math.max(precision, 1);
  const exponent = value === 0 ? 0 : Number(value.toExponential(significant - 1).split("e")[1]);
  if (exponent >= -4 && exponent < significant)
    return value
      .toFixed(significant - 1 - exponent)
      .replace(/(\.\d*?)0+$/, "$1")
      .replace(/\.$/, "");
  const [mantissa = "", power = ""] = value.toExponential(significant - 1).split("e");
  return two_digit_exponent(`${mantissa.replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "")}e${power}`);
}

function two_digit_exponent(text: string): string {
  return text.replace(/e([+-])(\d)$/, "e$10$2");
}
