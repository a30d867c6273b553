/** Renderers: the formats in which an endpoint sends its data (docs/api.md, "Content negotiation"). @module */
import { ImproperlyConfigured } from "../core/exceptions.ts";
import { bytes_of } from "../http/_base.ts";
import type { HttpRequest } from "../http/request.ts";
import { and_then, type Maybe } from "../utils/_promise.ts";
import { repr } from "../utils/_python.ts";
import {
  bare_type,
  is_json_type,
  is_messagepack_type,
  MESSAGEPACK_ALIASES,
  NO_ALIASES,
} from "./_content_types.ts";
import { described } from "./_encoder_errors.ts";
import { load_messagepack } from "./_msgpack.ts";
import { ContentType } from "./content_type.ts";
import { encode_json, to_plain, type TypeEncoder } from "./encoders.ts";

/** What a renderer is told beside the data. */
export interface RenderContext {
  /** The request that is answered. */
  readonly request: HttpRequest;
  /** The content type of the response: the one asked for, of several names of a format. */
  readonly content_type: string;
  /** How instances of classes become data, nearest first. */
  readonly type_encoders: readonly TypeEncoder[];
}

/** A format of responses. A subclass names its type and says how data become text or bytes. */
export abstract class Renderer {
  /** Its media type; parameters are sent, and count when the client asks for some. */
  abstract readonly content_type: string;
  /** Other names of the same format: one that the client asks for is the type that is sent. Default: none. */
  readonly aliases: readonly string[] = NO_ALIASES;
  /** Whether it can render any data, those of errors included. Default `false`. */
  readonly data: boolean = false;

  /**
   * The text or the bytes of the data; a promise only where something must be waited for.
   * @throws TypeError for data that it cannot render.
   */
  abstract render(data: unknown, context: RenderContext): Maybe<string | Uint8Array>;
}

/** Compact JSON in UTF-8 (RFC 8259). */
export class JSONRenderer extends Renderer {
  override readonly content_type: string;
  override readonly data: boolean = true;

  /**
   * @param type `application/json`, or any type that ends in `+json`.
   * @throws ImproperlyConfigured for a type that is not JSON.
   */
  constructor(type: string = ContentType.JSON) {
    super();
    if (!is_json_type(type))
      throw new ImproperlyConfigured(
        `A JSONRenderer cannot be of the type ${repr(type)}: it is application/json, or ends in +json.`,
      );
    this.content_type = type;
  }

  override render(data: unknown, context: RenderContext): string {
    return encode_json(data, context.type_encoders);
  }
}

/**
 * MessagePack: what JSON can say, with dates as timestamps and bytes as they are. It needs the package `@msgpack/msgpack`,
 * which is loaded when something is first rendered.
 */
export class MessagePackRenderer extends Renderer {
  override readonly content_type: string = ContentType.MESSAGEPACK;
  override readonly aliases: readonly string[] = MESSAGEPACK_ALIASES;
  override readonly data: boolean = true;

  /** @throws ImproperlyConfigured without the package. */
  override render(data: unknown, context: RenderContext): Maybe<Uint8Array> {
    return and_then(load_messagepack(), (messagepack) =>
      messagepack.encode(to_plain(data, context.type_encoders, "msgpack")),
    );
  }
}

/** Text as it is: strings, bytes, and nothing at all for `null`. */
export class TextRenderer extends Renderer {
  override readonly content_type: string;

  /** @param type A text type. Default `text/plain`. */
  constructor(type: string = ContentType.TEXT) {
    super();
    this.content_type = type;
  }

  override render(data: unknown): string | Uint8Array {
    if (typeof data === "string") return data;
    if (data === null || data === undefined) return "";
    if (data instanceof String) return data.toString(); // a safe string, a lazy translation
    const bytes = bytes_of(data);
    if (bytes !== undefined) return bytes;
    throw new TypeError(
      `A TextRenderer sends strings and bytes, and this is ${described(data)}. Return its text, or name a renderer of data.`,
    );
  }
}

type RenderToString = (typeof import("../template/loader.ts"))["render_to_string"];

let render_to_string: RenderToString | undefined;

/** The template engines are loaded by the first template: an API that has none does without them. */
function load_templates(): Maybe<RenderToString> {
  if (render_to_string !== undefined) return render_to_string;
  return import("../template/loader.ts").then((loader) => {
    render_to_string = loader.render_to_string;
    return render_to_string;
  });
}

/** A page made of the data by a template: one URL for browsers and for programs. */
export class TemplateRenderer extends Renderer {
  override readonly content_type: string = ContentType.HTML;
  /** The name of the template; of several, the first that exists is used. */
  readonly template: string | readonly string[];

  constructor(template: string | readonly string[]) {
    super();
    this.template = template;
  }

  /**
   * The members of an object, or the entries of a `Map`, are the context; anything else is there as `data`. The context
   * processors run, as in `render()`.
   * @throws TemplateDoesNotExist, TemplateSyntaxError
   */
  override render(data: unknown, { request }: RenderContext): Maybe<string> {
    const values = has_members(data) ? data : { data };
    return and_then(load_templates(), (render) => render(this.template, values, { request }));
  }
}

function has_members(data: unknown): data is object {
  if (typeof data !== "object" || data === null) return false;
  if (data instanceof Map) return true;
  return !(Symbol.iterator in data || data instanceof Date || bytes_of(data) !== undefined);
}

/**
 * What renders data as that content type: the one of these renderers that has it, else JSON or MessagePack by its name;
 * `undefined` for a type of which only text and bytes can be sent.
 */
export function renderer_for(
  content_type: string,
  renderers: readonly Renderer[],
): Renderer | undefined {
  const type = bare_type(content_type);
  for (const renderer of renderers) {
    if (bare_type(renderer.content_type) === type || renderer.aliases.includes(type))
      return renderer;
  }
  if (is_json_type(type)) return JSON_RENDERER;
  return is_messagepack_type(type) ? MESSAGEPACK_RENDERER : undefined;
}

/** JSON, for what names no renderer. @internal */
export const JSON_RENDERER: JSONRenderer = new JSONRenderer();
const MESSAGEPACK_RENDERER = new MessagePackRenderer();
