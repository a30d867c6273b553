/** What goes wrong with templates (Django docs: Templates, `TemplateDoesNotExist`). @module */
import { Exception } from "../core/exceptions.ts";
import type { BaseEngine, Origin } from "./backends/base.ts";

/** One place where a template was looked for, and why it was not taken. */
export type Tried = readonly [origin: Origin, status: string];

/** Options of the `TemplateDoesNotExist` constructor. */
export interface TemplateDoesNotExistOptions extends ErrorOptions {
  /** Where it was looked for. */
  tried?: readonly Tried[] | null | undefined;
  /** The engine that did not find it. */
  backend?: BaseEngine | null | undefined;
  /** The failures of the engines, where several were asked. */
  chain?: readonly TemplateDoesNotExist[] | null | undefined;
}

/** No engine has the template. The message is its name and, if something was searched, every place that was. */
export class TemplateDoesNotExist extends Exception {
  /** The name asked for; several are separated by commas. */
  readonly template_name: string;
  /** Where it was looked for. */
  readonly tried: readonly Tried[];
  /** The engine that did not find it, where it was one. */
  readonly backend: BaseEngine | undefined;
  /** The failures of the engines, where several were asked. */
  readonly chain: readonly TemplateDoesNotExist[];

  constructor(msg: string, options: TemplateDoesNotExistOptions = {}) {
    const tried = options.tried ?? [];
    const chain = options.chain ?? [];
    super(describe(msg, tried, chain), "cause" in options ? { cause: options.cause } : undefined);
    this.template_name = msg;
    this.tried = tried;
    this.backend = options.backend ?? undefined;
    this.chain = chain;
  }
}

function describe(
  name: string,
  tried: readonly Tried[],
  chain: readonly TemplateDoesNotExist[],
): string {
  const places = [tried, ...chain.map((failure) => failure.tried)]
    .flat()
    .map(([origin, status]) => `\n  ${origin.name} (${status})`);
  return places.length === 0 ? name : `${name}\nLooked for in:${[...new Set(places)].join("")}`;
}

/** A line of a template, for the page that shows an error. */
export type SourceLine = readonly [number: number, text: string];

/** Where in a template an error is: what Django's debug page reads from `template_debug`. */
export interface TemplateDebug {
  /** The path of the file, or the name of a template that is none. */
  name: string;
  /** What is wrong. */
  message: string;
  /** The line, from 1. */
  line: number;
  /** The column, from 1; 0 if it is not known. */
  column: number;
  /** The lines around it. */
  source_lines: readonly SourceLine[];
  /** The text before the place, on its line. */
  before: string;
  /** The text at the place. */
  during: string;
  /** The text after the place, on its line. */
  after: string;
  /** How many lines the template has. */
  total: number;
  /** The number of the first of `source_lines`. */
  top: number;
  /** The number of the last of `source_lines`. */
  bottom: number;
}

/** A template that cannot be compiled, or does what a template may not. The message names file and line. */
export class TemplateSyntaxError extends Exception {
  /** The place, for the debug page. */
  declare template_debug?: TemplateDebug;
}
