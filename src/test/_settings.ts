/** Overriding settings for the length of a test (Django docs: Testing tools, "Overriding settings"). @module */
import { override, restore, type Saved, settings, type Settings } from "../conf/index.ts";
import { ImproperlyConfigured } from "../core/exceptions.ts";
import { setting_changed } from "../core/signals.ts";

/** What a decorator or a block may run. */
type Runnable<A extends unknown[], R> = (...args: A) => R;

/** A change that can be made, undone, or put around a function. */
export interface SettingsOverride {
  /** Makes the change. A receiver of `setting_changed` that throws undoes it. */
  enable(): void;
  /** Undoes it, and whatever was assigned to the same settings meanwhile. */
  disable(): void;
  /** The function with the change in force while it runs, to the end of its promise if it gives one. */
  <A extends unknown[], R>(fn: Runnable<A, R>): Runnable<A, R>;
}

interface Undo {
  readonly name: string;
  readonly saved: Saved;
}

/**
 * Overrides settings: `override_settings({ DEBUG: true })(fn)`, or `enable()` and `disable()` in `beforeEach` and
 * `afterEach`. Sends `setting_changed` for each.
 * @throws ImproperlyConfigured for an unknown setting, when it is enabled.
 */
export function override_settings(options: Partial<Settings> = {}): SettingsOverride {
  return make_override(() => options);
}

/** How `modify_settings` changes one list. */
export interface ListChange {
  /** Put at the end, unless there already. */
  append?: unknown;
  /** Put at the beginning, unless there already. */
  prepend?: unknown;
  /** Taken out, if there. */
  remove?: unknown;
}

/**
 * Changes settings that are lists: `modify_settings({ MIDDLEWARE: { append: TimingMiddleware } })`. Each change takes one
 * thing or a list of them.
 * @throws ImproperlyConfigured for an unknown setting or another kind of change, when it is enabled.
 */
export function modify_settings(
  options: { readonly [K in keyof Settings]?: ListChange } = {},
): SettingsOverride {
  return make_override(() => {
    const values: Record<string, unknown> = {};
    for (const [name, change] of Object.entries(options)) values[name] = changed_list(name, change);
    return values;
  });
}

function changed_list(name: string, change: ListChange): unknown[] {
  const current: unknown = name in settings ? settings[name as keyof Settings] : [];
  let list: unknown[] = Array.isArray(current) ? [...(current as unknown[])] : [];
  for (const [action, given] of Object.entries(change)) {
    const things: unknown[] = Array.isArray(given) ? given : [given];
    const fresh = things.filter((thing) => !list.includes(thing));
    if (action === "append") list = [...list, ...fresh];
    else if (action === "prepend") list = [...fresh, ...list];
    else if (action === "remove") list = list.filter((thing) => !things.includes(thing));
    else
      throw new ImproperlyConfigured(
        `modify_settings knows append, prepend and remove, not ${action} (for ${name}).`,
      );
  }
  return list;
}

function make_override(values_of: () => object): SettingsOverride {
  let undo: Undo[] | undefined;
  const enable = (): void => {
    undo = [];
    const values = values_of();
    for (const [name, value] of Object.entries(values))
      undo.push({ name, saved: override(name, value) });
    try {
      for (const [name, value] of Object.entries(values))
        setting_changed.send(null, { setting: name, value, enter: true });
    } catch (error) {
      disable();
      throw error;
    }
  };
  const disable = (): void => {
    const steps = undo ?? [];
    undo = undefined;
    for (const { name, saved } of steps.toReversed()) restore(name, saved);
    for (const { name, saved } of steps) {
      setting_changed.send_robust(null, { setting: name, value: saved?.value, enter: false });
    }
  };
  const around = <A extends unknown[], R>(fn: Runnable<A, R>): Runnable<A, R> => {
    return (...args) => {
      enable();
      let result: R;
      try {
        result = fn(...args);
      } catch (error) {
        disable();
        throw error;
      }
      if (!(result instanceof Promise)) {
        disable();
        return result;
      }
      return result.finally(disable) as R; // the same promise type: finally changes nothing of the value
    };
  };
  return Object.assign(around, { enable, disable });
}
