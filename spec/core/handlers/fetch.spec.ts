import { expect } from "chai";
import { describe, it } from "mocha";
import type { Settings } from "nuages/conf";
import { TemporaryUploadedFile } from "nuages/core/files/uploadedfile";
import { get_fetch_application } from "nuages/core/handlers";
import type { FetchApplicationOptions, FetchInfo } from "nuages/core/handlers/fetch";
import { ImproperlyConfigured } from "nuages/core/exceptions";
import { request_finished, request_started } from "nuages/core/signals";
import {
  FileResponse,
  type HttpRequest,
  HttpResponse,
  HttpResponseNotModified,
  JsonResponse,
  StreamingHttpResponse,
} from "nuages/http";
import { reverse } from "nuages/urls";
import { path, re_path } from "nuages/urls";
import { deferred_upload } from "nuages/views/decorators/upload";
import { counting_site } from "../../support/counting.ts";
import { cpu_time_of } from "../../support/cpu_time.ts";
import { fetch_request } from "../../support/doors.ts";
import { temporary_directory } from "../../support/files.ts";
import { logged, quiet } from "../../support/log.ts";
import { open_descriptors, resident } from "../../support/resources.ts";
import { with_settings } from "../../support/settings.ts";
import { gate, turns, until } from "../../support/turns.ts";

const MiB = 1_048_576;

type AnyView = (request: HttpRequest) => unknown;

interface Given {
  settings?: Partial<Settings>;
  info?: FetchInfo;
  options?: FetchApplicationOptions;
}

/** What this view, at any path, answers; `read` has the settings still in force. */
async function ask<T>(
  view: AnyView,
  request: Request | string,
  read: (response: Response) => T | Promise<T>,
  { settings = {}, info, options }: Given = {},
): Promise<T> {
  const urlpatterns = [re_path(/^.*$/s, view as () => HttpResponse)];
  const site = { ALLOWED_HOSTS: ["*"], ROOT_URLCONF: { urlpatterns }, ...settings };
  return with_settings(site, async () => {
    const given = typeof request === "string" ? fetch_request({ target: request }) : request;
    return read(await get_fetch_application(options)(given, info));
  });
}

const status_of = (response: Response): number => response.status;

describe("core/handlers/fetch: answers", () => {
  it("gives status, phrase, headers and text", async () => {
    const view = (): HttpResponse =>
      new HttpResponse("caf\u00e9", { status: 201, headers: { "X-App": "spec" } });
    await ask(view, "/", async (response) => {
      expect([response.status, response.statusText]).to.deep.equal([201, "Created"]);
      expect([...response.headers]).to.deep.equal([
        ["content-length", "5"],
        ["content-type", "text/html; charset=utf-8"],
        ["x-app", "spec"],
      ]);
      expect(await response.text()).to.equal("caf\u00e9");
    });
  });

  it("gives text without a type none", async () => {
    const view = (): HttpResponse => {
      const response = new HttpResponse("text");
      response.delete("Content-Type");
      return response;
    };
    const type = await ask(view, "/", ({ headers }) => headers.get("content-type"));
    expect(type).to.equal(null);
  });

  it("gives a promise, also where there is nothing to wait for", async () => {
    await with_settings(
      { ROOT_URLCONF: { urlpatterns: counting_site().urlpatterns } },
      async () => {
        const answer = get_fetch_application()(fetch_request({ target: "/" }));
        expect(answer).to.be.instanceOf(Promise);
        expect((await answer).status).to.equal(200);
      },
    );
  });

  it("sends request_started before and request_finished after, once each", async () => {
    const seen: string[] = [];
    const started = (): void => void seen.push("started");
    const finished = (): void => void seen.push("finished");
    request_started.connect(started);
    request_finished.connect(finished);
    try {
      await ask(() => (seen.push("view"), new HttpResponse("")), "/", status_of);
    } finally {
      request_started.disconnect(started);
      request_finished.disconnect(finished);
    }
    expect(seen).to.deep.equal(["started", "view", "finished"]);
  });

  it("answers HEAD with the headers of GET and no body, and leaves a stream unread", async () => {
    let pulled = 0;
    let closed = 0;
    function* endless(): Generator<string> {
      for (;;) {
        pulled++;
        yield "x";
      }
    }
    const view = (request: HttpRequest): HttpResponse => {
      const response =
        request.path === "/stream"
          ? new StreamingHttpResponse(endless())
          : new HttpResponse("text");
      response._resource_closers.push(() => closed++);
      return response as HttpResponse;
    };
    const head = async (target: string): Promise<[string | null, string]> =>
      ask(view, fetch_request({ method: "HEAD", target }), async (response) => [
        response.headers.get("content-length"),
        await response.text(),
      ]);
    expect(await head("/text")).to.deep.equal(["4", ""]);
    expect(await head("/stream")).to.deep.equal([null, ""]);
    expect([pulled, closed]).to.deep.equal([0, 2]);
  });
});

