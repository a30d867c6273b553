/**
 * The active language, and the language a client wants (Django docs: Translation). There are no catalogues of messages:
 * the `gettext` family gives back what it is given. @module
 */
import { KeyError } from "../core/exceptions.ts";
import { FALLBACKS, LANG_INFO, type LanguageInfo } from "./_language_info.ts";
import { use_tasks } from "./_task.ts";
import { type Lazy, lazy } from "./functional.ts";

export {
  activate,
  deactivate,
  deactivate_all,
  get_language,
  get_language_bidi,
  override,
  type OverrideOptions,
  to_language,
  to_locale,
} from "./_active_language.ts";
export {
  check_for_language,
  get_language_from_path,
  get_language_from_request,
  get_supported_language_variant,
  type LanguageFromRequestOptions,
  type VariantOptions,
} from "./_language_choice.ts";
export type { LanguageInfo } from "./_language_info.ts";

// Who imports this may set a language in a view that has waited: the view's request must be told from others by then.
use_tasks();

/** The message in the active language: the message itself, with line breaks as `\n`. */
export function gettext(message: string): string {
  return message.includes("\r") ? message.replace(/\r\n?/g, "\n") : message;
}

/** The same as `gettext`, for a message that is to be translated elsewhere. */
export function gettext_noop<T extends string>(message: T): T {
  return message;
}

/** The singular for the number one, the plural for any other. */
export function ngettext(singular: string, plural: string, number: number): string {
  return number === 1 ? singular : plural;
}

/** `gettext` for a message that means different things in different contexts. */
export function pgettext(_context: string, message: string): string {
  return gettext(message);
}

/** `ngettext` with a context. */
export function npgettext(
  _context: string,
  singular: string,
  plural: string,
  number: number,
): string {
  return ngettext(singular, plural, number);
}

/** `gettext` at each use: for a text that is named before there is a request. */
export const gettext_lazy: (message: string) => Lazy<string> = lazy(gettext, String);

/** `ngettext` at each use. */
export const ngettext_lazy: (singular: string, plural: string, number: number) => Lazy<string> =
  lazy(ngettext, String);

/** `pgettext` at each use. */
export const pgettext_lazy: (context: string, message: string) => Lazy<string> = lazy(
  pgettext,
  String,
);

/** `npgettext` at each use. */
export const npgettext_lazy: (
  context: string,
  singular: string,
  plural: string,
  number: number,
) => Lazy<string> = lazy(npgettext, String);

/**
 * The names of a language.
 * @throws KeyError for a code that is not known, and whose part before the hyphen is not either.
 */
export function get_language_info(
  lang_code: string,
): LanguageInfo & { readonly name_translated: string } {
  const [base = ""] = lang_code.split("-");
  const code = FALLBACKS.get(lang_code) ?? lang_code;
  const info = LANG_INFO.get(code) ?? LANG_INFO.get(base);
  if (info === undefined) throw new KeyError(`There is no language with the code ${lang_code}.`);
  return { ...info, name_translated: info.name };
}

/** The lines of a text without the white space around them, joined by spaces. */
export function trim_whitespace(s: string): string {
  return s.trim().replace(/\s*\n\s*/g, " ");
}

/** The integer next to a number on the far side of one. */
export function round_away_from_one(value: number): number {
  const rest = value - 1;
  return (rest < 0 ? Math.floor(rest) : Math.ceil(rest)) + 1;
}
