/**
 * The URLs of static files, also of those that Django's `collectstatic` has put under hashed names (Django docs: The
 * staticfiles app, "Storages"). Collecting itself stays with Django. @module
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import {
  DEFAULT_STORAGE_ALIAS,
  on_change,
  provide_default,
  settings,
  STATICFILES_STORAGE_ALIAS,
} from "../../conf/index.ts";
import { ImproperlyConfigured, ValueError } from "../../core/exceptions.ts";
import {
  FileSystemStorage,
  type FileSystemStorageOptions,
  storages,
} from "../../core/files/storage/index.ts";
import type { Storage } from "../../core/files/storage/base.ts";
import { set_static_storage } from "../../templatetags/static.ts";
import { splitext } from "../../utils/_mime_types.ts";
import { repr } from "../../utils/_python.ts";
import { urlsplit, urlunsplit } from "../../utils/_urlsplit.ts";
import { check_settings } from "./utils.ts";

/** Options of `StaticFilesStorage`: where the files are is `STATIC_ROOT`, and their URL `STATIC_URL`, unless told otherwise. */
export type StaticFilesStorageOptions = FileSystemStorageOptions;

/** Static files under their own names. */
export class StaticFilesStorage extends FileSystemStorage {
  /** @throws ImproperlyConfigured for wrong settings of static files. */
  constructor(options: StaticFilesStorageOptions = {}) {
    const location = options.location ?? settings.STATIC_ROOT ?? "";
    const base_url = options.base_url ?? settings.STATIC_URL;
    check_settings({ base_url: base_url ?? "" });
    super({ ...options, location, base_url });
  }

  /** Where the collected files are; `""` if that is not known. */
  override get location(): string {
    return this.base_location === "" ? "" : super.location;
  }

  /**
   * The path of a collected file.
   * @throws ImproperlyConfigured without a location; SuspiciousFileOperation for a name that leads out of it.
   */
  override path(name: string): string {
    if (this.location === "")
      throw new ImproperlyConfigured(
        "The place of collected static files is not known: set STATIC_ROOT.",
      );
    return super.path(name);
  }
}

/** Options of `HashedFilesMixin.hashed_name`. */
export interface HashedNameOptions {
  /** The content. Without it the name gets no hash. */
  content?: string | Uint8Array | null | undefined;
}

/** Options of `HashedFilesMixin.url`. */
export interface HashedUrlOptions {
  /** Give the hashed URL although `DEBUG` is on. Default `false`. */
  force?: boolean | undefined;
}

/** Names with a hash of the content: `css/site.55e7cbb9ba48.css`. */
export abstract class HashedFilesMixin extends StaticFilesStorage {
  /** The first 12 hexadecimal digits of the MD5 of the content; `null` without a content. */
  file_hash(
    _name: string | null,
    options: { content?: string | Uint8Array | null | undefined } = {},
  ): string | null {
    const { content } = options;
    if (content === undefined || content === null) return null;
    return createHash("md5").update(content).digest("hex").slice(0, 12);
  }

  /** The name with the hash before its extension. Query and fragment stay. */
  hashed_name(name: string, options: HashedNameOptions = {}): string {
    return with_path(name, (path) => {
      const hash = this.file_hash(path, options);
      const [root, extension] = splitext(path);
      return hash === null ? path : `${root}.${hash}${extension}`;
    });
  }

  /** The name under which the file was collected. */
  abstract stored_name(name: string): string;

  /** The URL of the collected file, percent-decoded; while `DEBUG`, or for a name that ends in a slash, of the file itself. */
  override url(name: string, options: HashedUrlOptions = {}): string {
    const { path, fragment } = urlsplit(name);
    const plain = (settings.DEBUG && options.force !== true) || path.endsWith("/");
    if (plain) return decoded(super.url(name));
    const url = decoded(super.url(this.stored_name(without_fragment(name))));
    const mark = name.includes("?#") && !url.includes("?") ? "?" : "";
    return fragment === "" ? url : `${url}${mark}#${fragment}`;
  }
}

/** The file `staticfiles.json`, as Django writes it. */
interface Manifest {
  readonly paths: ReadonlyMap<string, string>;
  readonly hash: string;
}

/** Options of `ManifestStaticFilesStorage`. */
export interface ManifestStaticFilesStorageOptions extends StaticFilesStorageOptions {
  /** Where the manifest is, if not beside the files. */
  manifest_storage?: StaticFilesStorage | null | undefined;
}

