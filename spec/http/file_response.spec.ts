import {
  createReadStream,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import { after, before, describe, it } from "mocha";
import { OSError, SuspiciousFileOperation } from "nuages/core/exceptions";
import { BytesIO, File, open_file } from "nuages/core/files";
import { FileResponse, type FromPathOptions, Http404, HttpResponseNotModified } from "nuages/http";
import { RequestFactory } from "nuages/test";
import { get_conditional_response } from "nuages/utils/cache";

const BIG = 1_200_000;
const MTIME = 1_700_000_000;

let dir: string;
const at = (name: string): string => join(dir, name);

async function read(response: FileResponse): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of response) pieces.push(piece);
  return Buffer.concat(pieces);
}

async function sent(response: FileResponse): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of response._wire_chunks()) pieces.push(piece);
  return Buffer.concat(pieces);
}

function open_descriptors(): number {
  return readdirSync("/proc/self/fd").length;
}

describe("http/response: FileResponse", () => {
  before(() => {
    dir = mkdtempSync(join(tmpdir(), "nuages-"));
    writeFileSync(at("a.txt"), "0123456789");
    utimesSync(at("a.txt"), MTIME, MTIME);
    writeFileSync(at("empty"), "");
    writeFileSync(at("big.bin"), Buffer.alloc(BIG, "nuages "));
    mkdirSync(at("inner"));
    symlinkSync(at("a.txt"), at("inner/out.txt"));
    writeFileSync(at("inner/in.txt"), "in");
    mkdirSync(at("inner2"));
    writeFileSync(at("inner2/x"), "x");
  });
  after(() => rmSync(dir, { recursive: true }));

  const sources: [name: string, make: (path: string) => unknown, name_known: boolean][] = [
    ["a file of open_file()", (path) => open_file(path), true],
    ["a File around it", (path) => new File(new File(open_file(path))), true],
    ["what fs.promises.open gives", (path) => open(path), false],
    ["what fs.createReadStream gives", (path) => createReadStream(path), true],
    ["bytes", () => Buffer.from("0123456789"), false],
    ["a Blob", () => new Blob(["0123456789"]), false],
    ["a file in memory", () => new BytesIO(Buffer.from("0123456789")), false],
  ];
  for (const [name, make, name_known] of sources) {
    it(`sends ${name}`, async () => {
      const response = new FileResponse(await make(at("a.txt")));
      expect(Object.fromEntries(response.items())).to.deep.equal({
        "Content-Type": name_known ? "text/plain" : "application/octet-stream",
        "Content-Length": "10",
        ...(name_known ? { "Content-Disposition": 'inline; filename="a.txt"' } : {}),
      });
      expect((await read(response)).toString()).to.equal("0123456789");
      response.close();
    });
  }

  it("K8: sends an open FileHandle, whose size it knows, and closes it", async () => {
    const handle = await open(at("big.bin"));
    const response = new FileResponse(handle, { filename: "big.bin" });
    expect(response.get("Content-Length")).to.equal(String(BIG));
    expect(response._file_source()).to.include({ start: 0, length: BIG });
    expect((await sent(response)).length).to.equal(BIG);
    response.close();
    const error: unknown = await handle.stat().catch((reason: unknown) => reason);
    expect(error).to.have.property("code", "EBADF");
  });

  it("sends what is left from the position of an open file", async () => {
    const file = open_file(at("a.txt"));
    file.seek(7);
    const response = new FileResponse(file);
    expect(response.get("Content-Length")).to.equal("3");
    expect((await sent(response)).toString()).to.equal("789");
    response.close();
    expect(file.closed).to.equal(true);
  });

  it("takes the part that a stream was made for", async () => {
    const stream = createReadStream(at("a.txt"), { start: 2, end: 4 });
    const response = new FileResponse(stream);
    expect(response.get("Content-Length")).to.equal("3");
    expect((await read(response)).toString()).to.equal("234");
    response.close();
  });

  it("keeps the type of a Blob if no name says otherwise", () => {
    const blob = new Blob(["x"], { type: "image/png" });
    expect(new FileResponse(blob).get("Content-Type")).to.equal("image/png");
    expect(new FileResponse(blob, { filename: "a.css" }).get("Content-Type")).to.equal("text/css");
  });

  it("sends only the last part of a name, encoded", () => {
    const response = new FileResponse(Buffer.from("x"), { filename: 'a"\r\nb/..é.html' });
    expect(response.get("Content-Disposition")).to.equal("inline; filename*=utf-8''..%C3%A9.html");
    expect(response.get("Content-Type")).to.equal("text/html");
  });

  it("reads a large file in pieces, without blocking", async () => {
    const response = new FileResponse(open_file(at("big.bin")));
    expect(response.is_async).to.equal(true);
    const lengths: number[] = [];
    for await (const piece of response._wire_chunks()) lengths.push(piece.length);
    expect(lengths.length).to.be.greaterThan(1);
    expect(lengths.reduce((sum, length) => sum + length)).to.equal(BIG);
    expect(Math.max(...lengths)).to.be.at.most(1_048_576);
    response.close();
  });

  it("says where the file is, for a server that sends it by itself", () => {
    const response = new FileResponse(open_file(at("big.bin")));
    expect(response._file_source()).to.include({ start: 0, length: BIG });
    response.streaming_content = ["changed"];
    expect(response._file_source()).to.equal(undefined);
    response.close();
  });

  it("fails if the file becomes shorter, and sends no more if it becomes longer", async () => {
    writeFileSync(at("changing"), Buffer.alloc(100_000));
    const shorter = new FileResponse(open_file(at("changing")));
    truncateSync(at("changing"), 10);
    const error = await sent(shorter).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(OSError);
    const longer = new FileResponse(open_file(at("changing")));
    writeFileSync(at("changing"), Buffer.alloc(100));
    expect((await sent(longer)).length).to.equal(10);
    shorter.close();
    longer.close();
  });

  it("does not close the descriptor under a read that is going on", async () => {
    const file = open_file(at("big.bin"));
    const response = new FileResponse(file);
    const chunks = response._wire_chunks();
    if (!(Symbol.asyncIterator in chunks)) throw new Error("the file is read synchronously");
    const reading = chunks[Symbol.asyncIterator]().next();
    response.close();
    const { value } = await reading;
    expect(value?.subarray(0, 7).toString()).to.equal("nuages ");
    expect(file.closed).to.equal(true);
  });

  it("is closed with the 304 that is sent instead", () => {
    const file = open_file(at("a.txt"));
    const response = new FileResponse(file, { headers: { ETag: '"x"' } });
    const request = new RequestFactory().get("/", {}, { headers: { "If-None-Match": '"x"' } });
    const answer = get_conditional_response(request, { etag: '"x"', response });
    expect(answer).to.be.instanceOf(HttpResponseNotModified);
    expect(file.closed).to.equal(false);
    answer?.close();
    expect(file.closed).to.equal(true);
  });

  it("without a file streams as a StreamingHttpResponse does", () => {
    const response = new FileResponse(["a", "b"], { as_attachment: true, filename: "x.txt" });
    expect([...response.items()]).to.deep.equal([["Content-Type", "text/html; charset=utf-8"]]);
    expect(response.getvalue().toString()).to.equal("ab");
    expect(response.file_to_stream).to.equal(null);
  });

  describe("from_path", () => {
    const request = (headers: Record<string, string>, method = "GET"): FromPathOptions => ({
      request: { method, META: { ...headers } },
    });

    it("opens a file and says when it changed", async () => {
      const response = await FileResponse.from_path(at("a.txt"), { as_attachment: true });
      expect(response).to.be.instanceOf(FileResponse);
      expect(Object.fromEntries(response.items())).to.deep.equal({
        "Content-Type": "text/plain",
        "Content-Length": "10",
        "Content-Disposition": 'attachment; filename="a.txt"',
        ETag: '"18bcfe56800-a"',
        "Last-Modified": "Tue, 14 Nov 2023 22:13:20 GMT",
      });
      expect((await sent(response)).toString()).to.equal("0123456789");
      response.close();
    });

    it("takes a file URL, and leaves out what it is told to", async () => {
      const response = await FileResponse.from_path(pathToFileURL(at("a.txt")), {
        etag: false,
        last_modified: false,
        content_type: "text/x",
      });
      expect([response.has("ETag"), response.has("Last-Modified")]).to.deep.equal([false, false]);
      expect(response.get("Content-Type")).to.equal("text/x");
      response.close();
    });

    it("holds no descriptor of a small file, and gives back that of a large one", async () => {
      const before_all = open_descriptors();
      const small = await FileResponse.from_path(at("a.txt"));
      expect(open_descriptors()).to.equal(before_all);
      expect((await read(small)).length).to.equal(10);
      const large = await FileResponse.from_path(at("big.bin"));
      expect(open_descriptors()).to.equal(before_all + 1);
      large.close();
      expect(open_descriptors()).to.equal(before_all);
    });

    for (const name of ["missing", "inner", "a.txt/x", "x".repeat(5000), "a\0.txt", "/dev/null"]) {
      it(`throws Http404 for ${JSON.stringify(name.slice(0, 20))}`, async () => {
        const before_all = open_descriptors();
        const path = name.startsWith("/") ? name : at(name);
        const error = await FileResponse.from_path(path).catch((reason: unknown) => reason);
        expect(error).to.be.instanceOf(Http404);
        expect(open_descriptors()).to.equal(before_all);
      });
    }

    const allowed: [path: string, ok: boolean][] = [
      ["inner/in.txt", true],
      ["inner/../inner/in.txt", true],
      ["inner/out.txt", false],
      ["inner/../a.txt", false],
      ["inner2/x", false],
      ["a.txt", false],
    ];
    for (const [path, ok] of allowed) {
      it(`${ok ? "opens" : "refuses"} ${path} where only inner/ is allowed`, async () => {
        const result = await FileResponse.from_path(at(path), {
          allowed_paths: [at("inner")],
        }).catch((reason: unknown) => reason);
        expect(result).to.be.instanceOf(ok ? FileResponse : SuspiciousFileOperation);
      });
    }

    it("leaves the sending to the server in front", async () => {
      const by_path = await FileResponse.from_path(at("a.txt"), { x_sendfile: "X-Sendfile" });
      expect(Object.fromEntries(by_path.items())).to.deep.equal({
        "Content-Type": "text/plain",
        "Content-Disposition": 'inline; filename="a.txt"',
        "X-Sendfile": at("a.txt"),
      });
      expect([...by_path]).to.deep.equal([]);
      const by_url = await FileResponse.from_path(at("big.bin"), {
        x_sendfile: (path) => ["X-Accel-Redirect", `/protected${path.slice(dir.length)}`],
      });
      expect(by_url.get("X-Accel-Redirect")).to.equal("/protected/big.bin");
    });

    const ranges: [
      range: string,
      status: number,
      content_range: string | undefined,
      body: string,
    ][] = [
      ["bytes=0-0", 206, "bytes 0-0/10", "0"],
      ["bytes=2-4", 206, "bytes 2-4/10", "234"],
      ["bytes=7-", 206, "bytes 7-9/10", "789"],
      ["bytes=7-100", 206, "bytes 7-9/10", "789"],
      ["bytes=-1", 206, "bytes 9-9/10", "9"],
      ["bytes=-100", 206, "bytes 0-9/10", "0123456789"],
      ["Bytes = 1-1", 206, "bytes 1-1/10", "1"],
      ["bytes=10-", 416, "bytes */10", ""],
      ["bytes=-0", 416, "bytes */10", ""],
      ["bytes=4-2", 200, undefined, "0123456789"],
      ["bytes=-", 200, undefined, "0123456789"],
      ["bytes=,1-2,", 206, "bytes 1-2/10", "12"],
      ["bytes=1-2,20-30", 206, "bytes 1-2/10", "12"],
      ["bytes=20-30,40-50", 416, "bytes */10", ""],
      ["bytes=1-2,2-5", 200, undefined, "0123456789"],
      ["bytes=1-2,-9", 200, undefined, "0123456789"],
      ["bytes=1-2,x", 200, undefined, "0123456789"],
      ["bytes=,", 200, undefined, "0123456789"],
      [`bytes=${"0-,".repeat(1000)}`, 200, undefined, "0123456789"],
      ["items=0-1", 200, undefined, "0123456789"],
      ["bytes=0x1-2", 200, undefined, "0123456789"],
      [`bytes=0-${"9".repeat(400)}`, 200, undefined, "0123456789"],
      ["", 200, undefined, "0123456789"],
    ];
    for (const [range, status, content_range, body] of ranges) {
      it(`answers Range: ${range.slice(0, 30)} with ${status}`, async () => {
        const response = await FileResponse.from_path(at("a.txt"), request({ HTTP_RANGE: range }));
        expect(response.status_code).to.equal(status);
        expect(response.get("Content-Range")).to.equal(content_range);
        expect(response.get("Content-Length")).to.equal(String(body.length));
        expect(response.get("Accept-Ranges")).to.equal("bytes");
        expect((await sent(response)).toString()).to.equal(body);
        response.close();
      });
    }

    it("answers several ranges with one part each, in the order asked for", async () => {
      const options = request({ HTTP_RANGE: "bytes=8-, 0-0,3-4" });
      const response = await FileResponse.from_path(at("a.txt"), options);
      expect(response.status_code).to.equal(206);
      expect(response.get("Content-Range")).to.equal(undefined);
      const [, boundary = ""] =
        /^multipart\/byteranges; boundary=([0-9a-f]{32})$/.exec(
          response.get("Content-Type") ?? "",
        ) ?? [];
      const part = (range: string, text: string): string =>
        `\r\n--${boundary}\r\nContent-Type: text/plain\r\nContent-Range: bytes ${range}/10\r\n\r\n${text}`;
      const body = (await sent(response)).toString();
      expect(body).to.equal(
        `${part("8-9", "89")}${part("0-0", "0")}${part("3-4", "34")}\r\n--${boundary}--\r\n`,
      );
      expect(response.get("Content-Length")).to.equal(String(body.length));
      response.close();
    });

    it("answers sixteen ranges of a large file, and the whole for one more", async () => {
      const ranges = Array.from({ length: 17 }, (_, i) => `${i * 1000}-${i * 1000 + 9}`);
      for (const [count, status] of [
        [16, 206],
        [17, 200],
      ] as const) {
        const options = request({ HTTP_RANGE: `bytes=${ranges.slice(0, count).join(",")}` });
        const response = await FileResponse.from_path(at("big.bin"), options);
        expect(response.status_code).to.equal(status);
        expect(response.get("Content-Length")).to.equal(String((await sent(response)).length));
        response.close();
      }
    });

    it("answers a range of a large file", async () => {
      const response = await FileResponse.from_path(
        at("big.bin"),
        request({ HTTP_RANGE: `bytes=70001-${BIG}` }),
      );
      expect(response.get("Content-Length")).to.equal(String(BIG - 70_001));
      const body = await sent(response);
      expect(body.length).to.equal(BIG - 70_001);
      expect(body.subarray(0, 5).toString()).to.equal("uages");
      response.close();
    });

    it("has no range of an empty file", async () => {
      const response = await FileResponse.from_path(
        at("empty"),
        request({ HTTP_RANGE: "bytes=-5" }),
      );
      expect(response.status_code).to.equal(416);
    });

    const conditions: [condition: string, status: number][] = [
      ['"18bcfe56800-a"', 206],
      ["Tue, 14 Nov 2023 22:13:20 GMT", 206],
      ['W/"18bcfe56800-a"', 200],
      ['"other"', 200],
      ["Wed, 15 Nov 2023 22:13:20 GMT", 200],
    ];
    for (const [condition, status] of conditions) {
      it(`answers If-Range: ${condition} with ${status}`, async () => {
        const options = request({ HTTP_RANGE: "bytes=0-1", HTTP_IF_RANGE: condition });
        const response = await FileResponse.from_path(at("a.txt"), options);
        expect(response.status_code).to.equal(status);
      });
    }

    it("answers only GET with a part, and only where nothing else was asked for", async () => {
      const range = { HTTP_RANGE: "bytes=0-1" };
      const head = await FileResponse.from_path(at("a.txt"), request(range, "HEAD"));
      expect(head.status_code).to.equal(200);
      const other = await FileResponse.from_path(at("a.txt"), { ...request(range), status: 203 });
      expect(other.status_code).to.equal(203);
    });
  });
});
