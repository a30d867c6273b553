/** Doing something without the rights of root, who may enter every directory. @module */
import { chmodSync } from "node:fs";

/** Runs `fn` as another user, if root runs the specs, who is let into `directory`. */
export async function as_nobody<T>(directory: string, fn: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return fn();
  chmodSync(directory, 0o755);
  process.seteuid?.("nobody");
  try {
    return await fn();
  } finally {
    process.seteuid?.(0);
  }
}
