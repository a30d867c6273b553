/** The query string of a reversed URL, encoded as Python's `urllib.parse.urlencode(query, doseq=True)` does. @module */
import { QueryDict } from "../http/querydict.ts";
import { MultiValueDict } from "../utils/datastructures.ts";
import { quote_plus } from "../utils/_quote.ts";
import { str } from "../utils/_python.ts";

/** What may be a query: an object, a `Map`, pairs, a `QueryDict`. */
export type Query =
  | Readonly<Record<string, unknown>>
  | ReadonlyMap<unknown, unknown>
  | Iterable<readonly [unknown, unknown]>
  | QueryDict;

/** The query without its `?`. A list gives its key several times; `null` is the text `None`. */
export function query_text(query: Query): string {
  if (query instanceof QueryDict) return query.urlencode();
  const pairs: string[] = [];
  for (const [key, value] of pairs_of(query)) {
    for (const item of items_of(value)) pairs.push(`${encoded(key)}=${encoded(item)}`);
  }
  return pairs.join("&");
}

function pairs_of(query: Query): Iterable<readonly [unknown, unknown]> {
  if (query instanceof MultiValueDict) return query.items();
  if (Symbol.iterator in query) return query as Iterable<readonly [unknown, unknown]>; // a Map yields pairs
  return Object.entries(query);
}

function items_of(value: unknown): Iterable<unknown> {
  if (value instanceof Uint8Array || typeof value !== "object" || value === null) return [value];
  return Array.isArray(value) || value instanceof Set ? (value as Iterable<unknown>) : [value];
}

function encoded(value: unknown): string {
  return quote_plus(value instanceof Uint8Array ? value : str(value));
}
