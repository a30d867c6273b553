import { renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { createServer } from "node:net";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import { expectTypeOf } from "expect-type";
import { before, describe, it } from "mocha";
import { BackgroundTask } from "nuages/api/background";
import { send_file, type SendFileOptions } from "nuages/api/files";
import {
  BadHeaderError,
  FileResponse,
  type HttpRequest,
  type HttpResponseBase,
  HttpResponseNotModified,
} from "nuages/http";
import { FileNotFoundError, PermissionError, ValueError } from "nuages/core/exceptions";
import { override_settings, RequestFactory } from "nuages/test";
import { descriptors_closed, open_descriptors } from "../support/resources.ts";
import { error_of } from "../support/errors.ts";
import { MTIME, temporary_directory } from "../support/files.ts";
import { quiet } from "../support/log.ts";
import { as_nobody } from "../support/root.ts";
import { pieces_of, text_of } from "../support/streams.ts";

const BIG = 300_001;
const LAST_MODIFIED = "Tue, 03 Apr 2018 17:01:01 GMT";
const EARLIER = "Tue, 03 Apr 2018 17:01:00 GMT";
const ETAG = `"${(BigInt(MTIME) * 1_000_000_000n).toString(16)}-a"`;

const rf = new RequestFactory();

function asking(headers: Record<string, string> = {}, method = "GET"): HttpRequest {
  return rf.generic(method, "/", "", { headers });
}

async function content(response: HttpResponseBase): Promise<string> {
  if (!(response instanceof FileResponse)) throw new Error(`This is ${String(response)}.`);
  return text_of(response);
}

/** Whether everything that was opened is closed after `fn`. */
async function leaves_nothing_open(fn: () => Promise<void>): Promise<void> {
  const at_first = open_descriptors();
  await fn();
  await descriptors_closed(at_first);
}

describe("api/files: send_file", () => {
  const files = temporary_directory({
    "a.txt": "0123456789",
    "big.bin": Buffer.alloc(BIG, "nuages "),
    "data.json.gz": "x",
    "grüße.txt": "x",
    'qu"ote.txt': "x",
    noname: "x",
    "secret.txt": "x",
    "open/a.txt": "inside",
    "open/data.unknown-kind": "x",
    "open-too/b.txt": "beside",
  });
  const at = files.path;

  before(() => {
    symlinkSync(at("a.txt"), at("link.txt"));
    symlinkSync(at("a.txt"), at("open/out.txt"));
    symlinkSync(at("nowhere"), at("open/dangling.txt"));
    symlinkSync(at("open/nothing"), at("open/inner-dangling.txt"));
    symlinkSync(at("open/loop"), at("open/loop"));
    symlinkSync(at("open"), at("way-in"));
    symlinkSync(files.root, at("open/way-out"));
  });

  const sent = (path: string, options: SendFileOptions = {}): Promise<FileResponse> =>
    send_file(at(path), options);

  it("gives a FileResponse", async () => {
    expectTypeOf(() => send_file("x")).returns.toEqualTypeOf<Promise<FileResponse>>();
    expectTypeOf(() => send_file("x", { status: 201 })).returns.toEqualTypeOf<
      Promise<FileResponse>
    >();
    const response = await sent("a.txt");
    expect(response.constructor).to.equal(FileResponse);
    expect([response.status_code, await content(response)]).to.deep.equal([200, "0123456789"]);
    response.close();
  });

  describe("F1: path", () => {
    const paths: [what: string, path: () => string | URL][] = [
      ["a string", () => at("a.txt")],
      ["a file: URL", () => pathToFileURL(at("a.txt"))],
      ["one with ..", () => at("open/../a.txt")],
      ["a symbolic link", () => at("link.txt")],
    ];
    for (const [what, path] of paths) {
      it(`F1: ${what} leads to the file`, async () => {
        const response = await send_file(path());
        expect(await content(response)).to.equal("0123456789");
        response.close();
      });
    }

    it("F1: a URL of another kind is refused", async () => {
      const error = await error_of(send_file(new URL("https://example.com/a.txt")));
      expect(error).to.be.instanceOf(TypeError);
    });
  });

  describe("F2: ALLOWED_FILE_PATHS", () => {
    const inside: [path: string, content: string][] = [
      ["open/a.txt", "inside"],
      ["open/../open/a.txt", "inside"],
      ["way-in/a.txt", "inside"],
      ["open/way-out/open/a.txt", "inside"],
    ];
    const outside = [
      "a.txt",
      "open/../a.txt",
      "open/out.txt",
      "open-too/b.txt",
      "open/way-out/a.txt",
      "missing.txt",
      "open/../missing.txt",
      "open/way-out/missing.txt",
      "open/dangling.txt",
      "open-too",
      "a.txt/x",
    ];
    const only = <T>(directories: readonly (string | URL)[], fn: () => Promise<T>): Promise<T> =>
      override_settings({ API: { ALLOWED_FILE_PATHS: directories } })(fn)();

    for (const [path, expected] of inside) {
      it(`F2: ${path} is inside`, async () => {
        const response = await only([at("open")], () => send_file(at(path)));
        expect(await content(response)).to.equal(expected);
        response.close();
      });
    }
    for (const path of outside) {
      it(`F2: ${path} is outside, whether or not it exists: PermissionError`, () =>
        leaves_nothing_open(async () => {
          const error = await only([at("open")], () => error_of(send_file(at(path))));
          expect(error).to.be.instanceOf(PermissionError);
        }));
    }
    for (const path of ["open/missing.txt", "open/inner-dangling.txt", "open/loop"]) {
      it(`F2, F3: ${path} is inside and missing: FileNotFoundError`, async () => {
        const error = await only([at("open")], () => error_of(send_file(at(path))));
        expect(error).to.be.instanceOf(FileNotFoundError);
      });
    }

    it("F2: several directories, links and URLs are resolved, too; none of them need exist", async () => {
      const directories = [at("nothing"), pathToFileURL(at("open-too/")), at("way-in")];
      for (const path of ["open/a.txt", "open-too/b.txt"]) {
        const response = await only(directories, () => send_file(at(path)));
        response.close();
      }
      const error = await only(directories, () => error_of(send_file(at("a.txt"))));
      expect(error).to.be.instanceOf(PermissionError);
    });

    it("F2: an empty list allows nothing, `null` everything", async () => {
      const error = await only([], () => error_of(send_file(at("a.txt"))));
      expect(error).to.be.instanceOf(PermissionError);
      const run = override_settings({ API: { ALLOWED_FILE_PATHS: null } })(() => sent("a.txt"));
      (await run()).close();
    });

    it("F2: the root directory allows everything", async () => {
      const response = await only(["/"], () => send_file(at("a.txt")));
      response.close();
    });
  });

  const missing = [
    "missing.txt",
    "a.txt/x",
    "nothing/a.txt",
    "x".repeat(5000),
    "open/loop",
    "a\0.txt",
  ];
  for (const path of missing) {
    it(`F3: ${JSON.stringify(path.slice(0, 20))} is missing: FileNotFoundError`, () =>
      leaves_nothing_open(async () => {
        expect(await error_of(send_file(at(path)))).to.be.instanceOf(FileNotFoundError);
      }));
  }

  describe("F4", () => {
    for (const path of [".", "/dev/null", "/proc/self/fd"]) {
      it(`F4: ${path} is no regular file: ValueError`, () =>
        leaves_nothing_open(async () => {
          const error = await error_of(send_file(path.startsWith("/") ? path : at(path)));
          expect(error).to.be.instanceOf(ValueError);
        }));
    }

    it("F4: a socket is no regular file: ValueError", async () => {
      const server = createServer();
      await new Promise<void>((done) => server.listen(at("socket"), done));
      try {
        expect(await error_of(send_file(at("socket")))).to.be.instanceOf(ValueError);
      } finally {
        server.close();
      }
    });

    it("F4: what may not be read: PermissionError", async () => {
      await mkdir(at("locked"), { mode: 0o700 });
      writeFileSync(at("locked/a.txt"), "x", { mode: 0o600 });
      writeFileSync(at("mine.txt"), "x", { mode: 0o000 });
      for (const path of ["mine.txt", "locked/a.txt"]) {
        const error = await as_nobody(files.root, () => error_of(send_file(at(path))));
        expect(error).to.be.instanceOf(PermissionError);
      }
    });
  });

  describe("headers", () => {
    const types: [path: string, options: SendFileOptions, type: string][] = [
      ["a.txt", {}, "text/plain"],
      ["data.json.gz", {}, "application/gzip"],
      ["noname", {}, "application/octet-stream"],
      ["open/data.unknown-kind", {}, "application/octet-stream"],
      ["a.txt", { filename: "b.pdf" }, "application/pdf"],
      ["a.txt", { content_type: "text/csv; charset=latin-1" }, "text/csv; charset=latin-1"],
      ["a.txt", { headers: { "content-type": "text/x" } }, "text/x"],
    ];
    for (const [path, options, type] of types) {
      it(`F5, C9: ${path} with ${JSON.stringify(options)}: ${type}`, async () => {
        const response = await sent(path, options);
        expect(response.get("Content-Type")).to.equal(type);
        response.close();
      });
    }

    it("F5: a type given twice is refused, and the file closed", () =>
      leaves_nothing_open(async () => {
        const options = { content_type: "a/b", headers: { "Content-Type": "a/b" } };
        expect(await error_of(send_file(at("a.txt"), options))).to.be.instanceOf(ValueError);
        const broken = { headers: { "X-A": "a\nb" } };
        expect(await error_of(send_file(at("a.txt"), broken))).to.be.instanceOf(BadHeaderError);
      }));

    const dispositions: [path: string, options: SendFileOptions, disposition: string][] = [
      ["a.txt", {}, 'inline; filename="a.txt"'],
      ["a.txt", { as_attachment: true }, 'attachment; filename="a.txt"'],
      ["a.txt", { filename: "b.txt" }, 'inline; filename="b.txt"'],
      [
        "a.txt",
        { as_attachment: true, filename: "ü.txt" },
        "attachment; filename*=utf-8''%C3%BC.txt",
      ],
      ["grüße.txt", {}, "inline; filename*=utf-8''gr%C3%BC%C3%9Fe.txt"],
      ['qu"ote.txt', {}, 'inline; filename="qu\\"ote.txt"'],
      ["link.txt", {}, 'inline; filename="link.txt"'],
      ["a.txt", { headers: { "Content-Disposition": "inline" } }, "inline"],
    ];
    for (const [path, options, disposition] of dispositions) {
      it(`F6: ${path} with ${JSON.stringify(options)}: ${disposition}`, async () => {
        const response = await sent(path, options);
        expect(response.get("Content-Disposition")).to.equal(disposition);
        response.close();
      });
    }

    it("F7, F8: the length, when it changed, and a strong ETag of that and the size", async () => {
      const response = await sent("a.txt");
      expect(response.get("Content-Length")).to.equal("10");
      expect(response.get("Last-Modified")).to.equal(LAST_MODIFIED);
      expect(response.get("ETag")).to.equal(ETAG);
      response.close();
      const other = await sent("big.bin", { status: 404, headers: { "Content-Length": 5 } });
      expect(other.get("Content-Length")).to.equal(String(BIG));
      expect(other.get("ETag")).to.not.equal(ETAG);
      expect(other.status_code).to.equal(404);
      other.close();
    });

    it("F8: an ETag of one's own wins", async () => {
      const response = await sent("a.txt", { headers: { etag: '"mine"' } });
      const answer = await response._for_request?.(asking({ "If-None-Match": '"mine"' }));
      expect(answer?.status_code).to.equal(304);
    });
  });

  describe("conditions", () => {
    quiet();
    const conditions: [headers: Record<string, string>, method: string, status: number][] = [
      [{}, "GET", 200],
      [{ "If-None-Match": ETAG }, "GET", 304],
      [{ "If-None-Match": ETAG }, "HEAD", 304],
      [{ "If-None-Match": `W/${ETAG}` }, "GET", 304],
      [{ "If-None-Match": "*" }, "GET", 304],
      [{ "If-None-Match": '"other"' }, "GET", 200],
      [{ "If-None-Match": '"other"', "If-Modified-Since": LAST_MODIFIED }, "GET", 200],
      [{ "If-Modified-Since": LAST_MODIFIED }, "GET", 304],
      [{ "If-Modified-Since": EARLIER }, "GET", 200],
      [{ "If-Match": '"other"' }, "GET", 412],
      [{ "If-Match": ETAG }, "GET", 200],
      [{ "If-Unmodified-Since": EARLIER }, "GET", 412],
      [{ "If-None-Match": ETAG, Range: "bytes=0-1" }, "GET", 304],
      [{ "If-None-Match": ETAG }, "POST", 200], // for what is done already a 412 comes too late
    ];
    for (const [headers, method, status] of conditions) {
      it(`F9: ${method} with ${JSON.stringify(headers)}: ${status}`, () =>
        leaves_nothing_open(async () => {
          const response = await sent("a.txt", { headers: { "Cache-Control": "private" } });
          const answer = await response._for_request?.(asking(headers, method));
          expect(answer?.status_code).to.equal(status);
          if (status !== 304) return;
          expect(answer).to.be.instanceOf(HttpResponseNotModified);
          expect(Object.fromEntries(answer?.items() ?? [])).to.deep.equal({
            "Cache-Control": "private",
            ETag: ETAG,
            "Last-Modified": LAST_MODIFIED,
          });
        }));
    }

    for (const headers of [{ "If-None-Match": ETAG }, { "If-Match": '"other"' }]) {
      it(`F9: with ${JSON.stringify(headers)} the file is not read, and what is to be done after is`, async () => {
        const background = new BackgroundTask(() => {});
        const response = await sent("big.bin", {
          background,
          headers: { ETag: ETAG },
          chunk_size: BIG,
        });
        let reads = 0;
        response._read_if_small = () => {
          reads += 1;
          return Promise.resolve();
        };
        const answer = await response._for_request?.(asking(headers));
        expect(answer).to.not.equal(response);
        expect(reads).to.equal(0);
        expect(answer?.background).to.equal(background);
      });
    }

    it("F9: a plain view gives the request, and has it answered at once", async () => {
      const request = asking({ "If-None-Match": ETAG });
      const answer = send_file(at("a.txt"), { request });
      expectTypeOf(answer).toEqualTypeOf<Promise<HttpResponseBase>>();
      expect((await answer).status_code).to.equal(304);
    });

    it("F9: a response is made to fit a request once", async () => {
      const response = await sent("a.txt");
      await response._for_request?.(asking());
      expect(response._for_request).to.equal(undefined);
    });
  });

  describe("ranges", () => {
    const ranges: [range: string, part: string, content_range: string][] = [
      ["bytes=0-3", "0123", "bytes 0-3/10"],
      ["bytes=4-", "456789", "bytes 4-9/10"],
      ["bytes=-2", "89", "bytes 8-9/10"],
      ["bytes=8-100", "89", "bytes 8-9/10"],
    ];
    for (const [range, part, content_range] of ranges) {
      it(`F10: ${range}: 206 with ${part}`, () =>
        leaves_nothing_open(async () => {
          const response = await sent("a.txt");
          const answer = await response._for_request?.(asking({ Range: range }));
          expect(answer).to.equal(response);
          expect(response.status_code).to.equal(206);
          expect(response.get("Content-Range")).to.equal(content_range);
          expect(response.get("Content-Length")).to.equal(String(part.length));
          expect(response.get("Accept-Ranges")).to.equal("bytes");
          expect(await content(response)).to.equal(part);
        }));
    }

    for (const range of ["bytes=10-", "bytes=-0", "bytes=99-100"]) {
      it(`F10: ${range} cannot be satisfied: 416 without content`, () =>
        leaves_nothing_open(async () => {
          const response = await sent("a.txt");
          await response._for_request?.(asking({ Range: range }));
          expect(response.status_code).to.equal(416);
          expect(response.get("Content-Range")).to.equal("bytes */10");
          expect(response.get("Content-Length")).to.equal("0");
          expect(await content(response)).to.equal("");
        }));
    }

    const whole: [why: string, headers: Record<string, string>, options?: SendFileOptions][] = [
      ["several ranges", { Range: "bytes=0-1,4-5" }],
      ["several ranges, of which one can be satisfied", { Range: "bytes=0-1,99-100" }],
      ["another unit", { Range: "lines=0-1" }],
      ["no range at all", { Range: "bytes=5-1" }],
      ["If-Range of another version", { Range: "bytes=0-1", "If-Range": '"other"' }],
      ["If-Range of another time", { Range: "bytes=0-1", "If-Range": EARLIER }],
      [
        "If-Range with a weak ETag",
        { Range: "bytes=0-1", "If-Range": 'W/"x"' },
        { headers: { ETag: 'W/"x"' } },
      ],
    ];
    for (const [why, headers, options] of whole) {
      it(`F10: ${why}: the whole file, 200`, async () => {
        const response = await sent("a.txt", options);
        await response._for_request?.(asking(headers));
        expect(response.status_code).to.equal(200);
        expect(response.get("Accept-Ranges")).to.equal("bytes");
        expect(await content(response)).to.equal("0123456789");
      });
    }

    for (const value of [ETAG, LAST_MODIFIED]) {
      it(`F10: If-Range: ${value} is respected`, async () => {
        const response = await sent("a.txt");
        await response._for_request?.(asking({ Range: "bytes=0-1", "If-Range": value }));
        expect([response.status_code, await content(response)]).to.deep.equal([206, "01"]);
      });
    }

    const rangeless: [method: string, options: SendFileOptions][] = [
      ["HEAD", {}],
      ["POST", {}],
      ["GET", { status: 203 }],
    ];
    for (const [method, options] of rangeless) {
      it(`F10: no part for ${method} with ${JSON.stringify(options)}`, async () => {
        const response = await sent("a.txt", options);
        await response._for_request?.(asking({ Range: "bytes=0-1" }, method));
        expect(response.status_code).to.equal(options.status ?? 200);
        expect(response.get("Content-Length")).to.equal("10");
      });
    }

    it("F10: content that something has replaced is sent as it is", () =>
      leaves_nothing_open(async () => {
        const response = await sent("a.txt");
        response.streaming_content = ["other"];
        await response._for_request?.(asking({ Range: "bytes=0-1" }));
        expect([response.status_code, await content(response)]).to.deep.equal([200, "other"]);
        response.close();
      }));
  });

  describe("reading", () => {
    it("F11: up to chunk_size at once: the file is closed before it is sent", () =>
      leaves_nothing_open(async () => {
        const response = await sent("big.bin", { chunk_size: BIG });
        await response._for_request?.(asking());
        expect(response._whole_content()?.length).to.equal(BIG);
      }));

    for (const chunk_size of [1000, 65_536, 100_000]) {
      it(`F11: longer ones in pieces of chunk_size ${chunk_size}, closed at the end`, () =>
        leaves_nothing_open(async () => {
          const response = await sent("big.bin", { chunk_size });
          await response._for_request?.(asking());
          expect(response._whole_content()).to.equal(undefined);
          const lengths = new Set<number>();
          for await (const piece of response) lengths.add(piece.length);
          expect([...lengths]).to.deep.equal([chunk_size, BIG % chunk_size]);
          response.close();
        }));

      it(`F11: a door reads pieces of chunk_size ${chunk_size}, too`, async () => {
        const response = await sent("big.bin", { chunk_size });
        await response._for_request?.(asking());
        expect(response._file_source()).to.equal(undefined);
        let longest = 0;
        for await (const piece of response._wire_chunks())
          longest = Math.max(longest, piece.length);
        expect(longest).to.equal(chunk_size);
        response.close();
      });
    }

    it("F11: 65536 by default, and then a door may read by itself", async () => {
      const response = await sent("big.bin");
      await response._for_request?.(asking());
      const [first] = await pieces(response);
      expect(first).to.equal(65_536);
      expect(response._file_source()?.length).to.equal(BIG);
      response.close();
    });

    it("F11: a part of a file is read in pieces of chunk_size, too", async () => {
      const response = await sent("big.bin", { chunk_size: 1000 });
      await response._for_request?.(asking({ Range: "bytes=10-2509" }));
      expect(await pieces(response)).to.deep.equal([1000, 1000, 500]);
      response.close();
    });

    it("F11: closed on HEAD, unread", () =>
      leaves_nothing_open(async () => {
        const response = await sent("big.bin");
        await response._for_request?.(asking({}, "HEAD"));
        expect(await content(response)).to.equal("");
        expect(response.get("Content-Length")).to.equal(String(BIG));
      }));

    it("F11: closed when the client leaves in the middle, and when nothing is sent at all", () =>
      leaves_nothing_open(async () => {
        const left = await sent("big.bin", { chunk_size: 1000 });
        await left._for_request?.(asking());
        for await (const piece of left) {
          expect(piece.length).to.equal(1000);
          break;
        }
        left.close();
        const unsent = await sent("big.bin");
        unsent.close();
      }));

    it("F11: closed on an error", () =>
      leaves_nothing_open(async () => {
        const response = await sent("a.txt");
        response._read_if_small = () => Promise.reject(new Error("no disk"));
        const answer = (async () => response._for_request?.(asking()))();
        expect(await error_of(answer)).to.have.property("message", "no disk");
      }));

    for (const chunk_size of [0, -1, 1.5, Number.NaN]) {
      it(`F11: refuses a chunk_size of ${chunk_size}`, async () => {
        const error = await error_of(send_file(at("a.txt"), { chunk_size }));
        expect(error).to.be.instanceOf(ValueError);
      });
    }
  });

  it("F12: what takes the file's place once it is open changes nothing", async () => {
    writeFileSync(at("open/moved.txt"), "first");
    const response = await send_file(at("open/moved.txt"));
    writeFileSync(at("open/other.txt"), "another");
    renameSync(at("open/other.txt"), at("open/moved.txt"));
    expect(await content(response)).to.equal("first");
    expect(response.get("Content-Length")).to.equal("5");
    response.close();
  });

  it("F12: a link that is turned to and fro never lets a file outside through", async function () {
    this.timeout(10_000);
    const link = at("open/turning.txt");
    const turn = (target: string): void => {
      rmSync(`${link}.new`, { force: true });
      symlinkSync(at(target), `${link}.new`);
      renameSync(`${link}.new`, link);
    };
    turn("open/a.txt");
    const outcomes = new Set<string>();
    await override_settings({ API: { ALLOWED_FILE_PATHS: [at("open")] } })(async () => {
      for (let round = 0; round < 300; round += 1) {
        const result = send_file(link).catch((error: unknown) => error);
        for (let pause = round % 5; pause > 0; pause -= 1) await new Promise(setImmediate);
        turn(round % 2 === 0 ? "secret.txt" : "open/a.txt");
        const response = await result;
        if (response instanceof FileResponse) {
          outcomes.add(await content(response));
          response.close();
        } else {
          expect(response).to.be.instanceOf(PermissionError);
        }
      }
    })();
    expect([...outcomes]).to.deep.equal(["inside"]);
  });
});

async function pieces(response: FileResponse): Promise<number[]> {
  return (await pieces_of(response)).map(({ length }) => length);
}
