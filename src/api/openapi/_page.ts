/** What the page shows, made of a document: operations by tag, in words. @module */
import { reason_phrase } from "../../http/_status.ts";
import { curl_line } from "./_curl.ts";
import {
  type MediaTypeObject,
  type OpenAPIDocument,
  type OperationObject,
  type ParameterObject,
  PATH_METHODS,
  type PathItemObject,
  type ResponseObject,
} from "./_objects.ts";
import { Samples } from "./_samples.ts";
import { row_of, type Row, schema_anchor, schema_text, type SchemaText } from "./_type_text.ts";

/** A content in one or more media types. */
interface ContentText {
  readonly types: string;
  /** Of a stream: the schema is that of one item. */
  readonly is_item: boolean;
  readonly schema: SchemaText;
}

interface ResponseText {
  readonly status: string;
  readonly phrase: string;
  /** Unless it is the phrase. */
  readonly description: string;
  readonly headers: readonly Row[];
  readonly contents: readonly ContentText[];
}

interface OperationText {
  /** The fragment of its place. */
  readonly anchor: string;
  readonly method: string;
  readonly path: string;
  readonly summary: string | undefined;
  readonly description: string | undefined;
  readonly deprecated: boolean;
  /** The security schemes: one of them is asked for. */
  readonly security: string;
  readonly parameters: readonly { readonly place: string; readonly rows: readonly Row[] }[];
  readonly bodies: readonly ContentText[];
  readonly responses: readonly ResponseText[];
  /** What the errors have in common with those of other operations. */
  readonly errors: readonly ResponseText[];
  readonly curl: string;
}

/** The operations of one tag. */
export interface Group {
  readonly name: string;
  readonly description: string | undefined;
  readonly anchor: string;
  readonly operations: readonly OperationText[];
}

/** All that the template is given. */
export interface PageText {
  readonly title: string;
  readonly version: string;
  readonly description: string | undefined;
  readonly openapi: string;
  readonly groups: readonly Group[];
  readonly schemas: readonly (SchemaText & {
    readonly name: string;
    readonly anchor: string;
    readonly description: string | undefined;
  })[];
}

/** The heading of operations without a tag, beside others that have one. */
const OTHERS = "Other";
const ALL = "Operations";

/** @param origin What stands before the paths in commands: `https://example.com`. */
export function page_text(document: OpenAPIDocument, origin: string): PageText {
  const { info, openapi, components } = document;
  const schemas = components?.schemas ?? {};
  const samples = new Samples(schemas);
  return {
    title: info.title,
    version: info.version,
    description: info.description,
    openapi,
    groups: groups_of(document, (method, path, operation) =>
      operation_text(method, path, operation, { origin, samples }),
    ),
    schemas: Object.entries(schemas).map(([name, schema]) => ({
      name,
      anchor: schema_anchor(name),
      description: typeof schema.description === "string" ? schema.description : undefined,
      ...schema_text(schema),
    })),
  };
}

type ToText = (method: string, path: string, operation: OperationObject) => OperationText;

/** In the order in which the tags first come; an operation with several tags is with each. */
function groups_of(document: OpenAPIDocument, to_text: ToText): Group[] {
  const by_tag = new Map<string, OperationText[]>();
  const without: OperationText[] = [];
  for (const [path, item] of Object.entries(document.paths)) {
    for (const [method, operation] of operations_of(item)) {
      const text = to_text(method, path, operation);
      const tags = operation.tags ?? [];
      if (tags.length === 0) without.push(text);
      for (const tag of tags) {
        const others = by_tag.get(tag);
        if (others === undefined) by_tag.set(tag, [text]);
        else others.push(text);
      }
    }
  }
  const named = [...by_tag];
  if (without.length > 0) named.push([by_tag.size === 0 ? ALL : OTHERS, without]);
  return named.map(([name, operations], at) => ({
    name,
    description: document.tags?.find((tag) => tag.name === name)?.description,
    anchor: `group-${at + 1}`,
    operations: operations.map((operation, index) => ({
      ...operation,
      anchor: `operation-${at + 1}-${index + 1}`,
    })),
  }));
}

function operations_of(item: PathItemObject): [method: string, operation: OperationObject][] {
  const known = PATH_METHODS.flatMap((method): [string, OperationObject][] => {
    const operation = item[method];
    return operation === undefined ? [] : [[method.toUpperCase(), operation]];
  });
  return [...known, ...Object.entries(item.additionalOperations ?? {})];
}

const PLACES: readonly (readonly [place: ParameterObject["in"], title: string])[] = [
  ["path", "Path"],
  ["query", "Query"],
  ["header", "Headers"],
  ["cookie", "Cookies"],
];

function operation_text(
  method: string,
  path: string,
  operation: OperationObject,
  { origin, samples }: { origin: string; samples: Samples },
): OperationText {
  const { summary, description, deprecated, parameters = [], requestBody, security } = operation;
  const responses = Object.entries(operation.responses).map(([status, response]) =>
    response_text(status, response),
  );
  return {
    anchor: "",
    method,
    path,
    summary,
    description,
    deprecated,
    security: (security ?? []).map((each) => Object.keys(each).join(" and ")).join(", or "),
    parameters: PLACES.flatMap(([where, place]) => {
      const rows = parameters.filter((each) => each.in === where).map(parameter_row);
      return rows.length === 0 ? [] : [{ place, rows }];
    }),
    bodies: contents_of(requestBody?.content),
    responses: responses.filter(({ status }) => !is_error(status)),
    errors: responses.filter(({ status }) => is_error(status)),
    curl: curl_line({ method, path, operation, origin, samples }),
  };
}

function is_error(status: string): boolean {
  return /^[45]/.test(status);
}

function parameter_row({ name, schema, required, description, deprecated }: ParameterObject): Row {
  const row = row_of(name, schema ?? {}, required);
  return { ...row, description: description ?? row.description, deprecated: deprecated === true };
}

function response_text(status: string, response: ResponseObject): ResponseText {
  const phrase = /^\d+$/.test(status) ? reason_phrase(Number(status)) : "";
  const { description, headers = {}, content } = response;
  return {
    status,
    phrase,
    description: description === phrase ? "" : description,
    headers: Object.entries(headers).map(([name, header]) => {
      const row = row_of(name, header.schema ?? {}, header.required === true);
      const deprecated = header.deprecated === true;
      return { ...row, deprecated, description: header.description ?? row.description };
    }),
    contents: contents_of(content),
  };
}

/** Media types that have the same schema stand together. */
function contents_of(content: Record<string, MediaTypeObject> = {}): ContentText[] {
  const by_schema = new Map<string, { types: string[]; media: MediaTypeObject }>();
  for (const [type, media] of Object.entries(content)) {
    const key = JSON.stringify([media.schema, media.itemSchema]);
    const same = by_schema.get(key);
    if (same === undefined) by_schema.set(key, { types: [type], media });
    else same.types.push(type);
  }
  return [...by_schema.values()].map(({ types, media }) => ({
    types: types.join(", "),
    is_item: media.itemSchema !== undefined,
    schema: schema_text(media.itemSchema ?? media.schema ?? {}),
  }));
}
