/** Specification of multipart forms, beyond what recorded scripts say of them: what hostile clients send. @module */
import { expect } from "chai";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import {
  RequestDataTooBig,
  TooManyFieldsSent,
  TooManyFilesSent,
  ValueError,
} from "nuages/core/exceptions";
import { UploadedFile } from "nuages/core/files/uploadedfile";
import { FileUploadHandler, TemporaryFileUploadHandler } from "nuages/core/files/uploadhandler";
import type { QueryDict } from "nuages/http";
import {
  exhaust,
  MAX_TOTAL_HEADER_SIZE,
  MultiPartParser,
  MultiPartParserError,
} from "nuages/http/multipartparser";
import { RequestFactory } from "nuages/test";
import { override_settings } from "nuages/test/utils";
import type { MultiValueDict } from "nuages/utils/datastructures";
import { cpu_time } from "../support/cpu_time.ts";
import { FakeWire, WiredRequest } from "../support/wire.ts";

const TYPE = "multipart/form-data; boundary=sep";
const rf = new RequestFactory();
type Bytes = string | Buffer;

/** A part with these headers. */
function part(disposition: Bytes, value: Bytes = "v", ...headers: string[]): Buffer {
  return Buffer.concat([
    Buffer.from("--sep\r\nContent-Disposition: form-data; "),
    Buffer.from(disposition),
    Buffer.from(`\r\n${headers.map((header) => `${header}\r\n`).join("")}\r\n`),
    Buffer.from(value),
    Buffer.from("\r\n"),
  ]);
}

const END = Buffer.from("--sep--\r\n");

function request_of(parts: Bytes[], content_type = TYPE): ReturnType<typeof rf.generic> {
  return rf.generic(
    "POST",
    "/",
    Buffer.concat([...parts.map((bytes) => Buffer.from(bytes)), END]),
    {
      content_type,
    },
  );
}

interface Form {
  POST: QueryDict;
  FILES: MultiValueDict<UploadedFile>;
}

function summary({ POST, FILES }: Form): unknown {
  const files = [...FILES.lists()].map(([name, list]) => [
    name,
    list.map((file) => [file.name, file.size, file.content_type, String(file.read())]),
  ]);
  return { post: [...POST.lists()], files };
}

/** The names in FILES, and the fields in POST, of a form with one part before a last field. */
function names(disposition: Bytes, ...headers: string[]): unknown {
  const request = request_of([part(disposition, "v", ...headers), part('name="z"', "end")]);
  const files = [...request.FILES.lists()].flatMap(([, list]) => list.map((file) => file.name));
  const fields = [...request.POST.lists()].filter(([name]) => name !== "z");
  return { files, fields };
}

