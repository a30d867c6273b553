/** `ResponseHeaders`, and the flat list in which a response keeps its headers. @module */
import { KeyError } from "../core/exceptions.ts";
import { mapping_items, type Pairs } from "../utils/_mapping.ts";
import { repr } from "../utils/_python.ts";
import { CaseInsensitiveMapping } from "../utils/datastructures.ts";
import { header_name, header_value, lower_name } from "./_header_text.ts";

/** Names and values in turn, in the order in which the names were first set. */
export type HeaderList = string[];

/** What a response takes as headers: an object, a `Map`, `Headers`, other `ResponseHeaders`, or pairs. */
export type HeadersInit = Pairs<unknown> | null | undefined;

/** Where the header's name stands in the list; -1 if it is not there. */
export function find_header(list: HeaderList, name: string): number {
  const { length } = list;
  for (let at = 0; at < length; at += 2) if (list[at] === name) return at;
  for (let at = 0; at < length; at += 2) {
    const known = list[at];
    if (known === undefined || known.length !== name.length) continue;
    if (lower_name(known) === lower_name(name)) return at;
  }
  return -1;
}

/** Sets a header. One that is there keeps its place and takes the new spelling of its name. */
export function set_header(list: HeaderList, name: unknown, value: unknown): void {
  const checked = header_name(name);
  const text = header_value(value);
  const at = find_header(list, checked);
  if (at < 0) {
    list.push(checked, text);
  } else {
    list[at] = checked;
    list[at + 1] = text;
  }
}

/** The header's value, if it is there. */
export function get_header(list: HeaderList, name: string): string | undefined {
  const at = find_header(list, name);
  return at < 0 ? undefined : list[at + 1];
}

/** Takes the header out; the spelling of its name and its value, if it was there. */
export function delete_header(list: HeaderList, name: string): [string, string] | undefined {
  const at = find_header(list, name);
  if (at < 0) return undefined;
  const [known = "", value = ""] = list.splice(at, 2);
  return [known, value];
}

/** Sets every header of `data`. */
export function fill_headers(list: HeaderList, data: HeadersInit): void {
  if (data === null || data === undefined) return;
  const items = mapping_items(data) ?? new CaseInsensitiveMapping(data).items();
  for (const [name, value] of items) set_header(list, name, value);
}

/** The pairs of the list. */
export function* header_items(list: HeaderList): Generator<[string, string], void, undefined> {
  for (let at = 0; at < list.length; at += 2) yield [list[at] ?? "", list[at + 1] ?? ""];
}

const NONE: ReadonlyMap<string, string> = new Map();

/**
 * The headers of a response: names without regard to case, in the order in which they were first set, spelled as
 * they were last set. Set-Cookie is not among them: see `response.cookies`.
 */
export class ResponseHeaders extends CaseInsensitiveMapping<string> {
  /** What a response sends. @internal */
  _list: HeaderList = [];

  /** @throws BadHeaderError for a name or value that would break the response apart. */
  constructor(data?: HeadersInit) {
    super(NONE); // the list takes the place of the base's store
    fill_headers(this._list, data);
  }

  /** The headers of the response that holds this list: a change of one is a change of the other. @internal */
  static _over(list: HeaderList): ResponseHeaders {
    const headers = new ResponseHeaders();
    headers._list = list;
    return headers;
  }

  override get size(): number {
    return this._list.length / 2;
  }

  override getitem(key: string): string {
    const value = get_header(this._list, key);
    if (value === undefined) throw new KeyError(repr(key));
    return value;
  }

  override get(key: string): string | undefined;
  override get<D>(key: string, default_value: D): string | D;
  override get(key: string, default_value?: unknown): unknown {
    return get_header(this._list, key) ?? default_value;
  }

  override has(key: string): boolean {
    return find_header(this._list, key) >= 0;
  }

  /** Sets a header: text as it is, bytes as latin-1, anything else by its text. What latin-1 lacks is MIME-encoded. */
  set(key: string, value: unknown): void {
    set_header(this._list, key, value);
  }

  /** Takes a header out; a missing one is no error. */
  delete(key: string): void {
    delete_header(this._list, key);
  }

  /** Takes a header out and gives its name, as it was last spelled, and its value. */
  pop(key: string): [string, string] | undefined;
  pop<D>(key: string, default_value: D): [string, string] | D;
  pop(key: string, default_value?: unknown): unknown {
    return delete_header(this._list, key) ?? default_value;
  }

  /** Sets the header unless it is set already. */
  setdefault(key: string, value: unknown): void {
    if (find_header(this._list, key) < 0) set_header(this._list, key, value);
  }

  override *keys(): IterableIterator<string> {
    for (const [key] of header_items(this._list)) yield key;
  }

  override *values(): IterableIterator<string> {
    for (const [, value] of header_items(this._list)) yield value;
  }

  override items(): IterableIterator<[string, string]> {
    return header_items(this._list);
  }
}
