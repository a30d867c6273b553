/** Requests made in memory (Django docs: Advanced testing topics, "The request factory"). @module */
import { settings } from "../conf/index.ts";
import { ValueError } from "../core/exceptions.ts";
import { BytesIO } from "../core/files/index.ts";
import { EnvironRequest } from "../core/handlers/environ.ts";
import { DjangoJSONEncoder } from "../core/serializers/json.ts";
import { type Dict, HttpHeaders } from "../http/request.ts";
import { SimpleCookie } from "../http/cookie.ts";
import { is_plain, type Pairs } from "../utils/_mapping.ts";
import { str, truthy } from "../utils/_python.ts";
import { unquote_latin1 } from "../utils/_quote.ts";
import { urlsplit } from "../utils/_urlsplit.ts";
import { force_bytes } from "../utils/encoding.ts";
import { urlencode } from "../utils/http.ts";
import { BOUNDARY, encode_multipart, FakePayload, MULTIPART_CONTENT } from "./_payload.ts";

/** Fields of a query or a form; a list repeats the field. */
export type FormData = Pairs<unknown>;

/** Options of the constructor of `RequestFactory`. What is not listed goes into the META of every request. */
export interface RequestFactoryOptions {
  /** Encodes objects as JSON. Default `DjangoJSONEncoder`. */
  json_encoder?: typeof DjangoJSONEncoder | undefined;
  /** Headers of every request. */
  headers?: Readonly<Record<string, string>> | null | undefined;
  /** The query of every request that has none of its own. */
  query_params?: FormData | null | undefined;
  /** A key of META. */
  [meta: string]: unknown;
}

/** Options of a request. What is not listed goes into META. */
export interface RequestOptions {
  /** Whether the request comes by HTTPS. Default `false`. */
  secure?: boolean | undefined;
  /** Headers, under their usual names. */
  headers?: Readonly<Record<string, string>> | null | undefined;
  /** The query, instead of the one in the path. */
  query_params?: FormData | null | undefined;
  /** The type of the body. Default: a multipart form for `post`, else `application/octet-stream`. */
  content_type?: string | undefined;
  /** A key of META. */
  [meta: string]: unknown;
}

const OCTETS = "application/octet-stream";
const CHARSET = /^.*; charset=([\w-]+);?/;
const JSON_TYPE = /^application\/(.+\+)?json/;

/** What makes requests of every method; what becomes of them is `request`'s affair. */
export abstract class RequestMaker<Result> {
  /** Encodes objects as JSON. */
  json_encoder: typeof DjangoJSONEncoder;
  /** What every request has in META. */
  defaults: Dict<unknown>;
  /** Sent with every request, sorted by name. */
  cookies: SimpleCookie;
  /** `wsgi.errors` of every request. */
  errors: BytesIO;

  constructor(options: RequestFactoryOptions = {}) {
    const { json_encoder = DjangoJSONEncoder, headers, query_params, ...defaults } = options;
    this.json_encoder = json_encoder;
    this.defaults = bare(defaults);
    this.cookies = new SimpleCookie();
    this.errors = new BytesIO();
    if (truthy(headers)) Object.assign(this.defaults, this._header_keys(headers ?? {}));
    if (truthy(query_params)) this.defaults["QUERY_STRING"] = query_text(query_params ?? {});
  }

  /** Makes the request with this META. */
  abstract request(request?: Dict<unknown>): Result;

  /** @throws ValueError if there are both `data` and `query_params`: either is the query. */
  get(path: string, data?: FormData | null, options: RequestOptions = {}): Result {
    return this.generic("GET", path, "", with_query(data, options));
  }

  /** A form, or with another `content_type` the data as they are; objects become JSON if the type is JSON. */
  post(path: string, data?: unknown, options: RequestOptions = {}): Result {
    const { content_type = MULTIPART_CONTENT } = options;
    const content = this._encode_json(data ?? {}, content_type);
    return this.generic("POST", path, encode_data(content, content_type), {
      ...options,
      content_type,
    });
  }

  /** @throws ValueError if there are both `data` and `query_params`: either is the query. */
  head(path: string, data?: FormData | null, options: RequestOptions = {}): Result {
    return this.generic("HEAD", path, "", with_query(data, options));
  }

  /** A TRACE request has no body: `data` is not sent. */
  trace(path: string, _data?: unknown, options: RequestOptions = {}): Result {
    return this.generic("TRACE", path, "", options);
  }

  options(path: string, data: unknown = "", options: RequestOptions = {}): Result {
    return this.generic("OPTIONS", path, data, options);
  }

  put(path: string, data: unknown = "", options: RequestOptions = {}): Result {
    return this._with_json("PUT", path, data, options);
  }

  patch(path: string, data: unknown = "", options: RequestOptions = {}): Result {
    return this._with_json("PATCH", path, data, options);
  }

  delete(path: string, data: unknown = "", options: RequestOptions = {}): Result {
    return this._with_json("DELETE", path, data, options);
  }

