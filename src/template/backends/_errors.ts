/** Errors that say where in a template they happened. @module */
import {
  BadRequest,
  PermissionDenied,
  RuntimeError,
  SuspiciousOperation,
} from "../../core/exceptions.ts";
import { Http404 } from "../../http/_http404.ts";
import { repr } from "../../utils/_python.ts";
import { type TemplateDebug, TemplateSyntaxError } from "../exceptions.ts";

/** The text of a template, and where it comes from. */
export interface Source {
  /** The name it was asked for by; none for a template made from text. */
  readonly name: string | undefined;
  /** The path of the file, or a text in angle brackets. */
  readonly path: string;
  readonly text: string;
}

/** A place in a template. */
export interface Place {
  /** From 1. */
  readonly line: number;
  /** From 1; 0 if it is not known. */
  readonly column: number;
}

const AROUND = 10;

/** What the debug page shows of a place: ten lines before and after it. */
export function template_debug(
  message: string,
  source: Source,
  { line, column }: Place,
): TemplateDebug {
  const lines = source.text.split(/\r\n|\r|\n/);
  const top = Math.max(1, line - AROUND);
  const bottom = Math.min(lines.length, line + AROUND);
  const during = lines[line - 1] ?? "";
  const start = Math.max(0, column - 1);
  return {
    name: source.path,
    message,
    line,
    column,
    source_lines: lines.slice(top - 1, bottom).map((text, index) => [top + index, text]),
    before: during.slice(0, start),
    during: during.slice(start),
    after: "",
    total: lines.length,
    top,
    bottom,
  };
}

function place_text(source: Source, line: number): string {
  const text = source.text.split(/\r\n|\r|\n/)[line - 1]?.trim() ?? "";
  return `\n  in ${source.path}, line ${line}${text === "" ? "" : `:\n    ${text}`}`;
}

/** An error that stops a template from being compiled. */
export function syntax_error(
  message: string,
  source: Source,
  place: Place | undefined,
  cause: unknown,
): TemplateSyntaxError {
  const where = place === undefined ? `\n  in ${source.path}` : place_text(source, place.line);
  const error = new TemplateSyntaxError(message + where, { cause });
  mark(error, template_debug(message, source, place ?? { line: 1, column: 0 }));
  return error;
}

interface Marked {
  template_debug?: TemplateDebug;
}

function mark(error: object, debug: TemplateDebug): boolean {
  if (!Object.isExtensible(error)) return false;
  Object.defineProperty(error, "template_debug", {
    configurable: true,
    writable: true,
    value: debug,
  });
  return true;
}

/**
 * The error of a running template, telling the innermost place it comes from: in `template_debug`, in its stack and in
 * its message. It stays the object it was, so that whoever catches it by its class does; and one that is an answer
 * itself (404, 403, 400) keeps its message, which may be shown to the client.
 */
export function located(error: unknown, source: Source, place: Place): Error {
  const thrown =
    error instanceof Error
      ? error
      : new RuntimeError(`The template was stopped by ${describe(error)}.`, { cause: error });
  if ((thrown as Marked).template_debug !== undefined) return thrown;
  const { message, stack } = thrown;
  if (!mark(thrown, template_debug(message, source, place))) return thrown;
  try {
    if (!is_answer(thrown)) thrown.message = message + place_text(source, place.line);
    if (stack !== undefined)
      thrown.stack = stack_with(stack, message, thrown.message, source, place);
  } catch {
    // an error whose message cannot be set is still the error
  }
  return thrown;
}

function describe(error: unknown): string {
  return typeof error === "object" && error !== null ? "an object that is no error" : repr(error);
}

function is_answer(error: Error): boolean {
  return (
    error instanceof Http404 ||
    error instanceof PermissionDenied ||
    error instanceof SuspiciousOperation ||
    error instanceof BadRequest
  );
}

/** The stack, with the new message and the template as its first call. */
function stack_with(
  stack: string,
  before: string,
  now: string,
  source: Source,
  { line, column }: Place,
): string {
  const start = stack.indexOf("\n    at ");
  const head = start < 0 ? stack : stack.slice(0, start);
  const call = `\n    at template (${source.path}:${line}:${column})`;
  return head.replace(before, () => now) + call + (start < 0 ? "" : stack.slice(start));
}
