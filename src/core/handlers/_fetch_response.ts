/** Making a Fetch `Response` of ours. @module */
import {
  HttpResponse,
  type HttpResponseBase,
  type StreamingHttpResponse,
} from "../../http/response.ts";
import { error_text } from "../../utils/_error_text.ts";
import { log } from "../../utils/_logger.ts";
import { ValueError } from "../exceptions.ts";

/** Statuses whose `Response` must be made without a body (Fetch standard, "null body status"). */
const NULL_BODY: ReadonlySet<number> = new Set([204, 205, 304]);

/**
 * The Fetch form of a response; a stream goes on being pulled from it, and it is closed at its end.
 * @throws ValueError for a status that a `Response` cannot have.
 */
export function to_fetch(response: HttpResponseBase, method: string): Response {
  const { status_code } = response;
  if (status_code < 200 || status_code > 599) {
    throw new ValueError(
      `A view cannot answer with the status ${status_code}: it is no final response.`,
    );
  }
  const init = {
    status: status_code,
    statusText: response.reason_phrase,
    headers: header_pairs(response._wire_headers()),
  };
  if (response instanceof HttpResponse) {
    const body = NULL_BODY.has(status_code) || method === "HEAD" ? null : response._payload();
    response.close();
    return new Response(body, init);
  }
  if (NULL_BODY.has(status_code) || method === "HEAD") {
    response.close();
    return new Response(null, init);
  }
  return new Response(stream_of(response as StreamingHttpResponse), init); // what is not whole is streamed
}

function header_pairs(flat: readonly string[]): [string, string][] {
  const pairs: [string, string][] = [];
  for (let i = 0; i < flat.length; i += 2) pairs.push([flat[i] as string, flat[i + 1] as string]); // names and values in turn
  return pairs;
}

function stream_of(response: StreamingHttpResponse): ReadableStream<Uint8Array> {
  const source = response._wire_chunks();
  const iterator: AsyncIterator<Buffer> | Iterator<Buffer> =
    Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const next = await iterator.next();
          if (next.done !== true) return controller.enqueue(next.value);
          response.close();
          controller.close();
        } catch (error) {
          log("django.request", "error", `A streaming response broke off: ${error_text(error)}`, {
            error,
          });
          response.close();
          controller.error(error);
        }
      },
      async cancel() {
        try {
          await iterator.return?.();
        } finally {
          response.close();
        }
      },
    },
    { highWaterMark: 0 },
  );
}
