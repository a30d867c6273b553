import { expect } from "chai";
import { expectTypeOf } from "expect-type";
import { describe, it } from "mocha";
import { RequestValidationError } from "nuages/api/exceptions";
import {
  classic_params,
  type ClassicPage,
  ClassicPaginator,
  type ClassicQuery,
  cursor_params,
  type CursorPage,
  CursorPaginator,
  type CursorQuery,
  offset_params,
  type OffsetPage,
  OffsetPaginator,
  type OffsetQuery,
} from "nuages/api/pagination";
import type { SchemaInput, SchemaOutput } from "nuages/api/schema";
import { ImproperlyConfigured, ValueError } from "nuages/core/exceptions";
import { AsyncPaginator, Paginator } from "nuages/core/paginator";
import { Http404 } from "nuages/http";
import { override_settings } from "nuages/test";
import { error_of } from "../support/errors.ts";

const LETTERS = "abcdefg".split("");

class Numbered extends ClassicPaginator<string> {
  readonly asked: ClassicQuery[] = [];
  readonly #letters: readonly string[];

  constructor(letters: readonly string[] = LETTERS) {
    super();
    this.#letters = letters;
  }

  get_total(): number {
    return this.#letters.length;
  }

  get_items(query: ClassicQuery): string[] {
    this.asked.push(query);
    const { page_size, current_page } = query;
    return this.#letters.slice((current_page - 1) * page_size, current_page * page_size);
  }
}

class Stretches extends OffsetPaginator<string> {
  get_total(): Promise<number> {
    return Promise.resolve(LETTERS.length);
  }

  get_items({ limit, offset }: OffsetQuery): Promise<string[]> {
    return Promise.resolve(LETTERS.slice(offset, offset + limit));
  }
}

/** Cursors are positions. */
class Feed extends CursorPaginator<string> {
  readonly asked: unknown[] = [];

  get_items({ results_per_page, cursor }: CursorQuery): [string[], string | number | null] {
    this.asked.push(cursor);
    const start = Number(cursor ?? 0);
    const end = start + results_per_page;
    return [LETTERS.slice(start, end), end < LETTERS.length ? this.next(end) : null];
  }

  next(end: number): string | number {
    return end;
  }
}

class OtherFeed extends Feed {}
class OpenFeed extends Feed {
  override signed = false;
}
class SaltedFeed extends Feed {
  override salt = "feed";
}
class OtherSaltedFeed extends Feed {
  override salt = "feed";
}