/** Static files under the names in the manifest that Django's `collectstatic` left. It is read when this is made. */
export class ManifestStaticFilesStorage extends HashedFilesMixin {
  /** The name of the manifest: `staticfiles.json`. */
  declare manifest_name: string;
  /** The form of the manifest: `1.1`. `1.0` is read as well. */
  declare manifest_version: string;
  /** Whether a name that is not in the manifest is an error; otherwise it stays as it is. `true`. */
  declare manifest_strict: boolean;
  /** The collected names by the names of the files. */
  readonly hashed_files: ReadonlyMap<string, string>;
  /** Changes when any file does; `""` without a manifest. */
  readonly manifest_hash: string;
  readonly #manifest_storage: StaticFilesStorage;

  static {
    this.prototype.manifest_name = "staticfiles.json";
    this.prototype.manifest_version = "1.1";
    this.prototype.manifest_strict = true;
  }

  /** Blocks while the manifest is read. @throws ValueError for a manifest that cannot be understood. */
  constructor(options: ManifestStaticFilesStorageOptions = {}) {
    super(options);
    this.#manifest_storage = options.manifest_storage ?? this;
    const { paths, hash } = this.load_manifest();
    this.hashed_files = paths;
    this.manifest_hash = hash;
  }

  /** The text of the manifest; `null` if there is none. Blocks. */
  read_manifest(): string | null {
    try {
      return readFileSync(this.#manifest_storage.path(this.manifest_name), "utf8");
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
      throw error;
    }
  }

  /** What the manifest says. Blocks. @throws ValueError for broken JSON, or another version. */
  load_manifest(): Manifest {
    const content = this.read_manifest();
    if (content === null) return { paths: new Map(), hash: "" };
    const stored = parsed(content);
    const { version, paths = {}, hash = "" } = stored ?? {};
    if ((version === "1.0" || version === "1.1") && is_object(paths) && typeof hash === "string")
      return { paths: texts_of(paths), hash };
    throw new ValueError(
      `${repr(this.manifest_name)} is no manifest of static files of version ${this.manifest_version}.`,
    );
  }

  /** @throws ValueError for a name that is not in the manifest, unless `manifest_strict` is false. */
  override stored_name(name: string): string {
    return with_path(name, (path) => {
      const stored = this.hashed_files.get(path);
      if (stored === undefined && this.manifest_strict)
        throw new ValueError(
          `The manifest of static files has no ${repr(path)}. Collect the files again.`,
        );
      return stored ?? path;
    });
  }
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return is_object(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function is_object(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Names that climb are left out: a file may not stand for one outside the collection. */
function texts_of(paths: Record<string, unknown>): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const [name, stored] of Object.entries(paths)) {
    if (typeof stored === "string" && !/(?:^|[/\\])\.\.(?:[/\\]|$)/.test(stored))
      texts.set(name, stored);
  }
  return texts;
}

/** The name, percent-decoded, with another path; query and fragment stay, also an empty query before a fragment. */
function with_path(name: string, change: (path: string) => string): string {
  const parts = urlsplit(decoded(name));
  const mark = name.includes("?#") && parts.query === "" ? "?" : "";
  return urlunsplit({ ...parts, path: change(parts.path.trim()) + mark });
}

function without_fragment(name: string): string {
  const end = name.indexOf("#");
  return end < 0 ? name : name.slice(0, end);
}

/** Percent-decoded; what is not UTF-8 stays as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Stands for the storage of `STORAGES["staticfiles"]`, which is made when it is first asked for. */
export class ConfiguredStorage {
  get #storage(): Storage {
    return storages.getitem(STATICFILES_STORAGE_ALIAS);
  }

  /** The URL of a static file. */
  url(name: string): string {
    return this.#storage.url(name);
  }

  /** The path of a collected file. @throws ImproperlyConfigured without `STATIC_ROOT`. */
  path(name: string): string {
    return this.#storage.path(name);
  }
}

provide_default("STORAGES", {
  [DEFAULT_STORAGE_ALIAS]: { BACKEND: FileSystemStorage },
  [STATICFILES_STORAGE_ALIAS]: { BACKEND: StaticFilesStorage },
});

/** The storage of static files. `static()` in templates asks it if the site has set `STORAGES`. */
export const staticfiles_storage: ConfiguredStorage = new ConfiguredStorage();

function choose_storage(): void {
  const given = settings.is_overridden("STORAGES");
  set_static_storage(given ? (path) => staticfiles_storage.url(path) : undefined);
}

on_change(["STORAGES"], choose_storage);
choose_storage();
