/** Specification of nuages/api: the order of a request, and the hooks of layers. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { BackgroundTask } from "nuages/api/background";
import { NotFound } from "nuages/api/exceptions";
import { JSONRenderer, TextRenderer } from "nuages/api/renderers";
import { Reply } from "nuages/api/responses";
import type { Layer, ViewDecorator } from "nuages/api/spec";
import { type HttpRequest, HttpResponse, type HttpResponseBase } from "nuages/http";
import { CsrfViewMiddleware } from "nuages/middleware/csrf";
import { path } from "nuages/urls";
import { MiddlewareMixin } from "nuages/utils/deprecation";
import { z } from "zod";
import { ask_endpoint, made } from "../support/endpoints.ts";
import { logged, quiet } from "../support/log.ts";
import { with_site } from "../support/site.ts";
import { turns } from "../support/turns.ts";

describe("api/layers: the order of a request", () => {
  quiet();
  const log: string[] = [];
  const note = (what: string): undefined => void log.push(what);

  class Outside extends MiddlewareMixin {
    override process_request(): void {
      note("middleware");
    }
    override process_response(_request: HttpRequest, response: HttpResponseBase): HttpResponseBase {
      note(`middleware sees ${response.status_code} ${(response as HttpResponse).text}`);
      return response;
    }
  }

  const decorated: ViewDecorator = (view) => (request: HttpRequest, kwargs: never) => {
    note("decorator");
    return view(request, kwargs);
  };

  const layer: Layer = {
    decorators: [decorated],
    before_request: () => note("before_request"),
    after_request(response) {
      const { data, is_rendered } = response as Reply;
      note(
        `after_request sees ${JSON.stringify(data)}, rendered: ${is_rendered}, header: ${response.has("X-Layer")}`,
      );
    },
    after_response: () => note("after_response"),
    response_headers: { "X-Layer": "1" },
    csrf: "always",
  };
  const spec = {
    ...layer,
    methods: ["POST"],
    query: z.object({ q: z.string().refine((q) => note(`parameters ${q}`) ?? true) }),
    response: z.object({ n: z.int().transform((n) => note("model") ?? n + 1) }),
    background: new BackgroundTask(() => note("background")),
    renderers: [
      new (class extends JSONRenderer {
        override render(...args: Parameters<JSONRenderer["render"]>): string {
          note("rendering");
          return super.render(...args);
        }
      })(),
    ],
  };
  const handle = (): unknown => note("handler") ?? { n: 1 };

  /** What happened for a request to `/` with these headers. */
  async function happened(
    asked: { headers?: Record<string, string>; query?: string; checks?: boolean },
    more: Layer = {},
  ): Promise<string[]> {
    log.length = 0;
    const { headers = {}, query = "q=1", checks = false } = asked;
    const MIDDLEWARE = [Outside, CsrfViewMiddleware];
    await logged(() =>
      with_site(
        [path("", made({ ...spec, ...more }, handle))],
        { MIDDLEWARE },
        async (client) => {
          const response = await client.post(`/?${query}`, "", {
            content_type: "text/plain",
            headers,
          });
          note(`client has ${response.status_code}`);
        },
        { enforce_csrf_checks: checks },
      ),
    );
    return [...log];
  }

  it("middleware, decorators, CSRF, before_request, Accept, parameters, handler, after_request, model, rendering, middleware, then background and after_response", async () => {
    expect(await happened({})).to.deep.equal([
      "middleware",
      "decorator",
      "before_request",
      "parameters 1",
      "handler",
      'after_request sees {"n":1}, rendered: false, header: false',
      "model",
      "rendering",
      'middleware sees 201 {"n":2}',
      "background",
      "after_response",
      "client has 201",
    ]);
  });

  const refused: [
    what: string,
    asked: Parameters<typeof happened>[0],
    before: string[],
    status: number,
  ][] = [
    ["CSRF comes after decorators, before before_request", { checks: true }, ["decorator"], 403],
    [
      "Accept comes after before_request, before parameters",
      { headers: { Accept: "image/png" }, query: "" },
      ["decorator", "before_request"],
      406,
    ],
    ["parameters come before the handler", { query: "" }, ["decorator", "before_request"], 422],
  ];
  for (const [what, asked, before, status] of refused) {
    it(`${what}: ${status}`, async () => {
      const steps = (await happened(asked)).filter((step) => !step.startsWith("middleware"));
      // the body of the error is rendered, too
      expect(steps).to.deep.equal([...before, "rendering", `client has ${status}`]);
    });
  }

  it("the method comes before decorators", async () => {
    log.length = 0;
    await with_site([path("", made(spec, handle))], { MIDDLEWARE: [] }, async (client) => {
      expect((await client.put("/")).status_code).to.equal(405);
    });
    expect(log.filter((step) => step === "decorator")).to.deep.equal([]);
  });
});

