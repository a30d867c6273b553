/** Closing the files of a form when its request is over. @module */
import { log } from "../utils/_logger.ts";
import type { MultiValueDict } from "../utils/datastructures.ts";

/** What upload handlers may keep or give: a file, or anything else. */
interface Closable {
  close?(): void;
  aclose?(): Promise<void>;
}

/**
 * Closes a file, if it is one.
 * @param may_wait Do it without blocking: it goes on by itself, and an error is logged.
 */
export function close_file(file: unknown, may_wait: boolean): void {
  if (typeof file !== "object" || file === null) return;
  const closable: Closable = file;
  if (!may_wait || closable.aclose === undefined) return closable.close?.();
  closable.aclose().catch((error: unknown) => {
    log("django.request", "error", "An uploaded file could not be closed.", { error });
  });
}

/** Closes all files of a form; see `close_file`. */
export function close_files(files: MultiValueDict<unknown>, may_wait: boolean): void {
  for (const [, list] of files.lists()) for (const file of list) close_file(file, may_wait);
}
