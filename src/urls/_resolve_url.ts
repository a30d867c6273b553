/** `resolve_url`, which `shortcuts` exports; here also what stands below that can use it. @module */
import { is_lazy } from "../utils/_lazy.ts";
import type { AnyView } from "./_types.ts";
import { reverse } from "./base.ts";
import { NoReverseMatch } from "./exceptions.ts";

/** Options of `resolve_url`. */
export interface ResolveUrlOptions {
  /** Positional arguments of a view's URL. */
  args?: readonly unknown[] | null | undefined;
  /** Named arguments of a view's URL. */
  kwargs?: Readonly<Record<string, unknown>> | null | undefined;
}

/** What can be redirected to: a URL, the name of a view, a view, an object with a URL of its own. */
export type RedirectTarget = string | AnyView | { get_absolute_url(): string };

/**
 * The URL of a target: its own; a text that begins with `./` or `../` as it is; that of the view of this name; and if
 * there is none, the text as it is, provided that it has a `/` or a `.` in it.
 * @throws NoReverseMatch for a view without a URL, or a text that looks like the name of one.
 */
export function resolve_url(to: RedirectTarget, options: ResolveUrlOptions = {}): string {
  if (has_url(to)) return to.get_absolute_url();
  const target = is_lazy(to) ? String(to) : to;
  if (typeof target === "string" && /^\.\.?\//.test(target)) return target;
  try {
    return reverse(target, { args: options.args, kwargs: options.kwargs });
  } catch (error) {
    if (!(error instanceof NoReverseMatch)) throw error;
    if (typeof target !== "string" || !/[/.]/.test(target)) throw error;
    return target;
  }
}

function has_url(to: unknown): to is { get_absolute_url(): string } {
  return (
    ((typeof to === "object" && to !== null) || typeof to === "function") &&
    "get_absolute_url" in to
  );
}
