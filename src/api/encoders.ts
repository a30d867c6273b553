/** Data as JSON and MessagePack can say it (docs/api.md, "JSON"). @module */

/** How instances of a class become data: the first pair whose class matches by `instanceof` is used. */
export type TypeEncoder = readonly [
  Class: abstract new (...args: never[]) => object,
  encode: (value: never) => unknown,
];
