/** Specification of work that waits only where it must. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { ValueError } from "nuages/core/exceptions";
import { repeat, run, wait, type Work } from "../../src/utils/_work.ts";

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

  describe("repeat", () => {
    const steps = (...given: (boolean | undefined | Promise<boolean | void>)[]) => {
      const taken: unknown[] = [];
      return { taken, step: () => (taken.push(given[0]), given.shift()) };
    };

    it("is done at once if no step has to be waited for", () => {
      const { taken, step } = steps(true, undefined, false, true);
      expect(repeat(step)).to.equal(undefined);
      expect(taken).to.deep.equal([true, undefined, false]);
    });

    it("waits for the steps that are promises, and goes on behind them", async () => {
      const { taken, step } = steps(true, Promise.resolve(), true, Promise.resolve(true), false);
      const result = repeat(step);
      expect(result).to.be.instanceOf(Promise);
      expect(taken).to.have.length(2);
      expect(await result).to.equal(undefined);
      expect(taken).to.have.length(5);
    });

    it("stops at a promise of false", async () => {
      const { taken, step } = steps(Promise.resolve(false), true);
      await repeat(step);
      expect(taken).to.have.length(1);
    });

    it("throws at once what the first steps throw, and rejects with what a later one does", async () => {
      const fail = (): never => {
        throw new ValueError("no");
      };
      expect(() => repeat(fail)).to.throw(ValueError);
      const behind = [() => Promise.resolve(), fail];
      const rejecting = [() => Promise.resolve(), () => Promise.reject(new ValueError("no"))];
      for (const all of [behind, rejecting]) {
        const result = Promise.resolve(repeat(() => all.shift()?.()));
        expect(await result.catch((error: unknown) => error)).to.be.instanceOf(ValueError);
      }
    });
  });
});
