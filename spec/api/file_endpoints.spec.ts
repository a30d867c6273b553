import { expect } from "chai";
import { describe, it } from "mocha";
import { endpoint } from "nuages/api/endpoint";
import { file, send_file } from "nuages/api/files";
import { GZipMiddleware } from "nuages/middleware/gzip";
import { ConditionalGetMiddleware } from "nuages/middleware/http";
import { path, type URLPatterns } from "nuages/urls";
import { descriptors_closed, open_descriptors } from "../support/resources.ts";
import { temporary_directory } from "../support/files.ts";
import { quiet } from "../support/log.ts";
import { with_server } from "../support/server.ts";
import { with_site } from "../support/site.ts";

const BIG = 3_000_000;

describe("api/files: endpoints that send files", () => {
  quiet();
  const files = temporary_directory({
    "a.txt": "0123456789",
    "big.bin": Buffer.alloc(BIG, "nuages "),
  });
  const text = file({ content_type: "text/plain" });

  const urlpatterns: URLPatterns = [
    path(
      "text/",
      endpoint({ response: text, methods: ["GET", "POST"] }, () => send_file(files.path("a.txt"))),
    ),
    path(
      "free/",
      endpoint({}, () => send_file(files.path("big.bin"))),
    ),
    path(
      "any/",
      endpoint({ response: file() }, () => send_file(files.path("big.bin"))),
    ),
    path(
      "pieces/",
      endpoint({ response: file() }, () =>
        send_file(files.path("big.bin"), { chunk_size: 10_000 }),
      ),
    ),
    path(
      "attached/",
      endpoint({ response: file({ as_attachment: true, status: 201 }) }, () =>
        send_file(files.path("a.txt"), { as_attachment: true }),
      ),
    ),
    path(
      "wrong/",
      endpoint({ response: file({ content_type: "image/png" }) }, () =>
        send_file(files.path("big.bin")),
      ),
    ),
    path(
      "missing/",
      endpoint({ response: file() }, () => send_file(files.path("missing.txt"))),
    ),
    path("plain/", (request) => send_file(files.path("a.txt"), { request })),
  ];

  for (const url of ["/text/", "/plain/"]) {
    it(`F7, F8, F9, F10: ${url} sends a file, a part of it, or a 304`, () =>
      with_site(urlpatterns, {}, async (client) => {
        const whole = await client.get(url);
        expect(whole.status_code).to.equal(200);
        expect(whole.get("Accept-Ranges")).to.equal("bytes");
        expect(whole.get("Content-Length")).to.equal("10");
        const etag = whole.get("ETag", "");
        const same = await client.get(url, null, { headers: { "If-None-Match": etag } });
        expect([same.status_code, same.get("ETag")]).to.deep.equal([304, etag]);
        const part = await client.get(url, null, { headers: { Range: "bytes=2-4" } });
        expect(part.status_code).to.equal(206);
        expect(part.get("Content-Range")).to.equal("bytes 2-4/10");
        const none = await client.get(url, null, { headers: { Range: "bytes=10-" } });
        expect(none.status_code).to.equal(416);
        const other = await client.get(url, null, { headers: { "If-Match": '"x"' } });
        expect(other.status_code).to.equal(412);
        const head = await client.head(url);
        expect([head.status_code, head.get("Content-Length")]).to.deep.equal([200, "10"]);
      }));
  }

  it("N1: the declared type is negotiated before the handler runs", () =>
    with_site(urlpatterns, {}, async (client) => {
      const refused = await client.get("/text/", null, { headers: { Accept: "image/png" } });
      expect(refused.status_code).to.equal(406);
    }));

  it("N7: of a file without a declared type, what the client does not take is 406 afterwards", () =>
    with_site(urlpatterns, {}, async (client) => {
      const at_first = open_descriptors();
      const refused = await client.get("/any/", null, { headers: { Accept: "image/png" } });
      expect(refused.status_code).to.equal(406);
      expect(refused.json()).to.have.deep.property("extra", {
        available: ["application/octet-stream"],
      });
      await descriptors_closed(at_first);
    }));

  it("R11: the declared status is sent, and a file that is not as declared is a 500", () =>
    with_site(urlpatterns, {}, async (client) => {
      const at_first = open_descriptors();
      expect((await client.get("/attached/")).status_code).to.equal(201);
      expect((await client.get("/wrong/")).status_code).to.equal(500);
      await descriptors_closed(at_first);
    }));

  it("F3: a missing file is a 404 that does not tell its path", () =>
    with_site(urlpatterns, {}, async (client) => {
      const missing = await client.get("/missing/");
      expect(missing.status_code).to.equal(404);
      expect(JSON.stringify(missing.json())).to.not.include(files.root);
    }));

  it("F9, F10: middleware that does the same, or compresses, comes to no harm", () =>
    with_site(
      urlpatterns,
      { MIDDLEWARE: [GZipMiddleware, ConditionalGetMiddleware] },
      async (client) => {
        const headers = { "Accept-Encoding": "gzip" };
        const whole = await client.get("/free/", null, { headers });
        expect([whole.status_code, whole.get("Content-Encoding")]).to.deep.equal([200, "gzip"]);
        const etag = whole.get("ETag", "");
        const same = await client.get("/free/", null, {
          headers: { ...headers, "If-None-Match": etag },
        });
        expect(same.status_code).to.equal(304);
        const part = await client.get("/free/", null, {
          headers: { ...headers, Range: "bytes=0-9999" },
        });
        expect([part.status_code, part.has("Content-Encoding")]).to.deep.equal([206, false]);
        expect(part.get("Content-Length")).to.equal("10000");
      },
    ));

  it("F11: over a connection: whole, in part, HEAD and 304, and nothing stays open", () =>
    with_server(urlpatterns, async ({ fetch }) => {
      await (await fetch("/plain/")).text(); // the connection
      const at_first = open_descriptors();
      for (const url of ["/any/", "/free/", "/pieces/"]) {
        const whole = await fetch(url);
        expect((await whole.arrayBuffer()).byteLength).to.equal(BIG);
        const etag = whole.headers.get("ETag") ?? "";
        const part = await fetch(url, { headers: { Range: "bytes=1000000-1999999" } });
        expect(part.status).to.equal(206);
        expect((await part.arrayBuffer()).byteLength).to.equal(1_000_000);
        const head = await fetch(url, { method: "HEAD" });
        expect(head.headers.get("Content-Length")).to.equal(String(BIG));
        const same = await fetch(url, { headers: { "If-None-Match": etag } });
        expect([same.status, await same.text()]).to.deep.equal([304, ""]);
      }
      await descriptors_closed(at_first);
    }));
});
