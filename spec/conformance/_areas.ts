/** Reads the area files of a directory. @module */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Area } from "./_format.ts";

const EXCLUSIONS = "not_in_javascript.json";

/** The areas of a directory, one per file, by name. */
export function read_areas(directory: string): Area[] {
  return readdirSync(directory)
    .filter((name) => name.endsWith(".json") && name !== EXCLUSIONS)
    .sort()
    .map((name): Area => JSON.parse(readFileSync(join(directory, name), "utf8")));
}

/** The cases that cannot hold in JavaScript, by id, and why. */
export function read_exclusions(directory: string): ReadonlyMap<string, string> {
  const reasons: Record<string, string> = JSON.parse(
    readFileSync(join(directory, EXCLUSIONS), "utf8"),
  );
  return new Map(Object.entries(reasons));
}
