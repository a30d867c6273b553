/** Numbers as text, with separators (Django docs: Format localization). @module */
import { settings } from "../conf/index.ts";
import { type Decimal, parse_decimal, plain, scientific } from "./_decimal.ts";
import { number_text, str } from "./_python.ts";

/** Options of `format`. */
export interface NumberFormatOptions {
  /** How many digits stand after the separator; more are cut, not rounded. Default: as many as there are. */
  decimal_pos?: number | null | undefined;
  /** How many digits make a group; a list gives the sizes from the right, the last one for all others. Default 0: none. */
  grouping?: number | readonly number[] | undefined;
  /** What stands between groups. Default: nothing. */
  thousand_sep?: string | undefined;
  /** Group without `USE_THOUSAND_SEPARATOR` too. Default `false`. */
  force_grouping?: boolean | undefined;
  /** Whether `USE_THOUSAND_SEPARATOR` counts. Default `true`. */
  use_l10n?: boolean | undefined;
}

/** Longer numbers are written with an exponent. */
export const MAX_DIGITS = 200;

/** The number as text; a text is taken for digits. A number of more than 200 digits is written with an exponent. */
export function format(
  number: unknown,
  decimal_sep: string,
  options: NumberFormatOptions = {},
): string {
  if (number === null || number === undefined || number === "") return str(number);
  const text = number_to_text(number);
  const decimal = /e/i.test(text) ? parse_decimal(text) : undefined;
  return typeof decimal === "object"
    ? format_decimal(decimal, decimal_sep, options)
    : with_separators(text, decimal_sep, options);
}

function number_to_text(number: unknown): string {
  return typeof number === "number" ? number_text(number) : str(number);
}

/** `format` of a decimal number of any size. @internal */
export function format_decimal(
  number: Decimal,
  decimal_sep: string,
  options: NumberFormatOptions = {},
): string {
  const { decimal_pos } = options;
  let shown = number;
  if (typeof decimal_pos === "number" && is_below(number, decimal_pos))
    shown = { negative: false, digits: "0", exponent: 0 };
  if (Math.abs(shown.exponent) + shown.digits.length <= MAX_DIGITS)
    return with_separators(plain(shown), decimal_sep, options);
  const [coefficient, exponent] = scientific(shown);
  return `${with_separators(coefficient, decimal_sep, options)}e${exponent}`;
}

/** Whether no digit of it is among the first `places`. */
function is_below(number: Decimal, places: number): boolean {
  return number.digits === "0" || number.digits.length + number.exponent <= -Math.max(1, places);
}

function with_separators(
  number: string,
  decimal_sep: string,
  options: NumberFormatOptions,
): string {
  const sign = number.startsWith("-") ? "-" : "";
  const [whole = "", after = ""] = number.slice(sign.length).split(".");
  const { decimal_pos } = options;
  const places =
    typeof decimal_pos === "number"
      ? after.slice(0, Math.max(0, decimal_pos)).padEnd(decimal_pos, "0")
      : after;
  return sign + grouped(whole, options) + (places === "" ? "" : decimal_sep + places);
}

function grouped(whole: string, options: NumberFormatOptions): string {
  const { grouping = 0, thousand_sep = "", force_grouping, use_l10n = true } = options;
  const wanted = force_grouping === true || (use_l10n && settings.USE_THOUSAND_SEPARATOR);
  if (!wanted || grouping === 0) return whole;
  return group_digits(whole, typeof grouping === "number" ? [grouping] : grouping, thousand_sep);
}

/** The digits in groups, whose sizes are told from the right. @internal */
export function group_digits(
  whole: string,
  sizes: readonly number[],
  thousand_sep: string,
): string {
  const groups: string[] = [];
  let size = 0;
  let end = whole.length;
  for (let at = 0; end > 0; at++) {
    size = sizes[at] || size; // 0 stands for "as before"
    groups.push(whole.slice(size > 0 ? Math.max(0, end - size) : 0, end));
    end = size > 0 ? end - size : 0;
  }
  return groups.reverse().join(thousand_sep);
}
