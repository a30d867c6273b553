/** Settings in other forms than the running program's: read from a module, or laid over others. @module */
import { AttributeError, ImproperlyConfigured } from "../core/exceptions.ts";
import { define_repr, repr } from "../utils/_python.ts";
import { defaults, no_values, type Values } from "./_registry.ts";
import type { Settings as SettingTypes } from "./global_settings.ts";

const LISTS = [
  "ALLOWED_HOSTS",
  "INSTALLED_APPS",
  "SECRET_KEY_FALLBACKS",
  "LOCALE_PATHS",
  "MIDDLEWARE",
  "TEMPLATES",
];

/** The names and types of the settings; see `global_settings`. */
// oxlint-disable-next-line typescript/no-unsafe-declaration-merging -- the constructor assigns every setting
export interface Settings extends SettingTypes {}

/**
 * The settings of a module over the defaults: `new Settings(await import("./settings.ts"))`. Only upper-case names count.
 * What came of it may be given to `settings.configure`.
 */
export class Settings {
  static {
    define_repr(this.prototype, () => "<Settings>"); // their values are nobody's business
  }

  readonly #explicit: ReadonlySet<string>;

  /** @throws ImproperlyConfigured for text where a list belongs. */
  constructor(settings_module: object) {
    const given = Object.entries(settings_module).filter(([name]) =>
      /^[A-Z][A-Z0-9_]*$/.test(name),
    );
    for (const [name, value] of given) {
      if (LISTS.includes(name) && typeof value === "string")
        throw new ImproperlyConfigured(
          `The setting ${name} must be a list, not the text ${repr(value)}.`,
        );
    }
    this.#explicit = new Set(given.map(([name]) => name));
    Object.assign(this, defaults, Object.fromEntries(given));
  }

  /** Whether the module gives the setting. */
  is_overridden(setting: string): boolean {
    return this.#explicit.has(setting);
  }
}

/** Settings laid over others: what is set here hides what is there, and what is deleted here is gone. */
// oxlint-disable-next-line typescript/no-unsafe-declaration-merging -- the proxy answers for every setting
export interface UserSettingsHolder extends Partial<SettingTypes> {}

/** Lays settings over others, without changing them. */
export class UserSettingsHolder {
  /** @param default_settings What is below. */
  constructor(default_settings: object) {
    const own = no_values();
    const deleted = new Set<string>();
    const below = default_settings as Values; // settings are read by name
    const is_overridden = (setting: string): boolean =>
      setting in own || deleted.has(setting) || is_given(below, setting);
    return new Proxy(this, {
      get(_target, name) {
        if (name === "is_overridden") return is_overridden;
        if (typeof name === "symbol") return undefined;
        if (name in own) return own[name];
        if (deleted.has(name)) throw new AttributeError(`The setting ${name} was deleted here.`);
        return below[name];
      },
      set(_target, name, value: unknown) {
        deleted.delete(String(name));
        own[String(name)] = value;
        return true;
      },
      deleteProperty(_target, name) {
        deleted.add(String(name));
        delete own[String(name)];
        return true;
      },
      has: (_target, name) => !deleted.has(String(name)) && (name in own || name in below),
    });
  }

  /** Whether the setting was set or deleted here, or is overridden below. */
  declare is_overridden: (setting: string) => boolean;
}

function is_given(settings: Values, setting: string): boolean {
  const ask = settings["is_overridden"];
  return typeof ask === "function" && (ask as (name: string) => boolean).call(settings, setting);
}