describe("api/pagination: paginators", () => {
  describe("ClassicPaginator", () => {
    const pages: [query: ClassicQuery, page: ClassicPage<string>][] = [
      [
        { page_size: 3, current_page: 1 },
        { items: ["a", "b", "c"], page_size: 3, current_page: 1, total_pages: 3 },
      ],
      [
        { page_size: 3, current_page: 3 },
        { items: ["g"], page_size: 3, current_page: 3, total_pages: 3 },
      ],
      [
        { page_size: 7, current_page: 1 },
        { items: LETTERS, page_size: 7, current_page: 1, total_pages: 1 },
      ],
    ];
    for (const [query, page] of pages) {
      it(`PG1: page ${query.current_page} of ${query.page_size} each`, async () => {
        expect(await new Numbered().page(query)).to.deep.equal(page);
      });
    }

    it("PG1: no items have no pages, and the first of them is empty", async () => {
      const page = await new Numbered([]).page({ page_size: 3, current_page: 1 });
      expect(page).to.deep.equal({ items: [], page_size: 3, current_page: 1, total_pages: 0 });
    });

    for (const current_page of [4, Number.MAX_SAFE_INTEGER]) {
      it(`PG1: page ${current_page} of 3 is a 404, and its items are not asked for`, async () => {
        const paginator = new Numbered();
        const error = await error_of(paginator.page({ page_size: 3, current_page }));
        expect(error).to.be.instanceOf(Http404);
        expect(paginator.asked).to.deep.equal([]);
      });
    }

    for (const total of [-1, 1.5, Number.NaN]) {
      it(`PG1: get_total() may not give ${total}`, async () => {
        const paginator = new Numbered();
        paginator.get_total = () => total;
        const error = await error_of(paginator.page({ page_size: 3, current_page: 1 }));
        expect(error).to.be.instanceOf(ValueError);
      });
    }
  });

  it("PG2: OffsetPaginator: any stretch, and behind the end no items", async () => {
    const paginator = new Stretches();
    expect(await paginator.page({ limit: 2, offset: 1 })).to.deep.equal({
      items: ["b", "c"],
      limit: 2,
      offset: 1,
      total: 7,
    });
    const behind: OffsetPage<string> = await paginator.page({ limit: 2, offset: 70 });
    expect(behind).to.deep.equal({ items: [], limit: 2, offset: 70, total: 7 });
  });

  describe("CursorPaginator", () => {
    for (const Class of [Feed, OpenFeed, SaltedFeed]) {
      it(`PG3: ${Class.name}: each answer has the cursor of the next, the last has null`, async () => {
        const feed = new Class();
        const seen: string[] = [];
        let cursor: string | undefined;
        do {
          const page: CursorPage<string> = await feed.page({ results_per_page: 3, cursor });
          seen.push(...page.items);
          expect(page.results_per_page).to.equal(3);
          cursor = page.cursor === null ? undefined : String(page.cursor);
        } while (cursor !== undefined);
        expect(seen).to.deep.equal(LETTERS);
        expect(feed.asked).to.deep.equal([undefined, "3", "6"]);
      });
    }

    it("PG3: a cursor may be any text, and goes out in characters of URLs", async () => {
      const feed = new Feed();
      feed.next = () => "3 &#=ü:.\u0000";
      const { cursor } = await feed.page({ results_per_page: 3 });
      expect(cursor).to.match(/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{43}$/);
      await feed.page({ results_per_page: 3, cursor: String(cursor) });
      expect(feed.asked).to.deep.equal([undefined, "3 &#=ü:.\u0000"]);
    });

    it("PG3: without `signed` it goes out as it is, a number as a number", async () => {
      const { cursor } = await new OpenFeed().page({ results_per_page: 3 });
      expect(cursor).to.equal(3);
    });

    it("PG3: a cursor that no client could send back is an error of ours", async () => {
      for (const feed of [new Feed(), new OpenFeed()]) {
        feed.next = () => "x".repeat(2100);
        expect(await error_of(feed.page({ results_per_page: 1 }))).to.be.instanceOf(ValueError);
      }
    });

    it("security T21: a cursor of another class or key is refused, one of the same salt is not", async () => {
      const { cursor } = await new Feed().page({ results_per_page: 3 });
      const query = { results_per_page: 3, cursor: String(cursor) };
      expect(await error_of(new OtherFeed().page(query))).to.be.instanceOf(RequestValidationError);
      const elsewhere = override_settings({ SECRET_KEY: "another" })(() => new Feed().page(query));
      expect(await error_of(elsewhere())).to.be.instanceOf(RequestValidationError);
      const salted = await new SaltedFeed().page({ results_per_page: 3 });
      const again = { results_per_page: 3, cursor: String(salted.cursor) };
      expect((await new OtherSaltedFeed().page(again)).items).to.deep.equal(["d", "e", "f"]);
    });

    it("security T21: a cursor that was changed is refused at its place in the query", async () => {
      const feed = new Feed();
      const signed = String((await feed.page({ results_per_page: 3 })).cursor);
      const [value, signature] = signed.split(".");
      const changed = [
        "",
        ".",
        "3",
        "__proto__",
        `${value}.`,
        `.${signature}`,
        `${signed}x`,
        `x${signed}`,
        `${Buffer.from("4").toString("base64url")}.${signature}`,
        `${signed}.${signature}`,
      ];
      for (const cursor of changed) {
        const error = await error_of(feed.page({ results_per_page: 3, cursor }));
        if (!(error instanceof RequestValidationError)) throw error;
        expect(error.detail.map(({ loc }) => loc)).to.deep.equal([["query", "cursor"]]);
      }
      expect(feed.asked).to.deep.equal([undefined]);
    });
  });

  describe("ClassicPaginator.from", () => {
    const kinds: [
      name: string,
      make: (list: string[], orphans?: number) => ClassicPaginator<string>,
    ][] = [
      [
        "Paginator",
        (list, orphans = 0) => ClassicPaginator.from(new Paginator(list, 3, { orphans })),
      ],
      [
        "AsyncPaginator",
        (list, orphans = 0) =>
          ClassicPaginator.from(new AsyncPaginator<string>(list, 3, { orphans })),
      ],
    ];
    for (const [name, make] of kinds) {
      it(`PG5: ${name}: its pages, in its own size`, async () => {
        const query = { page_size: 20, current_page: 2 };
        expect(await make(LETTERS).page(query)).to.deep.equal({
          items: ["d", "e", "f"],
          page_size: 3,
          current_page: 2,
          total_pages: 3,
        });
      });

      it(`PG5: ${name}: with its orphans`, async () => {
        const page = await make(LETTERS, 1).page({ page_size: 3, current_page: 2 });
        expect([page.items.length, page.total_pages]).to.deep.equal([4, 2]);
      });

      it(`PG5: ${name}: an EmptyPage is a 404, and no items have no pages`, async () => {
        const error = await error_of(make(LETTERS).page({ page_size: 3, current_page: 4 }));
        expect(error).to.be.instanceOf(Http404);
        const page = await make([]).page({ page_size: 3, current_page: 1 });
        expect(page).to.deep.equal({ items: [], page_size: 3, current_page: 1, total_pages: 0 });
      });
    }

    it("PG5: where the first page may not be empty, it is a 404, too", async () => {
      const paginator = new Paginator<string>([], 3, { allow_empty_first_page: false });
      const page = ClassicPaginator.from(paginator).page({ page_size: 3, current_page: 1 });
      expect(await error_of(page)).to.be.instanceOf(Http404);
    });

    it("PG5: items keep their type", () => {
      expectTypeOf(ClassicPaginator.from(new Paginator([1], 3))).toEqualTypeOf<
        ClassicPaginator<number>
      >();
    });
  });
});

