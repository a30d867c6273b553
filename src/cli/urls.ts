/** `urls`: lists the URLs of the project. @module */
import { BaseCommand } from "../core/management/base.ts";
import { URLPattern } from "../urls/_url_pattern.ts";
import { get_resolver, type URLResolver } from "../urls/_url_resolver.ts";

/** One line of the list. */
type Row = readonly [route: string, view: string, name: string];

/** Prints all URL patterns in the order in which they are tried: the route, the view, the name for `reverse()`. */
export class Command extends BaseCommand {
  static {
    this.prototype.help = "Lists the URLs: the route, the view, and the name for reverse().";
    this.prototype.requires_system_checks = [];
  }

  override handle(): string {
    const rows = rows_below(get_resolver(), "/", []);
    const widths = [0, 1].map((column) =>
      Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)),
    );
    return rows
      .map((row) =>
        row
          .map((cell, at) => cell.padEnd(widths[at] ?? 0))
          .join("  ")
          .trimEnd(),
      )
      .join("\n");
  }
}

function rows_below(resolver: URLResolver, prefix: string, namespaces: readonly string[]): Row[] {
  return resolver.url_patterns.flatMap((item): Row[] => {
    const route = prefix + String(item.pattern).replace(/^\^/, "");
    if (item instanceof URLPattern) {
      const name = item.name === null ? "" : [...namespaces, item.name].join(":");
      return [[route, item.lookup_str, name]];
    }
    const inner = item.namespace === null ? namespaces : [...namespaces, item.namespace];
    return rows_below(item, route, inner);
  });
}
