/** Specification of nuages/api: what attackers send to endpoints, and what comes back. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { API } from "nuages/api/api";
import { Unauthorized } from "nuages/api/exceptions";
import { TemplateRenderer } from "nuages/api/renderers";
import type { Spec } from "nuages/api/spec";
import { EventStream } from "nuages/api/streaming";
import { uploaded_file } from "nuages/api/zod";
import type { UploadedFile } from "nuages/core/files/uploadedfile";
import { SecurityMiddleware } from "nuages/middleware/security";
import { path } from "nuages/urls";
import { cache_control, never_cache } from "nuages/views/decorators/cache";
import { z } from "zod";
import { both_doors } from "../support/doors.ts";
import { ask_endpoint, type Asked, made } from "../support/endpoints.ts";
import { quiet } from "../support/log.ts";
import { END, part, TYPE } from "../support/multipart.ts";
import { with_site } from "../support/site.ts";

const SCRIPT = "<script>alert(1)</script>";

describe("api/security: errors", () => {
  quiet();
  const formats = ["application/json", "application/problem+json"];

  for (const Accept of formats) {
    it(`security T9: 200,000 items that do not fit are answered in at most 64 KiB of ${Accept}`, async () => {
      const spec: Spec = { body: z.array(z.strictObject({ n: z.int() })) };
      const item = `{"${"k".repeat(500)}":"${"v".repeat(500)}"},`;
      const body = `[${item.repeat(2000)}${"1,".repeat(200_000)}1]`;
      const asked: Asked = { method: "POST", body, headers: { Accept }, settings: { DEBUG: true } };
      const { status, text, type } = await ask_endpoint(spec, () => 1, asked);
      expect([status, type]).to.deep.equal([422, Accept]);
      expect(Buffer.byteLength(text)).to.be.at.most(65_536);
    });
  }

  it("security T9: so is one text of 10 MB", async () => {
    const settings = { DATA_UPLOAD_MAX_MEMORY_SIZE: null };
    const body = JSON.stringify({ [SCRIPT + "k".repeat(1_000_000)]: "v".repeat(10_000_000) });
    const asked = { method: "POST", body, settings };
    const { status, text } = await ask_endpoint({ body: z.strictObject({}) }, () => 1, asked);
    expect([status, text.length < 2000]).to.deep.equal([422, true]);
  });

  const sent: [what: string, spec: Spec, asked: Asked, status: number][] = [
    [
      "a field",
      { query: z.object({ q: z.literal("a") }) },
      { query: `q=${encodeURIComponent(SCRIPT)}` },
      422,
    ],
    [
      "a key of the body",
      { body: z.strictObject({}) },
      { method: "POST", body: JSON.stringify({ [SCRIPT]: 1 }) },
      422,
    ],
    [
      "a Content-Type",
      { body: z.unknown() },
      { method: "POST", body: "x", content_type: SCRIPT },
      415,
    ],
    ["a body", { body: z.unknown() }, { method: "POST", body: SCRIPT }, 400],
    ["an Accept", { response: z.int() }, { headers: { Accept: `text/${SCRIPT}, image/png` } }, 406],
  ];
  for (const [what, spec, asked, status] of sent) {
    it(`security T10: an error for a script in ${what} is JSON with nosniff, never HTML`, async () => {
      const renderers = spec.response === undefined ? [new TemplateRenderer("x.html")] : undefined;
      const headers = { Accept: "text/html", ...asked.headers };
      const got = await ask_endpoint({ ...spec, renderers }, () => 1, { ...asked, headers });
      expect([got.status, got.type]).to.deep.equal([status, "application/json"]);
      expect(got.response.get("X-Content-Type-Options")).to.equal("nosniff");
    });
  }

  it("security T10: a URL with a script is not found, and not told", async () => {
    const api = new API({ openapi: null });
    api.get("a/", () => 1);
    await with_site(
      [path("api/", api.urls)],
      { MIDDLEWARE: [SecurityMiddleware] },
      async (client) => {
        const response = await client.get(`/api/${encodeURIComponent(SCRIPT)}/`, null, {
          headers: { Accept: "text/html" },
        });
        expect(response.status_code).to.equal(404);
        expect(response.text).not.to.include("<script>");
        expect(response.get("X-Content-Type-Options")).to.equal("nosniff");
      },
    );
  });

  it("E12: what does not fit is not told, be it a secret", async () => {
    const got = await ask_endpoint({ response: z.object({ n: z.literal("a") }) }, () => ({
      n: "secret",
    }));
    expect(got.text).not.to.include("secret");
  });
});

describe("api/security: headers", () => {
  quiet();

  for (const Origin of [
    "https://evil.com",
    "null",
    "http://testserver.evil.com",
    "http://eviltestserver",
  ]) {
    it(`security T13: no CORS header for the Origin ${Origin}, and the request's Vary is not copied`, async () => {
      const headers = { Origin, Vary: "x", "Access-Control-Request-Method": "DELETE" };
      const view = made({ methods: ["GET", "POST"] }, () => ({ n: 1 }));
      const failing = made({}, () => {
        throw new Unauthorized();
      });
      const asks = ["GET", "OPTIONS", "POST"].flatMap((method) => [
        { method, target: "/", headers },
        { method, target: "/failing/", headers },
      ]);
      const replies = await both_doors([path("", view), path("failing/", failing)], asks);
      for (const { headers: lines } of replies.flatMap(({ node, fetch }) => [node, fetch])) {
        expect(lines.filter((line) => line.startsWith("access-control-"))).to.deep.equal([]);
        expect(lines.filter((line) => /^vary: .*\bx\b/.test(line))).to.deep.equal([]);
      }
    });
  }

  const authorizations = [
    "bearer x",
    "Bearer  x y",
    `Bearer ${"x".repeat(16_000)}`,
    "Bearer é",
    "Basic eDp5",
    "",
  ];
  it("security T15: nobody here reads Authorization: the handler gets it as it came, and decides", async () => {
    const handle = (request: { headers: { get(name: string): string | undefined } }): unknown => {
      if (request.headers.get("Authorization") !== "Bearer right")
        throw new Unauthorized(undefined, { headers: { "WWW-Authenticate": "Bearer" } });
      return "in";
    };
    for (const Authorization of authorizations) {
      const headers = { Authorization };
      const { status, response } = await ask_endpoint({}, handle as never, { headers });
      expect([status, response.get("WWW-Authenticate")]).to.deep.equal([401, "Bearer"]);
      expect((await ask_endpoint({}, () => "open", { headers })).status).to.equal(200);
    }
    const headers = { Authorization: "Bearer right" };
    expect((await ask_endpoint({}, handle as never, { headers })).text).to.equal("in");
  });

  it("security M14: never_cache and cache_control as decorators say it, for events too", async () => {
    const never = "max-age=0, no-cache, no-store, must-revalidate, private";
    const data = await ask_endpoint({ decorators: [never_cache] }, () => 1);
    expect(data.response.get("Cache-Control")).to.equal(never);
    const own = await ask_endpoint({ decorators: [cache_control({ private: true })] }, () => 1);
    expect(own.response.get("Cache-Control")).to.equal("private");
    const events = (): unknown => new EventStream(["a"]);
    const stream = await ask_endpoint({ decorators: [never_cache] }, events);
    expect(stream.response.get("Cache-Control")?.split(", ")).to.have.members(never.split(", "));
  });
});

describe("api/security: parameters", () => {
  quiet();
  const fields = ["name", "-name", "age", "-age"] as const;
  const spec: Spec = {
    query: z.object({ ordering: z.array(z.enum(fields)).max(4).default(["name"]) }),
  };
  const handle = (_request: unknown, { query }: Record<string, unknown>): unknown =>
    (query as { ordering: string[] }).ordering;

  const orderings: [query: string, status: number][] = [
    ["", 200],
    ["ordering=-age&ordering=name", 200],
    ["ordering=__proto__", 422],
    ["ordering=constructor", 422],
    ["ordering=-password", 422],
    ["ordering=name;drop", 422],
    ["ordering=name,age", 422],
    ["ordering=name&".repeat(999), 422],
  ];
  for (const [query, status] of orderings) {
    it(`security T22: ?${query.slice(0, 30)} is ${status}: only declared names`, async () => {
      expect((await ask_endpoint(spec, handle, { query })).status).to.equal(status);
    });
  }

  it("security F30: of three files under one name all are there, and all are checked", async () => {
    const bytes = Buffer.concat([
      part('name="f"; filename="a.exe"', "a", "Content-Type: application/x-msdownload"),
      part('name="f"; filename="b.exe"', "b", "Content-Type: application/x-msdownload"),
      part('name="f"; filename="c.png"', "c", "Content-Type: image/png"),
      END,
    ]);
    const asked: Asked = { method: "POST", body: bytes, content_type: TYPE };
    const names = (_request: unknown, { form }: Record<string, unknown>): unknown =>
      (form as { f: UploadedFile[] }).f.map(({ name }) => name);
    const all = await ask_endpoint(
      { form: z.object({ f: z.array(uploaded_file()) }) },
      names,
      asked,
    );
    expect(all.json()).to.deep.equal(["a.exe", "b.exe", "c.png"]);
    const images = z.object({ f: z.array(uploaded_file({ types: ["image/*"] })) });
    const refused = await ask_endpoint({ form: images }, names, asked);
    const { detail } = refused.json() as { detail: { loc: unknown }[] };
    expect(refused.status).to.equal(422);
    expect(detail.map(({ loc }) => loc)).to.deep.equal([
      ["form", "f", 0],
      ["form", "f", 1],
    ]);
  });

  it("security F31: JSON that looks like a file is none: 422 in a body, 415 for a form", async () => {
    const body = JSON.stringify({ file: { buffer: "aGk=", filename: "../../x", file: true } });
    const handle_file = (): never => {
      throw new Error("never");
    };
    const file = z.object({ file: uploaded_file() });
    const as_body = await ask_endpoint({ body: file }, handle_file, { method: "POST", body });
    const as_form = await ask_endpoint({ form: file }, handle_file, { method: "POST", body });
    expect([as_body.status, as_form.status]).to.deep.equal([422, 415]);
  });
});
