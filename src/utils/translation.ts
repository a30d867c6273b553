/**
 * The active language, and the language a client wants (Django docs: Translation). There are no catalogues of messages:
 * the `gettext` family gives back what it is given. @module
 */
import { use_tasks } from "./_task.ts";

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
  gettext,
  gettext_lazy,
  gettext_noop,
  ngettext,
  ngettext_lazy,
  npgettext,
  npgettext_lazy,
  pgettext,
  pgettext_lazy,
} from "./_gettext.ts";
export {
  check_for_language,
  get_language_from_path,
  get_language_from_request,
  get_supported_language_variant,
  type LanguageFromRequestOptions,
  type VariantOptions,
} from "./_language_choice.ts";
export { get_language_info, type LanguageInfo } from "./_language_info.ts";

// Who imports this may set a language in a view that has waited: the view's request must be told from others by then.
use_tasks();

/** The lines of a text without the white space around them, joined by spaces. */
export function trim_whitespace(s: string): string {
  return s.trim().replace(/\s*\n\s*/g, " ");
}

/** The integer next to a number on the far side of one. */
export function round_away_from_one(value: number): number {
  const rest = value - 1;
  return (rest < 0 ? Math.floor(rest) : Math.ceil(rest)) + 1;
}
