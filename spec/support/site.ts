/** A small site in memory: settings, URLs and middleware in force while a function runs. @module */
import type { Settings } from "nuages/conf";
import { Client, type ClientOptions } from "nuages/test";
import { override_settings } from "nuages/test/utils";
import type { URLPatterns } from "nuages/urls";

/** Runs `fn` with a client of the site that has these URL patterns and settings. */
export function with_site(
  urlpatterns: URLPatterns,
  settings: Partial<Settings>,
  fn: (client: Client) => Promise<void>,
  options: ClientOptions = {},
): Promise<void> {
  const run = (): Promise<void> => fn(new Client({ raise_request_exception: false, ...options }));
  return override_settings({ ROOT_URLCONF: { urlpatterns }, ...settings })(run)();
}

/** Runs `fn` in the site that has these URL patterns. */
export function site_of<T>(urlpatterns: URLPatterns, fn: () => T): T {
  return override_settings({ ROOT_URLCONF: { urlpatterns } })(fn)();
}
