import { once } from "node:events";
import { createServer } from "node:http";
import { connect } from "node:net";
import { expect } from "chai";
import { describe, it } from "mocha";
import { get_node_application, serve } from "nuages/core/handlers";
import type { ServeOptions } from "nuages/core/handlers/serve";
import { ImproperlyConfigured, OSError } from "nuages/core/exceptions";
import { type HttpRequest, HttpResponse } from "nuages/http";
import { path } from "nuages/urls";
import { run_alone } from "../../support/child.ts";
import { with_settings } from "../../support/settings.ts";
import { gate, turns } from "../../support/turns.ts";

const hello = (_request: HttpRequest): HttpResponse => new HttpResponse("Hello");

/** Runs `fn` with a server for this view. */
async function with_view(
  view: typeof hello | (() => Promise<HttpResponse>),
  fn: (running: Awaited<ReturnType<typeof serve>>) => Promise<void>,
  options: ServeOptions = {},
): Promise<void> {
  const settings = { ROOT_URLCONF: { urlpatterns: [path("", view)] }, ALLOWED_HOSTS: ["*"] };
  await with_settings(settings, async () => {
    const running = await serve({ port: 0, signals: false, ...options });
    try {
      await fn(running);
    } finally {
      await running.close();
    }
  });
}

describe("core/handlers/serve", () => {
  it("tells where it listens, and answers there", async () => {
    await with_view(hello, async ({ url, port }) => {
      expect(url).to.equal(`http://127.0.0.1:${port}/`);
      expect(await (await fetch(url)).text()).to.equal("Hello");
    });
  });

  it("says why it cannot listen", async () => {
    await with_view(hello, async ({ port }) => {
      for (const [options, message] of [
        [{ port }, `Another program uses that port: 127.0.0.1:${port}.`],
        [
          { port, host: "192.0.2.1" },
          `This machine does not have that address: 192.0.2.1:${port}.`,
        ],
      ] as const) {
        const error: unknown = await serve({ signals: false, ...options }).then(
          () => undefined,
          (reason: unknown) => reason,
        );
        expect(error).to.be.instanceOf(OSError).with.property("message", message);
      }
    });
  });

  it("gives the server Node's limits of time, and those it is told", async () => {
    await with_view(hello, async ({ server }) => {
      expect(server).to.deep.include({
        headersTimeout: 60_000,
        requestTimeout: 300_000,
        keepAliveTimeout: 5000,
      });
    });
    const options = { headers_timeout: 1000, request_timeout: null, keep_alive_timeout: 2000 };
    await with_view(
      hello,
      async ({ server }) => {
        expect(server).to.deep.include({
          headersTimeout: 1000,
          requestTimeout: 0,
          keepAliveTimeout: 2000,
        });
      },
      options,
    );
  });

  it("uses a server that it is given", async () => {
    const server = createServer();
    await with_view(
      hello,
      async (running) => {
        expect(running.server).to.equal(server);
        expect(await (await fetch(running.url)).text()).to.equal("Hello");
      },
      { server },
    );
  });

  const wrong: [name: keyof ServeOptions, value: unknown][] = [
    ["body_timeout", -1],
    ["body_timeout", 0],
    ["send_timeout", "60"],
    ["send_timeout", Infinity],
    ["headers_timeout", Number.NaN],
    ["request_timeout", 1.5],
    ["keep_alive_timeout", 2 ** 31],
    ["linger_bytes", null],
    ["linger_bytes", -1],
    ["pipelined_requests", "many"],
  ];
  for (const [name, value] of wrong) {
    it(`refuses ${name}: ${String(value)} at the start, naming it`, async () => {
      let error: unknown;
      await with_settings({ ROOT_URLCONF: { urlpatterns: [] } }, () =>
        serve({ port: 0, signals: false, [name]: value }).catch(
          (caught: unknown) => (error = caught),
        ),
      );
      expect(error).to.be.instanceOf(ImproperlyConfigured);
      expect((error as Error).message).to.contain(name);
    });
  }

  it("refuses a wrong limit of get_node_application(), too", () => {
    expect(() => get_node_application({ linger_bytes: -1 })).to.throw(
      ImproperlyConfigured,
      "linger_bytes",
    );
  });

  it("lets the requests under way finish when it closes, and takes no others", async () => {
    const entered = gate();
    const done = gate();
    const view = async (): Promise<HttpResponse> => {
      entered.open();
      await done.promise;
      return new HttpResponse("finished");
    };
    await with_view(view, async ({ url, port, close }) => {
      const answer = fetch(url);
      await entered.promise;
      const closing = close();
      await turns(2);
      const late = connect(port, "127.0.0.1");
      const [error] = (await once(late, "error")) as [NodeJS.ErrnoException];
      expect(error.code).to.equal("ECONNREFUSED");
      done.open();
      expect(await (await answer).text()).to.equal("finished");
      await closing;
    });
  });

  it("waits for them only so long", async () => {
    const entered = gate();
    const view = (): Promise<HttpResponse> => {
      entered.open();
      return new Promise(() => undefined);
    };
    await with_view(
      view,
      async ({ url, close }) => {
        const answer = fetch(url).catch((error: unknown) => error);
        await entered.promise;
        await close();
        expect(await answer).to.be.instanceOf(TypeError);
      },
      { shutdown_timeout: 50 },
    );
  });

  it("closes on SIGTERM, after which the process ends by itself", async () => {
    const output = await run_alone(`
      import { serve } from "nuages/core/handlers";
      import { HttpResponse } from "nuages/http";
      import { path } from "nuages/urls";
      const view = async () => {
        process.kill(process.pid, "SIGTERM");
        await new Promise((resolve) => setTimeout(resolve, 50));
        return new HttpResponse("finished");
      };
      const { url } = await serve({ port: 0, urlpatterns: [path("", view)], settings: { ALLOWED_HOSTS: ["*"] } });
      console.log(await (await fetch(url)).text());
    `);
    expect(output).to.equal("finished\n");
  }).timeout(10_000);
});
