/** What holds for every OpenAPI document, as far as its structure goes (spec.openapis.org/oas/v3.1.1). @module */
import { expect } from "chai";
import type { OpenAPIDocument } from "nuages/api";

type Json = Record<string, unknown>;

const KEYS = {
  document: "openapi info servers paths components security tags externalDocs webhooks",
  info: "title version description summary termsOfService contact license",
  operation:
    "operationId summary description tags deprecated parameters requestBody responses security",
  parameter: "name in description required deprecated schema example",
  body: "description required content",
  response: "description headers content links",
  header: "description required deprecated schema example",
  media: "schema itemSchema example examples encoding",
};
const METHODS = "get put post delete options head patch trace".split(" ");
const TYPES = "null boolean object array number integer string".split(" ");

/** Fails for a document that is none; gives it back. */
export function checked(document: OpenAPIDocument): OpenAPIDocument {
  expect(JSON.parse(JSON.stringify(document)), "JSON").to.deep.equal(document);
  only_keys(document, "document");
  only_keys(document.info, "info");
  expect(document.info.title).to.be.a("string");
  expect(document.info.version).to.be.a("string");
  const ids: string[] = [];
  for (const [path, item] of Object.entries(document.paths)) {
    expect(path).to.match(/^\//);
    for (const [method, operation] of Object.entries(item)) {
      expect(METHODS).to.include(method);
      ids.push(check_operation(path, operation, document));
    }
  }
  expect(new Set(ids).size, `operationIds: ${ids.join(" ")}`).to.equal(ids.length);
  for (const name of Object.keys(document.components?.schemas ?? {}))
    expect(name).to.match(/^[a-zA-Z0-9._-]+$/);
  check_values(document.paths, document);
  check_values(document.components?.schemas, document);
  return document;
}

function check_operation(path: string, operation: object, document: OpenAPIDocument): string {
  only_keys(operation, "operation");
  const { operationId, parameters, responses, requestBody } = operation as {
    operationId: string;
    parameters?: Json[];
    responses: Record<string, Json>;
    requestBody?: Json;
  };
  const places = (parameters ?? []).map((each) => `${String(each["in"])} ${String(each["name"])}`);
  expect(new Set(places).size, places.join()).to.equal(places.length);
  const declared = places.filter((place) => place.startsWith("path ")).toSorted();
  const templated = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => `path ${name}`).toSorted();
  expect(declared, path).to.deep.equal(templated);
  for (const parameter of parameters ?? []) {
    only_keys(parameter, "parameter");
    expect(["path", "query", "header", "cookie"]).to.include(parameter["in"]);
    if (parameter["in"] === "path") expect(parameter["required"]).to.equal(true);
    expect(parameter["schema"]).to.be.an("object");
  }
  expect(Object.keys(responses)).to.have.lengthOf.above(0);
  for (const [status, response] of Object.entries(responses)) {
    expect(status).to.match(/^[1-5]\d\d$/);
    only_keys(response, "response");
    expect(response["description"]).to.be.a("string");
    for (const header of Object.values((response["headers"] as Json | undefined) ?? {}))
      only_keys(header as object, "header");
    check_content(response["content"], document);
  }
  if (requestBody !== undefined) {
    only_keys(requestBody, "body");
    check_content(requestBody["content"], document);
  }
  return operationId;
}

function check_content(content: unknown, { openapi }: OpenAPIDocument): void {
  for (const [type, media] of Object.entries((content as Json | undefined) ?? {})) {
    expect(type).to.match(/^[^/ ]+\/[^/ ]+$/);
    only_keys(media as object, "media");
    if (openapi === "3.1.1") expect(media).not.to.have.property("itemSchema");
  }
}

function only_keys(object: object, kind: keyof typeof KEYS): void {
  const known = KEYS[kind].split(" ");
  const others = Object.keys(object).filter((key) => !known.includes(key) && !key.startsWith("x-"));
  expect(others, kind).to.deep.equal([]);
}

/** All references lead somewhere, and what a library keeps for itself is gone. */
function check_values(value: unknown, document: OpenAPIDocument): void {
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (key === "$ref") {
      expect(inner).to.be.a("string");
      expect(target(String(inner), document), String(inner)).to.be.an("object");
    }
    if (key === "type" && typeof inner === "string") expect(TYPES).to.include(inner);
    if (["$schema", "$id", "id"].includes(key)) expect(inner, key).not.to.be.a("string");
    check_values(inner, document);
  }
}

function target(ref: string, document: OpenAPIDocument): unknown {
  const [root, ...keys] = ref.split("/");
  expect(root).to.equal("#");
  return keys.reduce<unknown>(
    (part, key) => (part as Json | undefined)?.[key.replaceAll("~1", "/").replaceAll("~0", "~")],
    document,
  );
}
