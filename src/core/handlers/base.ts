/** The chain a request goes through: middleware, the resolver, the view (Django docs: Middleware). @module */
import { on_change, settings, type UploadHandlerClass } from "../../conf/index.ts";
import type { HttpRequest } from "../../http/request.ts";
import { HttpResponseBase } from "../../http/response.ts";
import { set_urlconf } from "../../urls/base.ts";
import { get_resolver, type ResolverMatch } from "../../urls/resolvers.ts";
import { restore_string_methods } from "../../utils/_string_methods.ts";
import { log } from "../../utils/_logger.ts";
import { and_then, is_promise, is_thenable, type Maybe } from "../../utils/_promise.ts";
import {
  begin_bare_request,
  can_enter_task,
  end_bare_request,
  leave_bare_request,
  enter_task,
  run_fresh_task,
  run_task,
  task,
  tasks_used,
  type TaskState,
} from "../../utils/_task.ts";
import type { MiddlewareEntry, MiddlewareInstance } from "../../utils/deprecation.ts";
import { log_response } from "../../utils/log.ts";
import { ImproperlyConfigured, MiddlewareNotUsed } from "../exceptions.ts";
import {
  as_get_response,
  type Layer,
  make_middleware,
  middleware_label,
  middleware_layer,
} from "./_layers.ts";
import {
  type Callback,
  call_view,
  ensure_response,
  is_deferred,
  not_a_response,
  view_label,
} from "./_views.ts";
import { guarded } from "./exception.ts";

let middleware_version = 0;
on_change(["MIDDLEWARE"], () => middleware_version++);

type ViewHook = NonNullable<MiddlewareInstance["process_view"]>;
type BodyHook = NonNullable<MiddlewareInstance["_before_body"]>;
type ExceptionHook = NonNullable<MiddlewareInstance["process_exception"]>;
type TemplateHook = NonNullable<MiddlewareInstance["process_template_response"]>;

/** The marks of `views/decorators/upload` on a view. */
interface LoadingView {
  readonly _deferred_upload?: boolean;
  readonly _upload_handlers?: readonly UploadHandlerClass[];
}

/** A hook of a middleware, bound to it, with the name messages call it by: `Middleware.process_view`. */
interface Hook<F> {
  readonly name: string;
  readonly run: F;
}

/** Loads the middleware and answers requests; the doors (`NodeHandler`, `FetchHandler`, the test client) build on it. */
export class BaseHandler {
  #chain: Layer | undefined;
  #version = -1;
  #view_hooks: Hook<ViewHook>[] = [];
  #template_hooks: Hook<TemplateHook>[] = [];
  #exception_hooks: Hook<ExceptionHook>[] = [];
  #body_hook: Hook<BodyHook> | undefined;

  /**
   * Builds the chain from `MIDDLEWARE`, the last entry first. Called again, it builds it anew.
   * @param _options `is_async` is accepted for Django's sake; one chain serves both kinds of view here.
   * @throws ImproperlyConfigured for an entry that is no middleware.
   */
  load_middleware(_options: { is_async?: boolean | undefined } = {}): void {
    this.#view_hooks = [];
    this.#template_hooks = [];
    this.#exception_hooks = [];
    this.#body_hook = undefined;
    this.#chain = undefined; // and not the old one, should the new one fail
    let chain = guarded((request) => this.#inner(request));
    for (const [at, entry] of [...settings.MIDDLEWARE.entries()].toReversed())
      chain = this.#wrap(entry, middleware_label(entry, at), chain);
    this.#version = middleware_version;
    this.#chain = chain;
    restore_string_methods(); // what the site imports is there by now
  }

  /** The chain with one middleware more around it. */
  #wrap(entry: MiddlewareEntry, name: string, inner: Layer): Layer {
    try {
      const made = make_middleware(entry, name, as_get_response(inner));
      if (typeof made === "object") this.#collect_hooks(name, made);
      return guarded(middleware_layer(name, made, inner));
    } catch (error) {
      if (!(error instanceof MiddlewareNotUsed)) throw error;
      if (settings.DEBUG)
        log(
          "django.request",
          "debug",
          `MiddlewareNotUsed: ${name}${error.message && `: ${error.message}`}`,
        );
      return inner;
    }
  }

