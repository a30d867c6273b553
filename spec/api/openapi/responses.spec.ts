/** The responses of a document: models, streams, files, errors, headers. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import {
  type API,
  CacheControlHeader,
  ETag,
  file,
  JSONRenderer,
  jsonl,
  MessagePackRenderer,
  sse,
  TemplateRenderer,
  TextRenderer,
} from "nuages/api";
import { z } from "zod";
import { documented, only_operation, operation_of, response_of } from "./_documents.ts";

const text = { type: "string" };
const model = z.object({ a: z.string() });
const schema = { type: "object", properties: { a: text }, required: ["a"] };
const value = { a: "" };
const error_content = {
  "application/json": { schema: { $ref: "#/components/schemas/ErrorModel" } },
};

describe("api/openapi: responses", () => {
  const statuses: [what: string, fill: (api: API) => void, status: number, description: string][] =
    [
      ["GET", (api) => api.get("", { response: model }, () => value), 200, "OK"],
      ["POST", (api) => api.post("", { response: model }, () => value), 201, "Created"],
      ["PUT", (api) => api.put("", { response: model }, () => value), 200, "OK"],
      ["DELETE", (api) => api.delete("", { response: model }, () => value), 200, "OK"],
      [
        "a status",
        (api) => api.get("", { status: 202, response: model }, () => value),
        202,
        "Accepted",
      ],
      [
        "several methods",
        (api) => api.route(["POST"], "", { response: { 203: model } }, () => value),
        203,
        "Non-Authoritative Information",
      ],
      [
        "a file",
        (api) =>
          api.post("", { response: file({ status: 206 }) }, () => Promise.reject(new Error())),
        206,
        "Partial Content",
      ],
    ];
  for (const [what, fill, status, description] of statuses) {
    it(`O5: of ${what} have the status ${status}`, () => {
      const operation = only_operation(fill);
      const successes = Object.keys(operation.responses).filter((each) => each.startsWith("2"));
      expect(successes).to.deep.equal([String(status)]);
      expect(response_of(operation, status).description).to.equal(description);
    });
  }

  it("O5: are one for each declared status, with what the entry says", () => {
    const operation = only_operation((api) =>
      api.get(
        "",
        {
          response: {
            200: model,
            204: null,
            404: { model, description: "Not here", headers: { "Retry-After": { required: true } } },
          },
        },
        () => value,
      ),
    );
    expect(response_of(operation, 200).content).to.deep.equal({ "application/json": { schema } });
    expect(response_of(operation, 204)).to.deep.equal({ description: "No Content" });
    expect(response_of(operation, 404)).to.deep.equal({
      description: "Not here",
      headers: { "Retry-After": { required: true, schema: text } },
      content: { "application/json": { schema } },
    });
  });

  it("O5: are in the types of the offer", () => {
    const renderers = [
      new JSONRenderer(),
      new JSONRenderer("application/vnd.shop+json"),
      new MessagePackRenderer(),
      new TextRenderer("text/csv"),
      new TemplateRenderer("page.html"),
    ];
    const operation = only_operation((api) =>
      api.get("", { renderers, response: model }, () => value),
    );
    expect(response_of(operation, 200).content).to.deep.equal({
      "application/json": { schema },
      "application/vnd.shop+json": { schema },
      "application/x-msgpack": { schema },
      "text/csv": { schema: text },
      "text/html": { schema: text },
    });
    const by_type = only_operation((api) =>
      api.get("", { content_type: "application/geo+json", response: model }, () => value),
    );
    expect(response_of(by_type, 200).content).to.deep.equal({ "application/geo+json": { schema } });
  });

  it("O5: have no content for null", () => {
    const operation = only_operation((api) => api.delete("", { response: null }, () => undefined));
    expect(response_of(operation, 204)).to.deep.equal({ description: "No Content" });
  });

  it("O5: are {} where nothing is declared", () => {
    const get = only_operation((api) => api.get("", () => value));
    expect(get.responses).to.deep.equal({
      "200": { description: "OK", content: { "application/json": { schema: {} } } },
    });
    const typed = only_operation((api) => api.get("", { content_type: "text/csv" }, () => ""));
    expect(response_of(typed, 200).content).to.deep.equal({ "text/csv": { schema: {} } });
    const remove = only_operation((api) => api.delete("", () => undefined));
    expect(remove.responses).to.have.all.keys("200", "204");
    const moved = only_operation((api) => api.get("", { status: 301 }, () => undefined));
    expect(moved.responses).to.deep.equal({ "301": { description: "Moved Permanently" } });
  });

  const event = {
    type: "object",
    required: ["data"],
    properties: {
      event: text,
      id: text,
      retry: { type: "integer", minimum: 0 },
      data: { type: "string", contentMediaType: "application/json", contentSchema: schema },
    },
  };
  const streams = [
    ["3.1.1", "schema"],
    ["3.2.0", "itemSchema"],
  ] as const;
  for (const [version, field] of streams) {
    it(`O8: of streams describe their items as ${field} in OpenAPI ${version}`, () => {
      const document = documented(
        (api) => {
          api.get("events/", { response: sse(model) }, () => []);
          api.get("lines/", { response: jsonl(model) }, () => []);
        },
        { openapi: { version } },
      );
      const events = response_of(operation_of(document, "get", "/api/events/"), 200);
      expect(events.content).to.deep.equal({ "text/event-stream": { [field]: event } });
      const lines = response_of(operation_of(document, "get", "/api/lines/"), 200);
      expect(lines.content).to.deep.equal({ "application/jsonl": { [field]: schema } });
    });
  }

  const binary = { type: "string", format: "binary" };
  const length = { "Content-Length": { required: true, schema: text } };
  const no_file = (): Promise<never> => Promise.reject(new Error("There is no file."));

  it("O9: of files are binary, with their length", () => {
    const operation = only_operation((api) =>
      api.get("", { response: file({ content_type: ["image/png", "image/*"] }) }, no_file),
    );
    expect(response_of(operation, 200)).to.deep.equal({
      description: "OK",
      headers: length,
      content: { "image/png": { schema: binary }, "image/*": { schema: binary } },
    });
  });

  it("O9: of any file are of any type", () => {
    const operation = only_operation((api) => api.get("", { response: file() }, no_file));
    expect(response_of(operation, 200).content).to.deep.equal({ "*/*": { schema: binary } });
  });

  it("O9: of files for saving have a Content-Disposition, and what the declaration says", () => {
    const kind = file({
      content_type: "text/csv",
      as_attachment: true,
      description: "The table",
      headers: { "X-Rows": { description: "how many", schema: { type: "integer" } } },
      cookies: { downloaded: { description: "when" } },
      links: { next: { operationId: "next" } },
      schema: { type: "string" },
    });
    const operation = only_operation((api) => api.get("", { response: kind }, no_file));
    expect(response_of(operation, 200)).to.deep.equal({
      description: "The table",
      headers: {
        ...length,
        "Content-Disposition": { required: true, schema: text },
        "X-Rows": { description: "how many", schema: { type: "integer" } },
        "Set-Cookie": { description: "downloaded: when", schema: text },
      },
      content: { "text/csv": { schema: text } },
      links: { next: { operationId: "next" } },
    });
  });

  it("O13: of a model entry may be changed by it", () => {
    const operation = only_operation((api) =>
      api.get(
        "",
        {
          response: {
            200: {
              model,
              openapi: (response) => ({ ...response, "x-cached": true, description: "Better" }),
            },
          },
        },
        () => value,
      ),
    );
    expect(response_of(operation, 200)).to.deep.include({
      description: "Better",
      "x-cached": true,
    });
    expect(response_of(operation, 200).content).to.deep.equal({ "application/json": { schema } });
  });
});

