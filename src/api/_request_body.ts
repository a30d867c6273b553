/** The body of a request as data, and as a form. @module */
import type { Form } from "../http/_body.ts";
import type { HttpRequest } from "../http/request.ts";
import { parse_int } from "../utils/_number.ts";
import type { Maybe } from "../utils/_promise.ts";
import { MULTIPART, URLENCODED } from "./_content_types.ts";
import { type Parser, parser_for, unsupported } from "./parsers.ts";

const FORM_TYPES: readonly string[] = [URLENCODED, MULTIPART];

/** Does something with the body once it is there: a view marked with `deferred_upload` comes before it. */
function when_loaded<T>(request: HttpRequest, use: (request: HttpRequest) => Maybe<T>): Maybe<T> {
  return request._needs_load ? request.load().then(() => use(request)) : use(request);
}

/**
 * What the parser for its Content-Type makes of the body; `undefined` for an empty one.
 * @throws UnsupportedMediaType, RequestDataTooBig, or what the parser throws.
 */
export function read_body(request: HttpRequest, parsers: readonly Parser[]): Maybe<unknown> {
  return when_loaded(request, () =>
    is_empty(request) ? undefined : parser_for(request, parsers).parse(request),
  );
}

/**
 * The fields and files of a form, whatever the method; `undefined` for an empty body.
 * @throws UnsupportedMediaType for a body that is no form, or what `request.POST` throws.
 */
export function read_form(request: HttpRequest): Maybe<Form | undefined> {
  return when_loaded(request, () => {
    const { content_type: type } = request;
    // `null`: a request made by hand, whose form was put there
    if (type !== null && !FORM_TYPES.includes(type)) {
      if (is_empty(request)) return undefined;
      throw unsupported("form", type, FORM_TYPES);
    }
    return request._opened().form();
  });
}

/** Nothing is read for it, unless the client did not say how long the body is. */
function is_empty(request: HttpRequest): boolean {
  const { _wire: wire } = request;
  if (wire === undefined && request._stream === undefined) return true;
  const length = wire === undefined ? announced_length(request) : wire.length;
  if (length !== undefined) return length === 0;
  // a form that was parsed as it came has no body any more
  const is_parsed = request.method === "POST" && request.content_type === MULTIPART;
  return !is_parsed && request.body.length === 0;
}

function announced_length(request: HttpRequest): number | undefined {
  return parse_int(request._meta_value("CONTENT_LENGTH") ?? "");
}

/** The values of a form by name: texts, then files. */
export function form_values([post, files]: Form): Iterable<[string, readonly unknown[]]> {
  if (files.size === 0) return post.lists();
  const values = new Map<string, readonly unknown[]>(post.lists());
  for (const [name, list] of files.lists()) {
    const texts = values.get(name);
    values.set(name, texts === undefined ? list : [...texts, ...list]);
  }
  return values;
}
