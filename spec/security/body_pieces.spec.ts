/** Security of bodies that come in pieces: single bytes cost no more than they must, and none is lost. @module */
import { once } from "node:events";
import { expect } from "chai";
import { describe, it } from "mocha";
import { type HttpRequest, HttpResponse } from "nuages/http";
import { site } from "../support/ask.ts";
import { cpu_ratio_of, cpu_time_of } from "../support/cpu_time.ts";
import { held_memory } from "../support/heap.ts";
import { type TestServer, with_server } from "../support/server.ts";
import { turns } from "../support/turns.ts";

/** Text in which no piece comes again soon. */
function text_of(length: number): string {
  let seed = 1;
  const next = (): number => (seed = (seed * 48_271) % 2_147_483_647);
  return Array.from({ length }, () => (next() % 36).toString(36)).join("");
}

const FORM = "application/x-www-form-urlencoded";
const MULTIPART = "multipart/form-data; boundary=sep";
const disposition = 'Content-Disposition: form-data; name="a"';
const kinds: [what: string, type: string, body: (text: string) => string][] = [
  ["a form", FORM, (text) => `a=${text}`],
  [
    "a multipart form",
    MULTIPART,
    (text) => `--sep\r\n${disposition}\r\n\r\n${text}\r\n--sep--\r\n`,
  ],
  ["JSON", "application/json", (text) => JSON.stringify(text)],
];

/** What stood in the body. */
function content(request: HttpRequest): string {
  return request.POST.get("a") ?? (JSON.parse(String(request.body)) as string);
}

/** The head of a POST of this type. */
function head(type: string, framing: string): string {
  return `POST / HTTP/1.1\r\nHost: x\r\nContent-Type: ${type}\r\n${framing}\r\nConnection: close\r\n\r\n`;
}

/** A body in chunks of these sizes, over and over, as they are sent. */
function chunked(body: string, sizes: readonly number[]): string {
  const chunks: string[] = [];
  for (let at = 0; at < body.length;) {
    const chunk = body.slice(at, at + (sizes[chunks.length % sizes.length] ?? 1));
    chunks.push(`${chunk.length.toString(16)}\r\n${chunk}\r\n`);
    at += chunk.length;
  }
  return `${chunks.join("")}0\r\n\r\n`;
}

function body_of(answer: string): string {
  return answer.slice(answer.indexOf("\r\n\r\n") + 4);
}

describe("security/body_pieces: a body in single bytes", () => {
  for (const [what, type, make] of kinds) {
    it(`F39: ${what} in chunks of one byte takes time that grows with its length alone`, async () => {
      await with_server(
        site((request) => new HttpResponse(content(request))),
        async ({ raw }) => {
          const sender_of = async (length: number): Promise<() => Promise<string>> => {
            const text = text_of(length);
            const bytes = head(type, "Transfer-Encoding: chunked") + chunked(make(text), [1]);
            expect(body_of(await raw(bytes)) === text).to.equal(true);
            return () => raw(bytes);
          };
          const [once_as_long, twice_as_long] = [await sender_of(50_000), await sender_of(100_000)];
          expect(await cpu_ratio_of(once_as_long, twice_as_long, 3)).to.be.below(3);
          expect(await cpu_time_of(twice_as_long, 3)).to.be.below(1000);
        },
      );
    });

    it(`F39: ${what} in chunks of one byte takes no memory for each`, async () => {
      let held = 0;
      const view = (request: HttpRequest): HttpResponse => {
        held = held_memory().heap;
        return new HttpResponse(String(content(request).length));
      };
      await with_server(site(view), async ({ raw }) => {
        const bytes = head(type, "Transfer-Encoding: chunked") + chunked(make(text_of(1e5)), [1]);
        await raw(bytes);
        const before = held_memory().heap;
        expect(body_of(await raw(bytes))).to.equal("100000");
        expect(held - before).to.be.below(4 * 2 ** 20);
      });
    });

    it(`F39: ${what} in segments of one byte is read whole`, async () => {
      const text = text_of(3000);
      await with_server(
        site((request) => new HttpResponse(content(request))),
        async (server) => {
          const body = make(text);
          expect(
            await in_segments(server, head(type, `Content-Length: ${body.length}`), body),
          ).to.equal(text);
        },
      );
    });

    it(`F39: ${what} in chunks of all sizes is read whole`, async () => {
      const text = text_of(400_000);
      const single = Array.from({ length: 1500 }, () => 1);
      const sizes = [1, 5000, ...single, 70_000, 100, ...single, ...single, 4096, 4095];
      await with_server(
        site((request) => new HttpResponse(content(request))),
        async ({ raw }) => {
          const bytes = head(type, "Transfer-Encoding: chunked") + chunked(make(text), sizes);
          expect(body_of(await raw(bytes)) === text).to.equal(true);
        },
      );
    });
  }

  it("F39: what was read before it was too much is given to who reads on", async () => {
    const view = async (request: HttpRequest): Promise<HttpResponse> => {
      let text = "";
      for await (const chunk of request) text += chunk.toString("latin1");
      return new HttpResponse(text);
    };
    const text = text_of(30_000);
    await with_server(
      site(view),
      async ({ raw }) => {
        for (const sizes of [[1], [3, 5000, 1, 1]]) {
          const bytes = head("text/plain", "Transfer-Encoding: chunked") + chunked(text, sizes);
          expect(body_of(await raw(bytes)) === text).to.equal(true);
        }
      },
      { DATA_UPLOAD_MAX_MEMORY_SIZE: 10_000 },
    );
  });
});

/** Sends a body byte by byte; the body of the answer. */
async function in_segments(server: TestServer, start: string, body: string): Promise<string> {
  const socket = await server.connect();
  socket.setNoDelay(true);
  let answer = "";
  socket.setEncoding("latin1").on("data", (text: string) => (answer += text));
  socket.write(start);
  for (const byte of body) {
    socket.write(byte);
    await turns();
  }
  await once(socket, "close");
  return body_of(answer);
}
