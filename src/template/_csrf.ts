/** Where templates get the CSRF token from, without loading what makes it. @module */
import type { HttpRequest } from "../http/request.ts";

/** Makes the token of a request. */
type TokenSource = (request: HttpRequest) => string;

let source: TokenSource | undefined;

/** Called by `middleware/csrf`, the module, when it is loaded. @internal */
export function provide_csrf_token(get_token: TokenSource): void {
  source = get_token;
}

/** The token; `undefined` where nothing is loaded that would check it. @internal */
export function get_token(request: HttpRequest): string | undefined {
  return source?.(request);
}
