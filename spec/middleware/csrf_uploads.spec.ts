/** Specification of nuages/middleware/csrf: a token that comes behind a file. @module */
import { readdirSync } from "node:fs";
import { expect } from "chai";
import { describe, it } from "mocha";
import { type HttpRequest, HttpResponse } from "nuages/http";
import { CsrfViewMiddleware } from "nuages/middleware/csrf";
import type { LogRecord } from "nuages/utils/log";
import { site } from "../support/ask.ts";
import { temporary_directory } from "../support/files.ts";
import { logged } from "../support/log.ts";
import { type TestServer, with_server } from "../support/server.ts";
import { turns, until } from "../support/turns.ts";

const MULTIPART = "multipart/form-data; boundary=sep";

describe("middleware/csrf: a token behind a file", () => {
  const directory = temporary_directory({});
  const TOKEN = "AbCdEfGhIjKlMnOpQrStUvWxYz012345";
  const SIZE = 4 * 2 ** 20; // more than is held in memory
  const headers = { "Content-Type": MULTIPART, Cookie: `csrftoken=${TOKEN}` };
  const file = `--sep\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n${"x".repeat(SIZE)}`;
  const field = (name: string, value: string): string =>
    `\r\n--sep\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}`;
  const token = field("csrfmiddlewaretoken", TOKEN);
  const wrong = field("csrfmiddlewaretoken", "a".repeat(32));

  /** What is logged while `fn` runs with a server; no file is left afterwards. */
  async function served(
    fn: (server: TestServer) => Promise<void>,
    ran: (request: HttpRequest) => void = () => undefined,
  ): Promise<LogRecord[]> {
    const view = (request: HttpRequest): HttpResponse => {
      ran(request);
      return new HttpResponse(String(request.FILES.get("f")?.size));
    };
    const settings = { MIDDLEWARE: [CsrfViewMiddleware], FILE_UPLOAD_TEMP_DIR: directory.root };
    return logged(() =>
      with_server(
        site(view),
        async (server) => {
          await fn(server);
          await until(() => readdirSync(directory.root).length === 0);
          expect(readdirSync(directory.root)).to.deep.equal([]);
        },
        settings,
      ),
    );
  }

  const bodies: [what: string, body: string, status: number, logger: string[]][] = [
    ["the token after a large file is found", `${file}${token}`, 200, []],
    [
      "a wrong token after a large file is refused",
      `${file}${wrong}`,
      403,
      ["django.security.csrf"],
    ],
    ["no token after a large file is refused", file, 403, ["django.security.csrf"]],
    [
      "a field over the limits before the token is refused",
      `${file}${field("a", "y".repeat(3_000_000))}${token}`,
      400,
      ["django.security.RequestDataTooBig"],
    ],
    [
      "too many fields before the token are refused",
      `${file}${field("a", "1").repeat(1001)}${token}`,
      400,
      ["django.security.TooManyFieldsSent"],
    ],
  ];
  for (const [what, body, status, loggers] of bodies) {
    it(`L16: ${what}, and no file is left`, async () => {
      let runs = 0;
      const records = await served(
        async (server) => {
          const init = { method: "POST", headers, body: `${body}\r\n--sep--\r\n` };
          const response = await server.fetch("/", init);
          const text = await response.text();
          expect(response.status).to.equal(status);
          if (status === 200) expect(text).to.equal(String(SIZE));
        },
        () => (runs += 1),
      );
      expect(runs).to.equal(status === 200 ? 1 : 0);
      expect(records.map(({ logger }) => logger)).to.deep.equal(loggers);
    });
  }

  it("L16: a client that goes away before the token logs no error, and no file is left", async () => {
    let runs = 0;
    const records = await served(
      async (server) => {
        const socket = await server.connect();
        socket.on("error", () => undefined);
        socket.write(
          `POST / HTTP/1.1\r\nHost: x\r\nContent-Type: ${MULTIPART}\r\n` +
            `Cookie: csrftoken=${TOKEN}\r\nContent-Length: ${2 * SIZE}\r\n\r\n${file}`,
        );
        await until(() => readdirSync(directory.root).length === 1, 5000);
        expect(readdirSync(directory.root)).to.have.lengthOf(1);
        socket.destroy();
        // the server has noticed when it has no connection any more
        while ((await connections(server.server)) > 0) await turns();
      },
      () => (runs += 1),
    );
    expect(runs).to.equal(0);
    const errors = records.filter(({ level }) => level === "error" || level === "critical");
    expect(errors).to.deep.equal([]);
  });
});

function connections(server: TestServer["server"]): Promise<number> {
  return new Promise((resolve, reject) => {
    server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
  });
}
