import { expect } from "chai";
import { expectTypeOf } from "expect-type";
import { describe, it } from "mocha";
import { endpoint, type Endpoint } from "nuages/api/endpoint";
import {
  classic_page,
  classic_params,
  ClassicPaginator,
  type ClassicQuery,
  CursorPaginator,
  type CursorQuery,
  offset_page,
  offset_params,
  OffsetPaginator,
  type OffsetQuery,
  paginate,
} from "nuages/api/pagination";
import { Paginator } from "nuages/core/paginator";
import { path, type URLPatterns } from "nuages/urls";
import { z } from "zod";
import { quiet } from "../support/log.ts";
import { with_site } from "../support/site.ts";

const Item = z.object({ id: z.int() }).meta({ id: "Item" });
const ITEMS = Array.from({ length: 7 }, (_none, at) => ({ id: at + 1, secret: "x" }));
type Row = (typeof ITEMS)[number];

class Numbered extends ClassicPaginator<Row> {
  get_total(): number {
    return ITEMS.length;
  }

  get_items({ page_size, current_page }: ClassicQuery): Row[] {
    return ITEMS.slice((current_page - 1) * page_size, current_page * page_size);
  }
}

class Stretches extends OffsetPaginator<Row> {
  get_total(): Promise<number> {
    return Promise.resolve(ITEMS.length);
  }

  get_items({ limit, offset }: OffsetQuery): Row[] {
    return ITEMS.slice(offset, offset + limit);
  }
}

class Feed extends CursorPaginator<Row> {
  async get_items({ results_per_page, cursor }: CursorQuery): Promise<[Row[], number | null]> {
    const items = ITEMS.filter(({ id }) => id > Number(cursor ?? 0)).slice(0, results_per_page);
    const last = await Promise.resolve(items.at(-1)?.id);
    return [items, last === undefined || last === ITEMS.length ? null : last];
  }
}

class OtherFeed extends Feed {}

const urlpatterns: URLPatterns = [
  path("classic/", paginate(new Numbered(), Item)),
  path("offset/", paginate(new Stretches(), Item)),
  path("cursor/", paginate(new Feed(), Item)),
  path("other/", paginate(new OtherFeed(), Item)),
  path("django/", paginate(ClassicPaginator.from(new Paginator(ITEMS, 3)), Item)),
  path(
    "own/",
    endpoint(
      { query: offset_params({ limit: 5, max_limit: 6 }), response: offset_page(Item) },
      (_request, { query }) => {
        expectTypeOf(query).toEqualTypeOf<OffsetQuery>();
        return new Stretches().page(query);
      },
    ),
  ),
  path(
    "own-pages/",
    endpoint(
      { query: classic_params({ page_size: 2 }), response: classic_page(Item) },
      (_request, { query }) => new Numbered().page(query),
    ),
  ),
];

const ids = (...list: number[]): object[] => list.map((id) => ({ id }));

