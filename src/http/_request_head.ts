/** What a request says before its body: method, path, headers, cookies, and what follows from them. @module */
import { settings } from "../conf/index.ts";
import { BadRequest, DisallowedHost, ImproperlyConfigured, KeyError } from "../core/exceptions.ts";
import { is_known } from "../utils/_codecs.ts";
import { repr, str, truthy } from "../utils/_python.ts";
import { strip } from "../utils/_whitespace.ts";
import { escape_uri_path, iri_to_uri } from "../utils/encoding.ts";
import { parse_header_parameters } from "../utils/http.ts";
import { by_precedence, first_match, parse_accept, preferred } from "./_accept.ts";
import { DEVELOPMENT_HOSTS, split_domain_port, validate_host } from "./_host.ts";
import type { MediaType } from "./_media_type.ts";
import { type Dict, HttpHeaders, type Meta } from "./_request_headers.ts";
import { get_signed_cookie, type GetSignedCookieOptions } from "./_signed_cookie.ts";
import { absolute_uri } from "./_uri.ts";
import { parse_cookie } from "./cookie.ts";
import { query_fields, QueryDict } from "./querydict.ts";

/** Options of `get_full_path` and `get_full_path_info`. */
export interface FullPathOptions {
  /** Put a slash at the end of the path if there is none. Default `false`. */
  force_append_slash?: boolean | undefined;
}

function is_pair(value: unknown): value is readonly [string, string] {
  return Array.isArray(value) && value.length === 2;
}

/** The part of `HttpRequest` that needs no body. */
export class RequestHead {
  /** The whole path, decoded, without host and query. */
  path: string = "";
  /** The path below the script name: what the URLs are matched with. */
  path_info: string = "";
  /** In upper case; `null` when the request was made by hand. */
  method: string | null = null;

  // What the accessors below found, undefined until asked for. All are there from the start: requests have one shape.
  /** @internal */
  _meta: Meta | undefined = undefined;
  /** @internal */
  _added_meta: Record<string, unknown> | undefined = undefined;
  /** @internal */
  _headers: HttpHeaders | undefined = undefined;
  /** @internal */
  _get: QueryDict | undefined = undefined;
  /** @internal */
  _cookies: Dict<string> | undefined = undefined;
  /** @internal */
  _content_type: string | null | undefined = undefined;
  /** @internal */
  _content_params: Dict<string> | null | undefined = undefined;
  /** @internal */
  _encoding: string | null | undefined = undefined;
  /** @internal */
  _accepted_types: readonly MediaType[] | undefined = undefined;
  /** @internal */
  _accepted_by_precedence: readonly MediaType[] | undefined = undefined;
  /** @internal */
  _scheme_host: string | undefined = undefined;

  // --- what a door overrides ---

  /** META, made when it is first read. @internal */
  _make_meta(): Dict<unknown> {
    return Object.create(null) as Dict<unknown>; // an object without prototype is a Dict
  }

  /** One value of META, without making all of it. @internal */
  _meta_value(name: string): string | undefined {
    const value = this.META[name];
    return value === undefined || value === null ? undefined : str(value);
  }

  /** The query as it came; `undefined` if no server made this request. @internal */
  _query_string(): string | Uint8Array | undefined {
    return undefined;
  }

  /** `http` or `https`, as the connection has it. @internal */
  _get_scheme(): string {
    return "http";
  }

  /** The `Cookie` header, decoded; `""` without one. @internal */
  _cookie_header(): string {
    return "";
  }

  /** The `Content-Type` header, `""` without one; `undefined` if no server made this request. @internal */
  _content_type_header(): string | undefined {
    return undefined;
  }

  // --- the head of the request ---

  /** The headers as `HTTP_…`, and what the server says. Middleware may write into it. */
  get META(): Meta {
    if (this._meta === undefined) {
      this._meta = this._make_meta() as Meta; // the headers a door puts there are text
      if (this._added_meta !== undefined) Object.assign(this._meta, this._added_meta);
    }
    return this._meta;
  }

  set META(meta: Meta) {
    this._meta = meta;
  }

  /** Puts what no client sent into META, which is not made for that. @internal */
  _add_meta(name: string, value: unknown): void {
    if (this._meta !== undefined) this._meta[name] = value;
    else if (this._added_meta !== undefined) this._added_meta[name] = value;
    else this._added_meta = { [name]: value };
  }

  /** What was put into META, with `_add_meta` or otherwise. @internal */
  _get_added_meta(name: string): unknown {
    return this._meta === undefined ? this._added_meta?.[name] : this._meta[name];
  }

