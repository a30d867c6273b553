/** The examples of the documentation of the API layer, compiled and built. @module */
import { setTimeout } from "node:timers/promises";
import { expect } from "chai";
import { describe, it } from "mocha";
import {
  API,
  BackgroundTask,
  BackgroundTasks,
  CacheControlHeader,
  Conflict,
  Controller,
  CursorPaginator,
  cursor_page,
  cursor_params,
  type CursorQuery,
  endpoint,
  ETag,
  EventStream,
  file,
  HTTPStatus,
  JSONRenderer,
  jsonl,
  MessagePackRenderer,
  no_compress,
  NotFound,
  OffsetPaginator,
  offset_page,
  offset_params,
  type OffsetQuery,
  paginate,
  PlainText,
  Redirect,
  Reply,
  Router,
  send_file,
  ServerSentEvent,
  sse,
  Stream,
  TemplateRenderer,
  Unauthorized,
} from "nuages/api";
import { uploaded_file } from "nuages/api/zod";
import { type HttpRequest, HttpResponse } from "nuages/http";
import { render } from "nuages/shortcuts";
import { path, reverse, type URLPatterns } from "nuages/urls";
import { login_required } from "nuages/views/decorators";
import { z } from "zod";
import { site_of } from "../support/site.ts";

const User = z.object({ id: z.int(), name: z.string() }).meta({ id: "User" });
type User = z.output<typeof User>;
const NewUser = z
  .object({ name: z.string().min(1), admin: z.boolean().default(false) })
  .meta({ id: "NewUser" });

const users = {
  rows: new Map<number, User>([[1, { id: 1, name: "Ada" }]]),
  get(id: number): User | undefined {
    return this.rows.get(id);
  },
  find(q: string, _tags: string[], _page: number): User[] {
    return [...this.rows.values()].filter(({ name }) => name.includes(q));
  },
  create({ name }: { name: string; admin: boolean }): Promise<User> {
    return Promise.resolve({ id: 2, name });
  },
  delete(id: number): boolean {
    return this.rows.delete(id);
  },
};
const welcome = (_name: string): void => undefined;

/** The first example. */
function people(): URLPatterns {
  const api = new API({
    title: "People",
    version: "1.0.0",
    cache_control: new CacheControlHeader({ max_age: 60, public: true }),
  });

  api.get("users/<int:id>/", { name: "user", response: User }, (_request, { id }) => {
    const user = users.get(id);
    if (!user) throw new NotFound("No such user");
    return user;
  });

  api.post("users/", { body: NewUser, response: User }, async (_request, { body }) => {
    const user = await users.create(body);
    return new Reply(user, {
      headers: { Location: `/api/users/${user.id}/` },
      background: new BackgroundTask(welcome, user.name),
    });
  });

  api.delete("users/<int:id>/", { response: null }, (_request, { id }) => void users.delete(id));

  api.get(
    "search/",
    {
      query: z.object({
        q: z.string(),
        page: z.int().min(1).default(1),
        tag: z.array(z.string()).default([]),
      }),
      headers: z.object({ x_request_id: z.uuid().optional() }),
      response: z.array(User),
    },
    (_request, { query, headers }) => {
      void headers.x_request_id?.length;
      return users.find(query.q, query.tag, query.page);
    },
  );

  api.get(
    "report/<int:id>/",
    { response: file({ content_type: "application/pdf", as_attachment: true }) },
    (_request, { id }) =>
      send_file(`reports/${id}.pdf`, { as_attachment: true, filename: "report.pdf" }),
  );

  api.get(
    "clock/",
    { response: sse(z.object({ now: z.iso.datetime() })) },
    async function* (request) {
      while (!request.signal.aborted) {
        yield new ServerSentEvent({ now: new Date().toISOString() }, { event: "tick" });
        await setTimeout(1000, undefined, { signal: request.signal });
      }
    },
  );

  return [path("api/", api.urls)];
}

