/** Tables of filters: a name, what the filter is given, and what Django's gives for it. @module */
import { inspect } from "node:util";
import { expect } from "chai";
import { it } from "mocha";
import * as defaultfilters from "nuages/template/defaultfilters";
import { SafeString } from "nuages/utils/safestring";

/** A row of such a table. */
export type FilterRow = readonly [name: string, given: readonly unknown[], expected: unknown];

/** A text marked as safe. */
export function safe(text: string): SafeString {
  return new SafeString(text);
}

const functions = defaultfilters as unknown as Readonly<
  Record<string, (...args: readonly unknown[]) => unknown>
>; // the functions of the module by name

/** A specification for each row; what is marked as safe, and nothing else, must be a `SafeString`. */
export function specify(rows: readonly FilterRow[]): void {
  for (const [name, given, expected] of rows) {
    const shown = given.map((value) => inspect(value, { breakLength: Infinity })).join(", ");
    it(`${name}(${shown.slice(0, 100)})`, () => {
      const filter = functions[name];
      if (filter === undefined) throw new TypeError(`There is no filter ${name}.`);
      expect(filter(...given)).to.deep.equal(expected);
    });
  }
}