  /** The headers under their usual names. Made from META once: later changes of META do not show. */
  get headers(): HttpHeaders {
    this._headers ??= new HttpHeaders(this.META);
    return this._headers;
  }

  /**
   * The fields of the query.
   * @throws TooManyFieldsSent above `DATA_UPLOAD_MAX_NUMBER_FIELDS`.
   */
  get GET(): QueryDict {
    if (this._get === undefined) {
      const query = this._query_string();
      this._get =
        query === undefined
          ? new QueryDict("", { mutable: true })
          : new QueryDict(query, { encoding: this.encoding ?? undefined });
    }
    return this._get;
  }

  set GET(query: QueryDict) {
    this._get = query;
  }

  /** The fields of the query, names and values in turn; `undefined` where `GET` must be asked. @internal */
  _query_fields(): readonly string[] | undefined {
    const query = this._get === undefined ? this._query_string() : undefined;
    return query === undefined ? undefined : query_fields(query, this.encoding);
  }

  /** The cookies. Of two with one name, the later counts. An object without a prototype. */
  get COOKIES(): Dict<string> {
    this._cookies ??= parse_cookie(this._cookie_header());
    return this._cookies;
  }

  set COOKIES(cookies: Dict<string>) {
    this._cookies = cookies;
  }

  /**
   * The media type of the body in lower case, without parameters; `""` without the header, `null` for a request made
   * by hand.
   * @throws BadRequest if the header is over 10000 characters, or cannot be read.
   */
  get content_type(): string | null {
    if (this._content_type === undefined) this._read_content_type();
    return this._content_type ?? null;
  }

  set content_type(content_type: string | null) {
    if (this._content_params === undefined) this._read_content_type();
    this._content_type = content_type;
  }

  /** The parameters of the media type, names in lower case. An object without a prototype. */
  get content_params(): Dict<string> | null {
    if (this._content_params === undefined) this._read_content_type();
    return this._content_params ?? null;
  }

  set content_params(content_params: Dict<string> | null) {
    if (this._content_type === undefined) this._read_content_type();
    this._content_params = content_params;
  }

  /** @internal */
  _read_content_type(): void {
    const header = this._content_type_header();
    if (header === undefined) {
      this._content_type = this._content_params = null;
      return;
    }
    try {
      [this._content_type, this._content_params] = parse_header_parameters(header);
    } catch (cause) {
      throw new BadRequest(
        `The Content-Type header ${repr(header.slice(0, 100))} cannot be read.`,
        { cause },
      );
    }
  }

  /**
   * The charset of `GET` and `POST`: what was set, else the one of the body if there is such a charset; `null` stands
   * for `DEFAULT_CHARSET`. Setting it makes both decode again.
   */
  get encoding(): string | null {
    if (this._encoding === undefined) {
      const charset = this._body_charset();
      this._encoding = charset !== undefined && is_known(charset) ? charset : null;
    }
    return this._encoding;
  }

  set encoding(encoding: string | null | undefined) {
    this._encoding = encoding ?? null;
    this._get = undefined;
  }

  /** The charset that the Content-Type names; most requests without a body have none to be read. @internal */
  _body_charset(): string | undefined {
    const has_type = this._content_params !== undefined || this._content_type_header() !== "";
    return has_type ? this.content_params?.["charset"] : undefined;
  }

  // --- where the request was sent ---

  /**
   * `http` or `https`. The header that `SECURE_PROXY_SSL_HEADER` names, once it is there, decides alone.
   * @throws ImproperlyConfigured if that setting is no pair.
   */
  get scheme(): string {
    const proxy = settings.SECURE_PROXY_SSL_HEADER;
    if (proxy === null || !truthy(proxy)) return this._get_scheme();
    if (!is_pair(proxy)) {
      throw new ImproperlyConfigured(
        `SECURE_PROXY_SSL_HEADER is ${repr(proxy)}. It must be a pair: the META key of the header, and the value that means HTTPS.`,
      );
    }
    const value = this._meta_value(proxy[0]);
    if (value === undefined) return this._get_scheme();
    const [first = ""] = value.split(",", 1);
    return strip(first) === proxy[1] ? "https" : "http";
  }

  /** Whether the client came by HTTPS. */
  is_secure(): boolean {
    return this.scheme === "https";
  }

  /**
   * The host as the client wrote it, with its port if it wrote one.
   * @throws DisallowedHost if `ALLOWED_HOSTS` does not list it, or it is no host at all.
   */
  get_host(): string {
    const host = this._raw_host();
    const { ALLOWED_HOSTS: listed } = settings;
    const allowed = listed.length === 0 && settings.DEBUG ? DEVELOPMENT_HOSTS : listed;
    const [domain] = split_domain_port(host);
    if (domain !== "" && validate_host(domain, allowed)) return host;
    throw new DisallowedHost(
      domain === ""
        ? `The Host header ${repr(host)} is no valid host name (RFC 1035 §2.3.1).`
        : `The Host header ${repr(host)} is not allowed. If it is this site's, add ${repr(domain)} to ALLOWED_HOSTS.`,
    );
  }

