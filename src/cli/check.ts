/** `check`: looks for mistakes in the project. @module */
import {
  BaseCommand,
  CommandError,
  type CommandParser,
  type ParsedArguments,
} from "../core/management/base.ts";
import * as levels from "../core/checks/messages.ts";
import { registry } from "../core/checks/registry.ts";

const LEVELS: Readonly<Record<string, number>> = {
  CRITICAL: levels.CRITICAL,
  ERROR: levels.ERROR,
  WARNING: levels.WARNING,
  INFO: levels.INFO,
  DEBUG: levels.DEBUG,
};

/** Runs the system checks. */
export class Command extends BaseCommand {
  static {
    this.prototype.help = "Looks for mistakes in the project.";
    this.prototype.requires_system_checks = [];
  }

  override add_arguments(parser: CommandParser): void {
    parser.add_argument("--tag", "-t", {
      action: "append",
      dest: "tags",
      metavar: "TAG",
      help: "Only the checks with this tag. May be given more than once.",
    });
    parser.add_argument("--list-tags", {
      action: "store_true",
      help: "List the tags; with --deploy also those of the checks for deployment.",
    });
    parser.add_argument("--deploy", {
      action: "store_true",
      help: "With the checks of the settings for deployment.",
    });
    parser.add_argument("--fail-level", {
      default: "ERROR",
      choices: Object.keys(LEVELS),
      help: "From which level on the exit status is 1. Default ERROR.",
    });
  }

  /** @throws CommandError for a tag that no check has; SystemCheckError from the fail level on. */
  override handle(_args: readonly string[], options: ParsedArguments): string | undefined {
    const include_deployment_checks = options["deploy"] === true;
    const available = registry.tags_available({ deployment_checks: include_deployment_checks });
    if (options["list_tags"]) return [...available].toSorted().join("\n");
    const tags = Array.isArray(options["tags"]) ? options["tags"].map(String) : undefined;
    const unknown = tags?.find((tag) => !available.has(tag));
    if (unknown !== undefined) throw new CommandError(`No check has the tag ${unknown}.`);
    this.check({
      tags,
      include_deployment_checks,
      display_num_errors: true,
      fail_level: LEVELS[String(options["fail_level"])],
    });
    return undefined;
  }
}
