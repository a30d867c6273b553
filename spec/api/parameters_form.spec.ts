/** Specification of forms and uploaded files as a part that a spec declares. @module */
import { existsSync, readdirSync } from "node:fs";
import { expect } from "chai";
import { describe, it } from "mocha";
import { endpoint } from "nuages/api/endpoint";
import { HTTPException, RequestValidationError, UnsupportedMediaType } from "nuages/api/exceptions";
import { Parameters } from "nuages/api/parameters";
import { uploaded_file } from "nuages/api/zod";
import {
  BadRequest,
  RequestDataTooBig,
  TooManyFieldsSent,
  TooManyFilesSent,
} from "nuages/core/exceptions";
import { TemporaryUploadedFile, UploadedFile } from "nuages/core/files/uploadedfile";
import type { HttpRequest } from "nuages/http";
import { RawPostDataException } from "nuages/http/request";
import { MultiPartParserError } from "nuages/http/multipartparser";
import { path } from "nuages/urls";
import * as v from "valibot";
import { z } from "zod";
import { thrown } from "../support/api_requests.ts";
import { both_doors } from "../support/doors.ts";
import { temporary_directory } from "../support/files.ts";
import { END, part, TYPE } from "../support/multipart.ts";
import { args_later, args_of, locations_of, rf } from "../support/parameters.ts";
import { logged } from "../support/log.ts";
import { with_settings } from "../support/settings.ts";
import { FakeWire, WiredRequest } from "../support/wire.ts";

const URLENCODED = "application/x-www-form-urlencoded";
const METHODS = ["POST", "PUT", "PATCH"];

const Upload = z.object({
  title: z.string(),
  n: z.int(),
  tags: z.array(z.string()).default([]),
  file: z.instanceof(UploadedFile),
});

const PARTS = [
  part('name="title"', "a b"),
  part('name="n"', "3"),
  part('name="tags"', "x"),
  part('name="file"; filename="../../a.txt"', "content", "Content-Type: text/plain"),
];

function multipart(parts: readonly Buffer[], method = "POST"): HttpRequest {
  return rf.generic(method, "/", Buffer.concat([...parts, END]), { content_type: TYPE });
}

/** The same request, its body still to come. */
function wired(parts: readonly Buffer[], method: string, content_type = TYPE): WiredRequest {
  return new WiredRequest(new FakeWire([...parts, END]), content_type, method);
}

function form_of(form: z.ZodType, request: HttpRequest): unknown {
  return args_of({ form }, request).form;
}

function urlencoded(text: string, method = "POST"): HttpRequest {
  return rf.generic(method, "/", text, { content_type: URLENCODED });
}

