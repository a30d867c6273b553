/** Values for templates in layers, of which the last one counts (Django docs: "Playing with Context objects"). @module */
import { KeyError, RuntimeError } from "../core/exceptions.ts";
import type { HttpRequest } from "../http/request.ts";
import { define_repr, repr } from "../utils/_python.ts";
import type { ContextProcessor } from "./backends/_template.ts";

/** Values by name. */
export type Dict = Record<string, unknown>;

/** More layers were taken away than put on. */
export class ContextPopException extends Error {
  override get name(): string {
    return this.constructor.name;
  }
}

function layer_of(...sources: readonly (Readonly<Dict> | ReadonlyMap<string, unknown>)[]): Dict {
  const layer = Object.create(null) as Dict; // no names of its own
  for (const source of sources)
    for (const [name, value] of source instanceof Map ? source : Object.entries(source))
      layer[name as string] = value;
  return layer;
}

/** A layer that `push` has put on. */
export class ContextDict {
  readonly context: BaseContext;
  readonly values: Dict;

  /** Puts the layer on. */
  constructor(context: BaseContext, ...dicts: readonly Readonly<Dict>[]) {
    this.context = context;
    this.values = layer_of(...dicts);
    context.dicts.push(this.values);
  }

  /** The end of its scope: `using layer = context.push(…)`. */
  [Symbol.dispose](): void {
    this.context.pop();
  }
}

/** A stack of dictionaries, at whose bottom are `True`, `False` and `None`. */
export class BaseContext {
  static {
    define_repr(this.prototype, (self) => repr(self.dicts));
  }

  /** The layers, the one that counts last. */
  dicts: Dict[] = [];

  /** @param dict_ The values of the first layer, or a context whose layers are taken over. */
  constructor(dict_?: Readonly<Dict> | BaseContext | null) {
    this.reset_dicts(dict_);
  }

  /** @internal */
  reset_dicts(value?: Readonly<Dict> | BaseContext | null): void {
    this.dicts = [layer_of({ True: true, False: false, None: null })];
    if (value instanceof BaseContext) this.dicts.push(...value.dicts.slice(1));
    else if (value !== undefined && value !== null) this.dicts.push(layer_of(value));
  }

  /** A context with the same layers; what is set in it then goes into those. */
  copy(): this {
    const copy = Object.assign(Object.create(Object.getPrototypeOf(this) as object), this) as this; // of the same class
    copy.dicts = [...this.dicts];
    return copy;
  }

  /** The layers, the last one first. */
  *[Symbol.iterator](): Generator<Dict, void, undefined> {
    yield* this.dicts.toReversed();
  }

  /** Puts on a layer with the values given. */
  push(...args: readonly (Readonly<Dict> | BaseContext)[]): ContextDict {
    const dicts = args.flatMap<Readonly<Dict>>((given) =>
      given instanceof BaseContext ? given.dicts.slice(1) : [given as Readonly<Dict>],
    );
    return new ContextDict(this, ...dicts);
  }

  /** Takes the last layer away. @throws ContextPopException if only the bottom is left. */
  pop(): Dict {
    const top = this.dicts.length > 1 ? this.dicts.pop() : undefined;
    if (top === undefined)
      throw new ContextPopException("pop() was called more often than push().");
    return top;
  }

  /** The layer in which it is. @internal */
  layer_with(key: string): Dict | undefined {
    return this.dicts.findLast((dict) => key in dict);
  }

  /** The last layer. @internal */
  top(): Dict {
    return this.dicts[this.dicts.length - 1] ?? layer_of();
  }

  /** Sets the value in the last layer. */
  set(key: string, value: unknown): void {
    this.top()[key] = value;
  }

  /** Sets the value where there is one of that name, else in the last layer. */
  set_upward(key: string, value: unknown): void {
    (this.layer_with(key) ?? this.top())[key] = value;
  }

  /** The value. @throws KeyError if there is none of that name. */
  getitem(key: string): unknown {
    const layer = this.layer_with(key);
    if (layer === undefined) throw new KeyError(key);
    return layer[key];
  }

  /** Deletes the value from the last layer. @throws KeyError if that has none. */
  delete(key: string): void {
    const top = this.top();
    if (!(key in top)) throw new KeyError(key);
    delete top[key];
  }

  /** Whether there is a value of that name. */
  has(key: string): boolean {
    return this.layer_with(key) !== undefined;
  }

  /** The value, or `otherwise`. */
  get(key: string, otherwise?: unknown): unknown {
    const layer = this.layer_with(key);
    return layer === undefined ? otherwise : layer[key];
  }

  /** The value; if there is none, sets `default`. */
  setdefault(key: string, default_?: unknown): unknown {
    if (this.has(key)) return this.getitem(key);
    this.set(key, default_);
    return default_;
  }

  /** A context of the same kind, with these values only. */
  new(values?: Readonly<Dict> | BaseContext | null): this {
    const context = this.copy();
    context.reset_dicts(values);
    return context;
  }

