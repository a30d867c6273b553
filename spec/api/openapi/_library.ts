/** An API with a bit of everything, for the specs of its document. @module */
import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { type } from "arktype";
import {
  API,
  CacheControlHeader,
  classic_page,
  classic_params,
  Controller,
  endpoint,
  ETag,
  file,
  JSONRenderer,
  jsonl,
  MessagePackParser,
  JSONParser,
  MessagePackRenderer,
  type OpenAPIOptions,
  sse,
  TemplateRenderer,
} from "nuages/api";
import { encoded, uploaded_file } from "nuages/api/zod";
import type { HttpRequest } from "nuages/http";
import * as v from "valibot";
import { z } from "zod";

const Author = z
  .object({ name: z.string().describe("As it stands on the cover"), born: z.int().optional() })
  .meta({ id: "Author", description: "Who wrote a book." });

const Book = z
  .object({ id: z.int(), title: z.string(), authors: z.array(Author), added: z.date() })
  .meta({ id: "Book" });

const NewBook = z
  .object({
    title: z.string().min(1).max(200),
    authors: z.array(Author).default([]),
    language: z.enum(["en", "de", "fr"]).default("en"),
  })
  .meta({ id: "NewBook" });

interface Shelf {
  name: string;
  shelves?: Shelf[] | undefined;
}

const Shelf: z.ZodType<Shelf> = z.object({
  name: z.string(),
  get shelves() {
    return z.array(Shelf).optional();
  },
});

const Loan = toStandardJsonSchema(
  v.object({ book: v.pipe(v.number(), v.integer()), due: v.pipe(v.string(), v.isoDate()) }),
);

const Reader = type({ name: "string", "email?": "string.email", "kind?": "'adult' | 'child'" });

const Visit = z
  .object({
    at: z.codec(z.iso.datetime(), z.date(), {
      decode: (t) => new Date(t),
      encode: (d) => d.toISOString(),
    }),
  })
  .meta({ id: "Visit" });

const Problem = z.object({ reason: z.string() });

class LoanView extends Controller {
  static override layer = { tags: ["loans"], etag: new ETag("v1", { weak: true }) };

  @endpoint({ response: Loan, summary: "One loan" })
  get(_request: HttpRequest, _args: { id: number }): { book: number; due: string } {
    return { book: 1, due: "2026-01-31" };
  }

  @endpoint({ response: null, security: [{ session: [] }] })
  delete(_request: HttpRequest, _args: { id: number }): void {}
}

/** A library. Each call makes another, which can be mounted elsewhere. */
export function library(openapi?: OpenAPIOptions): API {
  const api = new API({
    title: "Library",
    version: "2.1.0",
    description: "Books, and who has them.\nEverything is JSON unless it says otherwise.",
    ...(openapi && { openapi }),
    cache_control: new CacheControlHeader({ max_age: 60 }),
  });
  const books = api.router("books/", {
    tags: ["books"],
    response_headers: { "X-Shelf": { value: "3", description: "Where it stands", required: true } },
    response_cookies: { seen: { value: "1", description: "the last book" }, theme: "light" },
  });
  books.get(
    "",
    {
      summary: "All books",
      description: "Ordered by title.",
      query: z.object({
        q: z.string().describe("Words of the title"),
        page: z.int().min(1).default(1),
        tag: z.array(z.string()).default([]),
      }),
      headers: z.object({ x_request_id: z.uuid().optional(), "X-Trace": z.string() }),
      cookies: z.object({ theme: z.enum(["light", "dark"]).optional() }),
      renderers: [new JSONRenderer(), new MessagePackRenderer(), new TemplateRenderer("b.html")],
      response: z.array(Book),
    },
    () => [],
  );
  books.post("", { name: "add", body: NewBook, response: Book }, (_request, { body }) => ({
    id: 1,
    title: body.title,
    authors: body.authors,
    added: new Date(0),
  }));
  books.get(
    "<int:id>/",
    { name: "book", response: { 200: Book, 404: { model: Problem, description: "No such book" } } },
    (_request, { id }) => ({ id, title: "", authors: [], added: new Date(0) }),
  );
  books.route(
    ["PUT", "PATCH"],
    "<int:id>/",
    {
      name: "change",
      parsers: [new JSONParser(), new MessagePackParser()],
      body: NewBook,
      response: Book,
      deprecated: true,
    },
    (_request, { id }) => ({ id, title: "", authors: [], added: new Date(0) }),
  );
  books.post(
    "<int:id>/cover/",
    {
      form: z.object({ cover: uploaded_file({ types: ["image/*"] }), note: z.string() }),
      response: null,
    },
    () => undefined,
  );
  books.get(
    "<int:id>/text/",
    { response: file({ content_type: ["text/plain", "application/pdf"], as_attachment: true }) },
    () => {
      throw new Error("There is no text.");
    },
  );
  api.get("shelves/<slug:name>/<uuid:part>/<path:rest>", { response: Shelf }, () => ({
    name: "a",
  }));
  api.post("readers/", { form: Reader, response: Reader }, (_request, { form }) => form);
  api.view("loans/<int:id>/", LoanView, { name: "loan" });
  api.get("pages/", { query: classic_params(), response: classic_page(Book) }, () => ({
    items: [],
    page_size: 1,
    current_page: 1,
    total_pages: 0,
  }));
  api.post("visits/", { body: Visit, response: encoded(Visit) }, (_request, { body }) => body);
  api.get("news/", { tags: ["streams"], response: sse(Book) }, async function* () {});
  api.get("books.jsonl", { tags: ["streams"], response: jsonl(Book) }, async function* () {});
  api.get("ping/", { content_type: "text/plain" }, () => "pong");
  api.delete("cache/", () => undefined);
  api.get("old/", { status: 301 }, () => undefined);
  api.get("hidden/", { include_in_schema: false }, () => "hidden");
  return api;
}
