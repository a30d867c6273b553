/**
 * What the framework tells about requests that went wrong (Django docs: Logging).
 *
 * Records go to the sink that `set_log_sink` sets (standard error by default) and, for whoever subscribed, to the
 * diagnostics channel `nuages:log`. @module
 */
import type { HttpRequest } from "../http/request.ts";
import type { HttpResponseBase } from "../http/response.ts";
import { log, type Level } from "./_logger.ts";
import { escape_code, repr, str } from "./_python.ts";

export { AdminEmailHandler, type AdminEmailHandlerOptions } from "./_admin_email.ts";
export { set_log_sink, type Level, type LogRecord, type LogSink } from "./_logger.ts";

/** A logger is its name, a contract with whoever reads the records: `django.request`, `django.security.csrf`, … */
export interface Logger {
  readonly name: string;
}

/** Tells of responses with a status of 400 and above. */
export const request_logger: Logger = { name: "django.request" };

/** Options of `log_message`. */
export interface LogMessageOptions {
  /** Default: `error` for a status from 500, `warning` from 400, else `info`. */
  level?: Level | null | undefined;
  /** The status of the response this is about. */
  status_code?: number | null | undefined;
  /** The request this is about. */
  request?: HttpRequest | null | undefined;
  /** The error behind it. */
  exception?: unknown;
}

/** Options of `log_response`. */
export interface LogResponseOptions extends Omit<LogMessageOptions, "status_code"> {
  /** The response that is told of, once. */
  response: HttpResponseBase;
  /** Default `request_logger`. */
  logger?: Logger | string | undefined;
}

/**
 * Writes one record.
 * @param message Text with a `%s`, `%d` or `%r` for each of the values; `%%` is a percent sign.
 * @param args The values, then the options if any. What a client sent goes here, never into `message`: line breaks,
 *   control and non-ASCII characters of a text are escaped, so that it cannot pass for a record of its own.
 */
export function log_message(
  logger: Logger | string,
  message: string,
  ...args: [...values: unknown[], options: LogMessageOptions] | unknown[]
): void {
  const wanted = message.match(PLACEHOLDER)?.filter((found) => found !== "%%").length ?? 0;
  // one more than the text has places for: the options, by the type
  const options = (args.length > wanted ? args[args.length - 1] : {}) as LogMessageOptions;
  const { status_code, request, exception } = options;
  const status = status_code ?? undefined;
  const name = typeof logger === "string" ? logger : logger.name;
  log(name, options.level ?? level_of(status), fill(message, args), {
    ...(status !== undefined && { status_code: status }),
    ...(request && { request }),
    ...(exception !== undefined && exception !== null && { error: exception }),
  });
}

/** Writes one record about a response, unless one was written already; see `log_message`. */
export function log_response(
  message: string,
  ...args: [...values: unknown[], options: LogResponseOptions]
): void {
  const { response, request, logger, level, exception } = args.pop() as LogResponseOptions; // by the tuple's type
  if (response._has_been_logged) return;
  const status_code = response.status_code;
  log_message(logger ?? request_logger, message, ...args, {
    level,
    status_code,
    request,
    exception,
  });
  response._has_been_logged = true;
}

function level_of(status: number | undefined): Level {
  if (status === undefined || status < 400) return "info";
  return status < 500 ? "warning" : "error";
}

const PLACEHOLDER = /%[sdr%]/g;

/** Python's `message % args`, with texts escaped. */
function fill(message: string, args: readonly unknown[]): string {
  let next = 0;
  return message.replace(PLACEHOLDER, (found) => {
    if (found === "%%") return "%";
    const value = args[next++];
    if (found === "%r") return repr(value);
    return one_line(str(value));
  });
}

// Everything but printable ASCII, and the backslash that escapes.
const UNSAFE = /[^ -[\]-~]/gu;
const NAMED: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

/** Python's `unicode_escape`: ASCII on one line. */
function one_line(text: string): string {
  return text.replace(
    UNSAFE,
    (character) => NAMED[character] ?? escape_code(character.codePointAt(0) ?? 0),
  );
}