describe("api/layers: hooks", () => {
  const Item = z.object({ n: z.int() });

  it("before_request answers in the handler's place with anything but undefined", async () => {
    let handled = 0;
    const handle = (): string => `handled ${++handled}`;
    const answers: [value: unknown, text: string][] = [
      [{ n: 1 }, '{"n":1}'],
      ["text", "text"],
      [null, "null"],
      [false, "false"],
      [new Reply({ n: 2 }), '{"n":2}'],
      [new Response("fetch"), "fetch"],
    ];
    for (const [value, text] of answers) {
      expect((await ask_endpoint({ before_request: () => value }, handle)).text).to.equal(text);
      expect(handled).to.equal(0);
    }
    const later = async (): Promise<unknown> => {
      await turns();
      return { n: 3 };
    };
    expect((await ask_endpoint({ before_request: later }, handle)).text).to.equal('{"n":3}');
    expect((await ask_endpoint({ before_request: async () => undefined }, handle)).text).to.equal(
      "handled 1",
    );
  });

  it("its answer goes the way of a handler's: model, headers, after_request", async () => {
    const layer: Layer = {
      before_request: () => ({ n: 1, secret: 2 }),
      after_request: (response) => response.set("X-After", "1"),
      response_headers: { "X-Layer": "1" },
    };
    const { text, response } = await ask_endpoint({ ...layer, response: Item }, () => 1);
    expect([text, response.get("X-After"), response.get("X-Layer")]).to.deep.equal([
      '{"n":1}',
      "1",
      "1",
    ]);
    expect(
      (await ask_endpoint({ before_request: () => ({}), response: Item }, () => 1)).status,
    ).to.equal(500);
  });

  it("its answer comes before Accept is looked at: it is never 406", async () => {
    const headers = { Accept: "image/png" };
    const renderers = [new TextRenderer(), new JSONRenderer()];
    const before_request = (): unknown => ({ n: 1 });
    const spec = { response: Item, renderers: [new JSONRenderer()] };
    const got = await ask_endpoint({ ...spec, before_request }, () => 1, { headers });
    expect([got.status, got.text]).to.deep.equal([200, '{"n":1}']);
    const chosen = await ask_endpoint({ renderers, before_request }, () => 1, {
      headers: { Accept: "application/json" },
    });
    expect([chosen.type, chosen.response.get("Vary")]).to.deep.equal([
      "application/json",
      "Accept",
    ]);
    expect((await ask_endpoint(spec, () => ({ n: 1 }), { headers })).status).to.equal(406);
  });

  it("what it throws is answered as an error", async () => {
    const before_request = (): never => {
      throw new NotFound();
    };
    expect((await ask_endpoint({ before_request }, () => 1)).status).to.equal(404);
  });

  it("after_request may change the response, or give another", async () => {
    const changing = (response: HttpResponseBase): void => {
      (response as Reply).data = { n: 2 };
      response.status_code = 202;
    };
    const changed = await ask_endpoint({ after_request: changing, response: Item }, () => ({
      n: 1,
    }));
    expect([changed.status, changed.text]).to.deep.equal([202, '{"n":2}']);
    const other = async (): Promise<HttpResponseBase> => {
      await turns();
      return new Reply({ n: 3, secret: 1 });
    };
    const replaced = await ask_endpoint(
      { after_request: other, response: Item, response_headers: { "X-Layer": "1" } },
      () => ({ n: 1 }),
    );
    expect([replaced.text, replaced.response.get("X-Layer")]).to.deep.equal(['{"n":3}', "1"]);
    const nothing = await ask_endpoint({ after_request: () => null as never }, () => "x");
    expect(nothing.text).to.equal("x");
  });

  it("after_request sees responses of any kind", async () => {
    const seen: string[] = [];
    const after_request = (response: HttpResponseBase): void =>
      void seen.push(response.constructor.name);
    for (const value of [
      1,
      "x",
      Uint8Array.of(1),
      new HttpResponse(),
      new Response("x"),
      [].values(),
    ])
      await ask_endpoint({ after_request }, () => value);
    expect(seen).to.deep.equal([
      "Reply",
      "PlainText",
      "HttpResponse",
      "HttpResponse",
      "Stream",
      "Stream",
    ]);
  });

  it("what is no response is a TypeError", async () => {
    const { status, response } = await ask_endpoint({ after_request: () => 1 as never }, () => 1);
    expect([status, String(response.exc_info)]).to.deep.equal([
      500,
      "TypeError: after_request of GET endpoint() gave 1: it gives a response, or nothing.",
    ]);
  });

  it("a post-render callback may put another response in the place of a Reply", async () => {
    const handle = (): unknown => {
      const reply = new Reply({ n: 1 });
      reply.add_post_render_callback(
        (rendered) => new HttpResponse(`<${(rendered as Reply).text}>`),
      );
      return reply;
    };
    const layer: Layer = { response_headers: { "X-Layer": "1" }, response_cookies: { layer: "1" } };
    const { text, response, cookies } = await ask_endpoint(layer, handle);
    expect([text, response.get("X-Layer"), cookies.length]).to.deep.equal(['<{"n":1}>', "1", 1]);
  });
});
