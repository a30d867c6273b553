/** The types of a declaration: layers, specs, what a handler is given and what it may return. @module */
import type { HttpRequest } from "../http/request.ts";
import type { CookieOptions } from "../http/_response_cookies.ts";
import type { HttpResponse, HttpResponseBase } from "../http/response.ts";
import type { AnyView } from "../urls/_types.ts";
import type { Params } from "../urls/_params.ts";
import type { Awaitable } from "../utils/deprecation.ts";
import type { ResponseKind } from "./_kinds.ts";
import type { BackgroundTask, BackgroundTasks } from "./background.ts";
import type { TypeEncoder } from "./encoders.ts";
import type { CacheControlHeader, ETag } from "./headers.ts";
import type { Parser } from "./parsers.ts";
import type { Renderer } from "./renderers.ts";
import type { ReplyClass } from "./responses.ts";
import type { Schema, SchemaInput, SchemaOutput } from "./schema.ts";

/** A header that a layer sets, with what the document says of it. */
export interface HeaderSpec {
  /** Turned into text. Without it, `documentation_only` must be set. */
  value?: unknown;
  /** What the document says of it. */
  description?: string | undefined;
  /** In the document, never sent. Default `false`. */
  documentation_only?: boolean | undefined;
  /** Whether the document promises it. Default `false`. */
  required?: boolean | undefined;
  /** Whether the document advises against relying on it. Default `false`. */
  deprecated?: boolean | undefined;
  /** A value for the document. */
  example?: unknown;
  /** Its JSON Schema in the document. Default `{ type: "string" }`. */
  schema?: object | undefined;
}

/** A cookie that a layer sets: Django's cookie options, with what the document says of it. */
export interface CookieSpec extends CookieOptions {
  /** Without it, `documentation_only` must be set. */
  value?: unknown;
  /** What the document says of it. */
  description?: string | undefined;
  /** In the document, never sent. Default `false`. */
  documentation_only?: boolean | undefined;
}

/** What answers an error: its result goes the way of what a handler returns. */
export type ExceptionHandler = readonly [
  cause: number | (abstract new (...args: never[]) => Error),
  handler: (request: HttpRequest, error: never) => unknown,
];

/** An ordinary decorator of views, such as `login_required`. */
export type ViewDecorator = (view: AnyView) => AnyView;

/** Which requests must carry a CSRF token: those with a session cookie, all, or none. */
export type CsrfPolicy = "cookies" | "always" | "never";

/**
 * What the `API` setting, an `API`, a `Router`, a `Controller` and an endpoint can each say. The nearest wins; headers,
 * cookies, encoders, exception handlers, decorators, tags and security add up.
 */
export interface Layer {
  /** Headers of successful responses, unless the response has them. */
  response_headers?: Readonly<Record<string, string | number | HeaderSpec>> | undefined;
  /** Cookies of successful responses, unless the response sets them. `Path=/; SameSite=Lax` unless said otherwise. */
  response_cookies?: Readonly<Record<string, string | CookieSpec>> | undefined;
  /** The Cache-Control of successful responses, unless they have one. */
  cache_control?: CacheControlHeader | undefined;
  /** The ETag of successful responses, unless they have one. */
  etag?: ETag | undefined;
  /** The formats that a client may choose by Accept, the first by default. */
  renderers?: readonly Renderer[] | undefined;
  /** The formats of bodies. */
  parsers?: readonly Parser[] | undefined;
  /** What data is wrapped in. Default `Reply`. */
  response_class?: ReplyClass | undefined;
  /** Whether responses are checked and filtered by their model. Default `true`. */
  validate_responses?: boolean | undefined;
  /** The status of a response that does not fit its model. Default 500. */
  response_error_status?: number | undefined;
  /** Default `"cookies"`. */
  csrf?: CsrfPolicy | undefined;
  /** How instances of classes become data; the nearest layer's come first. */
  type_encoders?: readonly TypeEncoder[] | undefined;
  /** Runs before the handler; what it returns answers instead, unless it is `undefined`. */
  before_request?: ((request: HttpRequest) => unknown) | undefined;
  /** Sees the response of a handler that succeeded, may change it, or return another. */
  after_request?: AfterRequest | undefined;
  /** Runs when the response has been sent. */
  after_response?: ((request: HttpRequest) => unknown) | undefined;
  /** What answers errors, the nearest layer first, in a layer the most specific class. */
  exception_handlers?: readonly ExceptionHandler[] | undefined;
  /** Decorators of the view; those of outer layers are outside. */
  decorators?: readonly ViewDecorator[] | undefined;
  /** Tags of the document. */
  tags?: readonly string[] | undefined;
  /** Security requirements of the document: `[{ session: [] }]`. */
  security?: readonly Readonly<Record<string, readonly string[]>>[] | undefined;
  /** Whether the document advises against it. Default `false`. */
  deprecated?: boolean | undefined;
  /** Whether it is in the document. Default `true`. */
  include_in_schema?: boolean | undefined;
}

