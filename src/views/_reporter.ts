/** The report about an error that nothing handled. @module */
import { settings } from "../conf/index.ts";
import { Exception } from "../core/exceptions.ts";
import type { HttpRequest } from "../http/request.ts";
import { TemplateDoesNotExist, type TemplateDebug } from "../template/exceptions.ts";
import { resolve } from "../urls/base.ts";
import { time } from "../utils/_clock.ts";
import { log } from "../utils/_logger.ts";
import { attempt, cut, display, MAX_LENGTH } from "./_display.ts";
import { type Frame, frames_of, parse_stack } from "./_frames.ts";
import { render_page } from "./_pages.ts";
import { SafeExceptionReporterFilter } from "./_report_filter.ts";

/** The causes of an error go round in a circle. Never thrown: the name of what is logged then. */
export class ExceptionCycleWarning extends Exception {}

/** What the pages show: names and texts. */
type Shown = [name: string, text: string][];

let default_filter: { made: SafeExceptionReporterFilter; of: unknown } | undefined;

/** The filter of the setting `DEFAULT_EXCEPTION_REPORTER_FILTER`. */
export function get_default_exception_reporter_filter(): SafeExceptionReporterFilter {
  const Filter = (attempt<unknown>(() => settings.DEFAULT_EXCEPTION_REPORTER_FILTER, undefined) ??
    SafeExceptionReporterFilter) as typeof SafeExceptionReporterFilter; // what the setting holds
  if (default_filter?.of !== Filter) default_filter = { made: new Filter(), of: Filter };
  return default_filter.made;
}

/** The filter of a request: its own, or the default one. */
export function get_exception_reporter_filter(
  request: HttpRequest | null | undefined,
): SafeExceptionReporterFilter {
  const own = request?.exception_reporter_filter;
  return own instanceof SafeExceptionReporterFilter ? own : get_default_exception_reporter_filter();
}

/** The class of a request's reports: its own, or that of the setting `DEFAULT_EXCEPTION_REPORTER`. */
export function get_exception_reporter_class(
  request: HttpRequest | null | undefined,
): typeof ExceptionReporter {
  const own =
    request?.exception_reporter_class ??
    attempt<unknown>(() => settings.DEFAULT_EXCEPTION_REPORTER, undefined);
  return typeof own === "function" ? (own as typeof ExceptionReporter) : ExceptionReporter;
}

/** The name of the view that the request leads to; `""` if there is none. */
export function get_caller(request: HttpRequest): string {
  return attempt(() => (request.resolver_match ?? resolve(request.path))._func_path, "");
}

/** Options of the `ExceptionReporter` constructor. */
export interface ExceptionReporterOptions {
  /** Whether the report is sent by mail. Default `false`. */
  is_email?: boolean | undefined;
}

/** Gathers what is known about an error and writes it down, as a page or as text. */
export class ExceptionReporter {
  readonly request: HttpRequest | null;
  /** What was thrown: an error, as a rule. */
  readonly exc_value: unknown;
  /** The error, its cause, the cause of that. */
  readonly #causes: readonly unknown[];
  /** Hides what is secret. */
  readonly filter: SafeExceptionReporterFilter;
  /** Whether the report is sent by mail. */
  readonly is_email: boolean;

  constructor(
    request: HttpRequest | null | undefined,
    exc_value: unknown,
    options: ExceptionReporterOptions = {},
  ) {
    this.request = request ?? null;
    this.exc_value = exc_value;
    this.#causes = causes_of(exc_value);
    this.filter = get_exception_reporter_filter(this.request);
    this.is_email = options.is_email ?? false;
  }

  /** The name of the template of the page, in the framework's `templates`. */
  get html_template_path(): string {
    return "technical_500.html";
  }

  /** The name of the template of the text, in the framework's `templates`. */
  get text_template_path(): string {
    return "technical_500.txt";
  }

  /** The report as a page. */
  async get_traceback_html(): Promise<string> {
    return render_page(this.html_template_path, await this.get_traceback_data());
  }

  /** The report as plain text. */
  async get_traceback_text(): Promise<string> {
    return render_page(this.text_template_path, await this.get_traceback_data(), false);
  }