describe("http/multipartparser: file names", () => {
  const cleaned: [row: string, filename: string, name: string][] = [
    ["F1", 'filename="../../etc/passwd"', "passwd"],
    ["F1", 'filename="..\\..\\boot.ini"', "boot.ini"],
    ["F1", 'filename="C:\\x\\y.txt"', "y.txt"],
    ["F1", 'filename="&#x2F;etc&#x2F;passwd"', "passwd"],
    ["F1", 'filename="a&sol;b.txt"', "b.txt"],
    ["F1", 'filename="&lt;a&gt;.txt"', "<a>.txt"],
    ["F3", 'filename="a\x00b.txt"', "ab.txt"],
    ["F3", 'filename="a\x1bb.txt"', "ab.txt"],
    ["F3", 'filename="a\x7fb.txt"', "ab.txt"],
    ["F3", 'filename="a\u202egpj.exe"', "agpj.exe"],
    ["F4", "filename*=UTF-8''..%2f..%2fetc%2fpasswd", "passwd"],
    ["F4", "filename=\"a.txt\"; filename*=UTF-8''b.exe", "b.exe"],
    ["F4", "filename*=UTF-8''b.exe; filename=\"a.txt\"", "b.exe"],
    ["F4", "filename*=utf-7''%2BAC8-etc", "etc"],
    ["F5", 'filename="a%2f..%2fb"', "a%2f..%2fb"],
    ["F5", 'filename="a:b.txt"', "a:b.txt"],
    ["F5", 'filename="con.txt"', "con.txt"],
    ["F5", 'filename="a. "', "a. "],
    ["F5", 'filename="．．／x"', "．．／x"],
    ["F41", "filename=<a.txt>", "a.txt"],
    ["F41", 'filename*0="a"; filename*1=".txt"', "a.txt"],
  ];
  for (const [row, filename, name] of cleaned) {
    it(`${JSON.stringify(filename)} is ${JSON.stringify(name)} (${row})`, () => {
      expect(names(`name="f"; ${filename}`)).to.deep.equal({ files: [name], fields: [] });
    });
  }

  for (const name of ["..", ".", "a/", "a\\", "/"]) {
    it(`${name} names no file (F2)`, () => {
      expect(names(`name="f"; filename="${name}"`)).to.deep.equal({ files: [], fields: [] });
    });
  }

  it("an empty one makes the part a field (F2)", () => {
    expect(names('name="f"; filename=""')).to.deep.equal({ files: [], fields: [["f", ["v"]]] });
  });

  it("of 300 characters is cut to 255, its extension kept (F6)", () => {
    const { files } = names(`name="f"; filename="${"n".repeat(300)}.txt"`) as { files: string[] };
    expect(files[0]).to.equal(`${"n".repeat(251)}.txt`);
    const long = names(`name="f"; filename="n.${"e".repeat(300)}"`) as { files: string[] };
    expect(long.files[0]).to.equal(`.${"e".repeat(254)}`);
  });

  it("in a charset that does not exist is a MultiPartParserError, not a lost upload (F4)", () => {
    expect(() => names("name=\"f\"; filename*=nope''abc")).to.throw(MultiPartParserError);
  });

  it("in no order of its pieces is a MultiPartParserError (D26)", () => {
    expect(() => names('name="f"; filename*=a; filename*0="b"')).to.throw(MultiPartParserError);
  });
});

describe("http/multipartparser: field names", () => {
  for (const name of ["__proto__", "constructor", "toString", "a[b][c]", ""]) {
    it(`${JSON.stringify(name)} is a flat key like any other (F13)`, () => {
      const request = request_of([part(`name="${name}"`, "1")]);
      expect(request.POST.getlist(name)).to.deep.equal(["1"]);
      expect(Object.keys(Object.prototype)).to.deep.equal([]);
    });
  }

  it("a file called __proto__ is one too (F13)", () => {
    const request = request_of([part('name="__proto__"; filename="a"', "1")]);
    expect(request.FILES.get("__proto__")?.name).to.equal("a");
  });

  it("none at all, and the part is passed over (F13)", () => {
    expect(names('filename="a"')).to.deep.equal({ files: [], fields: [] });
    expect(names("name")).to.deep.equal({ files: [], fields: [["", ["v"]]] });
  });

  it("are read from the later of two headers, and the later of two parameters (F12)", () => {
    const second = 'Content-Disposition: form-data; name="b"; filename="x"';
    expect(names('name="a"', second)).to.deep.equal({ files: ["x"], fields: [] });
    expect(names('name="a"; name="b"')).to.deep.equal({ files: [], fields: [["b", ["v"]]] });
  });

  it("may stand in angle brackets (F41)", () => {
    expect(names("name=<a>")).to.deep.equal({ files: [], fields: [["a", ["v"]]] });
  });

  it("give every file of a name that repeats (F30)", () => {
    const files = ["a", "b", "c"].map((name) => part(`name="f"; filename="${name}"`));
    const { FILES } = request_of(files);
    expect(FILES.getlist("f").map((file) => file.name)).to.deep.equal(["a", "b", "c"]);
    expect(FILES.get("f")?.name).to.equal("c");
  });
});

