/** `$urlconf`: lists of routes, in the short form of the scripts. @module */
import { is_object, type Json, type JsonObject } from "./_format.ts";
import { exported_function } from "./_modules.ts";
import { Missing } from "./_names.ts";
import type { Scope } from "./_scope.ts";
import { decode, decode_entries, define_forms, list_of, object_of } from "./_values.ts";
import { view_of } from "./_views.ts";

/** A URLconf from a list of entries, or from an object that has `patterns` and perhaps error handlers. */
export function urlconf(form: Json, scope: Scope): Record<string, unknown> {
  if (!is_object(form)) return { urlpatterns: entries(form, scope) };
  const { patterns = [], app_name, ...handlers } = form;
  const conf: Record<string, unknown> = { urlpatterns: entries(patterns, scope) };
  if (app_name !== undefined) conf["app_name"] = app_name;
  for (const [name, view] of Object.entries(handlers)) conf[name] = view_of(view, scope);
  return conf;
}

function entries(form: Json, scope: Scope): unknown[] {
  return list_of(form).flatMap((json) => entry(list_of(json), scope));
}

/** What the `urls` functions make of an entry; `i18n` may make several patterns. */
function entry(json: readonly Json[], scope: Scope): unknown[] {
  const [kind, first = null, second = null, options = {}] = json;
  switch (String(kind)) {
    case "path":
      return [route("path", first, view_of(second, scope), object_of(options), scope)];
    case "re_path":
      return [route("re_path", first, view_of(second, scope), object_of(options), scope)];
    case "include":
      return [included("path", first, second, object_of(options), scope)];
    case "re_include":
      return [included("re_path", first, second, object_of(options), scope)];
    case "i18n":
      return i18n(entries(first, scope), second, scope);
    default:
      throw new Missing(`no URL entry is called ${JSON.stringify(kind)}`);
  }
}

type RouteKind = "path" | "re_path";

function route(
  kind: RouteKind,
  pattern: Json,
  view: unknown,
  options: JsonObject,
  scope: Scope,
): unknown {
  const make = exported_function(`urls:${kind}`);
  const named = decode_entries(options, scope);
  const given = [decode(pattern, scope), view];
  return Object.keys(named).length > 0 ? make(...given, named) : make(...given);
}

function included(
  kind: RouteKind,
  pattern: Json,
  inner: Json,
  options: JsonObject,
  scope: Scope,
): unknown {
  const { app_name, namespace, ...others } = options;
  const patterns = entries(inner, scope);
  const include = exported_function("urls:include");
  const arg = app_name === undefined ? patterns : [patterns, app_name];
  const view = namespace === undefined ? include(arg) : include(arg, { namespace });
  return route(kind, pattern, view, others, scope);
}

function i18n(patterns: readonly unknown[], options: Json, scope: Scope): unknown[] {
  const i18n_patterns = exported_function("conf/urls/i18n:i18n_patterns");
  const named = is_object(options) ? [decode_entries(options, scope)] : [];
  const made = i18n_patterns(...patterns, ...named);
  return Array.isArray(made) ? made : [made];
}

define_forms({ $urlconf: urlconf });
