/** The test client: requests straight through the whole chain, without a socket (Django docs: Testing tools). @module */
import { got_request_exception } from "../core/signals.ts";
import type { EnvironRequest } from "../core/handlers/environ.ts";
import type { HttpResponseBase } from "../http/response.ts";
import type { Dict, HttpRequest } from "../http/request.ts";
import type { Receiver } from "../dispatch.ts";
import type { AuthUser, Credentials } from "../contrib/auth/index.ts";
import type { RequestSession } from "../http/request.ts";
import {
  force_log_in,
  type ForceLoginOptions,
  log_in,
  log_out,
  session_of,
} from "./_client_sessions.ts";
import { ContextList, type TemplateContext } from "./_context_list.ts";
import {
  type FormData,
  RequestMaker,
  type RequestFactoryOptions,
  type RequestOptions,
} from "./_factory.ts";
import { ClientHandler } from "./_handler.ts";
import { ensure_not_cyclic, next_request, REDIRECT_STATUS_CODES } from "./_redirects.ts";
import { as_test_response, type TestResponse } from "./_response.ts";
import { template_rendered, type TemplateRendered } from "../template/_signals.ts";

/** Options of the constructor of `Client`. What is not listed goes into the META of every request. */
export interface ClientOptions extends RequestFactoryOptions {
  /** Whether `CsrfViewMiddleware` checks these requests. Default `false`. */
  enforce_csrf_checks?: boolean | undefined;
  /** Whether an error of the application that became a 500 is thrown here. Default `true`. */
  raise_request_exception?: boolean | undefined;
}

/** Options of a request of `Client`. What is not listed goes into META. */
export interface ClientRequestOptions extends RequestOptions {
  /** Whether redirects are followed; `redirect_chain` of the response tells them. Default `false`. */
  follow?: boolean | undefined;
}

interface Rendered {
  readonly templates: unknown[];
  readonly contexts: TemplateContext[];
}

/**
 * A browser for tests: it keeps cookies, and its responses tell what happened. Cookies are kept by name alone: path,
 * domain and expiry do not count.
 */
export class Client extends RequestMaker<Promise<TestResponse>> {
  /** What answers the requests. */
  readonly handler: ClientHandler;
  /** Whether an error of the application that became a 500 is thrown here. */
  raise_request_exception: boolean;

  constructor(options: ClientOptions = {}) {
    const { enforce_csrf_checks = false, raise_request_exception = true, ...rest } = options;
    super(rest);
    this.handler = new ClientHandler({ enforce_csrf_checks });
    this.raise_request_exception = raise_request_exception;
  }

  /** The session of the client, new from its store at each reading: keep it to change it, and save it. */
  get session(): Promise<RequestSession> {
    return session_of(this);
  }

  /** The same as `session`. */
  asession(): Promise<RequestSession> {
    return session_of(this);
  }

  /** Logs in with these credentials; whether they are right. */
  login(credentials: Credentials): Promise<boolean> {
    return log_in(this, credentials);
  }

  /** The same as `login`. */
  alogin(credentials: Credentials): Promise<boolean> {
    return log_in(this, credentials);
  }

  /** Logs in this user, who needs no password for it. */
  force_login(user: AuthUser, options?: ForceLoginOptions): Promise<void> {
    return force_log_in(this, user, options);
  }

  /** The same as `force_login`. */
  aforce_login(user: AuthUser, options?: ForceLoginOptions): Promise<void> {
    return force_log_in(this, user, options);
  }

  /** Logs out, and drops all cookies. */
  logout(): Promise<void> {
    return log_out(this);
  }

  /** The same as `logout`. */
  alogout(): Promise<void> {
    return log_out(this);
  }

