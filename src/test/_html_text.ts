/** HTML in one spelling, so that two can be compared: attribute order, class order and white space do not count. @module */
import { unescape_html } from "../utils/_entities.ts";

const TAG = /<!--[^]*?-->|<(\/?)([a-zA-Z][^\s/>]*)((?:"[^"]*"|'[^']*'|[^'">])*)>/g;
const ATTRIBUTE = /([^\s=/"'>]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g;

/** The HTML with names in lower case, attributes and classes sorted, comments gone and white space folded. */
export function normal_html(html: string): string {
  let normal = "";
  let end = 0;
  for (const tag of html.matchAll(TAG)) {
    const [all, slash = "", name, attributes = ""] = tag;
    normal += text(html.slice(end, tag.index));
    if (name !== undefined) normal += `<${slash}${name.toLowerCase()}${sorted(attributes)}>`;
    end = tag.index + all.length;
  }
  return (normal + text(html.slice(end))).replace(/ ?(<[^>]*>) ?/g, "$1").trim();
}

function text(between: string): string {
  return unescape_html(between).replaceAll("<", "&lt;").replace(/\s+/g, " ");
}

function sorted(attributes: string): string {
  const found = Array.from(
    attributes.matchAll(ATTRIBUTE),
    ([, name = "", double, single, bare]) => {
      const value = double ?? single ?? bare;
      const lower = name.toLowerCase();
      // A boolean attribute is set by its name alone: `checked`, `checked=""` and `checked="checked"` are one.
      if (value === undefined || value === "" || value.toLowerCase() === lower) return lower;
      return `${lower}="${lower === "class" ? value.split(/\s+/).sort().join(" ") : unescape_html(value)}"`;
    },
  );
  return found
    .sort()
    .map((attribute) => ` ${attribute}`)
    .join("");
}