describe("http/multipartparser: boundaries", () => {
  const unusable: [what: string, parameter: string][] = [
    ["none", ""],
    ["an empty one", "; boundary="],
    ["one that ends in a space", '; boundary="sep "'],
    ["one outside ASCII", "; boundary=é"],
    ["one of 202 bytes", `; boundary=${"b".repeat(202)}`],
    ["one of 8000 bytes", `; boundary=${"b".repeat(8000)}`],
  ];
  for (const [what, parameter] of unusable) {
    it(`${what} is a MultiPartParserError (F8)`, () => {
      const request = request_of([part('name="a"')], `multipart/form-data${parameter}`);
      expect(() => request.POST).to.throw(MultiPartParserError);
      expect(request.POST.size).to.equal(0);
    });
  }

  it("one of 201 bytes works (F8)", () => {
    const boundary = "b".repeat(201);
    const body = `--${boundary}\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--${boundary}--`;
    const content_type = `multipart/form-data; boundary=${boundary}`;
    expect(rf.generic("POST", "/", body, { content_type }).POST.get("a")).to.equal("1");
  });

  const read: [type: string, fields: number][] = [
    ["multipart/form-data; boundary=Z; boundary=sep", 1],
    ["multipart/form-data; boundary=sep; ;;", 1],
    ["multipart/form-data; boundary=<sep>", 1],
    ["multipart/form-data; boundary*=utf-8''sep", 1],
    ["multipart/mixed; boundary=sep", 0],
  ];
  for (const [type, fields] of read) {
    it(`of ${type} give ${fields} field (F9, F41)`, () => {
      expect(request_of([part('name="a"')], type).POST.size).to.equal(fields);
    });
  }

  it("that nearly match cost no more than others (F8)", () => {
    const boundary = "-".repeat(70);
    const value = `\r\n--${"-".repeat(69)}x`.repeat(Math.ceil(2_500_000 / 74));
    const body = `--${boundary}\r\nContent-Disposition: form-data; name="a"\r\n\r\n${value}\r\n--${boundary}--`;
    const content_type = `multipart/form-data; boundary=${boundary}`;
    const parse = (): unknown => rf.generic("POST", "/", body, { content_type }).POST;
    expect(cpu_time(parse, 3)).to.be.below(500);
  });
});

describe("http/multipartparser: headers of a part", () => {
  it("over 1024 bytes are a MultiPartParserError (F10)", () => {
    const headers = (bytes: number): string => `X: ${"x".repeat(bytes)}`;
    expect(() => names('name="a"', headers(MAX_TOTAL_HEADER_SIZE))).to.throw(MultiPartParserError);
    expect(names('name="a"', headers(900))).to.deep.equal({ files: [], fields: [["a", ["v"]]] });
    const many = Array.from({ length: 3000 }, (_, i) => `X-${i}: y`);
    expect(() => names('name="a"', ...many)).to.throw(MultiPartParserError);
  });

  for (const header of ["__proto__: x", "constructor: y", ":", "   ", "no colon"]) {
    it(`${JSON.stringify(header)} means nothing (F11)`, () => {
      expect(names('name="a"', header)).to.deep.equal({ files: [], fields: [["a", ["v"]]] });
      expect(({} as Record<string, unknown>)["x"]).to.equal(undefined);
    });
  }

  it("do not choose the charset of a value (F16)", () => {
    for (const charset of ["utf-7", "nope"]) {
      const type = `Content-Type: text/plain; charset=${charset}`;
      const request = request_of([part('name="a"', "+ADw-", type)]);
      expect(request.POST.get("a")).to.equal("+ADw-");
    }
  });

  it("of the whole request do (D21)", () => {
    const request = request_of([part('name="a"', "+ADw-")], `${TYPE}; charset=utf-7`);
    expect(request.POST.get("a")).to.equal("<");
  });

  it("do not make a file of a part without a file name (F19)", () => {
    expect(names('name="a"', "Content-Type: application/octet-stream")).to.deep.equal({
      files: [],
      fields: [["a", ["v"]]],
    });
  });

  it("do not decode quoted-printable (F18)", () => {
    const header = "Content-Transfer-Encoding: quoted-printable";
    expect(request_of([part('name="a"', "=41", header)]).POST.get("a")).to.equal("=41");
  });

  it("are kept with the file: the type as text, its parameters as bytes (F32)", () => {
    const type = 'Content-Type: text/html; __proto__=x; charset="a\\"b"';
    const { FILES } = request_of([part('name="f"; filename="a"', "v", type)]);
    const file = FILES.getitem("f");
    expect(file.content_type).to.equal("text/html");
    expect(Object.getPrototypeOf(file.content_type_extra)).to.equal(null);
    expect(String(file.content_type_extra?.["__proto__"])).to.equal("x");
    expect(String(file.charset)).to.equal('a"b');
  });

  it("of a part inside a part are its text (F23)", () => {
    const inner = "--in\r\nContent-Disposition: attachment\r\n\r\nx\r\n--in--";
    const type = "Content-Type: multipart/mixed; boundary=in";
    expect(request_of([part('name="a"', inner, type)]).POST.get("a")).to.equal(inner);
  });
});

