/** Filters on the codes of languages (Django docs: Translation, "Other tags"). @module */
import { str } from "../utils/_python.ts";
import { gettext } from "../utils/_gettext.ts";
import { get_language_info } from "../utils/_language_info.ts";

/** `German` of `de`. @throws KeyError for an unknown language. */
export function language_name(lang_code: unknown): string {
  return get_language_info(str(lang_code)).name;
}

/** `Deutsch` of `de`. @throws KeyError for an unknown language. */
export function language_name_local(lang_code: unknown): string {
  return get_language_info(str(lang_code)).name_local;
}

/** The name in the active language, which without catalogues is the English one. @throws KeyError for an unknown language. */
export function language_name_translated(lang_code: unknown): string {
  return gettext(language_name(lang_code));
}

/** Whether the language is written from right to left. @throws KeyError for an unknown language. */
export function language_bidi(lang_code: unknown): boolean {
  return get_language_info(str(lang_code)).bidi;
}