describe("core/handlers/fetch: the request", () => {
  const told: [how: string, info: FetchInfo | undefined, address: string, port: string][] = [
    ["nobody", undefined, "", ""],
    ["Deno", { remoteAddr: { hostname: "192.0.2.1", port: 81 } }, "192.0.2.1", "81"],
    ["Bun", { requestIP: () => ({ address: "192.0.2.2", port: 82 }) }, "192.0.2.2", "82"],
    ["Bun, of a connection that is gone", { requestIP: () => null }, "", ""],
  ];
  for (const [how, info, address, port] of told) {
    it(`B9: has the client's address from ${how}, and never from a header`, async () => {
      const request = fetch_request({
        target: "/",
        headers: { "X-Forwarded-For": "127.0.0.1", Forwarded: "for=127.0.0.1" },
      });
      const given = info === undefined ? {} : { info };
      const view = ({ META }: HttpRequest): HttpResponse =>
        new JsonResponse([META.REMOTE_ADDR, META["REMOTE_PORT"]], { safe: false });
      expect(await ask(view, request, (response) => response.json(), given)).to.deep.equal([
        address,
        port,
      ]);
    });
  }

  it("is below FORCE_SCRIPT_NAME, if its path is", async () => {
    const view = (request: HttpRequest): HttpResponse =>
      new JsonResponse([request.META.SCRIPT_NAME, request.path_info, request.path, reverse(own)], {
        safe: false,
      });
    const own = "own";
    const urlpatterns = [path("own/", view, { name: own }), path("app/own/", view)];
    const settings = { FORCE_SCRIPT_NAME: "/app/", ROOT_URLCONF: { urlpatterns } };
    const json = (response: Response): Promise<unknown> => response.json();
    expect(await ask(view, "/app/own/", json, { settings })).to.deep.equal([
      "/app",
      "/own/",
      "/app/own/",
      "/app/own/",
    ]);
    expect(await ask(view, "/own/", json, { settings })).to.deep.equal([
      "",
      "/own/",
      "/own/",
      "/app/own/",
    ]);
  });

  it("has the runtime's own signal", async () => {
    const controller = new AbortController();
    const request = new Request("http://testserver/", { signal: controller.signal });
    let reason: unknown;
    const view = async ({ signal }: HttpRequest): Promise<HttpResponse> => {
      signal.addEventListener("abort", () => (reason = signal.reason));
      controller.abort("gone");
      await turns();
      return new HttpResponse("");
    };
    await ask(view, request, status_of);
    expect(reason).to.equal("gone");
  });

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

  it("says so when something else has read the body", async () => {
    const request = fetch_request({ method: "POST", target: "/", body: "a=1" });
    await request.text();
    const records = await logged(async () => {
      expect(await ask(() => new HttpResponse(""), request, status_of)).to.equal(500);
    });
    const errors = records.map(({ error }) => (error instanceof Error ? error.message : ""));
    expect(errors.join()).to.match(/something else has read it already/);
  });

  it("gives up a body that falls silent, with 408", async () => {
    let cancelled = 0;
    const body = new ReadableStream({ cancel: () => void cancelled++ });
    const given = { options: { body_timeout: 20 } };
    const records = await logged(async () => {
      expect(await ask(() => new HttpResponse(""), upload(body), status_of, given)).to.equal(408);
    });
    expect(records.map(({ level }) => level)).to.deep.equal(["info"]);
    expect(cancelled).to.equal(1);
  });

  it("refuses a timeout that is none", () => {
    expect(() => get_fetch_application({ body_timeout: -1 })).to.throw(
      ImproperlyConfigured,
      "body_timeout",
    );
  });
});

