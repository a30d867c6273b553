/** Specification of nuages/middleware/csrf: a token that comes behind a file. @module */
import { readdirSync } from "node:fs";
import { expect } from "chai";
import { describe, it } from "mocha";
import { type HttpRequest, HttpResponse } from "nuages/http";
import { CsrfViewMiddleware } from "nuages/middleware/csrf";
import { path } from "nuages/urls";
import { temporary_directory } from "../support/files.ts";
import { logged } from "../support/log.ts";
import { type TestServer, with_server } from "../support/server.ts";

const SECRET = "AbCdEfGhIjKlMnOpQrStUvWxYz012345";
const TYPE = "multipart/form-data; boundary=x";
const SIZE = 8 * 2 ** 20; // over what is kept in memory

const file_part = Buffer.concat([
  Buffer.from('--x\r\nContent-Disposition: form-data; name="f"; filename="f.bin"\r\n\r\n'),
  Buffer.alloc(SIZE, "a"),
]);

function body(token: string): Buffer {
  const field = `\r\n--x\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n${token}`;
  return Buffer.concat([file_part, Buffer.from(`${field}\r\n--x--\r\n`)]);
}

describe("middleware/csrf: a token behind a file (L16)", () => {
  const directory = temporary_directory({});
  const view = (request: HttpRequest): HttpResponse =>
    new HttpResponse(String(request.FILES.get("f")?.size));

  function served(fn: (server: TestServer) => Promise<void>): Promise<void> {
    return with_server([path("", view)], fn, {
      MIDDLEWARE: [CsrfViewMiddleware],
      FILE_UPLOAD_TEMP_DIR: directory.root,
    });
  }

  /** One second after the end of a request, nothing of it is left. */
  async function expect_no_files(): Promise<void> {
    const end = performance.now() + 1000;
    while (performance.now() < end && readdirSync(directory.root).length > 0)
      await new Promise(setImmediate);
    expect(readdirSync(directory.root)).to.deep.equal([]);
  }

  const headers = { "Content-Type": TYPE, Cookie: `csrftoken=${SECRET}` };

  it("is found", () =>
    served(async ({ fetch }) => {
      const response = await fetch("/", { method: "POST", headers, body: body(SECRET) });
      expect([response.status, await response.text()]).to.deep.equal([200, String(SIZE)]);
      await expect_no_files();
    }));

  it("is refused if it is wrong, and no file is left", async () => {
    const records = await logged(() =>
      served(async ({ fetch }) => {
        const wrong = body("a".repeat(32));
        const response = await fetch("/", { method: "POST", headers, body: wrong });
        expect(response.status).to.equal(403);
        await response.text();
        await expect_no_files();
      }),
    );
    expect(records.map(({ logger }) => logger)).to.deep.equal(["django.security.csrf"]);
  });

  it("that never comes, because the client went away, is no error of the site", async () => {
    const records = await logged(() =>
      served(async ({ connect, server }) => {
        const socket = await connect();
        socket.write(
          `POST / HTTP/1.1\r\nHost: a\r\nContent-Type: ${TYPE}\r\nContent-Length: ${SIZE * 2}\r\n` +
            `Cookie: csrftoken=${SECRET}\r\n\r\n`,
        );
        await new Promise((resolve) => socket.write(file_part, resolve));
        socket.destroy();
        // the server has noticed when it has no connection any more
        while ((await connections(server)) > 0) await new Promise(setImmediate);
        await expect_no_files();
      }),
    );
    expect(records.filter(({ level }) => level === "error" || level === "critical")).to.deep.equal(
      [],
    );
  });
});

function connections(server: TestServer["server"]): Promise<number> {
  return new Promise((resolve, reject) => {
    server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
  });
}
