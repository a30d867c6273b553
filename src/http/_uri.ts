/** Absolute URIs out of locations (Django docs: `HttpRequest.build_absolute_uri`). @module */
import { iri_to_uri } from "../utils/encoding.ts";
import { urljoin, urlsplit } from "../utils/_urlsplit.ts";

/**
 * The absolute URI of `location` for a client that sees the site at `origin()`.
 * @param origin Scheme and host; asked for only if the location lacks them, since it judges the host.
 * @param path The path of the page that a relative location is relative to.
 */
export function absolute_uri(location: string, origin: () => string, path: string): string {
  const { scheme, netloc, path: location_path } = urlsplit(location);
  if (scheme !== "" && netloc !== "") return iri_to_uri(location);
  const plain =
    scheme === "" && netloc === "" && location_path.startsWith("/") && !has_dots(location_path);
  if (!plain) return iri_to_uri(urljoin(origin() + path, location));
  return iri_to_uri(origin() + (location.startsWith("//") ? location.slice(2) : location));
}

function has_dots(path: string): boolean {
  return path.includes("/./") || path.includes("/../");
}
