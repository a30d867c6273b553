/** What endpoints make of returned values, in a few words. @module */
import type { Spec } from "nuages/api/spec";
import type { Settings } from "nuages/conf";
import { Nunjucks } from "nuages/template";
import { ask_endpoint, type Asked } from "./endpoints.ts";

/** Status, type and text of what an endpoint makes of a value. */
export async function told(
  spec: Spec,
  value: () => unknown,
  asked: Asked = {},
): Promise<unknown[]> {
  const { status, type, text } = await ask_endpoint(spec, value, asked);
  return [status, type, text];
}

/** The status alone. */
export async function status_of(spec: Spec, value: () => unknown, method = "GET"): Promise<number> {
  return (await ask_endpoint(spec, value, { method })).status;
}

/** A generator of `a` and `b`. */
export function* letters(): Generator<string> {
  yield* ["a", "b"];
}

/** Settings with these templates. */
export function pages(templates: Record<string, string>): Partial<Settings> {
  return { TEMPLATES: [{ BACKEND: Nunjucks, OPTIONS: { templates } }] };
}
