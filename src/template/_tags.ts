/** Tags as nunjucks has them: functions that templates call. @module */
import { repr } from "../utils/_python.ts";
import { mark_safe, SafeString } from "../utils/safestring.ts";
import type { Context as TemplateContext } from "./backends/_context.ts";
import { Context } from "./context.ts";
import { TemplateDoesNotExist } from "./exceptions.ts";

/** A function that a template calls; `this` is nunjucks' context. */
export type TemplateTag = (this: TemplateContext, ...args: unknown[]) => unknown;

/** The function of a tag. */
export type TagFunction = (...args: never[]) => unknown;

/** The function of a tag that takes the context. */
export type ContextFunction = (context: Context, ...args: never[]) => unknown;

/** The function of a tag around content. */
export type BlockTagFunction = (...args: never[]) => unknown;

/** The template of an inclusion tag. */
export type InclusionTemplate = string | readonly string[] | Renderable;

const KEYWORDS = "__keywords"; // how nunjucks marks the object that holds the keyword arguments

type Keywords = Record<string, unknown>;

function has_keywords(value: unknown): value is Keywords {
  return typeof value === "object" && value !== null && Object.hasOwn(value, KEYWORDS);
}

/** The arguments, and the named ones as an object at the end. */
function split(args: readonly unknown[]): { positional: unknown[]; named: Keywords } {
  const last = args.at(-1);
  if (!has_keywords(last)) return { positional: [...args], named: {} };
  const { [KEYWORDS]: _, ...named } = last;
  return { positional: args.slice(0, -1), named };
}

function call(
  func: TagFunction,
  before: readonly unknown[],
  positional: readonly unknown[],
  named: Keywords,
): unknown {
  const options = Object.keys(named).length === 0 ? [] : [named];
  return Reflect.apply(func, undefined, [...before, ...positional, ...options]);
}

function context_of(template: TemplateContext, wanted: boolean): Context[] {
  return wanted ? [Context.over(template.getVariables())] : [];
}

/** A tag that prints what the function gives. */
export function simple(func: TagFunction, takes_context: boolean): TemplateTag {
  return function (...args) {
    const { positional, named } = split(args);
    return call(func, context_of(this, takes_context), positional, named);
  };
}

/** A tag that gives the function the content of a `call` block. */
export function block_tag(func: TagFunction, takes_context: boolean): TemplateTag {
  return function (...args) {
    const { positional, named } = split(args);
    const { caller, ...options } = named;
    if (typeof caller !== "function")
      throw new TypeError(
        `${func.name || "This tag"} needs content: {% call ${func.name}(…) %}…{% endcall %}.`,
      );
    const content = mark_safe(Reflect.apply(caller, undefined, []));
    return call(func, [...context_of(this, takes_context), content], positional, options);
  };
}

interface Renderable {
  render(context: Record<string, unknown>): string;
}

// What a form in the included template needs.
const CARRIED = ["csrf_token", "csrf_input"];

/** A tag that shows a template with what the function gives. */
export function inclusion(
  template: InclusionTemplate,
  func: TagFunction,
  takes_context: boolean,
): TemplateTag {
  return function (...args) {
    const { positional, named } = split(args);
    const given = call(func, context_of(this, takes_context), positional, named);
    const values = values_of(given, func.name);
    for (const name of CARRIED) {
      const value = this.ctx[name];
      if (value !== undefined && value !== null) values[name] = value;
    }
    return new SafeString(found(template, this).render(values));
  };
}

function values_of(given: unknown, name: string): Record<string, unknown> {
  if (given instanceof Context) return given.flatten();
  if (given instanceof Map) return Object.fromEntries(given) as Record<string, unknown>;
  if (typeof given === "object" && given !== null && !(given instanceof Promise))
    return { ...given };
  throw new TypeError(
    `The inclusion tag ${name} must give an object of values at once; it gave ${repr(given)}.`,
  );
}

function found(template: InclusionTemplate, context: TemplateContext): Renderable {
  if (typeof template === "object" && "render" in template) return template;
  const env = context.env as unknown as { getTemplate(name: string): Renderable }; // nunjucks' environment, as adopted
  const names = typeof template === "string" ? [template] : template;
  for (const name of names) {
    try {
      return env.getTemplate(name);
    } catch (error) {
      if (!(error instanceof TemplateDoesNotExist) || name === names.at(-1)) throw error;
    }
  }
  throw new TemplateDoesNotExist("No name of a template was given.");
}