describe("api/openapi: error responses", () => {
  const form = z.object({ a: z.string() });
  const cases: [what: string, fill: (api: API) => void, errors: string[]][] = [
    ["nothing declared", (api) => api.get("", () => ""), []],
    ["a response", (api) => api.get("", { response: model }, () => value), ["406", "500"]],
    [
      "a response that is not checked",
      (api) => api.get("", { response: model, validate_responses: false }, () => value),
      ["406"],
    ],
    [
      "an error status of its own",
      (api) => api.get("", { response: model, response_error_status: 502 }, () => value),
      ["406", "502"],
    ],
    ["no content", (api) => api.get("", { response: null }, () => undefined), ["406"]],
    ["a content type", (api) => api.get("", { content_type: "text/csv" }, () => ""), ["406"]],
    ["renderers", (api) => api.get("", { renderers: [new JSONRenderer()] }, () => ""), ["406"]],
    [
      "renderers of a router",
      (api) => api.router("", { renderers: [new JSONRenderer()] }).get("", () => ""),
      ["406"],
    ],
    ["a query", (api) => api.get("", { query: form }, () => ""), ["422"]],
    ["a path", (api) => api.get("<a>", { path: form }, () => ""), ["422"]],
    ["headers", (api) => api.get("", { headers: form }, () => ""), ["422"]],
    ["cookies", (api) => api.get("", { cookies: form }, () => ""), ["422"]],
    ["a body", (api) => api.post("", { body: form }, () => ""), ["400", "415", "422"]],
    ["a form", (api) => api.post("", { form }, () => ""), ["400", "415", "422"]],
    ["a stream", (api) => api.get("", { response: sse(model) }, () => []), ["406", "500"]],
  ];
  for (const [what, fill, errors] of cases) {
    it(`O10: with ${what} are ${errors.join(", ") || "none"}`, () => {
      const { responses } = only_operation(fill);
      const found = Object.entries(responses).filter(([status]) => /^[45]/.test(status));
      expect(found.map(([status]) => status)).to.deep.equal(errors);
      for (const [, { content }] of found) expect(content).to.deep.equal(error_content);
    });
  }

  it("O10: are JSON whatever the response is", () => {
    const operation = only_operation((api) =>
      api.get("", { renderers: [new TextRenderer()], response: z.string() }, () => ""),
    );
    expect(response_of(operation, 406).content).to.deep.equal(error_content);
  });

  it("O10: give way to what the endpoint declares for the status", () => {
    const operation = only_operation((api) =>
      api.post("", { body: form, response: { 201: model, 422: model } }, () => value),
    );
    expect(response_of(operation, 422)).to.deep.equal({
      description: "Unprocessable Content",
      content: { "application/json": { schema } },
    });
  });
});

