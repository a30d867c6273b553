/** Where templates are: in memory, and in the directories of an engine. @module */
import { readFileSync, statSync } from "node:fs";
import { posix } from "node:path";
import { TemplateDoesNotExist, type Tried } from "../exceptions.ts";
import type { Source } from "./_errors.ts";
import type { LoaderSource } from "./_nunjucks.ts";
import type { BaseEngine } from "./base.ts";

/** A template as it was found. */
export interface Found extends Source {
  /** Changes when the template does. */
  readonly version: string;
}

// What a name that cannot be a file is answered with.
const NO_FILE: ReadonlySet<unknown> = new Set([
  "ENOENT",
  "ENOTDIR",
  "EISDIR",
  "ENAMETOOLONG",
  "ELOOP",
  "ERR_INVALID_ARG_VALUE",
]);

function unless_missing<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (NO_FILE.has((error as NodeJS.ErrnoException).code)) return undefined;
    throw error;
  }
}

/** The loader that the engine gives its environment (nunjucks docs: "Loader"). */
export class TemplateFiles {
  readonly #engine: BaseEngine;
  readonly #memory: ReadonlyMap<string, string>;

  /** @param memory Texts of templates by name; they count before files. */
  constructor(engine: BaseEngine, memory: Readonly<Record<string, string>>) {
    this.#engine = engine;
    this.#memory = new Map(Object.entries(memory));
  }

  /** The template of that name. @throws TemplateDoesNotExist */
  find(name: string): Found {
    const kept = this.#memory.get(name);
    if (kept !== undefined) return { name, path: `<memory>/${name}`, text: kept, version: "" };
    const tried: Tried[] = [];
    for (const path of this.#engine.iter_template_filenames(name)) {
      const version = version_of(path);
      const text = version && unless_missing(() => readFileSync(path, "utf8"));
      if (text !== undefined && version !== undefined) return { name, path, text, version };
      tried.push([{ name: path, template_name: name }, "there is no such file"]);
    }
    throw new TemplateDoesNotExist(name, { tried, backend: this.#engine });
  }

  /** Whether `find` would give the same again. */
  is_fresh(found: Found): boolean {
    const { name, path } = found;
    if (name === undefined || this.#memory.has(name)) return true;
    for (const candidate of this.#engine.iter_template_filenames(name)) {
      const version = version_of(candidate);
      if (version !== undefined) return candidate === path && version === found.version;
    }
    return false;
  }

  /** What nunjucks itself would ask for. @throws TemplateDoesNotExist */
  getSource(name: string): LoaderSource {
    const { text, path } = this.find(name);
    return { src: text, path, noCache: true };
  }
}

function version_of(path: string): string | undefined {
  const stats = unless_missing(() => statSync(path, { throwIfNoEntry: false }));
  return stats?.isFile() === true ? `${stats.mtimeMs} ${stats.size}` : undefined;
}

/**
 * The name that `name` has in the template `parent`: one that begins with `./` or `../` is relative.
 * @throws TemplateDoesNotExist for one that leaves the directory.
 */
export function resolve_name(name: string, parent: string | undefined): string {
  if (!name.startsWith("./") && !name.startsWith("../")) return name;
  const resolved = posix.join(posix.dirname(parent ?? "."), name);
  if (resolved.startsWith("../")) throw new TemplateDoesNotExist(name);
  return resolved;
}
