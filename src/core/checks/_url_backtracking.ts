/** The check of our own of URLs: regular expressions on which a client can make the server wait. @module */
import type { Pattern } from "../../urls/_types.ts";
import { RegexPattern } from "../../urls/_regex_pattern.ts";
import { URLPattern } from "../../urls/_url_pattern.ts";
import { URLResolver } from "../../urls/_url_resolver.ts";
import { repr } from "../../utils/_python.ts";
import { parse_regex } from "../../utils/_regex_parser.ts";
import { is_ambiguous_loop } from "./_backtracking.ts";
import { type CheckMessage, Warning } from "./messages.ts";
import { items_of, root_resolver } from "./urls.ts";

/**
 * `nuages.W001`: a nested quantifier, as in `(a+)+`, with which a path of thirty characters takes for ever.
 * An expression that cannot be read is passed over: its first use tells what is wrong with it.
 */
export function check_url_backtracking(): CheckMessage[] {
  const resolver = root_resolver();
  return resolver === undefined ? [] : messages_below(resolver, new Map());
}

type Known = Map<string, boolean>;

function messages_below(resolver: URLResolver, known: Known): CheckMessage[] {
  return items_of(resolver).flatMap((item) => {
    const is_resolver = item instanceof URLResolver;
    if (!is_resolver && !(item instanceof URLPattern)) return [];
    const own = messages_about(item.pattern, known);
    return is_resolver ? [...own, ...messages_below(item, known)] : own;
  });
}

function messages_about(pattern: Pattern, known: Known): CheckMessage[] {
  if (pattern instanceof RegexPattern)
    return is_slow(readable(pattern), known)
      ? [warning(`The URL pattern ${pattern.describe()}`)]
      : [];
  return Object.values(pattern.converters).flatMap(({ regex }) =>
    is_slow(regex, known)
      ? [warning(`The converter with ${repr(regex)} in the URL pattern ${pattern.describe()}`)]
      : [],
  );
}

function warning(what: string): CheckMessage {
  return new Warning(
    `${what} has a nested quantifier: something that repeats, as (a+)+, and can match one text in many ways. A path that is made for it keeps the server busy for ever.`,
    {
      hint: "Write it so that there is one way to match: a+ in place of (a+)+, [^/]+(/[^/]+)* in place of ([^/]+/?)*.",
      id: "nuages.W001",
    },
  );
}

function is_slow(regex: string, known: Known): boolean {
  let answer = known.get(regex);
  if (answer === undefined) known.set(regex, (answer = judge(regex)));
  return answer;
}

function judge(regex: string): boolean {
  try {
    return is_ambiguous_loop(parse_regex(regex).root);
  } catch {
    return false;
  }
}

/** The expression with what only JavaScript has in other words, which match about the same. */
function readable(pattern: RegexPattern): string {
  try {
    return pattern._source.replace(/\\[pP]\{[^}]*\}/g, "\\w").replaceAll("[^]", "[\\s\\S]");
  } catch {
    return "";
  }
}
