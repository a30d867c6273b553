/** The storages of Nuages, for what all of them do. @module */
import { FileSystemStorage, InMemoryStorage, type Storage } from "nuages/core/files/storage";
import type {
  LocatedStorage,
  LocatedStorageOptions,
} from "../../src/core/files/storage/_located.ts";

/** The name of the error of a promise, or what it gives. */
export async function outcome(work: () => unknown): Promise<unknown> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return "code" in error ? error.code : error.constructor.name;
  }
}

/** What is in a file. */
export async function text_of(storage: Storage, name: string): Promise<string> {
  const file = await storage.open(name);
  const bytes = await file.aread();
  await file.aclose();
  return bytes.toString();
}

/** A class of storages with a directory. */
export type LocatedClass = new (options?: LocatedStorageOptions) => LocatedStorage;
/** All of them. */
export const classes: LocatedClass[] = [FileSystemStorage, InMemoryStorage];
