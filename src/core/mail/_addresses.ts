/** Addresses of mail: `ann@example.com`, `Ann <ann@example.com>` (RFC 5322 §3.4). @module */
import { repr } from "../../utils/_python.ts";
import { punycode } from "../../utils/encoding.ts";
import { ValueError } from "../exceptions.ts";
import { encoded_words, single_line } from "./_header_text.ts";

/** One address, and whose it is. */
export interface Mailbox {
  /** `""`: none. */
  readonly name: string;
  readonly local: string;
  /** `""`: a mailbox of this machine. */
  readonly domain: string;
}

interface Token {
  readonly kind: "word" | "quoted" | "special";
  readonly text: string;
  /** Whether white space stands before it. */
  readonly apart: boolean;
}

const SPACE = /[\t ]+/y;
// oxlint-disable-next-line no-control-regex -- control characters are in no word
const WORD = /[^\x00- \x7f"(),.:;<>@[\]\\]+|\[[\x21-\x5a\x5e-\x7e]*\]/y;
const QUOTED = /"((?:[^"\\]|\\.)*)"/y;
const SPECIAL = /[,.:;<>@]/y;

function tokens_of(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let apart = false;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found !== null) at = pattern.lastIndex;
    return found;
  };
  while (at < text.length) {
    if (take(SPACE) !== null || skip_comment()) {
      apart = true;
      continue;
    }
    const word = take(WORD);
    const quoted = word ?? take(QUOTED);
    const found = quoted ?? take(SPECIAL);
    if (found === null) throw invalid(text);
    const kind = word !== null ? "word" : quoted !== null ? "quoted" : "special";
    const content = kind === "quoted" ? (found[1] ?? "").replace(/\\(.)/g, "$1") : found[0];
    tokens.push({ kind, text: content, apart });
    apart = false;
  }
  return tokens;

  function skip_comment(): boolean {
    if (text[at] !== "(") return false;
    let depth = 0;
    do {
      if (text[at] === "\\") at += 1;
      else if (text[at] === "(") depth += 1;
      else if (text[at] === ")") depth -= 1;
      at += 1;
    } while (depth > 0 && at < text.length);
    if (depth > 0) throw invalid(text);
    return true;
  }
}

function invalid(text: string): ValueError {
  return new ValueError(`${repr(text)} is no address that mail can be sent to.`);
}

/** The addresses in a text, with commas between them. @throws ValueError for anything else, several lines too. */
export function parse_addresses(text: string): Mailbox[] {
  const line = single_line("address", text);
  const groups: Token[][] = [[]];
  for (const token of tokens_of(line)) {
    if (token.kind === "special" && token.text === ",") groups.push([]);
    else groups.at(-1)?.push(token);
  }
  return groups.filter((tokens) => tokens.length > 0).map((tokens) => mailbox_of(tokens, line));
}

function mailbox_of(tokens: readonly Token[], text: string): Mailbox {
  const is = (special: string): ((token: Token) => boolean) => {
    return ({ kind, text: found }) => kind === "special" && found === special;
  };
  const open = tokens.findIndex(is("<"));
  if (open < 0) return { name: "", ...address_of(tokens, text) };
  if (!is(">")(tokens.at(-1) ?? EMPTY)) throw invalid(text);
  return {
    name: phrase_of(tokens.slice(0, open), text),
    ...address_of(tokens.slice(open + 1, -1), text),
  };
}

const EMPTY: Token = { kind: "word", text: "", apart: false };

function phrase_of(tokens: readonly Token[], text: string): string {
  let phrase = "";
  for (const { kind, text: piece, apart } of tokens) {
    if (kind === "special" && piece !== ".") throw invalid(text);
    phrase += (apart && phrase !== "" ? " " : "") + piece;
  }
  return phrase;
}

function address_of(tokens: readonly Token[], text: string): Pick<Mailbox, "local" | "domain"> {
  const at = tokens.findIndex(({ kind, text: piece }) => kind === "special" && piece === "@");
  const local = dotted(at < 0 ? tokens : tokens.slice(0, at), text);
  const after = at < 0 ? [] : tokens.slice(at + 1);
  if (after.some(({ kind }) => kind === "quoted")) throw invalid(text);
  return { local, domain: at < 0 ? "" : dotted(after, text) };
}

/** Words with single dots between them. */
function dotted(tokens: readonly Token[], text: string): string {
  const is_dotted = tokens.every(
    ({ kind, text: piece }, index) => (index % 2 === 1) === (kind === "special" && piece === "."),
  );
  if (!is_dotted || tokens.length % 2 === 0) throw invalid(text);
  return tokens.map(({ text: piece }) => piece).join("");
}

const ATOM = /^[!#$%&'*+\-/=?^_`{|}~0-9A-Za-z.]+$/;

/**
 * The bare address in ASCII: what a mail server is told.
 * @throws ValueError if a character before the `@` is not ASCII: without SMTPUTF8 nothing can carry it.
 */
export function addr_spec({ local, domain }: Pick<Mailbox, "local" | "domain">): string {
  // oxlint-disable-next-line no-control-regex -- all of ASCII
  if (!/^[\x20-\x7e]+$/.test(local)) throw invalid(`${local}@${domain}`);
  const is_atom = ATOM.test(local) && !/^\.|\.\.|\.$/.test(local);
  const written = is_atom ? local : quoted(local);
  if (domain === "") return written;
  const ascii = punycode(domain);
  if (!/^[\x21-\x7e]+$/.test(ascii)) throw invalid(`${local}@${domain}`);
  return `${written}@${ascii}`;
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

const PHRASE = /^[!#$%&'*+\-/=?^_`{|}~0-9A-Za-z ]*$/;

/** An address as a header field has it. @throws ValueError as `addr_spec`. */
export function formatted({ name, ...address }: Mailbox): string {
  const spec = addr_spec(address);
  if (name === "") return spec;
  if (!/^[ -~]*$/.test(name) || name.includes("=?")) return `${encoded_words(name)} <${spec}>`;
  return `${PHRASE.test(name) ? name : quoted(name)} <${spec}>`;
}

const NOBODY = /^[\w -]+:[\t ]*;$/; // `undisclosed-recipients:;`

/** Addresses as the header field of that name has them. @throws ValueError for what is no list of addresses. */
export function address_header(name: string, values: readonly string[]): string {
  return values
    .map((value) => single_line(name, value))
    .flatMap((value) => (NOBODY.test(value) ? value : parse_addresses(value).map(formatted)))
    .join(", ");
}

/** The one address in a text, bare. @throws ValueError for several, or none. */
export function envelope_address(text: string): string {
  const mailboxes = parse_addresses(text);
  const [mailbox] = mailboxes;
  if (mailbox === undefined || mailboxes.length > 1) throw invalid(text);
  return addr_spec(mailbox);
}
