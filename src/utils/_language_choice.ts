/** Which of the site's languages a request wants (Django docs: Translation, "How Django discovers language preference"). @module */
import { LANGUAGES } from "../conf/_languages.ts";
import { on_change, settings } from "../conf/index.ts";
import { LookupError } from "../core/exceptions.ts";
import type { HttpRequest } from "../http/request.ts";
import { to_locale } from "./_active_language.ts";
import { FALLBACKS } from "./_language_info.ts";
import { repr } from "./_python.ts";

/** Codes longer than this are cut or refused: they come from the client. */
export const LANGUAGE_CODE_MAX_LENGTH = 500;

const CODE = /^[a-z]{1,8}(?:-[a-z0-9]{1,8})*(?:@[a-z0-9]{1,20})?\n?$/i;
const PATH_PREFIX = /^\/([\p{L}\p{N}_]+(?:[@-][\p{L}\p{N}_]+){0,2})(?:\/|\n?$)/u;

let listed: ReadonlySet<string> | undefined;
on_change(["LANGUAGES"], () => (listed = undefined));

/** The codes of `LANGUAGES`, in lower case and in their order. */
function languages(): ReadonlySet<string> {
  listed ??= new Set(settings.LANGUAGES.map(([code]) => code.toLowerCase()));
  return listed;
}

// The languages Django has catalogues for: those it lists, but one.
const CATALOGUES: ReadonlySet<string> = new Set(
  LANGUAGES.map(([code]) => to_locale(code)).filter((locale) => locale !== "ht"),
);

/**
 * Whether Django has a catalogue for the language, or for the one it is a variant of. Languages of the site's own have
 * none here.
 */
export function check_for_language(lang_code: string | null | undefined): boolean {
  if (!lang_code || lang_code.length > LANGUAGE_CODE_MAX_LENGTH || !CODE.test(lang_code))
    return false;
  const [locale = ""] = to_locale(lang_code).split("@");
  const [base = ""] = locale.split("_");
  return CATALOGUES.has(locale) || CATALOGUES.has(base);
}

/** Options of `get_supported_language_variant`. */
export interface VariantOptions {
  /** Take the language itself or a more general one, but no sister variant. Default `false`. */
  strict?: boolean | undefined;
}

/**
 * The language of `LANGUAGES` that serves for this code: itself, what it falls back to, a more general one, or the first
 * variant (`pt` finds `pt-br`).
 * @throws LookupError if there is none.
 */
export function get_supported_language_variant(
  lang_code: string | null | undefined,
  options: VariantOptions = {},
): string {
  const { strict = false } = options;
  const code = shortened(lang_code ?? "", strict);
  if (code === "") throw new LookupError(`No language of LANGUAGES serves for ${repr(lang_code)}.`);
  if (!settings.USE_I18N) return the_only_language(code);
  const supported = languages();
  const candidates = more_general(code);
  for (const candidate of candidates) {
    if (supported.has(candidate.toLowerCase()) && check_for_language(candidate)) return candidate;
  }
  const start = `${candidates.at(-1)}-`;
  const sister = strict ? undefined : [...supported].find((each) => each.startsWith(start));
  if (sister === undefined)
    throw new LookupError(`No language of LANGUAGES serves for ${repr(code)}.`);
  return sister;
}

function the_only_language(code: string): string {
  if (code.toLowerCase() === settings.LANGUAGE_CODE.toLowerCase()) return code;
  throw new LookupError(
    `Only ${settings.LANGUAGE_CODE} is in use, as USE_I18N is false; ${repr(code)} is not.`,
  );
}

/** A code that is too long is cut at a hyphen; `""` if that cannot be done. */
function shortened(code: string, strict: boolean): string {
  if (code.length <= LANGUAGE_CODE_MAX_LENGTH) return code;
  const end = strict ? -1 : code.slice(0, LANGUAGE_CODE_MAX_LENGTH).lastIndexOf("-");
  return end > 0 ? code.slice(0, end) : "";
}

/** The code, what it falls back to, and its beginnings up to each hyphen, the longest first. */
function more_general(code: string): string[] {
  const candidates = [code];
  const fallback = FALLBACKS.get(code);
  if (fallback !== undefined) candidates.push(fallback);
  for (
    let end = code.lastIndexOf("-");
    end > -1;
    end = end === 0 ? -1 : code.lastIndexOf("-", end - 1)
  )
    candidates.push(code.slice(0, end));
  return candidates;
}

function variant(code: string | null | undefined, options?: VariantOptions): string | undefined {
  try {
    return get_supported_language_variant(code, options);
  } catch (error) {
    if (error instanceof LookupError) return undefined;
    throw error;
  }
}

/** The language at the start of a path (`/de/…`), if it serves; `undefined` otherwise. */
export function get_language_from_path(path: string, options?: VariantOptions): string | undefined {
  if (!settings.USE_I18N) return undefined;
  const [, code] = PATH_PREFIX.exec(path) ?? [];
  return code === undefined ? undefined : variant(code, options);
}

/** Options of `get_language_from_request`. */
export interface LanguageFromRequestOptions {
  /** Whether a language at the start of the path comes before all else. Default `false`. */
  check_path?: boolean | undefined;
}

/**
 * The language a client wants: that of the path (if asked), of the cookie, of the header `Accept-Language` in the order of
 * its qualities (a `*` ends the search), or `LANGUAGE_CODE`.
 */
export function get_language_from_request(
  request: HttpRequest,
  options: LanguageFromRequestOptions = {},
): string {
  if (!settings.USE_I18N) return settings.LANGUAGE_CODE;
  const from_path = options.check_path ? get_language_from_path(request.path_info) : undefined;
  return (
    from_path ??
    language_of_cookie(request.COOKIES[settings.LANGUAGE_COOKIE_NAME]) ??
    language_of_header(request.META.HTTP_ACCEPT_LANGUAGE) ??
    variant(settings.LANGUAGE_CODE) ??
    settings.LANGUAGE_CODE
  );
}

function language_of_cookie(code: string | undefined): string | undefined {
  if (code !== undefined && languages().has(code) && check_for_language(code)) return code;
  return variant(code);
}

function language_of_header(header: unknown): string | undefined {
  for (const [code] of parse_accept_lang_header(typeof header === "string" ? header : "")) {
    if (code === "*") return undefined;
    const found = CODE.test(code) ? variant(code) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

// RFC 9110 §12.5.4: a language range, its quality, and the comma before the next.
const ACCEPTED =
  /([a-z]{1,8}(?:-[a-z0-9]{1,8})*|\*)(?:\s*;\s*q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?))?(?:\s*,\s*|\n?$)/y;

/** The languages of an `Accept-Language` header with their qualities, the best first; none if it is malformed. */
export function parse_accept_lang_header(
  lang_string: string,
): readonly (readonly [string, number])[] {
  let header = lang_string.toLowerCase();
  if (header.length > LANGUAGE_CODE_MAX_LENGTH) {
    const end = header.slice(0, LANGUAGE_CODE_MAX_LENGTH).lastIndexOf(",");
    if (end <= 0) return [];
    header = header.slice(0, end);
  }
  const accepted: [string, number][] = [];
  for (let end = 0; end < header.length;) {
    ACCEPTED.lastIndex = end;
    const [whole, language = "", quality] = ACCEPTED.exec(header) ?? [];
    if (whole === undefined) return [];
    accepted.push([language, quality === undefined ? 1 : Number(quality)]);
    end += whole.length;
  }
  return accepted.toSorted(([, a], [, b]) => b - a);
}
