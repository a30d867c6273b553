import { expect } from "chai";
import { expectTypeOf } from "expect-type";
import { describe, it } from "mocha";
import { NotAcceptable, ResponseValidationError } from "nuages/api/exceptions";
import { file, FileKind, type FileOptions, send_file } from "nuages/api/files";
import { Reply } from "nuages/api/responses";
import type { Returns } from "nuages/api/spec";
import { ImproperlyConfigured } from "nuages/core/exceptions";
import { FileResponse, type FileResponseOptions, HttpResponse } from "nuages/http";
import { accepting, thrown } from "../support/api_requests.ts";
import { temporary_directory } from "../support/files.ts";

function pdf(options: FileResponseOptions = {}): FileResponse {
  return new FileResponse(Buffer.from("%PDF"), { content_type: "application/pdf", ...options });
}

describe("api/files: file()", () => {
  const files = temporary_directory({ "a.txt": "0123456789" });

  it("declares nothing by default", () => {
    const kind = file();
    expect(kind).to.be.instanceOf(FileKind);
    expect([kind.content_types, kind.status]).to.deep.equal([[], 200]);
    expectTypeOf<Returns<{ response: FileKind }>>().toEqualTypeOf<FileResponse>();
  });

  it("N1: takes one type or a list", () => {
    expect(file({ content_type: "image/png" }).content_types).to.deep.equal(["image/png"]);
    const types = ["image/png", "image/webp"];
    expect(file({ content_type: types }).content_types).to.deep.equal(types);
  });

  const wrong: FileOptions[] = [
    { content_type: "pdf" },
    { content_type: ["image/png", ""] },
    { status: 204 },
    { status: 101 },
    { status: 200.5 },
  ];
  for (const options of wrong) {
    it(`refuses ${JSON.stringify(options)}`, () => {
      expect(() => file(options)).to.throw(ImproperlyConfigured);
    });
  }

  it("R11: the value must be a FileResponse", () => {
    const kind = file();
    const response = pdf();
    expect(kind.to_response(response)).to.equal(response);
    for (const other of ["%PDF", Buffer.from("%PDF"), new HttpResponse("%PDF"), new Reply(), null])
      expect(kind.to_response(other)).to.equal(undefined);
    const error = thrown(ResponseValidationError, () => kind.check(new HttpResponse("%PDF")));
    expect(error.validation_errors.map(({ type }) => type)).to.deep.equal(["file_type"]);
  });

  const typed: [content_type: string | string[], actual: string, fits: boolean][] = [
    ["application/pdf", "application/pdf", true],
    ["Application/PDF", "application/pdf", true],
    ["application/pdf", "text/plain", false],
    ["application/pdf", "application/pdfx", false],
    [["text/csv", "application/pdf"], "application/pdf", true],
    [["text/csv", "text/plain"], "application/pdf", false],
    ["text/csv", "text/csv; charset=utf-8", true],
    ["text/csv; charset=utf-8", "text/csv; charset=utf-8", true],
    ["text/csv; charset=utf-8", "text/csv", false],
    ["image/*", "image/png", true],
    ["image/*", "text/plain", false],
    [[], "anything/at-all", true],
  ];
  for (const [content_type, actual, fits] of typed) {
    it(`R11: ${actual} ${fits ? "fits" : "does not fit"} ${JSON.stringify(content_type)}`, () => {
      const check = (): void => file({ content_type }).check(pdf({ content_type: actual }));
      if (fits) return check();
      const { validation_errors } = thrown(ResponseValidationError, check);
      expect(validation_errors.map(({ loc }) => loc)).to.deep.equal([["headers", "Content-Type"]]);
    });
  }

  it("R11: the required headers must be there, and more are fine", () => {
    const kind = file({
      as_attachment: true,
      headers: { "X-Pages": { required: true }, "X-Other": { description: "perhaps" } },
    });
    kind.check(pdf({ as_attachment: true, headers: { "x-pages": 3, "X-More": "x" } }));
    const bare = pdf();
    bare.delete("Content-Length");
    const { validation_errors } = thrown(ResponseValidationError, () => kind.check(bare));
    expect(validation_errors.map(({ loc }) => loc?.[1])).to.deep.equal([
      "Content-Length",
      "Content-Disposition",
      "X-Pages",
    ]);
  });

  it("R11: what send_file makes has what is required", async () => {
    const kind = file({ content_type: "text/plain", as_attachment: true });
    const response = await send_file(files.path("a.txt"), { as_attachment: true });
    kind.check(response);
    thrown(ResponseValidationError, () => file({ content_type: "image/png" }).check(response));
    response.close();
  });

  const taken: [accept: string | undefined, taken: boolean][] = [
    [undefined, true],
    ["", true],
    ["application/pdf", true],
    ["text/html, */*;q=0.1", true],
    ["text/html", false],
    ["application/pdf;q=0", false],
  ];
  for (const [accept, is_taken] of taken) {
    it(`N7: of a file of any type, application/pdf ${is_taken ? "passes" : "is a 406"} with Accept: ${accept ?? "absent"}`, () => {
      const check = (): void => file().check_accepted(accepting(accept), pdf());
      if (is_taken) expect(check).to.not.throw();
      else
        expect(thrown(NotAcceptable, check).extra).to.deep.equal({
          available: ["application/pdf"],
        });
    });
  }

  it("N7: a file with declared types was negotiated before", () => {
    const kind = file({ content_type: "application/pdf" });
    kind.check_accepted(accepting("text/html"), pdf());
  });

  it("gives what send_file made without a status the declared one", async () => {
    const kind = file({ status: 201 });
    const [open, own] = await Promise.all([
      send_file(files.path("a.txt")),
      send_file(files.path("a.txt"), { status: 200 }),
    ]);
    expect(kind.to_response(open)?.status_code).to.equal(201);
    expect(kind.to_response(own)?.status_code).to.equal(200);
    expect(kind.to_response(pdf())?.status_code).to.equal(200);
    open.close();
    own.close();
  });

  it("O9: the document has the headers that are checked, and what was declared", () => {
    const options: FileOptions = {
      as_attachment: true,
      description: "The report",
      headers: { "Content-Disposition": { description: "its name" }, "X-Pages": {} },
      cookies: { seen: { description: "was it" } },
      links: { next: { operationId: "next" } },
      schema: { type: "string", contentMediaType: "application/pdf" },
    };
    const { headers, ...rest } = file(options).describe();
    const { cookies, description, links, schema } = options;
    expect(rest).to.deep.equal({ format: "file", cookies, description, links, schema });
    expect(headers).to.deep.equal({
      "Content-Length": { required: true },
      "Content-Disposition": { description: "its name", required: true },
      "X-Pages": {},
    });
    expect(file().describe().headers).to.deep.equal({ "Content-Length": { required: true } });
  });
});
