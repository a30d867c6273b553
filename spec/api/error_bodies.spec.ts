/** Specification of nuages/api: the form of the body of an error. @module */
import { decode } from "@msgpack/msgpack";
import { expect } from "chai";
import { describe, it } from "mocha";
import { Conflict, NotFound } from "nuages/api/exceptions";
import {
  JSONRenderer,
  MessagePackRenderer,
  Renderer,
  TemplateRenderer,
  TextRenderer,
} from "nuages/api/renderers";
import type { Spec } from "nuages/api/spec";
import { ask_endpoint, ask_failing } from "../support/endpoints.ts";
import { run_alone } from "../support/child.ts";

const DEBUG = { DEBUG: true };
const JSON_TYPE = "application/json";
const PROBLEM = "application/problem+json";

const INTERNAL = { msg: "Internal Server Error", type: "internal_error" };

describe("api/errors: the form of the body", () => {
  const both = [new JSONRenderer(), new MessagePackRenderer()];
  const picture: Spec = { content_type: "image/png" };
  const page: Spec = { renderers: [new TemplateRenderer("x.html"), new TextRenderer()] };

  const forms: [row: string, spec: Spec, accept: string, type: string][] = [
    [
      "EF1: the renderers of data come first",
      { renderers: both.toReversed() },
      "*/*",
      "application/x-msgpack",
    ],
    ["EF1: Accept picks", { renderers: both }, "application/msgpack", "application/msgpack"],
    ["EF1: an image endpoint fails in JSON", picture, "image/png", JSON_TYPE],
    ["EF1: a page fails in JSON", page, "text/html", JSON_TYPE],
    [
      "EF1: JSON is there beside MessagePack alone",
      { renderers: [new MessagePackRenderer()] },
      JSON_TYPE,
      JSON_TYPE,
    ],
    ["EF1: nothing acceptable", {}, "image/png", JSON_TYPE],
    ["EF1: nothing at all", {}, "*/*;q=0", JSON_TYPE],
    ["EF1: an Accept that cannot be read", {}, "a/b; x*=nope''c", JSON_TYPE],
    ["EF1: no Accept", {}, "", JSON_TYPE],
    ["EF2: problem details when asked for", {}, PROBLEM, PROBLEM],
    ["EF2: by preference", {}, "application/json;q=0.5, application/problem+json", PROBLEM],
  ];
  for (const [row, spec, accept, type] of forms) {
    it(`${row}: ${type}`, async () => {
      for (const error of [new NotFound(), new Error("x")]) {
        // before_request, since Accept itself would refuse some of them
        const before_request = (): never => {
          throw error;
        };
        const headers = accept === "" ? {} : { Accept: accept };
        const got = await ask_endpoint({ ...spec, before_request }, () => 1, { headers });
        expect([got.status, got.type]).to.deep.equal([error instanceof NotFound ? 404 : 500, type]);
        expect(got.response.get("Vary")).to.equal("Accept");
      }
    });
  }

  it("EF1: MessagePack says the same", async () => {
    const got = await ask_failing(new NotFound("x", { extra: 1 }), {
      renderers: both.toReversed(),
    });
    expect(decode(got.response.content)).to.deep.equal({
      detail: [{ msg: "x", type: "not_found" }],
      extra: 1,
    });
  });

  it("EF2: problem details have title, status, the texts, and the list", async () => {
    const faults = [{ msg: "a", type: "t", loc: ["query", "b"] }, { msg: "c" }];
    const got = await ask_failing(
      new Conflict(faults, { extra: { n: 1 } }),
      {},
      { headers: { Accept: PROBLEM } },
    );
    expect(got.json()).to.deep.equal({
      type: "about:blank",
      title: "Conflict",
      status: 409,
      detail: "a; c",
      errors: faults,
      extra: { n: 1 },
    });
  });

  it("EF3: with DEBUG a browser gets the technical page", async () => {
    const asked = { settings: DEBUG, headers: { Accept: "text/html,*/*;q=0.8" } };
    const got = await ask_failing(new Error("broken"), {}, asked);
    expect([got.status, got.type]).to.deep.equal([500, "text/html"]);
    expect(got.text).to.include("broken").and.to.include("error_bodies.spec.ts");
    const known = await ask_failing(new NotFound(), {}, asked);
    expect(known.type).to.equal(JSON_TYPE);
  });

  for (const accept of ["", "*/*", JSON_TYPE, "a/b; x*=nope''c"]) {
    it(`EF4: with DEBUG, Accept: ${accept || "none"}: JSON with the exception and its traceback`, async () => {
      const headers = accept === "" ? {} : { Accept: accept };
      const got = await ask_failing(new RangeError("broken"), {}, { settings: DEBUG, headers });
      const { detail, extra } = got.json() as { detail: unknown; extra: { traceback: string[] } };
      expect([got.status, got.type, detail]).to.deep.equal([500, JSON_TYPE, [INTERNAL]]);
      expect(extra).to.include({ exception_type: "RangeError" });
      expect(extra).to.have.property("exception").that.includes("broken");
      expect(extra.traceback.join("\n")).to.include("error_bodies.spec.ts");
    });
  }

  it("EF4: of what is no error there is less to tell", async () => {
    const got = await ask_failing("broken", {}, { settings: DEBUG });
    expect(got.json()).to.have.nested.property("extra.exception", "broken");
  });

  it("EF4: without DEBUG nothing of it is sent", async () => {
    const got = await ask_failing(new Error("secret"), {}, { headers: { Accept: "text/html" } });
    expect([got.type, got.text]).to.deep.equal([JSON_TYPE, JSON.stringify({ detail: [INTERNAL] })]);
  });
});

