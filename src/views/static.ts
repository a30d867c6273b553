/**
 * Serving the files of a directory (Django docs: "Managing static files", "Serving files uploaded by a user during
 * development"). @module
 */
import type { Dirent, Stats } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join, posix } from "node:path";
import { ImproperlyConfigured } from "../core/exceptions.ts";
import { FileResponse } from "../http/_file_response.ts";
import { Http404 } from "../http/_http404.ts";
import type { HttpRequest } from "../http/request.ts";
import { HttpResponse, HttpResponseNotModified } from "../http/response.ts";
import type { Template } from "../template/backends/base.ts";
import { TemplateDoesNotExist } from "../template/exceptions.ts";
import { select_template } from "../template/loader.ts";
import { guess_type } from "../utils/_mime_types.ts";
import { safe_join, to_path } from "../utils/_os.ts";
import { repr } from "../utils/_python.ts";
import { quote } from "../utils/_quote.ts";
import { parse_http_date_safe } from "../utils/http.ts";
import { render_page } from "./_pages.ts";

export { builtin_template_path } from "./_pages.ts";

/** Options of `serve`. */
export interface ServeOptions {
  /** The directory whose files are served: a path, or a `file:` URL. Symbolic links in it are followed, wherever they lead. */
  document_root: string | URL;
  /** Whether a directory is answered with a list of its files, instead of a 404. Default `false`. */
  show_indexes?: boolean | undefined;
}

/** What a URL gives to `serve`. */
export interface ServeArguments extends ServeOptions {
  /** The path of the file below `document_root`, with `/`. */
  path: string;
}

/**
 * A view of the files below a directory: `path("media/<path:path>", serve, { kwargs: { document_root } })`.
 *
 * It answers `If-Modified-Since`, and tells the type of a file by its name. Ranges are not offered; `FileResponse.from_path`
 * has them. `..` in the path is resolved here, after the URL was matched: a check in front that goes by the text of the URL
 * must do the same and, where the disk does not tell capitals from small letters, ignore case. Better keep what is private
 * elsewhere, and serve what users upload from a host of its own.
 * @throws Http404 if there is no such file, or it is a directory or a device; SuspiciousFileOperation outside `document_root`;
 *   ImproperlyConfigured without one, which would be the working directory.
 */
export function serve(
  request: HttpRequest,
  path: string,
  options: ServeOptions,
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
  const { path, document_root, show_indexes } =
    typeof given === "string" ? { ...options, path: given } : given;
  const name = normalized(path);
  const fullpath = safe_join(root_of(document_root), name);
  const found = await stat_of(fullpath);
  if (found?.isDirectory()) {
    if (show_indexes) return directory_index(name, fullpath);
    throw new Http404("The files of a directory are not listed here.");
  }
  if (!found?.isFile()) throw new Http404(`There is no file ${repr(path)}.`);
  const header = request.META.HTTP_IF_MODIFIED_SINCE;
  if (!was_modified_since({ header: text_of(header), mtime: found.mtimeMs / 1000 }))
    return new HttpResponseNotModified();
  const { type, encoding } = guess_type(fullpath);
  const content_type = type ?? "application/octet-stream";
  const response = await FileResponse.from_path(fullpath, { content_type, etag: false });
  if (encoding !== undefined) response.set("Content-Encoding", encoding);
  return response;
}

function root_of(document_root: string | URL | undefined): string {
  if (document_root === undefined || document_root === "")
    throw new ImproperlyConfigured("serve() needs a document_root, the directory of the files.");
  return to_path(document_root);
}

/** Python's `posixpath.normpath`, without slashes at either end. */
function normalized(path: string): string {
  return posix.normalize(path).replace(/^\/+|\/+$/g, "");
}

/** `undefined` for what cannot be looked at: missing, forbidden, no name of a file at all. */
async function stat_of(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch {
    return undefined;
  }
}

function text_of(header: unknown): string | undefined {
  return typeof header === "string" ? header : undefined;
}

/** The site's own template of a directory's files, if it has one. */
const INDEX_TEMPLATES = ["static/directory_index.html", "static/directory_index"];

/**
 * The files of a directory, without hidden ones. A template `static/directory_index.html` of the site is used if there is
 * one: it gets `directory`, and `file_list`, the names, those of directories with a slash.
 * @param path What to call the directory.
 * @param fullpath Where it is.
 */
export async function directory_index(path: string, fullpath: string): Promise<HttpResponse> {
  const directory = `${path}/`;
  const entries = await readdir(fullpath, { withFileTypes: true });
  const shown = entries.filter(({ name }) => !name.startsWith("."));
  const file_list = await Promise.all(shown.map((entry) => name_of(entry, fullpath)));
  const own = own_template();
  if (own !== undefined) return new HttpResponse(own.render({ directory, file_list }));
  const files = file_list.map((name) => ({ name, url: quote(name) }));
  const has_parent = directory !== "/" && directory !== "./";
  return new HttpResponse(render_page("directory_index.html", { directory, files, has_parent }));
}

async function name_of(entry: Dirent, directory: string): Promise<string> {
  const is_directory = entry.isSymbolicLink()
    ? (await stat_of(join(directory, entry.name)))?.isDirectory()
    : entry.isDirectory();
  return is_directory === true ? `${entry.name}/` : entry.name;
}

function own_template(): Template | undefined {
  try {
    return select_template(INDEX_TEMPLATES);
  } catch (error) {
    if (error instanceof TemplateDoesNotExist) return undefined;
    throw error;
  }
}

/** Options of `was_modified_since`. */
export interface WasModifiedSinceOptions {
  /** The `If-Modified-Since` header. */
  header?: string | null | undefined;
  /** When the file was last changed, in seconds; fractions do not count. Default 0. */
  mtime?: number | undefined;
}

/** Whether a client that has the file since the date of the header needs it again. Without a date it does. */
export function was_modified_since(options: WasModifiedSinceOptions = {}): boolean {
  const { header, mtime = 0 } = options;
  if (header === undefined || header === null || !Number.isFinite(mtime)) return true;
  const since = parse_http_date_safe(header);
  return since === undefined || Math.trunc(mtime) > since;
}