/** The example of a router and a controller. */
function organisations(): URLPatterns {
  const api = new API();
  const orgs = api.router("orgs/<int:org>/", { tags: ["orgs"] });
  orgs.get("members/<slug:who>/", { response: User }, (_request, { org, who }) => ({
    id: org,
    name: who,
  }));

  class UserView extends Controller {
    static override layer = { tags: ["users"], response_headers: { "X-View": "user" } };

    @endpoint({ response: User })
    get(_request: HttpRequest, { id }: { id: number }) {
      return { id, name: "Ada" };
    }

    @endpoint({ body: NewUser, response: User })
    put(_request: HttpRequest, { id, body }: { id: number; body: z.output<typeof NewUser> }) {
      return { id, name: body.name };
    }
  }
  api.view("users/<int:id>/", UserView, { name: "user" });
  return [path("api/", api.urls)];
}

const Person = z.object({ name: z.string() });
type Person = z.output<typeof Person>;
const db: Person[] = [{ name: "Ada" }, { name: "Grace" }];

/** The example of pages. */
function pages(): URLPatterns {
  const api = new API();
  class People extends OffsetPaginator<Person> {
    get_total(): number {
      return db.length;
    }
    get_items({ limit, offset }: OffsetQuery): Person[] {
      return db.slice(offset, offset + limit);
    }
  }
  api.get(
    "people/",
    { query: offset_params({ limit: 50, max_limit: 200 }), response: offset_page(Person) },
    (_request, { query }) => new People().page(query),
  );
  api.get("people2/", paginate(new People(), Person));
  return [path("api/", api.urls)];
}

const Book = z.object({ id: z.int(), title: z.string() }).meta({ id: "Book" });
const Problem = z.object({ reason: z.string() });
type Book = z.input<typeof Book>;

interface Books {
  all(): Book[];
  get(id: number): Book | undefined;
  after(cursor: string | undefined, n: number): Promise<Book[]>;
  rows(): AsyncIterable<Book>;
  store(title: string, cover: Uint8Array): Promise<Book>;
}
const books: Books = {
  all: () => [{ id: 1, title: "Emma" }],
  get: (id) => (id === 1 ? { id, title: "Emma" } : undefined),
  after: () => Promise.resolve([]),
  async *rows() {
    yield* await Promise.resolve([{ id: 1, title: "Emma" }]);
  },
  store: (title) => Promise.resolve({ id: 2, title }),
};
const log = (_line: string): void => undefined;
const index = (_id: number): Promise<void> => Promise.resolve();
class OutOfStock extends Error {}

function shop_api(): API {
  const api = new API({
    title: "Shop",
    version: "2.0.0",
    namespace: "shop",
    openapi: { version: "3.2.0", docs: "docs/" },
    response_headers: { "X-Shop": "nuages" },
    exception_handlers: [[OutOfStock, () => new Reply({ reason: "sold out" }, { status: 409 })]],
  });
  const staff = new Router({
    tags: ["staff"],
    before_request(request) {
      if (!request.user.is_authenticated)
        throw new Unauthorized("Sign in first", { headers: { "WWW-Authenticate": "Session" } });
    },
    after_request(response) {
      response.headers.set("X-Random", String(Math.random()));
    },
    response_headers: {
      "X-Random": { description: "a number between 0 and 1", documentation_only: true },
    },
    cache_control: new CacheControlHeader({ no_store: true }),
  });
  api.include("staff/", staff);

  class BookView extends Controller {
    static override layer = {
      tags: ["books"],
      response_cookies: { seen: { value: "1", max_age: 60, httponly: true } },
      etag: new ETag("v1", { weak: true }),
    };

    @endpoint({ response: { 200: Book, 404: Problem } })
    get(_request: HttpRequest, { id }: { id: number }) {
      return books.get(id) ?? new Reply({ reason: "no such book" }, { status: 404 });
    }
  }
  staff.view("books/<int:id>/", BookView, { name: "book" });
  return api;
}

