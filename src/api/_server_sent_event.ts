/** `ServerSentEvent`, and how an event is written (WHATWG HTML §9.2, "Server-sent events"). @module */
import { ValueError } from "../core/exceptions.ts";
import { bytes_of } from "../http/_base.ts";
import { repr } from "../utils/_python.ts";
import { encode_json } from "./encoders.ts";

/** The fields of an event beside its data. */
export interface ServerSentEventOptions {
  /** The type of the event, for `addEventListener`. Default: browsers take it for `message`. */
  event?: string | null | undefined;
  /** What the client says in `Last-Event-ID` when it comes back. */
  id?: string | number | null | undefined;
  /** After how many milliseconds the client comes back, from now on. */
  retry?: number | null | undefined;
  /** A line that clients ignore. */
  comment?: string | null | undefined;
}

/** The names of all fields that an event has. */
export const EVENT_FIELDS: ReadonlySet<string> = new Set([
  "data",
  "event",
  "id",
  "retry",
  "comment",
]);

/** One event of an event stream. */
export class ServerSentEvent<T = unknown> {
  /** Text, numbers and bytes are sent as they are, anything else as JSON; `undefined`: there are none. */
  readonly data: T | undefined;
  readonly event: string | null | undefined;
  readonly id: string | number | null | undefined;
  readonly retry: number | null | undefined;
  readonly comment: string | null | undefined;

  /** @throws ValueError for a line break or NUL in a field beside the data, or a `retry` that is no whole number. */
  constructor(data?: T, options: ServerSentEventOptions = {}) {
    this.data = data;
    this.event = options.event;
    this.id = options.id;
    this.retry = options.retry;
    this.comment = options.comment;
    write_fields(this, undefined); // a mistake is told where it is made
  }
}

/**
 * The lines of an event; nothing for one without any field.
 * @param data Its data as text; `undefined`: there are none.
 * @throws ValueError for a field that cannot be written: it would begin another.
 */
export function write_fields(fields: ServerSentEventOptions, data: string | undefined): string {
  const { comment = null, id = null, event = null, retry = null } = fields;
  let text = "";
  if (comment !== null) text += line("", field_text("comment", comment));
  if (id !== null) text += line("id", field_text("id", id));
  if (event !== null) text += line("event", field_text("event", event));
  if (data !== undefined) text += lines("data", data);
  else if (event !== null) text += "data:\n"; // without any data nothing would fire
  if (retry !== null) text += line("retry", retry_text(retry));
  return text === "" ? "" : `${text}\n`;
}

// A client takes each of the three for the end of a line.
const LINE_BREAK = /\r\n|\r|\n/;

/** The text as a comment of its own, line by line. @throws ValueError for NUL. */
export function write_comment(text: string): string {
  if (text.includes("\0"))
    throw new ValueError(`A comment holds no NUL: ${repr(text)} does. Remove it.`);
  return `${lines("", text)}\n`;
}

function line(name: string, value: string): string {
  return value === "" ? `${name}:\n` : `${name}: ${value}\n`;
}

function lines(name: string, value: string): string {
  if (!LINE_BREAK.test(value)) return line(name, value);
  let text = "";
  for (const part of value.split(LINE_BREAK)) text += line(name, part);
  return text;
}

// oxlint-disable-next-line no-control-regex -- NUL is what it looks for: clients ignore an id with it
const BREAKING = /[\r\n\0]/;

function field_text(name: string, value: unknown): string {
  const text = typeof value === "number" ? String(value) : value;
  if (typeof text !== "string")
    throw new ValueError(`The ${name} of an event is text: ${repr(value)} is not.`);
  if (BREAKING.test(text))
    throw new ValueError(
      `The ${name} of an event is one line without NUL: ${repr(text.slice(0, 100))} is not. ` +
        "Only data may have several lines.",
    );
  return text;
}

function retry_text(value: unknown): string {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return String(value);
  throw new ValueError(
    `The retry of an event is a whole number of milliseconds: ${repr(value)} is not.`,
  );
}

/** Data as an event stream has it: text, numbers and bytes as they are, anything else as JSON. */
export function data_text(data: unknown): string {
  if (typeof data === "string") return data;
  if (typeof data === "number") return String(data);
  return bytes_of(data)?.toString() ?? encode_json(data, []);
}
