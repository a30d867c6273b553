/** What both kinds of SQL have in common. @module */

/** A name as SQL takes any name. */
export function quoted_name(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
