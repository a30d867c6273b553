/** The verb `response`: what a client sees of a response. @module */
import { gunzipSync } from "node:zlib";
import type { Work } from "./_async.ts";
import type { Step } from "./_format.ts";
import { bytes_of, call_member, Missing, read_member } from "./_names.ts";

/** Texts that differ from run to run, with the name written in their place. */
export type Hidden = readonly (readonly [text: string, name: string])[];

type Texts = Record<string, string>;

/** Status, headers, cookies (if any) and, if the step asks for it, the body. */
export function* client_view(step: Step, response: unknown, hidden: Hidden): Work<unknown> {
  const cookies = cookies_of(response, step.mask ?? []);
  const view: Record<string, unknown> = {
    status: read_member(response, "status_code"),
    headers: headers_of(response, step.omit ?? []),
  };
  if (Object.keys(cookies).length > 0) view["cookies"] = cookies;
  if (step.body !== undefined)
    view["body"] = read_body(to_bytes(yield content_of(response)), step.body);
  return hide(view, hidden);
}

function headers_of(response: unknown, omit: readonly string[]): Texts {
  const omitted = new Set(omit.map((name) => name.toLowerCase()));
  const pairs = pairs_of(call_member(response, "items", []));
  return Object.fromEntries(
    pairs
      .filter(([name]) => !omitted.has(String(name).toLowerCase()))
      .map(([name, value]) => [String(name), String(value)]),
  );
}

function cookies_of(response: unknown, mask: readonly string[]): Texts {
  const pairs = pairs_of(call_member(read_member(response, "cookies"), "items", []));
  return Object.fromEntries(
    pairs.map(([key, morsel]) => {
      const text = String(call_member(morsel, "OutputString", []));
      const { length } = String(read_member(morsel, "value"));
      return [String(key), masked(text, String(key), length, mask)];
    }),
  );
}

/** `name=value; …` with the value's length, quotes not counted, in its place; for a mask with a star, with nothing. */
function masked(text: string, name: string, length: number, mask: readonly string[]): string {
  const shown = mask.includes(name)
    ? String
    : mask.includes(`${name}*`)
      ? (): string => ""
      : undefined;
  if (shown === undefined) return text;
  const start = name.length + 1;
  const end = text.includes(";") ? text.indexOf(";") : text.length;
  return `${text.slice(0, start)}<${shown(length)}>${text.slice(end)}`;
}

function pairs_of(items: unknown): [unknown, unknown][] {
  const pairs: [unknown, unknown][] = [];
  if (typeof items !== "object" || items === null || !(Symbol.iterator in items))
    throw new Missing("the items cannot be iterated");
  for (const pair of items as Iterable<unknown>)
    if (Array.isArray(pair)) pairs.push([pair[0], pair[1]]);
  return pairs;
}

/** The bytes of the body, streamed or not. */
async function content_of(response: unknown): Promise<Buffer> {
  if (read_member(response, "streaming") !== true)
    return to_bytes(read_member(response, "content"));
  const parts: Buffer[] = [];
  for await (const part of response as AsyncIterable<unknown>) parts.push(to_bytes(part));
  return Buffer.concat(parts);
}

function to_bytes(part: unknown): Buffer {
  return bytes_of(part) ?? Buffer.from(String(part));
}

function read_body(content: Buffer, as: NonNullable<Step["body"]>): unknown {
  switch (as) {
    case "bytes":
      return content;
    case "text":
      return content.toString();
    case "json":
      return JSON.parse(content.toString());
    case "gunzip":
      return gunzipSync(content).toString();
  }
}

/** A copy in which every hidden text, wherever it occurs, is `{name}`. */
function hide(value: unknown, hidden: Hidden): unknown {
  if (hidden.length === 0 || bytes_of(value) !== undefined) return value;
  if (typeof value === "string")
    return hidden.reduce((text, [secret, name]) => text.replaceAll(secret, `{${name}}`), value);
  if (Array.isArray(value)) return value.map((item) => hide(item, hidden));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, hide(item, hidden)]));
}
