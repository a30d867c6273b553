/**
 * Dates and numbers in the forms that the settings name (Django docs: Format localization). There are no forms of other
 * languages: what the settings leave open is as in English. @module
 */
import { type Settings, settings } from "../conf/index.ts";
import { type Decimal } from "./_decimal.ts";
import { str } from "./_python.ts";
import * as dateformat from "./dateformat.ts";
import { format, format_decimal } from "./numberformat.ts";
import { LocalTime } from "./_timezone.ts";

/** The settings that hold forms. */
export const FORMAT_SETTINGS: ReadonlySet<string> = new Set([
  "DECIMAL_SEPARATOR",
  "THOUSAND_SEPARATOR",
  "NUMBER_GROUPING",
  "FIRST_DAY_OF_WEEK",
  "MONTH_DAY_FORMAT",
  "TIME_FORMAT",
  "DATE_FORMAT",
  "DATETIME_FORMAT",
  "SHORT_DATE_FORMAT",
  "SHORT_DATETIME_FORMAT",
  "YEAR_MONTH_FORMAT",
]);

/** Options of the functions here. */
export interface FormatOptions {
  /** Fill in what English has and the settings leave open. Default `true`. */
  use_l10n?: boolean | null | undefined;
}

/** The form of that name; a text that is no name of a form is given back: no other setting is looked up. */
export function get_format(format_type: unknown, options: FormatOptions = {}): string | number {
  const name = str(format_type);
  if (!FORMAT_SETTINGS.has(name)) return name;
  return name === "NUMBER_GROUPING"
    ? number_grouping(options)
    : settings[name as "DATE_FORMAT" | "FIRST_DAY_OF_WEEK"]; // one of the names above
}

/** Three digits in English; the default of the setting is none. */
function number_grouping({ use_l10n }: FormatOptions): Settings["NUMBER_GROUPING"] {
  if (use_l10n === false || settings.is_overridden("NUMBER_GROUPING"))
    return settings.NUMBER_GROUPING;
  return 3;
}

/**
 * A date as text.
 * @param format_type The name of a form, or the letters of `dateformat`. Default `DATE_FORMAT`.
 */
export function date_format(
  value: Date | LocalTime,
  format_type?: unknown,
  options: FormatOptions = {},
): string {
  return dateformat.format(value, get_format(format_type || "DATE_FORMAT", options));
}

/**
 * A time of day as text.
 * @param format_type The name of a form, or the letters of `dateformat`. Default `TIME_FORMAT`.
 * @throws AttributeError for a letter that stands for part of a date.
 */
export function time_format(
  value: Date | LocalTime,
  format_type?: unknown,
  options: FormatOptions = {},
): string {
  return dateformat.time_format(value, get_format(format_type || "TIME_FORMAT", options));
}

/** Options of `number_format`. */
export interface NumberOptions extends FormatOptions {
  /** Group without `USE_THOUSAND_SEPARATOR` too. Default `false`. */
  force_grouping?: boolean | undefined;
}

/**
 * A number as text, with the separators of the settings.
 * @param decimal_pos How many digits stand after the separator; more are cut. Default: as many as there are.
 */
export function number_format(
  value: unknown,
  decimal_pos?: number | null,
  options: NumberOptions = {},
): string {
  return format(value, settings.DECIMAL_SEPARATOR, number_options(decimal_pos, options));
}

/** `number_format` of a decimal number of any size. @internal */
export function decimal_format(value: Decimal, options: NumberOptions = {}): string {
  return format_decimal(value, settings.DECIMAL_SEPARATOR, number_options(undefined, options));
}

function number_options(
  decimal_pos: number | null | undefined,
  options: NumberOptions,
): Parameters<typeof format>[2] {
  return {
    decimal_pos,
    grouping: number_grouping(options),
    thousand_sep: settings.THOUSAND_SEPARATOR,
    force_grouping: options.force_grouping,
    use_l10n: options.use_l10n ?? true,
  };
}

/** A number or a date as text; anything else as it is, a boolean as its text. */
export function localize(value: unknown, options: FormatOptions = {}): unknown {
  if (typeof value === "boolean") return str(value);
  if (typeof value === "number" || typeof value === "bigint")
    return options.use_l10n === false ? str(value) : number_format(value, null, options);
  if (value instanceof Date || value instanceof LocalTime)
    return date_format(value, "DATETIME_FORMAT", options);
  return value;
}