/** A hook that sees the response before it is rendered. */
export type AfterRequest = (
  response: HttpResponseBase,
  request: HttpRequest,
) => Awaitable<HttpResponseBase | undefined | void>;

/** One status of a response map, with what the document says of it. */
export interface ModelEntry<
  Model extends Schema | ResponseKind | null = Schema | ResponseKind | null,
> {
  /** What the body is; `null`: there is none. */
  model: Model;
  /** What the document says of it. Default: the phrase of the status. */
  description?: string | undefined;
  /** Headers in the document. */
  headers?: Readonly<Record<string, HeaderSpec>> | undefined;
  /** Changes the response object of the document. */
  openapi?: ((response: Record<string, unknown>) => Record<string, unknown>) | undefined;
}

/** What one status may have for a body. */
export type Model = Schema | ResponseKind | null;

/** Models by status. */
export type ModelMap = { readonly [status: number]: Model | ModelEntry };

/** What the `response` of a spec may be. */
export type ResponseSpec = Model | ModelMap;

/** A declaration: where an endpoint's values come from, what it answers, and its own layer. */
export interface Spec extends Layer {
  /** Checks and converts the values of the path; its output replaces them. */
  path?: Schema | undefined;
  /** The query string. */
  query?: Schema | undefined;
  /** Headers: `x_request_id` or `X-Request-Id`. */
  headers?: Schema | undefined;
  /** Cookies. */
  cookies?: Schema | undefined;
  /** The body, read by the parser of its Content-Type; nothing in it is converted. */
  body?: Schema | undefined;
  /** The fields and files of a form. */
  form?: Schema | undefined;
  /** The model of the response: a schema, one by status, `null` for none, or `file()`, `sse()`, `jsonl()`. */
  response?: ResponseSpec | undefined;
  /** The status of success. Default: by what is returned and the method. */
  status?: number | undefined;
  /** The media type of success, for `Accept` too. */
  content_type?: string | undefined;
  /** The URL name inside the namespace of the API. */
  name?: string | undefined;
  /** Default: the name, else the method and the words of the path. */
  operation_id?: string | undefined;
  /** A line for the document. */
  summary?: string | undefined;
  /** A text for the document. */
  description?: string | undefined;
  /** Runs after the response, if the response has no task of its own. */
  background?: BackgroundTask | BackgroundTasks | undefined;
  /** The methods of a bare `endpoint()`. Default `["GET"]`. */
  methods?: readonly string[] | undefined;
}

/** Refuses keys that no spec has: a generic parameter alone would let them pass. */
export type Exact<S> = { readonly [Key in Exclude<keyof S, keyof Spec>]: never };

// Behind `infer`, so that editors show the object.
type Flat<T> = T extends infer O ? { [K in keyof O]: O[K] } : never;

/** What a handler is given besides the values of the path. */
export type HandlerPart = "query" | "headers" | "cookies" | "body" | "form";

type DeclaredParts<S> = {
  [Part in HandlerPart & keyof S as S[Part] extends Schema ? Part : never]: SchemaOutput<S[Part]>;
};

type PathPart<S, Kwargs> = S extends { path: infer P extends Schema } ? SchemaOutput<P> : Kwargs;

