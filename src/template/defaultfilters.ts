/**
 * Django's filters as functions of a value and, for most, an argument (Django docs: Built-in filters). Templates have them
 * under the same names; what an argument may be left out of, and when the result is safe, is said here. @module
 */
import * as i18n from "../templatetags/i18n.ts";
import * as l10n from "../templatetags/l10n.ts";
import * as tz from "../templatetags/tz.ts";
import type { Filter, FilterFlags } from "./_filter_flags.ts";
import * as html from "./_filters_html.ts";
import * as lists from "./_filters_lists.ts";
import * as logic from "./_filters_logic.ts";
import * as numbers from "./_filters_numbers.ts";
import * as text from "./_filters_text.ts";
import { Library } from "./library.ts";

export type { Text } from "./_filter_values.ts";
export { stringfilter } from "./_filter_flags.ts";
export * from "./_filters_html.ts";
export * from "./_filters_lists.ts";
export * from "./_filters_numbers.ts";
export * from "./_filters_text.ts";
export {
  date,
  default_,
  // oxlint-disable-next-line import/no-default-export -- the name that Django's filter has
  default_ as default,
  default_if_none,
  time,
  timesince,
  timeuntil,
  yesno,
} from "./_filters_logic.ts";

/** How many arguments a filter takes in a template. */
export type Arguments = "none" | "one" | "optional";

/** A filter of Django's, its arguments, and how it treats safe text. */
export type Entry = readonly [name: string, filter: Filter, args: Arguments, flags?: FilterFlags];

const SAFE: FilterFlags = { is_safe: true };
const SAFE_TOLD: FilterFlags = { is_safe: true, needs_autoescape: true };
const LOCAL: FilterFlags = { expects_localtime: true };

/** All of them. @internal */
export const FILTERS: readonly Entry[] = [
  ["add", numbers.add, "one"],
  ["addslashes", text.addslashes, "none", SAFE],
  ["capfirst", text.capfirst, "none", SAFE],
  ["center", text.center, "one", SAFE],
  ["cut", text.cut, "one"],
  ["date", logic.date, "optional", LOCAL],
  ["default", logic.default_, "one"],
  ["default_if_none", logic.default_if_none, "one"],
  ["dictsort", lists.dictsort, "one"],
  ["dictsortreversed", lists.dictsortreversed, "one"],
  ["divisibleby", numbers.divisibleby, "one"],
  ["escape", html.escape, "none", SAFE],
  ["escapejs", html.escapejs, "none"],
  ["escapeseq", html.escapeseq, "none", SAFE],
  ["filesizeformat", numbers.filesizeformat, "none", SAFE],
  ["first", lists.first, "none"],
  ["floatformat", numbers.floatformat, "optional", SAFE],
  ["force_escape", html.force_escape, "none", SAFE],
  ["get_digit", numbers.get_digit, "one"],
  ["iriencode", text.iriencode, "none", SAFE],
  ["join", lists.join, "one", SAFE_TOLD],
  ["json_script", html.json_script, "optional", SAFE],
  ["language_bidi", i18n.language_bidi, "none"],
  ["language_name", i18n.language_name, "none"],
  ["language_name_local", i18n.language_name_local, "none"],
  ["language_name_translated", i18n.language_name_translated, "none"],
  ["last", lists.last, "none", SAFE],
  ["length", lists.length, "none"],
  ["linebreaks", html.linebreaks, "none", SAFE_TOLD],
  ["linebreaksbr", html.linebreaksbr, "none", SAFE_TOLD],
  ["linenumbers", html.linenumbers, "none", SAFE_TOLD],
  ["ljust", text.ljust, "one", SAFE],
  ["localize", l10n.localize, "none"],
  ["localtime", tz.localtime, "none"],
  ["lower", text.lower, "none", SAFE],
  ["make_list", text.make_list, "none"],
  ["phone2numeric", text.phone2numeric, "none", SAFE],
  ["pluralize", numbers.pluralize, "optional"],
  ["pprint", html.pprint, "none", SAFE],
  ["random", lists.random, "none", SAFE],
  ["rjust", text.rjust, "one", SAFE],
  ["safe", html.safe, "none", SAFE],
  ["safeseq", html.safeseq, "none", SAFE],
  ["slice", lists.slice, "one", SAFE],
  ["slugify", text.slugify, "none", SAFE],
  ["stringformat", text.stringformat, "one", SAFE],
  ["striptags", html.striptags, "none", SAFE],
  ["time", logic.time, "optional", LOCAL],
  ["timesince", logic.timesince, "optional"],
  ["timeuntil", logic.timeuntil, "optional"],
  ["timezone", tz.timezone, "one"],
  ["title", text.title, "none", SAFE],
  ["truncatechars", text.truncatechars, "one", SAFE],
  ["truncatechars_html", text.truncatechars_html, "one", SAFE],
  ["truncatewords", text.truncatewords, "one", SAFE],
  ["truncatewords_html", text.truncatewords_html, "one", SAFE],
  ["unlocalize", l10n.unlocalize, "none"],
  ["unordered_list", html.unordered_list, "none", SAFE_TOLD],
  ["upper", text.upper, "none"],
  ["urlencode", text.urlencode, "optional"],
  ["urlize", html.urlize, "none", SAFE_TOLD],
  ["urlizetrunc", html.urlizetrunc, "one", SAFE_TOLD],
  ["utc", tz.utc, "none"],
  ["wordcount", text.wordcount, "none"],
  ["wordwrap", text.wordwrap, "one", SAFE],
  ["yesno", logic.yesno, "optional"],
];

/** The library that every template has. */
export const register: Library = new Library();
for (const [name, filter, , flags] of FILTERS) register.filter(name, filter, flags);
