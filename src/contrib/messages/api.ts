/** Messages for the user, shown on the next page that asks for them (Django docs: The messages framework). @module */
import { Exception } from "../../core/exceptions.ts";
import type { HttpRequest } from "../../http/request.ts";
import { repr } from "../../utils/_python.ts";
import * as constants from "./constants.ts";
import type { BaseStorage, Message } from "./storage/base.ts";
import { default_storage } from "./storage.ts";

/** A message cannot be added, because there is no MessageMiddleware. */
export class MessageFailure extends Exception {}

/** Options of the functions that add a message. */
export interface AddMessageOptions {
  /** More tags, in front of the level's. */
  extra_tags?: string | undefined;
  /** Do nothing, instead of an error, without MessageMiddleware. Default `false`. */
  fail_silently?: boolean | undefined;
}

/**
 * Adds a message.
 * @throws MessageFailure without MessageMiddleware; TypeError if `request` is no request.
 */
export function add_message(
  request: HttpRequest,
  level: number,
  message: unknown,
  options: AddMessageOptions = {},
): void {
  const storage = storage_of(request);
  if (storage !== undefined) return storage.add(level, message, options);
  if (!options.fail_silently)
    throw new MessageFailure(
      "Messages need a storage. Put MessageMiddleware in MIDDLEWARE, after SessionMiddleware.",
    );
}

function storage_of(request: unknown): BaseStorage | undefined {
  if (typeof request !== "object" || request === null || !("META" in request))
    throw new TypeError(`A message is added to a request, not to ${repr(request)}.`);
  return (request as HttpRequest)._messages; // what has META is a request
}

/** The messages; iterating over them shows them. None without MessageMiddleware. */
export function get_messages(request: HttpRequest): BaseStorage | readonly Message[] {
  return request._messages ?? [];
}

/** The lowest level that is recorded for this request. */
export function get_level(request: HttpRequest): number {
  return (request._messages ?? default_storage(request)).level;
}

/** Sets the lowest level to record, `null` for that of the settings; whether there is a storage to tell. */
export function set_level(request: HttpRequest, level: number | null): boolean {
  if (request._messages === undefined) return false;
  request._messages.level = level;
  return true;
}

/** Adds a message of the level DEBUG. */
export function debug(request: HttpRequest, message: unknown, options?: AddMessageOptions): void {
  add_message(request, constants.DEBUG, message, options);
}

/** Adds a message of the level INFO. */
export function info(request: HttpRequest, message: unknown, options?: AddMessageOptions): void {
  add_message(request, constants.INFO, message, options);
}

/** Adds a message of the level SUCCESS. */
export function success(request: HttpRequest, message: unknown, options?: AddMessageOptions): void {
  add_message(request, constants.SUCCESS, message, options);
}

/** Adds a message of the level WARNING. */
export function warning(request: HttpRequest, message: unknown, options?: AddMessageOptions): void {
  add_message(request, constants.WARNING, message, options);
}

/** Adds a message of the level ERROR. */
export function error(request: HttpRequest, message: unknown, options?: AddMessageOptions): void {
  add_message(request, constants.ERROR, message, options);
}
