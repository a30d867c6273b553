/** Specification of nuages/api: the setting `API`. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { API, type ApiSettings } from "nuages/api";
import { file, send_file } from "nuages/api/files";
import { JSONParser, MessagePackParser, TextParser } from "nuages/api/parsers";
import { JSONRenderer, MessagePackRenderer } from "nuages/api/renderers";
import { Reply } from "nuages/api/responses";
import type { Spec } from "nuages/api/spec";
import { EventStream } from "nuages/api/streaming";
import { type CheckMessage, run_checks } from "nuages/core/checks";
import { ImproperlyConfigured } from "nuages/core/exceptions";
import { CsrfViewMiddleware } from "nuages/middleware/csrf";
import { Client } from "nuages/test";
import { path } from "nuages/urls";
import { z } from "zod";
import { ask_view, type Asked, made } from "../support/endpoints.ts";
import { temporary_directory } from "../support/files.ts";
import { quiet } from "../support/log.ts";
import { with_settings } from "../support/settings.ts";

class Money {}

describe("api/settings: the setting API", () => {
  quiet();
  const files = temporary_directory({ "a.txt": "a" });

  /** A key, what it is set to, and an endpoint that shows it without and with the setting, and with a layer of its own. */
  interface Key {
    readonly API: ApiSettings;
    readonly spec: Spec;
    readonly handle: (request: unknown, args: Record<string, unknown>) => unknown;
    readonly asked?: Asked;
    /** What is seen without the setting, with it, and with the layer. */
    readonly seen: readonly [before: unknown, after: unknown, layer: unknown];
    readonly layer: Spec;
  }

  const POST = { method: "POST", body: "text", content_type: "text/plain" };
  const keys: Key[] = [
    {
      API: { RENDERERS: [new MessagePackRenderer()] },
      spec: {},
      handle: () => ({ n: 1 }),
      seen: ["200 application/json", "200 application/x-msgpack", "200 application/a+json"],
      layer: { renderers: [new JSONRenderer("application/a+json")] },
    },
    {
      API: { PARSERS: [new TextParser()] },
      spec: { body: z.unknown(), methods: ["POST"], status: 200 },
      handle: (_request, { body }) => `${String(body)}`,
      asked: POST,
      seen: ["415 application/json", "200 text/plain; charset=utf-8", "415 application/json"],
      layer: { parsers: [new JSONParser(), new MessagePackParser()] },
    },
    {
      API: { TYPE_ENCODERS: [[Money, () => [Symbol("not encoded")]]] },
      spec: {},
      handle: () => new Money(),
      seen: ["200 application/json", "500 application/json", "200 application/json"],
      layer: { type_encoders: [[Money, () => 1]] },
    },
    {
      API: { VALIDATE_RESPONSES: false },
      spec: { response: z.int() },
      handle: () => "x",
      seen: ["500 application/json", "200 application/json", "500 application/json"],
      layer: { validate_responses: true },
    },
    {
      API: { RESPONSE_ERROR_STATUS: 422 },
      spec: { response: z.int() },
      handle: () => "x",
      seen: ["500 application/json", "422 application/json", "502 application/json"],
      layer: { response_error_status: 502 },
    },
    {
      API: { ALLOWED_FILE_PATHS: ["/no/such/directory"] },
      spec: { response: file() },
      handle: () => send_file(files.path("a.txt")),
      seen: ["200 text/plain", "403 application/json", "403 application/json"],
      layer: {},
    },
  ];
  for (const { API: setting, spec, handle, asked, seen, layer } of keys) {
    it(`${Object.keys(setting).join()} takes effect at once, and a layer outdoes it`, async () => {
      const view = made(spec, handle as never);
      const near = made({ ...spec, ...layer }, handle as never);
      const with_setting = { ...asked, settings: { API: setting } };
      const shown = async (...args: Parameters<typeof ask_view>): Promise<string> => {
        const { status, type = "" } = await ask_view(...args);
        return `${status} ${type}`;
      };
      const [before, after, nearest] = seen;
      for (let time = 0; time < 2; time++) {
        expect(await shown(view, asked)).to.equal(before);
        expect(await shown(view, with_setting)).to.equal(after);
        expect(await shown(near, with_setting)).to.equal(nearest);
      }
    });
  }

  it("CSRF takes effect at once, and a layer outdoes it", async () => {
    const view = made({ methods: ["POST"] }, () => "x");
    const near = made({ methods: ["POST"], csrf: "never" }, () => "x");
    const status = async (endpoint: typeof view, setting: ApiSettings): Promise<number> => {
      const ROOT_URLCONF = { urlpatterns: [path("", endpoint)] };
      const settings = { ROOT_URLCONF, MIDDLEWARE: [CsrfViewMiddleware], API: setting };
      return with_settings(settings, async () => {
        const client = new Client({ enforce_csrf_checks: true });
        return (await client.post("/")).status_code;
      });
    };
    expect(await status(view, {})).to.equal(201);
    expect(await status(view, { CSRF: "always" })).to.equal(403);
    expect(await status(near, { CSRF: "always" })).to.equal(201);
    expect(await status(view, {})).to.equal(201);
  });

  it("PING_INTERVAL is that of event streams without their own", () => {
    const make = (ping_interval?: number): unknown => new EventStream([], { ping_interval });
    expect(make).not.to.throw();
    with_settings({ API: { PING_INTERVAL: -1 } }, () => {
      expect(() => make()).to.throw(ImproperlyConfigured, "PING_INTERVAL");
      expect(() => make(1)).not.to.throw();
    });
    with_settings({ API: { PING_INTERVAL: null } }, () => expect(() => make()).not.to.throw());
  });

  it("OPENAPI_VERSION is that of documents without their own", () => {
    const version = (api: API): unknown => api.openapi().openapi;
    const plain = new API();
    const own = new API({ openapi: { version: "3.1.1" } });
    const ROOT_URLCONF = { urlpatterns: [path("a/", plain.urls), path("b/", own.urls)] };
    with_settings({ ROOT_URLCONF }, () => expect(version(plain)).to.equal("3.1.1"));
    with_settings({ ROOT_URLCONF, API: { OPENAPI_VERSION: "3.2.0" } }, () => {
      expect(version(plain)).to.equal("3.2.0");
      expect(version(own)).to.equal("3.1.1");
    });
  });

  it("TYPE_ENCODERS are those of replies outside of endpoints, too", async () => {
    const encoders: ApiSettings = { TYPE_ENCODERS: [[Money, () => "money"]] };
    await with_settings({ API: encoders }, async () => {
      const reply = new Reply([new Money()]);
      await reply.render();
      expect(reply.text).to.equal('["money"]');
    });
  });

  it("what is undefined is the default", async () => {
    const settings = { API: { RENDERERS: undefined, VALIDATE_RESPONSES: undefined } };
    const got = await ask_view(
      made({ response: z.int() }, () => "x"),
      { settings },
    );
    expect([got.status, got.type]).to.deep.equal([500, "application/json"]);
  });

  const wrong: [what: string, API: object, message: RegExp][] = [
    [
      "an unknown key",
      { RENDERER: [new JSONRenderer()] },
      /The setting API has no key 'RENDERER': take it out\. The keys are RENDERERS, /,
    ],
    ["a key of a prototype", { toString: 1 }, /no key 'toString'/],
    ["no renderer at all", { RENDERERS: [] }, /list of renderers is empty/],
    ["no parser at all", { PARSERS: [] }, /list of parsers is empty/],
    ["a status that is no error's", { RESPONSE_ERROR_STATUS: 200 }, /from 400 to 599: 200 is not/],
    [
      "one directory for a list of them",
      { ALLOWED_FILE_PATHS: "/srv" },
      /ALLOWED_FILE_PATHS of the setting API must be a list of directories, or null: '\/srv' is not/,
    ],
    ["a number among the directories", { ALLOWED_FILE_PATHS: ["/srv", 1] }, /list of directories/],
    ["no seconds at all", { PING_INTERVAL: 0 }, /positive number of seconds, or null: 0 is not/],
    ["text for true", { VALIDATE_RESPONSES: "no" }, /true or false: 'no' is not/],
    ["an encoder that is no pair", { TYPE_ENCODERS: [Money] }, /pairs of a class and a function/],
    ["another version of OpenAPI", { OPENAPI_VERSION: "3.0.3" }, /"3.1.1" or "3.2.0": '3.0.3' is/],
  ];
  for (const [what, setting, message] of wrong) {
    it(`${what} is ImproperlyConfigured: every endpoint is a 500`, async () => {
      const view = made({}, () => 1);
      const got = await ask_view(view, { settings: { API: setting as ApiSettings } });
      expect(got.status).to.equal(500);
      expect(got.response.exc_info).to.be.instanceOf(ImproperlyConfigured);
      expect(String(got.response.exc_info)).to.match(message);
      expect((await ask_view(view)).status).to.equal(200);
    });

    it(`${what} is found by the system checks`, () => {
      const api = new API();
      api.get("numbers/", () => 1);
      const urlconf = [
        path("api/", api.urls),
        path(
          "alone/",
          made({}, () => 1),
        ),
      ];
      const found = (wanted: object): CheckMessage[] =>
        with_settings({ ROOT_URLCONF: urlconf, API: wanted as ApiSettings }, () =>
          run_checks({ tags: ["urls"] }),
        );
      expect(found({})).to.deep.equal([]);
      const [first, ...more] = found(setting);
      expect(first?.id).to.equal("nuages.E002");
      expect(first?.msg).to.match(message);
      expect(first?.hint).to.equal("The first pattern whose view it is about is 'numbers/'.");
      expect(more, "once for all endpoints").to.deep.equal([]);
    });
  }
});
