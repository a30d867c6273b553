/** Specification of nuages/api: work in the background of endpoints. @module */
import { expect } from "chai";
import { beforeEach, describe, it } from "mocha";
import { BackgroundTask, BackgroundTasks } from "nuages/api/background";
import { NotFound } from "nuages/api/exceptions";
import { file, send_file } from "nuages/api/files";
import { PlainText, Redirect, Reply } from "nuages/api/responses";
import type { Spec } from "nuages/api/spec";
import { EventStream, Stream } from "nuages/api/streaming";
import { serve } from "nuages/core/handlers";
import { Http404, HttpResponse, type HttpResponseBase } from "nuages/http";
import { ConditionalGetMiddleware } from "nuages/middleware/http";
import { GZipMiddleware } from "nuages/middleware/gzip";
import { path } from "nuages/urls";
import { z } from "zod";
import { both_doors } from "../support/doors.ts";
import { ask_endpoint, ask_failing, made } from "../support/endpoints.ts";
import { temporary_directory } from "../support/files.ts";
import { quiet } from "../support/log.ts";
import { with_server } from "../support/server.ts";
import { with_settings } from "../support/settings.ts";
import { get_bytes, received } from "../support/sockets.ts";
import { ticks, turns, until } from "../support/turns.ts";

const log: string[] = [];

/** A task that notes when it is done. */
function task(name: string): BackgroundTask {
  return new BackgroundTask(async () => {
    await turns();
    log.push(name);
  });
}

describe("api/background: where it is said", () => {
  beforeEach(() => void log.splice(0));
  const files = temporary_directory({ "a.txt": "0123456789" });

  const options: [what: string, make: (background: BackgroundTask) => unknown][] = [
    ["a Reply", (background) => new Reply(1, { background })],
    ["PlainText", (background) => new PlainText("x", { background })],
    ["a Redirect", (background) => new Redirect("/x", { background })],
    ["a Stream", (background) => new Stream(["x"], { background })],
    ["an EventStream", (background) => new EventStream(["x"], { background })],
    ["send_file", (background) => send_file(files.path("a.txt"), { background })],
    ["any response", (background) => Object.assign(new HttpResponse("x"), { background })],
  ];
  for (const [what, make] of options) {
    it(`BG2: the option of ${what}, before which the endpoint's is not asked`, async () => {
      await ask_endpoint({ background: task("endpoint") }, () => make(task("response")));
      await until(() => log.length > 0);
      expect(log).to.deep.equal(["response"]);
    });
  }

  it("BG2: the endpoint's, if the response has none", async () => {
    const both = new BackgroundTasks([task("a"), task("b")]);
    await ask_endpoint({ background: both }, () => 1);
    expect(log).to.deep.equal(["a", "b"]);
  });

  it("BG2: what after_request sets", async () => {
    const after_request = (response: HttpResponseBase): void => {
      response.background = task("after_request");
    };
    await ask_endpoint({ background: task("endpoint"), after_request }, () => 1);
    expect(log).to.deep.equal(["after_request"]);
  });

  it("after_response comes behind it, whatever happens in it; failures are logged", async () => {
    const failing = new BackgroundTask(function breaking() {
      log.push("failing");
      throw new Error("broken");
    });
    const after_response = async (): Promise<void> => {
      await turns();
      log.push("after_response");
      throw new Error("broken, too");
    };
    const { records } = await ask_endpoint({ background: failing, after_response }, () => 1);
    expect(log).to.deep.equal(["failing", "after_response"]);
    expect(records.map(({ logger, level, message }) => [logger, level, message])).to.deep.equal([
      ["nuages.background", "error", "The background task breaking failed: broken"],
      ["nuages.background", "error", "The background task after_response failed: broken, too"],
    ]);
  });

  it("after_response is given the request", async () => {
    await ask_endpoint(
      { after_response: ({ method, path: at }) => log.push(`${method} ${at}`) },
      () => 1,
    );
    expect(log).to.deep.equal(["GET /"]);
  });
});

