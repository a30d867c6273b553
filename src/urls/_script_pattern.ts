/** A JavaScript `RegExp` as a URL pattern. @module */
import type { PythonMatch } from "../utils/regex_helper.ts";

/** Does for a `RegExp` what `PythonPattern` does for text: the flags `g` and `y` have no effect, `$` is the very end. */
export class ScriptPattern {
  /** The pattern in Python's syntax, as far as the two agree: `reverse()` reads it. */
  readonly pattern: string;
  readonly regexp: RegExp;
  readonly groupindex: ReadonlyMap<string, number>;
  #whole: RegExp | undefined;

  constructor(given: RegExp) {
    this.regexp = new RegExp(given.source, given.flags.replace(/[gy]/g, ""));
    this.pattern = in_python(given.source);
    this.groupindex = named_groups(given.source);
  }

  /** The first match anywhere in the text. */
  search(text: string): PythonMatch | undefined {
    return found(this.regexp.exec(text));
  }

  /** The match of the whole text. */
  fullmatch(text: string): PythonMatch | undefined {
    this.#whole ??= new RegExp(`^(?:${this.regexp.source})$`, this.regexp.flags);
    return found(this.#whole.exec(text));
  }
}

function found(match: RegExpExecArray | null): PythonMatch | undefined {
  if (match === null) return undefined;
  const groups = match.slice(1).map((group: string | undefined) => group ?? null);
  return { start: match.index, end: match.index + match[0].length, groups };
}

// An escape, a class, or the start of a group: whatever else stands in a pattern opens no group.
const TOKEN =
  /\\k<(?<back>[^>]*)>|\\.|\[(?:\\.|[^\]\\])*\]|\((?<opener>\?<(?<name>[^=!>][^>]*)>|\?)?/gsu;

function named_groups(source: string): ReadonlyMap<string, number> {
  const names = new Map<string, number>();
  let count = 0;
  for (const { 0: token, groups } of source.matchAll(TOKEN)) {
    if (!token.startsWith("(") || groups?.opener === "?") continue;
    count += 1;
    if (groups?.name !== undefined) names.set(groups.name, count);
  }
  return names;
}

function in_python(source: string): string {
  return source.replace(TOKEN, (token: string, ...rest: unknown[]) => {
    const { back, name } = rest.at(-1) as { back?: string; name?: string }; // the named groups come last
    if (back !== undefined) return `(?P=${back})`;
    return name === undefined ? token : `(?P<${name}>`;
  });
}
