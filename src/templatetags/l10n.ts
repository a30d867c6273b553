/** Filters for numbers and dates with and without separators (Django docs: Format localization). @module */
import { as_safe_as, type Text } from "../template/_filter_values.ts";
import { str } from "../utils/_python.ts";
import { localize as localized } from "../utils/formats.ts";

/** A number or a date in the form that the settings name. */
export function localize(value: unknown): Text {
  return as_safe_as(value, str(localized(value)));
}

/** A number as it is, without the separators of the settings. */
export function unlocalize(value: unknown): Text {
  return as_safe_as(value, str(localized(value, { use_l10n: false })));
}
