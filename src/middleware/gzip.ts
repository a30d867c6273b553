/** Compressed responses (Django docs: "GZip middleware"). @module */
import type { HttpRequest } from "../http/request.ts";
import { HttpResponse, type HttpResponseBase, StreamingHttpResponse } from "../http/response.ts";
import { patch_vary_headers } from "../utils/cache.ts";
import { MiddlewareMixin } from "../utils/deprecation.ts";
import { acompress_string } from "../utils/_gzip.ts";
import { and_then, type Maybe } from "../utils/_promise.ts";
import { acompress_sequence, compress_sequence, compress_string } from "../utils/text.ts";

/** Whether a client takes gzip. A quality is not looked at: `gzip;q=0` takes it too. */
export const re_accepts_gzip: RegExp = /\bgzip\b/;

// Below this, compressing saves no packet.
const WORTH_IT = 200;
// From here on, compressing takes so long that other requests must not wait for it.
const LONG = 65_536;

/**
 * Compresses what is at least 200 bytes long and gets shorter by it, if the client takes gzip and the response has no
 * `no_compress`. A page that holds both a secret and what a client sent should not be compressed (BREACH); the random
 * name in the header makes that harder.
 */
export class GZipMiddleware extends MiddlewareMixin {
  /** How long the random name in the gzip header may be, in bytes. */
  declare max_random_bytes: number;

  static {
    this.prototype.max_random_bytes = 100;
  }

  override process_response(
    request: HttpRequest,
    response: HttpResponseBase,
  ): Maybe<HttpResponseBase> {
    if (response.no_compress === true) return response;
    if (response instanceof HttpResponse && response.tell() < WORTH_IT) return response;
    // RFC 9110 §14.4: a range counts the bytes of what is sent, so a part must stay as it was cut
    if (response.has_header("Content-Encoding") || response.status_code === 206) return response;
    patch_vary_headers(response, ["Accept-Encoding"]);
    if (!re_accepts_gzip.test(request._meta_value("HTTP_ACCEPT_ENCODING") ?? "")) return response;
    if (response instanceof StreamingHttpResponse) {
      this.#compress_stream(response);
      return marked(response);
    }
    return response instanceof HttpResponse ? this.#compress_content(response) : response;
  }

  #compress_stream(response: StreamingHttpResponse): void {
    const { max_random_bytes } = this;
    const content = response._wire_chunks();
    response.streaming_content =
      Symbol.asyncIterator in content
        ? acompress_sequence(content, { max_random_bytes })
        : compress_sequence(content, { max_random_bytes });
    response.delete("Content-Length"); // nobody knows it before the end
  }

  #compress_content(response: HttpResponse): Maybe<HttpResponseBase> {
    const { max_random_bytes } = this;
    const { content } = response;
    const compressed =
      content.length < LONG
        ? compress_string(content, { max_random_bytes })
        : acompress_string(content, { max_random_bytes });
    return and_then(compressed, (shorter) => {
      if (shorter.length >= content.length) return response;
      response.content = shorter;
      response.set("Content-Length", String(shorter.length));
      return marked(response);
    });
  }
}

function marked<T extends HttpResponseBase>(response: T): T {
  // RFC 9110 §8.8.1: the compressed form is not the same bytes, so a strong ETag becomes a weak one
  const etag = response.get("ETag");
  if (etag?.startsWith('"')) response.set("ETag", `W/${etag}`);
  response.set("Content-Encoding", "gzip");
  return response;
}
