/** What all kinds of pattern have in common. @module */

/** Base of `RoutePattern` and `RegexPattern`: how a pattern is named in messages. */
export abstract class CheckURLMixin {
  abstract readonly name: string | null;

  /** `'a/<int:n>/' [name='a']`. */
  describe(): string {
    return `'${String(this)}'${this.name ? ` [name='${this.name}']` : ""}`;
  }
}

/** Options of `RoutePattern` and `RegexPattern`. */
export interface PatternOptions {
  /** The name of the URL, for messages. */
  name?: string | null | undefined;
  /** Whether the pattern must match to the end of the path. Default `false`, as for an include. */
  is_endpoint?: boolean | undefined;
}

/** Captured values, by name. */
export type Kwargs = Record<string, unknown>;

/** An empty object without a prototype, for captured values: a parameter may be called `constructor`. */
export function new_kwargs(): Kwargs {
  return Object.create(null) as Kwargs;
}
