/** Checks of what is in `contrib`. They look at settings alone: what a site does not use is not loaded for them. @module */
import { resolve } from "node:path";
import { settings } from "../../conf/index.ts";
import { repr } from "../../utils/_python.ts";
import { is_directory } from "./files.ts";
import { type CheckMessage, Error, Warning } from "./messages.ts";

/** `staticfiles.E005`. */
export function check_storages(): CheckMessage[] {
  if (!settings.is_overridden("STORAGES") || Object.hasOwn(settings.STORAGES, "staticfiles"))
    return [];
  return [new Error('STORAGES needs an entry "staticfiles".', { id: "staticfiles.E005" })];
}

/** `staticfiles.E001`, `E002`, `E003` and `W004`. */
export function check_finders(): CheckMessage[] {
  const directories: unknown = settings.STATICFILES_DIRS;
  if (!Array.isArray(directories)) {
    const msg = `STATICFILES_DIRS must be a list, not ${repr(directories)}.`;
    return [new Error(msg, { id: "staticfiles.E001" })];
  }
  return settings.STATICFILES_DIRS.flatMap((entry) =>
    typeof entry === "string" ? check_directory(entry) : check_prefixed(...entry),
  );
}

function check_prefixed(prefix: string, directory: string): CheckMessage[] {
  const found = check_directory(directory);
  if (!prefix.endsWith("/")) return found;
  const msg = `The prefix ${repr(prefix)} in STATICFILES_DIRS must not end with a slash.`;
  return [new Error(msg, { id: "staticfiles.E003" }), ...found];
}

function check_directory(directory: string): CheckMessage[] {
  const found: CheckMessage[] = [];
  const { STATIC_ROOT } = settings;
  if (STATIC_ROOT && resolve(STATIC_ROOT) === resolve(directory)) {
    const msg = "STATICFILES_DIRS must not hold STATIC_ROOT, which is for copies of what is there.";
    found.push(new Error(msg, { id: "staticfiles.E002" }));
  }
  if (!is_directory(directory)) {
    const msg = `There is no directory ${repr(directory)}, which STATICFILES_DIRS names.`;
    found.push(new Warning(msg, { id: "staticfiles.W004" }));
  }
  return found;
}

/** `sites.E101`. */
export function check_site_id(): CheckMessage[] {
  const id: unknown = settings.is_overridden("SITE_ID") ? settings.SITE_ID : null;
  if (id === null || Number.isInteger(id)) return [];
  return [new Error(`SITE_ID must be a whole number, not ${repr(id)}.`, { id: "sites.E101" })];
}
