/** The view of static files during development (Django docs: The staticfiles app, "Static file development view"). @module */
import { basename, dirname, posix } from "node:path";
import { settings } from "../../conf/index.ts";
import { Http404 } from "../../http/_http404.ts";
import type { HttpRequest } from "../../http/request.ts";
import type { FileResponse, HttpResponse } from "../../http/response.ts";
import { repr } from "../../utils/_python.ts";
import { serve as serve_file } from "../../views/static.ts";
import { find } from "./finders.ts";

/** Options of `serve`. */
export interface ServeOptions {
  /** Serve although `DEBUG` is off. Default `false`. */
  insecure?: boolean | undefined;
  /** Whether a directory is answered with a list of its files, instead of a 404. Default `false`. */
  show_indexes?: boolean | undefined;
}

/** What a URL gives to `serve`. */
export interface ServeArguments extends ServeOptions {
  /** The name of the static file, with `/`. */
  path: string;
}

/**
 * A view of the files that the finders find, while `DEBUG`: `path("static/<path:path>", serve)`. How the file is served,
 * and what to keep in mind, is said at `serve` of `views/static`.
 * @throws Http404 if there is no such file, or `DEBUG` is off; SuspiciousFileOperation for a path out of the directories.
 */
export function serve(
  request: HttpRequest,
  path: string,
  options?: ServeOptions,
): Promise<HttpResponse | FileResponse>;
export function serve(
  request: HttpRequest,
  kwargs: ServeArguments,
): Promise<HttpResponse | FileResponse>;
export async function serve(
  request: HttpRequest,
  given: string | ServeArguments,
  options?: ServeOptions,
): Promise<HttpResponse | FileResponse> {
  const { path, insecure, ...rest } =
    typeof given === "string" ? { ...options, path: given } : given;
  if (!settings.DEBUG && !insecure)
    throw new Http404("Static files are served here only while DEBUG is on.");
  const found = await find(posix.normalize(path).replace(/^\/+|\/+$/g, ""));
  if (found === undefined) throw new Http404(`There is no static file ${repr(path)}.`);
  return serve_file(request, basename(found), { ...rest, document_root: dirname(found) });
}
