/** Making links of the URLs and e-mail addresses in a text. @module */
import { settings } from "../conf/index.ts";
import { ValueError } from "../core/exceptions.ts";
import { DOMAIN, HOSTNAME, looks_like_email } from "./_email.ts";
import { unescape_html } from "./_entities.ts";
import { escape_text } from "./_escape.ts";
import { str } from "./_python.ts";
import { parse_qsl } from "./_qsl.ts";
import { quote } from "./_quote.ts";
import { type SplitResult, urlsplit, urlunsplit } from "./_urlsplit.ts";
import { rstrip_of, SPACE, WORD } from "./_whitespace.ts";
import { MAX_URL_LENGTH, RFC3986_GENDELIMS, RFC3986_SUBDELIMS, urlencode } from "./http.ts";
import { SafeData } from "./safestring.ts";

/** Options of `urlize`. */
export interface UrlizeOptions {
  /** The most characters of a URL that are shown; the rest becomes `…`. Default: all. */
  trim_url_limit?: number | null | undefined;
  /** Add `rel="nofollow"`. Default `false`. */
  nofollow?: boolean | undefined;
  /** Escape the text, unless it is marked safe. Default `false`. */
  autoescape?: boolean | undefined;
}

const SEPARATORS = new RegExp(`([${SPACE}<>"']+)`);
const WITH_SCHEME = new RegExp(`^https?://\\[?[${WORD}]`, "iu");
const WITHOUT_SCHEME = new RegExp(
  `^www\\.|^(?!http)(?:${HOSTNAME})(?:${DOMAIN})\\.(?:com|edu|gov|int|mil|net|org)(?:$|/.*$)`,
  "iu",
);

/** What a word is made into a link with. A subclass may change what each part does. */
export class Urlizer {
  /** The text with links. Words are what stands between white space, `<`, `>` and quotes. */
  urlize(text: unknown, options: UrlizeOptions = {}): string {
    const safe_input = text instanceof SafeData;
    const done = new Map<string, string>(); // a word that comes again is not worked out again
    const words = str(text).split(SEPARATORS);
    return words
      .map((word) => {
        const known = done.get(word);
        if (known !== undefined) return known;
        const made = this.handle_word(word, safe_input, options);
        done.set(word, made);
        return made;
      })
      .join("");
  }

  /** The word as it is, escaped if that is wanted, or a link. */
  handle_word(word: string, safe_input: boolean, options: UrlizeOptions): string {
    const escape_or_not = options.autoescape && !safe_input ? escape_text : String;
    if (!/[.@:]/.test(word)) return escape_or_not(word);
    const [lead, middle, trail] = this.trim_punctuation(word);
    const url = this.url_of(middle);
    if (url === undefined) return escape_or_not(word);
    const nofollow = options.nofollow && !url.startsWith("mailto:") ? ' rel="nofollow"' : "";
    const shown = escape_or_not(this.trim_url(middle, options.trim_url_limit));
    const link = `<a href="${escape_text(url)}"${nofollow}>${shown}</a>`;
    return escape_or_not(lead) + link + escape_or_not(trail);
  }

  /** Where the word leads to, if anywhere. */
  url_of(word: string): string | undefined {
    if (word.length <= MAX_URL_LENGTH && WITH_SCHEME.test(word))
      return smart_urlquote(unescape_html(word));
    if (word.length <= MAX_URL_LENGTH && WITHOUT_SCHEME.test(word)) {
      const scheme = settings.URLIZE_ASSUME_HTTPS ? "https" : "http";
      return smart_urlquote(`${scheme}://${unescape_html(word)}`);
    }
    if (word.includes(":") || !looks_like_email(word)) return undefined;
    const at = word.lastIndexOf("@");
    return `mailto:${quote(word.slice(0, at), "")}@${quote(word.slice(at + 1), "")}`;
  }

  /** The text of the link, cut to the limit. */
  trim_url(text: string, limit: number | null | undefined): string {
    if (limit === undefined || limit === null) return text;
    const characters = Array.from(text);
    if (characters.length <= limit) return text;
    return `${characters.slice(0, Math.max(0, limit - 1)).join("")}…`;
  }

