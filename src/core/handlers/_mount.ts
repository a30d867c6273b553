/** Where a framework around us has mounted the application: Express, Connect, and what follows their manners. @module */
import type { IncomingMessage } from "node:http";
import { forced_script_name } from "./_forced_script_name.ts";
import { decode_path, is_under } from "./_paths.ts";
import { split_target, type Target } from "./_target.ts";

/** What such a framework notes on the request when it cuts the mount point off `url`. */
interface Mounted {
  /** Express: what was cut off. */
  readonly baseUrl?: unknown;
  /** What `url` was. */
  readonly originalUrl?: unknown;
}

/**
 * The mount point, decoded and without a slash at its end; `FORCE_SCRIPT_NAME` goes before what the request says.
 * @returns `undefined` if the request is not below it.
 */
export function script_name_of(
  req: IncomingMessage,
  host: string | undefined,
  target: Target,
): string | undefined {
  const forced = forced_script_name();
  if (forced !== null) return forced;
  const { originalUrl } = req as Mounted;
  if (originalUrl === undefined || originalUrl === req.url) return "";
  const { baseUrl } = req as Mounted;
  if (baseUrl === "" || typeof originalUrl !== "string") return "";
  const outer = split_target(originalUrl, host);
  if (outer === undefined) return undefined;
  const prefix = typeof baseUrl === "string" ? baseUrl : cut_off(outer.path, target.path);
  return is_under(outer.path, prefix) ? trimmed(decode_path(prefix)) : undefined;
}

/** Connect only says what the URL was: the mount point is what is missing now. */
function cut_off(outer: string, inner: string): string {
  if (outer.endsWith(inner)) return outer.slice(0, outer.length - inner.length);
  return inner === "/" ? outer : ""; // neither: the URL was rewritten
}

function trimmed(script_name: string): string {
  return script_name.replace(/\/+$/, "");
}
