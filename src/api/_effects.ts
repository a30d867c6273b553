/** What the layers put on a successful response: headers, cookies, work for later (docs/api.md, "Layers"). @module */
import type { BackgroundWork } from "../http/_background.ts";
import type { HttpRequest } from "../http/request.ts";
import type { CookieOptions } from "../http/_response_cookies.ts";
import type { HttpResponseBase } from "../http/response.ts";
import { BackgroundTask, BackgroundTasks } from "./background.ts";
import type { Effective } from "./layers.ts";

type CookieToSet = readonly [key: string, value: unknown, options: CookieOptions];

/** The headers and cookies of the layers, made ready to be set. */
export class Effects {
  readonly #headers: readonly (readonly [name: string, value: unknown])[];
  readonly #cookies: readonly CookieToSet[];

  constructor({ headers, cookies }: Effective) {
    this.#headers = headers
      .filter(([, spec]) => spec.documentation_only !== true)
      .map(([name, { value }]) => [name, value]);
    this.#cookies = cookies
      .filter(([, spec]) => spec.documentation_only !== true)
      .map(([key, { value, description: _text, documentation_only: _not, ...options }]) => [
        key,
        value,
        options.samesite === undefined ? { ...options, samesite: "Lax" } : options,
      ]);
  }

  /** Sets what the response has not set itself. */
  apply(response: HttpResponseBase): void {
    for (const [name, value] of this.#headers) response.setdefault(name, value);
    for (const [key, value, options] of this.#cookies)
      if (!response.cookies.has(key)) response.set_cookie(key, value, options);
  }
}

/** The work of a response, then a hook that wants to know that the response is sent. The failure of one is not the other's. */
export function then_call(
  response: HttpResponseBase,
  hook: (request: HttpRequest) => unknown,
  request: HttpRequest,
): void {
  const work: BackgroundWork[] = [new BackgroundTask(hook, request)];
  if (response.background) work.unshift(response.background);
  response.background = new BackgroundTasks(work);
}
