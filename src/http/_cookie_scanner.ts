/** Reads what `SimpleCookie` is filled with: cookies with their attributes, as Python's `http.cookies` does. @module */
import { unquote } from "./_cookie_text.ts";
import { is_attribute } from "./_morsel.ts";

/** A cookie, or an attribute of the cookie in front of it. */
export interface CookiePart {
  readonly is_attribute: boolean;
  readonly key: string;
  /** Of a cookie as it stands in the text, of an attribute without quotes; `true` for a flag, `null` for `$Path` alone. */
  readonly value: string | true | null;
}

// Python's patterns with re.ASCII, where white space is these six characters.
const SPACE = /[ \t-\r]*/y;
const NAME = /[\w!#%&'~`><@,:/$*+\-.^|)(?}{=]+/y;
const WORD = /[\w!#%&'~`><@,:/$*+\-.^|)(?}{=[\]]*/y;
const QUOTED = /"[^"\\]*(?:\\[^\n][^"\\]*)*"/y;
const DATE = /\w{3},[ \t-\r][\w \t-\r-]{9,11}[ \t-\r][\d:]{8}[ \t-\r]GMT/y;
// White space and a semicolon, white space alone, or the end.
const END = /[ \t-\r]*;|[ \t-\r]+|$/y;

interface Found {
  readonly key: string;
  readonly value: string | undefined;
  readonly end: number;
}

function end_of(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

/** The value at `at` and where the next part may begin; `undefined` if there is none or something else follows. */
function value_at(text: string, at: number): Omit<Found, "key"> | undefined {
  const start = end_of(SPACE, text, at) ?? at;
  for (const pattern of [QUOTED, DATE, WORD]) {
    const value_end = end_of(pattern, text, start);
    const end = value_end === undefined ? undefined : end_of(END, text, value_end);
    if (end !== undefined) return { value: text.slice(start, value_end), end };
  }
  return start > at ? { value: "", end: start } : undefined; // the space itself is the end of an empty value
}

/**
 * The part that begins at `from`. A name may hold equals signs: it ends at the first one that a value follows.
 */
function part_at(text: string, from: number): Found | undefined {
  const start = end_of(SPACE, text, from) ?? from;
  const run = end_of(NAME, text, start);
  if (run === undefined) return undefined;
  // What follows is one word for all equals signs but the last, behind which there may be a quote: two tries say it all.
  for (const equals of [text.indexOf("=", start + 1), text.lastIndexOf("=", run - 1)]) {
    if (equals <= start || equals >= run) continue;
    const found = value_at(text, equals + 1);
    if (found !== undefined) return { key: text.slice(start, equals), ...found };
  }
  const key = text.slice(start, run);
  const equals = end_of(SPACE, text, run) ?? run;
  const found = text[equals] === "=" ? value_at(text, equals + 1) : undefined;
  if (found !== undefined) return { key, ...found };
  const end = end_of(END, text, run);
  return end === undefined ? undefined : { key, value: undefined, end };
}

const FLAGS: ReadonlySet<string> = new Set(["secure", "httponly"]);

/** What an attribute in the text says; `undefined` if it lacks a value. */
function attribute({ key, value }: Found): CookiePart | undefined {
  if (value !== undefined) return { is_attribute: true, key, value: unquote(value) };
  return FLAGS.has(key.toLowerCase()) ? { is_attribute: true, key, value: true } : undefined;
}

/**
 * The cookies of a Cookie or Set-Cookie header and their attributes, up to where the text stops making sense.
 * None at all if a part is misplaced: half of such a text is not to be trusted.
 */
export function scan_cookies(text: string): CookiePart[] {
  const parts: CookiePart[] = [];
  let at = 0;
  while (at < text.length) {
    const found = part_at(text, at);
    if (found === undefined) break;
    at = found.end;
    const part = to_part(found, parts.length === 0);
    if (part === "ignored") continue;
    if (part === undefined) return [];
    parts.push(part);
  }
  return parts;
}

function to_part(found: Found, is_first: boolean): CookiePart | "ignored" | undefined {
  const { key, value } = found;
  if (key.startsWith("$")) {
    // RFC 2965: in front of all cookies it says something of the header, behind one something of the cookie
    if (is_first) return "ignored";
    return { is_attribute: true, key: key.slice(1), value: value ?? null };
  }
  if (is_attribute(key)) return is_first ? undefined : attribute(found);
  return value === undefined ? undefined : { is_attribute: false, key, value };
}
