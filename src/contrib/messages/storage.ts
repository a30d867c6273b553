/** The storage of `MESSAGE_STORAGE`. @module */
import { settings } from "../../conf/index.ts";
import { ImproperlyConfigured } from "../../core/exceptions.ts";
import type { HttpRequest } from "../../http/request.ts";
import { repr } from "../../utils/_python.ts";
import { BaseStorage } from "./storage/base.ts";
import "./storage/fallback.ts"; // the default of MESSAGE_STORAGE

function is_storage_class(value: unknown): value is new (request: HttpRequest) => BaseStorage {
  return typeof value === "function" && value.prototype instanceof BaseStorage;
}

/** A new storage of the class in `MESSAGE_STORAGE`. @throws ImproperlyConfigured if it is no storage class. */
export function default_storage(request: HttpRequest): BaseStorage {
  const storage: unknown = settings.MESSAGE_STORAGE;
  if (is_storage_class(storage)) return new storage(request);
  throw new ImproperlyConfigured(
    `MESSAGE_STORAGE is ${repr(storage)}. It must be a storage class, such as FallbackStorage.`,
  );
}
