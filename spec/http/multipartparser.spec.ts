/** Specification of multipart forms, beyond what recorded scripts say of them: names, boundaries and headers. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { UploadedFile } from "nuages/core/files/uploadedfile";
import { FileUploadHandler } from "nuages/core/files/uploadhandler";
import {
  exhaust,
  MAX_TOTAL_HEADER_SIZE,
  MultiPartParser,
  MultiPartParserError,
} from "nuages/http/multipartparser";
import { RequestFactory } from "nuages/test";
import { cpu_time } from "../support/cpu_time.ts";
import { type Bytes, END, part, request_of, TYPE } from "../support/multipart.ts";
import { FakeWire } from "../support/wire.ts";

const rf = new RequestFactory();

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
