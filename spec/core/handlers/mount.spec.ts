import type { AddressInfo } from "node:net";
import { createServer, type RequestListener, type ServerResponse } from "node:http";
import { createRequire } from "node:module";
import { once } from "node:events";
import { expect } from "chai";
import fastify from "fastify";
import { after, before, describe, it } from "mocha";
import { get_node_application, type NodeApplication } from "nuages/core/handlers";
import { type HttpRequest, HttpResponse, JsonResponse } from "nuages/http";
import { path, reverse } from "nuages/urls";
import { override_settings } from "nuages/test/utils";
import { quiet } from "../../support/log.ts";

/** What is used here of Express, which brings no types. */
interface Express {
  (...args: Parameters<RequestListener>): void;
  use(path: string, listener: NodeApplication): void;
  get(path: string, handler: (req: unknown, res: ServerResponse) => void): void;
}

const express = createRequire(import.meta.url)("express") as () => Express;

const urlpatterns = [
  path(
    "echo/<str:name>/",
    (request: HttpRequest, { name }: { name: string }) =>
      new JsonResponse({
        name,
        path: request.path,
        url: reverse("echo", { args: ["x"] }),
        form: request.POST.dict(),
      }),
    { name: "echo" },
  ),
  path("cookies/", () => {
    const response = new HttpResponse("");
    for (const name of ["a", "b", "c"]) response.set_cookie(name, name);
    return response;
  }),
];

/** A server of a framework, and the URL of its root. */
async function listening(listener: RequestListener): Promise<[url: string, close: () => void]> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // a TCP server that listens has one
  return [
    `http://127.0.0.1:${port}`,
    () => {
      server.closeAllConnections();
      server.close();
    },
  ];
}

function in_express(application: NodeApplication): RequestListener {
  const app = express();
  app.use("/shop", application);
  app.get("/own", (_, res) => void res.end("Express"));
  return app;
}

/** Fastify must not read bodies that are none of its own: the parser for any type leaves them where they are. */
async function in_fastify(application: NodeApplication): Promise<RequestListener> {
  let listener: RequestListener | undefined;
  const app = fastify({
    serverFactory: (handler) => createServer((listener = handler as RequestListener)),
  });
  app.get("/own", () => "Fastify");
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", (_request, _payload, done) => done(null));
    scope.all("/shop/*", (request, reply) => {
      reply.hijack();
      const { raw } = request;
      const url = raw.url ?? "";
      application(
        Object.assign(raw, { originalUrl: url, url: url.slice("/shop".length) }),
        reply.raw,
      );
    });
  });
  await app.ready();
  if (listener === undefined) throw new Error("Fastify made no server.");
  return listener;
}

const frameworks: [
  name: string,
  mount: (application: NodeApplication) => RequestListener | Promise<RequestListener>,
][] = [
  ["Express", in_express],
  ["Fastify", in_fastify],
];
for (const [name, mount] of frameworks) {
  describe(`core/handlers/node: mounted in ${name}`, () => {
    quiet();
    const overridden = override_settings({ ALLOWED_HOSTS: ["*"], ROOT_URLCONF: { urlpatterns } });
    let url = "";
    let close = (): void => undefined;
    before(async () => {
      overridden.enable();
      [url, close] = await listening(await mount(get_node_application()));
    });
    after(() => {
      close();
      overridden.disable();
    });

    it("leaves the framework its own routes", async () => {
      expect(await (await fetch(`${url}/own`)).text()).to.equal(name);
    });

    it("resolves what is below the mount point, and reverses to it", async () => {
      const response = await fetch(`${url}/shop/echo/tea/?q=1`);
      expect(await response.json()).to.deep.equal({
        name: "tea",
        path: "/shop/echo/tea/",
        url: "/shop/echo/x/",
        form: {},
      });
    });

    it("reads a form by itself", async () => {
      const body = new URLSearchParams({ a: "1" });
      const response = await fetch(`${url}/shop/echo/tea/`, { method: "POST", body });
      expect(await response.json()).to.deep.include({ form: { a: "1" } });
    });

    it("sends every cookie, whatever headers the framework has set", async () => {
      const { headers } = await fetch(`${url}/shop/cookies/`);
      expect(headers.getSetCookie()).to.deep.equal(["a=a; Path=/", "b=b; Path=/", "c=c; Path=/"]);
    });

    it("answers 404 by itself", async () => {
      expect((await fetch(`${url}/shop/nothing/`)).status).to.equal(404);
    });
  });
}
