/** Helpers that reach across the layers (Django docs: "Django shortcut functions"). @module */
import { ObjectDoesNotExist, ValueError } from "./core/exceptions.ts";
import { Http404 } from "./http/_http404.ts";
import type { HttpRequest } from "./http/request.ts";
import {
  HttpResponse,
  HttpResponsePermanentRedirect,
  HttpResponseRedirect,
  type HttpResponseRedirectBase,
} from "./http/response.ts";
import type { GivenContext } from "./template/backends/base.ts";
import { render_to_string } from "./template/loader.ts";
import { type RedirectTarget, resolve_url, type ResolveUrlOptions } from "./urls/_resolve_url.ts";
import { is_thenable } from "./utils/_promise.ts";

export { type RedirectTarget, resolve_url, type ResolveUrlOptions } from "./urls/_resolve_url.ts";

/** Options of `render`. */
export interface RenderOptions {
  /** Default `text/html; charset=` and `DEFAULT_CHARSET`. */
  content_type?: string | null | undefined;
  /** Default 200. */
  status?: number | null | undefined;
  /** The alias of the one template engine to ask. Default: all, in order. */
  using?: string | null | undefined;
}

const NO_OPTIONS: RenderOptions = {};

/**
 * A response with a template's text, rendered now. The context given is not changed.
 * @param template_name A list gives the first that exists.
 * @throws TemplateDoesNotExist, TemplateSyntaxError
 */
export function render(
  request: HttpRequest | null | undefined,
  template_name: string | readonly string[],
  context: GivenContext | null = null,
  options: RenderOptions = NO_OPTIONS,
): HttpResponse {
  const { content_type, status, using } = options;
  const content = render_to_string(template_name, context, { request, using });
  return new HttpResponse(content, { content_type, status });
}

/** Options of `redirect`. */
export interface RedirectOptions extends ResolveUrlOptions {
  /** 301 instead of 302: the client may remember it for good. Default `false`. */
  permanent?: boolean | undefined;
  /** 307 or 308: the client keeps method and body. Default `false`. */
  preserve_request?: boolean | undefined;
  /** The longest Location allowed; `null`: any. Default 16384 characters. */
  max_length?: number | null | undefined;
}

/**
 * A redirect to a target, as `resolve_url` understands it.
 * @throws NoReverseMatch; DisallowedRedirect for a URL that is too long, or of another scheme than http, https, ftp.
 */
export function redirect(
  to: RedirectTarget,
  options: RedirectOptions = {},
): HttpResponseRedirectBase {
  const { permanent = false, preserve_request, max_length } = options;
  const Redirect = permanent ? HttpResponsePermanentRedirect : HttpResponseRedirect;
  return new Redirect(resolve_url(to, options), { preserve_request, max_length });
}

/** The class of the error that a source throws if there is no such object. */
type ErrorClass = abstract new (...args: never[]) => Error;

/** How a source tells what it holds. */
interface Described {
  /** The class of its objects; its `DoesNotExist` is what `get` throws. */
  readonly model?: { readonly DoesNotExist?: ErrorClass; readonly name?: string };
  /** What `get` throws, if there is no `model`. Default: `ObjectDoesNotExist`. */
  readonly DoesNotExist?: ErrorClass;
}

/** A source of objects: a model, a manager, a repository, a `Map`. A `get` that gives nothing found nothing. */
export interface Gettable<T, A extends unknown[]> extends Described {
  get(...args: A): T | null | undefined;
}

/** A source of objects that must be waited for. */
export interface AsyncGettable<T, A extends unknown[]> extends Described {
  aget?(...args: A): Promise<T | null | undefined>;
  get?(...args: A): T | null | undefined | Promise<T | null | undefined>;
}

/** A source of several objects. */
export interface Filterable<T, A extends unknown[]> extends Described {
  filter(...args: A): Iterable<T>;
}

/** A source of several objects that must be waited for. */
export interface AsyncFilterable<T, A extends unknown[]> extends Described {
  filter(...args: A): AsyncIterable<T> | Iterable<T> | Promise<Iterable<T>>;
}