describe("http/multipartparser: limits", () => {
  const field = (i: number): Buffer => part(`name="a${i}"`);
  const upload = (i: number): Buffer => part(`name="f"; filename="${i}"`);
  const many = (count: number, make: (i: number) => Buffer): Buffer[] =>
    Array.from({ length: count }, (_, i) => make(i));

  it("1000 fields are read, 1001 are TooManyFieldsSent (F14)", () => {
    expect(request_of(many(1000, field)).POST.size).to.equal(1000);
    expect(() => request_of(many(1001, field)).POST).to.throw(TooManyFieldsSent);
  });

  it("parts without a name count as fields (F14)", () => {
    const nameless = (): Buffer => Buffer.from("--sep\r\nX: y\r\n\r\nv\r\n");
    expect(() => request_of(many(2000, nameless)).POST).to.throw(TooManyFieldsSent);
  });

  it("100 files are read, 101 are TooManyFilesSent (F14)", () => {
    expect(request_of(many(100, upload)).FILES.getlist("f").length).to.equal(100);
    expect(() => request_of(many(101, upload)).FILES).to.throw(TooManyFilesSent);
    const empty = (): Buffer => part('name="f"; filename=""');
    expect(request_of(many(101, empty)).POST.getlist("f").length).to.equal(101);
  });

  it("a field up to DATA_UPLOAD_MAX_MEMORY_SIZE is read whole, above it is RequestDataTooBig (F15)", () => {
    const room = 2_621_440 - "a".length - 2;
    expect(request_of([part('name="a"', "x".repeat(room))]).POST.get("a")?.length).to.equal(room);
    expect(() => request_of([part('name="a"', "x".repeat(room + 1))]).POST).to.throw(
      RequestDataTooBig,
    );
    const many_small = many(1000, () => part('name="a"', "x".repeat(2700)));
    expect(() => request_of(many_small).POST).to.throw(RequestDataTooBig);
  });

  it("files do not count against it", () => {
    const { FILES } = request_of([part('name="f"; filename="a"', "x".repeat(3_000_000))]);
    expect(FILES.getitem("f").size).to.equal(3_000_000);
  });

  it("10000 tiny parts in one chunk are a matter of counting (F29)", () => {
    const parts = many(10_000, field);
    const overridden = override_settings({ DATA_UPLOAD_MAX_NUMBER_FIELDS: null });
    overridden.enable();
    try {
      expect(request_of(parts).POST.size).to.equal(10_000);
    } finally {
      overridden.disable();
    }
  });
});

