/** Writing the files of a new project or app. @module */
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import {
  BaseCommand,
  CommandError,
  type CommandParser,
  type ParsedArguments,
} from "../core/management/base.ts";
import { repr } from "../utils/_python.ts";
import { is_identifier } from "../utils/regex_helper.ts";

/** The files to write, by their path from the new directory. */
export type Files = Readonly<Record<string, string>>;

/**
 * What `startproject` and `startapp` have in common. The files are those of the framework: there are no templates to be
 * given, and so no archives, which may hold paths that lead elsewhere.
 */
export abstract class TemplateCommand extends BaseCommand {
  static {
    this.prototype.requires_system_checks = [];
    this.prototype.requires_settings = false;
  }

  override add_arguments(parser: CommandParser): void {
    parser.add_argument("name", { help: "Letters, digits and underscores." });
    parser.add_argument("directory", {
      nargs: "?",
      help: "Where the files go. Default: a new directory of that name.",
    });
    parser.add_argument("--template", {
      help: "Not supported: no archive and no directory is read. Copy the files instead.",
    });
  }

  /** The files of a project or an app of that name. */
  abstract files(name: string): Files;

  /** @throws CommandError for a name that is none, and rather than replace a file. */
  override async handle(_args: readonly string[], options: ParsedArguments): Promise<void> {
    const { name: given, directory, template, verbosity } = options;
    const name = checked(String(given));
    if (typeof template === "string")
      throw new CommandError(
        `--template is not supported, neither a directory nor an archive. Copy ${repr(template)} by hand.`,
      );
    const top = resolve(typeof directory === "string" ? directory : name);
    if (typeof directory !== "string" && existsSync(top))
      throw new CommandError(`${top} exists already; name a directory to put the files into one.`);
    const files = Object.entries(this.files(name)).map(
      ([path, content]) => [join(top, path), content] as const,
    );
    const taken = files.find(([path]) => existsSync(path));
    if (taken !== undefined)
      throw new CommandError(
        `${taken[0]} exists already, and is not replaced. Nothing was written.`,
      );
    for (const [path, content] of files) {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, content, { flag: "wx" });
      if (Number(verbosity) >= 2) this.stdout.write(path);
    }
  }
}

function checked(name: string): string {
  if (is_identifier(name) && name.toLowerCase() !== "nuages") return name;
  throw new CommandError(
    `${repr(name)} cannot be the name: use letters, digits and underscores, no digit first, and not the name of the framework.`,
  );
}