describe("api/parameters: forms", () => {
  for (const method of METHODS) {
    it(`P8: the fields of ${method}, converted as in the query`, () => {
      const schema = z.object({ n: z.int(), list: z.array(z.int()), on: z.boolean() });
      const value = { n: 2, list: [1], on: true };
      expect(form_of(schema, urlencoded("n=1&n=2&list=1&on=yes", method))).to.deep.equal(value);
    });

    it(`P8: the fields and files of a multipart form of ${method}`, () => {
      const { file, ...fields } = form_of(Upload, multipart(PARTS, method)) as z.infer<
        typeof Upload
      >;
      expect(fields).to.deep.equal({ title: "a b", n: 3, tags: ["x"] });
      expect(file).to.be.instanceOf(UploadedFile);
      expect([file.name, file.content_type, String(file.read())]).to.deep.equal([
        "a.txt",
        "text/plain",
        "content",
      ]);
    });

    it(`P8: the same over a wire with ${method}`, async () => {
      const args = await args_later({ form: Upload }, wired(PARTS, method));
      expect(String((args.form as z.infer<typeof Upload>).file.read())).to.equal("content");
    });
  }

  it("P8: PUT leaves request.POST and request.FILES empty", () => {
    const request = multipart(PARTS, "PUT");
    form_of(Upload, request);
    expect([request.POST.size, request.FILES.size]).to.deep.equal([0, 0]);
  });

  it("P8: several files of one name are an array", () => {
    const parts = ["a", "b"].map((name) => part(`name="f"; filename="${name}"`, name));
    const many = z.object({ f: z.array(z.instanceof(UploadedFile)) });
    const all = form_of(many, multipart(parts)) as z.infer<typeof many>;
    expect(all.f.map(({ name }) => name)).to.deep.equal(["a", "b"]);
    const one = z.object({ f: z.instanceof(UploadedFile) });
    expect((form_of(one, multipart(parts)) as z.infer<typeof one>).f.name).to.equal("b");
  });

  it("P8: fields and files of one name are merged, the files behind", () => {
    const parts = [part('name="x"; filename="f"', "file"), part('name="x"', "text")];
    const schema = z.object({ x: z.array(z.union([z.string(), z.instanceof(UploadedFile)])) });
    const { x } = form_of(schema, multipart(parts)) as z.infer<typeof schema>;
    expect(x.map((value) => typeof value)).to.deep.equal(["string", "object"]);
  });

  it("P8, T11: a schema without JSON Schema", async () => {
    const schema = v.object({ title: v.string(), file: v.instance(UploadedFile) });
    const records = await logged(() => {
      const { form } = args_of({ form: schema }, multipart(PARTS));
      expect((form as v.InferOutput<typeof schema>).file.name).to.equal("a.txt");
    });
    expect(records[0]?.message).to.match(/^All values in the form of .* stay text: /);
  });

  it("P8: faults are told with their names", () => {
    const parts = [part('name="n"', "x"), part('name="file"', "no file")];
    expect(locations_of(() => form_of(Upload, multipart(parts)))).to.deep.equal([
      ["form", "title"],
      ["form", "n"],
      ["form", "file"],
    ]);
  });

  it("P11: an empty body is a form without fields, whatever its type", () => {
    for (const content_type of [URLENCODED, "application/json", ""]) {
      const request = rf.generic("POST", "/", "", { content_type, CONTENT_TYPE: content_type });
      expect(form_of(z.object({ n: z.int().default(1) }), request)).to.deep.equal({ n: 1 });
    }
  });

  for (const content_type of ["application/json", "text/plain", "multipart/mixed", ""]) {
    for (const method of METHODS) {
      it(`E9: a body of ${method} with the type ${JSON.stringify(content_type)} is 415`, () => {
        const request = rf.generic(method, "/", "{}", { CONTENT_TYPE: content_type });
        const error = thrown(UnsupportedMediaType, () => form_of(z.object({}), request));
        const supported = [URLENCODED, "multipart/form-data"];
        expect(error.headers).to.deep.equal({ Accept: supported.join(", ") });
        expect(error.extra).to.deep.equal({ supported });
      });
    }
  }

  it("P8: a form in another charset than UTF-8 is refused for every method", () => {
    for (const method of METHODS) {
      const request = rf.generic(method, "/", "a=1", {
        content_type: `${URLENCODED}; charset=latin-1`,
      });
      expect(() => form_of(z.object({}), request)).to.throw(BadRequest);
    }
  });

  for (const method of METHODS) {
    it(`P9: a multipart form of ${method} that cannot be parsed is reported alone`, () => {
      const request = rf.generic(method, "/", "x", { content_type: "multipart/form-data" });
      expect(() => form_of(Upload, request)).to.throw(MultiPartParserError);
    });

    it(`P12: the limits of forms are those of the settings for ${method}, too`, () => {
      const limits = {
        DATA_UPLOAD_MAX_NUMBER_FIELDS: 1,
        DATA_UPLOAD_MAX_NUMBER_FILES: 0,
        DATA_UPLOAD_MAX_MEMORY_SIZE: 20,
      };
      with_settings(limits, () => {
        const read = (request: HttpRequest) => (): unknown => form_of(z.object({}), request);
        expect(read(urlencoded("a=1&b=1", method))).to.throw(TooManyFieldsSent);
        expect(read(urlencoded(`a=${"1".repeat(20)}`, method))).to.throw(RequestDataTooBig);
        expect(read(multipart(PARTS.slice(3), method))).to.throw(TooManyFilesSent);
      });
    });
  }

  it("P12: a multipart form over the limit of the body is parsed from the wire", async () => {
    const big = part('name="file"; filename="f"', "x".repeat(5000));
    await with_settings({ DATA_UPLOAD_MAX_MEMORY_SIZE: 1000 }, async () => {
      for (const method of METHODS) {
        const args = await args_later({ form: Upload }, wired([...PARTS, big], method));
        expect((args.form as z.infer<typeof Upload>).file.size).to.equal(5000);
      }
    });
  });

  it("P8: the form of PUT is parsed once, also after the body was looked at", async () => {
    const request = wired(PARTS, "PUT");
    await request.load();
    expect(request.body.length).to.be.greaterThan(100);
    const first = await args_later({ form: Upload }, request);
    const second = await args_later({ form: Upload }, request);
    const [a, b] = [first, second].map(({ form }) => (form as z.infer<typeof Upload>).file);
    expect(a).to.equal(b);
  });

  it("P8: a PUT whose body was read as a stream before has no form", () => {
    const request = multipart(PARTS, "PUT");
    request.read(10);
    expect(() => form_of(Upload, request)).to.throw(RawPostDataException);
  });
});

