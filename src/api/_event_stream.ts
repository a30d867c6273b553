/** `EventStream`: server-sent events (docs/api.md, "Streams and events"; WHATWG HTML §9.2). @module */
import { ValueError } from "../core/exceptions.ts";
import { bytes_of } from "../http/_base.ts";
import { is_plain_object, repr } from "../utils/_python.ts";
import { described } from "./_encoder_errors.ts";
import type { ReplyOptions } from "./_reply_options.ts";
import {
  data_text,
  EVENT_FIELDS,
  ServerSentEvent,
  type ServerSentEventOptions,
  write_comment,
  write_fields,
} from "./_server_sent_event.ts";
import { WithPings } from "./_pings.ts";
import { api_setting } from "./_settings.ts";
import { open_source, type StreamSource } from "./_sources.ts";
import { Stream } from "./_stream.ts";
import { Texts, type WriteItem } from "./_texts.ts";
import { ContentType } from "./content_type.ts";

/** Options of `EventStream`. */
export interface EventStreamOptions extends ReplyOptions {
  /** The `event` of items that are text, numbers or bytes. */
  event_type?: string | null | undefined;
  /** Their `id`. */
  event_id?: string | number | null | undefined;
  /** Their `retry`, in milliseconds. */
  retry_duration?: number | null | undefined;
  /** A comment to begin with, so that the client hears something at once. */
  comment_message?: string | null | undefined;
  /** Seconds without output after which a comment is sent; `null`: never. Default `PING_INTERVAL` of the `API` setting, 15. */
  ping_interval?: number | null | undefined;
}

const NO_OPTIONS: EventStreamOptions = {};

/**
 * A stream of events. Items are `ServerSentEvent`s, plain objects of their fields, or text, numbers and bytes, which
 * become the data of an event; anything else breaks the stream off with a `TypeError`.
 */
export class EventStream extends Stream {
  /** A type only: other streams send no events. @internal */
  declare readonly _sends_events: true;

  static {
    this.prototype._default_type = ContentType.EVENT_STREAM;
  }

  /**
   * @param write What is sent for an item. Default: as said above. @internal
   * @throws TypeError for what is no source; ValueError for an option that cannot be sent, or a `ping_interval` that is
   * not positive.
   */
  constructor(
    source: StreamSource,
    options: EventStreamOptions = NO_OPTIONS,
    write: WriteItem = event_writer(options),
  ) {
    const { comment_message = null, ping_interval = api_setting("PING_INTERVAL") } = options;
    const first = comment_message === null ? "" : write_comment(comment_message);
    const interval = checked_interval(ping_interval);
    const texts = new Texts(open_source(source), write);
    super(
      first === "" && interval === null ? texts : new WithPings(texts, first, interval),
      options,
    );
    this._has_type = true; // an endpoint's `content_type` is for data
  }
}

function checked_interval(interval: number | null): number | null {
  if (interval === null || interval > 0) return interval;
  throw new ValueError(
    `The ping_interval of an event stream is a positive number of seconds, or null: ${repr(interval)} is not.`,
  );
}

/** Writes items as the events that they are, with the stream's options where they are only data. */
function event_writer(options: EventStreamOptions): WriteItem {
  const { event_type: event, event_id: id, retry_duration: retry } = options;
  const defaults: ServerSentEventOptions = { event, id, retry };
  write_fields(defaults, undefined); // a mistake is told where it is made
  return (item) => {
    if (is_event(item)) return event_text(item);
    if (typeof item === "string" || typeof item === "number" || bytes_of(item) !== undefined)
      return write_fields(defaults, data_text(item));
    throw new TypeError(
      "An event stream takes ServerSentEvent, plain objects whose keys are data, event, id, retry or comment, text, numbers " +
        `and bytes, and this is ${described(item)}. Put it into a ServerSentEvent.`,
    );
  };
}

type EventFields = ServerSentEventOptions & { readonly data?: unknown };

function event_text(fields: EventFields): string {
  const { data } = fields;
  return write_fields(fields, data === undefined ? undefined : data_text(data));
}

function is_event(item: unknown): item is EventFields {
  if (item instanceof ServerSentEvent) return true;
  return is_plain_object(item) && Object.keys(item).every((key) => EVENT_FIELDS.has(key));
}
