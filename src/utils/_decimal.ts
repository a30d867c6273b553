/** Decimal numbers of any size, read from text and written as text: what `Number` would round or turn into infinity. @module */
import { ascii } from "./_number.ts";
import { strip } from "./_whitespace.ts";

/** The number `digits * 10 ** exponent`. */
export interface Decimal {
  readonly negative: boolean;
  /** Without leading zeros; zero is `"0"`. */
  readonly digits: string;
  readonly exponent: number;
}

const DECIMAL = /^([+-]?)(?:(\p{Nd}+)(?:\.(\p{Nd}*))?|\.(\p{Nd}+))(?:e([+-]?\p{Nd}+))?$/iu;
const NOT_FINITE = /^[+-]?(?:inf(?:inity)?|s?nan\p{Nd}*)$/iu;

/** What Python's `Decimal(text)` reads: also infinity and NaN. `undefined` for text that is no number. */
export function parse_decimal(text: string): Decimal | "not finite" | undefined {
  const plain = strip(text).replaceAll("_", "");
  const found = DECIMAL.exec(plain);
  if (found === null) return NOT_FINITE.test(plain) ? "not finite" : undefined;
  const [, sign, whole = "", after, alone, power = "0"] = found;
  const places = ascii(after ?? alone ?? "");
  return {
    negative: sign === "-",
    digits: (ascii(whole) + places).replace(/^0+(?=.)/, ""),
    exponent: Number(ascii(power)) - places.length,
  };
}

/** The value of a double, to the last of its digits. */
export function exact_decimal(value: number): Decimal {
  let scaled = Math.abs(value);
  let power = 0;
  while (!Number.isInteger(scaled)) {
    scaled *= 2; // exact, as long as there are bits below one
    power += 1;
  }
  const digits = (BigInt(scaled) * 5n ** BigInt(power)).toString();
  return { negative: value < 0 || Object.is(value, -0), digits, exponent: -power };
}

/** How to round what lies just between two numbers. */
export type Rounding = "half up" | "half even";

/** The digits of the number in units of `10 ** -places`. */
export function rounded_digits(number: Decimal, places: number, rounding: Rounding): string {
  const { digits } = number;
  const drop = -places - number.exponent;
  if (drop <= 0) return digits === "0" ? "0" : digits + "0".repeat(-drop);
  if (drop > digits.length) return "0";
  const kept = digits.slice(0, digits.length - drop);
  const rest = digits.slice(digits.length - drop);
  const first = rest.charCodeAt(0) - 48;
  const is_half = first === 5 && /^50*$/.test(rest);
  const odd = kept !== "" && (kept.charCodeAt(kept.length - 1) - 48) % 2 === 1;
  const up = is_half && rounding === "half even" ? odd : first >= 5;
  return up ? (BigInt(kept || "0") + 1n).toString() : kept || "0";
}

/** `digits` in units of `10 ** -places`, written with a point. */
export function with_point(digits: string, places: number): string {
  if (places <= 0) return digits;
  const padded = digits.padStart(places + 1, "0");
  const at = padded.length - places;
  return `${padded.slice(0, at)}.${padded.slice(at)}`;
}

/** The text without an exponent, to so many places; zero has no sign unless `signed_zero`. */
export function fixed(
  number: Decimal,
  places: number,
  rounding: Rounding,
  signed_zero = false,
): string {
  const digits = rounded_digits(number, places, rounding);
  const sign = number.negative && (signed_zero || /[1-9]/.test(digits)) ? "-" : "";
  return sign + with_point(digits, places);
}

/** The text without an exponent, in full. */
export function plain(number: Decimal): string {
  return fixed(number, Math.max(0, -number.exponent), "half up", true);
}

/** `1.5` and `+200` of `1.5e+200`: all digits, one of them before the point. */
export function scientific(number: Decimal): [coefficient: string, exponent: string] {
  const { digits } = number;
  const exponent = number.exponent + digits.length - 1;
  const sign = number.negative ? "-" : "";
  const after = digits.length > 1 ? `.${digits.slice(1)}` : "";
  return [
    sign + digits.charAt(0) + after,
    exponent < 0 ? `-${String(BigInt(-exponent))}` : `+${String(BigInt(exponent))}`,
  ];
}

/** Python's `round(value, places)` of a double, as text: to the even digit where it lies just between. */
export function round_float(value: number, places: number): string {
  return fixed(exact_decimal(value), places, "half even");
}
