/** Of ordinary input the well-known packages say the same as we do; where Django differs from them, so do we. */
import { once } from "node:events";
import busboy from "busboy";
import { expect } from "chai";
import { parseCookie } from "cookie";
import { describe, it } from "mocha";
import Negotiator from "negotiator";
import { parse_cookie } from "nuages/http";
import { RequestFactory } from "nuages/test";
import { BOUNDARY, encode_multipart, MULTIPART_CONTENT } from "nuages/test/client";

const factory = new RequestFactory();

describe("http: beside the packages of the same purpose", () => {
  it("reads the fields and files of a well-formed form as busboy does", async () => {
    const file = {
      name: "notes.txt",
      content_type: "text/plain",
      read: () => Buffer.from("a\r\nb\n"),
    };
    const data = { title: "caf\u00e9", tags: ["x", "y"], empty: "", file };
    const body = encode_multipart(BOUNDARY, data);

    const fields: [string, string][] = [];
    const files: [string, string, string][] = [];
    const parser = busboy({ headers: { "content-type": MULTIPART_CONTENT } });
    parser.on("field", (name, value) => fields.push([name, value]));
    parser.on("file", (name, stream, { filename }: { filename?: string }) => {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => files.push([name, filename ?? "", Buffer.concat(chunks).toString()]));
    });
    parser.end(body);
    await once(parser, "close");

    const request = factory.post("/", body, { content_type: `${MULTIPART_CONTENT}; x=1` });
    const own = [...request.POST.lists()].flatMap(([name, values]) =>
      values.map((value): [string, string] => [name, value]),
    );
    expect(own).to.deep.equal(fields);
    const upload = request.FILES.getitem("file");
    expect([["file", String(upload.name), upload.read().toString()]]).to.deep.equal(files);
  });

  it("reads an ordinary Cookie header as cookie does", () => {
    const header = "theme=dark; lang=fr; cart=1-2-3; _ga=GA1.1.1234.5678";
    expect({ ...parse_cookie(header) }).to.deep.equal({ ...parseCookie(header) });
  });

  const accepts = [
    "text/html",
    "text/*;q=0.5, application/json",
    "*/*",
    "application/xml, text/html;q=0.9, */*;q=0.1",
  ];
  for (const accept of accepts) {
    it(`prefers of ${accept} what negotiator prefers`, () => {
      const offers = ["application/json", "text/html"];
      const request = factory.get("/", null, { headers: { Accept: accept } });
      const wanted = new Negotiator({ headers: { accept } }).mediaType(offers);
      expect(request.get_preferred_type(offers)).to.equal(wanted);
    });
  }
});
