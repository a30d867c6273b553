/** The settings of the running program (Django docs: Settings, "Using settings in Python code"). @module */
import { LazySettings, override_in, restore_in, type Saved } from "./_lazy_settings.ts";
import { notify } from "./_registry.ts";

export { Settings, UserSettingsHolder } from "./_holders.ts";
export { LazySettings, type Saved } from "./_lazy_settings.ts";
export { on_change, provide_default, register_setting } from "./_registry.ts";
export type {
  CacheSettings,
  MailerSettings,
  SameSite,
  SignerClass,
  UploadHandlerClass,
} from "./global_settings.ts";

/** The alias of the storage that `default_storage` stands for. */
export const DEFAULT_STORAGE_ALIAS = "default";
/** The alias of the storage of static files. */
export const STATICFILES_STORAGE_ALIAS = "staticfiles";

/** The settings. Assigning one takes effect at once; deleting one gives back its default. */
export const settings: LazySettings = new LazySettings(notify);

/** Sets without checking the value's type; returns what `restore` needs. Used by `override_settings`. @internal */
export function override(name: string, value: unknown): Saved {
  return override_in(settings, name, value);
}

/** Undoes `override`. @internal */
export function restore(name: string, saved: Saved): void {
  restore_in(settings, name, saved);
}
