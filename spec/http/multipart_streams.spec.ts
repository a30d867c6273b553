/** Specification of multipart forms as they arrive: in pieces, cut short, and what is left behind. @module */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { afterEach, beforeEach, describe, it } from "mocha";
import { ValueError } from "nuages/core/exceptions";
import { FileUploadHandler, TemporaryFileUploadHandler } from "nuages/core/files/uploadhandler";
import { MultiPartParserError } from "nuages/http/multipartparser";
import { RequestFactory } from "nuages/test";
import { override_settings } from "nuages/test/utils";
import { type Bytes, END, part, summary, TYPE } from "../support/multipart.ts";
import { FakeWire, WiredRequest } from "../support/wire.ts";

const rf = new RequestFactory();

describe("http/multipartparser: forms that end too early", () => {
  const parse = (body: Bytes): ReturnType<typeof rf.generic> =>
    rf.generic("POST", "/", body, { content_type: TYPE });
  const begun = part('name="a"', "1");

  it("keep a field as it was received (F20)", () => {
    expect(parse(begun).POST.get("a")).to.equal("1\r\n");
  });

  it("have no file, and none is left on disk (F20)", () => {
    const told: string[] = [];
    class Told extends FileUploadHandler {
      override receive_data_chunk(): null {
        return null;
      }
      override file_complete(): null {
        throw new Error("The file is not complete.");
      }
      override upload_interrupted(): void {
        told.push("interrupted");
      }
    }
    const request = parse(part('name="f"; filename="x"', "data"));
    request.upload_handlers = [new Told()];
    expect(request.FILES.size).to.equal(0);
    expect(told).to.deep.equal(["interrupted"]);
  });

  it("have nothing if a header is cut, or there is no body (F20)", () => {
    expect(parse("--sep\r\nContent-Dispo").POST.size).to.equal(0);
    expect(parse("").POST.size).to.equal(0);
    expect(parse("").FILES.size).to.equal(0);
  });

  it("have nothing if their lines end in LF alone (F22)", () => {
    expect(parse(String(Buffer.concat([begun, END])).replaceAll("\r\n", "\n")).POST.size).to.equal(
      0,
    );
  });

  it("are whole with something before the first boundary and after the last (F22)", () => {
    const body = Buffer.concat([Buffer.from("hello\r\n"), begun, END, Buffer.from("bye")]);
    expect([...parse(body).POST.lists()]).to.deep.equal([["a", ["1"]]]);
  });
});

describe("http/multipartparser: a body in pieces", () => {
  const fixtures: [what: string, body: Buffer][] = [
    [
      "fields and files",
      Buffer.concat([
        part('name="a"', "1\r\n"),
        part('name="f"; filename="x"', "\r\n--se\r\n-"),
        END,
      ]),
    ],
    ["no last boundary", Buffer.concat([part('name="a"', "1"), part('name="b"', "--sepp")])],
    ["base64", part('name="f"; filename="x"', "aGVs\r\nbG8=", "Content-Transfer-Encoding: base64")],
    ["carriage returns", part('name="a"', "\r\r\n\n\r")],
  ];
  for (const [what, body] of fixtures) {
    const expected = summary(rf.generic("POST", "/", body, { content_type: TYPE }));

    it(`is the same form wherever it is split: ${what} (F19)`, async () => {
      for (let at = 1; at < body.length; at++) {
        const wire = new FakeWire([body.subarray(0, at), body.subarray(at)]);
        const request = new WiredRequest(wire, TYPE);
        await request.load();
        expect(summary(request), `split at ${at}`).to.deep.equal(expected);
        request.close();
      }
    });

    it(`is the same form byte by byte: ${what} (F19, F39)`, async () => {
      const bytes = Array.from(body, (byte) => Buffer.of(byte));
      const request = new WiredRequest(new FakeWire(bytes), TYPE);
      await request.load();
      expect(summary(request)).to.deep.equal(expected);
      request.close();
    });
  }
});

describe("http/multipartparser: what is left behind", () => {
  let directory = "";
  const overridden = (): ReturnType<typeof override_settings> =>
    override_settings({ FILE_UPLOAD_TEMP_DIR: directory, FILE_UPLOAD_MAX_MEMORY_SIZE: 100 });
  let settings = overridden();

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "nuages-"));
    settings = overridden();
    settings.enable();
  });
  afterEach(() => {
    settings.disable();
    rmSync(directory, { recursive: true });
  });

  /** Waits for what is closed without blocking. */
  async function left(): Promise<string[]> {
    for (let i = 0; i < 200 && readdirSync(directory).length > 0; i++) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return readdirSync(directory);
  }

  const upload = part('name="f"; filename="x.txt"', "x".repeat(1000));
  const second = part('name="g"; filename="y.txt"', "y".repeat(1000));

  it("nothing when the request is closed (F27)", async () => {
    const request = new WiredRequest(new FakeWire([upload, second, END]), TYPE);
    await request.load();
    expect(readdirSync(directory).length).to.equal(2);
    expect(String(await request.FILES.getitem("f").aread())).to.equal("x".repeat(1000));
    request.close();
    expect(await left()).to.deep.equal([]);
  });

  it("nothing when the view never looks at the files (F28)", async () => {
    const request = new WiredRequest(new FakeWire([upload, END]), TYPE);
    await request.load();
    request.close();
    expect(await left()).to.deep.equal([]);
  });

  it("nothing when the connection breaks (F27, A29)", async () => {
    const cut = upload.subarray(0, 500);
    const wire = new FakeWire([second, cut, END], { breaks_after: 2 });
    await new WiredRequest(wire, TYPE).load().catch(() => undefined);
    expect(await left()).to.deep.equal([]);
  });

  it("nothing when a later part is malformed (F29)", async () => {
    const malformed = Buffer.concat([Buffer.from("--sep\r\n"), Buffer.alloc(2000, "x")]);
    const request = new WiredRequest(new FakeWire([upload, malformed]), TYPE);
    await request.load();
    expect(() => request.FILES).to.throw(MultiPartParserError);
    expect(await left()).to.deep.equal([]);
  });

  it("nothing when a handler fails, for whatever reason (F27, F28)", async () => {
    class Failing extends TemporaryFileUploadHandler {
      override receive_data_chunk(
        raw_data: Buffer,
        start: number,
      ): ReturnType<TemporaryFileUploadHandler["receive_data_chunk"]> {
        if (this.field_name === "g") throw new ValueError("ENOSPC, say");
        return super.receive_data_chunk(raw_data, start);
      }
    }
    const request = new WiredRequest(new FakeWire([upload, second, END]), TYPE);
    request.upload_handlers = [new Failing(request)];
    await request.load();
    expect(() => request.POST).to.throw(ValueError);
    expect(await left()).to.deep.equal([]);
  });

  it("nothing of a file without a field name, whatever follows it", async () => {
    const nameless = part('name=""; filename="x"', "1".repeat(500));
    const request = new WiredRequest(new FakeWire([nameless, upload, nameless, END]), TYPE);
    await request.load();
    expect([...request.FILES.keys()].length).to.equal(1);
    request.close();
    expect(await left()).to.deep.equal([]);
  });

  it("nothing when the client stops in the middle of a file (F20)", async () => {
    const request = new WiredRequest(new FakeWire([upload.subarray(0, 600)]), TYPE);
    await request.load();
    expect(request.FILES.size).to.equal(0);
    expect(await left()).to.deep.equal([]);
  });
});
