/** The Fetch door in process: one view behind it, and requests whose bodies are streams. @module */
import type { Settings } from "nuages/conf";
import { get_fetch_application } from "nuages/core/handlers";
import type { FetchApplicationOptions, FetchInfo } from "nuages/core/handlers/fetch";
import type { HttpRequest, HttpResponse } from "nuages/http";
import { re_path } from "nuages/urls";
import { fetch_request } from "./doors.ts";
import { MiB } from "./resources.ts";
import { with_settings } from "./settings.ts";

/** A view that answers what it likes. */
export type AnyView = (request: HttpRequest) => unknown;

/** What the door is given beside the request. */
export interface Given {
  readonly settings?: Partial<Settings>;
  readonly info?: FetchInfo;
  readonly options?: FetchApplicationOptions;
}

/** What this view, at any path, answers; `read` has the settings still in force. */
export async function ask<T>(
  view: AnyView,
  request: Request | string,
  read: (response: Response) => T | Promise<T>,
  { settings = {}, info, options }: Given = {},
): Promise<T> {
  const urlpatterns = [re_path(/^.*$/s, view as () => HttpResponse)];
  const site = { ALLOWED_HOSTS: ["*"], ROOT_URLCONF: { urlpatterns }, ...settings };
  return with_settings(site, async () => {
    const given = typeof request === "string" ? fetch_request({ target: request }) : request;
    return read(await get_fetch_application(options)(given, info));
  });
}

export const status_of = (response: Response): number => response.status;

/** A POST of a stream, whose length nobody announces unless the headers do. */
export function upload(body: ReadableStream, headers: Record<string, string> = {}): Request {
  const init = { method: "POST", body, headers, duplex: "half" };
  return new Request("http://testserver/", init as RequestInit);
}

/** A body that notes what became of it. */
export interface CountedBody {
  readonly stream: ReadableStream;
  readonly pulled: number;
  readonly is_cancelled: boolean;
}

/** A body of so many MiB that notes what was pulled of it. */
export function counted_body(start: string, mebibytes: number, end: string): CountedBody {
  const state = { pulled: 0, is_cancelled: false };
  const size = mebibytes * MiB;
  const chunk = Buffer.alloc(65_536, "a");
  let has_started = false;
  const stream = new ReadableStream(
    {
      pull(controller) {
        if (!has_started) {
          has_started = true;
          return controller.enqueue(Buffer.from(start));
        }
        if (state.pulled < size) {
          state.pulled += chunk.length;
          return controller.enqueue(chunk);
        }
        if (end !== "") controller.enqueue(Buffer.from(end));
        controller.close();
      },
      cancel() {
        state.is_cancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return Object.assign(state, { stream });
}
