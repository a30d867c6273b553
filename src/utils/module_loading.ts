/**
 * What Django's dotted paths stand for here. Settings hold classes and functions themselves; but Django stores paths too,
 * such as that of the backend that logged a user in, and they must be found again. @module
 */
import { ImportError } from "../core/exceptions.ts";
import { repr } from "./_python.ts";

const by_path = new Map<string, unknown>();

/** Makes `import_string(path)` give this value; the last one registered counts. */
export function register_dotted_path(path: string, value: unknown): void {
  by_path.set(path, value);
}

/**
 * What was registered under one of Django's dotted paths: `django.contrib.auth.backends.ModelBackend`.
 * @throws ImportError for a path that was not registered.
 */
export function import_string(dotted_path: string): unknown {
  if (!by_path.has(dotted_path))
    throw new ImportError(
      `Nothing is known under ${repr(dotted_path)}. Make it known with register_dotted_path().`,
    );
  return by_path.get(dotted_path);
}
