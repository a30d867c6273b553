/** Templates from text, rendered by an engine without directories. @module */
import { Nunjucks } from "nuages/template";

/** A context, or the options of an engine. */
export type Values = Record<string, unknown>;

/** An engine with these options and directories. */
export function engine(options: Values = {}, DIRS: string[] = []): Nunjucks {
  return new Nunjucks({ NAME: "n", DIRS, APP_DIRS: false, OPTIONS: options });
}

/** An engine with no options and no directories. */
export const plain: Nunjucks = engine();

/** What the plain engine makes of the template. */
export function render(template: string, context: Values = {}): string {
  return plain.from_string(template).render(context);
}

/** What JSON from a client makes. */
export function json(text: string): unknown {
  return JSON.parse(text) as unknown;
}
