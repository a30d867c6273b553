/** The settings of the running program (Django docs: Settings, "Using settings in Python code"). @module */
import { AttributeError, ImproperlyConfigured, RuntimeError } from "../core/exceptions.ts";
import { repr } from "../utils/_python.ts";
import { task } from "../utils/_task.ts";
import { closest, wrong_value } from "./_checks.ts";
import { DEFAULTS, type Settings } from "./global_settings.ts";

export type {
  CacheSettings,
  SameSite,
  Settings,
  SignerClass,
  UploadHandlerClass,
} from "./global_settings.ts";

/** What `settings` is: every setting under its name, and the methods of Django's `LazySettings`. */
export interface LazySettings extends Settings {
  /** Whether `configure` has run. */
  readonly configured: boolean;
  /**
   * Gives the settings their values; what is left out has Django's default.
   * @throws RuntimeError if they are configured already.
   * @throws ImproperlyConfigured for an unknown name or a value of the wrong type; TypeError for a lower-case name.
   */
  configure(options?: Partial<Settings>): void;
  /** Whether the setting was given a value, as opposed to having its default. */
  is_overridden(setting: string): boolean;
}

type Values = Record<string, unknown>;

// What is readable now, what was given, and the defaults: own, those of modules above, those of the site.
const values: Values = Object.create(null) as Values;
const given: Values = Object.create(null) as Values;
const defaults: Values = Object.assign(Object.create(null) as Values, DEFAULTS);
const known = new Set(Object.keys(DEFAULTS));
const observers = new Map<string, Set<() => void>>();
let configured = false;

const PREFIXED: ReadonlySet<string> = new Set(["STATIC_URL", "MEDIA_URL"]);

/** Takes what can be read at once out of the slow path; the rest is worked out, or refused, by `missing`. */
function refresh(name: string): void {
  const value = name in given ? given[name] : defaults[name];
  if (
    value === undefined ||
    PREFIXED.has(name) ||
    (name === "SECRET_KEY" && String(value) === "")
  ) {
    delete values[name];
  } else {
    values[name] = value;
  }
  observers.get(name)?.forEach((observer) => observer());
}

function missing(name: string): unknown {
  if (name === "configured") return configured;
  if (name === "configure") return configure;
  if (name === "is_overridden") return is_overridden;
  if (!/^[A-Z]/.test(name)) return undefined; // `then`, `toJSON` and other questions JavaScript asks of any object
  if (!configured) {
    throw new ImproperlyConfigured(
      `The setting ${name} was read before the settings were configured. Call settings.configure({ … }) or serve({ … }) first.`,
    );
  }
  if (PREFIXED.has(name)) return with_script_prefix(name);
  if (name === "SECRET_KEY")
    throw new ImproperlyConfigured(
      "SECRET_KEY is empty. Set it to a long random text and keep it secret.",
    );
  if (name === "ROOT_URLCONF")
    throw new ImproperlyConfigured(
      "ROOT_URLCONF is not set. Set it to an object with urlpatterns.",
    );
  throw new AttributeError(
    known.has(name) ? `The setting ${name} has no value.` : unknown_name(name),
  );
}

/** `STATIC_URL` and `MEDIA_URL`: a relative one follows the script prefix. */
function with_script_prefix(name: string): unknown {
  const value = name in given ? given[name] : defaults[name];
  if (typeof value !== "string" || /^(?:https?:\/\/|\/)/.test(value)) {
    if (value !== undefined) values[name] = value;
    return value;
  }
  return (task().script_prefix ?? "/") + value;
}

function unknown_name(name: string): string {
  const near = closest(name, known);
  const hint = near === undefined ? "" : ` Did you mean ${near}?`;
  return `There is no setting ${name}.${hint} A setting of the site's own is made known with register_setting(${repr(name)}).`;
}

function check_name(name: string): void {
  if (name !== name.toUpperCase())
    throw new TypeError(`The name of a setting is in upper case: ${repr(name)} is not.`);
  if (!known.has(name)) throw new ImproperlyConfigured(unknown_name(name));
}

function check(name: string, value: unknown): void {
  check_name(name);
  const complaint = wrong_value(name, value, DEFAULTS[name as keyof Settings]);
  if (complaint !== undefined) throw new ImproperlyConfigured(complaint);
}

function configure(options: Partial<Settings> = {}): void {
  if (configured)
    throw new RuntimeError("The settings are configured already; assign a setting to change it.");
  for (const [name, value] of Object.entries(options)) check(name, value);
  for (const [name, value] of Object.entries(options)) if (value !== undefined) given[name] = value;
  become_configured();
}

function become_configured(): void {
  configured = true;
  for (const name of known) refresh(name);
}

function is_overridden(name: string): boolean {
  return name in given;
}

/** The settings. Assigning one takes effect at once; deleting one gives back its default. */
export const settings: LazySettings = new Proxy(values, {
  get(target, name) {
    if (typeof name === "symbol") return undefined;
    const value = target[name];
    return value === undefined ? missing(name) : value;
  },
  set(_target, name, value: unknown) {
    check(String(name), value);
    override(String(name), value);
    return true;
  },
  deleteProperty(_target, name) {
    check_name(String(name));
    restore(String(name), undefined);
    return true;
  },
  has: (_target, name) => name in given || defaults[String(name)] !== undefined,
  ownKeys: () => [...known].filter((name) => name in given || defaults[name] !== undefined),
  getOwnPropertyDescriptor: (_target, name) =>
    known.has(String(name)) && (name in given || defaults[String(name)] !== undefined)
      ? {
          configurable: true,
          enumerable: true,
          value: name in given ? given[String(name)] : defaults[String(name)],
        }
      : undefined,
}) as Values as unknown as LazySettings; // the proxy answers for every member of the interface

/**
 * Makes a setting of the site's own known, with its default. Its type is added by declaration merging:
 * `declare module "nuages/conf" { interface Settings { PAGE_SIZE: number } }`.
 * @throws TypeError if the name is not in upper case.
 */
export function register_setting(name: string, default_value?: unknown): void {
  if (name !== name.toUpperCase())
    throw new TypeError(`The name of a setting is in upper case: ${repr(name)} is not.`);
  known.add(name);
  defaults[name] = default_value;
  if (configured) refresh(name);
}

/** The default of a setting whose value lives above this module: a class, say. @internal */
export function provide_default<K extends keyof Settings>(name: K, value: Settings[K]): void {
  defaults[name] = value;
  if (configured) refresh(name);
}

/** Calls `observer` whenever one of these settings changes: what caches a setting must listen. @internal */
export function on_change(names: readonly (keyof Settings)[], observer: () => void): void {
  for (const name of names) {
    const all = observers.get(name) ?? new Set();
    all.add(observer);
    observers.set(name, all);
  }
}

/** A value that was given, kept to be restored; `undefined`: the default. @internal */
export type Saved = { readonly value: unknown } | undefined;

/** Sets without checking the value's type; returns what `restore` needs. Used by `override_settings`. @internal */
export function override(name: string, value: unknown): Saved {
  check_name(name);
  const before: Saved = name in given ? { value: given[name] } : undefined;
  if (value === undefined) delete given[name];
  else given[name] = value;
  if (configured) refresh(name);
  else become_configured();
  return before;
}

/** Undoes `override`. @internal */
export function restore(name: string, saved: Saved): void {
  if (saved === undefined) delete given[name];
  else given[name] = saved.value;
  refresh(name);
}
