/** Keys of template fragments (Django docs: "Template fragment caching"). @module */
import { str } from "../../utils/_python.ts";
import { md5 } from "./backends/_keys.ts";

/** `%s` are the fragment's name and the digest of what it varies on. */
export const TEMPLATE_FRAGMENT_KEY_TEMPLATE = "template.cache.%s.%s";

/** Options of `make_template_fragment_key`. */
export interface TemplateFragmentKeyOptions {
  /** The values that the `cache` tag was given after the name. */
  vary_on?: Iterable<unknown> | null | undefined;
}

/** The key under which the `cache` tag keeps the fragment. */
export function make_template_fragment_key(
  fragment_name: string,
  options: TemplateFragmentKeyOptions = {},
): string {
  const parts = Array.from(options.vary_on ?? [], (value) => netstring(str(value)));
  return `template.cache.${fragment_name}.${md5(...parts)}`;
}

/** `<bytes>:<text>,`: texts put one after the other so that no two lists look alike. @internal */
export function netstring(text: string): string {
  return `${Buffer.byteLength(text)}:${text},`;
}