  /** What the templates show. */
  async get_traceback_data(): Promise<Record<string, unknown>> {
    const error = this.exc_value;
    const frames = await this.get_traceback_frames();
    const lost = attempt(() => error instanceof TemplateDoesNotExist, false);
    const stack = attempt(() => String((error as Error).stack ?? ""), "");
    return {
      exception_type: name_of(error),
      exception_value: message_of(error),
      exception_stack: cut_stack(stack),
      causes: this.#causes.slice(1).map(headline),
      frames,
      lastframe: frames.find(({ type }) => type === "user") ?? frames[0],
      template_info: template_debug_of(error),
      postmortem: lost ? postmortem(error as TemplateDoesNotExist) : [],
      server_time: new Date(time() * 1000).toISOString(),
      node_version: process.version,
      executable: process.execPath,
      directory: process.cwd(),
      is_email: this.is_email,
      settings: shown(this.filter.get_safe_settings()),
      ...(this.request === null ? {} : this.#request_data(this.request)),
    };
  }

  #request_data(request: HttpRequest): Record<string, unknown> {
    const { filter } = this;
    return {
      request_method: attempt(() => request.method ?? "", ""),
      request_path: attempt(() => cut(request.path), ""),
      request_uri: attempt(
        () => cut(`${request.scheme}://${raw_host(request)}${request.get_full_path()}`),
        "",
      ),
      raising_view_name: cut(get_caller(request)),
      user: attempt(() => user_text(request), "<the user cannot be read>"),
      GET: attempt(() => [...request.GET.lists()].map(show_list), []),
      POST: attempt(() => this.#form(request), []),
      FILES: attempt(() => [...request.FILES.lists()].map(show_list), []),
      COOKIES: attempt(() => shown(filter.get_safe_cookies(request)), []),
      META: attempt(() => shown(filter.get_safe_request_meta(request)), []),
    };
  }

  // What a decorator calls sensitive, or what is called a password, is on no page: whoever looks at the screen reads it.
  #form(request: HttpRequest): Shown {
    const sensitive = request.sensitive_post_parameters ?? [];
    const { filter } = this;
    return Array.from(filter.get_post_parameters(request).lists(), ([name, values]) => {
      const hidden = sensitive === "__ALL__" || sensitive.includes(name);
      const list = values.map((value) =>
        hidden ? filter.cleansed_substitute : filter.cleanse_setting(name, value),
      );
      return show_list([name, list]);
    });
  }

  /** The calls of the error and of its causes: those of the first cause come first. */
  async get_traceback_frames(): Promise<Frame[]> {
    const errors = this.#causes.toReversed();
    const frames = await Promise.all(
      errors.map((error) => this.get_exception_traceback_frames(error)),
    );
    return frames.flat();
  }

  /** The calls of one error, the innermost first. */
  async get_exception_traceback_frames(exc_value: unknown): Promise<Frame[]> {
    const stack = attempt(() => String((exc_value as Error).stack ?? ""), "");
    return frames_of(parse_stack(stack), headline(exc_value));
  }
}

const MAX_CAUSES = 20;

/** The error, its cause, the cause of that, as far as they go. */
function causes_of(error: unknown): unknown[] {
  const causes: unknown[] = [];
  let next = error;
  while (next !== undefined && next !== null && causes.length < MAX_CAUSES) {
    if (causes.includes(next)) {
      log(
        "django.request",
        "warning",
        "ExceptionCycleWarning: the causes of an error go round in a circle.",
      );
      break;
    }
    causes.push(next);
    next = cause_of(next);
  }
  return causes.length === 0 ? [error] : causes;
}

function cause_of(error: unknown): unknown {
  return attempt<unknown>(() => (error instanceof Error ? error.cause : undefined), undefined);
}

function name_of(error: unknown): string {
  if (typeof error !== "object" || error === null) return `Not an error: ${typeof error}`;
  const name = attempt(() => (error instanceof Error ? String(error.name) : ""), "");
  return name === "" ? "Not an error: object" : name;
}

/** The text of an error, without the place in a template: the page shows that by itself. */
function message_of(error: unknown): string {
  const message = attempt(
    () => (error instanceof Error ? own_message(error) : display(error)),
    "<the message cannot be read>",
  );
  return cut(message);
}

function own_message(error: Error): string {
  if (error instanceof TemplateDoesNotExist) return error.template_name;
  return template_debug_of(error)?.message ?? String(error.message);
}

function template_debug_of(error: unknown): TemplateDebug | undefined {
  return attempt(
    () => (error as { template_debug?: TemplateDebug } | null)?.template_debug,
    undefined,
  );
}

function headline(error: unknown): string {
  return `${name_of(error)}: ${message_of(error)}`;
}

function cut_stack(whole: string): string {
  const stack = whole
    .slice(0, 100 * MAX_LENGTH)
    .split("\n")
    .map(cut)
    .join("\n");
  return stack.length <= 4 * MAX_LENGTH ? stack : `${stack.slice(0, 4 * MAX_LENGTH)}…`;
}

interface Postmortem {
  backend: string;
  tried: readonly (readonly [path: string, status: string])[];
}

function postmortem(error: TemplateDoesNotExist): Postmortem[] {
  const failures = error.chain.length > 0 ? error.chain : [error];
  return failures.map((failure) => ({
    backend: failure.backend?.name ?? "",
    tried: failure.tried.map(([origin, status]) => [origin.name, status]),
  }));
}

function raw_host(request: HttpRequest): string {
  return request._raw_host();
}

function user_text(request: HttpRequest): string {
  return request.user === undefined ? "" : cut(String(request.user));
}

function shown(values: Readonly<Record<string, unknown>>): Shown {
  return Object.entries(values).map(([name, value]) => [cut(name), display(value)]);
}

function show_list([name, values]: [name: string, values: readonly unknown[]]): [string, string] {
  return [cut(name), cut(values.map(display).join(", "))];
}
