/** `CommandParser`: the arguments of a command, declared as in Django (Python docs: `argparse`, the part that is used). @module */
import { parseArgs } from "node:util";
import { CommandError } from "./_errors.ts";

/** Options of `CommandParser.add_argument`. */
export interface ArgumentOptions {
  /** `store` (default) takes a value, `append` one each time; `store_true` and `store_false` take none. */
  action?: "store" | "append" | "store_true" | "store_false" | undefined;
  /** The name among the options of the command. Default: the first long name, with `_` for `-`. */
  dest?: string | undefined;
  /** How many values a positional argument takes: one at most, any number, one at least. Default: exactly one. */
  nargs?: "?" | "*" | "+" | undefined;
  /** What there is without it. Default `null`; `false` and `true` for the two that take no value. */
  default?: unknown;
  /** The values there are. */
  choices?: readonly string[] | undefined;
  /** Makes a value of the text; what it throws is told as a mistake of the caller. */
  type?: ((text: string) => unknown) | undefined;
  /** What `--help` says about it. */
  help?: string | undefined;
  /** What `--help` calls its value. */
  metavar?: string | undefined;
}

/** Options of the `CommandParser` constructor. */
export interface CommandParserOptions {
  /** The program, for messages: `"nuages check"`. */
  prog?: string | undefined;
  /** What the command does. */
  description?: string | undefined;
  /** What to say if there are no arguments at all. */
  missing_args_message?: string | null | undefined;
}

/** What the arguments came to, by `dest`. */
export type ParsedArguments = Record<string, unknown>;

interface Argument extends ArgumentOptions {
  readonly names: readonly string[];
  readonly dest: string;
}

/** Knows the arguments of one command. */
export class CommandParser {
  readonly prog: string;
  readonly description: string | undefined;
  readonly #missing_args_message: string | undefined;
  readonly #options: Argument[] = [];
  readonly #positionals: Argument[] = [];

  constructor(options: CommandParserOptions = {}) {
    this.prog = options.prog ?? "nuages";
    this.description = options.description;
    this.#missing_args_message = options.missing_args_message ?? undefined;
  }

  /** Declares an argument: `add_argument("name")`, `add_argument("--tag", "-t", { action: "append" })`. */
  add_argument(...given: [...names: string[], options: ArgumentOptions] | string[]): void {
    const words: readonly (string | ArgumentOptions)[] = given;
    const names = words.filter((word) => typeof word === "string");
    const last = words.at(-1);
    const options = typeof last === "object" ? last : {};
    const long = names.find((name) => name.startsWith("--")) ?? names[0] ?? "";
    const dest = options.dest ?? long.replace(/^-+/, "").replaceAll("-", "_");
    const list = long.startsWith("-") ? this.#options : this.#positionals;
    list.push({ ...options, names, dest });
  }

