/** Takes HTML apart into tags and text, in one pass over it, however broken it is (WHATWG HTML §13.2.5). @module */

/** An attribute: its lower-case name and its value as written; a name alone has none. */
export type Attribute = readonly [name: string, value: string | undefined];

/** A start tag. */
export interface StartTag {
  /** In lower case. */
  name: string;
  /** As it stands in the text. */
  source: string;
  attributes: Attribute[];
  /** Whether it ends with `/>`. */
  closed: boolean;
}

/** What is told of the parts, in their order. */
export interface HtmlHandler {
  /** Text between tags as written: references are not read. */
  text(text: string): void;
  start(tag: StartTag): void;
  end(name: string): void;
  /** Whether to leave off; asked after each part. */
  readonly done?: boolean;
}

/** Options of `scan_html`. */
export interface ScanOptions {
  /** Whether what is cut off at the end of the text is told too. Default `true`. */
  final?: boolean | undefined;
}

const TAG_NAME = /[a-zA-Z][^\t\n\r\f />]*/y;
const GAP = /[\t\n\r\f /]*/y;
const ATTRIBUTE_NAME = /[^>][^\t\n\r\f /=>]*/y;
const BEFORE_VALUE = /[\t\n\r\f ]*=[\t\n\r\f ]*/y;
const BARE_VALUE = /[^>\t\n\r\f ]*/y;
const COMMENT_END = /--!?>/g;
// What these hold is text up to their end tag.
const RAW_TEXT: Readonly<Record<string, RegExp>> = {
  script: /<\/script(?=[\t\n\r\f />])/gi,
  style: /<\/style(?=[\t\n\r\f />])/gi,
};

/** What is left when the text ends inside something. */
const UNFINISHED = -1;

/** Tells `handler` the tags and the text of `html`. Comments, declarations and instructions are left out. */
export function scan_html(html: string, handler: HtmlHandler, options: ScanOptions = {}): void {
  new Scanner(html, handler, options.final ?? true).run();
}

class Scanner {
  readonly #html: string;
  readonly #handler: HtmlHandler;
  readonly #final: boolean;
  #raw: RegExp | undefined;

  constructor(html: string, handler: HtmlHandler, final: boolean) {
    this.#html = html;
    this.#handler = handler;
    this.#final = final;
  }

  run(): void {
    const size = this.#html.length;
    let at = 0;
    while (at < size && !this.#handler.done) {
      const tag = this.#next_tag(at);
      if (tag === UNFINISHED) return this.#rest(at);
      if (tag > at) this.#handler.text(this.#html.slice(at, tag));
      if (tag === size || this.#handler.done) return;
      at = this.#markup(tag);
      if (at === UNFINISHED) return;
    }
  }

  /** Where the text ends. */
  #next_tag(at: number): number {
    if (this.#raw === undefined) {
      const found = this.#html.indexOf("<", at);
      if (found >= 0) return found;
      return this.#final || !this.#cuts_reference(at) ? this.#html.length : UNFINISHED;
    }
    this.#raw.lastIndex = at;
    return this.#raw.exec(this.#html)?.index ?? UNFINISHED;
  }

  /** Whether a character reference may go on behind the end. */
  #cuts_reference(at: number): boolean {
    const ampersand = this.#html.lastIndexOf("&");
    if (ampersand < Math.max(at, this.#html.length - 34)) return false;
    return !/[\s;]/.test(this.#html.slice(ampersand));
  }

  #rest(at: number): void {
    if (this.#final) this.#handler.text(this.#html.slice(at));
  }

  /** Reads what begins with the `<` at `at`; where it ends. */
  #markup(at: number): number {
    const html = this.#html;
    const next = html.charAt(at + 1);
    if (/^[a-zA-Z]/.test(next)) return this.#start_tag(at);
    if (next === "/") return this.#end_tag(at);
    if (html.startsWith("<!--", at)) return comment_end(html, at + 4);
    if (next === "!" || next === "?") return after(html, ">", at + 2);
    if (next === "" && !this.#final) return UNFINISHED;
    this.#handler.text("<");
    return at + 1;
  }

  #start_tag(at: number): number {
    const html = this.#html;
    const name = match(TAG_NAME, html, at + 1).toLowerCase();
    const attributes: Attribute[] = [];
    const end = tag_end(html, at + 1 + name.length, attributes);
    if (end === UNFINISHED) return UNFINISHED;
    const bare = html.charAt(end - 2) === "/" && !ends_with_value(attributes, html, end);
    this.#handler.start({ name, source: html.slice(at, end), attributes, closed: bare });
    if (!bare) this.#raw = Object.hasOwn(RAW_TEXT, name) ? RAW_TEXT[name] : undefined;
    return end;
  }

  #end_tag(at: number): number {
    const html = this.#html;
    const name = match(TAG_NAME, html, at + 2);
    if (name === "") {
      if (html.length === at + 2) this.#rest(at);
      return html.charAt(at + 2) === ">" ? at + 3 : after(html, ">", at + 2);
    }
    const end = tag_end(html, at + 2 + name.length, []);
    if (end === UNFINISHED) return UNFINISHED;
    this.#raw = undefined;
    this.#handler.end(name.toLowerCase());
    return end;
  }
}

/** Reads the attributes from `at`; the position behind the `>`. */
function tag_end(html: string, start: number, attributes: Attribute[]): number {
  let at = start;
  for (;;) {
    at += match(GAP, html, at).length;
    if (at >= html.length) return UNFINISHED;
    if (html.charAt(at) === ">") return at + 1;
    const name = match(ATTRIBUTE_NAME, html, at);
    at += name.length;
    const equals = match(BEFORE_VALUE, html, at);
    at += equals.length;
    let value: string | undefined;
    if (equals !== "") {
      const quote = html.charAt(at);
      const quoted = quote === '"' || quote === "'";
      const end = quoted ? html.indexOf(quote, at + 1) : at + match(BARE_VALUE, html, at).length;
      if (end < 0) return UNFINISHED;
      value = html.slice(quoted ? at + 1 : at, end);
      at = quoted ? end + 1 : end;
    }
    attributes.push([name.toLowerCase(), value]);
  }
}

/** Whether the `/` before the `>` belongs to a value without quotes: `<a href=/x/>`. */
function ends_with_value(attributes: readonly Attribute[], html: string, end: number): boolean {
  const value = attributes[attributes.length - 1]?.[1];
  return value !== undefined && value.endsWith("/") && html.slice(0, end - 1).endsWith(value);
}

function comment_end(html: string, at: number): number {
  if (html.charAt(at) === ">") return at + 1; // <!-->
  if (html.startsWith("->", at)) return at + 2; // <!--->
  COMMENT_END.lastIndex = at;
  return COMMENT_END.test(html) ? COMMENT_END.lastIndex : UNFINISHED;
}

function after(html: string, text: string, at: number): number {
  const found = html.indexOf(text, at);
  return found < 0 ? UNFINISHED : found + text.length;
}

function match(pattern: RegExp, html: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(html)?.[0] ?? "";
}