describe("http/multipartparser: base64", () => {
  const BASE64 = "Content-Transfer-Encoding: base64";
  const field = (text: string): string | undefined =>
    request_of([part('name="a"', text, BASE64)]).POST.get("a");
  const file = (text: string): string =>
    String(
      request_of([part('name="f"; filename="x"', text, BASE64)])
        .FILES.getitem("f")
        .read(),
    );

  it("is decoded where it is whole; a field that is not keeps its text, a file is refused (F17)", () => {
    expect([field("aGVsbG8="), file("aGVsbG8=")]).to.deep.equal(["hello", "hello"]);
    for (const text of ["!!!", "aGVsbG8", "aGVs\r\nbG8=", "aGVsbG8=aGVs"]) {
      expect(field(text)).to.equal(text);
    }
    expect(file("aGVs\r\nbG8= ")).to.equal("hello");
    for (const text of ["!!!", "aGVsbG8", "aGVsbG8=aGVs"]) {
      expect(() => file(text)).to.throw(MultiPartParserError);
    }
  });

  const hostile: [what: string, text: string][] = [
    ["spaces", " ".repeat(2_500_000)],
    ["equals signs", "=".repeat(2_500_000)],
    ["one letter in a line", "a\r\n".repeat(800_000)],
  ];
  for (const [what, text] of hostile) {
    it(`of 2.5 MB of ${what} takes no time (F17)`, () => {
      const quiet = (read: () => unknown) => (): void => {
        try {
          read();
        } catch (error) {
          if (!(error instanceof MultiPartParserError)) throw error;
        }
      };
      expect(cpu_time(quiet(() => field(text)), 2)).to.be.below(500); // prettier-ignore
      expect(cpu_time(quiet(() => file(text)), 2)).to.be.below(500); // prettier-ignore
    });
  }

  for (const unaligned of ["A", "AAAAA\r\n"]) {
    it(`is decoded across chunks that end within a group: ${JSON.stringify(unaligned)} first (F40)`, async () => {
      const text = unaligned + Buffer.alloc(3_000, "hello").toString("base64");
      const body = Buffer.concat([part('name="f"; filename="x"', text, BASE64), END]);
      const chunks = Array.from({ length: Math.ceil(body.length / 64) }, (_, i) =>
        body.subarray(i * 64, i * 64 + 64),
      );
      const request = new WiredRequest(new FakeWire(chunks), TYPE);
      await request.load();
      expect(() => request.FILES).to.throw(MultiPartParserError);
    });
  }
});

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

  it("nothing when the client stops in the middle of a file (F20)", async () => {
    const request = new WiredRequest(new FakeWire([upload.subarray(0, 600)]), TYPE);
    await request.load();
    expect(request.FILES.size).to.equal(0);
    expect(await left()).to.deep.equal([]);
  });
});

describe("http/multipartparser: by itself", () => {
  it("takes any stream, and a type that is not form-data", async () => {
    const body = Buffer.concat([part('name="a"', "1"), END]);
    const META = {
      CONTENT_TYPE: "multipart/mixed; boundary=sep",
      CONTENT_LENGTH: String(body.length),
    };
    let rest = body;
    const stream = {
      read(size = Infinity): Buffer {
        const taken = rest.subarray(0, size ?? Infinity);
        rest = rest.subarray(taken.length);
        return taken;
      },
    };
    const [post] = await new MultiPartParser(META, stream, []).parse();
    expect(post.get("a")).to.equal("1");
    expect(() => new MultiPartParser({ ...META, CONTENT_LENGTH: "-1" }, stream, [])).to.throw(
      MultiPartParserError,
    );
  });

  it("keeps a file that a handler made of something else", () => {
    const request = request_of([part('name="f"; filename="x"')]);
    class Hash extends FileUploadHandler {
      override receive_data_chunk(): null {
        return null;
      }
      override file_complete(): UploadedFile {
        return new UploadedFile(null, { name: "sum" });
      }
    }
    request.upload_handlers = [new Hash()];
    expect(request.FILES.get("f")?.name).to.equal("sum");
    request.close();
  });

  it("exhausts what is left of a stream", async () => {
    const wire = new FakeWire(["a", "b"]);
    await exhaust(wire);
    expect(wire.taken).to.equal(2);
  });
});