/** A source, or the model whose `_default_manager` is one. */
export type Queryable<Source> = Source | { readonly _default_manager: { all(): Source } };

function source_of<Source>(klass: Queryable<Source>): Source {
  const holder = Object(klass) as { _default_manager?: { all(): Source } }; // of a primitive: without it
  return holder._default_manager === undefined ? (klass as Source) : holder._default_manager.all();
}

function name_of(source: unknown): string {
  if (typeof source === "function") return source.name;
  return typeof source === "object" && source !== null
    ? source.constructor.name
    : JSON.stringify(source);
}

function need(source: unknown, methods: readonly string[], helper: string): void {
  const holder = Object(source) as Record<string, unknown>; // a primitive has its methods too
  if (methods.some((method) => typeof holder[method] === "function")) return;
  throw new ValueError(
    `${helper} needs a source with ${methods.join(" or ")}(), such as a manager or a repository; ${name_of(source)} has none.`,
  );
}

function missing(source: Described): Http404 {
  return new Http404(`There is no ${source.model?.name ?? name_of(source)} like that.`);
}

function is_missing(error: unknown, source: Described): boolean {
  const DoesNotExist = source.model?.DoesNotExist ?? source.DoesNotExist ?? ObjectDoesNotExist;
  return error instanceof DoesNotExist;
}

/**
 * The one object that `get` gives for these arguments; as a rule the last one holds lookups by name.
 * @throws Http404 if there is none. More than one is the source's own error.
 * @throws ValueError for a source without `get`; TypeError for one that must be waited for.
 */
export function get_object_or_404<T, A extends unknown[]>(
  klass: Queryable<Gettable<T, A>>,
  ...args: A
): T {
  const source = source_of(klass);
  need(source, ["get"], "get_object_or_404");
  let found: T | null | undefined;
  try {
    found = source.get(...args);
  } catch (error) {
    throw is_missing(error, source) ? missing(source) : error;
  }
  if (is_thenable(found))
    throw new TypeError("get() gave a promise: await aget_object_or_404() instead.");
  if (found === null || found === undefined) throw missing(source);
  return found;
}

/**
 * As `get_object_or_404`, for a source with `aget`, or with a `get` that gives a promise.
 * @throws Http404 if there is no such object; ValueError for a source without either.
 */
export async function aget_object_or_404<T, A extends unknown[]>(
  klass: Queryable<AsyncGettable<T, A>>,
  ...args: A
): Promise<T> {
  const source = source_of(klass);
  need(source, ["aget", "get"], "aget_object_or_404");
  let found: T | null | undefined;
  try {
    found = await (source.aget === undefined ? source.get?.(...args) : source.aget(...args));
  } catch (error) {
    throw is_missing(error, source) ? missing(source) : error;
  }
  if (found === null || found === undefined) throw missing(source);
  return found;
}

/**
 * The objects that `filter` gives for these arguments.
 * @throws Http404 if there is none; ValueError for a source without `filter`.
 */
export function get_list_or_404<T, A extends unknown[]>(
  klass: Queryable<Filterable<T, A>>,
  ...args: A
): T[] {
  const source = source_of(klass);
  need(source, ["filter"], "get_list_or_404");
  const found = Array.from(source.filter(...args));
  if (found.length === 0) throw missing(source);
  return found;
}

/**
 * As `get_list_or_404`, for a source whose `filter` gives what must be waited for.
 * @throws Http404 if there is nothing; ValueError for a source without `filter`.
 */
export async function aget_list_or_404<T, A extends unknown[]>(
  klass: Queryable<AsyncFilterable<T, A>>,
  ...args: A
): Promise<T[]> {
  const source = source_of(klass);
  need(source, ["filter"], "aget_list_or_404");
  const found: T[] = [];
  for await (const item of await source.filter(...args)) found.push(item);
  if (found.length === 0) throw missing(source);
  return found;
}
