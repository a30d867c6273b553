/** Storages: where files are kept, under which name, at which URL (Django docs: Managing files, "File storage"). @module */
import { DEFAULT_STORAGE_ALIAS, on_change, provide_default } from "../../../conf/index.ts";
import { empty, LazyObject } from "../../../utils/functional.ts";
import type { Storage } from "./base.ts";
import { FileSystemStorage } from "./filesystem.ts";
import { StorageHandler } from "./handler.ts";

export {
  type ContentOfFile,
  type NameOptions,
  type OpenOptions,
  type Savable,
  Storage,
} from "./base.ts";
export type { LocatedStorageOptions } from "./_located.ts";
export { FileSystemStorage, type FileSystemStorageOptions } from "./filesystem.ts";
export {
  InvalidStorageError,
  StorageHandler,
  type StorageHandlerOptions,
  type StorageParams,
} from "./handler.ts";
export { InMemoryStorage } from "./memory.ts";

provide_default("STORAGES", { [DEFAULT_STORAGE_ALIAS]: { BACKEND: FileSystemStorage } });

/** The storages of `settings.STORAGES`: `storages.getitem("default")`. */
export const storages: StorageHandler = new StorageHandler();

/** Stands for the storage `default`. */
export class DefaultStorage extends LazyObject<Storage> {
  override _setup(): void {
    this._wrapped = storages.getitem(DEFAULT_STORAGE_ALIAS);
  }
}

const lazy = new DefaultStorage();
on_change(["STORAGES"], () => (lazy._wrapped = empty));

/** The storage `default`, where uploads go unless told otherwise. */
export const default_storage: Storage = lazy as unknown as Storage; // it has every member of what it stands for