/** A POST of a stream, whose length nobody announces unless the headers do. */
function upload(body: ReadableStream, headers: Record<string, string> = {}): Request {
  const init = { method: "POST", body, headers, duplex: "half" };
  return new Request("http://testserver/", init as RequestInit);
}

describe("core/handlers/fetch security: answers", () => {
  quiet();

  const bodiless: [what: string, make: () => HttpResponse, status: number][] = [
    ["204", () => new HttpResponse("", { status: 204 }), 204],
    ["204 with content", () => new HttpResponse("content", { status: 204 }), 204],
    ["205 with content", () => new HttpResponse("content", { status: 205 }), 205],
    ["304", () => new HttpResponseNotModified(), 304],
    ["a stream with 204", () => new StreamingHttpResponse(["a"], { status: 204 }) as never, 204],
  ];
  for (const [what, make, status] of bodiless) {
    it(`B1: gives ${what} without a body`, async () => {
      await ask(make, "/", (response) => {
        expect(response.status).to.equal(status);
        expect(response.body).to.equal(null);
      });
    });
  }

  for (const status of [101, 199, 600, 1000, Number.NaN]) {
    it(`B2: gives 500 for the status ${status}`, async () => {
      const view = (): HttpResponse => {
        const response = new HttpResponse("content");
        response.status_code = status;
        return response;
      };
      expect(await ask(view, "/", status_of)).to.equal(500);
    });
  }

  it("B3: keeps cookies apart", async () => {
    const view = (): HttpResponse => {
      const response = new HttpResponse("");
      response.set_cookie("a", "1", { expires: "Thu, 01 Jan 1970 00:00:00 GMT" });
      response.set_cookie("b", "2");
      return response;
    };
    const cookies = await ask(view, "/", ({ headers }) => headers.getSetCookie());
    expect(cookies).to.deep.equal([
      "a=1; expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/",
      "b=2; Path=/",
    ]);
  });

  it("B4: sends latin-1 as it is and anything else as RFC 2047 has it", async () => {
    const view = (): HttpResponse =>
      new HttpResponse("", { headers: { "X-A": "\u00e9", "X-B": "\u20ac" } });
    const values = await ask(view, "/", ({ headers }) => [headers.get("x-a"), headers.get("x-b")]);
    expect(values).to.deep.equal(["\u00e9", "=?utf-8?b?4oKs?="]);
  });

  it("B4: gives 500 for a value that no header can have", async () => {
    const view = (): HttpResponse => {
      const response = new HttpResponse("");
      response.set_cookie("a", "\u20ac");
      return response;
    };
    expect(await ask(view, "/", status_of)).to.equal(500);
  });

  const hosts: [host: string, status: number][] = [
    ["a/b", 400],
    ["[::1", 400],
    ["a b", 400],
    ["@", 400],
    ["", 400],
    ["a.example", 200],
  ];
  for (const [host, status] of hosts) {
    it(`B5: answers ${status} to a view that asks for the host ${JSON.stringify(host)}`, async () => {
      const request = new Request("http://other.example/", { headers: { Host: host } });
      let seen: string | undefined;
      const view = (given: HttpRequest): HttpResponse =>
        new HttpResponse((seen = given.get_host()));
      expect(await ask(view, request, status_of)).to.equal(status);
      expect(seen).to.equal(status === 200 ? host : undefined);
    });
  }

  it("B5: takes the host of the URL only where there is no header", async () => {
    const view = (request: HttpRequest): HttpResponse => new HttpResponse(request.get_host());
    const text = (response: Response): Promise<string> => response.text();
    expect(await ask(view, new Request("http://url.example:81/"), text)).to.equal("url.example:81");
    const headed = new Request("http://url.example/", { headers: { Host: "header.example" } });
    expect(await ask(view, headed, text)).to.equal("header.example");
  });

  const bodies: [type: string, start: string, end: string][] = [
    ["application/x-www-form-urlencoded", "a=", ""],
    ["application/json", '"', '"'],
    [
      "multipart/form-data; boundary=b",
      '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n',
      "\r\n--b--\r\n",
    ],
  ];
  for (const [type, start, end] of bodies) {
    for (const announced of [undefined, "10"]) {
      const said = announced === undefined ? "nothing" : `Content-Length: ${announced}`;
      it(`B6: stops a body of 100 MiB of type ${type} at the limit, when ${said} is announced`, async () => {
        const body = counted_body(start, 100, end);
        const headers = { "Content-Type": type, ...(announced && { "Content-Length": announced }) };
        const view = (request: HttpRequest): HttpResponse =>
          new HttpResponse(`${request.POST.size} ${request.body.length}`);
        const before = resident();
        expect(await ask(view, upload(body.stream, headers), status_of)).to.equal(400);
        expect(resident() - before).to.be.lessThan(16 * MiB);
        expect(body.pulled).to.be.lessThan(2_621_440 + 2 * 65_536);
        await turns();
        expect(body.is_cancelled).to.equal(true);
      });
    }
  }

  for (const announced of [undefined, "10"]) {
    it(`B6: puts a large file on disk, when ${announced ?? "nothing"} is announced`, async () => {
      const part = '--b\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n';
      const body = counted_body(part, 20, "\r\n--b--\r\n");
      const headers = {
        "Content-Type": "multipart/form-data; boundary=b",
        ...(announced && { "Content-Length": announced }),
      };
      const view = (request: HttpRequest): HttpResponse => {
        const file = request.FILES.get("f");
        expect(file).to.be.instanceOf(TemporaryUploadedFile);
        return new HttpResponse(String(file?.size));
      };
      const before = resident();
      const text = await ask(view, upload(body.stream, headers), (response) => response.text());
      expect(text).to.equal(String(20 * MiB));
      expect(resident() - before).to.be.lessThan(16 * MiB);
    });
  }

  const many = Array.from({ length: 100_000 }, (_, i): [string, string] => [`x-${i % 5000}`, "a"]);
  const heads: [what: string, headers: [string, string][]][] = [
    ["an Accept of 5 MB", [["Accept", "a".repeat(5_000_000)]]],
    ["a Cookie of 5 MB", [["Cookie", "a=b;".repeat(1_250_000)]]],
    ["100,000 fields", many],
    ["501 fields", Array.from({ length: 501 }, (_, i) => [`x-${i}`, "a"])],
  ];
  for (const [what, headers] of heads) {
    it(`B7: refuses ${what} with 431 before anything is parsed`, async () => {
      const { view, calls } = counting_site();
      const request = new Request("http://testserver/", { headers });
      expect(await ask(view, request, status_of)).to.equal(431);
      expect(await cpu_time_of(() => ask(view, request, status_of))).to.be.lessThan(50);
      expect(calls).to.deep.equal([]);
    });
  }

  it("B7, A20: takes 100,000 copies of one field for what they are: too long", async () => {
    const headers = new Headers();
    for (let i = 0; i < 100_000; i++) headers.append("x", "a");
    const request = new Request("http://testserver/", { headers });
    expect(await ask(() => new HttpResponse(""), request, status_of)).to.equal(431);
    expect(
      await cpu_time_of(() => ask(() => new HttpResponse(""), request, status_of)),
    ).to.be.lessThan(20);
  });
});

