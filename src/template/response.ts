/** Responses that are rendered late, after middleware has seen them (Django docs: TemplateResponse). @module */
import { Exception } from "../core/exceptions.ts";
import type { HeadersInit } from "../http/_headers.ts";
import type { HttpRequest } from "../http/request.ts";
import { HttpResponse, type HttpResponseBase } from "../http/response.ts";
import type { GivenContext, Template, TemplateContext } from "./backends/base.ts";
import { get_template, select_template } from "./loader.ts";

/** The content of a template response was read before it was rendered. */
export class ContentNotRenderedError extends Exception {}

/** What names a template: its name, names of which the first that exists is taken, or the template. */
export type TemplateName = string | readonly string[] | Pick<Template, "render">;

/** Is called when a response has been rendered; a response that it returns is sent instead. */
export type PostRenderCallback = (
  response: HttpResponseBase,
) => HttpResponseBase | null | undefined | void;

/** Options of template responses. */
export interface TemplateResponseOptions {
  /** Default `text/html; charset=` and the charset. */
  content_type?: string | null | undefined;
  /** Default 200. */
  status?: number | string | null | undefined;
  /** Default: the one in the Content-Type, else `settings.DEFAULT_CHARSET`. */
  charset?: string | null | undefined;
  /** The alias of the one engine to ask. Default: all. */
  using?: string | null | undefined;
  /** Headers to set. */
  headers?: HeadersInit;
}

/**
 * A template and its context, rendered by the handler after the template-response middleware. Until then the template,
 * the context and the headers can still be changed, and the content cannot be read.
 */
export class SimpleTemplateResponse extends HttpResponse {
  /** What is to be rendered. */
  template_name: TemplateName;
  /** With what; what was given, `null` too. */
  context_data: TemplateContext | null | undefined;
  /** The alias of the one engine to ask. */
  using: string | null | undefined;
  /** The request to render with; only `TemplateResponse` sets it. @internal */
  _request: HttpRequest | undefined;
  #callbacks: PostRenderCallback[] = [];
  #is_rendered = false;

  constructor(
    template: TemplateName,
    context?: GivenContext | null,
    options: TemplateResponseOptions = {},
  ) {
    const { content_type, status, charset, headers, using } = options;
    super("", { content_type, status, charset, headers });
    this.template_name = template;
    this.context_data = context as TemplateContext | null | undefined; // to be read by name
    this.using = using;
    this._request = undefined;
  }

  /** The template that a value of `template_name` means. Override it to choose another. */
  resolve_template(template: TemplateName): Pick<Template, "render"> {
    if (typeof template === "string") return get_template(template, { using: this.using });
    return is_names(template) ? select_template(template, { using: this.using }) : template;
  }

  /** The context to render with. Override it to add to it. */
  resolve_context(context: TemplateContext | null | undefined): TemplateContext | null | undefined {
    return context;
  }

  /** The text of the template now; rendered at every read, and not kept. */
  get rendered_content(): string {
    const template = this.resolve_template(this.template_name);
    const context = this.resolve_context(this.context_data);
    return template.render(context, this._request);
  }

  /** Calls it when the response has been rendered; at once if it is, and then what it returns does not matter. */
  add_post_render_callback(callback: PostRenderCallback): void {
    if (this.#is_rendered) callback(this);
    else this.#callbacks.push(callback);
  }

  /**
   * Renders the response, the first time it is called. Each callback gets the response that the one before it
   * returned; the last one returned is the result.
   */
  render(): HttpResponseBase {
    if (this.#is_rendered) return this;
    this.content = this.rendered_content;
    return this.#callbacks.reduce<HttpResponseBase>(
      (response, callback) => callback(response) ?? response,
      this,
    );
  }

  /** Whether there is content: rendered, or set by hand. */
  get is_rendered(): boolean {
    return this.#is_rendered;
  }

  /** @throws ContentNotRenderedError before `render`. */
  override get content(): Buffer {
    return super.content;
  }

  override set content(value: unknown) {
    super.content = value;
    this.#is_rendered = true;
  }

  /** Reading the content in any way before `render` is an error. @internal */
  override _check_content(): void {
    if (!this.#is_rendered)
      throw new ContentNotRenderedError(
        "The response is not rendered yet: call render(), or add_post_render_callback() to be told.",
      );
  }
}

function is_names(template: TemplateName): template is readonly string[] {
  return typeof template !== "string" && Symbol.iterator in template;
}

/** A `SimpleTemplateResponse` that knows its request: its template sees `request` and the context processors' values. */
export class TemplateResponse extends SimpleTemplateResponse {
  constructor(
    request: HttpRequest,
    template: TemplateName,
    context?: GivenContext | null,
    options?: TemplateResponseOptions,
  ) {
    super(template, context, options);
    this._request = request;
  }
}
