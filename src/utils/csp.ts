/** Content-Security-Policy: the words of a policy, the nonce, and writing the header (Django docs: CSP; CSP Level 3). @module */
import { randomBytes } from "node:crypto";
import { ValueError } from "../core/exceptions.ts";
import { define_repr, repr, str, truthy } from "./_python.ts";
import { format_html } from "./html.ts";
import { SafeString } from "./safestring.ts";

/** The key of the nonce in a template's context. */
export const CONTEXT_KEY = "csp_nonce";

const WORDS = {
  HEADER_ENFORCE: "Content-Security-Policy",
  HEADER_REPORT_ONLY: "Content-Security-Policy-Report-Only",
  NONE: "'none'",
  REPORT_SAMPLE: "'report-sample'",
  SELF: "'self'",
  STRICT_DYNAMIC: "'strict-dynamic'",
  UNSAFE_EVAL: "'unsafe-eval'",
  UNSAFE_HASHES: "'unsafe-hashes'",
  UNSAFE_INLINE: "'unsafe-inline'",
  WASM_UNSAFE_EVAL: "'wasm-unsafe-eval'",
  /** Stands for the nonce of the request; it is never sent. */
  NONCE: "<CSP_NONCE_SENTINEL>",
} as const;

/** Names of the headers, and the words a directive may hold: `{ "script-src": [CSP.SELF, CSP.NONCE] }`. */
export const CSP: Readonly<typeof WORDS> = Object.freeze(WORDS);

/** A policy: each directive with its words; `true` for one without any, `null` or `false` for none. */
export type Policy = Readonly<Record<string, unknown>> | ReadonlyMap<string, unknown>;

/** 16 random bytes in url-safe base64: 22 characters. */
export function generate_nonce(): string {
  return randomBytes(16).toString("base64url");
}

/** The nonce of a request. It is made when its text is asked for; until then it counts as false. */
export class LazyNonce {
  static {
    define_repr(this.prototype, (self) => `<LazyNonce: ${self.#text ?? "not made yet"}>`);
  }

  #text: string | undefined;

  toString(): string {
    this.#text ??= generate_nonce();
    return this.#text;
  }

  /** Whether the text was asked for. @internal */
  __bool__(): boolean {
    return this.#text !== undefined;
  }

  toJSON(): string {
    return this.toString();
  }
}

/** What a template's context is asked for. */
interface ContextLike {
  get(key: string): unknown;
}

/** The `media` of a form. */
interface MediaLike {
  render(options: { attrs: { nonce: unknown } | null }): SafeString;
}

/** Options of `nonce_attr`. */
export interface NonceAttrOptions {
  /** Rendered with the nonce, in place of the attribute alone. */
  media?: MediaLike | null | undefined;
}

/** The attribute `nonce="…"`; `""` if the context has no nonce. */
export function nonce_attr(context: ContextLike, options: NonceAttrOptions = {}): SafeString | "" {
  const nonce = context.get(CONTEXT_KEY);
  const absent = nonce === undefined || nonce === null;
  if (options.media) return options.media.render({ attrs: absent ? null : { nonce } });
  return absent ? "" : format_html('nonce="{}"', nonce);
}

/**
 * The header's value.
 * @param nonce Takes the place of `CSP.NONCE`. Without one, or one that was never used, that word is left out.
 * @throws ValueError for a `;` or `,` in a word: it would begin another directive, or another policy.
 */
export function build_policy(config: Policy, nonce?: string | LazyNonce | null): string {
  const directives: string[] = [];
  for (const [name, value] of config instanceof Map ? config : Object.entries(config)) {
    const words = words_of(value);
    if (words === undefined) continue;
    const written = with_nonce(words, nonce);
    for (const word of [name, ...written]) if (/[;,]/.test(word)) refuse(name, word);
    if (written.length > 0) directives.push(`${name} ${written.join(" ")}`.trimEnd());
  }
  return directives.join("; ");
}

function refuse(directive: string, word: string): never {
  throw new ValueError(
    `${repr(word)} cannot stand in ${repr(directive)}: in a URL write %3B for ";" and %2C for ",".`,
  );
}

/** The words of a directive; `undefined` for one that is not to be sent. */
function words_of(value: unknown): readonly string[] | undefined {
  if (value === undefined || value === null || value === false || value === 0) return undefined;
  if (value === true) return [""];
  if (value instanceof Set) return Array.from(value, str).toSorted();
  return Array.isArray(value) ? value.map(str) : [str(value)];
}

function with_nonce(
  words: readonly string[],
  nonce: string | LazyNonce | null | undefined,
): readonly string[] {
  if (!words.includes(CSP.NONCE)) return words;
  if (!truthy(nonce)) return words.filter((word) => word !== CSP.NONCE);
  return words.map((word) => (word === CSP.NONCE ? `'nonce-${nonce}'` : word));
}
