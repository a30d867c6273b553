/** Python's `str.format`, as far as texts need it. @module */
import { IndexError, KeyError, ValueError } from "../core/exceptions.ts";
import { repr, str } from "./_python.ts";

// {{, }}, {name!r:spec}, or a brace that stands alone
const FIELD = /\{\{|\}\}|\{([^{}!:]*)(?:!([sra]))?(?::([^{}]*))?\}|[{}]/g;
const SPEC = /^(?:(.)?([<>^]))?(\d+)?(?:\.(\d+))?s?$/su;

/**
 * The text with each `{}`, `{0}` or `{name}` replaced by the value; `{{` is a brace. A width, an alignment and a
 * precision may follow: `{:>10}`.
 * @throws IndexError or KeyError for a value that was not given; ValueError for a text of the wrong form.
 */
export function format(
  format_string: string,
  args: readonly unknown[],
  kwargs: Readonly<Record<string, unknown>> = {},
): string {
  let next = 0;
  let numbered: boolean | undefined;
  const lookup = (name: string): unknown => {
    if (!/^\d*$/.test(name)) return named(name, kwargs);
    if (numbered !== undefined && numbered !== (name !== ""))
      throw new ValueError(`${repr(format_string)} mixes {} and {0}; use one of them.`);
    numbered = name !== "";
    const index = numbered ? Number(name) : next++;
    if (index < args.length) return args[index];
    throw new IndexError(
      `${repr(format_string)} asks for value ${index}, but there are ${args.length}.`,
    );
  };
  return format_string.replace(FIELD, (found, name?: string, conversion?: string, spec = "") => {
    if (found === "{{" || found === "}}") return found.charAt(0);
    if (name === undefined)
      throw new ValueError(`${repr(format_string)} has a single ${found}; write it twice.`);
    const value = lookup(name);
    return pad(conversion === undefined || conversion === "s" ? str(value) : repr(value), spec);
  });
}

function named(name: string, kwargs: Readonly<Record<string, unknown>>): unknown {
  if (!Object.hasOwn(kwargs, name)) throw new KeyError(name);
  return kwargs[name];
}

function pad(text: string, spec: string): string {
  if (spec === "") return text;
  const found = SPEC.exec(spec);
  if (found === null) throw new ValueError(`${repr(spec)} is no format of a text.`);
  const [, fill = " ", align = "<", width = "0", precision] = found;
  const characters = Array.from(text);
  const kept = precision === undefined ? characters : characters.slice(0, Number(precision));
  const missing = Math.max(0, Number(width) - kept.length);
  const before = align === "<" ? 0 : align === ">" ? missing : Math.floor(missing / 2);
  return fill.repeat(before) + kept.join("") + fill.repeat(missing - before);
}
