/** Specification of the body of a request: in memory, and over a wire. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import {
  BadRequest,
  OSError,
  RequestDataTooBig,
  SynchronousOnlyOperation,
  TooManyFieldsSent,
} from "nuages/core/exceptions";
import { FileUploadHandler, SkipFile } from "nuages/core/files/uploadhandler";
import { EnvironRequest } from "nuages/core/handlers/environ";
import { RawPostDataException, UnreadablePostError } from "nuages/http";
import { MultiPartParserError } from "nuages/http/multipartparser";
import { RequestFactory } from "nuages/test";
import { override_settings } from "nuages/test/utils";
import { FakeWire, WiredRequest } from "../support/wire.ts";

const FORM = "application/x-www-form-urlencoded";
const MULTIPART = "multipart/form-data; boundary=sep";
const rf = new RequestFactory();

function field(name: string, value: string): string {
  return `--sep\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
}

function file(name: string, value: string): string {
  return `--sep\r\nContent-Disposition: form-data; name="${name}"; filename="x.txt"\r\n\r\n${value}\r\n`;
}

const END = "--sep--\r\n";

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

async function all(chunks: AsyncIterable<Buffer>): Promise<string[]> {
  const texts: string[] = [];
  for await (const chunk of chunks) texts.push(String(chunk));
  return texts;
}

describe("http/request: a body in memory", () => {
  const confused: [content_type: string, fields: number][] = [
    ["APPLICATION/X-WWW-FORM-URLENCODED", 1],
    [`${FORM}\t; x`, 1],
    [`${FORM} x`, 0],
    ["application/json", 0],
  ];
  for (const [content_type, fields] of confused) {
    it(`of type ${JSON.stringify(content_type)} is ${fields === 1 ? "a" : "no"} form (E10)`, () => {
      expect(rf.generic("POST", "/", "a=1", { content_type }).POST.size).to.equal(fields);
    });
  }

  for (const method of ["PUT", "PATCH", "DELETE"]) {
    it(`of ${method} is no form, but a body (E11)`, () => {
      const request = rf.generic(method, "/", "a=1", { content_type: FORM });
      expect(request.POST.size).to.equal(0);
      expect(request.body.toString()).to.equal("a=1");
    });
  }

  for (const charset of ["utf-7", "utf-16", "latin-1", "UTF8"]) {
    it(`is refused as a urlencoded form in ${charset} (E8)`, () => {
      const request = rf.generic("POST", "/", "a=1", {
        content_type: `${FORM}; charset=${charset}`,
      });
      expect(() => request.POST).to.throw(BadRequest, charset);
      expect(request.body.toString()).to.equal("a=1");
    });
  }

  it("is a form in UTF-8 if its charset does not exist (E8)", () => {
    const request = rf.generic("POST", "/", "a=%C3%A9", { content_type: `${FORM}; charset=nope` });
    expect(request.POST.get("a")).to.equal("é");
  });

  it("gives chunks to `for await`, lines to `for`", async () => {
    const body = "one\ntwo\nthree";
    expect(await all(rf.generic("POST", "/", body))).to.deep.equal([body]);
    expect([...rf.generic("POST", "/", body)].map(String)).to.deep.equal([
      "one\n",
      "two\n",
      "three",
    ]);
  });

  it("is read by aread() too", async () => {
    const request = rf.generic("POST", "/", "abcdef");
    expect(String(await request.aread(2))).to.equal("ab");
    expect(String(await request.aread())).to.equal("cdef");
  });

  it("that cannot be read is an UnreadablePostError", () => {
    const cause = new OSError("the disk is gone");
    const broken = { read: (): never => { throw cause; } }; // prettier-ignore
    const environ = {
      REQUEST_METHOD: "POST",
      CONTENT_LENGTH: "3",
      CONTENT_TYPE: FORM,
      "wsgi.input": broken,
    };
    const request = new EnvironRequest({ ...environ });
    expect(() => request.POST)
      .to.throw(UnreadablePostError)
      .with.property("cause", cause);
    expect(request.POST.size).to.equal(0);
  });

  it("needs no loading, and may be loaded", async () => {
    const request = rf.generic("POST", "/", field("a", "1") + END, { content_type: MULTIPART });
    await request.load();
    expect(request.POST.get("a")).to.equal("1");
  });

  it("waits for an upload handler that gives promises only when it is loaded", async () => {
    class Slow extends FileUploadHandler {
      override async receive_data_chunk(): Promise<null> {
        return null;
      }
      override async file_complete(): Promise<null> {
        return null;
      }
    }
    const body = field("a", "1") + file("f", "data") + END;
    const make = (): EnvironRequest => {
      const request = rf.generic("POST", "/", body, { content_type: MULTIPART });
      request.upload_handlers = [new Slow()];
      return request;
    };
    expect(() => make().POST).to.throw(SynchronousOnlyOperation, "await request.load()");
    const request = make();
    await request.load();
    expect(request.POST.get("a")).to.equal("1");
  });
});

describe("http/request: a body on a wire", () => {
  const touches: [what: string, touch: (request: WiredRequest) => unknown][] = [
    ["POST", (request) => request.POST],
    ["FILES", (request) => request.FILES],
    ["body", (request) => request.body],
    ["read()", (request) => request.read()],
    ["readline()", (request) => request.readline()],
    ["iteration", (request) => [...request]],
  ];
  for (const [what, touch] of touches) {
    it(`tells what to do if ${what} comes before it is loaded (D23)`, () => {
      const request = new WiredRequest(new FakeWire(["a=1"]), FORM);
      expect(() => touch(request)).to.throw(SynchronousOnlyOperation, "await request.load()");
    });
  }

  it("is not touched by POST if it cannot be a form", () => {
    const wire = new FakeWire(["{}"]);
    expect(new WiredRequest(wire, "application/json").POST.size).to.equal(0);
    expect(new WiredRequest(wire, FORM, "PUT").FILES.size).to.equal(0);
    expect(wire.taken).to.equal(0);
  });

  it("is a form, a body and a stream once it is loaded", async () => {
    const request = new WiredRequest(new FakeWire(["a=1&", "b=2"]), FORM);
    expect(request._needs_load).to.equal(true);
    await request.load();
    expect(request._needs_load).to.equal(false);
    expect([...request.POST.lists()]).to.deep.equal([["a", ["1"]], ["b", ["2"]]]); // prettier-ignore
    expect(String(request.body)).to.equal("a=1&b=2");
    expect(String(request.read())).to.equal("a=1&b=2");
  });

  it("is read once, however often it is loaded", async () => {
    const wire = new FakeWire(["a", "b"]);
    const request = new WiredRequest(wire, "text/plain");
    await Promise.all([request.load(), request.load()]);
    await request.load();
    expect(wire.taken).to.equal(2);
    expect(String(request.body)).to.equal("ab");
  });

  it("is RawPostDataException after it was read as a stream (D23)", async () => {
    const request = new WiredRequest(new FakeWire(["abc"]), "text/plain");
    await request.load();
    request.read(1);
    expect(() => request.body).to.throw(RawPostDataException);
  });

  it("throws what is wrong with a form when somebody looks at it, not before", async () => {
    const request = new WiredRequest(new FakeWire(["x"]), "multipart/form-data");
    await request.load();
    expect(() => request.POST).to.throw(MultiPartParserError);
    expect(request.POST.size).to.equal(0);
    expect(request.FILES.size).to.equal(0);
  });

  it("throws too many fields each time, as they are counted each time", async () => {
    const request = new WiredRequest(new FakeWire(["&".repeat(1001)]), FORM);
    await request.load();
    expect(() => request.POST).to.throw(TooManyFieldsSent);
    expect(() => request.POST).to.throw(TooManyFieldsSent);
  });

  it("fails to load for a Content-Type that cannot be read", async () => {
    const request = new WiredRequest(new FakeWire(["x"]), "a/b; x*=nope''y");
    expect(await rejection(request.load())).to.be.instanceOf(BadRequest);
  });
});

describe("http/request: a body over DATA_UPLOAD_MAX_MEMORY_SIZE", () => {
  async function limited(body: string, content_type: string): Promise<WiredRequest> {
    const overridden = override_settings({ DATA_UPLOAD_MAX_MEMORY_SIZE: 10 });
    overridden.enable();
    try {
      const half = Math.floor(body.length / 2);
      const request = new WiredRequest(
        new FakeWire([body.slice(0, half), body.slice(half)]),
        content_type,
      );
      await request.load();
      return request;
    } finally {
      overridden.disable();
    }
  }

  it("is whole at the limit, and RequestDataTooBig one byte above (E7, D22)", async () => {
    expect(String((await limited("a=34567890", FORM)).POST.get("a"))).to.equal("34567890");
    const request = await limited("a=345678901", FORM);
    expect(() => request.POST).to.throw(RequestDataTooBig);
    expect(() => request.body).to.throw(RequestDataTooBig);
    expect(() => request.read()).to.throw(RequestDataTooBig, "for await");
  });

  it("is streamed in chunks, none of them lost (D22)", async () => {
    const request = await limited("hello big world", "text/plain");
    expect(await all(request)).to.deep.equal(["hello b", "ig world"]);
    expect(() => request.body).to.throw(RawPostDataException);
  });

  it("is read piece by piece with aread()", async () => {
    const request = await limited("hello big world", "text/plain");
    const pieces = [await request.aread(4), await request.aread(5), await request.aread(0)];
    expect(pieces.map(String)).to.deep.equal(["hell", "o big", ""]);
    expect(await all(request)).to.deep.equal([" world"]);
    expect((await request.aread()).length).to.equal(0);
  });

  it("may be streamed before anything is loaded, and is no form then", async () => {
    const wire = new FakeWire(["a=1", "&b=2"]);
    const request = new WiredRequest(wire, FORM);
    for await (const chunk of request) {
      expect(String(chunk)).to.equal("a=1");
      break;
    }
    expect(wire.taken).to.equal(1);
    await request.load();
    expect(request.POST.size).to.equal(0);
    expect(await all(request)).to.deep.equal(["&b=2"]);
  });
});

describe("http/request: a connection that breaks", () => {
  for (const content_type of [FORM, MULTIPART, "text/plain"]) {
    it(`fails the loading of ${content_type}, and everything after it (A29, B8)`, async () => {
      const wire = new FakeWire([field("a", "1"), field("b", "2")], { breaks_after: 1 });
      const request = new WiredRequest(wire, content_type);
      expect(await rejection(request.load())).to.be.instanceOf(UnreadablePostError);
      expect(await rejection(request.load())).to.be.instanceOf(UnreadablePostError);
      expect(() => request.body).to.throw(UnreadablePostError);
      if (content_type !== "text/plain") expect(() => request.POST).to.throw(UnreadablePostError);
      expect(await rejection(request.aread())).to.be.instanceOf(UnreadablePostError);
    });
  }

  it("is an UnreadablePostError for whoever streams", async () => {
    const request = new WiredRequest(new FakeWire(["a", "b"], { breaks_after: 1 }), "text/plain");
    expect(await rejection(all(request))).to.be.instanceOf(UnreadablePostError);
  });
});

describe("http/request: a multipart form on a wire", () => {
  it("is parsed as it comes: no chunk before the last is dealt with (F24)", async () => {
    const wire = new FakeWire([file("f", "a").slice(0, -2), "b", "c", `\r\n${END}`]);
    const seen: [chunk: string, taken: number][] = [];
    class Slow extends FileUploadHandler {
      override async receive_data_chunk(raw_data: Buffer): Promise<null> {
        await new Promise(setImmediate);
        seen.push([String(raw_data), wire.taken]);
        return null;
      }
      override file_complete(): null {
        return null;
      }
    }
    const request = new WiredRequest(wire, MULTIPART);
    request.upload_handlers = [new Slow(request)];
    await request.load();
    expect(seen).to.deep.equal([["a", 1], ["b", 2], ["c", 3]]); // prettier-ignore
  });

  it("has no body afterwards, and nothing to read", async () => {
    const request = new WiredRequest(new FakeWire([field("a", "1") + END]), MULTIPART);
    await request.load();
    expect(request.POST.get("a")).to.equal("1");
    expect(() => request.body).to.throw(RawPostDataException);
    expect(request.read().length).to.equal(0);
  });

  it("is parsed without an announced length, where Django finds it empty (F25)", async () => {
    const request = new WiredRequest(
      new FakeWire([field("a", "1") + END], { length: null }),
      MULTIPART,
    );
    await request.load();
    expect(request.POST.get("a")).to.equal("1");
  });

  it("goes to the upload handlers that a view asks for", async () => {
    const asked: (string | null)[] = [];
    class Refusing extends FileUploadHandler {
      override new_file(_field: string, name: string): void {
        asked.push(name, this.request?.method ?? null);
        throw new SkipFile("not here");
      }
    }
    const request = new WiredRequest(
      new FakeWire([file("f", "data") + field("a", "1") + END]),
      MULTIPART,
    );
    await request._load_for({ _upload_handlers: [Refusing] });
    expect(asked).to.deep.equal(["x.txt", "POST"]);
    expect(request.POST.get("a")).to.equal("1");
    expect(request.FILES.size).to.equal(0);
  });

  it("gives handlers no more at once than they want", async () => {
    const sizes: number[] = [];
    class Small extends FileUploadHandler {
      static {
        this.prototype.chunk_size = 4;
      }
      override receive_data_chunk(raw_data: Buffer): null {
        sizes.push(raw_data.length);
        return null;
      }
      override file_complete(): null {
        return null;
      }
    }
    const request = new WiredRequest(new FakeWire([file("f", "0123456789") + END]), MULTIPART);
    request.upload_handlers = [new Small(request)];
    await request.load();
    expect(Math.max(...sizes)).to.be.at.most(4);
    expect(sizes.reduce((sum, size) => sum + size, 0)).to.equal(10);
  });
});
