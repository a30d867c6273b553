/** Specification of the request factories and of what they send, beyond the recorded scripts. @module */
import { AssertionError } from "node:assert";
import { expect } from "chai";
import { describe, it } from "mocha";
import { AttributeError, ValueError } from "nuages/core/exceptions";
import { ContentFile } from "nuages/core/files";
import { SimpleUploadedFile } from "nuages/core/files/uploadedfile";
import { JsonResponse } from "nuages/http";
import { AsyncRequestFactory, RequestFactory } from "nuages/test";
import { BOUNDARY, encode_file, encode_multipart, FakePayload } from "nuages/test/client";

const rf = new RequestFactory();

describe("test: RequestFactory", () => {
  it("sends a form with files, read again by the request", () => {
    const file = new SimpleUploadedFile("dir/x.txt", "data");
    const request = rf.post("/", { a: ["1", "é"], f: file, n: 5 });
    expect([...request.POST.lists()]).to.deep.equal([["a", ["1", "é"]], ["n", ["5"]]]); // prettier-ignore
    expect(String(request.FILES.get("f")?.read())).to.equal("data");
  });

  it("puts options that it does not know into META", () => {
    const factory = new RequestFactory({ REMOTE_ADDR: "198.51.100.7", headers: { "X-A": "1" } });
    const { META } = factory.get("/", null, { SERVER_NAME: "a.example" });
    expect([META.REMOTE_ADDR, META.SERVER_NAME, META.HTTP_X_A]).to.deep.equal([
      "198.51.100.7",
      "a.example",
      "1",
    ]);
    expect(Object.getPrototypeOf(META)).to.equal(null);
  });

  it("sends its cookies, sorted by name", () => {
    const factory = new RequestFactory();
    factory.cookies.set("b", "2");
    factory.cookies.set("a", "1");
    expect(factory.get("/").META.HTTP_COOKIE).to.equal("a=1; b=2");
  });

  it("writes JSON with the encoder it is given", () => {
    const Encoder = class extends new RequestFactory().json_encoder {
      override default(): string {
        return "made";
      }
    };
    const request = new RequestFactory({ json_encoder: Encoder }).post("/", { a: new JsonResponse({}) }, {
      content_type: "application/json",
    }); // prettier-ignore
    expect(String(request.body)).to.equal('{"a": "made"}');
  });

  it("refuses two queries, and a form that is none", () => {
    expect(() => rf.get("/", { a: 1 }, { query_params: { b: 2 } })).to.throw(ValueError);
    expect(() => rf.post("/", 5)).to.throw(AttributeError);
    expect(() => rf.post("/", { a: null })).to.throw(TypeError, "'a'");
  });
});

describe("test: AsyncRequestFactory", () => {
  it("has META as ASGI has it; its options are headers", () => {
    const factory = new AsyncRequestFactory({ x_kept: "k" });
    const { META } = factory.get("/x", null, { X_Custom: "1", "Content-Type": "a/b" });
    expect(META.HTTP_X_CUSTOM).to.equal("1");
    expect([META["HTTP_X_KEPT"], META["x_kept"]]).to.deep.equal(["k", undefined]);
    expect(META.CONTENT_TYPE).to.equal("a/b");
    expect([META.REMOTE_ADDR, META["REMOTE_HOST"]]).to.deep.equal(["127.0.0.1", "127.0.0.1"]);
    expect(META.SERVER_PROTOCOL).to.equal(undefined);
    expect(factory.get("/x").get_host()).to.equal("testserver");
  });
});

describe("test/client: FakePayload", () => {
  it("is read once and no further than its end", () => {
    const payload = new FakePayload("one\ntwo");
    payload.write("!");
    expect(payload.size).to.equal(8);
    expect(String(payload.readline())).to.equal("one\n");
    expect(String(payload.read(2))).to.equal("tw");
    expect(() => payload.read(3)).to.throw(AssertionError);
    expect(() => payload.write("more")).to.throw(ValueError);
    expect(String(payload.read())).to.equal("o!");
  });
});

describe("test/client: encode_file", () => {
  const types: [name: string, type: string][] = [
    ["x.txt", "text/plain"],
    ["x.unknown", "application/octet-stream"],
    ["x.json", "application/json"],
  ];
  for (const [name, type] of types) {
    it(`guesses the type of ${name}`, () => {
      const lines = encode_file(BOUNDARY, "f", new ContentFile("data", { name }));
      expect(lines.map(String)[2]).to.equal(`Content-Type: ${type}`);
    });
  }

  it("calls a file without a name after its field", () => {
    expect(String(encode_multipart("B", { f: { read: () => "data" } }))).to.contain('filename="f"');
  });
});
