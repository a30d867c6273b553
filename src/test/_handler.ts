/** The handler behind the test client: a request from a dictionary, straight through the chain. @module */
import { BaseHandler } from "../core/handlers/base.ts";
import { EnvironRequest } from "../core/handlers/environ.ts";
import { request_started } from "../core/signals.ts";
import type { HttpRequest } from "../http/request.ts";
import { HttpResponse, type HttpResponseBase, StreamingHttpResponse } from "../http/response.ts";

/** Runs requests without a socket (Django: `django.test.client.ClientHandler`). */
export class ClientHandler extends BaseHandler {
  /** Whether `CsrfViewMiddleware` checks these requests. */
  enforce_csrf_checks: boolean;

  /** @param options `enforce_csrf_checks`: default `true`. */
  constructor(options: { enforce_csrf_checks?: boolean | undefined } = {}) {
    super();
    this.enforce_csrf_checks = options.enforce_csrf_checks ?? true;
  }

  /** The response to a request with this environ, without the content that a server would not send. */
  async call(environ: Record<string, unknown>): Promise<[HttpResponseBase, EnvironRequest]> {
    request_started.send(ClientHandler, { environ });
    const request = new EnvironRequest(environ);
    request._dont_enforce_csrf_checks = !this.enforce_csrf_checks;
    const response = await this.get_response(request);
    response._handler_class = ClientHandler;
    conditional_content_removal(request, response);
    if (response instanceof StreamingHttpResponse && !is_unread(request, response))
      close_at_the_end(response);
    else response.close();
    if (response._background_done !== undefined) await response._background_done;
    return [response, request];
  }
}

/** Takes away the content that servers do not send: of HEAD, of 1xx, 204 and 304. */
export function conditional_content_removal(
  request: HttpRequest,
  response: HttpResponseBase,
): HttpResponseBase {
  if (is_unread(request, response)) {
    if (response instanceof StreamingHttpResponse) response.streaming_content = [];
    else if (response instanceof HttpResponse) response.content = "";
  }
  return response;
}

function is_unread(request: HttpRequest, { status_code }: HttpResponseBase): boolean {
  if (request.method === "HEAD" || status_code === 204 || status_code === 304) return true;
  return status_code >= 100 && status_code < 200;
}

function close_at_the_end(response: StreamingHttpResponse): void {
  const content = response.streaming_content;
  response.streaming_content =
    Symbol.asyncIterator in content
      ? async_closing(content, response)
      : sync_closing(content, response);
}

function* sync_closing(content: Iterable<Buffer>, response: HttpResponseBase): Generator<Buffer> {
  try {
    yield* content;
  } finally {
    response.close(); // asynchronous work in the background is not waited for here: nothing could be
  }
}

async function* async_closing(
  content: AsyncIterable<Buffer>,
  response: HttpResponseBase,
): AsyncGenerator<Buffer> {
  try {
    yield* content;
  } finally {
    response.close();
    if (response._background_done !== undefined) await response._background_done;
  }
}