  /** Any method. The host of an absolute URL does not count. */
  generic(method: string, path: string, data: unknown = "", options: RequestOptions = {}): Result {
    const { secure = false, headers, query_params, content_type = OCTETS, ...extra } = options;
    const url = urlsplit(str(path));
    const body = force_bytes(data, { encoding: settings.DEFAULT_CHARSET });
    const environ = bare({
      PATH_INFO: path_bytes(url.path),
      REQUEST_METHOD: method,
      SERVER_PORT: secure ? "443" : "80",
      "wsgi.url_scheme": secure ? "https" : "http",
    });
    if (body.length > 0) {
      environ["CONTENT_LENGTH"] = String(body.length);
      environ["CONTENT_TYPE"] = content_type;
      environ["wsgi.input"] = new FakePayload(body);
    }
    Object.assign(environ, this._extra_keys(extra));
    if (truthy(headers)) Object.assign(environ, this._header_keys(headers ?? {}));
    if (truthy(query_params)) environ["QUERY_STRING"] = query_text(query_params ?? {});
    if (!truthy(environ["QUERY_STRING"])) environ["QUERY_STRING"] = latin1(url.query);
    return this.request(environ);
  }

  /** @internal */
  _with_json(method: string, path: string, data: unknown, options: RequestOptions): Result {
    return this.generic(
      method,
      path,
      this._encode_json(data, options.content_type ?? OCTETS),
      options,
    );
  }

  /** Objects and lists as JSON, if the type is JSON. @internal */
  _encode_json(data: unknown, content_type: string): unknown {
    const is_structure = Array.isArray(data) || data instanceof Map || is_plain(data);
    return is_structure && JSON_TYPE.test(content_type)
      ? new this.json_encoder().encode(data)
      : data;
  }

  /** @internal */
  _header_keys(headers: Readonly<Record<string, unknown>>): Dict<unknown> {
    return HttpHeaders.to_wsgi_names(headers);
  }

  /** @internal */
  _extra_keys(extra: Dict<unknown>): Dict<unknown> {
    return extra;
  }

  /** META of a request, before what it brings itself. @internal */
  _base_environ(request: Dict<unknown> = {}): Dict<unknown> {
    const cookies = Array.from(
      this.cookies.values(),
      ({ key, coded_value }) => `${key}=${coded_value}`,
    );
    return bare({
      HTTP_COOKIE: cookies.toSorted().join("; "),
      PATH_INFO: "/",
      REMOTE_ADDR: "127.0.0.1",
      REQUEST_METHOD: "GET",
      SCRIPT_NAME: "",
      SERVER_NAME: "testserver",
      SERVER_PORT: "80",
      SERVER_PROTOCOL: "HTTP/1.1",
      "wsgi.version": [1, 0],
      "wsgi.url_scheme": "http",
      "wsgi.input": new FakePayload(),
      "wsgi.errors": this.errors,
      "wsgi.multiprocess": true,
      "wsgi.multithread": false,
      "wsgi.run_once": false,
      ...this.defaults,
      ...request,
    });
  }
}

/** Makes requests to call a view with. There is no middleware: no session, no user. */
export class RequestFactory extends RequestMaker<EnvironRequest> {
  override request(request: Dict<unknown> = {}): EnvironRequest {
    return new EnvironRequest(this._base_environ(request));
  }
}

/**
 * A `RequestFactory` whose META is that of ASGI: with `REMOTE_HOST`, without `SERVER_PROTOCOL`. Options that are not listed
 * are headers; an underscore in their names is a hyphen.
 */
export class AsyncRequestFactory extends RequestFactory {
  override _extra_keys(extra: Dict<unknown>): Dict<unknown> {
    const { QUERY_STRING, ...headers } = extra;
    const keys = HttpHeaders.to_wsgi_names(headers);
    return QUERY_STRING === undefined ? keys : { ...keys, QUERY_STRING };
  }

  override _base_environ(request: Dict<unknown> = {}): Dict<unknown> {
    const { QUERY_STRING, ...headers } = this.defaults;
    const environ = super._base_environ({
      HTTP_HOST: "testserver",
      REMOTE_HOST: "127.0.0.1",
      REMOTE_PORT: 0,
      SERVER_NAME: "127.0.0.1",
      ...HttpHeaders.to_wsgi_names(headers),
      ...request,
    });
    for (const name of Object.keys(headers)) {
      if (HttpHeaders.to_wsgi_name(name) !== name && !(name in request)) delete environ[name];
    }
    delete environ["SERVER_PROTOCOL"];
    if (QUERY_STRING !== undefined && !truthy(request["QUERY_STRING"]))
      environ["QUERY_STRING"] = QUERY_STRING;
    return environ;
  }
}

function bare(values: Readonly<Record<string, unknown>>): Dict<unknown> {
  return Object.assign(Object.create(null) as Dict<unknown>, values); // an object without prototype is a Dict
}

function with_query(data: FormData | null | undefined, options: RequestOptions): RequestOptions {
  if (truthy(data) && truthy(options.query_params)) {
    throw new ValueError(
      "Both data and query_params were given, and either is the query. Give one of them.",
    );
  }
  return { ...options, query_params: truthy(data) ? data : options.query_params };
}

function query_text(params: FormData): string {
  return urlencode(params, { doseq: true });
}

function encode_data(data: unknown, content_type: string): Buffer {
  if (content_type === MULTIPART_CONTENT) return encode_multipart(BOUNDARY, data as object); // what is no object is refused there
  const charset = CHARSET.exec(content_type)?.[1] ?? settings.DEFAULT_CHARSET;
  return force_bytes(data, { encoding: charset });
}

/** The bytes of a percent-encoded path, as latin-1 characters. */
function path_bytes(path: string): string {
  return unquote_latin1(latin1(path));
}

function latin1(text: string): string {
  return Buffer.from(text).toString("latin1");
}
