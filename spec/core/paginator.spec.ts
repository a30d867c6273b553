/** Specification of nuages/core/paginator. @module */
import { inspect } from "node:util";
import { expect } from "chai";
import { expectTypeOf } from "expect-type";
import { describe, it } from "mocha";
import { IndexError, ValueError } from "nuages/core/exceptions";
import {
  AsyncPaginator,
  EmptyPage,
  InvalidPage,
  type Page,
  PageNotAnInteger,
  Paginator,
} from "nuages/core/paginator";

const seven = [1, 2, 3, 4, 5, 6, 7];

describe("core/paginator: Paginator", () => {
  it("knows what is on its pages", () => {
    const page = new Paginator(seven, 3).page(2);
    expectTypeOf(page).toEqualTypeOf<Page<number>>();
    expect([...page]).to.deep.equal([4, 5, 6]);
    expect(inspect(page)).to.equal("<Page 2 of 3>");
  });

  const numbers: [number: unknown, page: number | typeof InvalidPage][] = [
    ["2", 2],
    [" ٢ ", 2],
    [true, 1],
    [2n, 2],
    [2.5, PageNotAnInteger],
    ["2.0", PageNotAnInteger],
    [NaN, PageNotAnInteger],
    [null, PageNotAnInteger],
    [{}, PageNotAnInteger],
    ["__proto__", PageNotAnInteger],
    [0, EmptyPage],
    ["99999999999999999999", EmptyPage],
  ];
  for (const [number, page] of numbers) {
    it(`reads the number ${inspect(number)}`, () => {
      const paginator = new Paginator(seven, 3);
      if (typeof page === "number") expect(paginator.page(number).number).to.equal(page);
      else expect(() => paginator.page(number)).to.throw(page);
    });
  }

  it("gives some page for whatever a client asks", () => {
    const paginator = new Paginator(seven, 3);
    expect(["x", 0, -5, 99, "2"].map((n) => paginator.get_page(n).number)).to.deep.equal([
      1, 3, 3, 3, 2,
    ]);
  });

  it("asks a source for its number of objects once, and for no more than a page", () => {
    const asked: unknown[] = [];
    const source = {
      count(): number {
        asked.push("count");
        return 1_000_000;
      },
      slice(start: number, end: number): number[] {
        asked.push([start, end]);
        return [start, end];
      },
    };
    const paginator = new Paginator<number>(source, 10);
    expect(paginator.page(100_000).end_index()).to.equal(1_000_000);
    expect([...paginator.get_elided_page_range(50_000)]).to.have.length(13);
    expect(asked).to.deep.equal(["count", [999_990, 1_000_000]]);
  });

  it("needs to know the length of its source", () => {
    expect(() => new Paginator<number>({ slice: () => [] }, 1).count).to.throw(TypeError);
  });

  it("cannot cut pages of nothing", () => {
    expect(() => new Paginator(seven, 0).num_pages).to.throw(ValueError);
    expect(() => new Paginator(seven, "x")).to.throw(ValueError);
  });

  it("says the words it was given", () => {
    const error_messages = { min_page: "too low" };
    const paginator = new Paginator(seven, 3, { error_messages });
    expect(() => paginator.page(0)).to.throw(EmptyPage, "too low");
    expect(() => paginator.page("x")).to.throw(PageNotAnInteger, "whole number");
  });

  it("makes pages of a class of one's own", () => {
    class Loud extends Paginator<string> {
      override _get_page(...args: Parameters<Paginator<string>["_get_page"]>): Page<string> {
        const page = super._get_page(...(args as [string[], number, this]));
        page.object_list = page.object_list.map((text) => text.toUpperCase());
        return page;
      }
    }
    expect([...new Loud(["a", "b"], 1).page(2)]).to.deep.equal(["B"]);
  });

  for (const [name, source, options] of [
    ["an unordered source", Object.assign([1], { ordered: false }), {}],
    ["as many orphans as a page holds", [1], { orphans: 1 }],
  ] as const) {
    it(`warns of ${name}`, () => {
      const { emitWarning } = process;
      const warnings: unknown[] = [];
      process.emitWarning = (warning: unknown) => void warnings.push(warning);
      try {
        expect(new Paginator(source, 1, options).num_pages).to.equal(1);
      } finally {
        process.emitWarning = emitWarning;
      }
      expect(warnings).to.have.length(1);
    });
  }
});

describe("core/paginator: Page", () => {
  it("is a sequence", () => {
    const page = new Paginator(seven, 3).page(1);
    expect([page.size, page.length, page.getitem(0), page.getitem(-1)]).to.deep.equal([3, 3, 1, 3]);
    expect([page.has(3), page.has(4)]).to.deep.equal([true, false]);
    expect([page.slice(1), page.toReversed()]).to.deep.equal([
      [2, 3],
      [3, 2, 1],
    ]);
    expect(() => page.getitem(3)).to.throw(IndexError);
  });
});

describe("core/paginator: AsyncPaginator", () => {
  /** A source that has to be waited for, as a database is. */
  const source = {
    counted: 0,
    async acount(): Promise<number> {
      this.counted += 1;
      return 7;
    },
    async *slice(start: number, end: number): AsyncGenerator<number> {
      for (const number of seven.slice(start, end)) yield number;
    },
  };

  it("reads pages as they come", async () => {
    const paginator = new AsyncPaginator<number>(source, 3);
    const pages: number[][] = [];
    for await (const page of paginator) pages.push(await page.aget_object_list());
    expect(pages).to.deep.equal([[1, 2, 3], [4, 5, 6], [7]]);
    expect(source.counted).to.equal(1);
  });

  it("has pages that are sequences once they are loaded", async () => {
    const page = await new AsyncPaginator<number>(source, 3).apage("2");
    expect(inspect(page)).to.equal("<Async Page 2>");
    for (const use of [() => page.size, () => page.getitem(0), () => page.toReversed()])
      expect(use).to.throw(TypeError, "aget_object_list");
    await page.aget_object_list();
    expect([page.size, page.getitem(0), page.toReversed(), page.slice(1)]).to.deep.equal([
      3,
      4,
      [6, 5, 4],
      [5, 6],
    ]);
  });

  it("knows where a page stands", async () => {
    const page = await new AsyncPaginator(seven, 3).aget_page(99);
    expect([
      page.number,
      await page.ahas_next(),
      await page.ahas_other_pages(),
      await page.astart_index(),
      await page.aend_index(),
    ]).to.deep.equal([3, false, true, 7, 7]);
    const error = await page.anext_page_number().catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(EmptyPage);
  });

  it("elides as Paginator does", async () => {
    const range: (number | string)[] = [];
    const paginator = new AsyncPaginator(Array.from({ length: 50 }), 1);
    for await (const page of paginator.aget_elided_page_range(43)) range.push(page);
    expect(range.join(" ")).to.equal("1 2 … 40 41 42 43 44 45 46 … 49 50");
  });
});
