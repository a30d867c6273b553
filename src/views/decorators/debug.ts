/** Decorators that keep secrets out of error reports (Django docs: "Filtering error reports"). @module */
import { HttpRequest } from "../../http/request.ts";
import { callable, type ViewDecorator, wraps } from "../../utils/_wrap_view.ts";

/**
 * Accepted for Django's sake: an error report here shows no local variables, because JavaScript does not tell them.
 * @throws TypeError if it is used without a call: `@sensitive_variables` in place of `@sensitive_variables()`.
 */
export function sensitive_variables(...variables: string[]): <F>(func: F) => F {
  refuse_function(variables, "sensitive_variables");
  return (func) => func;
}

/**
 * Shows stars in place of these fields of POST in error reports; without names, of all.
 * @throws TypeError if it is used without a call, or on something that gets no request.
 */
export function sensitive_post_parameters(...parameters: string[]): ViewDecorator {
  refuse_function(parameters, "sensitive_post_parameters");
  return (view_func) => {
    const view = callable(view_func);
    return wraps(view_func, function (this: unknown, request, ...args) {
      if (!(request instanceof HttpRequest))
        throw new TypeError(
          "sensitive_post_parameters got no request. Decorate a method with method_decorator(sensitive_post_parameters()).",
        );
      request.sensitive_post_parameters = parameters.length === 0 ? "__ALL__" : parameters;
      return Reflect.apply(view, this, [request, ...args]);
    });
  };
}

function refuse_function(names: readonly unknown[], decorator: string): void {
  if (names.length === 1 && typeof names[0] === "function")
    throw new TypeError(`${decorator} must be called to decorate: ${decorator}().`);
}
