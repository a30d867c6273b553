/** The modules under test, by the names that scripts use, and what they export. @module */
import { class_name, Missing } from "./_names.ts";

/** What a module exports. */
export type Module = Readonly<Record<string, unknown>>;

/** Any function; a class too. */
export type Callable = (...args: unknown[]) => unknown;

/** Any class. */
export type Class = new (...args: unknown[]) => object;

const TARGET = /^[a-z0-9_]+(?:\/[a-z0-9_]+)*:[A-Za-z_]/;
// The keys of a script under which modules are named: verbs, then values
const VERBS = ["new", "call", "get", "iterate"];
const NAMING_KEYS = new Set([...VERBS, "class", "$class", "throws", "base", "by", "middleware"]);
// What any site may need
const ALWAYS = [
  "core/cache",
  "urls",
  "utils/translation",
  "contrib/sessions/backends/signed_cookies",
];
const FOR_URLS = ["urls", "conf/urls/i18n", "http"];
const NEEDED_BY = new Map([
  ["urlconf", FOR_URLS],
  ["$urlconf", FOR_URLS],
  ["converters", ["urls", "urls/converters"]],
  ["templates", ["template/backends/nunjucks"]],
  ["now", ["test/utils"]],
  ["$responder", ["http"]],
  ["$view", ["http"]],
  ["$view_class", ["http", "views/generic"]],
  ["$middleware", ["http", "utils/deprecation"]],
  ["$upload_handler", ["core/files/uploadhandler"]],
  ["$user", ["contrib/auth/base_user"]],
]);

// Python's errors that JavaScript has itself
const NATIVE_ERRORS = new Map<string, unknown>([["core/exceptions:TypeError", TypeError]]);

const modules = new Map<string, Module | Missing>();

/**
 * Imports modules, so that scripts, which run inside functions that cannot wait, find them. One that cannot be
 * imported fails only the cases that use it.
 */
export async function load(names: Iterable<string>): Promise<void> {
  for (const name of names) if (!modules.has(name)) modules.set(name, await imported(name));
}

async function imported(name: string): Promise<Module | Missing> {
  try {
    return await import(`nuages/${name}`);
  } catch (cause) {
    return new Missing(`nuages/${name} cannot be imported: ${String(cause)}`);
  }
}

/**
 * A module that `load` imported, by its path within the package.
 * @throws Missing if it cannot be imported.
 */
export function module_named(name: string): Module {
  const module = modules.get(name) ?? new Missing(`nobody imported nuages/${name}`);
  if (module instanceof Missing) throw module;
  return module;
}

/** The modules that a piece of a script needs, by name or for what it makes, added to `found`. */
export function modules_needed(json: unknown, found: Set<string> = new Set(ALWAYS)): Set<string> {
  if (typeof json !== "object" || json === null) return found;
  for (const [key, value] of Object.entries(json)) {
    if (key === "$module") found.add(String(value));
    else if (NAMING_KEYS.has(key)) note_targets(value, found);
    for (const module of NEEDED_BY.get(key) ?? []) found.add(module);
    modules_needed(value, found);
  }
  return found;
}

/** A target itself, or a list of targets and of `[target, args, opts]`. */
function note_targets(value: unknown, found: Set<string>): void {
  if (typeof value === "string" && is_target(value)) found.add(split_target(value)[0]);
  else if (Array.isArray(value)) for (const item of value) note_targets(item, found);
}

function split_target(target: string): [module: string, path: string] {
  const [module = "", path = ""] = target.split(":", 2);
  return [module, path];
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
  const [module, path] = split_target(target);
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