  /**
   * Sends a request with this META.
   * @throws the error of the application, if it became a 500 and `raise_request_exception` is on.
   */
  override async request(request: Dict<unknown> = {}): Promise<TestResponse> {
    const environ = this._base_environ(request);
    const rendered: Rendered = { templates: [], contexts: [] };
    const failures: unknown[] = [];
    const store: Receiver<TemplateRendered> = ({ template, context }) => {
      rendered.templates.push(template);
      rendered.contexts.push({ ...context });
    };
    const note: Receiver<{ request: HttpRequest; exception: unknown }> = ({
      request: failed,
      exception,
    }) => {
      if (failed.META === environ) failures.push(exception);
    };
    template_rendered.connect(store);
    got_request_exception.connect(note);
    try {
      const [response, made] = await this.handler.call(environ);
      return this.#finish(response, made, request, rendered, failures);
    } finally {
      template_rendered.disconnect(store);
      got_request_exception.disconnect(note);
    }
  }

  #finish(
    response: HttpResponseBase,
    wsgi_request: EnvironRequest,
    request: Dict<unknown>,
    { templates, contexts }: Rendered,
    failures: unknown[],
  ): TestResponse {
    const exc_info = failures.at(-1);
    if (failures.length > 0 && this.raise_request_exception) throw exc_info;
    const context = contexts.length > 1 ? new ContextList(contexts) : contexts[0];
    if (response._has_cookies)
      for (const morsel of response.cookies.values()) this.cookies.set(morsel.key, morsel);
    return as_test_response(response, {
      client: this,
      request,
      wsgi_request,
      templates,
      context,
      exc_info,
    });
  }

  override async generic(
    method: string,
    path: string,
    data: unknown = "",
    options: ClientRequestOptions = {},
  ): Promise<TestResponse> {
    const { follow = false, ...rest } = options;
    const response = await super.generic(method, path, data, rest);
    return follow ? this.#follow(response, data, rest) : response;
  }

  /** Goes where the response leads, and on from there. */
  async #follow(
    first: TestResponse,
    data: unknown,
    options: RequestOptions,
  ): Promise<TestResponse> {
    let response = first;
    response.redirect_chain = [];
    const { secure: _secure, query_params, content_type, ...kept } = options;
    while (REDIRECT_STATUS_CODES.has(response.status_code)) {
      const { redirect_chain } = response;
      redirect_chain.push([response.url, response.status_code]);
      const next = next_request(response);
      response =
        next.data === undefined
          ? await super.generic(next.method, next.path, data, {
              ...kept,
              query_params,
              content_type,
              ...next.extra,
            })
          : await this.get(next.path, next.data, { ...kept, ...next.extra });
      response.redirect_chain = redirect_chain;
      ensure_not_cyclic(response);
    }
    return response;
  }

  // The methods are those of the factory; here they take `follow` too.

  override async get(
    path: string,
    data?: FormData | null,
    options?: ClientRequestOptions,
  ): Promise<TestResponse> {
    return super.get(path, data, options);
  }

  override async post(
    path: string,
    data?: unknown,
    options?: ClientRequestOptions,
  ): Promise<TestResponse> {
    return super.post(path, data, options);
  }

  override async head(
    path: string,
    data?: FormData | null,
    options?: ClientRequestOptions,
  ): Promise<TestResponse> {
    return super.head(path, data, options);
  }

  override async trace(
    path: string,
    data?: unknown,
    options?: ClientRequestOptions,
  ): Promise<TestResponse> {
    return super.trace(path, data, options);
  }

  override async options(
    path: string,
    data?: unknown,
    options?: ClientRequestOptions,
  ): Promise<TestResponse> {
    return super.options(path, data, options);
  }

  override async put(
    path: string,
    data?: unknown,
    options?: ClientRequestOptions,
  ): Promise<TestResponse> {
    return super.put(path, data, options);
  }

  override async patch(
    path: string,
    data?: unknown,
    options?: ClientRequestOptions,
  ): Promise<TestResponse> {
    return super.patch(path, data, options);
  }

  override async delete(
    path: string,
    data?: unknown,
    options?: ClientRequestOptions,
  ): Promise<TestResponse> {
    return super.delete(path, data, options);
  }
}

/** The same as `Client`: here every request is asynchronous. */
export class AsyncClient extends Client {}
