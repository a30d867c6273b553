/** Messages in the language they are written in: there are no catalogues. @module */
import { type Lazy, lazy } from "./functional.ts";

/** The message in the active language: the message itself, with line breaks as `\n`. */
export function gettext(message: string): string {
  return message.includes("\r") ? message.replace(/\r\n?/g, "\n") : message;
}

/** The same as `gettext`, for a message that is to be translated elsewhere. */
export function gettext_noop<T extends string>(message: T): T {
  return message;
}

/** The singular for the number one, the plural for any other. */
export function ngettext(singular: string, plural: string, number: number): string {
  return number === 1 ? singular : plural;
}

/** `gettext` for a message that means different things in different contexts. */
export function pgettext(_context: string, message: string): string {
  return gettext(message);
}

/** `ngettext` with a context. */
export function npgettext(
  _context: string,
  singular: string,
  plural: string,
  number: number,
): string {
  return ngettext(singular, plural, number);
}

/** `gettext` at each use: for a text that is named before there is a request. */
export const gettext_lazy: (message: string) => Lazy<string> = lazy(gettext, String);

/** `ngettext` at each use. */
export const ngettext_lazy: (singular: string, plural: string, number: number) => Lazy<string> =
  lazy(ngettext, String);

/** `pgettext` at each use. */
export const pgettext_lazy: (context: string, message: string) => Lazy<string> = lazy(
  pgettext,
  String,
);

/** `npgettext` at each use. */
export const npgettext_lazy: (
  context: string,
  singular: string,
  plural: string,
  number: number,
) => Lazy<string> = lazy(npgettext, String);
