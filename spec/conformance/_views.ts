/** Views: those that stand for a name, decorated ones, and classes of views. @module */
import { body_of, responder, split_arguments } from "./_body.ts";
import { is_object, type Json } from "./_format.ts";
import {
  exported,
  exported_class,
  is_callable,
  is_class,
  is_target,
  type Callable,
  type Class,
} from "./_modules.ts";
import { is_dict, Missing } from "./_names.ts";
import type { Scope } from "./_scope.ts";
import {
  decode,
  decode_arguments,
  decode_entries,
  define_forms,
  list_of,
  object_of,
} from "./_values.ts";

/** The view for a piece of JSON: a text is the view of that name, a class of views gives its `as_view()`. */
export function view_of(json: Json, scope: Scope): unknown {
  if (typeof json === "string") return named_view(json, scope);
  if (is_object(json) && typeof json["$view"] === "string") return named_view(json["$view"], scope);
  const view = decode(json, scope);
  const as_view: unknown = is_class(view) ? Reflect.get(view, "as_view") : undefined;
  return is_callable(as_view) ? Reflect.apply(as_view, view, []) : view;
}

/** The view that answers with its name and its arguments; one function per name and case. */
function named_view(name: string, scope: Scope): unknown {
  const views = scope.stage.named_views;
  if (!views.has(name)) views.set(name, answer_with(name));
  return views.get(name);
}

function answer_with(name: string): unknown {
  const JsonResponse = exported_class("http:JsonResponse");
  const view = (_request: unknown, ...rest: unknown[]): unknown =>
    new JsonResponse({ view: name, ...split_arguments(rest) });
  return Object.defineProperty(view, "name", { value: name });
}

/** `$view`: the view of that name if the case has one; else bytes behind another object, written in base64. */
function view_or_bytes(form: Json, scope: Scope): unknown {
  const text = String(form);
  const bytes = Buffer.from(text, "base64");
  if (scope.stage.named_views.has(text) || bytes.toString("base64") !== text)
    return named_view(text, scope);
  return new Uint8Array(bytes).buffer;
}

/** `$decorated`: the outermost decorator stands first. */
function decorated(form: Json, scope: Scope): unknown {
  const { view = null, by = [] } = object_of(form);
  return list_of(by)
    .map((json) => decorator_of(json, scope))
    .reduceRight((inner, decorate) => decorate(inner), view_of(view, scope));
}

function decorator_of(json: Json, scope: Scope): (view: unknown) => unknown {
  const made = Array.isArray(json) ? made_by_factory(json, scope) : named_or_decoded(json, scope);
  if (!is_callable(made)) throw new Missing(`${JSON.stringify(json)} is not a decorator`);
  return made;
}

function made_by_factory(
  [factory = null, args = [], opts]: readonly Json[],
  scope: Scope,
): unknown {
  const make = named_or_decoded(factory, scope);
  if (!is_callable(make)) throw new Missing(`${JSON.stringify(factory)} makes no decorator`);
  const named = is_object(opts) && Object.keys(opts).length > 0 ? { opts } : {};
  return make(...decode_arguments({ args: list_of(args), ...named }, scope));
}

function named_or_decoded(json: Json, scope: Scope): unknown {
  return typeof json === "string" && is_target(json) ? exported(json) : decode(json, scope);
}

/** `$view_class`: a subclass with these attributes and methods. */
function view_class(form: Json, scope: Scope): Class {
  const {
    name = "Scripted",
    base = "views/generic:View",
    attrs = {},
    methods = {},
  } = object_of(form);
  const Base = exported_class(String(base));
  const Scripted = class extends Base {};
  Object.defineProperty(Scripted, "name", { value: name });
  for (const [key, value] of Object.entries(decode_entries(object_of(attrs), scope)))
    add_member(Scripted, key, value);
  for (const [key, body] of Object.entries(object_of(methods)))
    add_member(Scripted, key, method(body, scope));
  return Scripted;
}

/** A method, which as in Python must be given its first parameter, the request. */
function method(body: Json, scope: Scope): Callable {
  const respond = responder(body_of(body), scope);
  return function (this: unknown, ...given: unknown[]): unknown {
    if (given.length === 0 || (given.length === 1 && is_dict(given[0])))
      throw new TypeError("A scripted method takes the request.");
    return Reflect.apply(respond, this, given);
  };
}

function add_member(to: Class, name: string, value: unknown): void {
  Object.defineProperty(to.prototype, name, {
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  });
}

/** `$user`: never saved; only a name and a password. */
function user(form: Json, scope: Scope): object {
  const Base = exported_class("contrib/auth/base_user:AbstractBaseUser");
  const User = class extends Base {
    static readonly USERNAME_FIELD = "username";
  };
  Object.defineProperty(User, "name", { value: "User" });
  add_member(User, "USERNAME_FIELD", "username");
  return Object.assign(new User(), decode_entries(object_of(form), scope));
}

define_forms({ $view: view_or_bytes, $decorated: decorated, $view_class: view_class, $user: user });
