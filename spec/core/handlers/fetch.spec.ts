/** The Fetch door: requests in, answers out. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { get_fetch_application } from "nuages/core/handlers";
import type { FetchInfo } from "nuages/core/handlers/fetch";
import { request_finished, request_started } from "nuages/core/signals";
import {
  type HttpRequest,
  HttpResponse,
  HttpResponseNotModified,
  JsonResponse,
  StreamingHttpResponse,
} from "nuages/http";
import { path, reverse } from "nuages/urls";
import { counting_site } from "../../support/counting.ts";
import { fetch_request } from "../../support/doors.ts";
import { ask, status_of } from "../../support/fetch_door.ts";
import { logged, quiet } from "../../support/log.ts";
import { with_settings } from "../../support/settings.ts";
import { turns } from "../../support/turns.ts";

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

  it("is below a FORCE_SCRIPT_NAME outside of ASCII, or percent-encoded in another way", async () => {
    const view = ({ META, path_info, path: whole }: HttpRequest): HttpResponse =>
      new JsonResponse([META.SCRIPT_NAME, path_info, whole], { safe: false });
    const settings = { FORCE_SCRIPT_NAME: "/über", ROOT_URLCONF: [path("own/", view)] };
    for (const sent of ["/über/own/", "/%C3%BCber/own/", "/%C3%BCb%65r/own/"])
      expect(
        await ask(view, sent, (response) => response.json(), { settings }),
        sent,
      ).to.deep.equal(["/über", "/own/", "/über/own/"]);
  });

  const targets: [url: string, path: string, query: string][] = [
    ["http://testserver/a/b/?c=/d?e", "/a/b/", "c=/d?e"],
    ["http://t/?", "/", ""],
    ["https://t//a/b", "//a/b", ""],
    ["http://testserver/a#b?c", "/a", ""],
    ["http://testserver/a?b#c", "/a", "b"],
    ["/a/b/c/d/e/f?g", "/a/b/c/d/e/f", "g"], // what Bun says of a request without a host
    ["//a/b", "//a/b", ""],
    ["testserver:80", "/", ""], // and of CONNECT
  ];
  for (const [url, expected, query] of targets) {
    it(`reads the path and the query of ${url}`, async () => {
      const request = Object.defineProperty(fetch_request({ target: "/" }), "url", { value: url });
      const view = ({ path: seen, META }: HttpRequest): HttpResponse =>
        new JsonResponse([seen, META.QUERY_STRING], { safe: false });
      const seen: unknown = await ask(view, request, (response) => response.json());
      expect(seen).to.deep.equal([expected, query]);
    });
  }

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

  it("says so when something else has read the body", async () => {
    const request = fetch_request({ method: "POST", target: "/", body: "a=1" });
    await request.text();
    const records = await logged(async () => {
      expect(await ask(() => new HttpResponse(""), request, status_of)).to.equal(500);
    });
    const errors = records.map(({ error }) => (error instanceof Error ? error.message : ""));
    expect(errors.join()).to.match(/something else has read it already/);
  });
});

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
});
