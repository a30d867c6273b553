/** The compiled templates of one environment. @module */
import { str } from "../../utils/_python.ts";
import { TemplateDoesNotExist, TemplateSyntaxError } from "../exceptions.ts";
import { compile } from "./_compiler.ts";
import { add_values, type Context, new_values, type Values } from "./_context.ts";
import { located, type Source, syntax_error } from "./_errors.ts";
import type { CompileOptions } from "./_expressions.ts";
import { type Found, resolve_name, TemplateFiles } from "./_files.ts";
import { type EnvironmentInternals, type Frame, nunjucks_runtime } from "./_nunjucks.ts";
import * as runtime from "./_runtime.ts";
import { type Code, Template, type TemplateBackendEngine } from "./_template.ts";

// How deep templates may include or extend one another; deeper ones most likely do so without end.
const MAX_DEPTH = 100;
// Rendering does not wait for anything, so one number serves all requests.
let depth = 0;

function deeper<T>(name: string | undefined, fn: () => T): T {
  if (depth >= MAX_DEPTH)
    throw new TemplateSyntaxError(
      `${name ?? "A template"} is included or extended ${MAX_DEPTH} levels deep: most likely it includes itself.`,
    );
  depth++;
  try {
    return fn();
  } finally {
    depth--;
  }
}

/** Options of `Templates`. */
export interface TemplatesOptions extends Omit<CompileOptions, "name"> {
  /** Whether to look at every use whether a template has changed. */
  readonly reload: boolean;
}

/** Finds, compiles and keeps the templates of an environment. */
export class Templates {
  readonly engine: TemplateBackendEngine;
  readonly env: EnvironmentInternals;
  readonly #options: TemplatesOptions;
  readonly #kept = new Map<string, Template>();
  readonly #missing = new Map<string, TemplateDoesNotExist>();

  constructor(engine: TemplateBackendEngine, env: EnvironmentInternals, options: TemplatesOptions) {
    this.engine = engine;
    this.env = env;
    this.#options = options;
  }

  /** The template of that name. @throws TemplateDoesNotExist, TemplateSyntaxError */
  get(name: string): Template {
    const kept = this.#kept.get(name);
    if (kept !== undefined && (!this.#options.reload || this.#is_fresh(kept.found))) return kept;
    const template = this.compile(this.#find(name));
    this.#kept.set(name, template);
    return template;
  }

  #is_fresh(found: Found): boolean {
    const [loader] = this.env.loaders;
    return loader instanceof TemplateFiles && loader.is_fresh(found);
  }

  #find(name: string): Found {
    const known = this.#missing.get(name);
    if (known !== undefined)
      throw new TemplateDoesNotExist(name, { tried: known.tried, backend: this.engine });
    let missing: TemplateDoesNotExist | undefined;
    for (const loader of this.env.loaders) {
      try {
        if (loader instanceof TemplateFiles) return loader.find(name);
        const source = loader.getSource(name);
        if (source) return { name, path: source.path, text: source.src, version: "" };
      } catch (error) {
        if (!(error instanceof TemplateDoesNotExist)) throw error;
        missing = error;
      }
    }
    missing ??= new TemplateDoesNotExist(name, { backend: this.engine });
    this.#remember_missing(name, missing);
    throw missing;
  }

  // So that a page without a 404.html costs no look at the disk at every 404.
  #remember_missing(name: string, error: TemplateDoesNotExist): void {
    if (this.#options.reload || name.length > 255) return;
    if (this.#missing.size >= 1000) this.#missing.clear();
    this.#missing.set(name, error);
  }

  /** Compiles a template. @throws TemplateSyntaxError */
  compile(found: Found): Template {
    try {
      const { autoescape, undefined: undefined_ } = this.#options;
      const options = { name: found.name, autoescape, undefined: undefined_ };
      const code = compile(found.text, this.env, options);
      // oxlint-disable-next-line typescript/no-implied-eval -- compiling is making a function; the text is the site's own template
      const make = new Function("runtime", "failed", "templates", code) as (
        ...parts: unknown[]
      ) => Code; // as _compiler.ts writes it
      return new Template(this, found, make(runtime_of_templates, failing_in(found), this));
    } catch (error) {
      throw compile_error(error, found);
    }
  }

  // --- what compiled templates call

  /** The parent of a template, whose blocks join those of the context. */
  extended(wanted: unknown, from: string | undefined, context: Context): Template {
    const parent = this.#any(wanted, from);
    if (++context.depth > MAX_DEPTH)
      throw new TemplateSyntaxError(`${str(wanted)} is extended by itself.`);
    context.add_blocks(parent.blocks);
    parent.told(context.ctx);
    return parent;
  }

  /** The text of a template inside another. */
  included(
    wanted: unknown,
    from: string | undefined,
    ignore_missing: boolean,
    context: Context,
    frame: Frame,
  ): string {
    const template = ignore_missing ? this.#any_or_none(wanted, from) : this.#any(wanted, from);
    if (template === undefined) return "";
    const values = new_values();
    add_values(values, context.ctx);
    return deeper(template.name, () => template.run(values, frame));
  }

  /** What a template exports; without a context it sees nothing of the one that imports it. */
  imported(
    wanted: unknown,
    from: string | undefined,
    context: Context | null,
    frame: Frame | null,
  ): Values {
    const template = this.#any(wanted, from);
    const values = new_values();
    if (context !== null) add_values(values, context.ctx);
    return deeper(template.name, () => template.exported(values, frame ?? undefined));
  }

  #any_or_none(wanted: unknown, from: string | undefined): Template | undefined {
    try {
      return this.#any(wanted, from);
    } catch (error) {
      if (error instanceof TemplateDoesNotExist) return undefined;
      throw error;
    }
  }

  /** A name, a list of names of which the first that exists counts, or a template. */
  #any(wanted: unknown, from: string | undefined): Template {
    if (wanted instanceof Template) return wanted;
    if (Array.isArray(wanted)) {
      for (const name of wanted) {
        const template = this.#any_or_none(name, from);
        if (template !== undefined) return template;
      }
      throw new TemplateDoesNotExist(wanted.map(str).join(", "), { backend: this.engine });
    }
    if (typeof wanted !== "string" && !(wanted instanceof String))
      throw new TemplateDoesNotExist(str(wanted), { backend: this.engine });
    return this.get(resolve_name(String(wanted), from));
  }
}

/** A member of what was imported. @throws TemplateSyntaxError if there is none of that name. */
function imported_name(imported: Values, name: string): unknown {
  if (!(name in imported))
    throw new TemplateSyntaxError(`The imported template defines no ${name} at its top.`);
  return imported[name];
}

const runtime_of_templates = { ...nunjucks_runtime, ...runtime, imported_name };

type Failed = (error: unknown, lineno: number, colno: number) => Error;

function failing_in(source: Source): Failed {
  return (error, lineno, colno) => located(error, source, { line: lineno + 1, column: colno + 1 });
}

function compile_error(error: unknown, source: Source): unknown {
  if (!(error instanceof Error)) return error;
  if (error instanceof RangeError)
    return syntax_error("The template is nested too deeply.", source, undefined, error);
  const { lineno, colno } = error as { lineno?: unknown; colno?: unknown };
  const last = source.text.trimEnd().split("\n").length; // where a tag is missed that should have come
  const place = {
    line: typeof lineno === "number" ? lineno : last,
    column: typeof colno === "number" ? colno : 0,
  };
  return syntax_error(error.message, source, place, error);
}
