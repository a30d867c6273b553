/** Content negotiation on the `Accept` header (RFC 9110 §12.5.1), with Django's order of preference. @module */
import { MediaType } from "./_media_type.ts";
import { strip } from "../utils/_whitespace.ts";

/** The ranges of an `Accept` header, best first: by quality, then by specificity. Those of quality 0 are left out. */
export function parse_accept(header: string): MediaType[] {
  const types: MediaType[] = [];
  for (const token of header.split(",")) {
    if (strip(token) === "") continue;
    const type = new MediaType(token);
    if (type.quality !== 0) types.push(type);
  }
  return best_first(types, (a, b) => compare(a.quality, b.quality, a.specificity - b.specificity));
}

/** The same ranges, narrowest first: by specificity, then by quality. */
export function by_precedence(types: readonly MediaType[]): MediaType[] {
  return best_first(
    types,
    (a, b) => a.specificity - b.specificity || compare(a.quality, b.quality, 0),
  );
}

/** Sorts upwards and turns round, in a way that keeps the order of equals. */
function best_first(
  types: readonly MediaType[],
  order: (a: MediaType, b: MediaType) => number,
): MediaType[] {
  return types.toReversed().sort(order).reverse();
}

/** `q=nan` is a number to Python: not less than another, not greater, and not equal either. */
function compare(a: number, b: number, if_equal: number): number {
  if (a === b) return if_equal;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The first of the ranges that the type falls into. */
export function first_match(ranges: readonly MediaType[], type: string): MediaType | undefined {
  const wanted = new MediaType(type);
  return ranges.find((range) => wanted.match(range));
}

/** Of the types offered, the one whose range the client ranks first; equals in the order of the offers. */
export function preferred(
  offers: Iterable<string>,
  by_quality: readonly MediaType[],
  by_specificity: readonly MediaType[],
): string | undefined {
  let best: string | undefined;
  let best_rank = Infinity;
  for (const offer of offers) {
    const range = first_match(by_specificity, offer);
    const rank = range === undefined ? Infinity : by_quality.indexOf(range);
    if (rank < best_rank) [best, best_rank] = [offer, rank];
  }
  return best;
}
