/** `ContextList`: the contexts of all templates that a response rendered. @module */
import { KeyError } from "../core/exceptions.ts";
import { define_repr, repr } from "../utils/_python.ts";

/** What a template was rendered with. */
export type TemplateContext = Readonly<Record<string, unknown>>;

/** A list of contexts in which a name can be looked up (Django docs: Testing tools, `Response.context`). */
export class ContextList {
  readonly #contexts: TemplateContext[];

  static {
    define_repr(this.prototype);
  }

  constructor(iterable: Iterable<TemplateContext> = []) {
    this.#contexts = [...iterable];
  }

  /** How many contexts there are. */
  get size(): number {
    return this.#contexts.length;
  }

  /** The context at a position. */
  at(index: number): TemplateContext | undefined {
    return this.#contexts.at(index);
  }

  /** The value of a name in the first context that has it. @throws KeyError if none has. */
  getitem(key: string): unknown {
    const context = this.#contexts.find((each) => key in each);
    if (context === undefined) throw new KeyError(key);
    return context[key];
  }

  /** Whether any context has the name. */
  has(key: string): boolean {
    return this.#contexts.some((context) => key in context);
  }

  /** The value of a name in the first context that has it, or the default. */
  get(key: string, default_value?: unknown): unknown {
    return this.has(key) ? this.getitem(key) : default_value;
  }

  /** Every name that any context has. */
  keys(): Set<string> {
    return new Set(this.#contexts.flatMap((context) => Object.keys(context)));
  }

  /** The contexts. */
  [Symbol.iterator](): IterableIterator<TemplateContext> {
    return this.#contexts.values();
  }

  toString(): string {
    return repr(this.#contexts);
  }
}
