/** A body that has not arrived yet, and the errors of reading one. @module */
import { Exception, OSError } from "../core/exceptions.ts";

/** The body of a request while it is still with the server: what a door gives to `HttpRequest`. */
export interface Wire {
  /** What the client announced, in bytes; `undefined` if it did not, or is not to be believed. */
  readonly length: number | undefined;
  /** Whether the client went away before the end. */
  readonly aborted: boolean;
  /** What to answer when the body did not come, and that is the client's doing: 408 if it fell silent, else 400. */
  readonly client_error?: 400 | 408 | undefined;
  /**
   * The whole body; `undefined` when it is longer than `limit` bytes (`null`: no limit). Then nothing is lost: iterating
   * gives every byte.
   */
  collect(limit: number | null): Promise<Buffer | undefined>;
  /**
   * The chunks as they come; the next one is not asked of the client before it is wanted here.
   * @throws UnreadablePostError if the connection fails.
   */
  [Symbol.asyncIterator](): AsyncIterator<Buffer>;
}

/** The body could not be read: the client went away, or the server failed. */
export class UnreadablePostError extends OSError {}

/** `request.body` was asked for after the body had been read in another way. */
export class RawPostDataException extends Exception {}

/** The error of a connection under the name that views know. */
export function unreadable(error: unknown): UnreadablePostError {
  if (error instanceof UnreadablePostError) return error;
  const why = error instanceof Error ? error.message : String(error);
  return new UnreadablePostError(`The body of the request could not be read: ${why}`, {
    cause: error,
  });
}

/** Whether an error comes from a file or a connection: Python's `OSError`, or what Node throws for a system call. */
export function is_os_error(error: unknown): boolean {
  return error instanceof OSError || (error instanceof Error && "syscall" in error);
}