describe("api/pagination: parameters", () => {
  const read = (schema: ReturnType<typeof offset_params>, value: unknown): unknown =>
    schema["~standard"].validate(value);
  const standard = {
    classic: classic_params()["~standard"],
    offset: offset_params()["~standard"],
    cursor: cursor_params()["~standard"],
  };

  it("PG4: the defaults", () => {
    expect(standard.classic.validate({})).to.deep.equal({
      value: { page_size: 20, current_page: 1 },
    });
    expect(standard.offset.validate({})).to.deep.equal({ value: { limit: 20, offset: 0 } });
    expect(standard.cursor.validate({})).to.deep.equal({ value: { results_per_page: 20 } });
  });

  it("PG4: their types", () => {
    type Output<F extends (...args: never[]) => unknown> = SchemaOutput<ReturnType<F>>;
    expectTypeOf<Output<typeof classic_params>>().toEqualTypeOf<ClassicQuery>();
    expectTypeOf<Output<typeof offset_params>>().toEqualTypeOf<OffsetQuery>();
    expectTypeOf<Output<typeof cursor_params>>().toEqualTypeOf<CursorQuery>();
    expectTypeOf<SchemaInput<ReturnType<typeof offset_params>>>().toEqualTypeOf<
      Partial<OffsetQuery>
    >();
  });

  const refused: [kind: keyof typeof standard, name: string, value: unknown, code: string][] = [
    ["classic", "page_size", 0, "too_small"],
    ["classic", "page_size", 101, "too_big"],
    ["classic", "page_size", -1, "too_small"],
    ["classic", "page_size", 1.5, "invalid_type"],
    ["classic", "page_size", "5", "invalid_type"],
    ["classic", "page_size", null, "invalid_type"],
    ["classic", "current_page", 0, "too_small"],
    ["classic", "current_page", 1e21, "too_big"],
    ["classic", "current_page", Number.NaN, "invalid_type"],
    ["offset", "limit", 0, "too_small"],
    ["offset", "limit", 101, "too_big"],
    ["offset", "offset", -1, "too_small"],
    ["offset", "offset", 2 ** 53, "too_big"],
    ["offset", "offset", Infinity, "invalid_type"],
    ["cursor", "results_per_page", 101, "too_big"],
    ["cursor", "cursor", 5, "invalid_type"],
    ["cursor", "cursor", null, "invalid_type"],
    ["cursor", "cursor", "x".repeat(1_000_000), "too_big"],
  ];
  for (const [kind, name, value, code] of refused) {
    it(`PG4: ${name} ${String(value).slice(0, 10)} is refused (${code})`, () => {
      const result = standard[kind].validate({ [name]: value });
      expect(result).to.have.nested.property("issues[0].code", code);
      expect(result).to.have.deep.nested.property("issues[0].path", [name]);
    });
  }

  const accepted: [kind: keyof typeof standard, query: object][] = [
    ["classic", { page_size: 1, current_page: Number.MAX_SAFE_INTEGER }],
    ["classic", { page_size: 100, current_page: 1 }],
    ["offset", { limit: 100, offset: Number.MAX_SAFE_INTEGER }],
    ["cursor", { results_per_page: 100, cursor: "" }],
  ];
  for (const [kind, query] of accepted) {
    it(`PG4: ${JSON.stringify(query)} is accepted`, () => {
      expect(standard[kind].validate(query)).to.deep.equal({ value: query });
    });
  }

  it("PG4: all that is wrong is told; what is not a parameter is left out", () => {
    const result = standard.offset.validate({ limit: 0, offset: -1 });
    expect(result).to.have.nested.property("issues.length", 2);
    const query: unknown = JSON.parse('{"limit": 3, "__proto__": {"offset": 5}, "x": 1}');
    expect(standard.offset.validate(query)).to.deep.equal({ value: { limit: 3, offset: 0 } });
    expect(standard.offset.validate({ offset: -0 })).to.deep.equal({
      value: { limit: 20, offset: 0 },
    });
    for (const value of [null, undefined, "x", 5, []])
      expect(standard.offset.validate(value)).to.have.nested.property("issues.length", 1);
  });

  it("PG4: the default and the most can be chosen; a default above 100 is the most itself", () => {
    const own = offset_params({ limit: 50, max_limit: 200 });
    expect(read(own, {})).to.deep.equal({ value: { limit: 50, offset: 0 } });
    expect(read(own, { limit: 200 })).to.deep.equal({ value: { limit: 200, offset: 0 } });
    expect(read(own, { limit: 201 })).to.have.property("issues");
    const large = offset_params({ limit: 500 });
    expect(read(large, {})).to.deep.equal({ value: { limit: 500, offset: 0 } });
    expect(read(large, { limit: 501 })).to.have.property("issues");
    const small = offset_params({ max_limit: 5 });
    expect(read(small, {})).to.deep.equal({ value: { limit: 5, offset: 0 } });
  });

  for (const options of [
    { limit: 0 },
    { limit: 1.5 },
    { limit: 9, max_limit: 8 },
    { max_limit: 0 },
  ]) {
    it(`refuses to be made with ${JSON.stringify(options)}`, () => {
      expect(() => offset_params(options)).to.throw(ImproperlyConfigured);
    });
  }

  it("PG6: their JSON Schemas", () => {
    const target = { target: "draft-2020-12" };
    expect(standard.classic.jsonSchema.input(target)).to.deep.equal({
      type: "object",
      properties: {
        page_size: { type: "integer", minimum: 1, maximum: 100, default: 20 },
        current_page: { type: "integer", minimum: 1, default: 1 },
      },
    });
    expect(standard.cursor.jsonSchema.output(target)).to.deep.equal({
      type: "object",
      properties: {
        results_per_page: { type: "integer", minimum: 1, maximum: 100 },
        cursor: { type: "string", maxLength: 2048 },
      },
      required: ["results_per_page"],
    });
    expect(() => standard.cursor.jsonSchema.output({ target: "draft-07" })).to.throw(ValueError);
  });
});
