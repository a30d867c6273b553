/** The template engines of a site (Django docs: Templates, "Support for template engines"). @module */
import { statSync } from "node:fs";
import { join, resolve } from "node:path";
import { on_change, settings } from "../conf/index.ts";
import { ImproperlyConfigured } from "../core/exceptions.ts";
import { repr } from "../utils/_python.ts";
import type { BaseEngine } from "./backends/base.ts";

/** What an engine's constructor is given: an entry of `TEMPLATES` with its defaults, without `BACKEND`. */
export interface TemplateEngineParams {
  /** The alias of the engine: what `using` names. */
  NAME: string;
  /** Directories searched for templates, in order. */
  DIRS: readonly string[];
  /** Whether the template folders of `INSTALLED_APPS` are searched after `DIRS`. */
  APP_DIRS: boolean;
  /** What the engine itself understands. */
  OPTIONS: Readonly<Record<string, unknown>>;
}

/** A class of engines. */
export interface TemplateBackend {
  new (params: TemplateEngineParams): BaseEngine;
  /** The alias of an engine without `NAME`. Default: the name of the class in lower case. */
  readonly alias?: string | undefined;
}

/** One entry of `TEMPLATES`. */
export interface TemplateEngineSettings {
  /** The engine class: `Nunjucks`. */
  BACKEND: TemplateBackend;
  /** The alias of the engine. Default: the backend's, `"nunjucks"`. No two engines may share one. */
  NAME?: string | undefined;
  /** Directories searched for templates, in order. Default: none. */
  DIRS?: readonly string[] | undefined;
  /** Search the `templates` folder of each of `INSTALLED_APPS` after `DIRS`. Default `false`. */
  APP_DIRS?: boolean | undefined;
  /** Options of the engine; `NunjucksOptions` for the one that comes with the framework. */
  OPTIONS?: Readonly<Record<string, unknown>> | undefined;
}

/** An engine was asked for that `TEMPLATES` does not name. */
export class InvalidTemplateEngineError extends ImproperlyConfigured {}

interface Entry {
  readonly backend: TemplateBackend;
  readonly params: TemplateEngineParams;
}

/** Options of the `EngineHandler` constructor. */
export interface EngineHandlerOptions {
  /** The engines. Default `settings.TEMPLATES`, read at first use. */
  templates?: readonly TemplateEngineSettings[] | null | undefined;
}

/** The engines by alias, each made when it is first asked for. Iterating gives the aliases. */
export class EngineHandler {
  readonly #given: readonly TemplateEngineSettings[] | undefined;
  #entries: ReadonlyMap<string, Entry> | undefined;
  #engines = new Map<string, BaseEngine>();
  #all: readonly BaseEngine[] | undefined;

  constructor(options: EngineHandlerOptions = {}) {
    this.#given = options.templates ?? undefined;
  }

  /**
   * The entries of `TEMPLATES` by alias, with their defaults.
   * @throws ImproperlyConfigured without a `BACKEND`, or if two entries have the same alias.
   */
  get templates(): ReadonlyMap<string, TemplateEngineParams & { BACKEND: TemplateBackend }> {
    const templates = new Map<string, TemplateEngineParams & { BACKEND: TemplateBackend }>();
    for (const [alias, { backend, params }] of this.#all_entries())
      templates.set(alias, { ...params, BACKEND: backend });
    return templates;
  }

  /**
   * The engine with that alias.
   * @throws InvalidTemplateEngineError if there is none.
   */
  getitem(alias: string): BaseEngine {
    const known = this.#engines.get(alias);
    if (known !== undefined) return known;
    const entry = this.#all_entries().get(alias);
    if (entry === undefined)
      throw new InvalidTemplateEngineError(
        `There is no template engine ${repr(alias)}; TEMPLATES has ${[...this.#all_entries().keys()].map(repr).join(", ") || "none"}.`,
      );
    const engine = new entry.backend(entry.params);
    this.#engines.set(alias, engine);
    return engine;
  }

  /** All engines, in the order of `TEMPLATES`. Asking at the start of a program shows what is wrong with them. */
  all(): readonly BaseEngine[] {
    this.#all ??= [...this].map((alias) => this.getitem(alias));
    return this.#all;
  }

  /** The aliases. */
  [Symbol.iterator](): IterableIterator<string> {
    return this.#all_entries().keys();
  }

  /** Forgets the engines: a setting changed. @internal */
  reset(): void {
    this.#entries = undefined;
    this.#engines = new Map();
    this.#all = undefined;
  }

  #all_entries(): ReadonlyMap<string, Entry> {
    this.#entries ??= read_entries(this.#given ?? settings.TEMPLATES);
    return this.#entries;
  }
}

function read_entries(templates: readonly TemplateEngineSettings[]): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  for (const [position, template] of templates.entries()) {
    const { BACKEND, NAME, DIRS, APP_DIRS, OPTIONS, ...unknown } = template;
    if (typeof BACKEND !== "function")
      throw new ImproperlyConfigured(
        `TEMPLATES[${position}] needs a BACKEND, the class of the engine: import { Nunjucks } from "nuages/template" and put it there.`,
      );
    const alias = NAME ?? BACKEND.alias ?? BACKEND.name.toLowerCase();
    if (entries.has(alias))
      throw new ImproperlyConfigured(
        `Two entries of TEMPLATES are called ${repr(alias)}. Give one of them another NAME.`,
      );
    const params = {
      NAME: alias,
      DIRS: DIRS ?? [],
      APP_DIRS: APP_DIRS ?? false,
      OPTIONS: OPTIONS ?? {},
      ...unknown, // for the engine to refuse
    };
    entries.set(alias, { backend: BACKEND, params });
  }
  return entries;
}

/** The folders of that name in the directories of `INSTALLED_APPS`, where there is one. */
export function get_app_template_dirs(dirname: string): string[] {
  return settings.INSTALLED_APPS.map((app) => resolve(join(app, dirname))).filter(is_directory);
}

function is_directory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** The engines of `TEMPLATES`. Changing that setting, `DEBUG` or `INSTALLED_APPS` makes them anew. */
export const engines: EngineHandler = new EngineHandler();

on_change(["TEMPLATES", "DEBUG", "INSTALLED_APPS"], () => {
  engines.reset();
});
