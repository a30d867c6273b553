/** Python's regular expressions in JavaScript, and the texts they match (Django: `utils/regex_helper`). @module */
import { emit_regex } from "./_regex_emitter.ts";
import { parse_regex } from "./_regex_parser.ts";
import type { Tree } from "./_regex_tree.ts";

export { is_identifier } from "./_regex_parser.ts";
export { type Form, normalize, type Piece } from "./_regex_forms.ts";

/** What a pattern found. */
export interface PythonMatch {
  /** Where the match begins. */
  readonly start: number;
  /** Where it ends. */
  readonly end: number;
  /** The text of each group; `null` for a group that took no part. */
  readonly groups: readonly (string | null)[];
}

/** A compiled pattern in Python's syntax, with Python's meaning of `$`, `\d`, `\w`, `\b`, `(?i)` and the rest. */
export class PythonPattern {
  /** The pattern as it was written. */
  readonly pattern: string;
  /** The same as a JavaScript expression; its groups carry no names and may be more. */
  readonly regexp: RegExp;
  /** What was parsed. @internal */
  readonly tree: Tree;
  /** Names of groups and their numbers, from 1. */
  readonly groupindex: ReadonlyMap<string, number>;
  readonly #numbers: readonly number[];
  #whole: RegExp | undefined;

  /** @throws ValueError for a pattern that is wrong, or that JavaScript would understand otherwise. */
  constructor(pattern: string) {
    this.pattern = pattern;
    this.tree = parse_regex(pattern);
    this.groupindex = this.tree.names;
    const { source, numbers } = emit_regex(this.tree, observed(this.tree));
    this.regexp = new RegExp(source, "u");
    this.#numbers = numbers;
  }

  /** The first match anywhere in the text. */
  search(text: string): PythonMatch | undefined {
    return this.#found(this.regexp.exec(text));
  }

  /** The match of the whole text. */
  fullmatch(text: string): PythonMatch | undefined {
    this.#whole ??= new RegExp(`^(?:${this.regexp.source})$`, "u");
    return this.#found(this.#whole.exec(text));
  }

  #found(match: RegExpExecArray | null): PythonMatch | undefined {
    if (match === null) return undefined;
    const groups: (string | null)[] = [];
    for (const number of this.#numbers) groups.push(match[number] ?? null);
    return { start: match.index, end: match.index + match[0].length, groups };
  }
}

/** The groups a URL pattern hands on: the named ones or, without any, all. */
function observed(tree: Tree): ReadonlySet<number> {
  if (tree.names.size > 0) return new Set(tree.names.values());
  return new Set(Array.from({ length: tree.groups }, (_, index) => index + 1));
}

const SPECIAL = /[()[\]{}?*+\-|^$\\.&~# \t\n\r\v\f]/g;

/** The text as a pattern that matches it and nothing else: Python's `re.escape`. */
export function escape(text: string): string {
  return text.replace(SPECIAL, "\\$&");
}