/** What a handler is given behind the request: the values of the path, and the parts that its spec declares. */
export type Args<S, Kwargs = unknown> = Flat<PathPart<S, Kwargs> & DeclaredParts<S>>;

/** What a method that asks for `A` is given: of `A` what comes from the path, and the parts that its spec declares. */
export type MethodArgs<S, A> = Args<S, Omit<A, HandlerPart>>;

/** The values of a path: those of the route, with those of the routers around it. */
export type Kwargs<Route extends string, Prefix = unknown> = [Params<Route>] extends [never]
  ? Record<string, unknown>
  : Flat<Prefix & Params<Route>>;

/** A response whose bytes are the handler's own affair: anything of Django's, or of the Fetch standard. */
export type PlainResponse = (HttpResponseBase & { readonly data?: never }) | Response;

type Success = 200 | 201 | 202 | 203 | 204 | 205 | 206 | 207 | 208 | 226;

type ModelOf<Entry> = Entry extends ModelEntry<infer M> ? M : Entry;

type DataOf<M> = M extends null
  ? undefined | null | void
  : M extends ResponseKind<infer Value>
    ? Value
    : SchemaInput<M>;

// What `Reply` looks like from here. Were it the class itself, the compiler would take the type arguments of a
// `new Reply(…)` from all that is declared: a reply without a status would have all statuses at once.
interface EmptyReply<Status extends number | undefined> extends HttpResponse {
  readonly _reply_status: Status;
}

interface DataReply<Data, Status extends number | undefined, AnyData> extends EmptyReply<Status> {
  readonly data: Data;
  readonly _reply_hint?: AnyData;
}

type ReplyOf<M, Status extends number | undefined, AnyData> = M extends null
  ? EmptyReply<Status>
  : M extends ResponseKind
    ? never
    : DataReply<SchemaInput<M>, Status, AnyData>;

type AnyDataOf<Map> = {
  [Status in keyof Map]: ModelOf<Map[Status]> extends infer M extends Schema
    ? SchemaInput<M>
    : never;
}[keyof Map];

type ReturnsOfMap<Map, AnyData = AnyDataOf<Map>> = {
  [Status in keyof Map]: Status extends Success
    ? DataOf<ModelOf<Map[Status]>> | ReplyOf<ModelOf<Map[Status]>, Status | undefined, AnyData>
    : Status extends number
      ? ReplyOf<ModelOf<Map[Status]>, Status, AnyData>
      : never;
}[keyof Map];

/** What a handler may return, by the `response` of its spec. Without one: anything. */
export type Returns<S> = S extends { response: infer R }
  ? R extends Schema | ResponseKind | null
    ? R extends ResponseKind<infer Value>
      ? Value
      : DataOf<R> | ReplyOf<R, Success | undefined, SchemaInput<R>> | PlainResponse
    : ReturnsOfMap<R> | PlainResponse
  : unknown;

/**
 * A function that answers requests: `(request, { …kwargs, query, headers, cookies, body, form }) => …`. Where it is a
 * parameter, it is so in `NoInfer`: only then does the compiler know what is declared when it looks at what a handler
 * without parameters returns, and `"a"` is not just any string.
 */
export type Handler<S, PathKwargs = unknown> = (
  request: HttpRequest,
  args: Args<S, PathKwargs>,
) => Awaitable<Returns<S>>;

// The route is not known, so a name may be one of its parameters, of any type, but not a part that is not declared.
type FreeKwargs<S> = { [Part in Exclude<HandlerPart, keyof S>]?: undefined } & {
  // oxlint-disable-next-line typescript/no-explicit-any -- `unknown` could not be used without saying a type
  [name: string]: any;
};

/**
 * The same for an endpoint whose route is not known where it is declared: the values of its path have any type, unless it
 * says one itself, as a method may of its parameters.
 */
export type FreeHandler<S> = {
  handle(request: HttpRequest, args: Args<S, FreeKwargs<S>>): Awaitable<Returns<S>>;
}["handle"];

/** Any handler, once it is checked. */
export type AnyHandler = (request: HttpRequest, args: Record<string, unknown>) => unknown;
