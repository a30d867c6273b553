import type { HttpRequest } from "../http/request.ts";
let source: ((request: HttpRequest) => string | null) | undefined;
export function provide_csrf_token(get_token: (request: HttpRequest) => string | null): void {
  source = get_token;
}
export function get_token(request: HttpRequest): string | null {
  return source === undefined ? null : source(request);
}
