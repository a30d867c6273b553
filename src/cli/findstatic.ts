/** `findstatic`: tells where static files are. @module */
import { realpath } from "node:fs/promises";
import { find, searched_locations } from "../contrib/staticfiles/finders.ts";
import { type CommandParser, LabelCommand, type ParsedArguments } from "../core/management/base.ts";

/** Looks for static files as the site does. */
export class Command extends LabelCommand {
  static {
    this.prototype.help = "Tells where static files are.";
    this.prototype.label = "staticfile";
  }

  override add_arguments(parser: CommandParser): void {
    super.add_arguments(parser);
    parser.add_argument("--first", {
      action: "store_false",
      dest: "all",
      help: "Only the first place of each, which is the one that counts.",
    });
  }

  override async handle_label(path: string, options: ParsedArguments): Promise<string | undefined> {
    const verbosity = Number(options["verbosity"]);
    const found = await find(path, { find_all: options["all"] === true });
    const files = await Promise.all([found ?? []].flat().map((file) => realpath(file)));
    const searched =
      verbosity >= 2 ? `\nLooked in these directories:\n  ${searched_locations.join("\n  ")}` : "";
    if (files.length === 0) {
      if (verbosity >= 1) this.stderr.write(`There is no static file ${path}.${searched}`);
      return undefined;
    }
    if (verbosity < 1) return files.join("\n");
    return `${path} is here:\n  ${files.join("\n  ")}${searched}`;
  }
}
