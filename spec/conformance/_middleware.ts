/** `$middleware`: middleware that writes to the log when it is made and when a hook is called. @module */
import { MiddlewareNotUsed } from "nuages/core/exceptions";
import { body_of, play_hook } from "./_body.ts";
import type { Body, Json, JsonObject } from "./_format.ts";
import { exported_class, type Callable, type Class } from "./_modules.ts";
import type { Scope } from "./_scope.ts";
import { define_forms, object_of } from "./_values.ts";

// What the steps of a hook see, by the position of the argument
const HOOKS: Readonly<Record<string, readonly string[]>> = {
  process_request: ["request"],
  process_view: ["request", "view", "args", "kwargs"],
  process_exception: ["request", "exception"],
  process_template_response: ["request", "response"],
  process_response: ["request", "response"],
};

function middleware(form: Json, scope: Scope): unknown {
  const plan = object_of(form);
  const name = String(plan["name"]);
  const made =
    plan["function"] === true ? plain_function(name, scope) : scripted_class(name, plan, scope);
  return Object.defineProperty(made, "name", { value: name });
}

/** Middleware as a function from `get_response` to a view. */
function plain_function(name: string, scope: Scope): (get_response: Callable) => Callable {
  return (get_response) =>
    async function view(request: unknown): Promise<unknown> {
      scope.log(`${name}.before`);
      const response = await get_response(request);
      scope.log(`${name}.after`);
      return response;
    };
}

function scripted_class(name: string, plan: JsonObject, scope: Scope): Class {
  const Base = exported_class("utils/deprecation:MiddlewareMixin");
  const Scripted = class extends Base {
    constructor(get_response: unknown) {
      super(get_response);
      scope.log(`${name}.init`);
      if (plan["not_used"] === true) throw new MiddlewareNotUsed(`${name} is not used`);
    }
  };
  for (const [hook, arguments_] of Object.entries(HOOKS)) {
    const body = plan[hook];
    if (body === undefined) continue;
    const value = hook_function(`${name}.${hook}`, arguments_, body_of(body), scope);
    Object.defineProperty(Scripted.prototype, hook, { value, writable: true, configurable: true });
  }
  return Scripted;
}

function hook_function(line: string, names: readonly string[], body: Body, scope: Scope): Callable {
  return (...given) => {
    scope.log(line);
    const locals = Object.fromEntries(names.map((name, index) => [name, given[index]]));
    return play_hook(body, scope.inside(locals), locals["response"]);
  };
}

define_forms({ $middleware: middleware });
