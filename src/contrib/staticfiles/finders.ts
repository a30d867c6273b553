/** Finding static files by name, wherever the site keeps them (Django docs: The staticfiles app, "Finders Module"). @module */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { on_change, provide_default, settings } from "../../conf/index.ts";
import { ImproperlyConfigured } from "../../core/exceptions.ts";
import { safe_join } from "../../utils/_os.ts";
import { repr } from "../../utils/_python.ts";

/** Options of `find`. */
export interface FindOptions {
  /** Give a list of all files of this name, instead of the first. Default `false`. */
  find_all?: boolean | undefined;
}

/** The directories the last `find` looked in. */
export const searched_locations: string[] = [];

function note_search(directory: string): void {
  if (!searched_locations.includes(directory)) searched_locations.push(directory);
}

/** A place to look for static files. A site adds its own to `STATICFILES_FINDERS`. */
export abstract class BaseFinder {
  /** The absolute path of a file, or `undefined`; with `find_all` a list. @param path With `/`, as in a URL. */
  abstract find(
    path: string,
    options?: FindOptions,
  ): Promise<string | readonly string[] | undefined>;
}

/** Options of the constructors of `FileSystemFinder` and `AppDirectoriesFinder`. */
export interface FinderOptions {
  /** The entries of `INSTALLED_APPS` to look in; `FileSystemFinder` does not use it. Default: all. */
  app_names?: readonly string[] | null | undefined;
}

/** A directory, and the prefix under which its files are found; `""` for none. */
export type Location = readonly [prefix: string, root: string];

/** Looks in `STATICFILES_DIRS`. */
export class FileSystemFinder extends BaseFinder {
  /** The directories, each once. */
  readonly locations: readonly Location[];

  constructor(_options: FinderOptions = {}) {
    super();
    const seen = new Map<string, Location>();
    for (const entry of settings.STATICFILES_DIRS) {
      const location: Location = typeof entry === "string" ? ["", entry] : entry;
      seen.set(location.join("\0"), location);
    }
    this.locations = [...seen.values()];
  }

  /** @throws SuspiciousFileOperation for a path that leads out of a directory. */
  override async find(
    path: string,
    options: FindOptions = {},
  ): Promise<string | string[] | undefined> {
    const matches: string[] = [];
    for (const [prefix, root] of this.locations) {
      note_search(root);
      const match = await this.find_location(root, path, { prefix });
      if (match === undefined) continue;
      if (options.find_all !== true) return match;
      matches.push(match);
    }
    return options.find_all === true ? matches : undefined;
  }

  /** The absolute path of a file below `root`; with a prefix, only a path that begins with it is looked for. */
  async find_location(
    root: string,
    path: string,
    options: { prefix?: string | null | undefined } = {},
  ): Promise<string | undefined> {
    const start = options.prefix ? `${options.prefix}/` : "";
    if (!path.startsWith(start)) return undefined;
    return existing(safe_join(root, path.slice(start.length)));
  }
}

/** Looks in the `static` folder of each of `INSTALLED_APPS`. */
export class AppDirectoriesFinder extends BaseFinder {
  /** The name of the folder: `static`. */
  declare source_dir: string;
  /** The directories of the apps. */
  readonly apps: readonly string[];

  static {
    this.prototype.source_dir = "static";
  }

  constructor(options: FinderOptions = {}) {
    super();
    const { app_names } = options;
    const apps = new Set(settings.INSTALLED_APPS);
    this.apps = [...apps].filter((app) => !app_names?.length || app_names.includes(app));
  }

  /** @throws SuspiciousFileOperation for a path that leads out of a directory. */
  override async find(
    path: string,
    options: FindOptions = {},
  ): Promise<string | string[] | undefined> {
    const matches: string[] = [];
    for (const app of this.apps) {
      note_search(join(app, this.source_dir));
      const match = await this.find_in_app(app, path);
      if (match === undefined) continue;
      if (options.find_all !== true) return match;
      matches.push(match);
    }
    return options.find_all === true ? matches : undefined;
  }

  /** The absolute path of a file of one app. */
  find_in_app(app: string, path: string): Promise<string | undefined> {
    return existing(safe_join(join(app, this.source_dir), path));
  }
}

async function existing(path: string): Promise<string | undefined> {
  try {
    await stat(path);
    return path;
  } catch {
    return undefined; // missing, forbidden, or no name of a file at all
  }
}

provide_default("STATICFILES_FINDERS", [FileSystemFinder, AppDirectoriesFinder]);

/** A class of finders, as an entry of `STATICFILES_FINDERS`. */
export type FinderClass = new (options?: FinderOptions) => BaseFinder;

const made = new Map<unknown, BaseFinder>();
on_change(["STATICFILES_DIRS", "STATICFILES_FINDERS", "INSTALLED_APPS"], () => made.clear());

/**
 * The finder of a class, made once.
 * @throws ImproperlyConfigured for anything but a subclass of `BaseFinder`.
 */
export function get_finder(import_path: unknown): BaseFinder {
  let finder = made.get(import_path);
  if (finder === undefined) {
    if (!is_finder_class(import_path))
      throw new ImproperlyConfigured(
        `STATICFILES_FINDERS takes subclasses of BaseFinder: ${repr(import_path)} is none.`,
      );
    finder = new import_path();
    made.set(import_path, finder);
  }
  return finder;
}

function is_finder_class(value: unknown): value is FinderClass {
  return typeof value === "function" && value.prototype instanceof BaseFinder;
}

/** The finders of `STATICFILES_FINDERS`. */
export function* get_finders(): Generator<BaseFinder, void, undefined> {
  for (const finder of settings.STATICFILES_FINDERS) yield get_finder(finder);
}

/**
 * The absolute path of the first static file of this name that a finder has, or `undefined`; with `find_all` a list.
 * @param path With `/`, as in a URL.
 * @throws SuspiciousFileOperation for a path that leads out of a directory.
 */
export function find(path: string, options: { find_all: true }): Promise<string[]>;
export function find(
  path: string,
  options?: { find_all?: false | undefined },
): Promise<string | undefined>;
export function find(path: string, options?: FindOptions): Promise<string | string[] | undefined>;
export async function find(
  path: string,
  options: FindOptions = {},
): Promise<string | string[] | undefined> {
  searched_locations.length = 0;
  const matches: string[] = [];
  for (const finder of get_finders()) {
    const result = await finder.find(path, options);
    const found = typeof result === "string" ? [result] : (result ?? []);
    if (options.find_all !== true && found.length > 0) return found[0];
    matches.push(...found);
  }
  return options.find_all === true ? matches : undefined;
}
