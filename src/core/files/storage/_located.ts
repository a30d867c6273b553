/** What storages with a directory and a URL have in common. @module */
import { resolve } from "node:path";
import { settings } from "../../../conf/index.ts";
import { safe_join, to_path } from "../../../utils/_os.ts";
import { repr } from "../../../utils/_python.ts";
import { task } from "../../../utils/_task.ts";
import { urljoin } from "../../../utils/_urlsplit.ts";
import { filepath_to_uri } from "../../../utils/encoding.ts";
import { SuspiciousFileOperation } from "../../exceptions.ts";
import { Storage } from "./base.ts";

/** Options of `FileSystemStorage` and `InMemoryStorage`. A setting counts at each use, as it is then. */
export interface LocatedStorageOptions {
  /** The directory: a path, or a `file:` URL. Default `settings.MEDIA_ROOT`. */
  location?: string | URL | null | undefined;
  /** The URL of the directory. Default `settings.MEDIA_URL`. */
  base_url?: string | null | undefined;
  /** The mode of files. Default `settings.FILE_UPLOAD_PERMISSIONS`. */
  file_permissions_mode?: number | null | undefined;
  /** The mode of directories. Default `settings.FILE_UPLOAD_DIRECTORY_PERMISSIONS`. */
  directory_permissions_mode?: number | null | undefined;
}

/** A storage of files below a directory that have URLs below another. */
export class LocatedStorage extends Storage {
  readonly #location: string | undefined;
  readonly #base_url: string | undefined;
  readonly #file_permissions_mode: number | undefined;
  readonly #directory_permissions_mode: number | undefined;

  constructor(options: LocatedStorageOptions = {}) {
    super();
    const { location, base_url } = options;
    this.#location = location === undefined || location === null ? undefined : to_path(location);
    this.#base_url = base_url === undefined || base_url === null ? undefined : with_slash(base_url);
    this.#file_permissions_mode = options.file_permissions_mode ?? undefined;
    this.#directory_permissions_mode = options.directory_permissions_mode ?? undefined;
  }

  /** The directory as it was given. */
  get base_location(): string {
    return this.#location ?? settings.MEDIA_ROOT;
  }

  /** The directory as an absolute path. */
  get location(): string {
    return resolve(this.base_location);
  }

  /** The URL of the directory. A setting that is relative begins at the script prefix. */
  get base_url(): string {
    return this.#base_url ?? with_prefix(settings.MEDIA_URL);
  }

  /** The mode of files; `null`: as the system makes them. */
  get file_permissions_mode(): number | null {
    return this.#file_permissions_mode ?? settings.FILE_UPLOAD_PERMISSIONS;
  }

  /** The mode of directories; `null`: as the system makes them. */
  get directory_permissions_mode(): number | null {
    return this.#directory_permissions_mode ?? settings.FILE_UPLOAD_DIRECTORY_PERMISSIONS;
  }

  /** @throws SuspiciousFileOperation for a name that leads out of the directory, or has a NUL. */
  override path(name: string): string {
    if (name.includes("\0"))
      throw new SuspiciousFileOperation(`${repr(name)} has a NUL, which no name of a file has.`);
    return safe_join(this.location, name);
  }

  /** The URL of a file, percent-encoded. */
  override url(name: string): string {
    return urljoin(this.base_url, filepath_to_uri(name).replace(/^\/+/, ""));
  }
}

function with_slash(url: string): string {
  return url.endsWith("/") ? url : `${url}/`;
}

function with_prefix(url: string): string {
  return /^(?:https?:\/\/|\/)/.test(url) ? url : `${task().script_prefix ?? "/"}${url}`;
}
