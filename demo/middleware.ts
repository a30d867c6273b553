/** A middleware of the demo's own: how long the application took for a response. @module */
import type { HttpRequest, HttpResponseBase } from "nuages/http";
import type { GetResponse } from "nuages/utils/deprecation";

/** Sends `Server-Timing`, which browsers show among the timings of a request in their developer tools. */
export class TimingMiddleware {
  readonly get_response: GetResponse;

  constructor(get_response: GetResponse) {
    this.get_response = get_response; // the rest of the chain: made once, when the server starts
  }

  async call(request: HttpRequest): Promise<HttpResponseBase> {
    const start = performance.now();
    const response = await this.get_response(request);
    const milliseconds = performance.now() - start;
    response.headers.set("Server-Timing", `app;dur=${milliseconds.toFixed(1)}`);
    return response;
  }
}
