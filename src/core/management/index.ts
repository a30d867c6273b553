/** The command line (Django docs: django-admin and manage.py). @module */
import { existsSync, readdirSync } from "node:fs";
import { basename, join, parse } from "node:path";
import { settings } from "../../conf/index.ts";
import { repr } from "../../utils/_python.ts";
import { BaseCommand, CommandError } from "./base.ts";
import { ENVIRONMENT_VARIABLE, import_module, setup } from "./_settings.ts";

export { BaseCommand, CommandError, CommandParser, SystemCheckError } from "./base.ts";

type CommandClass = new () => BaseCommand;

/** The commands that come with the framework. Each is loaded when it is used. */
const OWN: Readonly<Record<string, () => Promise<{ Command: CommandClass }>>> = {
  check: () => import("../../cli/check.ts"),
  diffsettings: () => import("../../cli/diffsettings.ts"),
  findstatic: () => import("../../cli/findstatic.ts"),
  openapi: () => import("../../cli/openapi.ts"),
  runserver: () => import("../../cli/runserver.ts"),
  startapp: () => import("../../cli/startapp.ts"),
  startproject: () => import("../../cli/startproject.ts"),
  urls: () => import("../../cli/urls.ts"),
};

/** The name of the place of the commands that come with the framework. */
const FRAMEWORK = "nuages";

/** The names of the commands in a folder `management`: those of the modules in its folder `commands`. */
export function find_commands(management_dir: string): string[] {
  const directory = join(management_dir, "commands");
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .filter((file) => /^[^_.].*\.[cm]?[jt]s$/.test(file) && !/\.d\.[cm]?ts$/.test(file))
    .map((file) => parse(file).name)
    .toSorted();
}

/** The commands, each with the directory of the app it is in; with the name of the framework, if it came with that. */
export function get_commands(): Map<string, string> {
  const commands = new Map(Object.keys(OWN).map((name) => [name, FRAMEWORK]));
  const apps = settings.configured ? settings.INSTALLED_APPS : [];
  for (const app of apps.toReversed())
    for (const name of find_commands(join(app, "management"))) commands.set(name, app);
  return commands;
}

/**
 * The command of that name: what the module `management/commands/<name>` of the app exports as `Command`.
 * @throws CommandError if there is none.
 */
export async function load_command_class(app_name: string, name: string): Promise<BaseCommand> {
  const own = app_name === FRAMEWORK && Object.hasOwn(OWN, name) ? OWN[name] : undefined;
  if (own !== undefined) return new (await own()).Command();
  const module = await import_module(join(app_name, "management", "commands", name));
  const { Command } = module;
  if (typeof Command === "function" && Command.prototype instanceof BaseCommand)
    return new (Command as CommandClass)();
  throw new CommandError(`The command ${name} of ${app_name} exports no class Command.`);
}

async function fetch_command(name: string): Promise<BaseCommand> {
  const commands = get_commands();
  const app = commands.get(name);
  if (app !== undefined) return load_command_class(app, name);
  throw new CommandError(
    `There is no command ${repr(name)}. There are ${[...commands.keys()].toSorted().join(", ")}${settings.configured ? "." : `; with settings (--settings, ${ENVIRONMENT_VARIABLE}) perhaps more.`}`,
    { returncode: 2 },
  );
}

/**
 * Runs a command: `await call_command("check", { deploy: true })`, or `call_command("check", "--deploy")`. What it prints, it
 * gives too. The system checks do not run first, but with `{ skip_checks: false }`.
 * @throws CommandError if there is no such command, or it fails; TypeError for an option that it does not have.
 */
