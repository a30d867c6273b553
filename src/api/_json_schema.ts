/** What each library is asked for when its schema becomes a JSON Schema. @module */
import { UploadedFile } from "../core/files/uploadedfile.ts";
import type { JSONSchema } from "./schema.ts";

/** Notes a type that JSON Schema cannot show, and where it is, if the library says so. */
export type Note = (type: string, path?: readonly (string | number)[]) => void;

const DATE_TIME: JSONSchema = { type: "string", format: "date-time" };
// JSON has no such number: encoders write it as digits.
const BIGINT: JSONSchema = { type: "string" };

const BINARY: JSONSchema = { type: "string", format: "binary" };

/** Whether an instance of this class is what an upload becomes. */
function is_upload(Class: unknown): boolean {
  if (typeof Class !== "function") return false;
  return Class === UploadedFile || Class.prototype instanceof UploadedFile;
}

/**
 * The options for a library: what cannot be shown is `{}` instead of an error, dates are `date-time`, bigints text,
 * uploaded files `binary`. A library that is not known gets none.
 */
export function library_options(vendor: string, note: Note): Record<string, unknown> | undefined {
  if (vendor === "zod") return zod_options(note);
  if (vendor === "valibot") return valibot_options(note);
  return vendor === "arktype" ? arktype_options(note) : undefined;
}

/** What zod tells the `override` of its conversion. */
interface ZodContext {
  readonly zodSchema: {
    readonly _zod: {
      readonly def: { readonly type: string };
      readonly bag: { readonly Class?: unknown };
    };
  };
  readonly jsonSchema: JSONSchema;
  readonly path: readonly (string | number)[];
}

const ZOD_UNSHOWN: ReadonlySet<string> = new Set(
  "custom function map nan promise set symbol transform".split(" "),
);

function zod_options(note: Note): Record<string, unknown> {
  return {
    unrepresentable: "any",
    override({ zodSchema, jsonSchema, path }: ZodContext): void {
      const { def, bag } = zodSchema._zod;
      const { type } = def;
      const is_empty = Object.keys(jsonSchema).length === 0;
      if (type === "date") defaults(jsonSchema, DATE_TIME);
      else if (type === "bigint") defaults(jsonSchema, BIGINT);
      else if (is_upload(bag.Class)) defaults(jsonSchema, BINARY);
      else if (is_empty && ZOD_UNSHOWN.has(type)) note(type, path);
    },
  };
}

/** Metadata of the schema has said it already, perhaps. */
function defaults(json: JSONSchema, values: JSONSchema): void {
  if (json.type === undefined && json.$ref === undefined) Object.assign(json, values);
}

/** What valibot tells the `overrideSchema` of its conversion. */
interface ValibotContext {
  readonly valibotSchema: { readonly type: string; readonly class?: unknown };
  readonly errors: readonly string[] | undefined;
}

function valibot_options(note: Note): Record<string, unknown> {
  return {
    errorMode: "ignore",
    overrideSchema({ valibotSchema, errors }: ValibotContext): JSONSchema | undefined {
      const { type } = valibotSchema;
      if (type === "date") return { ...DATE_TIME };
      if (type === "bigint") return { ...BIGINT };
      if (type === "instance" && is_upload(valibotSchema.class)) return { ...BINARY };
      if (errors !== undefined) note(type);
      return undefined;
    },
  };
}

/** What ArkType tells the `fallback` of its conversion. */
interface ArkContext {
  readonly code: string;
  readonly base: JSONSchema;
  readonly domain?: string;
  readonly proto?: unknown;
}

function arktype_options(note: Note): Record<string, unknown> {
  return {
    fallback(context: ArkContext): JSONSchema | undefined {
      const { code, base } = context;
      if (code === "date") return { ...base, ...DATE_TIME };
      if (code === "domain" && context.domain === "bigint") return { ...base, ...BIGINT };
      if (code === "proto" && is_upload(context.proto)) return { ...base, ...BINARY };
      if (code === "defaultValue") return undefined; // a default that JSON does not know is left out
      if (Object.keys(base).length === 0) note(code);
      return base;
    },
  };
}