class Broken extends Renderer {
  override readonly content_type: string = "application/x-broken";
  override readonly data: boolean = true;

  override render(): string | Promise<string> {
    throw new RangeError("the pen broke");
  }
}

class BrokenLater extends Broken {
  override async render(): Promise<never> {
    throw new RangeError("the pen broke");
  }
}

describe("api/errors: a renderer that fails itself", () => {
  for (const Class of [Broken, BrokenLater]) {
    it(`EF1: the error is told in JSON, and the log names the ${Class.name}`, async () => {
      for (const [error, status, detail] of [
        [new NotFound("gone"), 404, { msg: "gone", type: "not_found" }],
        [new Error("x"), 500, INTERNAL],
      ] as const) {
        const got = await ask_failing(error, { renderers: [new Class()] });
        expect([got.status, got.type]).to.deep.equal([status, JSON_TYPE]);
        expect(got.json()).to.deep.equal({ detail: [detail] });
        const told = got.records.filter(({ logger }) => logger === "nuages.api");
        expect(told.map(({ level, message }) => [level, message])).to.deep.equal([
          [
            "error",
            `${Class.name} cannot render an error as application/x-broken, so it is sent as JSON: the pen broke`,
          ],
        ]);
      }
    });

    it(`EF1: so are data that a ${Class.name} does not render`, async () => {
      const got = await ask_endpoint({ renderers: [new Class()] }, () => 1);
      expect([got.status, got.type]).to.deep.equal([500, JSON_TYPE]);
      expect(got.json()).to.deep.equal({ detail: [INTERNAL] });
    });
  }

  it("EF1: MessagePack without its package is one, also for what was to be rendered", async () => {
    const code = `
      import { register } from "node:module";
      const hook = "export const resolve = (name, context, next) => { " +
        "if (name === '@msgpack/msgpack') throw new Error('gone'); return next(name, context); };";
      register("data:text/javascript," + encodeURIComponent(hook));
      const { endpoint, MessagePackRenderer } = await import("nuages/api");
      const { settings } = await import("nuages/conf");
      const { Client } = await import("nuages/test");
      const { path } = await import("nuages/urls");
      const { set_log_sink } = await import("nuages/utils/log");
      set_log_sink(({ logger, message }) => logger === "nuages.api" && console.log(message));
      const view = endpoint({ renderers: [new MessagePackRenderer()] }, () => 1);
      settings.configure({ SECRET_KEY: "x", ROOT_URLCONF: { urlpatterns: [path("", view)] } });
      const response = await new Client({ raise_request_exception: false }).get("/");
      console.log(response.status_code, response.get("Content-Type"));`;
    const lines = (await run_alone(code)).trim().split("\n");
    expect(lines).to.deep.equal([
      "MessagePackRenderer cannot render an error as application/x-msgpack, so it is sent as JSON: " +
        "MessagePack needs the package @msgpack/msgpack: npm install @msgpack/msgpack",
      "500 application/json",
    ]);
  });
});