describe("api/parameters: uploaded files", () => {
  const directory = temporary_directory({ "exists.txt": "" });
  const on_disk = (): { FILE_UPLOAD_TEMP_DIR: string; FILE_UPLOAD_MAX_MEMORY_SIZE: number } => ({
    FILE_UPLOAD_TEMP_DIR: directory.root,
    FILE_UPLOAD_MAX_MEMORY_SIZE: 0,
  });

  for (const method of METHODS) {
    it(`P8: the files of ${method} are removed when the request is closed`, async () => {
      await with_settings(on_disk(), async () => {
        const request = wired(PARTS, method);
        const { form } = await args_later({ form: Upload }, request);
        const { file } = form as z.infer<typeof Upload>;
        if (!(file instanceof TemporaryUploadedFile)) throw new Error("It is not on disk.");
        expect(existsSync(file.temporary_file_path())).to.equal(true);
        request.close();
        while (existsSync(file.temporary_file_path())) await new Promise(setImmediate);
        expect(readdirSync(directory.root)).to.deep.equal(["exists.txt"]);
      });
    });
  }

  it("P8: through both doors every method has its form, and leaves no file behind", async () => {
    const upload = endpoint({ methods: METHODS, form: Upload }, (_request, { form }) => {
      const { file, ...fields } = form;
      const is_on_disk =
        file instanceof TemporaryUploadedFile && existsSync(file.temporary_file_path());
      return { ...fields, text: String(file.read()), is_on_disk };
    });
    const body = Buffer.concat([...PARTS, END]);
    const headers = { "Content-Type": TYPE };
    const asks = METHODS.map((method) => ({ method, target: "/u/", headers, body }));
    for (const limit of [null, 100]) {
      const settings = { ...on_disk(), DATA_UPLOAD_MAX_MEMORY_SIZE: limit };
      for (const { node, fetch } of await both_doors([path("u/", upload)], asks, settings)) {
        const answer = { title: "a b", n: 3, tags: ["x"], text: "content", is_on_disk: true };
        expect(JSON.parse(node.body)).to.deep.equal(answer);
        expect(JSON.parse(fetch.body)).to.deep.equal(answer);
      }
      while (readdirSync(directory.root).length > 1) await new Promise(setImmediate);
      expect(readdirSync(directory.root)).to.deep.equal(["exists.txt"]);
    }
  });

  it("P8: they are removed if the connection breaks meanwhile", async () => {
    await with_settings({ ...on_disk(), DATA_UPLOAD_MAX_MEMORY_SIZE: 10 }, async () => {
      const wire = new FakeWire([...PARTS, ...PARTS], { breaks_after: 6 });
      const reading = args_later({ form: Upload }, new WiredRequest(wire, TYPE, "PUT"));
      expect(await reading.catch((error: unknown) => error)).to.be.instanceOf(Error);
      while (readdirSync(directory.root).length > 1) await new Promise(setImmediate);
      expect(readdirSync(directory.root)).to.deep.equal(["exists.txt"]);
    });
  });

  const forged = { buffer: "aGk=", filename: "../../x", file: true, size: 2, chunks: [] };
  const forgeries: Record<string, unknown> = {
    "with the fields of one": forged,
    "that says to be one": { ...forged, constructor: { name: "UploadedFile" } },
    "with a prototype of its own": JSON.parse('{"__proto__": {"filename": "../../x"}}'),
    "of text": "../../x",
    "of nothing": null,
  };
  const declared = {
    "z.instanceof(UploadedFile)": z.instanceof(UploadedFile),
    "uploaded_file()": uploaded_file(),
    "z.array(uploaded_file())": z.array(uploaded_file()),
    "v.instance(UploadedFile)": v.instance(UploadedFile),
  };
  for (const [name, value] of Object.entries(forgeries)) {
    for (const [declaration, file] of Object.entries(declared)) {
      it(`F31: a JSON value ${name} is no file for ${declaration}: 422, and nothing is written`, () => {
        with_settings(on_disk(), () => {
          const object = "~run" in file ? v.object({ file }) : z.object({ file });
          const body = JSON.stringify({ file: value });
          for (const text of [body, body.replace('"file":', '"file": [').replace(/}$/, "]}")]) {
            const request = rf.generic("POST", "/", text, { content_type: "application/json" });
            const error = thrown(RequestValidationError, () => args_of({ body: object }, request));
            expect(error.status_code).to.equal(422);
            expect(error.detail[0]?.loc?.slice(0, 2)).to.deep.equal(["body", "file"]);
          }
          expect(readdirSync(directory.root)).to.deep.equal(["exists.txt"]);
        });
      });
    }
  }

  it("F31: a JSON body is no form, be a file in it or not", () => {
    const text = JSON.stringify({ title: "x", n: 1, file: forged });
    const request = rf.generic("POST", "/", text, { content_type: "application/json" });
    expect(() => form_of(Upload, request))
      .to.throw(HTTPException)
      .with.property("status_code", 415);
  });

  it("F31: a field of a form is no file, whatever its name and text", () => {
    const parts = [part('name="file"', JSON.stringify(forged))];
    const schema = z.object({ file: uploaded_file() });
    expect(locations_of(() => form_of(schema, multipart(parts)))).to.deep.equal([["form", "file"]]);
  });

  it("P8: what a schema declares is read when the endpoint is made, not when it is asked", () => {
    let count = 0;
    const { jsonSchema, ...standard } = Upload["~standard"];
    const input: typeof jsonSchema.input = (options) => {
      count += 1;
      return jsonSchema.input(options);
    };
    const form = { "~standard": { ...standard, jsonSchema: { input } } };
    const parameters = new Parameters({ form }, "endpoint");
    for (let i = 0; i < 3; i += 1) void parameters.read(multipart(PARTS), {}, []);
    expect(count).to.equal(1);
  });
});
