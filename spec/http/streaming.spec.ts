import { once } from "node:events";
import { Readable } from "node:stream";
import { expect } from "chai";
import { expectTypeOf } from "expect-type";
import { describe, it } from "mocha";
import { BytesIO, File } from "nuages/core/files";
import { StreamingHttpResponse } from "nuages/http";

async function read(response: AsyncIterable<Buffer>): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of response) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

describe("http/response: StreamingHttpResponse", () => {
  it("ends a generator when reading stops early", () => {
    let ended = false;
    function* pieces(): Generator<string> {
      try {
        yield "a";
        yield "b";
      } finally {
        ended = true;
      }
    }
    for (const piece of new StreamingHttpResponse(pieces())) {
      expect(piece).to.deep.equal(Buffer.from("a"));
      break;
    }
    expect(ended).to.equal(true);
  });

  it("ends an asynchronous generator when reading stops early", async () => {
    let ended = false;
    async function* pieces(): AsyncGenerator<string> {
      try {
        yield "a";
        yield "b";
      } finally {
        ended = true;
      }
    }
    for await (const _ of new StreamingHttpResponse(pieces())) break;
    expect(ended).to.equal(true);
  });

  it("cancels a ReadableStream while a chunk of it is awaited", async () => {
    let is_cancelled = false;
    const stream = new ReadableStream({ cancel: () => void (is_cancelled = true) });
    const response = new StreamingHttpResponse(stream);
    const step = response.streaming_content.next();
    response.close();
    expect((await step).done).to.equal(true);
    expect(is_cancelled).to.equal(true);
  });

  for (const kind of ["synchronous", "asynchronous"]) {
    it(`ends a ${kind} generator that nobody read to its end when it is closed`, async () => {
      let ended = false;
      function* pieces(): Generator<string> {
        try {
          yield "a";
        } finally {
          ended = true;
        }
      }
      async function* later(): AsyncGenerator<string> {
        yield* pieces();
      }
      const response = new StreamingHttpResponse(kind === "synchronous" ? pieces() : later());
      const content = response.streaming_content;
      await content.next();
      response.close();
      await content.next();
      expect(ended).to.equal(true);
    });
  }

  it("reads a stream of Node, and destroys it when it is closed", async () => {
    const whole = Readable.from(["a", Buffer.from("b")]);
    expect(await read(new StreamingHttpResponse(whole))).to.equal("ab");
    const left = Readable.from(["a"]);
    const response = new StreamingHttpResponse(left);
    expect(response.is_async).to.equal(true);
    response.close();
    await once(left, "close");
    expect(left.destroyed).to.equal(true);
  });

  it("throws the error of a stream to its reader, even one from before it was read", async () => {
    const stream = new Readable({ read() {} });
    const response = new StreamingHttpResponse(stream);
    const closed = new Promise((resolve) => stream.once("close", resolve));
    stream.destroy(new Error("broken"));
    await closed;
    const error = await read(response).catch((reason: unknown) => reason);
    expect(error).to.have.property("message", "broken");
  });

  it("reads a stream of the Fetch standard, and cancels it when it is closed", async () => {
    let cancelled = false;
    const make = (): ReadableStream<string> =>
      new ReadableStream({
        pull: (controller) => controller.enqueue("a"),
        cancel: () => void (cancelled = true),
      });
    const response = new StreamingHttpResponse(make());
    const content = response.streaming_content;
    expect(await content.next()).to.deep.equal({ value: Buffer.from("a"), done: false });
    response.close();
    await content.next();
    expect(cancelled).to.equal(true);
  });

  const pieces: [piece: unknown, bytes: string][] = [
    [5, "5"],
    [null, "None"],
    [{ a: 1 }, "{'a': 1}"],
    ["\ud800", "\ufffd"],
    [new Uint8Array([104]).buffer, "h"],
  ];
  for (const [piece, bytes] of pieces) {
    it(`sends ${JSON.stringify(piece)} as ${JSON.stringify(bytes)}`, () => {
      expect(new StreamingHttpResponse([piece]).getvalue().toString()).to.equal(bytes);
    });
  }

  it("is not iterable by for … of while its content is asynchronous", () => {
    async function* none(): AsyncGenerator<string> {}
    const response = new StreamingHttpResponse(none());
    expect(() => [...response]).to.throw(TypeError, "not iterable");
    response.streaming_content = ["a"];
    expect([...response]).to.deep.equal([Buffer.from("a")]);
  });

  it("counts what can be read both ways as synchronous, and sends it without blocking", async () => {
    const file = new File(new BytesIO(Buffer.from("abc")));
    const response = new StreamingHttpResponse(file.chunks(2));
    expect(response.is_async).to.equal(false);
    const chunks = response._wire_chunks();
    expect(Symbol.asyncIterator in chunks).to.equal(true);
    expect(await read(response)).to.equal("abc");
  });

  it("refuses what cannot be iterated", () => {
    // @ts-expect-error -- a number has no items
    expect(() => new StreamingHttpResponse(5)).to.throw(TypeError, "5");
  });

  it("is told from other responses by its type", () => {
    const response = new StreamingHttpResponse();
    expectTypeOf(response.streaming).toEqualTypeOf<true>();
    expect(response.streaming).to.equal(true);
    expect([...response]).to.deep.equal([]);
  });
});
