/** Which settings a command line is about: the module that `NUAGES_SETTINGS_MODULE` or `--settings` names. @module */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { settings, type Settings } from "../../conf/index.ts";
import { is_plain_object } from "../../utils/_python.ts";
import { CommandError } from "./_errors.ts";

/** The environment variable with the path of the settings module. */
export const ENVIRONMENT_VARIABLE = "NUAGES_SETTINGS_MODULE";

const ENDINGS = ["", ".ts", ".mts", ".js", ".mjs", ".cjs"];

/**
 * Configures the settings, unless they are: with the module that the environment names. Its settings are the names in
 * capital letters that it exports, and those in the object that it exports as `settings` or by default; or in the export
 * behind a `#`: `demo/settings.ts#demo_settings`. A module may also call `settings.configure` itself.
 * @throws CommandError if there is no such module; whatever the module throws.
 */
export async function setup(): Promise<void> {
  const named = process.env[ENVIRONMENT_VARIABLE];
  if (settings.configured || named === undefined || named === "") return;
  const given = await load_settings(named);
  if (!settings.configured) settings.configure(given);
}

/** The settings that a module exports; see `setup`. */
export async function load_settings(named: string): Promise<Partial<Settings>> {
  const [path = "", name] = named.split(/#(?=[\w$]+$)/);
  const module = await import_module(path);
  if (name !== undefined) return object_in(module, name, named);
  const constants = Object.entries(module).filter(([key]) => /^[A-Z][A-Z0-9_]*$/.test(key));
  const whole = ["default", "settings"].map((key) => module[key]).filter(is_plain_object);
  return Object.assign({}, ...whole, Object.fromEntries(constants)) as Partial<Settings>; // `configure` looks at each
}

function object_in(module: Record<string, unknown>, name: string, named: string): object {
  const found = module[name];
  if (is_plain_object(found)) return found;
  throw new CommandError(`The settings module exports no object ${name}: ${named}`);
}

/**
 * Imports a module by its path from the working directory, whose ending may be left out, or by its `file:` URL.
 * @param who_takes What was given the path, for the message.
 * @throws CommandError if there is no such file.
 */
export async function import_module(
  path: string,
  who_takes: string = `${ENVIRONMENT_VARIABLE} and --settings take`,
): Promise<Record<string, unknown>> {
  const url = url_of(path, who_takes);
  if (/\.[cm]?ts$/.test(url)) await learn_typescript();
  return (await import(url)) as Record<string, unknown>; // a module is its names
}

function url_of(path: string, who_takes: string): string {
  if (path.startsWith("file:")) return path;
  const found = ENDINGS.map((ending) => resolve(path + ending)).find((file) => existsSync(file));
  if (found !== undefined) return pathToFileURL(found).href;
  throw new CommandError(
    `There is no module ${resolve(path)}. ${who_takes} a path from the working directory, such as mysite/settings.ts.`,
  );
}

let has_learned = false;

/** Has the tsx of the project read TypeScript, where Node does not and no loader was given to it. */
async function learn_typescript(): Promise<void> {
  const { typescript } = process.features as { typescript?: string | false }; // Node 22.10 and newer say so
  const flags = [...process.execArgv, process.env["NODE_OPTIONS"] ?? ""].join(" ");
  if (has_learned || typescript || /tsx|ts-node|swc|esbuild|jiti/.test(flags)) return;
  const { resolve: find } = createRequire(resolve("package.json"));
  let tsx: string;
  try {
    tsx = find("tsx");
  } catch (cause) {
    const message = `Node ${process.versions.node} does not read TypeScript. npm install --save-dev tsx, or use Node 22.18 or newer.`;
    throw new CommandError(message, { cause });
  }
  await import(pathToFileURL(tsx).href); // does what `node --import tsx` does
  has_learned = true;
}