describe("api/openapi: headers of layers", () => {
  it("O11: are those of all layers, on success only", () => {
    const document = documented(
      (api) => {
        const inner = api.router("", {
          response_headers: {
            "X-Inner": {
              value: 1,
              description: "a number",
              deprecated: true,
              example: "7",
              schema: { type: "integer" },
            },
            "X-Twice": { documentation_only: true, required: true },
          },
        });
        inner.get("", { etag: new ETag("v1"), response: { 200: model, 404: model } }, () => value);
      },
      {
        response_headers: { "X-Outer": "yes", "x-twice": "no" },
        cache_control: new CacheControlHeader({ no_store: true, documentation_only: true }),
      },
    );
    const operation = operation_of(document, "get", "/api/");
    expect(response_of(operation, 200).headers).to.deep.equal({
      "X-Outer": { schema: text },
      "X-Twice": { required: true, schema: text },
      "Cache-Control": { schema: text },
      "X-Inner": {
        description: "a number",
        deprecated: true,
        example: "7",
        schema: { type: "integer" },
      },
      ETag: { schema: text },
    });
    expect(response_of(operation, 404)).not.to.have.property("headers");
    expect(response_of(operation, 406)).not.to.have.property("headers");
  });

  it("O11: are one Set-Cookie for all cookies", () => {
    const operation = only_operation(
      (api) =>
        api.get(
          "",
          { response_cookies: { seen: { value: "1", description: "the last one" } } },
          () => "",
        ),
      { response_cookies: { theme: "dark" } },
    );
    expect(response_of(operation, 200).headers).to.deep.equal({
      "Set-Cookie": { description: "seen: the last one\ntheme", schema: text },
    });
  });
});