describe("api/pagination: endpoints", () => {
  quiet();
  const pages: [url: string, body: object][] = [
    [
      "/classic/?page_size=3&current_page=3",
      { items: ids(7), page_size: 3, current_page: 3, total_pages: 3 },
    ],
    ["/offset/?limit=2&offset=1", { items: ids(2, 3), limit: 2, offset: 1, total: 7 }],
    ["/offset/?offset=70", { items: [], limit: 20, offset: 70, total: 7 }],
    ["/own/", { items: ids(1, 2, 3, 4, 5), limit: 5, offset: 0, total: 7 }],
    [
      "/own-pages/?current_page=2",
      { items: ids(3, 4), page_size: 2, current_page: 2, total_pages: 4 },
    ],
    ["/cursor/", { items: ids(1, 2, 3, 4, 5, 6, 7), results_per_page: 20, cursor: null }],
    [
      "/django/?current_page=2",
      { items: ids(4, 5, 6), page_size: 3, current_page: 2, total_pages: 3 },
    ],
  ];
  for (const [url, body] of pages) {
    it(`PG1, PG2, PG3: ${url}`, () =>
      with_site(urlpatterns, {}, async (client) => {
        const response = await client.get(url);
        expect([response.status_code, response.json()]).to.deep.equal([200, body]);
      }));
  }

  it("PG3: a client follows the cursors to the end", () =>
    with_site(urlpatterns, {}, async (client) => {
      const seen: unknown[] = [];
      for (let query = "?results_per_page=3"; query !== "";) {
        const response = await client.get(`/cursor/${query}`);
        const { items, cursor } = z
          .object({ items: z.array(Item), cursor: z.string().nullable() })
          .parse(response.json());
        seen.push(...items);
        query = cursor === null ? "" : `?results_per_page=3&cursor=${cursor}`;
      }
      expect(seen).to.deep.equal(ids(1, 2, 3, 4, 5, 6, 7));
    }));

  const refused: [url: string, status: number, loc?: string][] = [
    ["/classic/?page_size=0", 422, "page_size"],
    ["/classic/?page_size=101", 422, "page_size"],
    ["/classic/?current_page=0", 422, "current_page"],
    ["/classic/?current_page=2", 404],
    ["/offset/?limit=101", 422, "limit"],
    ["/offset/?limit=", 422, "limit"],
    ["/own/?limit=7", 422, "limit"],
    ["/django/?page_size=4", 422, "page_size"],
    ["/django/?current_page=4", 404],
    ["/cursor/?results_per_page=0", 422, "results_per_page"],
  ];
  for (const [url, status, name] of refused) {
    it(`PG4: ${url}: ${status}`, () =>
      with_site(urlpatterns, {}, async (client) => {
        const response = await client.get(url);
        expect(response.status_code).to.equal(status);
        const { detail } = z
          .object({ detail: z.array(z.object({ loc: z.array(z.string()).optional() })) })
          .parse(response.json());
        const locs = detail.map(({ loc }) => loc);
        expect(locs).to.deep.equal([name === undefined ? undefined : ["query", name]]);
      }));
  }

  const hostile = [
    "0",
    "-1",
    "1e9",
    "1000000000",
    "NaN",
    "Infinity",
    "1.5",
    "١",
    "last",
    "9".repeat(400),
    `-${"9".repeat(400)}`,
    "9007199254740991",
    "9007199254740993",
    "0x10",
    "",
    " 1",
    "1\0",
    "__proto__",
  ];
  for (const value of hostile) {
    it(`security T20: ${JSON.stringify(value.slice(0, 20))} as a page is 404 or 422, as a size 422`, () =>
      with_site(urlpatterns, {}, async (client) => {
        for (const url of ["/classic/", "/django/"]) {
          const response = await client.get(url, { current_page: value });
          expect(response.status_code).to.be.oneOf([404, 422]);
        }
        for (const [url, name] of [
          ["/classic/", "page_size"],
          ["/offset/", "limit"],
          ["/cursor/", "results_per_page"],
        ] as const) {
          expect((await client.get(url, { [name]: value })).status_code).to.equal(422);
        }
        const { status_code } = await client.get("/offset/", { offset: value });
        const is_offset = /^\d{1,15}$|^9007199254740991$/.test(value);
        expect(status_code).to.equal(is_offset ? 200 : 422);
      }));
  }

  it("security T20: ?limit=1000000 does not get more than the maximum: 422", () =>
    with_site(urlpatterns, {}, async (client) => {
      expect((await client.get("/offset/?limit=1000000")).status_code).to.equal(422);
    }));

  it("security T21: cursors that were changed, are another endpoint's, or too long: 422", () =>
    with_site(urlpatterns, {}, async (client) => {
      const first = await client.get("/cursor/?results_per_page=3");
      const { cursor } = z.object({ cursor: z.string() }).parse(first.json());
      expect((await client.get("/cursor/", { cursor })).status_code).to.equal(200);
      expect((await client.get("/other/", { cursor })).status_code).to.equal(422);
      const changed = [
        `${cursor}x`,
        `A${cursor}`,
        "",
        "3",
        "__proto__",
        '{"__proto__":{}}',
        "%00",
        "é",
      ];
      for (const text of [...changed, "x".repeat(1_000_000)]) {
        const response = await client.get("/cursor/", { cursor: text });
        expect(response.status_code).to.equal(422);
        const { detail } = z
          .object({ detail: z.array(z.object({ msg: z.string(), loc: z.array(z.string()) })) })
          .parse(response.json());
        expect(detail.map(({ loc }) => loc)).to.deep.equal([["query", "cursor"]]);
        expect(response.content.length).to.be.below(500);
      }
    }));

  it("PG6: what an item has beyond its schema is not sent", () =>
    with_site(urlpatterns, {}, async (client) => {
      expect((await client.get("/classic/")).text).to.not.include("secret");
    }));

  it("paginate() takes what else there is to declare, and only items that fit the schema", () => {
    const made = paginate(new Numbered(), Item, { name: "items", tags: ["items"] });
    expectTypeOf(made).toEqualTypeOf<Endpoint>();
    expect([made.spec.name, made.spec.tags, made.methods]).to.deep.equal([
      "items",
      ["items"],
      ["GET"],
    ]);
    // @ts-expect-error the items have no name
    paginate(new Numbered(), z.object({ name: z.string() }));
    // @ts-expect-error the query is the paginator's affair
    paginate(new Numbered(), Item, { query: z.object({}) });
  });
});
