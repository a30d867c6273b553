/** Where bytes stop being UTF-8 and text stops being well-formed. @module */

/** Finds a surrogate that is not one of a pair: such text has no bytes in any Unicode charset. */
export const LONE_SURROGATE: RegExp = /[\ud800-\udfff]/u;

/** A run of bytes that is no character: from `start` up to, not including, `end`. */
export interface InvalidBytes {
  readonly start: number;
  readonly end: number;
}

/** The lowest and highest byte that may follow a lead byte (Unicode Standard, table 3-7). */
function second_byte(lead: number): readonly [lowest: number, highest: number] {
  switch (lead) {
    case 0xe0:
      return [0xa0, 0xbf];
    case 0xed:
      return [0x80, 0x9f];
    case 0xf0:
      return [0x90, 0xbf];
    case 0xf4:
      return [0x80, 0x8f];
    default:
      return [0x80, 0xbf];
  }
}

function length_of(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead <= 0xdf) return 2;
  if (lead >= 0xe0 && lead <= 0xef) return 3;
  return lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
}

/** How many bytes from `at` belong together, and whether they are a whole character. */
function sequence(
  bytes: Uint8Array,
  at: number,
): { readonly length: number; readonly ok: boolean } {
  const lead = bytes[at] ?? 0;
  const wanted = length_of(lead);
  if (wanted < 2) return { length: 1, ok: wanted === 1 };
  let [lowest, highest] = second_byte(lead);
  for (let length = 1; length < wanted; length++) {
    const byte = bytes[at + length];
    if (byte === undefined || byte < lowest || byte > highest) return { length, ok: false };
    lowest = 0x80;
    highest = 0xbf;
  }
  return { length: wanted, ok: true };
}

/** The next bytes at or after `from` that are not UTF-8: as many at once as Python and browsers replace by one U+FFFD. */
export function next_invalid(bytes: Uint8Array, from: number): InvalidBytes | undefined {
  for (let at = from; at < bytes.length;) {
    if ((bytes[at] ?? 0) < 0x80) {
      at++;
      continue;
    }
    const { length, ok } = sequence(bytes, at);
    if (!ok) return { start: at, end: at + length };
    at += length;
  }
  return undefined;
}

/** Whether the text has more characters (code points) than that. */
export function is_longer(text: string, limit: number): boolean {
  if (text.length <= limit) return false;
  if (text.length > 2 * limit) return true;
  return Array.from(text).length > limit;
}
