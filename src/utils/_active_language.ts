/** The active language of the task (Django docs: Translation, "Explicitly setting the active language"). @module */
import { settings } from "../conf/index.ts";
import { is_thenable } from "./_promise.ts";
import { run_task, task, task_to_write, use_tasks } from "./_task.ts";

/** Makes a language the active one, until the request ends or another takes its place. Nothing happens for `""`. */
export function activate(language: string | null | undefined): void {
  if (!language) return;
  use_tasks();
  task_to_write().language = to_language(language);
}

/** Goes back to `LANGUAGE_CODE`. */
export function deactivate(): void {
  delete task_to_write().language;
}

/** Switches translation off: there is no active language. */
export function deactivate_all(): void {
  use_tasks();
  task_to_write().language = null;
}

/** The active language, `LANGUAGE_CODE` unless another was activated; `null` after `deactivate_all()`. */
export function get_language(): string | null {
  const { language } = task();
  return language === undefined || !settings.USE_I18N ? settings.LANGUAGE_CODE : language;
}

/** Whether the active language is written from right to left (`LANGUAGES_BIDI`). */
export function get_language_bidi(): boolean {
  const [base = ""] = (get_language() ?? "").split("-");
  return settings.LANGUAGES_BIDI.includes(base);
}

/** Options of `override`. */
export interface OverrideOptions {
  /** Go back to `LANGUAGE_CODE` afterwards, not to the language that was active before. Default `false`. */
  deactivate?: boolean | undefined;
}

/**
 * Runs `fn` with another active language, to the end of its promise if it gives one; `null` switches translation off.
 * @example override("de", {}, () => reverse("page"))
 */
export function override<T>(language: string | null, options: OverrideOptions, fn: () => T): T {
  if (fn.constructor.name === "AsyncFunction") {
    const inner = language === null ? null : to_language(language);
    const result = run_task(fn, { language: inner });
    if (options.deactivate) deactivate();
    return result;
  }
  const state = task_to_write();
  const before = state.language;
  const restore = (): void => {
    if (before === undefined || (options.deactivate && before !== null)) delete state.language;
    else state.language = before;
  };
  state.language = language === null ? null : to_language(language);
  try {
    const result = fn();
    if (!is_thenable(result)) {
      restore();
      return result;
    }
    return Promise.resolve(result).finally(restore) as T; // T is a promise
  } catch (error) {
    restore();
    throw error;
  }
}

/** The language code of a locale name: `en_US` is `en-us`. */
export function to_language(locale: string): string {
  return locale.replace("_", "-").toLowerCase();
}

/** The locale name of a language code: `en-us` is `en_US`, `sr-latn` is `sr_Latn`. */
export function to_locale(language: string): string {
  const [base = "", ...rest] = language.toLowerCase().split("-");
  const country = rest.shift();
  if (!country) return language.slice(0, 3).toLowerCase() + language.slice(3);
  const cased = country.length > 2 ? title(country) : country.toUpperCase();
  return `${base}_${[cased, ...rest].join("-")}`;
}

function title(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
