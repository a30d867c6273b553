/** `LocalePrefixPattern`: the language at the start of the path, for `i18n_patterns()`. @module */
import { settings } from "../conf/index.ts";
import { escape } from "../utils/regex_helper.ts";
import { get_language } from "../utils/_active_language.ts";
import { new_kwargs } from "./_describe.ts";
import type { RoutePart } from "./_route.ts";
import { type Shape, UNKNOWN_SHAPE } from "./_shape.ts";
import type { Matched, Pattern } from "./_types.ts";
import type { Converter } from "./converters.ts";

/** Options of `LocalePrefixPattern`. */
export interface LocalePrefixPatternOptions {
  /** Whether URLs of the default language begin with it, too. Default `true`. */
  prefix_default_language?: boolean | undefined;
}

/** Matches the active language and a slash; for the default language nothing, if it has no prefix. */
export class LocalePrefixPattern implements Pattern {
  /** Whether URLs of `LANGUAGE_CODE` begin with it, too. */
  readonly prefix_default_language: boolean;
  readonly converters: Readonly<Record<string, Converter>> = {};
  readonly _shape: Shape = UNKNOWN_SHAPE;
  readonly _is_endpoint = false;

  constructor(options: LocalePrefixPatternOptions = {}) {
    this.prefix_default_language = options.prefix_default_language ?? true;
  }

  get regex(): RegExp {
    return new RegExp(escape(this.language_prefix));
  }

  get _source(): string {
    return escape(this.language_prefix);
  }

  get _parts(): readonly RoutePart[] {
    return [this.language_prefix];
  }

  /** `"de/"`, or `""` for the default language without a prefix. */
  get language_prefix(): string {
    const language = get_language() || settings.LANGUAGE_CODE;
    const is_bare = language === settings.LANGUAGE_CODE && !this.prefix_default_language;
    return is_bare ? "" : `${language}/`;
  }

  match(path: string): Matched | null {
    const prefix = this.language_prefix;
    return path.startsWith(prefix) ? [path.slice(prefix.length), [], new_kwargs()] : null;
  }

  describe(): string {
    return `'${String(this)}'`;
  }

  toString(): string {
    return this.language_prefix;
  }
}
