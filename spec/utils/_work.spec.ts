/** Specification of work that waits only where it must. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { ValueError } from "nuages/core/exceptions";
import { run, wait, type Work } from "../../src/utils/_work.ts";

function* sum(values: (number | Promise<number>)[]): Work<number> {
  let total = 0;
  for (const value of values) total += yield* wait(value);
  return total;
}

describe("utils/_work", () => {
  it("is done at once if nothing has to be waited for", () => {
    expect(run(sum([1, 2, 3]))).to.equal(6);
  });

  it("is a promise from the first promise on", async () => {
    const result = run(sum([1, Promise.resolve(2), 3]));
    expect(result).to.be.instanceOf(Promise);
    expect(await result).to.equal(6);
  });

  it("throws at once what is thrown at once, and rejects otherwise", async () => {
    const failing = function* (value: Promise<number> | number): Work<never> {
      yield* wait(value);
      throw new ValueError("no");
    };
    expect(() => run(failing(1))).to.throw(ValueError);
    const later: unknown = await Promise.resolve(run(failing(Promise.resolve(1)))).catch(
      (error: unknown) => error,
    );
    expect(later).to.be.instanceOf(ValueError);
  });

  it("sees a rejection as an error where it waits", async () => {
    const careful = function* (): Work<string> {
      try {
        yield* wait(Promise.reject(new ValueError("lost")));
      } catch (error) {
        return String(error);
      }
      return "";
    };
    expect(await run(careful())).to.equal("ValueError: lost");
  });
});
