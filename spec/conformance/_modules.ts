/** The modules under test, by the names that scripts use, and what they export. @module */
import { createRequire } from "node:module";
import { class_name, Missing } from "./_names.ts";

/** What a module exports. */
export type Module = Readonly<Record<string, unknown>>;

/** Any function; a class too. */
export type Callable = (...args: unknown[]) => unknown;

/** Any class. */
export type Class = new (...args: unknown[]) => object;

const TARGET = /^[a-z0-9_]+(?:\/[a-z0-9_]+)*:[A-Za-z_]/;
// Python's errors that JavaScript has itself
const NATIVE_ERRORS = new Map<string, unknown>([["core/exceptions:TypeError", TypeError]]);

// Not `import()`: scripts run inside functions that cannot wait
const require_module = createRequire(import.meta.url);
const modules = new Map<string, Module | Missing>();

/**
 * A module, by its path within the package. One that cannot be loaded fails only the cases that use it.
 * @throws Missing if it cannot be loaded.
 */
export function module_named(name: string): Module {
  const known = modules.get(name) ?? load(name);
  modules.set(name, known);
  if (known instanceof Missing) throw known;
  return known;
}

function load(name: string): Module | Missing {
  try {
    return require_module(`nuages/${name}`);
  } catch (cause) {
    return new Missing(`nuages/${name} cannot be loaded: ${String(cause)}`, { cause });
  }
}

/** Whether a text names something of a module: `http:QueryDict`. */
export function is_target(text: string): boolean {
  return TARGET.test(text);
}

/**
 * What `module:Name` or `module:Class.method` stands for, and the object that has it.
 * @throws Missing if there is no such module or name.
 */
export function located(target: string): { holder: unknown; value: unknown } {
  const native = NATIVE_ERRORS.get(target);
  if (native !== undefined) return { holder: undefined, value: native };
  const [module = "", path = ""] = target.split(":", 2);
  let holder: unknown;
  let value: unknown = module_named(module);
  for (const name of path.split(".")) {
    holder = value;
    value = Reflect.get(Object(holder) as object, name);
    if (value === undefined) throw new Missing(`${target} is not exported`);
  }
  return { holder, value };
}

/**
 * What `module:Name` stands for.
 * @throws Missing if there is no such module or name.
 */
export function exported(target: string): unknown {
  return located(target).value;
}

/**
 * What `module:Name` stands for, which must be a function.
 * @throws Missing if it is not.
 */
export function exported_function(target: string): Callable {
  const value = exported(target);
  if (!is_callable(value)) throw new Missing(`${target} is not a function`);
  return value;
}

/**
 * What `module:Name` stands for, which must be a class.
 * @throws Missing if it is not.
 */
export function exported_class(target: string): Class {
  const value = exported(target);
  if (!is_class(value)) throw new Missing(`${target} is not a class`);
  return value;
}

/** Whether a value can be called, or made with `new`. */
export function is_callable(value: unknown): value is Callable {
  return typeof value === "function";
}

/** Whether a value is a class. */
export function is_class(value: unknown): value is Class {
  return class_name(value) === "type";
}
