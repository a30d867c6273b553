/** The `Content-Disposition` header of a download (RFC 6266). @module */
import { quote } from "./_quote.ts";

const QUOTABLE = /^[\t\x20-\x7e]*$/; // RFC 9110 §5.6.4

/**
 * The header for a file name; `undefined` if there is nothing to say: no name, and to be shown in the page. A name that
 * cannot stand in quotes is sent as `filename*` alone.
 * @param as_attachment Whether the browser is to save it rather than show it.
 */
export function content_disposition_header(
  as_attachment: boolean,
  filename: string | null | undefined,
): string | undefined {
  if (filename === undefined || filename === null || filename === "")
    return as_attachment ? "attachment" : undefined;
  const disposition = as_attachment ? "attachment" : "inline";
  if (!QUOTABLE.test(filename)) return `${disposition}; filename*=utf-8''${quote(filename)}`;
  return `${disposition}; filename="${filename.replace(/[\\"]/g, "\\$&")}"`;
}
