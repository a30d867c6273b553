/** What scripted views, hooks and methods do when they are called: their steps, then a response, a value or an error. @module */
import { run, type Work } from "./_async.ts";
import type { Body, Json, JsonObject } from "./_format.ts";
import { exported, is_callable, is_class, type Callable } from "./_modules.ts";
import { call_member, is_dict, Missing } from "./_names.ts";
import type { Scope } from "./_scope.ts";
import { perform_all } from "./_steps.ts";
import { decode, decode_arguments, define_forms, object_of } from "./_values.ts";

const MESSAGE = "thrown by the responder";

/** Does what the body says, in a scope that knows the arguments: at once, unless a step has to wait. */
export function play(body: Body, scope: Scope): unknown {
  return run(noting_errors(perform_body(body, scope), scope));
}

/** As `play`; a body that only has steps gives `fallback` instead of a response. */
export function play_hook(body: Body, scope: Scope, fallback: unknown): unknown {
  return run(noting_errors(perform_hook(body, scope, fallback), scope));
}

/** A function that plays the body: a view, or anything else. `self` is what it is a method of. */
export function responder(body: Body, scope: Scope): Callable {
  return function (this: unknown, request: unknown, ...rest: unknown[]): unknown {
    return play(body, scope.inside({ self: this, request, ...split_arguments(rest) }));
  };
}

/** The arguments after the request: a plain object in the last place holds the named ones. */
export function split_arguments(rest: readonly unknown[]): {
  args: unknown[];
  kwargs: Record<string, unknown>;
} {
  const last = rest.at(-1);
  return is_dict(last)
    ? { args: rest.slice(0, -1), kwargs: last }
    : { args: [...rest], kwargs: {} };
}

/** A body, read from the JSON that says what is done. */
export function body_of(json: Json): Body {
  return object_of(json) as Body; // the format promises it; a wrong key is simply not there
}

/**
 * The error of that class, with the message that scripts expect; an error made from options has its own.
 * @throws Missing if there is no such class.
 */
export function error_of(target: string, options?: Record<string, unknown>): unknown {
  return construct(target, [options ?? MESSAGE]);
}

/** Keeps an error for the failure message: the chain may turn it into a response. */
function* noting_errors<T>(work: Work<T>, scope: Scope): Work<T> {
  try {
    return yield* work;
  } catch (error) {
    scope.stage.script_error = error;
    throw error;
  }
}

function* perform_body(body: Body, scope: Scope): Work<unknown> {
  yield* perform_all(body.do ?? [], scope);
  if (body.throws !== undefined) throw error_of(body.throws);
  if (body.returns !== undefined) return decode(body.returns, scope);
  return yield* built(body, scope);
}

function* perform_hook(body: Body, scope: Scope, fallback: unknown): Work<unknown> {
  if (Object.keys(body).some((key) => key !== "do")) return yield* perform_body(body, scope);
  yield* perform_all(body.do ?? [], scope);
  return fallback;
}

function* built(body: Body, scope: Scope): Work<unknown> {
  const response = yield construct(
    body.class ?? "http:HttpResponse",
    decode_arguments(body, scope),
  );
  for (const [name, value] of Object.entries(decoded(body.headers, scope)))
    call_member(response, "set", [name, value]);
  for (const [key, value, opts] of body.cookies ?? [])
    call_member(response, "set_cookie", [key, value, decoded(opts, scope)]);
  return response;
}

function decoded(json: JsonObject | undefined, scope: Scope): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(json ?? {}).map(([key, value]) => [key, decode(value, scope)]),
  );
}

function construct(target: string, args: readonly unknown[]): unknown {
  const made = exported(target);
  if (!is_callable(made)) throw new Missing(`${target} is not a class`);
  return is_class(made) ? Reflect.construct(made, args) : made(...args);
}

define_forms({ $responder: (form, scope) => responder(body_of(form), scope) });
