/** The template engine on nunjucks; Django's backend for Jinja2 is its model (Django docs: Templates). @module */
import nunjucks from "nunjucks";
import { settings } from "../../conf/index.ts";
import { ImproperlyConfigured } from "../../core/exceptions.ts";
import type { Library } from "../library.ts";
import type { TemplateEngineParams } from "../utils.ts";
import type { Undefined } from "./_expressions.ts";
import { TemplateFiles } from "./_files.ts";
import { add_django_filters, add_library } from "./_django_filters.ts";
import { replace_filters } from "./_filters.ts";
import { add_globals } from "./_globals.ts";
import type { EnvironmentInternals } from "./_nunjucks.ts";
import { type ContextProcessor, Template } from "./_template.ts";
import { Templates } from "./_templates.ts";
import { BaseEngine } from "./base.ts";

export { type ContextProcessor, Template } from "./_template.ts";
export type { Origin, TemplateContext } from "./base.ts";

/** What an `environment` function is given: the options of nunjucks' `Environment`, and the loader. */
export interface EnvironmentFactoryOptions extends nunjucks.ConfigureOptions {
  /** Looks in `templates` and the directories of the engine. */
  loader: nunjucks.ILoader;
}

/** `OPTIONS` of the engine. What it does not name goes to nunjucks' `Environment`. */
export interface NunjucksOptions extends nunjucks.ConfigureOptions {
  /**
   * Makes the environment: the place for filters, tests, tags and globals of the site.
   * Default: `new nunjucks.Environment(loader, options)`.
   */
  environment?: ((options: EnvironmentFactoryOptions) => nunjucks.Environment) | undefined;
  /** Functions of the request whose values every template can use. Default: none. */
  context_processors?: readonly ContextProcessor[] | undefined;
  /** The site's own filters and tags, for every template. Default: none. */
  libraries?: readonly Library[] | undefined;
  /** Texts of templates by name, which count before files. Default: none. */
  templates?: Readonly<Record<string, string>> | undefined;
  /** Escape what is printed unless it is marked as safe. Default `true`. */
  autoescape?: boolean | undefined;
  /**
   * What printing a name without a value does. `true`: it is an error. `false`: it prints nothing. Default: nothing,
   * but while `DEBUG` it shows the name as it stands in the template.
   */
  throwOnUndefined?: boolean | undefined;
}

/**
 * Templates in nunjucks' language. Rendering is synchronous: what must be awaited is awaited in the view.
 *
 * A template is read and compiled when it is first used, and kept for good; while `DEBUG`, a file that has changed is
 * read again. Nothing of a template reaches a constructor, or a name that begins with an underscore. Text and truth are
 * those of Django's engines: `None`, `True`, an empty list is false.
 */
export class Nunjucks extends BaseEngine {
  /** The alias of an engine without `NAME`. */
  static readonly alias: string = "nunjucks";
  /** The class of the templates. */
  static readonly Template: typeof Template = Template;

  /** The environment: `env.addFilter`, `env.addGlobal` and `env.addExtension` work as in nunjucks. */
  readonly env: nunjucks.Environment;
  readonly #context_processors: readonly ContextProcessor[];
  readonly #templates: Templates;

  constructor(params: TemplateEngineParams) {
    super(params);
    const { environment, context_processors, libraries, templates, ...options }: NunjucksOptions =
      params.OPTIONS;
    this.#context_processors = context_processors ?? [];
    const debug = settings.DEBUG;
    const autoescape = options.autoescape ?? true;
    const given = { ...options, autoescape, loader: new TemplateFiles(this, templates ?? {}) };
    const env = environment === undefined ? default_environment(given) : environment(given);
    const internals = env as unknown as EnvironmentInternals; // the same object; see _nunjucks.ts
    this.#templates = new Templates(this, internals, {
      autoescape,
      undefined: printed_undefined(options.throwOnUndefined, debug),
      reload: debug,
    });
    adopt(internals, this.#templates, autoescape);
    for (const library of libraries ?? []) add_library(internals, library, autoescape);
    this.env = env;
  }

  /** The functions of `OPTIONS["context_processors"]`. */
  get template_context_processors(): readonly ContextProcessor[] {
    return this.#context_processors;
  }

  from_string(template_code: string): Template {
    return this.#templates.compile({
      name: undefined,
      path: "<template>",
      text: template_code,
      version: "",
    });
  }

  get_template(template_name: string): Template {
    return this.#templates.get(template_name);
  }
}

function printed_undefined(strict: boolean | undefined, debug: boolean): Undefined {
  if (strict === true) return "strict";
  return debug && strict === undefined ? "shown" : "empty";
}

function default_environment(options: EnvironmentFactoryOptions): nunjucks.Environment {
  const { loader, ...rest } = options;
  return new nunjucks.Environment(loader, rest);
}

/** Makes an environment use our templates, and hold nothing that nobody put there. */
function adopt(env: EnvironmentInternals, templates: Templates, autoescape: boolean): void {
  if (env.loaders.some((loader) => loader.async === true))
    throw new ImproperlyConfigured(
      "A template is rendered at once: the environment cannot have an asynchronous loader.",
    );
  // Otherwise `constructor` is a global, and a filter.
  for (const names of ["globals", "filters", "tests", "extensions"] as const)
    Object.assign(env, { [names]: Object.assign(Object.create(null), env[names]) });
  add_globals(env.globals);
  add_django_filters(env.filters, autoescape);
  replace_filters(env.filters);
  env.getTemplate = (name: string) => templates.get(name);
  env.renderString = (source: string, context?: Record<string, unknown>) =>
    templates
      .compile({ name: undefined, path: "<template>", text: source, version: "" })
      .render(context);
  env.render = (name: string, context?: Record<string, unknown>) =>
    templates.get(name).render(context);
}
