/** Turns the JSON of a script into values: an object with a `$` key is made by the form of that name. @module */
import { BytesIO, lesser_file } from "./_bytesio.ts";
import { CONVERTERS } from "./_converters.ts";
import { is_object, type Json, type JsonObject } from "./_format.ts";
import { exported, module_named } from "./_modules.ts";
import { bytes_of, Missing, text_of } from "./_names.ts";
import { python_regex } from "./_python_regex.ts";
import type { Scope } from "./_scope.ts";

/** Makes the value of a form: `form` is what stands under its key, `whole` the object with the keys beside it. */
export type Form = (form: Json, scope: Scope, whole: JsonObject) => unknown;

const forms = new Map<string, Form>();

/** Adds forms, by their `$` key. */
export function define_forms(more: Readonly<Record<string, Form>>): void {
  for (const [key, form] of Object.entries(more)) forms.set(key, form);
}

/** The value of a piece of JSON, new at each call. */
export function decode(json: Json, scope: Scope): unknown {
  if (Array.isArray(json)) return json.map((item) => decode(item, scope));
  if (!is_object(json)) return json;
  const key = form_key(json);
  return key === undefined
    ? decode_entries(json, scope)
    : forms.get(key)?.(json[key] ?? null, scope, json);
}

/** A plain object whose entries are decoded. */
export function decode_entries(json: JsonObject, scope: Scope): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(json).map(([key, value]) => [key, decode(value, scope)]),
  );
}

/** Positional arguments, and the options after them if there are any. */
export function decode_arguments(
  call: { readonly args?: readonly Json[]; readonly opts?: JsonObject },
  scope: Scope,
): unknown[] {
  const args = (call.args ?? []).map((value) => decode(value, scope));
  if (call.opts !== undefined) args.push(decode_entries(call.opts, scope));
  return args;
}

// The keys that may stand beside a form's own
const COMPANIONS = new Map([
  ["$bytesio", ["name", "without"]],
  ["$repeat", ["times"]],
]);

/** The `$` key of a form; a dict may have such keys too, but not alone. */
function form_key(json: JsonObject): string | undefined {
  const keys = Object.keys(json);
  const own = keys.find((key) => forms.has(key));
  if (own === undefined) return undefined;
  const allowed = COMPANIONS.get(own) ?? [];
  return keys.every((key) => key === own || allowed.includes(key)) ? own : undefined;
}

/** The items of a form that must be a list. */
export function list_of(form: Json): Json[] {
  if (!Array.isArray(form)) throw new Missing(`${JSON.stringify(form)} is not a list`);
  return form;
}

/** The entries of a form that must be an object. */
export function object_of(form: Json): JsonObject {
  if (!is_object(form)) throw new Missing(`${JSON.stringify(form)} is not an object`);
  return form;
}

function base64(form: Json): Buffer {
  return Buffer.from(String(form), "base64");
}

function* sync_iterator(items: readonly unknown[]): Generator<unknown, void> {
  yield* items;
}

async function* async_iterator(items: readonly unknown[]): AsyncGenerator<unknown, void> {
  for (const item of items) yield await Promise.resolve(item);
}

/** A plain object if it keeps the order and the types of these keys, or else a Map. */
function ordered(pairs: readonly (readonly [unknown, unknown])[]): unknown {
  const plain = pairs.every(([key]) => typeof key === "string" && !/^\d+$/.test(key));
  return plain
    ? Object.fromEntries(pairs.map(([key, value]) => [String(key), value]))
    : new Map(pairs);
}

function pair_of(json: Json, scope: Scope): [unknown, unknown] {
  const [key = null, value = null] = list_of(json);
  return [decode(key, scope), decode(value, scope)];
}

/** Texts joined as text; as soon as one is bytes, all as bytes. */
function concatenate(parts: readonly unknown[]): string | Buffer {
  if (parts.every((part) => text_of(part) !== undefined)) return parts.join("");
  return Buffer.concat(parts.map((part) => bytes_of(part) ?? Buffer.from(String(part))));
}

function file_in_memory(form: Json, whole: JsonObject): BytesIO {
  const name = typeof whole["name"] === "string" ? whole["name"] : undefined;
  const file = new BytesIO(base64(form), name);
  const without = whole["without"];
  return without === undefined ? file : lesser_file(file, list_of(without).map(String));
}

function converter(form: Json): unknown {
  const found = CONVERTERS[String(form)];
  if (found === undefined) throw new Missing(`no converter is named ${String(form)}`);
  return found;
}

function directory(form: Json, scope: Scope): string {
  const root = scope.stage.directory;
  if (root === undefined) throw new Missing("the case has no files");
  return form === "" ? root : `${root}/${String(form)}`;
}

define_forms({
  $bytes: base64,
  $bytesio: (form, _scope, whole) => file_in_memory(form, whole),
  $date: (form) => new Date(String(form)),
  $number: Number,
  $ref: (form, scope) => scope.read(String(form)) ?? null,
  $class: (form) => exported(String(form)),
  $module: (form) => module_named(String(form)),
  $iter: (form, scope) => sync_iterator(list_of(form).map((item) => decode(item, scope))),
  $aiter: (form, scope) => async_iterator(list_of(form).map((item) => decode(item, scope))),
  $cat: (form, scope) => concatenate(list_of(form).map((item) => decode(item, scope))),
  $repeat: (form, scope, whole) =>
    concatenate(Array<unknown>(Number(whole["times"])).fill(decode(form, scope))),
  $re: (form) => python_regex(String(form)),
  $map: (form, scope) => ordered(list_of(form).map((pair) => pair_of(pair, scope))),
  $set: (form, scope) => new Set(list_of(form).map((item) => decode(item, scope))),
  $digest: String, // Node names its hashes as Python does
  $converter: converter,
  $dir: directory,
});
