/** URLs of static files (Django docs: the `static` template tag). @module */
import { settings } from "../conf/index.ts";
import { quote } from "../utils/_quote.ts";
import { urljoin } from "../utils/_urlsplit.ts";

let storage_url: ((path: string) => string) | undefined;

/** Lets `static` ask the storage of static files, once that is in use. @internal */
export function set_static_storage(url: ((path: string) => string) | undefined): void {
  storage_url = url;
}

/**
 * The URL of a static file: `STATIC_URL` and the path, percent-encoded; with the staticfiles app, what its storage says.
 */
function static_(path: string): string {
  return storage_url === undefined ? urljoin(get_static_prefix(), quote(path)) : storage_url(path);
}
export { static_ as static };

/** `STATIC_URL`; `""` if it is not set. */
export function get_static_prefix(): string {
  return settings.STATIC_URL ?? "";
}

/** `MEDIA_URL`; `""` if it is not set. */
export function get_media_prefix(): string {
  return settings.MEDIA_URL;
}
