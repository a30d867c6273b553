/** Specification of nuages/middleware/gzip. @module */
import { gunzipSync } from "node:zlib";
import { expect } from "chai";
import { describe, it } from "mocha";
import {
  HttpResponse,
  type HttpResponseBase,
  HttpResponseNotModified,
  StreamingHttpResponse,
} from "nuages/http";
import { GZipMiddleware } from "nuages/middleware/gzip";
import { path } from "nuages/urls";
import { with_server } from "../support/server.ts";
import { with_site } from "../support/site.ts";

const MIDDLEWARE = [GZipMiddleware];
const headers = { "Accept-Encoding": "gzip, br" };
const page = "word ".repeat(200);

function site(view: () => HttpResponseBase): [ReturnType<typeof path>] {
  return [path("", view)];
}

describe("middleware/gzip", () => {
  it("hides the length of a page behind a random one (K8)", () =>
    with_site(
      site(() => new HttpResponse(page, { headers: { ETag: '"x"' } })),
      { MIDDLEWARE },
      async (client) => {
        const lengths = new Set<number>();
        for (let i = 0; i < 50; i++) {
          const response = await client.get("/", {}, { headers });
          expect(response.get("Vary")).to.equal("Accept-Encoding");
          expect(response.get("ETag")).to.equal('W/"x"');
          expect(response.get("Content-Length")).to.equal(String(response.content.length));
          expect(gunzipSync(response.content).toString()).to.equal(page);
          lengths.add(response.content.length);
        }
        expect(lengths.size).to.be.greaterThan(5);
      },
    ));

  const left: [name: string, response: () => HttpResponseBase][] = [
    ["less than 200 bytes", () => new HttpResponse("a".repeat(199))],
    ["encoded already", () => new HttpResponse(page, { headers: { "Content-Encoding": "br" } })],
    ["a part of a file", () => new HttpResponse(page, { status: 206 })],
    ["204", () => new HttpResponse("", { status: 204 })],
    ["304", () => new HttpResponseNotModified()],
  ];
  for (const [name, response] of left) {
    it(`leaves a response alone that is ${name} (K9)`, () =>
      with_site(site(response), { MIDDLEWARE }, async (client) => {
        const answer = await client.get("/", {}, { headers });
        const before = response();
        expect(answer.get("Content-Encoding")).to.equal(before.get("Content-Encoding"));
        expect(answer.content.equals((before as HttpResponse).content)).to.equal(true);
      }));
  }

  const marked: [name: string, response: () => HttpResponseBase][] = [
    ["a page", () => new HttpResponse(page)],
    ["a stream", () => new StreamingHttpResponse([page])],
  ];
  for (const [name, make] of marked) {
    it(`K5: leaves ${name} alone that is marked no_compress`, () => {
      const view = (): HttpResponseBase => Object.assign(make(), { no_compress: true });
      return with_site(site(view), { MIDDLEWARE }, async (client) => {
        const answer = await client.get("/", {}, { headers });
        expect(answer.has_header("Content-Encoding")).to.equal(false);
        expect(answer.has_header("Vary")).to.equal(false);
        const stream = answer as unknown as StreamingHttpResponse; // or a page: both are iterable
        expect(Buffer.concat([...stream]).toString()).to.equal(page);
      });
    });
  }

  it("sends a HEAD no content (K9)", () =>
    with_server(
      site(() => new HttpResponse(page)),
      async ({ raw }) => {
        const answer = await raw(
          "HEAD / HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n",
        );
        expect(answer).to.match(/^HTTP\/1\.1 200 /);
        expect(answer.split("\r\n\r\n")[1]).to.equal("");
      },
      { MIDDLEWARE },
    ));

  it("compresses long content off the event loop", async () => {
    let turns = 0;
    await with_site(
      site(() => new HttpResponse(page.repeat(2000))),
      { MIDDLEWARE },
      async (client) => {
        const timer = setInterval(() => (turns += 1), 0);
        const response = await client.get("/", {}, { headers });
        clearInterval(timer);
        expect(gunzipSync(response.content).length).to.equal(page.length * 2000);
      },
    );
    expect(turns).to.be.greaterThan(0);
  });

  for (const kind of ["sync", "async"]) {
    it(`sends each item of a stream as soon as it is there: ${kind} (K9)`, () => {
      let given = 0;
      function* items(): Generator<string> {
        for (; given < 3; given++) yield `event ${given}\n`;
      }
      async function* later(): AsyncGenerator<string> {
        yield* items();
      }
      return with_site(
        site(() => new StreamingHttpResponse(kind === "sync" ? items() : later())),
        { MIDDLEWARE },
        async (client) => {
          const response = await client.get("/", {}, { headers });
          expect(response.has_header("Content-Length")).to.equal(false);
          expect(given).to.equal(0);
          const pieces: Buffer[] = [];
          const seen: number[] = [];
          const stream = response as unknown as StreamingHttpResponse;
          for await (const piece of stream.streaming_content) {
            pieces.push(piece);
            seen.push(given);
          }
          expect(seen).to.deep.equal([0, 0, 1, 2, 3]);
          expect(gunzipSync(Buffer.concat(pieces)).toString()).to.equal(
            "event 0\nevent 1\nevent 2\n",
          );
        },
      );
    });
  }
});