  /** @internal */
  _raw_host(): string {
    const forwarded = settings.USE_X_FORWARDED_HOST
      ? this._meta_value("HTTP_X_FORWARDED_HOST")
      : undefined;
    const host = forwarded ?? this._meta_value("HTTP_HOST");
    if (host !== undefined) return host;
    const name = this._meta_value("SERVER_NAME");
    if (name === undefined) throw new KeyError("'SERVER_NAME'");
    const port = this.get_port();
    return port === (this.is_secure() ? "443" : "80") ? name : `${name}:${port}`;
  }

  /** The port the server listens on, or that a proxy tells of with `USE_X_FORWARDED_PORT`; never the one in `Host`. */
  get_port(): string {
    const forwarded = settings.USE_X_FORWARDED_PORT
      ? this._meta_value("HTTP_X_FORWARDED_PORT")
      : undefined;
    const port = forwarded ?? this._meta_value("SERVER_PORT");
    if (port === undefined) throw new KeyError("'SERVER_PORT'");
    return port;
  }

  /** Path and query, percent-encoded. A path that starts with `//` stays so: do not redirect to it as it is. */
  get_full_path(options: FullPathOptions = {}): string {
    return this._full_path(this.path, options.force_append_slash ?? false);
  }

  /** The same for `path_info`. */
  get_full_path_info(options: FullPathOptions = {}): string {
    return this._full_path(this.path_info, options.force_append_slash ?? false);
  }

  /** @internal */
  _full_path(path: string, force_append_slash: boolean): string {
    const slash = force_append_slash && !path.endsWith("/") ? "/" : "";
    const query = this._meta_value("QUERY_STRING") ?? "";
    return `${escape_uri_path(path)}${slash}${query === "" ? "" : `?${iri_to_uri(query)}`}`;
  }

  /**
   * The location as an absolute URI. Without one, that of this request; a relative one is relative to the path. It is no
   * safety check: `//evil.example/` and `javascript:` come through.
   * @throws DisallowedHost if the host of this request is needed and not allowed; ValueError for an unusable location.
   */
  build_absolute_uri(location?: string | null): string {
    const target = location ?? `//${this.get_full_path()}`; // so that a path with `//` in front names no host
    return absolute_uri(str(target), () => this._current_scheme_host(), this.path);
  }

  /** @internal */
  _current_scheme_host(): string {
    this._scheme_host ??= `${this.scheme}://${this.get_host()}`;
    return this._scheme_host;
  }

  /**
   * The value of a cookie that `set_signed_cookie` wrote.
   * @throws KeyError without such a cookie, BadSignature for a wrong signature, SignatureExpired above `max_age`; with a
   * `default` that one is given instead.
   */
  get_signed_cookie<D = never>(key: string, options: GetSignedCookieOptions<D> = {}): string | D {
    return get_signed_cookie(this.COOKIES, key, options);
  }

  // --- what the client accepts ---

  /** The ranges of the `Accept` header, best first; all types without the header, none if it is empty. */
  get accepted_types(): readonly MediaType[] {
    this._accepted_types ??= this._read_accept();
    return this._accepted_types;
  }

  /** @internal */
  _read_accept(): MediaType[] {
    const header =
      this._headers === undefined ? this._meta_value("HTTP_ACCEPT") : this._headers.get("Accept");
    try {
      return parse_accept(header ?? "*/*");
    } catch (cause) {
      throw new BadRequest("The Accept header cannot be read.", { cause });
    }
  }

  /** The same ranges, the most specific first. */
  get accepted_types_by_precedence(): readonly MediaType[] {
    this._accepted_by_precedence ??= by_precedence(this.accepted_types);
    return this._accepted_by_precedence;
  }

  /** The most specific range that the type falls into. */
  accepted_type(media_type: string): MediaType | undefined {
    return first_match(this.accepted_types_by_precedence, media_type);
  }

  /** Of these types the one the client likes best, ties in the order given; `undefined` if it accepts none. */
  get_preferred_type(media_types: Iterable<string>): string | undefined {
    return preferred(media_types, this.accepted_types, this.accepted_types_by_precedence);
  }

  /** Whether the client accepts the type. */
  accepts(media_type: string): boolean {
    return this.accepted_type(media_type) !== undefined;
  }
}