  /** The names under which the options of the command are known: each `dest`, and each long name. */
  get known_names(): ReadonlyMap<string, string> {
    const known = new Map<string, string>();
    for (const { names, dest } of [...this.#options, ...this.#positionals])
      for (const name of [dest, ...names])
        known.set(name.replace(/^-+/, "").replaceAll("-", "_"), dest);
    return known;
  }

  /**
   * Reads the arguments. With `--help` or `--version` among them, nothing is missing.
   * @throws CommandError, status 2, for what the command does not take.
   */
  parse_args(args: readonly string[]): ParsedArguments {
    const { values, positionals } = this.#split(args);
    const parsed: ParsedArguments = {};
    for (const option of this.#options)
      parsed[option.dest] = this.#value(option, values[long_name(option)]);
    if (parsed["help"] !== true && parsed["version"] !== true) this.#assign(positionals, parsed);
    return parsed;
  }

  #split(args: readonly string[]): ReturnType<typeof parseArgs> {
    const options: Record<
      string,
      { type: "string" | "boolean"; multiple: boolean; short?: string }
    > = {};
    for (const option of this.#options) {
      const short = option.names.find((name) => /^-[^-]$/.test(name))?.slice(1);
      options[long_name(option)] = {
        type: takes_value(option) ? "string" : "boolean",
        multiple: option.action === "append",
        ...(short !== undefined && { short }),
      };
    }
    try {
      return parseArgs({ args: [...args], options, allowPositionals: true });
    } catch (error) {
      const [message = ""] = String((error as Error).message).split(". "); // parseArgs throws nothing else
      return this.error(message.replace(/\.$/, ""));
    }
  }

  #value(option: Argument, given: unknown): unknown {
    if (given === undefined) {
      const without = { store_true: false, store_false: true, store: null, append: null };
      return option.default ?? without[option.action ?? "store"];
    }
    if (option.action === "store_false") return false;
    if (option.action === "store_true") return true;
    const texts = Array.isArray(given) ? given.map(String) : [String(given)];
    const values = texts.map((text) => this.#convert(option, text));
    return option.action === "append" ? values : values[0];
  }

  #convert(argument: Argument, text: string): unknown {
    const { choices, names, type } = argument;
    const name = names.join("/");
    if (choices !== undefined && !choices.includes(text))
      this.error(`${name} is ${JSON.stringify(text)}; it may be ${choices.join(", ")}`);
    if (type === undefined) return text;
    try {
      return type(text);
    } catch (error) {
      return this.error(`${name}: ${(error as Error).message}`);
    }
  }

  #assign(given: readonly string[], parsed: ParsedArguments): void {
    const rest = [...given];
    if (this.#missing_args_message !== undefined && rest.length === 0)
      this.error(this.#missing_args_message);
    for (const argument of this.#positionals) {
      const { dest, nargs } = argument;
      if (nargs === undefined || nargs === "?") {
        const text = rest.shift();
        if (text === undefined && nargs === undefined) this.error(`${dest} is missing`);
        parsed[dest] =
          text === undefined ? (argument.default ?? null) : this.#convert(argument, text);
      } else {
        if (nargs === "+" && rest.length === 0) this.error(`${show(argument)} is missing`);
        parsed[dest] = rest.splice(0).map((text) => this.#convert(argument, text));
      }
    }
    if (rest.length > 0) this.error(`nobody asked for ${rest.join(" ")}`);
  }

  /** @throws CommandError, with the usage, status 2. */
  error(message: string): never {
    throw new CommandError(`${message}.\n${this.format_usage()}`, { returncode: 2 });
  }

  /** One line: how the command is called. */
  format_usage(): string {
    const options = this.#options.length > 0 ? ["[options]"] : [];
    return `Usage: ${[this.prog, ...options, ...this.#positionals.map(show)].join(" ")}`;
  }

  /** All that `--help` says. */
  format_help(): string {
    const all = [...this.#positionals, ...this.#options];
    const names = all.map((argument) => `  ${left_column(argument)}`);
    const width = Math.min(28, Math.max(0, ...names.map((name) => name.length)));
    const lines = all.map(({ help = "" }, at) =>
      `${(names[at] ?? "").padEnd(width)}  ${help}`.trimEnd(),
    );
    const head = [this.format_usage(), this.description].filter(Boolean).join("\n\n");
    return `${head}\n\n${lines.join("\n")}\n`;
  }
}

function takes_value({ action }: Argument): boolean {
  return action !== "store_true" && action !== "store_false";
}

function long_name({ names, dest }: Argument): string {
  return names.find((name) => name.startsWith("--"))?.slice(2) ?? dest;
}

function show({ dest, metavar = dest, nargs }: Argument): string {
  if (nargs === "?") return `[${metavar}]`;
  if (nargs === undefined) return metavar;
  return nargs === "+" ? `${metavar} [${metavar} …]` : `[${metavar} …]`;
}

function left_column(argument: Argument): string {
  const { names, metavar, dest, choices } = argument;
  if (!names[0]?.startsWith("-")) return metavar ?? dest;
  const listed = names.toReversed().join(", ");
  if (!takes_value(argument)) return listed;
  return `${listed} ${choices === undefined ? (metavar ?? dest.toUpperCase()) : `{${choices.join(",")}}`}`;
}