  #collect_hooks(name: string, made: MiddlewareInstance): void {
    if (made.process_view !== undefined) {
      const hook_name = `${name}.process_view`;
      this.#view_hooks.unshift({ name: hook_name, run: made.process_view.bind(made) });
      const run = made._before_body?.bind(made); // the last one to be asked here is the first in MIDDLEWARE
      this.#body_hook = run === undefined ? undefined : { name: hook_name, run };
    }
    if (made.process_template_response !== undefined) {
      this.#template_hooks.push({
        name: `${name}.process_template_response`,
        run: made.process_template_response.bind(made),
      });
    }
    if (made.process_exception !== undefined) {
      this.#exception_hooks.push({
        name: `${name}.process_exception`,
        run: made.process_exception.bind(made),
      });
    }
  }

  /** Answers the request. Never rejects for an error of the application: that becomes a response. */
  get_response(request: HttpRequest): Promise<HttpResponseBase> {
    const response = this._respond(request);
    return is_promise(response) ? response : Promise.resolve(response);
  }

  /** The same as `get_response`. */
  get_response_async(request: HttpRequest): Promise<HttpResponseBase> {
    return this.get_response(request);
  }

  /**
   * `get_response` without a promise where there is nothing to wait for.
   * @param state What the request's task begins with; without it, the state of the caller. @internal
   */
  _respond(request: HttpRequest, state?: TaskState): Maybe<HttpResponseBase> {
    if (this.#chain === undefined || this.#version !== middleware_version) this.load_middleware();
    if (!tasks_used() && state?.script_prefix === undefined) return this.#run_bare(request);
    const run = (): Maybe<HttpResponseBase> => this.#run(request);
    const response =
      state === undefined ? run_task(run, { urlconf: undefined }) : run_fresh_task(run, state);
    return is_promise(response)
      ? response.then((ready) => finished(request, ready))
      : finished(request, response);
  }

  /** Runs the chain without a task, which costs promises less. */
  #run_bare(request: HttpRequest): Maybe<HttpResponseBase> {
    let response: Maybe<HttpResponseBase>;
    begin_bare_request();
    try {
      response = this.#run(request);
    } catch (error) {
      end_bare_request();
      throw error;
    } finally {
      leave_bare_request();
    }
    if (!is_promise(response)) {
      end_bare_request();
      return finished(request, response);
    }
    return response.then(
      (ready) => {
        end_bare_request();
        return finished(request, ready);
      },
      (error: unknown) => {
        end_bare_request();
        throw error;
      },
    );
  }

  #run(request: HttpRequest): Maybe<HttpResponseBase> {
    if (this.#chain === undefined)
      throw new ImproperlyConfigured("The middleware chain could not be built.");
    return this.#chain(request);
  }

  /** The innermost layer: resolves the URL, loads the body, asks the view. */
  #inner(request: HttpRequest): Maybe<HttpResponseBase> {
    if (request.urlconf !== undefined && !can_enter_task())
      return run_task(() => this.#resolved(request));
    return this.#resolved(request);
  }

  #resolved(request: HttpRequest): Maybe<HttpResponseBase> {
    const match = this.resolve_request(request);
    const view: typeof match.func & LoadingView = match.func;
    const loads = request._needs_load || view._upload_handlers !== undefined; // a body in memory, too, goes to the view's own
    if (!loads || view._deferred_upload === true) return this.#ask(request, match);
    const hook = this.#body_hook;
    return and_then(hook?.run(request, match.func), (early) => {
      const answer = answer_of(hook, early);
      if (answer !== undefined) return this.#answered(request, match.func as Callback, answer);
      return request._load_for(view).then(() => this.#ask(request, match));
    });
  }

  /**
   * Finds the view of the request and notes it as `request.resolver_match`.
   * @throws Resolver404 if no URL pattern matches.
   */
  resolve_request(request: HttpRequest): ResolverMatch {
    const { urlconf } = request;
    if (urlconf !== undefined) {
      enter_task();
      set_urlconf(urlconf);
    }
    const match = get_resolver(urlconf).resolve(request.path_info);
    request.resolver_match = match;
    return match;
  }

  #ask(request: HttpRequest, match: ResolverMatch): Maybe<HttpResponseBase> {
    if (this.#view_hooks.length === 0) return this.#call(request, match);
    return and_then(this.#run_view_hooks(request, match, 0), (response) =>
      response
        ? this.#answered(request, match.func as Callback, response)
        : this.#call(request, match),
    );
  }

  #call(request: HttpRequest, match: ResolverMatch): Maybe<HttpResponseBase> {
    const view = match.func as Callback;
    let result: unknown;
    try {
      result = call_view(view, request, match.args, match.kwargs);
    } catch (error) {
      return this.#recovered(request, view, error);
    }
    if (!is_thenable(result)) return this.#answered(request, view, result);
    return Promise.resolve(result).then(
      (ready) => this.#answered(request, view, ready),
      (error: unknown) => this.#recovered(request, view, error),
    );
  }

  #run_view_hooks(
    request: HttpRequest,
    match: ResolverMatch,
    from: number,
  ): Maybe<HttpResponseBase | undefined> {
    for (let i = from; i < this.#view_hooks.length; i++) {
      const hook = this.#view_hooks[i];
      const answer = hook?.run(request, match.func, match.args, match.kwargs);
      if (is_promise(answer))
        return answer.then(
          (ready) => answer_of(hook, ready) ?? this.#run_view_hooks(request, match, i + 1),
        );
      if (answer) return answer_of(hook, answer);
    }
    return undefined;
  }

  /** What the exception middleware makes of a view's error; without an answer the error goes on. */
  #recovered(request: HttpRequest, view: Callback, error: unknown): Maybe<HttpResponseBase> {
    return and_then(this.#run_exception_hooks(error, request, 0), (response) => {
      if (response) return this.#answered(request, view, response);
      throw error;
    });
  }

  #answered(request: HttpRequest, view: Callback, response: unknown): Maybe<HttpResponseBase> {
    if (!(response instanceof HttpResponseBase))
      throw not_a_response(response, view_label(view, request));
    return is_deferred(response) ? this.#rendered(request, response) : response;
  }

  /** Template-response middleware, then rendering; an error of rendering goes to the exception middleware. */
  async #rendered(request: HttpRequest, deferred: HttpResponseBase): Promise<HttpResponseBase> {
    let response: HttpResponseBase = deferred;
    for (const { name, run } of this.#template_hooks) {
      const next: unknown = await run(request, response);
      ensure_response(next, name, "middleware");
      response = next;
    }
    if (!is_deferred(response)) return response;
    try {
      const rendered: unknown = await response.render();
      ensure_response(rendered, `${response.constructor.name}.render`);
      return rendered;
    } catch (error) {
      const answer = await this.process_exception_by_middleware(error, request);
      if (!answer) throw error;
      return answer;
    }
  }

  /**
   * Complains of a value that is no response.
   * @throws ValueError naming the callback, or `name`.
   */
  check_response(
    response: unknown,
    callback: (...args: never[]) => unknown,
    options: { name?: string | undefined } = {},
  ): asserts response is HttpResponseBase {
    ensure_response(response, options.name ?? view_label(callback));
  }

  /** Hands an error of the view or of rendering to the exception middleware; the first answer wins. */
  process_exception_by_middleware(
    exception: unknown,
    request: HttpRequest,
  ): Maybe<HttpResponseBase | undefined> {
    return this.#run_exception_hooks(exception, request, 0);
  }

  #run_exception_hooks(
    exception: unknown,
    request: HttpRequest,
    from: number,
  ): Maybe<HttpResponseBase | undefined> {
    for (let i = from; i < this.#exception_hooks.length; i++) {
      const hook = this.#exception_hooks[i];
      const answer = hook?.run(request, exception);
      if (is_promise(answer))
        return answer.then(
          (ready) => answer_of(hook, ready) ?? this.#run_exception_hooks(exception, request, i + 1),
        );
      if (answer) return answer_of(hook, answer);
    }
    return undefined;
  }
}

