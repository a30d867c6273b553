/** The values of a template that is being rendered. @module */
import { RuntimeError } from "../../core/exceptions.ts";
import { repr, str } from "../../utils/_python.ts";
import type { Frame } from "./_nunjucks.ts";

/** Values by name; it has no names of its own, whatever `Object.prototype` holds. */
export type Values = Record<string, unknown>;

// A class whose prototype has none: as safe as `Object.create(null)`, and much faster to fill and read.
const Empty = function (): void {} as unknown as new () => Values;
Empty.prototype = Object.create(null) as Values;

/** A new, empty collection of values. */
export function new_values(): Values {
  return new Empty();
}

/** Puts the own members of `source` into `values`. */
export function add_values(values: Values, source: Readonly<Record<string, unknown>>): void {
  for (const name of Object.keys(source)) values[name] = source[name];
}

/** Puts the values that a caller gives into `values`. @throws TypeError for what has no names. */
export function add_given(values: Values, given: object): void {
  if (given instanceof Map) {
    for (const [name, value] of given) values[str(name)] = value;
    return;
  }
  if (typeof given !== "object" || Array.isArray(given))
    throw new TypeError(`The context of a template is an object of values, not ${repr(given)}.`);
  add_values(values, given as Readonly<Record<string, unknown>>); // its own members, whatever they are
}

/** The compiled code of a template, or of one block of it. */
export type RenderFunction = (env: object, context: Context, frame: Frame) => string;

/** The blocks of a template by name. */
export type Blocks = Readonly<Record<string, RenderFunction>>;

/**
 * The values of one rendering, the blocks of the templates that take part, and what `import` sees of them. It is `this`
 * in the functions and filters that a template calls, and the first argument of a tag (nunjucks docs: "Custom Tags").
 */
export class Context {
  readonly env: { readonly globals: Readonly<Values> };
  /** The values given, and those set at the top of the template. */
  readonly ctx: Values;
  /** How many templates extend one another here. */
  depth = 0;
  #blocks: Record<string, RenderFunction[]> | undefined;
  #own: Blocks;
  #exported: string[] | undefined;

  /** @param ctx Taken as it is: whoever made it must not share it. */
  constructor(env: { readonly globals: Readonly<Values> }, ctx: Values, blocks: Blocks) {
    this.env = env;
    this.ctx = ctx;
    this.#own = blocks;
  }

  /** The value of that name: one given, or a global one. */
  lookup(name: string): unknown {
    const value = this.ctx[name];
    if (value !== undefined || name in this.ctx) return value;
    return this.env.globals[name];
  }

  /** Whether there is such a name. */
  has(name: string): boolean {
    return name in this.ctx || name in this.env.globals;
  }

  setVariable(name: string, value: unknown): void {
    this.ctx[name] = value;
  }

  getVariables(): Values {
    return this.ctx;
  }

  /** Adds the blocks of a template that is extended: they count after those already there. */
  add_blocks(blocks: Blocks): void {
    const all = this.#all_blocks();
    for (const name of Object.keys(blocks)) {
      const block = blocks[name];
      if (block !== undefined) (all[name] ??= []).push(block);
    }
  }

  getBlock(name: string): RenderFunction {
    const block = this.#blocks === undefined ? this.#own[name] : this.#blocks[name]?.[0];
    if (block === undefined) throw new RuntimeError(`There is no block ${name}.`);
    return block;
  }

  getSuper(env: object, name: string, block: RenderFunction, frame: Frame): string {
    const blocks = this.#all_blocks()[name] ?? [];
    const above = blocks[blocks.indexOf(block) + 1];
    if (above === undefined)
      throw new RuntimeError(`super() has nothing to show: no parent has a block ${name}.`);
    return above(env, this, frame);
  }

  addExport(name: string): void {
    (this.#exported ??= []).push(name);
  }

  getExported(): Values {
    const exported = new_values();
    for (const name of this.#exported ?? []) exported[name] = this.ctx[name];
    return exported;
  }

  #all_blocks(): Record<string, RenderFunction[]> {
    if (this.#blocks !== undefined) return this.#blocks;
    const all = Object.create(null) as Record<string, RenderFunction[]>;
    for (const name of Object.keys(this.#own)) {
      const block = this.#own[name];
      if (block !== undefined) all[name] = [block];
    }
    this.#blocks = all;
    return all;
  }
}
