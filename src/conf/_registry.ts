/** The names of settings, their defaults, and who listens to their changes. @module */
import { ImproperlyConfigured } from "../core/exceptions.ts";
import { repr } from "../utils/_python.ts";
import { closest, conflict, wrong_value } from "./_checks.ts";
import { DEFAULTS } from "./_defaults.ts";
import type { Settings } from "./global_settings.ts";

/** Values of settings by name; no prototype. */
export type Values = Record<string, unknown>;

/** An empty object for values. */
export function no_values(): Values {
  return Object.create(null) as Values; // an object without prototype is one of values
}

/** The defaults: Django's, those that modules above bring, and those of the site's own settings. */
export const defaults: Values = Object.assign(no_values(), DEFAULTS);
/** Every name there is, with or without a value. */
export const known: Set<string> = new Set(Object.keys(DEFAULTS));

const observers = new Map<string, Set<() => void>>();
const default_observers = new Set<(name: string) => void>();

/** What to say of a name that is not known. */
export function unknown_name(name: string): string {
  const near = closest(name, known);
  const hint = near === undefined ? "" : ` Did you mean ${near}?`;
  return `There is no setting ${name}.${hint} A setting of the site's own is made known with register_setting(${repr(name)}).`;
}

/** @throws TypeError for a name that is not in upper case. */
function check_case(name: string): void {
  if (name !== name.toUpperCase())
    throw new TypeError(`The name of a setting is in upper case: ${repr(name)} is not.`);
}

/** @throws TypeError for a name that is not in upper case; ImproperlyConfigured for one that is not known. */
export function check_name(name: string): void {
  check_case(name);
  if (!known.has(name)) throw new ImproperlyConfigured(unknown_name(name));
}

/** @throws what `check_name` throws; ImproperlyConfigured for a value that cannot be right. */
export function check(name: string, value: unknown): void {
  check_name(name);
  const complaint = wrong_value(name, value, DEFAULTS[name as keyof Settings]);
  if (complaint !== undefined) throw new ImproperlyConfigured(complaint);
}

/** @throws ImproperlyConfigured for settings that exclude each other. */
export function check_together(given: Readonly<Values>): void {
  const complaint = conflict(given);
  if (complaint !== undefined) throw new ImproperlyConfigured(complaint);
}

function set_default(name: string, value: unknown): void {
  known.add(name);
  defaults[name] = value;
  for (const observer of default_observers) observer(name);
}

/**
 * Makes a setting of the site's own known, with its default. Its type is added by declaration merging:
 * `declare module "nuages/conf/global_settings" { interface Settings { PAGE_SIZE: number } }`.
 * @throws TypeError if the name is not in upper case.
 */
export function register_setting(name: string, default_value?: unknown): void {
  check_case(name);
  set_default(name, default_value);
}

/** The default of a setting whose value lives above this module: a class, say. @internal */
export function provide_default<K extends keyof Settings>(name: K, value: Settings[K]): void {
  set_default(name, value);
}

/** Calls `observer` with the name of every default that is given. */
export function on_default(observer: (name: string) => void): void {
  default_observers.add(observer);
}

/** Calls `observer` whenever one of these settings changes: what caches a setting must listen. @internal */
export function on_change(names: readonly (keyof Settings)[], observer: () => void): void {
  for (const name of names) {
    const all = observers.get(name) ?? new Set();
    all.add(observer);
    observers.set(name, all);
  }
}

/** Tells the observers that a setting of the running program has changed. */
export function notify(name: string): void {
  observers.get(name)?.forEach((observer) => observer());
}