/** The further examples. */
function shop(): URLPatterns {
  const api = shop_api();
  api.get(
    "books/",
    {
      renderers: [
        new JSONRenderer(),
        new MessagePackRenderer(),
        new TemplateRenderer("books.html"),
      ],
      response: z.array(Book),
    },
    () => books.all(),
  );

  api.post(
    "books/",
    {
      form: z.object({
        title: z.string(),
        cover: uploaded_file({ max_size: 1_000_000, types: ["image/*"] }),
      }),
      response: Book,
    },
    async (_request, { form }) => {
      if (books.all().some((b) => b.title === form.title)) throw new Conflict("Already there");
      // oxlint-disable-next-line typescript/await-thenable -- as the documentation has it; the content is there already
      const book = await books.store(form.title, await form.cover.read());
      return new Reply(book, {
        background: new BackgroundTasks(
          [new BackgroundTask(index, book.id), new BackgroundTask(log, book.title)],
          { run_in_task_group: true },
        ),
      });
    },
  );

  add_streams(api);
  class BookPages extends CursorPaginator<Book> {
    async get_items({ cursor, results_per_page }: CursorQuery): Promise<[Book[], number | null]> {
      const items = await books.after(cursor, results_per_page);
      return [items, items.at(-1)?.id ?? null];
    }
  }
  api.get("feed/", { query: cursor_params(), response: cursor_page(Book) }, (_request, { query }) =>
    new BookPages().page(query),
  );
  add_plain(api);
  return [
    path("api/", api.urls),
    path("alone/", login_required(endpoint({ response: z.array(Book) }, () => books.all()))),
  ];
}

function add_streams(api: API): void {
  api.get("books.csv", { content_type: "text/csv" }, async function* () {
    yield "id,title\n";
    for await (const b of books.rows()) yield `${b.id},${b.title}\n`;
  });
  api.get("books.jsonl", { response: jsonl(Book) }, () => books.rows());
  api.get(
    "noise/",
    { decorators: [no_compress] },
    () =>
      new Stream(
        function* () {
          yield "a";
          yield new Uint8Array([98]);
        },
        { content_type: "text/plain" },
      ),
  );
  api.get(
    "news/",
    () =>
      new EventStream([1, "two", { data: { n: 3 }, event: "three", id: 3 }], {
        event_type: "news",
        retry_duration: 1000,
      }),
  );
}

declare const upstream_url: string;
const hono = {
  fetch: (request: Request): Promise<Response> => Promise.resolve(new Response(request.url)),
};

function add_plain(api: API): void {
  api.get("ping/", () => "pong");
  api.get(
    "teapot/",
    { status: HTTPStatus.IM_A_TEAPOT, content_type: "application/problem+json" },
    () => ({ title: "short and stout" }),
  );
  api.get("text/", () => new PlainText("OK", { headers: { "X-Server": "nuages" } }));
  api.get("plain/", () => new HttpResponse("<b>Django</b>", { headers: { Age: 120 } }));
  api.get("page/", (request) => render(request, "books.html", { books: books.all() }));
  api.get(
    "old/",
    { status: 301 },
    () => new Redirect("/api/books/", { query_params: { page: "1" } }),
  );
  api.options("books/", () => new Reply({}, { status: 204, headers: { Allow: "GET, POST" } }));
  api.get("elsewhere/", () => hono);
  api.get("upstream/", (request) => fetch(upstream_url, { signal: request.signal }));
}

describe("api: the examples of the documentation", () => {
  const examples: [name: string, make: () => URLPatterns, url: string, path: string][] = [
    ["people", people, "api:openapi", "/api/openapi.json"],
    ["organisations", organisations, "api:docs", "/api/docs/"],
    ["pages", pages, "api:openapi", "/api/openapi.json"],
    ["shop", shop, "shop:openapi", "/api/openapi.json"],
  ];
  for (const [name, make, url, expected] of examples) {
    it(`${name}: compiles, and its URLs are found`, () => {
      site_of(make(), () => {
        expect(reverse(url)).to.equal(expected);
      });
    });
  }

  it("shop: the method of a class has the name that its view was given", () => {
    site_of(shop(), () => {
      expect(reverse("shop:book", { kwargs: { id: 3 } })).to.equal("/api/staff/books/3/");
    });
  });
});
