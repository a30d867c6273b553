/** Whether the settings of static files go together. @module */
import { settings } from "../../conf/index.ts";
import { ImproperlyConfigured } from "../../core/exceptions.ts";

/** Options of `check_settings`. */
export interface CheckSettingsOptions {
  /** The URL of static files. Default `settings.STATIC_URL`. */
  base_url?: string | null | undefined;
}

/**
 * Complains of settings that would mix static files with uploaded ones.
 * @throws ImproperlyConfigured if there is no `STATIC_URL`, or it or `STATIC_ROOT` is in the way of its MEDIA sibling.
 */
export function check_settings(options: CheckSettingsOptions = {}): void {
  const { STATIC_URL, MEDIA_URL, STATIC_ROOT, MEDIA_ROOT, DEBUG } = settings;
  const base_url = options.base_url ?? STATIC_URL;
  if (!base_url)
    throw new ImproperlyConfigured('Static files need STATIC_URL, such as "/static/".');
  if (MEDIA_URL === base_url)
    throw new ImproperlyConfigured(`STATIC_URL and MEDIA_URL are both ${base_url}. Change one.`);
  if (DEBUG && MEDIA_URL && STATIC_URL && MEDIA_URL.startsWith(STATIC_URL))
    throw new ImproperlyConfigured(
      `MEDIA_URL (${MEDIA_URL}) lies below STATIC_URL (${STATIC_URL}): uploaded files could not be served.`,
    );
  if (MEDIA_ROOT && STATIC_ROOT && MEDIA_ROOT === STATIC_ROOT)
    throw new ImproperlyConfigured(
      `STATIC_ROOT and MEDIA_ROOT are both ${STATIC_ROOT}. Change one.`,
    );
}
