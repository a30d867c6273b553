/** `TemplateView`, a view that renders a template, and the mixins it is made of (Django docs: Base views). @module */
import { ImproperlyConfigured } from "../../core/exceptions.ts";
import type { HttpRequest } from "../../http/request.ts";
import type { HttpResponseBase } from "../../http/response.ts";
import type { TemplateContext } from "../../template/backends/base.ts";
import { TemplateResponse, type TemplateResponseOptions } from "../../template/response.ts";
import type { Maybe } from "../../utils/_promise.ts";
import { split_arguments, View } from "./_view.ts";

/** Values for a template. */
export class ContextMixin {
  /** Added to every context; wins over the values of the URL. */
  declare extra_context: Readonly<Record<string, unknown>> | null;

  static {
    this.prototype.extra_context = null;
  }

  /** The values given, `view` unless it is among them, and `extra_context`. */
  get_context_data(kwargs: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
    return { view: this, ...kwargs, ...this.extra_context };
  }
}

/** The class of the response: made as a `TemplateResponse` is. */
export type TemplateResponseClass = new (
  request: HttpRequest,
  template: string[],
  context: TemplateContext | null | undefined,
  options: TemplateResponseOptions,
) => HttpResponseBase;

/** Rendering a template into a response. */
export class TemplateResponseMixin {
  declare template_name: string | null;
  /** The alias of the engine to ask; `null`: all. */
  declare template_engine: string | null;
  declare response_class: TemplateResponseClass;
  /** `null`: that of every response. */
  declare content_type: string | null;
  /** The request that is answered; `View` sets it. */
  declare request: HttpRequest;

  static {
    this.prototype.template_name = null;
    this.prototype.template_engine = null;
    this.prototype.response_class = TemplateResponse;
    this.prototype.content_type = null;
  }

  /** A response that the handler renders, after the template-response middleware. */
  render_to_response(
    context: TemplateContext | null | undefined,
    response_kwargs: TemplateResponseOptions = {},
  ): HttpResponseBase {
    return new this.response_class(this.request, this.get_template_names(), context, {
      using: this.template_engine,
      content_type: this.content_type,
      ...response_kwargs,
    });
  }

  /** The names of templates, of which the first that exists is rendered. @throws ImproperlyConfigured without one. */
  get_template_names(): string[] {
    if (this.template_name === null)
      throw new ImproperlyConfigured(
        `${this.constructor.name} needs a template_name, or a get_template_names() of its own.`,
      );
    return [this.template_name];
  }
}

/** Renders `template_name` with the values of the URL. */
export class TemplateView extends View implements ContextMixin, TemplateResponseMixin {
  declare extra_context: Readonly<Record<string, unknown>> | null;
  declare template_name: string | null;
  declare template_engine: string | null;
  declare response_class: TemplateResponseClass;
  declare content_type: string | null;

  static {
    const { prototype } = this;
    prototype.extra_context = null;
    prototype.template_name = null;
    prototype.template_engine = null;
    prototype.response_class = TemplateResponse;
    prototype.content_type = null;
  }

  get_context_data(kwargs: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
    return ContextMixin.prototype.get_context_data.call(this, kwargs);
  }

  render_to_response(
    context: TemplateContext | null | undefined,
    response_kwargs: TemplateResponseOptions = {},
  ): HttpResponseBase {
    return TemplateResponseMixin.prototype.render_to_response.call(this, context, response_kwargs);
  }

  get_template_names(): string[] {
    return TemplateResponseMixin.prototype.get_template_names.call(this);
  }

  /** Answers GET, and so HEAD. */
  get(_request: HttpRequest, ...args: unknown[]): Maybe<HttpResponseBase> {
    const [, kwargs] = split_arguments(args);
    return this.render_to_response(this.get_context_data(kwargs));
  }
}
