/** What commands are made of (Django docs: Writing custom django-admin commands). @module */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { settings } from "../../conf/index.ts";
import { error_stack } from "../../utils/_error_text.ts";
import type { Awaitable } from "../../utils/deprecation.ts";
import { check_error, report } from "../checks/_report.ts";
import { run_checks, type RunChecksOptions } from "../checks/registry.ts";
import { ImproperlyConfigured } from "../exceptions.ts";
import { CommandError, SystemCheckError } from "./_errors.ts";
import { type Output, OutputWrapper } from "./_output.ts";
import { CommandParser, type ParsedArguments } from "./_parser.ts";
import { ENVIRONMENT_VARIABLE, setup } from "./_settings.ts";
import { color_style, no_style, type Style } from "./_style.ts";

export { CommandError, type CommandErrorOptions, SystemCheckError } from "./_errors.ts";
export { type Output, OutputWrapper, type WriteOptions } from "./_output.ts";
export {
  type ArgumentOptions,
  CommandParser,
  type CommandParserOptions,
  type ParsedArguments,
} from "./_parser.ts";

/** For `requires_system_checks`: all of them. */
export const ALL_CHECKS = "__all__";

/** Options of the constructors of commands. */
export interface BaseCommandOptions {
  /** Default: standard output. */
  stdout?: Output | undefined;
  /** Default: standard error. */
  stderr?: Output | undefined;
  no_color?: boolean | undefined;
  force_color?: boolean | undefined;
}

/** Options of `BaseCommand.check`. */
export interface CheckOptions extends RunChecksOptions {
  /** Say how many messages there are, even if none. Default `false`. */
  display_num_errors?: boolean | undefined;
  /** From which level on the command must not run. Default `ERROR`. */
  fail_level?: number | undefined;
}

/** A command. A subclass has `handle`, and declares its arguments in `add_arguments`. */
export abstract class BaseCommand {
  /** What `--help` says. */
  declare help: string;
  /** Which checks must pass before `handle`: `ALL_CHECKS` (default), or tags. */
  declare requires_system_checks: typeof ALL_CHECKS | readonly string[];
  /** Whether there must be settings. Default `true`. */
  declare requires_settings: boolean;
  /** What to say if there are no arguments at all. Default: the first that is missing. */
  declare missing_args_message: string | undefined;
  stdout: OutputWrapper;
  stderr: OutputWrapper;
  style: Style;
  /** How the program was called, if it was. */
  protected _argv: readonly string[] | undefined;

  static {
    this.prototype.help = "";
    this.prototype.requires_system_checks = ALL_CHECKS;
    this.prototype.requires_settings = true;
    this.prototype.missing_args_message = undefined;
  }

  constructor(options: BaseCommandOptions = {}) {
    const { stdout = process.stdout, stderr = process.stderr, no_color, force_color } = options;
    this.stdout = new OutputWrapper(stdout);
    this.stderr = new OutputWrapper(stderr);
    this.style = no_color ? no_style() : color_style({ force_color });
  }

  /** What the command does; text that it gives is printed. */
  abstract handle(args: readonly string[], options: ParsedArguments): Awaitable<string | void>;

  /** Declares the arguments of the command. One called `args` is handed to `handle` first. */
  add_arguments(_parser: CommandParser): void {}

  /** The version of the framework. A command of a site's own may give its own. */
  get_version(): string {
    const file = new URL("../../../package.json", import.meta.url);
    return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version; // the package's own
  }

  /** A parser that knows the arguments of all commands, and those of this one. */
  create_parser(prog_name: string, subcommand: string): CommandParser {
    const { missing_args_message } = this;
    const parser = new CommandParser({
      prog: `${basename(prog_name)} ${subcommand}`,
      description: this.help,
      missing_args_message,
    });
    this.add_arguments(parser);
    parser.add_argument("--settings", {
      metavar: "PATH",
      help: `The settings module: mysite/settings.ts. Default: the environment variable ${ENVIRONMENT_VARIABLE}.`,
    });
    parser.add_argument("--verbosity", "-v", {
      default: 1,
      choices: ["0", "1", "2", "3"],
      type: Number,
      help: "How much to say.",
    });
    if (this.requires_system_checks.length > 0)
      parser.add_argument("--skip-checks", {
        action: "store_true",
        help: "Leave out the system checks.",
      });
    parser.add_argument("--traceback", {
      action: "store_true",
      help: "Show where an error comes from.",
    });
    parser.add_argument("--no-color", { action: "store_true", help: "No colours." });
    parser.add_argument("--force-color", { action: "store_true", help: "Colours in any case." });
    parser.add_argument("--version", { action: "store_true", help: "Show the version." });
    parser.add_argument("--help", "-h", { action: "store_true", help: "Show this help." });
    return parser;
  }

