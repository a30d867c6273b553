/** `diffsettings`: shows the settings that are not the defaults. @module */
import { settings, Settings } from "../conf/index.ts";
import { load_settings } from "../core/management/_settings.ts";
import { BaseCommand, type CommandParser, type ParsedArguments } from "../core/management/base.ts";
import { repr } from "../utils/_python.ts";

type Shown = ReadonlyMap<string, string>;

/** Compares the settings with the defaults, or with those of another module. */
export class Command extends BaseCommand {
  static {
    this.prototype.help =
      "Shows the settings that are not the defaults. The SECRET_KEY is among them.";
    this.prototype.requires_system_checks = [];
  }

  override add_arguments(parser: CommandParser): void {
    parser.add_argument("--all", {
      action: "store_true",
      help: "All settings; those with their default behind ###.",
    });
    parser.add_argument("--default", {
      metavar: "PATH",
      help: "Compare with the settings of this module. Default: with the defaults of the framework.",
    });
    parser.add_argument("--output", {
      default: "hash",
      choices: ["hash", "unified"],
      help: 'hash: "name = value", with ### after what the defaults do not have; unified: lines with - and +.',
    });
  }

  override async handle(_args: readonly string[], options: ParsedArguments): Promise<string> {
    const other = options["default"];
    const defaults = shown(
      new Settings(typeof other === "string" ? await load_settings(other) : {}),
    );
    const own = shown(settings);
    const names = [...own.keys()].toSorted();
    const lines = options["output"] === "unified" ? this.#unified : this.#hash;
    return names
      .flatMap((name) => lines.call(this, name, own, defaults, options["all"] === true))
      .join("\n");
  }

  #hash(name: string, own: Shown, defaults: Shown, all: boolean): string[] {
    const line = `${name} = ${own.get(name)}`;
    if (!defaults.has(name)) return [`${line}  ###`];
    if (own.get(name) !== defaults.get(name)) return [line];
    return all ? [`### ${line}`] : [];
  }

  #unified(name: string, own: Shown, defaults: Shown, all: boolean): string[] {
    const line = this.style.SUCCESS(`+ ${name} = ${own.get(name)}`);
    if (!defaults.has(name)) return [line];
    if (own.get(name) !== defaults.get(name))
      return [this.style.ERROR(`- ${name} = ${defaults.get(name)}`), line];
    return all ? [`  ${name} = ${own.get(name)}`] : [];
  }
}

/** The settings that have a value, as text; as they were given, whatever reading them makes of them. */
function shown(source: object): Shown {
  const texts = new Map<string, string>();
  for (const name of Object.keys(source)) {
    const value: unknown = Reflect.getOwnPropertyDescriptor(source, name)?.value;
    if (/^[A-Z]/.test(name) && value !== undefined) texts.set(name, text_of(value));
  }
  return texts;
}

/** A module would be pages long. */
function text_of(value: unknown): string {
  const is_module =
    typeof value === "object" &&
    value !== null &&
    Reflect.get(value, Symbol.toStringTag) === "Module";
  return is_module ? "<module>" : repr(value);
}
