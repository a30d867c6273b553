/** Specification of nuages/api: the form of the body of an error. @module */
import { decode } from "@msgpack/msgpack";
import { expect } from "chai";
import { describe, it } from "mocha";
import { Conflict, NotFound } from "nuages/api/exceptions";
import {
  JSONRenderer,
  MessagePackRenderer,
  TemplateRenderer,
  TextRenderer,
} from "nuages/api/renderers";
import type { Spec } from "nuages/api/spec";
import { ask_endpoint, ask_failing } from "../support/endpoints.ts";

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
