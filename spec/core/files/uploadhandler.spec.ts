/** Specification of upload handlers. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { settings } from "nuages/conf";
import { NotImplementedError, SuspiciousFileOperation } from "nuages/core/exceptions";
import { BytesIO } from "nuages/core/files";
import {
  InMemoryUploadedFile,
  SimpleUploadedFile,
  TemporaryUploadedFile,
  UploadedFile,
} from "nuages/core/files/uploadedfile";
import {
  FileUploadHandler,
  load_handler,
  MemoryFileUploadHandler,
  StopFutureHandlers,
  StopUpload,
  TemporaryFileUploadHandler,
  UploadFileException,
} from "nuages/core/files/uploadhandler";
import { HttpRequest } from "nuages/http";
import { override_settings } from "nuages/test/utils";

const BOUNDARY = Buffer.from("sep");
const stream = { read: (): Buffer => Buffer.alloc(0) };

describe("core/files/uploadhandler: FileUploadHandler", () => {
  it("is what FILE_UPLOAD_HANDLERS lists: memory first, then disk", () => {
    expect(settings.FILE_UPLOAD_HANDLERS).to.deep.equal([
      MemoryFileUploadHandler,
      TemporaryFileUploadHandler,
    ]);
  });

  it("must say what it does with bytes, and what the file is", () => {
    const handler = new FileUploadHandler();
    expect(() => handler.receive_data_chunk(Buffer.alloc(0), 0)).to.throw(NotImplementedError);
    expect(() => handler.file_complete(0)).to.throw(NotImplementedError);
    expect(handler.upload_complete()).to.equal(undefined);
    expect(handler.chunk_size).to.equal(65536);
  });

  it("is made for a request", () => {
    const request = new HttpRequest();
    expect(load_handler(MemoryFileUploadHandler, request).request).to.equal(request);
    expect(new FileUploadHandler().request).to.equal(null);
  });

  it("steers the upload by what it throws", () => {
    expect(new StopUpload()).to.be.instanceOf(UploadFileException);
    expect(new StopUpload().connection_reset).to.equal(false);
    expect(new StopUpload({ connection_reset: true }).connection_reset).to.equal(true);
  });
});

describe("core/files/uploadhandler: MemoryFileUploadHandler", () => {
  function begun(length: number | null): MemoryFileUploadHandler {
    const handler = new MemoryFileUploadHandler();
    handler.handle_raw_input(stream, {}, length, BOUNDARY);
    return handler;
  }
  const limit = settings.FILE_UPLOAD_MAX_MEMORY_SIZE;

  it("is on up to FILE_UPLOAD_MAX_MEMORY_SIZE, and off for a length nobody knows (F25)", () => {
    expect(begun(limit).activated).to.equal(true);
    expect(begun(limit + 1).activated).to.equal(false);
    expect(begun(null).activated).to.equal(false);
  });

  it("measures an input that can be rewound, whatever was announced", () => {
    const handler = new MemoryFileUploadHandler();
    const input = new BytesIO(Buffer.alloc(limit + 1));
    handler.handle_raw_input(input, {}, 10, BOUNDARY);
    expect(handler.activated).to.equal(false);
    expect(input.tell()).to.equal(0);
  });

  it("passes bytes on while it is off", () => {
    const handler = begun(null);
    void handler.new_file("f", "x", "", null);
    const bytes = Buffer.from("x");
    expect(handler.receive_data_chunk(bytes, 0)).to.equal(bytes);
    expect(handler.file_complete(1)).to.equal(null);
  });

  it("keeps the file while it is on, and the other handlers do not hear of it", () => {
    const handler = begun(100);
    expect(() => handler.new_file("f", "x.txt", "text/plain", null)).to.throw(StopFutureHandlers);
    expect(handler.receive_data_chunk(Buffer.from("data"), 0)).to.equal(null);
    const file = handler.file_complete(4);
    expect(file).to.be.instanceOf(InMemoryUploadedFile);
    expect([file?.name, file?.size, String(file?.read())]).to.deep.equal(["x.txt", 4, "data"]);
  });

  it("goes to disk when more comes than was announced (B6, F25)", () => {
    const overridden = override_settings({ FILE_UPLOAD_MAX_MEMORY_SIZE: 10 });
    overridden.enable();
    try {
      const handler = begun(5);
      expect(() => handler.new_file("f", "x.txt", "", null)).to.throw(StopFutureHandlers);
      for (const text of ["12345678", "abcdefgh", "end"]) {
        expect(handler.receive_data_chunk(Buffer.from(text), 0)).to.equal(null);
      }
      const file = handler.file_complete(19);
      expect(file).to.be.instanceOf(TemporaryUploadedFile);
      expect(String(file?.read())).to.equal("12345678abcdefghend");
      file?.close();
    } finally {
      overridden.disable();
    }
  });
});

describe("core/files/uploadedfile", () => {
  it("takes the last part of a name, and refuses one that leads elsewhere", () => {
    const file = new UploadedFile(null, { name: "/etc/passwd" });
    expect(file.name).to.equal("passwd");
    expect(() => (file.name = "..")).to.throw(SuspiciousFileOperation);
    file.name = null;
    expect(file.name).to.equal(null);
  });

  it("has the name and type a client gave, and prints them", () => {
    const file = new SimpleUploadedFile("a.txt", "hello");
    const inspect = Symbol.for("nodejs.util.inspect.custom");
    expect((file as unknown as Record<symbol, () => string>)[inspect]?.()).to.equal(
      "<SimpleUploadedFile: a.txt (text/plain)>",
    );
    expect([file.size, file.charset, file.field_name]).to.deep.equal([5, null, null]);
  });

  it("in memory is one chunk, also asynchronously, and even if it is empty", async () => {
    const chunks: string[] = [];
    for await (const chunk of new SimpleUploadedFile("a", "hello").chunks(2))
      chunks.push(String(chunk));
    expect(chunks).to.deep.equal(["hello"]);
    expect([...new SimpleUploadedFile("a", null).chunks()].length).to.equal(1);
  });

  it("on disk keeps the extension of its name, if that is not absurd", () => {
    const suffix = (name: string): string => {
      const file = new TemporaryUploadedFile(name, "", 0, null);
      const path = file.temporary_file_path();
      file.close();
      file.close();
      return path.slice(path.indexOf(".upload"));
    };
    expect(suffix("photo.tar.gz")).to.equal(".upload.gz");
    expect(suffix(".hidden")).to.equal(".upload");
    expect(suffix(`a.${"e".repeat(300)}`)).to.equal(".upload");
  });
});
