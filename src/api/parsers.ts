/** Parsers: the formats in which an endpoint takes a body (docs/api.md, "Content negotiation"). @module */
import { is_utf_8 } from "../http/_content_type.ts";
import type { HttpRequest } from "../http/request.ts";
import { decode, lookup } from "../utils/_codecs.ts";
import { and_then, type Maybe } from "../utils/_promise.ts";
import { repr } from "../utils/_python.ts";
import { has_json_suffix, MESSAGEPACK_ALIASES, NO_ALIASES } from "./_content_types.ts";
import { decode_utf_8, parse_json } from "./_json_text.ts";
import { load_messagepack } from "./_msgpack.ts";
import { parse_error } from "./_parse_error.ts";
import { ContentType } from "./content_type.ts";
import { UnsupportedMediaType } from "./exceptions.ts";

/** A format of bodies. A subclass names its type and says how a body becomes data. */
export abstract class Parser {
  /** Its media type, in lower case and without parameters. */
  abstract readonly content_type: string;
  /** Other names of the same format, written so too. Default: none. */
  readonly aliases: readonly string[] = NO_ALIASES;

  /**
   * The data of a body that is not empty; a promise only where something must be waited for.
   * @throws BadRequest of type `parse_error`; RequestDataTooBig above `DATA_UPLOAD_MAX_MEMORY_SIZE`.
   */
  abstract parse(request: HttpRequest): Maybe<unknown>;

  /** Whether it takes a type that is none of its own, in lower case and without parameters. Default: no. */
  takes(_type: string): boolean {
    return false;
  }

  /** Whether it takes a body of which the client says that it is in this charset. Default: yes. */
  takes_charset(_charset: string): boolean {
    return true;
  }
}

/**
 * JSON in UTF-8 (RFC 8259), and any type that ends in `+json`. A byte order mark is skipped; of equal names the last
 * counts; nothing may be nested over 100 levels deep.
 */
export class JSONParser extends Parser {
  override readonly content_type: string = ContentType.JSON;

  override parse(request: HttpRequest): unknown {
    return parse_json(request.body);
  }

  override takes(type: string): boolean {
    return has_json_suffix(type);
  }

  override takes_charset(charset: string): boolean {
    return is_utf_8(charset.toLowerCase());
  }
}

/**
 * MessagePack: timestamps are dates, and what is binary is bytes. It needs the package `@msgpack/msgpack`, which is loaded
 * when the first body comes. Nothing may be nested over 100 levels deep.
 */
export class MessagePackParser extends Parser {
  override readonly content_type: string = ContentType.MESSAGEPACK;
  override readonly aliases: readonly string[] = MESSAGEPACK_ALIASES;

  /** @throws ImproperlyConfigured without the package. */
  override parse(request: HttpRequest): Maybe<unknown> {
    const { body } = request;
    return and_then(load_messagepack(), (messagepack) => messagepack.decode(body));
  }
}

/** Text: a string, in the charset that the client names, else UTF-8. */
export class TextParser extends Parser {
  override readonly content_type: string;

  /** @param type A text type, in lower case and without parameters. Default `text/plain`. */
  constructor(type: string = ContentType.TEXT) {
    super();
    this.content_type = type;
  }

  override parse(request: HttpRequest): string {
    const charset = request.content_params?.["charset"];
    if (charset === undefined || is_utf_8(charset.toLowerCase())) return decode_utf_8(request.body);
    const { body } = request;
    try {
      return decode(body, charset);
    } catch (cause) {
      throw parse_error(`The body is not text in the charset ${repr(charset)}`, cause);
    }
  }

  override takes_charset(charset: string): boolean {
    try {
      lookup(charset);
      return true;
    } catch {
      return false;
    }
  }
}

/**
 * The parser for the Content-Type of a request; the first for a request without one.
 * @throws UnsupportedMediaType if there is none, or it does not take the charset.
 */
export function parser_for(request: HttpRequest, parsers: readonly Parser[]): Parser {
  const { content_type: type, content_params: params } = request;
  const parser = find_parser(type ?? "", parsers);
  const charset = params?.["charset"];
  if (parser !== undefined && (charset === undefined || parser.takes_charset(charset)))
    return parser;
  const given = charset === undefined ? (type ?? "") : `${type}; charset=${charset}`;
  throw unsupported(
    "body",
    given,
    parsers.map(({ content_type }) => content_type),
  );
}

function find_parser(type: string, parsers: readonly Parser[]): Parser | undefined {
  if (type === "") return parsers[0];
  for (const parser of parsers) if (parser.content_type === type) return parser;
  for (const parser of parsers) if (parser.aliases.includes(type)) return parser;
  for (const parser of parsers) if (parser.takes(type)) return parser;
  return undefined;
}

const LONGEST_QUOTE = 100;

/** The error for a body, or a form, of another type than the supported ones. @internal */
export function unsupported(
  what: "body" | "form",
  type: string,
  supported: readonly string[],
): UnsupportedMediaType {
  const given = repr(type.slice(0, LONGEST_QUOTE));
  return new UnsupportedMediaType(
    `A ${what} of the type ${given} is not taken. Send it as ${supported.join(" or ")}.`,
    { headers: { Accept: supported.join(", ") }, extra: { supported } },
  );
}
