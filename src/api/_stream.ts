/** `Stream`: a response made of whatever gives pieces (docs/api.md, "Streams and events"). @module */
import { is_utf_8 } from "../http/_content_type.ts";
import { bytes_of } from "../http/_base.ts";
import type { StreamingContent } from "../http/_streaming.ts";
import { StreamingHttpResponse } from "../http/response.ts";
import { is_event_stream, with_charset } from "./_content_types.ts";
import { AsyncPieces, Pieces } from "./_pieces.ts";
import { apply_options, type ReplyOptions, says_type, typed_options } from "./_reply_options.ts";
import { open_source, type StreamSource } from "./_sources.ts";
import { ContentType } from "./content_type.ts";

const NO_OPTIONS: ReplyOptions = {};

/**
 * A response whose content is read, once, while it is sent: text in the response's charset, bytes as they are, anything
 * else by `String()`. Nothing of it is kept, and nothing is asked for before the client has taken what there was.
 */
export class Stream extends StreamingHttpResponse {
  /** Whether it was given a status; else an endpoint may. @internal */
  readonly _has_status: boolean;
  /** Whether it was given a media type; else an endpoint may. @internal */
  _has_type: boolean;
  /** The media type if none is given. @internal */
  declare _default_type: string;

  static {
    this.prototype._default_type = ContentType.OCTET_STREAM;
    this.prototype._is_gathered = false;
  }

  /**
   * @param source What gives the pieces. One text or one bytes object is one piece; a function or class is called.
   * @throws TypeError for what is no source.
   */
  constructor(source: StreamSource, options: ReplyOptions = NO_OPTIONS) {
    super([], typed_options(options, new.target.prototype._default_type));
    this._has_status = options.status !== undefined;
    this._has_type = says_type(options);
    const { iterator, owner, is_async } = open_source(source);
    if (is_async) this._set_async(iterator as AsyncIterator<unknown>, owner); // `is_async` says so
    else this._set_sync(iterator as Iterator<unknown>, owner);
    apply_options(this, options);
    this.#prepare();
  }

  /** Takes the media type that an endpoint declares, unless it was given its own. @internal */
  _take_type(content_type: string): void {
    if (this._has_type) return;
    this._has_type = true;
    this.set("Content-Type", with_charset(content_type));
    this.#prepare();
  }

  #prepare(): void {
    if (!is_event_stream(this.get("Content-Type", ""))) return;
    this.no_compress = true; // a compressor may hold an event back
    this.charset = "utf-8"; // clients read it as nothing else
    this.delete("Connection");
    set_unbuffered(this);
  }

  /** What is left of the content, as bytes, without empty pieces. Every reading shares the one source. */
  override get streaming_content(): IterableIterator<Buffer> | AsyncIterableIterator<Buffer> {
    const content = super.streaming_content;
    return Symbol.asyncIterator in content ? new AsyncPieces(content) : new Pieces(content);
  }

  override set streaming_content(value: StreamingContent) {
    super.streaming_content = value;
  }

  override get _sends_utf_8(): boolean {
    return this.make_bytes === Stream.prototype.make_bytes && is_utf_8(this.charset);
  }

  override make_bytes(value: unknown): Buffer {
    return bytes_of(value) ?? super.make_bytes(typeof value === "string" ? value : String(value));
  }
}

/** Tells caches to ask again, and proxies not to collect what comes, unless the response says something of its own. */
export function set_unbuffered(response: Stream): void {
  response.setdefault("Cache-Control", "no-cache");
  response.setdefault("X-Accel-Buffering", "no");
}
