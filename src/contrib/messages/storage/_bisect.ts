/** How many messages fit, by halving. @module */

/** The index of the first item that is too much, counted from the start: `fn` tells whether the items up to it are. */
export function bisect_keep_left<T>(a: readonly T[], fn: (items: T[]) => boolean): number {
  let low = 0;
  let high = a.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (fn(a.slice(0, middle + 1))) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The index of the first item to keep, counted from the end: `fn` tells whether the items from one on are too much. */
export function bisect_keep_right<T>(a: readonly T[], fn: (items: T[]) => boolean): number {
  let low = 0;
  let high = a.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (fn(a.slice(middle))) low = middle + 1;
    else high = middle;
  }
  return low;
}
