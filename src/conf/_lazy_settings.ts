/** `LazySettings`: settings that are given once, read under their names, and may be changed. @module */
import { AttributeError, ImproperlyConfigured, RuntimeError } from "../core/exceptions.ts";
import { define_repr } from "../utils/_python.ts";
import { task } from "../utils/_task.ts";
import {
  check,
  check_name,
  check_together,
  defaults,
  known,
  no_values,
  on_default,
  unknown_name,
  type Values,
} from "./_registry.ts";
import type { Settings } from "./global_settings.ts";

/** A value that was given, kept to be restored; `undefined`: the default. @internal */
export type Saved = { readonly value: unknown } | undefined;

// A relative one follows the script prefix.
const PREFIXED: ReadonlySet<string> = new Set(["STATIC_URL", "MEDIA_URL"]);

/** What stands behind the names: the values that were given, and those that can be read at once. */
class Store {
  /** What can be read at once; a name that is missing is worked out, or refused. */
  readonly values: Values = no_values();
  readonly given: Values = no_values();
  configured = false;
  readonly #changed: (name: string) => void;

  constructor(changed: (name: string) => void) {
    this.#changed = changed;
    on_default((name) => {
      if (this.configured) this.#refresh(name);
    });
  }

  /** The value that was given, or the default. */
  current(name: string): unknown {
    return name in this.given ? this.given[name] : defaults[name];
  }

  #refresh(name: string): void {
    const value = this.current(name);
    const is_empty_key = name === "SECRET_KEY" && String(value) === "";
    if (value === undefined || is_empty_key || PREFIXED.has(name)) delete this.values[name];
    else this.values[name] = value;
    this.#changed(name);
  }

  #become_configured(): void {
    this.configured = true;
    for (const name of known) this.#refresh(name);
  }

  configure(options: Readonly<Values>): void {
    if (this.configured)
      throw new RuntimeError("The settings are configured already; assign a setting to change it.");
    for (const [name, value] of Object.entries(options)) check(name, value);
    check_together(options);
    for (const [name, value] of Object.entries(options))
      if (value !== undefined) this.given[name] = value;
    this.#become_configured();
  }

  /** Sets without a look at the value's type; `undefined` takes the setting back to its default. */
  override(name: string, value: unknown): Saved {
    check_name(name);
    const before: Saved = name in this.given ? { value: this.given[name] } : undefined;
    if (value === undefined) delete this.given[name];
    else this.given[name] = value;
    if (this.configured) this.#refresh(name);
    else this.#become_configured();
    return before;
  }

  restore(name: string, saved: Saved): void {
    if (saved === undefined) delete this.given[name];
    else this.given[name] = saved.value;
    this.#refresh(name);
  }

  /** @throws ImproperlyConfigured before `configure`, or for a setting that must have a value; AttributeError otherwise. */
  missing(name: string): unknown {
    if (!/^[A-Z]/.test(name)) return undefined; // `then`, `toJSON` and other questions JavaScript asks of any object
    if (!this.configured)
      throw new ImproperlyConfigured(
        `The setting ${name} was read before the settings were configured. Call settings.configure({ … }) or serve({ … }) first.`,
      );
    if (PREFIXED.has(name)) return this.#with_script_prefix(name);
    if (name === "SECRET_KEY")
      throw new ImproperlyConfigured(
        "SECRET_KEY is missing or empty. Set it to a long random text, and keep it secret.",
      );
    if (name === "ROOT_URLCONF")
      throw new ImproperlyConfigured(
        "ROOT_URLCONF is missing, so that no URL leads anywhere. Set it to an object with urlpatterns, or call serve({ urlpatterns }).",
      );
    throw new AttributeError(
      known.has(name) ? `The setting ${name} has no value.` : unknown_name(name),
    );
  }

  #with_script_prefix(name: string): unknown {
    const value = this.current(name);
    if (typeof value === "string" && !/^(?:https?:\/\/|\/)/.test(value))
      return (task().script_prefix ?? "/") + value;
    if (value !== undefined) this.values[name] = value;
    return value;
  }

  names(): string[] {
    return [...known].filter((name) => this.current(name) !== undefined);
  }
}

const stores = new WeakMap<object, Store>();

/** The store behind settings. */
function store_of(settings: object): Store {
  const store = stores.get(settings);
  if (store === undefined) throw new TypeError("These are no settings made by LazySettings.");
  return store;
}

/** What `settings` is: every setting under its name, and these methods. */
// oxlint-disable-next-line typescript/no-unsafe-declaration-merging -- the proxy answers for every setting
export interface LazySettings extends Settings {}

// oxlint-disable-next-line typescript/no-unsafe-declaration-merging -- as above
/** Settings that are read under their names once `configure` has run (Django docs: Settings). */
export class LazySettings {
  /** @param changed Told the name of every setting that changes. @internal */
  constructor(changed: (name: string) => void = () => undefined) {
    const store = new Store(changed);
    define_repr(store.values, () => "<LazySettings>"); // what console.log finds: it looks behind the proxy
    const settings = new Proxy(store.values, handler(store)) as unknown as LazySettings; // it answers for every setting
    stores.set(settings, store);
    return settings;
  }

  /** Whether `configure` has run. */
  get configured(): boolean {
    return store_of(this).configured;
  }

  /**
   * Gives the settings their values; what is left out has Django's default.
   * @throws RuntimeError if they are configured already.
   * @throws ImproperlyConfigured for an unknown name or a value of the wrong type; TypeError for a lower-case name.
   */
  configure(options: Partial<Settings> = {}): void {
    store_of(this).configure(options as Values); // an object with the names of settings
  }

  /** Whether the setting was given a value, as opposed to having its default. */
  is_overridden(setting: string): boolean {
    return setting in store_of(this).given;
  }
}

function handler(store: Store): ProxyHandler<Values> {
  return {
    get(values, name, settings) {
      if (typeof name === "symbol") return undefined;
      const value = values[name];
      if (value !== undefined) return value;
      if (name in LazySettings.prototype)
        return Reflect.get(LazySettings.prototype, name, settings) as unknown;
      return store.missing(name);
    },
    set(_values, name, value: unknown) {
      check(String(name), value);
      store.override(String(name), value);
      return true;
    },
    deleteProperty(_values, name) {
      check_name(String(name));
      store.restore(String(name), undefined);
      return true;
    },
    has: (_values, name) => typeof name === "string" && store.current(name) !== undefined,
    ownKeys: () => store.names(),
    getOwnPropertyDescriptor(_values, name) {
      const value = typeof name === "string" ? store.current(name) : undefined;
      return value === undefined
        ? undefined
        : { configurable: true, enumerable: true, writable: true, value };
    },
    getPrototypeOf: () => LazySettings.prototype,
  };
}

/** Sets without checking the value's type; returns what `restore_in` needs. */
export function override_in(settings: LazySettings, name: string, value: unknown): Saved {
  return store_of(settings).override(name, value);
}

/** Undoes `override_in`. */
export function restore_in(settings: LazySettings, name: string, saved: Saved): void {
  store_of(settings).restore(name, saved);
}
