/** `Reply`: data that becomes a response when its format is known (docs/api.md, "Responses"). @module */
import { ImproperlyConfigured } from "../core/exceptions.ts";
import { bytes_of, type HttpResponseOptions } from "../http/_base.ts";
import { HttpResponse, type HttpResponseBase } from "../http/response.ts";
import { ContentNotRenderedError, type PostRenderCallback } from "../template/response.ts";
import { repr } from "../utils/_python.ts";
import { is_json_type, is_text, with_charset } from "./_content_types.ts";
import { apply_options, type ReplyOptions, says_type } from "./_reply_options.ts";
import { api_setting } from "./_settings.ts";
import { ContentType } from "./content_type.ts";
import { encode_json, type TypeEncoder } from "./encoders.ts";

/** Options of `Reply`. */
export interface ReplyDataOptions<
  S extends number | undefined = number | undefined,
> extends ReplyOptions<S> {
  /** How instances of classes in this data become data; they go before those of the class and the layers. */
  type_encoders?: readonly TypeEncoder[] | undefined;
}

const NO_OPTIONS: ReplyDataOptions<never> = {};
const NO_ENCODERS: readonly TypeEncoder[] = [];
const AS_JSON: HttpResponseOptions = { content_type: ContentType.JSON };

/**
 * Data with a status, headers and cookies of its own. The endpoint that returns it checks and renders it, in the format
 * that the client asked for; outside of endpoints it becomes JSON. Until then the content cannot be read.
 *
 * A subclass that takes a status hands the type parameters on: `class Wrapped<T, const S extends number | undefined =
 * undefined> extends Reply<T, S>`.
 */
export class Reply<
  T = unknown,
  const S extends number | undefined = undefined,
> extends HttpResponse {
  /** Encoders of a subclass: after those of the instance, before those of the layers. */
  static type_encoders: readonly TypeEncoder[] = NO_ENCODERS;

  /** What is to be rendered. Default: an empty object. */
  data: T;
  /** How instances of classes in this data become data. */
  type_encoders: readonly TypeEncoder[];
  /** Whether a status was given; else it is the endpoint's to say. @internal */
  readonly _has_status: boolean;
  /** The status that was given, for the compiler to compare with what is declared. @internal */
  declare readonly _reply_status: NoInfer<S>;
  /** For the compiler alone: any data that may be returned here, so that literals in this data stay literals. @internal */
  declare readonly _reply_hint?: T;
  readonly #has_type: boolean;
  #is_rendered: boolean;
  #callbacks: PostRenderCallback[] | undefined;

  /** @throws what `HttpResponse` and `set_cookie` throw for options that cannot be sent. */
  constructor(data?: T, options: ReplyDataOptions<S> = NO_OPTIONS) {
    const { status, content_type, headers } = options;
    const has_type = says_type(options);
    super(
      "",
      options === NO_OPTIONS
        ? AS_JSON
        : { content_type: has_type ? content_type : ContentType.JSON, status, headers },
    );
    this.#is_rendered = false; // the content set so far is none
    this.#callbacks = undefined;
    this.#has_type = has_type;
    this.data = data === undefined ? ({} as T) : data; // the default of any data is an empty object
    this.type_encoders = options.type_encoders ?? NO_ENCODERS;
    this._has_status = status !== undefined;
    if (options !== NO_OPTIONS) apply_options(this, options);
  }

  /** Whether there is content: rendered, or set by hand. */
  get is_rendered(): boolean {
    return this.#is_rendered;
  }

  /**
   * Renders the data as JSON, the first time it is called, with the encoders of the `API` setting behind its own. The
   * endpoint has done it, in the format of its own choice, before middleware sees the response.
   * @throws TypeError for data that no encoder handles.
   */
  async render(): Promise<HttpResponseBase> {
    if (this.#is_rendered) return this;
    const content_type = this._given_type ?? ContentType.JSON;
    const encoders = this._all_encoders(api_setting("TYPE_ENCODERS"));
    return this.#render_as(content_of(this.data, content_type, encoders), content_type);
  }

  /** Calls it when the response has been rendered; at once if it is, and then what it returns does not matter. */
  add_post_render_callback(callback: PostRenderCallback): void {
    if (this.#is_rendered) callback(this);
    else (this.#callbacks ??= []).push(callback);
  }

  /**
   * Sets the content that an endpoint has rendered, after which nobody renders it again. The result is the response to
   * send: this one, or what the callbacks put in its place.
   * @param content_type What it is; `""` leaves the header alone. @internal
   */
  _rendered_with(content: string | Uint8Array, content_type: string): HttpResponseBase {
    this._is_settled = true;
    return this.#render_as(content, content_type);
  }

  #render_as(content: string | Uint8Array, content_type: string): HttpResponseBase {
    const type = with_charset(content_type);
    if (type !== "" && this.get("Content-Type") !== type) this.set("Content-Type", type);
    if (typeof content === "string" && !is_text(type)) {
      this._set_utf_8(content); // RFC 8259 §8.1: JSON is UTF-8
      this.#is_rendered = true;
    } else this.content = content;
    if (this.#callbacks === undefined) return this;
    return this.#callbacks.reduce<HttpResponseBase>(
      (response, callback) => callback(response) ?? response,
      this,
    );
  }

  /** The Content-Type that was given, or set since; `undefined` if it is for the endpoint to choose. @internal */
  get _given_type(): string | undefined {
    const type = this.get("Content-Type");
    return this.#has_type || type !== ContentType.JSON ? type : undefined;
  }

  /** All encoders for this data, nearest first. @internal */
  _all_encoders(outer: readonly TypeEncoder[]): readonly TypeEncoder[] {
    const { type_encoders: of_class } = this.constructor as typeof Reply; // made by `new`
    const own = this.type_encoders;
    if (own.length === 0 && of_class.length === 0) return outer;
    return [...own, ...of_class, ...outer];
  }

  /** @throws ContentNotRenderedError before `render`. */
  override get content(): Buffer {
    return super.content;
  }

  override set content(value: unknown) {
    super.content = value;
    this.#is_rendered = true;
  }

  /** Reading the content in any way before `render` is an error. @internal */
  override _check_content(): void {
    if (!this.#is_rendered)
      throw new ContentNotRenderedError(
        "The reply is not rendered yet: await render(), or be told by add_post_render_callback().",
      );
  }
}

/** What a layer's `response_class` may be: `Reply`, or a subclass for data of any kind. */
export interface ReplyClass {
  new (data: unknown): Reply<unknown, number | undefined>;
  readonly type_encoders: readonly TypeEncoder[];
}

/** Of a type that is not JSON only text and bytes can be sent, as they are. */
function content_of(
  data: unknown,
  content_type: string,
  encoders: readonly TypeEncoder[],
): string | Uint8Array {
  if (is_json_type(content_type)) return encode_json(data, encoders);
  if (typeof data === "string") return data;
  if (data instanceof String) return data.toString();
  const bytes = bytes_of(data);
  if (bytes !== undefined) return bytes;
  throw new ImproperlyConfigured(
    `A reply of type ${repr(content_type)} is text or bytes. Give it those, or leave the content type to JSON.`,
  );
}
