/** The Fetch door: streams, in and out, to their end or not. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import {
  FileResponse,
  type HttpRequest,
  HttpResponse,
  JsonResponse,
  StreamingHttpResponse,
} from "nuages/http";
import { deferred_upload } from "nuages/views/decorators/upload";
import { counting_site } from "../../support/counting.ts";
import { fetch_request } from "../../support/doors.ts";
import { type AnyView, ask, counted_body, status_of, upload } from "../../support/fetch_door.ts";
import { temporary_directory } from "../../support/files.ts";
import { quiet } from "../../support/log.ts";
import { MiB, descriptors_closed, open_descriptors } from "../../support/resources.ts";
import { gate, ticks, turns, until } from "../../support/turns.ts";

describe("core/handlers/fetch: streams", () => {
  it("streams a body over the limit to the view, in the pieces in which it comes", async () => {
    const given = ["one ", "two ", "three"];
    const body = new ReadableStream({
      pull(controller) {
        const next = given.shift();
        if (next === undefined) controller.close();
        else controller.enqueue(Buffer.from(next));
      },
    });
    const view = async (request: HttpRequest): Promise<HttpResponse> => {
      const seen: string[] = [];
      for await (const chunk of request) seen.push(chunk.toString());
      return new JsonResponse(seen, { safe: false });
    };
    const settings = { DATA_UPLOAD_MAX_MEMORY_SIZE: 5 };
    const seen = await ask(view, upload(body), (response) => response.json(), { settings });
    expect(seen).to.deep.equal(["one ", "two ", "three"]);
  });

  it("streams a body out as it comes in", async () => {
    const more = gate();
    async function* parts(): AsyncGenerator<Uint8Array> {
      yield Buffer.from("one ");
      await more.promise;
      yield Buffer.from("two");
    }
    const view = deferred_upload((request: HttpRequest) => new StreamingHttpResponse(request));
    const request = upload(ReadableStream.from(parts()));
    await ask(view as AnyView, request, async (response) => {
      const reader = response.body?.getReader();
      expect(Buffer.from((await reader?.read())?.value ?? []).toString()).to.equal("one ");
      more.open();
      expect(Buffer.from((await reader?.read())?.value ?? []).toString()).to.equal("two");
      expect((await reader?.read())?.done).to.equal(true);
    });
  });
});

describe("core/handlers/fetch security: streams", () => {
  quiet();
  const files = temporary_directory({ "large.bin": Buffer.alloc(3 * MiB, "large ") });

  /** A stream whose end is noted. */
  function ticking(): { readonly response: StreamingHttpResponse; readonly closed: () => number } {
    let closed = 0;
    const response = new StreamingHttpResponse(ticks(() => closed++));
    response._resource_closers.push(() => closed++);
    return { response, closed: () => closed };
  }

  it("B8: ends the generator when the request is aborted while its answer streams", async () => {
    const controller = new AbortController();
    const request = new Request("http://testserver/", { signal: controller.signal });
    const { response, closed } = ticking();
    await ask(
      () => response,
      request,
      async ({ body }) => {
        const reader = body?.getReader();
        await reader?.read();
        controller.abort(new Error("gone"));
        const error: unknown = await reader?.read().catch((caught: unknown) => caught);
        expect(String(error)).to.contain("gone");
        await until(() => closed() === 2);
        expect(closed()).to.equal(2);
      },
    );
  });

  it("B8: ends the generator when the runtime cancels the answer", async () => {
    const { response, closed } = ticking();
    await ask(
      () => response,
      "/",
      async ({ body }) => {
        const reader = body?.getReader();
        await reader?.read();
        await reader?.cancel();
        await until(() => closed() === 2);
        expect(closed()).to.equal(2);
      },
    );
  });

  it("B8: ends the generator at once when the request was aborted before", async () => {
    const { response, closed } = ticking();
    const request = new Request("http://testserver/", { signal: AbortSignal.abort() });
    await ask(
      () => response,
      request,
      async ({ body }) => {
        await body
          ?.getReader()
          .read()
          .catch(() => undefined);
        await until(() => closed() === 2);
        expect(closed()).to.equal(2);
      },
    );
  });

  for (const type of [
    "application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=b",
  ]) {
    it(`B8: fails to load a body of type ${type} that breaks off, and runs no view`, async () => {
      const { view, calls } = counting_site();
      let given = 0;
      const body = new ReadableStream({
        pull(controller) {
          if (given++ === 0)
            controller.enqueue(
              Buffer.from("--b\r\nContent-Disposition: form-data; name=f; filename=f\r\n\r\nabc"),
            );
          else controller.error(new Error("the client is gone"));
        },
      });
      expect(await ask(view, upload(body, { "Content-Type": type }), status_of)).to.equal(400);
      expect(calls).to.deep.equal([]);
    });
  }

  it("gives up a body that nobody reads", async () => {
    const body = counted_body("", 1, "");
    const view = deferred_upload(() => new HttpResponse("early"));
    await ask(view as AnyView, upload(body.stream), status_of);
    await turns();
    expect(body.is_cancelled).to.equal(true);
    expect(body.pulled).to.be.lessThan(65_536 * 2);
  });

  it("pulls nothing that nobody reads", async () => {
    let pulled = 0;
    function* much(): Generator<string> {
      for (;;) {
        pulled++;
        yield "x".repeat(65_536);
      }
    }
    await ask(
      () => new StreamingHttpResponse(much()),
      "/",
      async ({ body }) => {
        await turns(5);
        expect(pulled).to.equal(1); // the first chunk tells whether there is an answer at all
        const reader = body?.getReader();
        await reader?.read();
        await turns(5);
        expect(pulled).to.be.lessThan(4);
        await reader?.cancel();
      },
    );
  });

  const wrong: [what: string, make: () => StreamingHttpResponse][] = [
    [
      "fails after the first chunk",
      () =>
        new StreamingHttpResponse(
          (function* (): Generator<string> {
            yield "x".repeat(40_000);
            throw new Error("dry");
          })(),
        ),
    ],
    [
      "is shorter than announced",
      () => new StreamingHttpResponse(["abc"], { headers: { "Content-Length": 10 } }),
    ],
    [
      "is longer than announced",
      () => new StreamingHttpResponse(["abc"], { headers: { "Content-Length": 2 } }),
    ],
  ];
  for (const [what, make] of wrong) {
    it(`breaks off a stream that ${what}, and closes it once`, async () => {
      let closed = 0;
      const view = (): HttpResponse => {
        const response = make();
        response._resource_closers.push(() => closed++);
        return response as never;
      };
      const error = await ask(view, "/", (response) =>
        response.text().catch((caught: unknown) => caught),
      );
      expect(error).to.be.instanceOf(Error);
      expect(closed).to.equal(1);
    });
  }

  it("gives 500 when a stream fails before its first chunk, even after a while", async () => {
    async function* failing(): AsyncGenerator<string> {
      yield await turns(3).then(() => Promise.reject(new Error("dry")));
    }
    const view = (): StreamingHttpResponse => new StreamingHttpResponse(failing());
    expect(await ask(view, "/", status_of)).to.equal(500);
  });

  it("sends a file, and closes it: read whole, cancelled, or not at all", async () => {
    const view = (): Promise<FileResponse> => FileResponse.from_path(files.path("large.bin"));
    const before = open_descriptors();
    const size = await ask(
      view,
      "/",
      async (response) => (await response.arrayBuffer()).byteLength,
    );
    expect(size).to.equal(3 * MiB);
    await ask(view, "/", (response) => response.body?.cancel());
    await ask(view, fetch_request({ method: "HEAD", target: "/" }), status_of);
    await descriptors_closed(before);
  });

  it("breaks off when a file becomes shorter", async () => {
    const view = async (): Promise<FileResponse> => {
      const response = await FileResponse.from_path(files.path("large.bin"));
      const source = response._file_source();
      return Object.assign(response, {
        _file_source: () => source && { ...source, start: source.start + 10 },
      });
    };
    const error = await ask(view, "/", (response) =>
      response.arrayBuffer().catch((caught: unknown) => caught),
    );
    expect(String(error)).to.contain("shorter");
  });
});
