/** Comma-separated values. @module */

/** One line (RFC 4180): what holds a comma, a quote or a line break is quoted. */
export function csv_row(...values: readonly (string | number)[]): string {
  return `${values.map(csv_field).join(",")}\r\n`;
}

function csv_field(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
