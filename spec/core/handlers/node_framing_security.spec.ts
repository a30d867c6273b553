/** Security of the Node door: where a request ends (RFC 9112). Raw bytes, over a server of `serve()` and over a plain one. @module */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { describe, it } from "mocha";
import { type CountingSite, counting_site } from "../../support/counting.ts";
import { quiet } from "../../support/log.ts";
import { type TestServer, with_served, with_server } from "../../support/server.ts";

const DOORS = [
  ["serve()", with_served],
  ["http.createServer()", with_server],
] as const;

const SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";

/** A POST with these header lines, and what follows them. */
function post(headers: string, rest: string): string {
  return `POST / HTTP/1.1\r\nHost: x\r\n${headers}\r\n\r\n${rest}`;
}

/** A POST with these bytes instead of chunks, after the headers. */
function chunked(rest: string): string {
  return post("Transfer-Encoding: chunked", rest);
}

/** A GET with these header lines. */
function get(headers: string): string {
  return `GET / HTTP/1.1\r\nHost: x\r\n${headers}\r\n\r\n`;
}

/** The status of an answer; what follows its head is `rest`. */
function status_of(answer: string): number {
  return Number(/^HTTP\/1\.1 ([0-9]{3}) /.exec(answer)?.[1]);
}

/** Sends the bytes to each kind of server; then an honest request must be answered. */
async function each_door(
  bytes: string,
  check: (answer: string, site: CountingSite) => void,
): Promise<void> {
  for (const [, with_door] of DOORS) {
    const site = counting_site();
    await with_door(site.urlpatterns, async (server: TestServer) => {
      check(await server.raw(Buffer.from(bytes, "latin1")), site);
      expect(await (await server.fetch("/honest")).text()).to.equal("seen");
    });
  }
}

/** Refused with this status and a closed connection, and no view saw any of it. */
function is_refused(bytes: string, ...statuses: number[]): () => Promise<void> {
  return () =>
    each_door(bytes, (answer, { calls }) => {
      expect(statuses).to.include(status_of(answer));
      expect(answer.match(/HTTP\/1\.1/g)).to.have.lengthOf(1);
      expect(calls).to.deep.equal([]);
    });
}

