/** A clock that the server drives, by server-sent events (HTML Standard, "Server-sent events"). @module */
import { setTimeout as sleep } from "node:timers/promises";
import { type HttpRequest, type HttpResponse, StreamingHttpResponse } from "nuages/http";
import { render } from "nuages/shortcuts";

/** The page. Without scripts it shows the time at which it was loaded. */
export function clock(request: HttpRequest): HttpResponse {
  return render(request, "site/clock.html", { time: time_of_day() });
}

/** A response without an end: one event each second. When the browser leaves, the generator is stopped. */
export function ticks(_request: HttpRequest): StreamingHttpResponse {
  return new StreamingHttpResponse(events(), {
    content_type: "text/event-stream",
    headers: { "Cache-Control": "no-store" },
  });
}

async function* events(): AsyncGenerator<string> {
  for (;;) {
    yield `data: ${time_of_day()}\n\n`;
    await sleep(1000);
  }
}

function time_of_day(): string {
  return new Date().toISOString().slice(11, 19); // UTC
}
