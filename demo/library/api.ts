/** The API of the library: typed endpoints, each declared once for the compiler, the check, and the document. @module */
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  API,
  BackgroundTask,
  Conflict,
  file,
  HTTPException,
  JSONRenderer,
  NotFound,
  offset_page,
  OffsetPaginator,
  type OffsetQuery,
  Reply,
  send_file,
  ServerSentEvent,
  sse,
  TemplateRenderer,
} from "nuages/api";
import { uploaded_file } from "nuages/api/zod";
import { reverse } from "nuages/urls";
import { z } from "zod";
import { BASE_DIR } from "../paths.ts";
import { sha256 } from "../site/uploads.ts";
import { type Book, library, TitleTaken } from "./models.ts";

// What comes in, and what goes out. An id makes a schema a component of the document.
const NewBookModel = z
  .object({
    title: z.string().trim().min(1).max(120),
    author: z.string().trim().min(1).max(80),
    year: z.int().min(-3000).max(2100).describe("Of the first edition; negative before our era."),
  })
  .meta({ id: "NewBook" });

const CoverModel = z
  .object({ name: z.string(), description: z.string(), size: z.int(), sha256: z.string() })
  .meta({ id: "Cover" });

// The books have a `file` as well, for the program alone: what is not declared is not sent.
const BookModel = z
  .object({ id: z.int(), ...NewBookModel.shape, cover: CoverModel.nullable() })
  .meta({ id: "Book" });

const TickModel = z
  .object({ time: z.iso.time(), books: z.int().describe("How many there are.") })
  .meta({ id: "Tick" });

export const api: API = new API({
  title: "The library of clouds",
  version: "1.0.0",
  description: "Books about clouds, kept in memory. Add some: they are gone after a restart.",
  exception_handlers: [
    [
      TitleTaken,
      (_request, { message, book: { id } }: TitleTaken) => {
        throw new Conflict(message, { extra: { url: url_of(id) } });
      },
    ],
  ],
});

const books = api.router("books/", { tags: ["books"] });

/** Any stretch of the books, which is all that this paginator has to know. */
class Shelf extends OffsetPaginator<Book> {
  readonly #books: readonly Book[];

  constructor(author: string | undefined) {
    super();
    this.#books = library.by(author);
  }

  get_total(): number {
    return this.#books.length;
  }

  get_items({ limit, offset }: OffsetQuery): Book[] {
    return this.#books.slice(offset, offset + limit);
  }
}

// One URL for programs and for browsers: `Accept` decides.
books.get(
  "",
  {
    name: "books",
    summary: "The books, a stretch at a time",
    renderers: [new JSONRenderer(), new TemplateRenderer("library/books.html")],
    query: z.object({
      author: z.string().optional().describe("A part of the name."),
      limit: z.int().min(1).max(50).default(5),
      offset: z.int().min(0).default(0),
    }),
    response: offset_page(BookModel),
  },
  (_request, { query }) => new Shelf(query.author).page(query),
);

books.post(
  "",
  { summary: "Adds a book", body: NewBookModel, response: BookModel },
  (_request, { body }) => {
    if (library.is_full)
      throw new HTTPException("There is no place on the shelf. Remove a book first.", {
        status: 507,
      });
    const book = library.add(body);
    return new Reply(book, {
      headers: { Location: url_of(book.id) },
      background: new BackgroundTask(announce, book), // when the answer has been sent
    });
  },
);

books.get(
  "<int:id>/",
  { name: "book", summary: "One book", response: BookModel },
  (_request, { id }) => book_or_404(id),
);

books.delete("<int:id>/", { summary: "Removes a book", response: null }, (_request, { id }) => {
  if (!library.remove(id)) throw new NotFound(`There is no book ${id}.`);
});

books.put(
  "<int:id>/cover/",
  {
    name: "cover",
    summary: "Says what the book looks like",
    description: "What is sent is measured, and not kept.",
    form: z.object({
      cover: uploaded_file({ max_size: 1_000_000, types: ["image/*"] }),
      description: z.string().max(200).default(""),
    }),
    response: BookModel,
  },
  async (_request, { id, form: { cover, description } }) => {
    const book = book_or_404(id);
    const { name, size } = cover;
    book.cover = { name: name ?? "", description, size, sha256: await sha256(cover) };
    return book;
  },
);

// `send_file()` answers If-None-Match and Range: a download that broke off goes on where it stopped.
books.get(
  "<int:id>/text/",
  {
    name: "text",
    summary: "The text of a book",
    response: file({ content_type: "text/plain", as_attachment: true }),
  },
  (_request, { id }) => {
    const { file: name } = book_or_404(id);
    if (name === null) throw new NotFound(`The library has no text of the book ${id}.`);
    return send_file(join(BASE_DIR, "files", name), { as_attachment: true });
  },
);

// Begins where the client was when the connection broke. When it leaves, `signal` ends the sleep, and with it the loop.
api.get(
  "events/",
  {
    name: "events",
    summary: "The time each second, and every new book",
    tags: ["events"],
    headers: z.object({ last_event_id: z.int().optional() }),
    response: sse(z.union([BookModel, TickModel])),
  },
  async function* ({ signal }, { headers }) {
    let last = headers.last_event_id ?? library.last_announced;
    while (!signal.aborted) {
      for (const book of library.announced_after(last)) {
        last = book.id;
        yield new ServerSentEvent(book, { event: "book", id: last });
      }
      const time = new Date().toISOString().slice(11, 19); // UTC
      yield new ServerSentEvent({ time, books: library.size }, { event: "tick" });
      await sleep(1000, undefined, { signal });
    }
  },
);

function announce(book: Book): void {
  library.announce(book);
}

function book_or_404(id: number): Book {
  const book = library.get(id);
  if (book === undefined) throw new NotFound(`There is no book ${id}.`);
  return book;
}

function url_of(id: number): string {
  return reverse("library:api:book", { kwargs: { id } });
}