describe("core/handlers/node security: the framing of a request", () => {
  quiet();

  const both = ["Content-Length: 5", "Transfer-Encoding: chunked"];
  for (const headers of [both, both.toReversed()]) {
    const name = headers.join(", ");
    it(
      `A1: refuses ${name} with 400, and does not see the request behind it`,
      is_refused(post(headers.join("\r\n"), `0\r\n\r\n${SMUGGLED}`), 400),
    );
  }

  const lengths = [
    "1\r\nContent-Length: 2",
    "1\r\nContent-Length: 1",
    "1, 1",
    "+1",
    "-1",
    "0x1",
    "1e1",
    "1 1",
    "",
    "12345678901234567890",
    "99999999999999999999",
    "\xb2",
  ];
  for (const length of lengths) {
    it(
      `A2: refuses Content-Length: ${JSON.stringify(length)}`,
      is_refused(post(`Content-Length: ${length}`, "abc"), 400),
    );
  }

  const codings = [
    "chunked, identity",
    "chunked, chunked",
    "chunked\r\nTransfer-Encoding: chunked",
    "chunked;q=1",
    '"chunked"',
    "xchunked",
    "identity",
    "chunked\x0b",
    "",
  ];
  for (const coding of codings) {
    it(
      `A3: refuses Transfer-Encoding: ${JSON.stringify(coding)} before the view`,
      is_refused(post(`Transfer-Encoding: ${coding}`, "3\r\nabc\r\n0\r\n\r\n"), 400),
    );
  }

  it("A3: reads Transfer-Encoding: ChuNked to its end", async () => {
    const bytes = post("Connection: close\r\nTransfer-Encoding: ChuNked", "3\r\nabc\r\n0\r\n\r\n");
    await each_door(bytes, (answer, { calls }) => {
      expect(status_of(answer)).to.equal(200);
      expect(calls).to.deep.equal(["POST / 3"]);
    });
  });

  for (const coding of [
    "gzip, chunked",
    "identity, chunked",
    "gzip\r\nTransfer-Encoding: chunked",
  ]) {
    it(
      `A4: refuses Transfer-Encoding: ${JSON.stringify(coding)}, which nobody would decode`,
      is_refused(post(`Transfer-Encoding: ${coding}`, "3\r\nabc\r\n0\r\n\r\n"), 501, 400),
    );
  }

  it(
    "A5: refuses chunks of HTTP/1.0, and closes even a connection that was to be kept",
    is_refused(
      `POST / HTTP/1.0\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${SMUGGLED}`,
      400,
    ),
  );

  const chunks: [what: string, bytes: string, status: number][] = [
    ["the size 0x3", "0x3\r\nabc\r\n", 400],
    ["the size +3", "+3\r\nabc\r\n", 400],
    ["the size -1", "-1\r\nabc\r\n", 400],
    ["a size with a space behind it", "3 \r\nabc\r\n", 400],
    ["a size of 17 digits", "fffffffffffffffff\r\nabc\r\n", 400],
    ["a size ended by a bare line feed", "3\nabc\r\n", 400],
    ["data ended by a bare line feed", "3\r\nabc\n", 400],
    ["data longer than its size", "3\r\nabcXX\r\n", 400],
    ["an extension of 20,000 bytes", `3;${"a".repeat(20_000)}\r\nabc\r\n`, 413],
    ["a bare CR in an extension", "3;a\rb\r\nabc\r\n", 400],
  ];
  for (const [what, bytes, status] of chunks) {
    it(
      `A6: refuses a chunk with ${what} with ${status}`,
      is_refused(chunked(`${bytes}0\r\n\r\n`), status),
    );
  }

  it("A6: gives an error, and no short body, to a view that reads a broken chunk by itself", async () => {
    const site = counting_site();
    await with_served(
      site.urlpatterns,
      async (server) => {
        const answer = await server.raw(chunked("3\r\nabc\r\n3\r\nabcd"));
        expect(status_of(answer)).to.equal(400);
        expect(site.calls).to.deep.equal([]);
      },
      { settings: { DATA_UPLOAD_MAX_MEMORY_SIZE: 2 } },
    );
  });

  for (const name of ["Content-Length: 4", "Transfer-Encoding: chunked"]) {
    it(
      `A7: refuses the trailer ${name}`,
      is_refused(chunked(`3\r\nabc\r\n0\r\n${name}\r\n\r\n`), 400),
    );
  }

  const heads: [id: string, what: string, bytes: string][] = [
    ["A8", "lines ended by bare line feeds", "GET / HTTP/1.1\nHost: x\n\n"],
    ["A8", "a bare CR in a value", get("A: a\rb")],
    ["A8", "a header block ended by CR LF CR and a letter", "GET / HTTP/1.1\r\nHost: x\r\n\rX"],
    ["A8", "NUL in a value", get("A: a\0b")],
    ["A8", "another control character in a value", get("A: a\x01b")],
    ["A9", "a folded header", get("X: a\r\n b")],
    ["A9", "a space before the colon", get("X : a")],
    ["A9", "a header name of a space", get(" : a")],
    ["A9", "a header without a name", get(": a")],
    ["A9", "a space before the first header", "GET / HTTP/1.1\r\n Host: x\r\n\r\n"],
    ["A17", "a byte above ASCII in the target", "GET /\xe9 HTTP/1.1\r\nHost: x\r\n\r\n"],
    ["A17", "NUL in the target", "GET /\0 HTTP/1.1\r\nHost: x\r\n\r\n"],
    ["A17", "a tab in the target", "GET /\ta HTTP/1.1\r\nHost: x\r\n\r\n"],
    ["A17", "a space in the target", "GET /a b HTTP/1.1\r\nHost: x\r\n\r\n"],
    ["A17", "the method FOO", "FOO / HTTP/1.1\r\nHost: x\r\n\r\n"],
    ["A17", "the method get", "get / HTTP/1.1\r\nHost: x\r\n\r\n"],
    ["A41", "a TLS greeting", "\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03"],
    ["A41", "the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"],
    ["A41", "a request line without a version", "GET /\r\n\r\n"],
  ];
  for (const [id, what, bytes] of heads) {
    it(`${id}: refuses ${what} with 400`, is_refused(bytes, 400));
  }

  it(
    "A18: refuses a header line of 17 KiB with 431",
    is_refused(get(`A: ${"a".repeat(17_408)}`), 431),
  );
  it(
    "A18: refuses a target of 17 KiB with 431",
    is_refused(`GET /${"a".repeat(17_408)} HTTP/1.1\r\nHost: x\r\n\r\n`, 431),
  );
  it("A41: refuses HTTP/2 in clear with 505", is_refused("GET / HTTP/2.0\r\nHost: x\r\n\r\n", 505));
});

describe("core/handlers/node security: the source", () => {
  const sources = new Map(
    readdirSync("src", { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => [name, readFileSync(join("src", name), "utf8")]),
  );
  const banned: [id: string, what: RegExp, where: RegExp][] = [
    ["A2", /\bparseInt\(|\bNumber\(/, /^core\/handlers\/(_node|_target|_framing|node)/],
    ["A8", /insecureHTTPParser/, /./],
    ["A15", /new URL\(/, /^core\/handlers\//],
    ["A23", /headersDistinct/, /./],
  ];
  for (const [id, what, where] of banned) {
    it(`${id}: has no ${what.source}`, () => {
      const found = [...sources].filter(([name, text]) => where.test(name) && what.test(text));
      expect(found.map(([name]) => name)).to.deep.equal([]);
    });
  }
});
