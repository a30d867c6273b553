/** Pages of users: with a title, with or without a form. @module */
import { ImproperlyConfigured } from "../../core/exceptions.ts";
import type { HttpRequest } from "../../http/request.ts";
import { type HttpResponseBase, HttpResponseRedirect } from "../../http/response.ts";
import { type RedirectTarget, resolve_url } from "../../urls/_resolve_url.ts";
import { TemplateView } from "../../views/generic/base.ts";
import type { Form, FormOptions } from "./_form.ts";
import { PageResponse } from "./_page_templates.ts";

/** A page whose template is given `title` and `subtitle`; the framework has a plain one where the site has none. */
export class TitledView extends TemplateView {
  /** The headline. */
  declare title: string;

  static {
    const { prototype } = this;
    prototype.title = "";
    prototype.response_class = PageResponse;
  }

  override get_context_data(
    kwargs: Readonly<Record<string, unknown>> = {},
  ): Record<string, unknown> {
    const titles = { title: this.title, subtitle: null };
    return { ...super.get_context_data(kwargs), ...titles, ...this.extra_context };
  }
}

/** A page with a form, which is in its context as `form`. */
export abstract class TitledFormView<F extends Form> extends TitledView {
  /** Where a valid form leads: a URL, the name of a view, or a view. */
  declare success_url: RedirectTarget | null;

  static {
    this.prototype.success_url = null;
  }

  /** Makes the form. */
  abstract get_form(): F;

  /** Does what the form asks for. */
  abstract form_valid(form: F): Promise<HttpResponseBase>;

  /** What the form is made with. */
  get_form_kwargs(): FormOptions {
    return { data: this.request.method === "POST" ? this.request.POST : null };
  }

  /** Where a valid form leads. @throws ImproperlyConfigured if nothing says it. */
  get_success_url(): string {
    if (this.success_url) return resolve_url(this.success_url);
    throw new ImproperlyConfigured(`${this.constructor.name} needs a success_url to lead to.`);
  }

  override get_context_data(
    kwargs: Readonly<Record<string, unknown>> = {},
  ): Record<string, unknown> {
    const form = "form" in kwargs ? kwargs["form"] : this.get_form();
    return super.get_context_data({ ...kwargs, form });
  }

  async post(_request: HttpRequest, ..._args: unknown[]): Promise<HttpResponseBase> {
    const form = this.get_form();
    return (await form.is_valid()) ? this.form_valid(form) : this.form_invalid(form);
  }

  /** Leads on. @internal */
  _lead_on(): HttpResponseBase {
    return new HttpResponseRedirect(this.get_success_url());
  }

  /** Shows the form with its errors. */
  form_invalid(form: F): HttpResponseBase {
    return this.render_to_response(this.get_context_data({ form }));
  }
}
