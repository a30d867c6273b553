/** `$re`: a regular expression in Python's syntax (Python's `re` module) as JavaScript's. @module */

/** The source and flags of a `RegExp` in the making. */
interface Translation {
  readonly source: string;
  readonly flags: string;
}

// One alternative per construct whose spelling differs; anything else is kept
const TOKEN = new RegExp(
  [
    String.raw`\(\?#[^)]*\)`, // a comment
    String.raw`\(\?P<\w+>`, // a named group
    String.raw`\(\?P=\w+\)`, // a reference to one
    String.raw`\\[\s\S]`, // an escape
    String.raw`\[\^?\]?(?:\\[\s\S]|[^\]\\])*\]`, // a class, whose first character may be ]
    String.raw`[*+?}]\+`, // a possessive repeat
    String.raw`\(\?>`, // an atomic group
    String.raw`[$.]`,
  ].join("|"),
  "g",
);
const LEADING_FLAGS = /^\(\?([aiLmsux]+)\)/;
const UNICODE_CLASSES: Readonly<Record<string, string>> = {
  d: String.raw`\p{Nd}`,
  w: String.raw`\p{L}\p{N}_`,
};
const AT_END = String.raw`(?![\s\S])`;
// What the u flag lets stand after a backslash; Python lets any punctuation stand there
const KEPT_ESCAPES = /[\\^$.*+?()[\]{}|/dDwWsSbBnrtfv0-9xu]/;

/** The `RegExp` that matches what Python's pattern matches. */
export function python_regex(pattern: string): RegExp {
  const { source, flags } = translate(pattern);
  return new RegExp(source, flags);
}

function translate(pattern: string): Translation {
  const given = LEADING_FLAGS.exec(pattern)?.[1] ?? "";
  let body = pattern.replace(LEADING_FLAGS, "");
  if (given.includes("x")) body = without_layout(body);
  const source = body.replace(TOKEN, (token) => translate_token(token, given));
  const flags = Array.from(given)
    .filter((flag) => "im".includes(flag))
    .join("");
  return { source, flags: `${flags}u` };
}

function translate_token(token: string, flags: string): string {
  if (token.startsWith("(?#")) return "";
  if (token.startsWith("(?P<")) return `(?<${token.slice(4)}`;
  if (token.startsWith("(?P=")) return `\\k<${token.slice(4, -1)}>`;
  if (token === "(?>") throw new SyntaxError("JavaScript has no atomic groups.");
  if (token === ".") return flags.includes("s") ? String.raw`[\s\S]` : String.raw`[^\n]`;
  if (token === "$") return flags.includes("m") ? "$" : String.raw`(?=\n?${AT_END})`;
  if (token.startsWith("[")) return translate_class(token);
  if (token.startsWith("\\")) return translate_escape(token.charAt(1));
  throw new SyntaxError(`JavaScript has no possessive ${token}.`);
}

function translate_class(token: string): string {
  const inner = token.slice(1, -1);
  const escaped = inner.replace(/\\[\s\S]|^\^?\]|\[/g, (part) => {
    if (part.startsWith("\\")) return UNICODE_CLASSES[part.charAt(1)] ?? class_escape(part);
    return part.replace(/[[\]]/, String.raw`\$&`);
  });
  return `[${escaped}]`;
}

function class_escape(part: string): string {
  return part === String.raw`\-` || KEPT_ESCAPES.test(part.charAt(1)) ? part : part.charAt(1);
}

function translate_escape(letter: string): string {
  if (letter === "A") return String.raw`(?<![\s\S])`;
  if (letter === "Z") return AT_END;
  const unicode = UNICODE_CLASSES[letter.toLowerCase()];
  if (unicode !== undefined)
    return letter === letter.toLowerCase() ? `[${unicode}]` : `[^${unicode}]`;
  return KEPT_ESCAPES.test(letter) ? `\\${letter}` : letter;
}

/** A verbose pattern without its spaces and comments. */
function without_layout(pattern: string): string {
  return pattern.replace(/(\\[\s\S]|\[\^?\]?(?:\\[\s\S]|[^\]\\])*\])|\s+|#.*/g, "$1");
}