/** What a hook answered, if it did. @throws ValueError naming the hook for what is no response. */
function answer_of<F>(hook: Hook<F> | undefined, answer: unknown): HttpResponseBase | undefined {
  if (!answer) return undefined;
  ensure_response(answer, hook?.name ?? "", "middleware");
  return answer;
}

const NO_PREFIX: TaskState = {};

/** What the task of a request begins with that came in under a script name, or under none. */
export function task_under(script_name: string): TaskState {
  return script_name === "" ? NO_PREFIX : { script_prefix: `${script_name}/` };
}

/** After the chain: what is open is closed with the response, and an error is logged, once. */
function finished(request: HttpRequest, response: HttpResponseBase): HttpResponseBase {
  if (request._may_hold_files) response._resource_closers.push(() => request.close());
  if (response.status_code >= 400 && !is_handed_over(request, response)) {
    log_response("%s: %s", response.reason_phrase, request.path, { response, request });
  }
  reset_urlconf();
  return response;
}

/** Whether the status is not what the client will see. */
function is_handed_over(request: HttpRequest, response: HttpResponseBase): boolean {
  return request._hands_over === true && response._take_over !== undefined;
}

/** Forgets the URLconf that was set for the request. */
export function reset_urlconf(_sender?: unknown, _named?: Record<string, unknown>): void {
  const state = task();
  if (state.urlconf !== undefined) state.urlconf = undefined;
}
