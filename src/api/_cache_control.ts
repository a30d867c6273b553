/** `CacheControlHeader`: what caches may do with a response (RFC 9111 §5.2.2). @module */
import { ValueError } from "../core/exceptions.ts";
import { define_repr, repr } from "../utils/_python.ts";
import { check_token, type Directive, directives_of, write_directive } from "./_directives.ts";

/** The directives by name, `_` for `-`; `false`, `null` and `undefined` are not written. */
export interface CacheControlHeaderOptions {
  /** Seconds for which it is fresh. */
  max_age?: number | null | undefined;
  /** The same for caches that many share. */
  s_maxage?: number | null | undefined;
  /** Ask again before each use; a text names the headers that this is about. */
  no_cache?: boolean | string | null | undefined;
  /** Keep nothing. */
  no_store?: boolean | null | undefined;
  /** Only the client's own cache may keep it; a text names the headers that this is about. */
  private?: boolean | string | null | undefined;
  /** Any cache may keep it, even if there is an Authorization. */
  public?: boolean | null | undefined;
  /** No proxy may convert the content. */
  no_transform?: boolean | null | undefined;
  /** Never use it stale. */
  must_revalidate?: boolean | null | undefined;
  /** The same for caches that many share. */
  proxy_revalidate?: boolean | null | undefined;
  /** Keep it only if the rules of its status are known. */
  must_understand?: boolean | null | undefined;
  /** It will not change as long as it is fresh (RFC 8246). */
  immutable?: boolean | null | undefined;
  /** Seconds for which it may be used stale while it is fetched anew (RFC 5861). */
  stale_while_revalidate?: number | null | undefined;
  /** Seconds for which it may be used stale if fetching it fails (RFC 5861). */
  stale_if_error?: number | null | undefined;
  /** Directives of other names, written last: `true` is the name alone. */
  extensions?: Readonly<Record<string, string | true>> | undefined;
  /** In the document, never sent. Default `false`. */
  documentation_only?: boolean | undefined;
}

type Kind = "seconds" | "fields" | "flag";

/** What each directive may say, in the order in which they are written. */
const KINDS = {
  max_age: "seconds",
  s_maxage: "seconds",
  no_cache: "fields",
  no_store: "flag",
  private: "fields",
  public: "flag",
  no_transform: "flag",
  must_revalidate: "flag",
  proxy_revalidate: "flag",
  must_understand: "flag",
  immutable: "flag",
  stale_while_revalidate: "seconds",
  stale_if_error: "seconds",
} as const satisfies Record<string, Kind>;

type Value = number | boolean | string | undefined;

const BY_NAME: ReadonlyMap<string, readonly [key: string, kind: Kind]> = new Map(
  Object.entries(KINDS).map(([key, kind]) => [key.replaceAll("_", "-"), [key, kind]]),
);

const NONE: ReadonlySet<string> = new Set();

/** A Cache-Control. It stands wherever a header value does. */
export class CacheControlHeader {
  declare readonly max_age: number | undefined;
  declare readonly s_maxage: number | undefined;
  declare readonly no_cache: boolean | string | undefined;
  declare readonly no_store: boolean | undefined;
  declare readonly private: boolean | string | undefined;
  declare readonly public: boolean | undefined;
  declare readonly no_transform: boolean | undefined;
  declare readonly must_revalidate: boolean | undefined;
  declare readonly proxy_revalidate: boolean | undefined;
  declare readonly must_understand: boolean | undefined;
  declare readonly immutable: boolean | undefined;
  declare readonly stale_while_revalidate: number | undefined;
  declare readonly stale_if_error: number | undefined;
  /** Directives of other names; no prototype. */
  readonly extensions: Readonly<Record<string, string | true>>;
  /** Whether it is in the document only. */
  readonly documentation_only: boolean;
  /** The extensions that were read in quotes, and are written so. */
  #quoted: ReadonlySet<string> = NONE;
  #header: string | undefined;

  static {
    define_repr(this.prototype, (self) => `<CacheControlHeader ${repr(self.to_header())}>`);
  }

  /** @throws ValueError for seconds that are no whole number from 0, and names that no directive can have. */
  constructor(options: CacheControlHeaderOptions = {}) {
    const values: Record<string, Value> = {};
    for (const [key, kind] of Object.entries(KINDS)) {
      const value = options[key as keyof typeof KINDS] ?? undefined; // the keys of KINDS are its own
      values[key] = kind === "seconds" && value !== undefined ? checked_seconds(key, value) : value;
    }
    Object.assign(this, values);
    this.extensions = checked_extensions(options.extensions ?? {});
    this.documentation_only = options.documentation_only ?? false;
  }

  /** `no-store`: nobody keeps the response. */
  static prevent_storing(): CacheControlHeader {
    return new CacheControlHeader({ no_store: true });
  }

  /**
   * What a header says. Of a directive that is there twice the first counts (RFC 9111 §4.2.1); one that has other names
   * goes to `extensions`.
   * @throws ValueError for seconds that are none, and for what is no list of directives.
   */
  static from_header(text: string): CacheControlHeader {
    const values = new Map<string, Value>();
    const extensions = Object.create(null) as Record<string, string | true>; // no prototype, so that any name will do
    const quoted = new Set<string>();
    for (const directive of directives_of(text)) {
      const { name, value = true } = directive;
      const [key, kind] = BY_NAME.get(name) ?? [];
      if (key !== undefined) {
        if (!values.has(key)) values.set(key, value_of(directive, kind));
      } else if (!(name in extensions)) {
        extensions[name] = value;
        if (directive.is_quoted) quoted.add(name);
      }
    }
    const header = new CacheControlHeader({ ...Object.fromEntries(values), extensions });
    header.#quoted = quoted;
    return header;
  }

  /** The directives that are set: `max-age=86400, public`. */
  to_header(): string {
    return (this.#header ??= this.#written());
  }

  #written(): string {
    const written: string[] = [];
    for (const [name, [key, kind]] of BY_NAME) {
      const value = this[key as keyof typeof KINDS]; // BY_NAME is made of KINDS
      if (value === undefined || value === false) continue;
      const text = value === true ? undefined : String(value);
      written.push(write_directive(name, text, kind === "fields"));
    }
    for (const [name, value] of Object.entries(this.extensions)) {
      const text = value === true ? undefined : value;
      written.push(write_directive(name, text, this.#quoted.has(name)));
    }
    return written.join(", ");
  }

  /** The same as `to_header`. */
  toString(): string {
    return this.to_header();
  }
}

function checked_seconds(key: string, value: Value): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= 0) return value;
  throw new ValueError(`${key} is a whole number of seconds from 0: ${repr(value)} is not.`);
}

function checked_extensions(
  given: Readonly<Record<string, string | true>>,
): CacheControlHeader["extensions"] {
  const extensions = Object.create(null) as Record<string, string | true>; // no prototype, so that any name will do
  for (const [name, value] of Object.entries(given)) extensions[check_token(name)] = value;
  return Object.freeze(extensions);
}

// RFC 9111 §1.2.2: what a number too large to hold counts as
const LONGEST = 2 ** 31;

/** What a directive of the header says, by what its name may say. */
function value_of({ name, value }: Directive, kind: Kind | undefined): Value {
  if (kind === "flag") return true;
  if (kind === "fields") return value === undefined || value === "" ? true : value;
  if (value === undefined || !/^\d+$/.test(value))
    throw new ValueError(
      `${name} in a Cache-Control is a number of seconds: ${repr(value ?? "")} is not.`,
    );
  const seconds = Number(value);
  return Number.isSafeInteger(seconds) ? seconds : LONGEST;
}
