/** A compiled template. @module */
import type { HttpRequest } from "../../http/request.ts";
import { repr } from "../../utils/_python.ts";
import { template_rendered } from "../_signals.ts";
import {
  add_given,
  add_values,
  type Blocks,
  Context,
  new_values,
  type RenderFunction,
  type Values,
} from "./_context.ts";
import type { Found } from "./_files.ts";
import { type EnvironmentInternals, type Frame, nunjucks_runtime } from "./_nunjucks.ts";
import type { BaseEngine, Origin, Template as AnyTemplate, GivenContext } from "./base.ts";
import { csrf_input_lazy, csrf_token_lazy } from "./utils.ts";

/** Gives a template values that every page needs. */
export type ContextProcessor = (request: HttpRequest) => Readonly<Record<string, unknown>>;

/** What a template needs of its engine. */
export interface TemplateBackendEngine extends BaseEngine {
  readonly template_context_processors: readonly ContextProcessor[];
}

/** Where a template belongs. */
export interface TemplateHome {
  readonly engine: TemplateBackendEngine;
  readonly env: EnvironmentInternals;
}

/** What compiling gives. */
export interface Code {
  readonly root: RenderFunction;
  readonly blocks: Blocks;
}

/** A compiled template. */
export class Template implements AnyTemplate {
  /** The engine. */
  readonly backend: TemplateBackendEngine;
  readonly name: string | undefined;
  readonly origin: Origin;
  /** @internal */
  readonly rootRenderFunc: RenderFunction;
  /** @internal */
  readonly blocks: Blocks;
  /** @internal */
  readonly found: Found;
  readonly #env: EnvironmentInternals;

  /** @internal */
  constructor(templates: TemplateHome, found: Found, code: Code) {
    this.backend = templates.engine;
    this.name = found.name;
    this.origin = { name: found.path, template_name: found.name };
    this.rootRenderFunc = code.root;
    this.blocks = code.blocks;
    this.found = found;
    this.#env = templates.env;
  }

  /**
   * The text of the template. With a request it can also use `request`, `csrf_input`, `csrf_token` and what the context
   * processors give, which comes before what `context` has under the same name.
   */
  render(context?: GivenContext | null, request?: HttpRequest | null): string {
    const values = new_values();
    if (context !== undefined && context !== null) add_given(values, context);
    if (request) {
      values.request = request;
      values.csrf_input = csrf_input_lazy(request);
      values.csrf_token = csrf_token_lazy(request);
      for (const processor of this.backend.template_context_processors)
        add_values(values, processed(processor, request));
    }
    return this.run(values);
  }

  /** @internal */
  run(values: Values, parent?: Frame): string {
    return this.rootRenderFunc(this.#env, this.#context(values), first_frame(parent));
  }

  /** What `import` gets. @internal */
  exported(values: Values, parent?: Frame): Values {
    const context = this.#context(values);
    this.rootRenderFunc(this.#env, context, first_frame(parent));
    return context.getExported();
  }

  #context(values: Values): Context {
    this.told(values);
    return new Context(this.#env, values, this.blocks);
  }

  /** Tells tests that the template is being used. @internal */
  told(values: Values): void {
    if (template_rendered.has_listeners())
      template_rendered.send(this, { template: this, context: { ...values } });
  }
}

function processed(
  processor: ContextProcessor,
  request: HttpRequest,
): Readonly<Record<string, unknown>> {
  const values = processor(request);
  if (typeof values === "object" && values !== null && !(values instanceof Promise)) return values;
  throw new TypeError(
    `The context processor ${processor.name || "<anonymous>"} must give an object of values at once; it gave ${repr(values)}.`,
  );
}

function first_frame(parent: Frame | undefined): Frame {
  const frame = parent === undefined ? new nunjucks_runtime.Frame() : parent.push(true);
  frame.topLevel = true;
  return frame;
}