  /** The word without the punctuation around it, which comes before and after. */
  trim_punctuation(word: string): [lead: string, middle: string, trail: string] {
    const trimmed = new Trimmed(word);
    while (trimmed.middle !== "") {
      const before = trimmed.middle;
      trimmed.brackets("(", ")");
      trimmed.brackets("[", "]");
      trimmed.punctuation();
      if (trimmed.middle === before) break;
    }
    return [trimmed.lead, trimmed.middle, trimmed.trail];
  }
}

const PUNCTUATION = ".,:;!";

/** A word that loses what is around it, from the end on. */
class Trimmed {
  readonly lead: string;
  middle: string;
  trail = "";
  readonly #counts = new Map<string, number>();

  constructor(word: string) {
    this.middle = word.replace(/^[([]+/, "");
    this.lead = word.slice(0, word.length - this.middle.length);
    for (const bracket of "()[]") this.#counts.set(bracket, this.middle.split(bracket).length - 1);
  }

  /** Takes away closing brackets that nothing opens. */
  brackets(opening: string, closing: string): void {
    const closed = this.#counts.get(closing) ?? 0;
    const extra = closed - (this.#counts.get(opening) ?? 0);
    if (extra <= 0 || !this.middle.endsWith(closing)) return;
    this.#cut(this.middle.length - extra);
    this.#counts.set(closing, closed - extra);
  }

  /** Takes away punctuation; a semicolon stays if it may end a character reference. */
  punctuation(): void {
    const ampersand = this.middle.lastIndexOf("&");
    this.#cut(rstrip_of(this.middle, ampersand < 0 ? PUNCTUATION : ".,:!").length);
    if (!this.middle.endsWith(";")) return;
    const reference = ampersand < 0 ? this.middle.slice(-1) : this.middle.slice(ampersand);
    const read = unescape_html(reference);
    if (read !== reference && !read.endsWith(";")) return;
    const end = rstrip_of(this.middle, PUNCTUATION).length;
    const semicolons = this.middle.length - rstrip_of(this.middle, ";").length;
    const keeps_one = ampersand >= 0 && semicolons > 1; // the first may end the reference
    this.#cut(keeps_one ? this.middle.indexOf(";", end) + 1 : end);
  }

  #cut(at: number): void {
    this.trail = this.middle.slice(at) + this.trail;
    this.middle = this.middle.slice(0, at);
  }
}

/** What `urlize` uses. */
export const urlizer: Urlizer = new Urlizer();

/**
 * The text with links: what begins with `http://`, `https://` or `www.`, domains in the seven old top-level domains, and
 * e-mail addresses. A bare domain is linked by HTTP unless `URLIZE_ASSUME_HTTPS`.
 */
export function urlize(text: unknown, options: UrlizeOptions = {}): string {
  return urlizer.urlize(text, options);
}

const SAFE = `${RFC3986_SUBDELIMS}${RFC3986_GENDELIMS}~`;

/** The URL, percent-encoded where it is not yet. */
export function smart_urlquote(url: string): string {
  const parts = split_if_url(url);
  if (parts === undefined) return requote(url);
  const { scheme, netloc, path, query, fragment } = parts;
  const fields = parse_qsl(query).map(([name, value]): [string, string] => [
    unquote(name),
    unquote(value),
  ]);
  return urlunsplit({
    scheme,
    netloc: requote(netloc),
    path: requote(path),
    query: query === "" ? "" : urlencode(fields),
    fragment: requote(fragment),
  });
}

function split_if_url(url: string): SplitResult | undefined {
  try {
    return urlsplit(url);
  } catch (error) {
    if (error instanceof ValueError) return undefined;
    throw error;
  }
}

function requote(text: string): string {
  return quote(unquote(text), SAFE);
}

/** Percent-decoding; bytes that are no UTF-8 become U+FFFD. */
function unquote(text: string): string {
  return text.replace(/(?:%[0-9a-fA-F]{2})+/g, (run) =>
    Buffer.from(run.replaceAll("%", ""), "hex").toString(),
  );
}
