/** `sse()` and `jsonl()`: streams whose items have a schema (docs/api.md, "Streams and events"). @module */
import { ImproperlyConfigured } from "../core/exceptions.ts";
import { HttpResponseBase } from "../http/response.ts";
import { log } from "../utils/_logger.ts";
import { and_then, type Maybe } from "../utils/_promise.ts";
import { repr } from "../utils/_python.ts";
import { bare_type } from "./_content_types.ts";
import { EventStream } from "./_event_stream.ts";
import { type KindDocument, ResponseKind } from "./_kinds.ts";
import { is_success } from "./_models.ts";
import { ServerSentEvent, write_fields } from "./_server_sent_event.ts";
import { is_item_source, type ItemSource, open_source } from "./_sources.ts";
import { set_unbuffered, Stream } from "./_stream.ts";
import { Texts, type WriteItem } from "./_texts.ts";
import { ContentType } from "./content_type.ts";
import { encode_json, type TypeEncoder } from "./encoders.ts";
import { ResponseValidationError } from "./exceptions.ts";
import { type Fault, is_schema, type Schema, type SchemaInput, validated } from "./schema.ts";

/** A value, an event that has it for its data, or an event without any. */
export type EventItem<T> = T | ServerSentEvent<T | undefined>;

/** A text is no list of its characters here. */
type ListOf<T> = Iterable<T> & object;

/** What a handler gives for `sse(S)`. */
export type EventSource<S extends Schema> =
  | ListOf<EventItem<SchemaInput<S>>>
  | AsyncIterable<EventItem<SchemaInput<S>>>
  | EventStream;

/** What a handler gives for `jsonl(S)`. */
export type LineSource<S extends Schema> = ListOf<SchemaInput<S>> | AsyncIterable<SchemaInput<S>>;

const NO_ENCODERS: readonly TypeEncoder[] = [];

/** A stream whose items have a schema. */
abstract class ItemKind<Value, S extends Schema> extends ResponseKind<Value> {
  /** The schema of one item. */
  readonly item: S;
  override readonly status: number = 200;
  abstract override readonly content_types: readonly [string];
  abstract readonly format: KindDocument["format"];

  constructor(item: S) {
    super();
    if (!is_schema(item))
      throw new ImproperlyConfigured(
        `A stream needs the schema of its items, such as z.object({ … }): ${repr(item)} is none.`,
      );
    this.item = item;
  }

  override to_response(
    value: unknown,
    validates: boolean,
    encoders: readonly TypeEncoder[] = NO_ENCODERS,
  ): HttpResponseBase | undefined {
    if (value instanceof HttpResponseBase || !is_item_source(value)) return undefined;
    const json = validates
      ? checked_json(this.item, encoders)
      : (item: unknown): string => encode_json(item, encoders);
    return this._make_response(value, json);
  }

  /** The response for the items; `json` writes what one of them holds. @internal */
  abstract _make_response(items: ItemSource, json: WriteItem): HttpResponseBase;

  /** A stream that the handler made itself must have the type; its items are its own affair. */
  override check(response: HttpResponseBase): void {
    const [expected] = this.content_types;
    const content_type = response.get("Content-Type", "");
    const { status_code } = response;
    const has_items = is_success(status_code) && status_code !== 204;
    if (!has_items || bare_type(content_type) === expected) return;
    throw new ResponseValidationError([
      {
        msg: `The response is ${content_type || "of no type"}, and not ${expected} as declared.`,
        type: "content_type",
        loc: ["response"],
      },
    ]);
  }

  override describe(): KindDocument {
    return { format: this.format, item: this.item };
  }
}

/**
 * Writes items by what the schema makes of them.
 * @throws ResponseValidationError for an item that does not fit; the writer does.
 */
function checked_json(schema: Schema, encoders: readonly TypeEncoder[]): WriteItem {
  let index = 0;
  return (item): Maybe<string> =>
    and_then(validated(schema, item, ["response", index++]), (result) => {
      if (result.faults !== undefined) throw unfit(result.faults);
      return encode_json(result.value, encoders);
    });
}

/** The error of an item that does not fit; what is wrong with it is for the log alone. */
function unfit(faults: readonly Fault[]): ResponseValidationError {
  const error = new ResponseValidationError(faults);
  const texts = faults.map(({ msg, loc = [] }) => `${loc.join(".")}: ${msg}`);
  log("nuages.api", "error", `An item of a stream does not fit: ${texts.join("; ")}`, { error });
  return error;
}

/** What `sse()` makes. */
export class EventsKind<S extends Schema = Schema> extends ItemKind<EventSource<S>, S> {
  override readonly content_types: readonly [string] = [ContentType.EVENT_STREAM];
  override readonly format = "events";

  override _make_response(items: ItemSource, json: WriteItem): HttpResponseBase {
    return new EventStream(items, {}, (item) => {
      if (!(item instanceof ServerSentEvent))
        return and_then(json(item), (text) => write_fields({}, text));
      if (item.data === undefined) return write_fields(item, undefined);
      return and_then(json(item.data), (text) => write_fields(item, text));
    });
  }
}

/** What `jsonl()` makes. */
export class LinesKind<S extends Schema = Schema> extends ItemKind<LineSource<S>, S> {
  override readonly content_types: readonly [string] = [ContentType.JSON_LINES];
  override readonly format = "lines";

  override _make_response(items: ItemSource, json: WriteItem): HttpResponseBase {
    const write: WriteItem = (item) => and_then(json(item), (text) => `${text}\n`);
    const [content_type] = this.content_types;
    const response = new Stream(new Texts(open_source(items), write), { content_type });
    response.charset = "utf-8"; // as JSON is, whatever the site's
    set_unbuffered(response);
    return response;
  }
}

/**
 * Server-sent events whose data are JSON of this schema. The handler gives an iterable, an async iterable or a generator
 * of values, or of `ServerSentEvent`s with such data; an `EventStream` is sent as it is.
 * @throws ImproperlyConfigured for what is no schema.
 */
export function sse<S extends Schema>(schema: S): EventsKind<S> {
  return new EventsKind(schema);
}

/**
 * JSON Lines (jsonlines.org), each a value of this schema. The handler gives an iterable, an async iterable or a generator.
 * @throws ImproperlyConfigured for what is no schema.
 */
export function jsonl<S extends Schema>(schema: S): LinesKind<S> {
  return new LinesKind(schema);
}
