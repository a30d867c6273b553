/** The directives of a Cache-Control as text (RFC 9111 §5.2). @module */
import { ValueError } from "../core/exceptions.ts";
import { repr } from "../utils/_python.ts";
import { strip } from "../utils/_whitespace.ts";

/** One directive; without a value it is a name alone. */
export interface Directive {
  /** In lower case. */
  readonly name: string;
  /** Without its quotes. */
  readonly value: string | undefined;
  /** Whether there were quotes. */
  readonly is_quoted: boolean;
}

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const PARTS = /(?:[^,"]|"(?:[^"\\]|\\.)*"?)+/gs;
const QUOTED = /^"(?<text>(?:[^"\\]|\\.)*)"$/s;

/** The directives of a header, in their order. @throws ValueError for what is none. */
export function directives_of(header: string): Directive[] {
  return (header.match(PARTS) ?? [])
    .map(strip)
    .filter((part) => part !== "")
    .map(directive_of);
}

function directive_of(part: string): Directive {
  const equals = part.indexOf("=");
  const name = check_token(strip(equals < 0 ? part : part.slice(0, equals)).toLowerCase());
  if (equals < 0) return { name, value: undefined, is_quoted: false };
  const value = strip(part.slice(equals + 1));
  const text = QUOTED.exec(value)?.groups?.text;
  if (text !== undefined) return { name, value: text.replaceAll(/\\(.)/gs, "$1"), is_quoted: true };
  if (value.includes('"'))
    throw new ValueError(`The quotes in the directive ${repr(part)} do not enclose its value.`);
  return { name, value, is_quoted: false };
}

/** @throws ValueError for a name that no directive can have. */
export function check_token(name: string): string {
  if (TOKEN.test(name)) return name;
  throw new ValueError(
    `The name of a directive has letters, digits and hyphens: ${repr(name)} is none.`,
  );
}

/** One directive as it is sent: quoted if it was, or must be. */
export function write_directive(
  name: string,
  value: string | undefined,
  is_quoted: boolean,
): string {
  if (value === undefined) return name;
  if (!is_quoted && TOKEN.test(value)) return `${name}=${value}`;
  return `${name}="${value.replaceAll(/["\\]/g, "\\$&")}"`;
}
