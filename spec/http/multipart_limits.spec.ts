/** Specification of multipart forms: limits, and values in base64. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent } from "nuages/core/exceptions";
import { MultiPartParserError } from "nuages/http/multipartparser";
import { override_settings } from "nuages/test/utils";
import { cpu_time } from "../support/cpu_time.ts";
import { END, part, request_of, TYPE } from "../support/multipart.ts";
import { FakeWire, WiredRequest } from "../support/wire.ts";

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
