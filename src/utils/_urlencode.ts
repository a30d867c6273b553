/** Query strings and form bodies out of values. @module */
import { is_iterable, is_plain, mapping_items, type Pairs } from "./_mapping.ts";
import { MultiValueDict } from "./_multi_value_dict.ts";
import { repr, str } from "./_python.ts";
import { quote_plus } from "./_quote.ts";

/** Options of `urlencode`. */
export interface UrlencodeOptions {
  /** Whether a value that is a list gives one parameter for each of its items. Default `false`: its text is the value. */
  doseq?: boolean | undefined;
}

/**
 * A query string without the `?`. Bytes are escaped as they are, anything else through its `str`: `true` is `True`.
 * @throws TypeError for `null`, as a value or as an item of one.
 */
export function urlencode(
  query: Pairs<unknown> | MultiValueDict<unknown>,
  options: UrlencodeOptions = {},
): string {
  const pairs: string[] = [];
  for (const [key, value] of pairs_of(query)) {
    const name = encoded(key);
    for (const item of values_of(key, value, options.doseq === true))
      pairs.push(`${name}=${encoded(item)}`);
  }
  return pairs.join("&");
}

function pairs_of(query: unknown): Iterable<readonly [unknown, unknown]> {
  if (query instanceof MultiValueDict) return query.lists();
  const items = mapping_items(query);
  if (items !== undefined) return items;
  if (is_iterable(query)) return query as Iterable<readonly [unknown, unknown]>; // what is no pair fails when it is destructured
  throw new TypeError(`${repr(query)} is neither a mapping nor a list of pairs.`);
}

function encoded(value: unknown): string {
  return quote_plus(value instanceof Uint8Array ? value : str(value));
}

function* values_of(key: unknown, value: unknown, doseq: boolean): Generator<unknown> {
  const items = doseq ? items_of(value) : undefined;
  for (const item of items ?? [value]) {
    if (item === null || item === undefined)
      throw new TypeError(
        `The parameter ${repr(key)} has the value None. Leave it out, or give it "".`,
      );
    yield item;
  }
}

/** What Python iterates over: not text and bytes; of a mapping, its keys. */
function items_of(value: unknown): Iterable<unknown> | undefined {
  if (typeof value === "string" || value instanceof String || value instanceof Uint8Array)
    return undefined;
  if (is_plain(value)) return Object.keys(value);
  if (value instanceof Map) return value.keys();
  return is_iterable(value) ? value : undefined;
}
