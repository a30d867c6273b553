import { readFileSync } from "node:fs";
import { expect } from "chai";
import { afterEach, describe, it } from "mocha";
import { SimpleUploadedFile } from "nuages/core/files/uploadedfile";
import type { StreamingHttpResponse } from "nuages/http";
import { Client } from "nuages/test";
import { BOUNDARY, encode_multipart, MULTIPART_CONTENT } from "nuages/test/client";
import { Library, library, TitleTaken } from "../../demo/library/models.ts";
import { Browser, demo_site } from "./_site.ts";

const CLOUDS = readFileSync(new URL("../../demo/files/clouds.txt", import.meta.url));
const JSON_TYPE = { content_type: "application/json" };
const NEPHELAI = { title: "Nephelai", author: "anybody", year: 2026 };
const SHIPPED = library.size;

/** Takes away what a spec has added. */
function restore(): void {
  for (const { id } of library.by()) if (id > SHIPPED) library.remove(id);
  for (const book of library.by()) book.cover = null;
}

describe("demo: the library", () => {
  demo_site();
  afterEach(restore);

  it("has a page that names every endpoint, and needs no script to be read", async () => {
    const page = await new Browser().page("/api/");
    for (const url of ["books/", "books/1/cover/", "books/7/text/", "events/"])
      expect(page).to.include(`http://testserver/api/${url}`);
    expect(page)
      .to.match(/<form [^>]*hidden>/)
      .and.include("<noscript>");
    expect(page).not.to.match(/<script>|<style|\son\w+=|style="/);
  });

  it("gives a stretch of the books, and only what is declared of them", async () => {
    const response = await new Client().get("/api/books/", { limit: "2", offset: "5" });
    expect(response.get("Vary")).to.include("Accept");
    const { items, ...rest } = response.json() as { items: Record<string, unknown>[] };
    expect(rest).to.deep.equal({ limit: 2, offset: 5, total: SHIPPED });
    expect(items.map(({ title }) => title)).to.deep.equal([
      "The Cloudspotter’s Guide",
      "A Small Field Guide to Clouds",
    ]);
    expect(Object.keys(items[1] ?? {})).to.deep.equal(["id", "title", "author", "year", "cover"]);
  });

  it("looks for an author", async () => {
    const response = await new Client().get("/api/books/", { author: "howard" });
    expect(response.json()).to.have.property("total", 1);
  });

  for (const [query, name] of [
    ["limit=51", "limit"],
    ["limit=many", "limit"],
    ["offset=-1", "offset"],
  ] as const) {
    it(`refuses ?${query}, and says why`, async () => {
      const response = await new Client().get(`/api/books/?${query}`);
      expect(response.status_code).to.equal(422);
      expect(response.json()).to.have.deep.nested.property("detail[0].loc", ["query", name]);
    });
  }

  it("shows browsers the same books as a page, with the way to the others", async () => {
    const page = await new Browser().page("/api/books/?limit=3&offset=3&author=");
    expect(page).to.include("<h1>The books</h1>").and.include("4 to 6 of 7");
    expect(page).to.include('href="?offset=0&amp;limit=3"').and.include("?offset=6&amp;limit=3");
    const found = await new Browser().page("/api/books/?author=pretor-&limit=1");
    expect(found).to.include("1 to 1 of 1").and.not.include("?offset");
    expect(await new Browser().page("/api/books/?limit=1")).to.include("423 BC");
  });

  it("adds a book, says where it is, and tells it when the answer has been sent", async () => {
    const response = await new Client().post("/api/books/", NEPHELAI, JSON_TYPE);
    expect(response.status_code).to.equal(201);
    const { id } = response.json() as { id: number };
    expect(response.get("Location")).to.equal(`/api/books/${id}/`);
    const found = await new Client().get(response.get("Location", ""));
    expect(found.json()).to.deep.equal({ id, ...NEPHELAI, cover: null });
    expect(library.last_announced).to.equal(id);
  });

  it("refuses a title that is there, and says which book has it", async () => {
    const again = { title: "CLOUD ATLAS", author: "somebody", year: 2000 };
    const response = await new Client().post("/api/books/", again, JSON_TYPE);
    expect(response.status_code).to.equal(409);
    expect(response.json()).to.deep.equal({
      detail: [{ msg: "The library has this book: it is number 5.", type: "conflict" }],
      extra: { url: "/api/books/5/" },
    });
  });

  it("refuses a book without a title, with all that is wrong with it", async () => {
    const response = await new Client().post("/api/books/", { title: " ", year: "1" }, JSON_TYPE);
    expect(response.status_code).to.equal(422);
    const { detail } = response.json() as { detail: { loc: string[] }[] };
    expect(detail.map(({ loc }) => loc.join("."))).to.deep.equal([
      "body.title",
      "body.author",
      "body.year",
    ]);
  });

  it("has no more places than it has", async () => {
    for (let n = 1; !library.is_full; n++) library.add({ ...NEPHELAI, title: `Volume ${n}` });
    const response = await new Client().post("/api/books/", NEPHELAI, JSON_TYPE);
    expect(response.status_code).to.equal(507);
    expect(library.size).to.equal(200);
  });

  it("removes a book once", async () => {
    const { id } = library.add(NEPHELAI);
    const response = await new Client().delete(`/api/books/${id}/`);
    expect([response.status_code, response.text]).to.deep.equal([204, ""]);
    expect((await new Client().delete(`/api/books/${id}/`)).status_code).to.equal(404);
  });

  it("tells what is not there as JSON, or by RFC 9457", async () => {
    const json = await new Client().get("/api/books/99/");
    const detail = [{ msg: "There is no book 99.", type: "not_found" }];
    expect([json.status_code, json.json()]).to.deep.equal([404, { detail }]);
    const headers = { Accept: "application/problem+json, application/json;q=0.9" };
    const problem = await new Client().get("/api/books/99/", {}, { headers });
    expect(problem.json()).to.include({ title: "Not Found", status: 404 });
  });

  it("measures a picture, by PUT", async () => {
    const cover = new SimpleUploadedFile("c.png", "not really", { content_type: "image/png" });
    const request = multipart({ cover, description: "a cloud" });
    const response = await new Client().put("/api/books/1/cover/", ...request);
    expect(response.json()).to.have.property("cover").that.includes({
      name: "c.png",
      description: "a cloud",
      size: 10,
    });
  });

  it("takes nothing but a picture for one", async () => {
    const cover = new SimpleUploadedFile("c.txt", "text", { content_type: "text/plain" });
    const response = await new Client().put("/api/books/1/cover/", ...multipart({ cover }));
    expect(response.status_code).to.equal(422);
    expect(response.json()).to.have.deep.nested.property("detail[0].loc", ["form", "cover"]);
    expect(library.get(1)?.cover).to.equal(null);
  });

  it("sends the text of a book, and the rest of a download that broke off", async () => {
    const whole = await new Client().get("/api/books/7/text/");
    expect(whole.get("Content-Disposition")).to.equal('attachment; filename="clouds.txt"');
    expect(await content_of(whole)).to.deep.equal(CLOUDS);
    const headers = { Range: "bytes=100-", "If-Range": whole.get("ETag", "") };
    const rest = await new Client().get("/api/books/7/text/", {}, { headers });
    expect(rest.status_code).to.equal(206);
    expect(await content_of(rest)).to.deep.equal(CLOUDS.subarray(100));
    const unread = { "If-None-Match": whole.get("ETag", "") };
    const known = await new Client().get("/api/books/7/text/", {}, { headers: unread });
    expect(known.status_code).to.equal(304);
    expect((await new Client().get("/api/books/1/text/")).status_code).to.equal(404);
  });

  it("sends the time, and the books that came since the connection broke", async () => {
    const last = library.last_announced;
    await new Client().post("/api/books/", NEPHELAI, JSON_TYPE);
    const now = await first_events("/api/events/", {}, 1);
    expect(now[0]).to.match(/^event: tick\ndata: \{"time":"\d\d:\d\d:\d\d","books":\d+\}\n\n$/);
    const missed = await first_events("/api/events/", { "Last-Event-ID": `${last}` }, 2);
    expect(missed[0]).to.match(/^id: \d+\nevent: book\ndata: \{"id":\d+,"title":"Nephelai"/);
    expect(missed[1]).to.match(/^event: tick\n/);
  });

  it("asks a page for its token, and a program for none", async () => {
    const visitor = new Browser().client;
    visitor.cookies.set("sessionid", "of a visitor");
    const refused = await visitor.post("/api/books/", NEPHELAI, JSON_TYPE);
    expect([refused.status_code, refused.json()]).to.have.nested.property(
      "[1].detail[0].type",
      "csrf_failed",
    );
    expect(library.size).to.equal(SHIPPED);
    const program = new Browser().client;
    expect((await program.post("/api/books/", NEPHELAI, JSON_TYPE)).status_code).to.equal(201);
  });

  it("has a document, and a page about it", async () => {
    const response = await new Client().get("/api/openapi.json");
    const { paths, components } = response.json() as Record<string, Record<string, object>>;
    expect(Object.keys(paths ?? {})).to.deep.equal([
      "/api/books/",
      "/api/books/{id}/",
      "/api/books/{id}/cover/",
      "/api/books/{id}/text/",
      "/api/events/",
    ]);
    expect(components?.schemas).to.include.keys("Book", "NewBook", "BookOffsetPage");
    expect(await new Browser().page("/api/docs/")).to.include("The library of clouds");
  });
});

describe("demo: errors below the library", () => {
  demo_site({ DEBUG: false });

  it("are JSON, and those of the rest of the site are pages", async () => {
    const { client } = new Browser();
    const headers = { Accept: "text/html" };
    const below = await client.get("/api/nowhere/", {}, { headers });
    expect([below.status_code, below.get("Content-Type")]).to.deep.equal([404, "application/json"]);
    const page = await client.get("/nowhere/", {}, { headers });
    expect(page.text).to.include("Nothing but blue sky");
  });
});

describe("demo: the shelf of the library", () => {
  it("numbers its books on, whatever was removed", () => {
    const shelf = new Library();
    const first = shelf.add(NEPHELAI);
    expect(() => shelf.add({ ...NEPHELAI, title: "NEPHELAI" })).to.throw(TitleTaken);
    expect([shelf.remove(first.id), shelf.remove(first.id)]).to.deep.equal([true, false]);
    expect(shelf.add(NEPHELAI).id).to.equal(2);
  });

  it("forgets old news", () => {
    const shelf = new Library();
    for (let n = 1; n <= 201; n++) {
      const book = shelf.add({ ...NEPHELAI, title: `Volume ${n}` });
      shelf.remove(book.id);
      shelf.announce(book);
    }
    expect(shelf.announced_after(0)).to.have.length(200);
    expect(shelf.announced_after(200).map(({ id }) => id)).to.deep.equal([201]);
    expect(shelf.last_announced).to.equal(201);
  });
});

/** A form with files, for a method whose data the client does not encode. */
function multipart(fields: Record<string, unknown>): [Buffer, { content_type: string }] {
  return [encode_multipart(BOUNDARY, fields), { content_type: MULTIPART_CONTENT }];
}

/** The whole content of a file. */
async function content_of(response: unknown): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk); // a file is a stream
  return Buffer.concat(chunks);
}

/** The first pieces of a stream, which is left then. */
async function first_events(
  path: string,
  headers: Record<string, string>,
  count: number,
): Promise<string[]> {
  const response = await new Client().get(path, {}, { headers });
  const events: string[] = [];
  for await (const event of (response as unknown as StreamingHttpResponse).streaming_content) {
    events.push(String(event)); // it is a stream
    if (events.length === count) break;
  }
  response.close();
  return events;
}