describe("api/background: when it runs", () => {
  quiet();
  beforeEach(() => void log.splice(0));
  const files = temporary_directory({ "a.txt": "0123456789" });
  const layer = (): Spec => ({
    background: task("background"),
    after_response: () => log.push("after_response"),
  });
  const BOTH = ["background", "after_response"];

  const answers: [what: string, spec: Spec, value: () => unknown][] = [
    ["data", {}, () => 1],
    ["204", { status: 204 }, () => 1],
    ["304", { status: 304 }, () => 1],
    ["a stream", {}, () => ["x"].values()],
    ["a file", { response: file() }, () => send_file(files.path("a.txt"))],
    ["a Fetch Response", {}, () => new Response("x")],
    ["an early answer", { before_request: () => "early" }, () => 1],
    ["an error that the handler returns", {}, () => new Reply(1, { status: 409 })],
  ];
  for (const [what, spec, value] of answers) {
    it(`BG3: for ${what}, HEAD as well, at both doors`, async () => {
      const view = made({ ...layer(), ...spec }, value);
      for (const method of ["GET", "HEAD"]) {
        await both_doors([path("", view)], [{ method, target: "/" }]);
        await until(() => log.length === 4);
        expect(log.splice(0)).to.have.members([...BOTH, ...BOTH]);
      }
    });
  }

  for (const value of [
    () => new Reply(1, { headers: { ETag: '"a"' } }),
    () => send_file(files.path("a.txt")),
  ]) {
    it("BG3: for a 304 that a condition makes of it", async () => {
      const MIDDLEWARE = [GZipMiddleware, ConditionalGetMiddleware];
      const asked = { settings: { MIDDLEWARE } };
      const etag = (await ask_endpoint(layer(), value, asked)).response.get("ETag", "");
      await until(() => log.length === 2); // of a stream the test client does not wait for it
      log.splice(0);
      const { status } = await ask_endpoint(layer(), value, {
        ...asked,
        headers: { "If-None-Match": etag },
      });
      expect([status, log]).to.deep.equal([304, BOTH]);
    });
  }

  for (const error of [new NotFound(), new Http404(), new Error("x")]) {
    it(`BG3: not for an error: ${error.name}`, async () => {
      await ask_failing(error, layer());
      await turns(3);
      expect(log).to.deep.equal([]);
    });
  }

  it("BG3: not for a response that does not fit, or a request that is refused", async () => {
    await ask_endpoint({ ...layer(), response: z.int() }, () => "x");
    await ask_endpoint({ ...layer(), query: z.object({ q: z.string() }) }, () => "x");
    await turns(3);
    expect(log).to.deep.equal([]);
  });

  it("BG3: after the last byte of a stream", async () => {
    async function* source(): AsyncGenerator<string> {
      yield "a";
      await turns(3);
      log.push("last byte");
      yield "b";
    }
    await with_server([path("", made(layer(), source))], async ({ fetch }) => {
      expect(await (await fetch("/")).text()).to.equal("ab");
      await until(() => log.length === 3);
    });
    expect(log).to.deep.equal(["last byte", ...BOTH]);
  });

  it("BG3: after the client has left", async () => {
    const view = made(layer(), () => ticks(() => log.push("ended")));
    await with_server([path("", view)], async ({ connect }) => {
      const socket = await connect();
      const text = received(socket);
      socket.write(get_bytes("/"));
      await until(() => text().includes("tick"));
      expect(log).to.deep.equal([]);
      socket.destroy();
      await until(() => log.length === 3);
      expect(log).to.have.members(["ended", ...BOTH]);
    });
  });

  it("BG6: the server waits for it when it closes", async () => {
    const spec: Spec = {
      background: new BackgroundTask(async () => {
        await turns(20);
        log.push("background");
      }),
    };
    const ROOT_URLCONF = {
      urlpatterns: [
        path(
          "",
          made(spec, () => 1),
        ),
      ],
    };
    await with_settings({ ROOT_URLCONF, ALLOWED_HOSTS: ["*"] }, async () => {
      const running = await serve({ port: 0, signals: false, skip_checks: true });
      expect((await fetch(running.url)).status).to.equal(200);
      await running.close();
    });
    expect(log).to.deep.equal(["background"]);
  });

  it("BG6: the test client resolves after it", async () => {
    await ask_endpoint(layer(), () => 1);
    expect(log).to.deep.equal(BOTH);
  });
});
