/** `StorageHandler`: the storages of `STORAGES` by alias, each made when it is first asked for. @module */
import { on_change, settings } from "../../../conf/index.ts";
import { repr } from "../../../utils/_python.ts";
import { ImproperlyConfigured } from "../../exceptions.ts";
import { Storage } from "./base.ts";

/** `STORAGES` has no such storage, or its `BACKEND` is none. */
export class InvalidStorageError extends ImproperlyConfigured {}

/** Options of `StorageHandler`. */
export interface StorageHandlerOptions {
  /** In place of `settings.STORAGES`. */
  backends?: Readonly<Record<string, unknown>> | null | undefined;
}

/** An entry of `STORAGES`. */
export interface StorageParams {
  /** The class of the storage. */
  BACKEND: unknown;
  /** What its constructor gets. Default: nothing. */
  OPTIONS?: Readonly<Record<string, unknown>> | undefined;
}

type StorageClass = new (options: Readonly<Record<string, unknown>>) => Storage;

/** The storages by alias. They are made anew when `STORAGES`, or what static files have settings for, changes. */
export class StorageHandler {
  readonly #backends: Readonly<Record<string, unknown>> | undefined;
  #made = new Map<string, Storage>();

  constructor(options: StorageHandlerOptions = {}) {
    this.#backends = options.backends ?? undefined;
    on_change(["STORAGES", "STATIC_ROOT", "STATIC_URL"], () => (this.#made = new Map()));
  }

  /** The entries. */
  get backends(): Readonly<Record<string, unknown>> {
    return this.#backends ?? settings.STORAGES;
  }

  /** @throws InvalidStorageError if there is no such entry, or its `BACKEND` is no class of storages. */
  getitem(alias: string): Storage {
    let storage = this.#made.get(alias);
    if (storage === undefined)
      this.#made.set(alias, (storage = this.create_storage(this.#params(alias))));
    return storage;
  }

  #params(alias: string): StorageParams {
    const { backends } = this;
    const params = Object.hasOwn(backends, alias) ? backends[alias] : undefined;
    if (typeof params === "object" && params !== null && "BACKEND" in params) return params;
    throw new InvalidStorageError(
      `STORAGES has no entry { ${alias}: { BACKEND: FileSystemStorage } }, or one like it; there are ${repr(Object.keys(backends))}.`,
    );
  }

  /** A new storage. @throws InvalidStorageError if `BACKEND` is no class of storages. */
  create_storage(params: StorageParams): Storage {
    const { BACKEND, OPTIONS = {} } = params;
    if (!is_storage_class(BACKEND))
      throw new InvalidStorageError(
        `${repr(BACKEND)} is no class of storages: give the class itself, such as FileSystemStorage.`,
      );
    return new BACKEND(OPTIONS);
  }
}

function is_storage_class(value: unknown): value is StorageClass {
  return typeof value === "function" && value.prototype instanceof Storage;
}
