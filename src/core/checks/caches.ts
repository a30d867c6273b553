/** Checks of `CACHES` (Django docs: System check framework, "Caches"). @module */
import { isAbsolute, relative, resolve, sep } from "node:path";
import { settings } from "../../conf/index.ts";
import { DEFAULT_CACHE_ALIAS } from "../cache/_handler.ts";
import { FileBasedCache } from "../cache/backends/filebased.ts";
import { type CheckMessage, Error, Warning } from "./messages.ts";

/** `caches.E001`. */
export function check_default_cache_is_configured(): CheckMessage[] {
  if (Object.hasOwn(settings.CACHES, DEFAULT_CACHE_ALIAS)) return [];
  return [new Error(`CACHES needs an entry "${DEFAULT_CACHE_ALIAS}".`, { id: "caches.E001" })];
}

/** The caches in files, with their directories as they were given. */
function file_caches(): [alias: string, directory: string][] {
  return Object.entries(settings.CACHES).flatMap(([alias, { BACKEND, LOCATION = "" }]) => {
    const is_file_cache =
      BACKEND === FileBasedCache ||
      (typeof BACKEND === "function" && BACKEND.prototype instanceof FileBasedCache);
    const directory: [string, string] = [alias, String(LOCATION)];
    return is_file_cache ? [directory] : [];
  });
}

/** The directories that are served, each with the setting that says so. */
function served_directories(): [setting: string, directory: string][] {
  const found: [string, string][] = [];
  if (settings.MEDIA_ROOT) found.push(["MEDIA_ROOT", settings.MEDIA_ROOT]);
  if (settings.STATIC_ROOT) found.push(["STATIC_ROOT", settings.STATIC_ROOT]);
  for (const entry of settings.STATICFILES_DIRS)
    found.push(["STATICFILES_DIRS", typeof entry === "string" ? entry : entry[1]]);
  return found;
}

function relation(cache: string, served: string): string | undefined {
  const [from, to] = [resolve(served), resolve(cache)];
  if (from === to) return "is";
  if (is_below(to, from)) return "lies in";
  return is_below(from, to) ? "holds" : undefined;
}

function is_below(path: string, directory: string): boolean {
  const way = relative(directory, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** `caches.W002`, for each cache and setting. */
export function check_cache_location_not_exposed(): CheckMessage[] {
  const found = new Map<string, CheckMessage>();
  for (const [setting, served] of served_directories()) {
    for (const [alias, directory] of file_caches()) {
      const how = relation(directory, served);
      const key = `${setting} ${alias}`;
      if (how === undefined || found.has(key)) continue;
      const msg = `The directory of the cache "${alias}" ${how} ${setting}: visitors may read the cache, or a file of theirs may get into it.`;
      found.set(key, new Warning(msg, { id: "caches.W002" }));
    }
  }
  return [...found.values()];
}

/** `caches.W003`. */
export function check_file_based_cache_is_absolute(): CheckMessage[] {
  return file_caches().flatMap(([alias, directory]) => {
    if (isAbsolute(directory)) return [];
    const msg = `LOCATION of the cache "${alias}" is a relative path, and so depends on where the program is started.`;
    return [new Warning(msg, { id: "caches.W003" })];
  });
}
