/** Where log records go: a replaceable sink, and the diagnostics channel `nuages:log`. @module */
import { channel } from "node:diagnostics_channel";
import { error_stack } from "./_error_text.ts";
import { escape_code } from "./_python.ts";

/** Levels in rising order, named as in Python. */
export type Level = "debug" | "info" | "warning" | "error" | "critical";

/** One log record, as published on the diagnostics channel `nuages:log`. */
export interface LogRecord {
  /** The logger: `django.request`, `django.security.DisallowedHost`, … */
  logger: string;
  level: Level;
  /** The text, safe to print on one line. */
  message: string;
  /** The HTTP status of the response this is about, if any. */
  status_code?: number | undefined;
  /** The error behind it, if any. */
  error?: unknown;
  /** The request it is about, if any. */
  request?: unknown;
}

/** What is told every record. */
export type LogSink = (record: LogRecord) => void;

const published = channel("nuages:log");
let sink: LogSink = to_stderr;

function to_stderr(record: LogRecord): void {
  if (record.level === "debug" || record.level === "info") return;
  const { error } = record;
  const trace = record.level === "warning" || error === undefined ? "" : trace_of(error);
  process.stderr.write(
    `${record.level.toUpperCase()} ${record.logger}: ${record.message}${trace}\n`,
  );
}

/**
 * Replaces what is done with log records; gives back what was there. Without an argument, warnings and errors go to
 * standard error again. Subscribers of the diagnostics channel `nuages:log` get every record all the same.
 */
export function set_log_sink(next: LogSink = to_stderr): LogSink {
  const before = sink;
  sink = next;
  return before;
}

// What would end the line, or let a terminal do something.
// oxlint-disable-next-line no-control-regex -- control characters are what must not stay
const CONTROL = /[\0-\x1f\x7f-\x9f\u2028\u2029]/g;
const LONGEST = 2048;
const LONGEST_TRACE = 8 * LONGEST;

/** The text on one line of bounded length, whoever chose it. */
function one_line(text: string): string {
  const escaped = cut(text).replace(CONTROL, spelled_out); // cut first: nobody waits for what is not shown
  return cut(escaped);
}

function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

function spelled_out(character: string): string {
  return escape_code(character.charCodeAt(0));
}

/** The stack below the line of its record: indented, so that no line of a message passes for another record. */
function trace_of(error: unknown): string {
  const stack = error_stack(error);
  const shown = stack.length > LONGEST_TRACE ? `${stack.slice(0, LONGEST_TRACE)}…` : stack;
  return shown
    .split("\n")
    .map((line) => `\n  ${line.replace(CONTROL, spelled_out)}`)
    .join("");
}

/**
 * Writes one record. Control characters in its message are spelled out, and it is cut at 2048 characters. A sink that
 * throws is not allowed to break the request.
 */
export function log(
  logger: string,
  level: Level,
  message: string,
  extra: Partial<LogRecord> = {},
): void {
  const record: LogRecord = { ...extra, logger, level, message: one_line(message) };
  if (published.hasSubscribers) published.publish(record);
  try {
    sink(record);
  } catch {
    to_stderr(record);
  }
}