/** A body of so many MiB that notes what was pulled of it. */
function counted_body(
  start: string,
  mebibytes: number,
  end: string,
): { readonly stream: ReadableStream; readonly pulled: number; readonly is_cancelled: boolean } {
  const state = { pulled: 0, is_cancelled: false };
  const size = mebibytes * MiB;
  const chunk = Buffer.alloc(65_536, "a");
  let has_started = false;
  const stream = new ReadableStream(
    {
      pull(controller) {
        if (!has_started) {
          has_started = true;
          return controller.enqueue(Buffer.from(start));
        }
        if (state.pulled < size) {
          state.pulled += chunk.length;
          return controller.enqueue(chunk);
        }
        if (end !== "") controller.enqueue(Buffer.from(end));
        controller.close();
      },
      cancel() {
        state.is_cancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return Object.assign(state, { stream });
}

describe("core/handlers/fetch security: streams", () => {
  quiet();
  const files = temporary_directory({ "large.bin": Buffer.alloc(3 * MiB, "large ") });

  /** A stream whose end is noted. */
  function ticking(): { readonly response: StreamingHttpResponse; readonly closed: () => number } {
    let closed = 0;
    async function* ticks(): AsyncGenerator<string> {
      try {
        for (;;) {
          yield "tick\n";
          await turns();
        }
      } finally {
        closed++;
      }
    }
    const response = new StreamingHttpResponse(ticks());
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
    await until(() => open_descriptors() === before);
    expect(open_descriptors()).to.equal(before);
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
