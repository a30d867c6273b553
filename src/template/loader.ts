/** Finding a template in whatever engine has it (Django docs: `django.template.loader`). @module */
import type { HttpRequest } from "../http/request.ts";
import type { BaseEngine, Template, GivenContext } from "./backends/base.ts";
import { TemplateDoesNotExist } from "./exceptions.ts";
import { engines } from "./utils.ts";

/** Options of `get_template` and `select_template`. */
export interface LoaderOptions {
  /** The alias of the one engine to ask. Default: all, in the order of `TEMPLATES`. */
  using?: string | null | undefined;
}

/** Options of `render_to_string`. */
export interface RenderToStringOptions extends LoaderOptions {
  /** The request, for `request`, `csrf_token` and the context processors. */
  request?: HttpRequest | null | undefined;
}

const NO_OPTIONS: LoaderOptions = {};

/**
 * The template of that name, from the first engine that has it.
 * @throws TemplateDoesNotExist if none has; TemplateSyntaxError if the first that has it cannot compile it.
 */
export function get_template(template_name: string, options: LoaderOptions = NO_OPTIONS): Template {
  let chain: TemplateDoesNotExist[] | undefined;
  for (const engine of engine_list(options.using)) {
    try {
      return engine.get_template(template_name);
    } catch (error) {
      if (!(error instanceof TemplateDoesNotExist)) throw error;
      (chain ??= []).push(error);
    }
  }
  throw new TemplateDoesNotExist(template_name, { chain });
}

/**
 * The first of these templates that any engine has.
 * @throws TypeError for a text; TemplateDoesNotExist for an empty list, or if there is none of them.
 */
export function select_template(
  template_name_list: Iterable<string>,
  options: LoaderOptions = NO_OPTIONS,
): Template {
  if (typeof template_name_list === "string")
    throw new TypeError(
      `select_template takes a list of names: for ${JSON.stringify(template_name_list)} alone use get_template.`,
    );
  const names = [...template_name_list];
  const chain: TemplateDoesNotExist[] = [];
  for (const name of names) {
    for (const engine of engine_list(options.using)) {
      try {
        return engine.get_template(name);
      } catch (error) {
        if (!(error instanceof TemplateDoesNotExist)) throw error;
        chain.push(error);
      }
    }
  }
  const message = names.length > 0 ? names.join(", ") : "The list of template names is empty.";
  throw new TemplateDoesNotExist(message, { chain });
}

/** The text of a template; of the first that exists, for a list. */
export function render_to_string(
  template_name: string | readonly string[],
  context: GivenContext | null = null,
  options: RenderToStringOptions = NO_OPTIONS,
): string {
  const template =
    typeof template_name === "string"
      ? get_template(template_name, options)
      : select_template(template_name, options);
  return template.render(context, options.request);
}

function engine_list(using: string | null | undefined): readonly BaseEngine[] {
  return using === undefined || using === null ? engines.all() : [engines.getitem(using)];
}