  print_help(prog_name: string, subcommand: string): void {
    this.stdout.write(this.create_parser(prog_name, subcommand).format_help());
  }

  /**
   * Runs the command as it was called: `["nuages", "check", "--deploy"]`. A `CommandError` is printed, and its status
   * becomes that of the program; with `--traceback`, and for every other error, the stack is printed too.
   */
  async run_from_argv(argv: readonly string[]): Promise<void> {
    const [program = "nuages", subcommand = "", ...args] = argv;
    this._argv = argv;
    let traceback = args.includes("--traceback");
    try {
      const { args: own = [], ...options } = this.create_parser(program, subcommand).parse_args(
        args,
      );
      traceback = options["traceback"] === true;
      if (options["help"]) return this.print_help(program, subcommand);
      if (options["version"]) return this.stdout.write(this.get_version());
      if (typeof options["settings"] === "string")
        process.env[ENVIRONMENT_VARIABLE] = options["settings"];
      await setup();
      await this.execute(own as string[], options); // what the parser put together
    } catch (error) {
      this.#fail(error, traceback);
    }
  }

  #fail(error: unknown, traceback: boolean): void {
    const style_func = this.style.ERROR;
    process.exitCode = error instanceof CommandError ? error.returncode : 1;
    const is_told = error instanceof CommandError || error instanceof ImproperlyConfigured;
    if (traceback || !is_told) return this.stderr.write(error_stack(error), { style_func });
    if (error instanceof SystemCheckError) this.stderr.write(`SystemCheckError: ${error.message}`); // has its own colours
    else this.stderr.write(`${error.name}: ${error.message}`, { style_func });
  }

  /**
   * Runs the checks that the command needs, and then the command.
   * @throws CommandError without settings, if it needs some; SystemCheckError if the checks find an error.
   */
  async execute(args: readonly string[], options: ParsedArguments): Promise<string | undefined> {
    if (options["force_color"] && options["no_color"])
      throw new CommandError("--no-color and --force-color contradict each other.");
    if (options["force_color"]) this.style = color_style({ force_color: true });
    else if (options["no_color"]) this.style = no_style();
    if (this.requires_settings && !settings.configured)
      throw new CommandError(
        `There are no settings. Set the environment variable ${ENVIRONMENT_VARIABLE} or --settings to the path of the settings module: mysite/settings.ts, say.`,
      );
    const checks = this.get_check_kwargs(options);
    if (checks !== undefined && options["skip_checks"] !== true) this.check(checks);
    const output = await this.handle(args, options);
    if (typeof output !== "string" || output === "") return undefined;
    this.stdout.write(output);
    return output;
  }

  /** Which checks run before the command; `undefined`: none. */
  get_check_kwargs(_options: ParsedArguments): CheckOptions | undefined {
    const { requires_system_checks: required } = this;
    if (required.length === 0) return undefined;
    return required === ALL_CHECKS ? {} : { tags: required };
  }

  /**
   * Runs the system checks, and writes what they find to standard error.
   * @throws SystemCheckError from `fail_level` on.
   */
  check(options: CheckOptions = {}): void {
    const { display_num_errors, fail_level, ...which } = options;
    const { ERROR, WARNING } = this.style;
    const found = report(run_checks(which), {
      display_num_errors,
      fail_level,
      emphasize: (text, message) => (message.is_serious() ? ERROR(text) : WARNING(text)),
    });
    if (found.is_failure) throw check_error(found);
    if (found.text === "") return;
    if (found.count > 0) this.stderr.write(found.text);
    else this.stdout.write(found.text);
  }
}

/** A command that does something with each of its arguments. A subclass has `handle_label`. */
export abstract class LabelCommand extends BaseCommand {
  /** What an argument is called. */
  declare label: string;

  static {
    this.prototype.label = "label";
  }

  override add_arguments(parser: CommandParser): void {
    parser.add_argument("args", { metavar: this.label, nargs: "+" });
  }

  /** What the command does with one argument. */
  abstract handle_label(label: string, options: ParsedArguments): Awaitable<string | void>;

  override async handle(labels: readonly string[], options: ParsedArguments): Promise<string> {
    const output: string[] = [];
    for (const label of labels) {
      const text = await this.handle_label(label, options);
      if (text) output.push(text);
    }
    return output.join("\n");
  }
}
