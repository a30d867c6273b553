/** What every template engine has (Django docs: Templates, "Custom backends"). @module */
import { resolve, sep } from "node:path";
import { ImproperlyConfigured } from "../../core/exceptions.ts";
import type { HttpRequest } from "../../http/request.ts";
import { repr } from "../../utils/_python.ts";
import { get_app_template_dirs, type TemplateEngineParams } from "../utils.ts";

/** Where a template comes from. */
export interface Origin {
  /** The path of the file, or a text in angle brackets if there is none. */
  readonly name: string;
  /** The name it was asked for by. */
  readonly template_name: string | undefined;
}

/** The values a template may use, by name. */
export type TemplateContext = Readonly<Record<string, unknown>>;

/** The values a template is given: the own members of any object, or a `Map`. */
export type GivenContext = object;

/** A template of any engine, ready to be rendered. */
export interface Template {
  /** Where it comes from. */
  readonly origin: Origin;
  /** The name it was asked for by; `undefined` for one made by `from_string`. */
  readonly name: string | undefined;
  /** The text of the template with these values. The context given is not changed. */
  render(context?: GivenContext | null, request?: HttpRequest | null): string;
}

/** The base of template engines. */
export abstract class BaseEngine {
  /** The alias of the engine. */
  readonly name: string;
  /** `DIRS` of the engine's settings. */
  readonly dirs: readonly string[];
  /** Whether the template folders of the apps are searched. */
  readonly app_dirs: boolean;
  #template_dirs: readonly string[] | undefined;

  /** @throws ImproperlyConfigured for a parameter that no engine knows. */
  constructor(params: TemplateEngineParams) {
    const { NAME, DIRS, APP_DIRS, OPTIONS: _options, ...unknown } = params;
    const more = Object.keys(unknown);
    if (more.length > 0)
      throw new ImproperlyConfigured(
        `The template engine ${repr(NAME)} does not know ${more.join(", ")}. An entry of TEMPLATES has BACKEND, NAME, DIRS, APP_DIRS and OPTIONS.`,
      );
    this.name = NAME;
    this.dirs = [...DIRS];
    this.app_dirs = APP_DIRS;
  }

  /** The folder of an app that holds its templates. Default `"templates"`. */
  get app_dirname(): string {
    return "templates";
  }

  /** A template of this text: code of yours, never text from a request. */
  abstract from_string(template_code: string): Template;

  /**
   * The template of that name.
   * @throws TemplateDoesNotExist, TemplateSyntaxError
   */
  abstract get_template(template_name: string): Template;

  /** `DIRS`, then the template folders of the apps; absolute. */
  get template_dirs(): readonly string[] {
    this.#template_dirs ??= [
      ...this.dirs.map((directory) => resolve(directory)),
      ...(this.app_dirs ? get_app_template_dirs(this.app_dirname) : []),
    ];
    return this.#template_dirs;
  }

  /** The paths that a template of that name may have. A name that leaves a directory has none there. */
  *iter_template_filenames(template_name: string): Generator<string, void, undefined> {
    if (template_name.includes("\0") || template_name.includes("\\")) return;
    for (const directory of this.template_dirs) {
      const path = resolve(directory, template_name);
      const inside = directory.endsWith(sep) ? directory : directory + sep;
      if (path.startsWith(inside)) yield path;
    }
  }
}
