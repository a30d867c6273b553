/** What specs of signatures share: the key and the time at which Django signed, and signed cookies. @module */
import { afterEach, beforeEach } from "mocha";
import { HttpRequest, HttpResponse } from "nuages/http";
import { override_settings } from "nuages/test";
import { freeze } from "../../src/utils/_clock.ts";

/** The SECRET_KEY of what Django signed. */
export const KEY = "conformance-secret-key-0123456789abcdef";
/** When Django signed it, in seconds; as it is written, `1r31eq`. */
export const NOW = 1_700_000_000;

/** The specs of this `describe` run with that key, at that time. */
export function with_django_key(): void {
  const overridden = override_settings({ SECRET_KEY: KEY, SECRET_KEY_FALLBACKS: [] });
  beforeEach(() => {
    overridden.enable();
    freeze(NOW);
  });
  afterEach(() => {
    freeze(undefined);
    overridden.disable();
  });
}

/** A request that brings these cookies. */
export function with_cookies(COOKIES: Record<string, string>): HttpRequest {
  return Object.assign(new HttpRequest(), { COOKIES });
}

/** What `set_signed_cookie` makes of the value. */
export function signed_cookie(name: string, value: string, salt = ""): string {
  const response = new HttpResponse();
  response.set_signed_cookie(name, value, { salt });
  return String(response.cookies.getitem(name).value);
}