  /** All values as one dictionary, the three constants included. */
  flatten(): Dict {
    return layer_of(...this.dicts);
  }
}

/** Options of a `Context`. */
export interface ContextOptions {
  /** Default `true`. */
  autoescape?: boolean | undefined;
  use_l10n?: boolean | null | undefined;
  use_tz?: boolean | null | undefined;
}

/** What a template is rendered with. */
export class Context extends BaseContext {
  autoescape: boolean;
  use_l10n: boolean | null;
  use_tz: boolean | null;
  template_name = "unknown";
  /** The template that is being rendered. */
  template: unknown = null;
  render_context: RenderContext = new RenderContext();

  constructor(dict_?: Readonly<Dict> | BaseContext | null, options: ContextOptions = {}) {
    super(dict_);
    this.autoescape = options.autoescape ?? true;
    this.use_l10n = options.use_l10n ?? null;
    this.use_tz = options.use_tz ?? null;
  }

  /** A context whose last layer is `values` itself: what is set shows there. @internal */
  static over(values: Dict): Context {
    const context = new Context();
    context.dicts.push(values);
    return context;
  }

  override copy(): this {
    const copy = super.copy();
    copy.render_context = this.render_context.copy();
    return copy;
  }

  /** Puts on a layer: it is not merged into the last one. @throws TypeError for what is no dictionary. */
  update(other_dict: Readonly<Dict> | BaseContext): ContextDict {
    if (typeof other_dict !== "object" || other_dict === null)
      throw new TypeError(
        `A context is updated with an object of values, not ${repr(other_dict)}.`,
      );
    const given = other_dict instanceof BaseContext ? other_dict.dicts.slice(1).at(-1) : other_dict;
    return new ContextDict(this, given ?? {});
  }

  /** Runs `fn` while the context belongs to the template. @throws RuntimeError if it belongs to one already. */
  bind_template<T>(template: Bindable, fn: () => T): T {
    if (this.template !== null)
      throw new RuntimeError("This context is being used to render another template.");
    this.template = template;
    try {
      return fn();
    } finally {
      this.template = null;
    }
  }
}

/** A template, for `bind_template`. */
export interface Bindable {
  readonly backend?: { readonly template_context_processors?: readonly ContextProcessor[] };
}

/** State that a template keeps while it is rendered: only the last layer is seen. */
export class RenderContext extends BaseContext {
  override layer_with(key: string): Dict | undefined {
    const top = this.top();
    return key in top ? top : undefined;
  }
}

/** Options of a `RequestContext`. */
export interface RequestContextOptions extends ContextOptions {
  /** Context processors besides those of the engine. Default: none. */
  processors?: readonly ContextProcessor[] | null | undefined;
}

/** A context with what the context processors give; values given come before those. */
export class RequestContext extends Context {
  readonly request: HttpRequest;
  #processors: readonly ContextProcessor[];
  #index: number;

  constructor(
    request: HttpRequest,
    dict_?: Readonly<Dict> | BaseContext | null,
    options: RequestContextOptions = {},
  ) {
    super(dict_, options);
    this.request = request;
    this.#processors = options.processors ?? [];
    this.#index = this.dicts.length;
    this.update({}); // what the processors give
    this.update({}); // what is set later, over that
  }

  override copy(): this {
    const copy = new RequestContext(this.request, null, { processors: this.#processors });
    Object.assign(copy, this);
    copy.dicts = [...this.dicts];
    copy.render_context = this.render_context.copy();
    copy.#index = this.#index;
    return copy as this;
  }

  override new(values?: Readonly<Dict> | BaseContext | null): this {
    const context = super.new(values);
    context.#index = -1; // it has no layer for the processors
    return context;
  }

  /** The processors run here, not when the context is made. */
  override bind_template<T>(template: Bindable, fn: () => T): T {
    return super.bind_template(template, () => {
      if (this.#index < 0) return fn();
      const processors = [
        ...(template.backend?.template_context_processors ?? []),
        ...this.#processors,
      ];
      this.dicts[this.#index] = layer_of(...processors.map((processor) => processor(this.request)));
      try {
        return fn();
      } finally {
        this.dicts[this.#index] = layer_of();
      }
    });
  }
}

/** A `RequestContext` if there is a request, else a `Context`. @throws TypeError for what is no plain object of values. */
export function make_context(
  context: Readonly<Dict> | null | undefined,
  request?: HttpRequest | null,
  options: RequestContextOptions = {},
): Context {
  if (context instanceof BaseContext || (context !== null && typeof (context ?? {}) !== "object"))
    throw new TypeError(`A context is made of an object of values, not ${repr(context)}.`);
  if (request === undefined || request === null) return new Context(context, options);
  const made = new RequestContext(request, null, options);
  if (context !== null && context !== undefined) made.push(context);
  return made;
}