export async function call_command(
  command_name: string | BaseCommand,
  ...args: [...args: unknown[], options: Readonly<Record<string, unknown>>] | unknown[]
): Promise<string | undefined> {
  const is_name = typeof command_name === "string";
  const command = is_name ? await fetch_command(command_name) : command_name;
  const name = is_name ? command_name : command.constructor.name;
  const last = args.at(-1);
  const has_options = typeof last === "object" && last !== null && !Array.isArray(last);
  const given = has_options ? (last as Record<string, unknown>) : {}; // the options, by the type
  const words = (has_options ? args.slice(0, -1) : args).flat().map(String);
  const parser = command.create_parser("", name);
  const known = parser.known_names;
  const { args: own = [], ...options } = parser.parse_args(words);
  options["skip_checks"] = true;
  for (const [key, value] of Object.entries(given)) {
    const dest = known.get(key);
    if (dest === undefined)
      throw new TypeError(
        `The command ${name} has no option ${key}; it has ${[...known.keys()].join(", ")}.`,
      );
    options[dest] = value;
  }
  return command.execute(own as string[], options); // what the parser put together
}

/** Options of `ManagementUtility`. */
export interface ManagementUtilityOptions {
  /** The name of the program, and its arguments. Default: those of this process. */
  argv?: readonly string[] | undefined;
}

/** What stands behind the program `nuages`, and a project's `manage.ts`. */
export class ManagementUtility {
  readonly argv: readonly string[];
  readonly prog_name: string;

  constructor(options: ManagementUtilityOptions = {}) {
    this.argv = options.argv ?? process.argv.slice(1);
    this.prog_name = basename(this.argv[0] ?? "nuages").replace(/^main\.[jt]s$/, "nuages");
  }

  /** The commands, and how to learn more. */
  main_help_text(options: { commands_only?: boolean | undefined } = {}): string {
    const commands = get_commands();
    const names = [...commands.keys()].toSorted();
    if (options.commands_only) return names.join("\n");
    const lines = names.map((name) => {
      const app = commands.get(name);
      return app === FRAMEWORK ? `  ${name}` : `  ${name}  (${app})`;
    });
    const hint = settings.configured
      ? ""
      : `\n\nNo settings: see --settings and ${ENVIRONMENT_VARIABLE}.`;
    return `Usage: ${this.prog_name} command [options]\n\n${lines.join("\n")}\n\n"${this.prog_name} help <command>" tells more.${hint}`;
  }

  /** The command of that name. @throws CommandError if there is none. */
  fetch_command(subcommand: string): Promise<BaseCommand> {
    return fetch_command(subcommand);
  }

  /** Runs the command. What goes wrong is printed, and `process.exitCode` set. */
  async execute(): Promise<void> {
    const [, subcommand = "help", ...rest] = this.argv;
    read_settings_option(rest);
    try {
      await setup();
    } catch {
      // the command says so, if it needs them
    }
    try {
      await this.#run(subcommand, rest);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      process.stderr.write(`${error.message}\n`);
      process.exitCode = error.returncode;
    }
  }

  async #run(subcommand: string, rest: readonly string[]): Promise<void> {
    const print = (text: string): void => void process.stdout.write(`${text}\n`);
    if (subcommand === "help" || subcommand === "--help" || subcommand === "-h") {
      const [wanted] = rest;
      if (wanted === "--commands") return print(this.main_help_text({ commands_only: true }));
      if (wanted === undefined || wanted.startsWith("-")) return print(this.main_help_text());
      return (await fetch_command(wanted)).print_help(this.prog_name, wanted);
    }
    const is_version = subcommand === "version" || subcommand === "--version";
    const command = await fetch_command(is_version ? "check" : subcommand);
    if (is_version) return print(command.get_version());
    return command.run_from_argv([this.prog_name, subcommand, ...rest]);
  }
}

/** `--settings` counts before anything else: it may bring commands. */
function read_settings_option(args: readonly string[]): void {
  const at = args.findIndex((word) => /^--settings(?:=|$)/.test(word));
  const word = args[at];
  if (word === undefined) return;
  const path = word.includes("=") ? word.slice(word.indexOf("=") + 1) : args[at + 1];
  if (path !== undefined) process.env[ENVIRONMENT_VARIABLE] = path;
}

/**
 * Runs a command of the command line. What goes wrong is printed, and `process.exitCode` set.
 * @param argv The name of the program, the command, and its arguments. Default: those of this process.
 */
export async function execute_from_command_line(argv?: readonly string[]): Promise<void> {
  await new ManagementUtility({ argv }).execute();
}
