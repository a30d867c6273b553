/** The site a case runs in: settings, URLconf, middleware, templates, files; made before it and gone after it. @module */
import { mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { override, restore, type Saved } from "nuages/conf";
import { set_log_sink } from "nuages/utils/log";
import { set_clock } from "./_clock.ts";
import { CONVERTERS } from "./_converters.ts";
import type { Area, Case, CaseFile, Json, JsonObject } from "./_format.ts";
import {
  exported,
  exported_function,
  is_callable,
  is_target,
  module_named,
  type Module,
} from "./_modules.ts";
import { bytes_of, call_member } from "./_names.ts";
import { empty_stage, Scope, type Stage } from "./_scope.ts";
import { urlconf } from "./_urlconf.ts";
import { decode } from "./_values.ts";

/** How a setting was before, so that it can be put back. */
type Undo = () => void | Promise<void>;

/** What all cases of a file share: its settings, and silence about the errors they provoke. The result undoes it. */
export function enter_area(area: Area): () => void {
  const sink = set_log_sink(() => undefined);
  const restore_settings = override_settings(base_settings(area.base_settings));
  return () => {
    restore_settings();
    set_log_sink(sink);
  };
}

function override_settings(settings: Readonly<Record<string, unknown>>): () => void {
  const saved = Object.entries(settings).map(([name, value]): [string, Saved] => [
    name,
    override(name, value),
  ]);
  return () => {
    for (const [name, before] of saved.toReversed()) restore(name, before);
  };
}

/** The file's own settings, and those that differ from Django's defaults. */
function base_settings(given: JsonObject): Record<string, unknown> {
  const scope = new Scope(empty_stage());
  const settings: Record<string, unknown> = {
    ROOT_URLCONF: { urlpatterns: [] },
    TEMPLATES: [],
    SESSION_ENGINE: optional_module("contrib/sessions/backends/signed_cookies"),
  };
  for (const [name, value] of Object.entries(given)) settings[name] = decode(value, scope);
  return settings;
}

/** Makes the site of a case; what comes back takes it down again. */
export async function set_up(script: Case, stage: Stage): Promise<() => Promise<void>> {
  await forget();
  const undo: Undo[] = [forget];
  const take_down = async (): Promise<void> => {
    for (const step of undo.toReversed()) await step();
  };
  try {
    if (script.now !== undefined) undo.push(freeze(script.now));
    if (script.files !== undefined) undo.push(await write_files(script.files, stage));
    if (script.converters !== undefined) undo.push(register(script.converters));
    undo.push(override_settings(settings_of(script, new Scope(stage))));
  } catch (error) {
    await take_down();
    throw error;
  }
  return take_down;
}

function settings_of(script: Case, scope: Scope): Record<string, unknown> {
  const settings: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(script.settings ?? {}))
    settings[name] = decode(value, scope);
  if (script.urlconf !== undefined) settings["ROOT_URLCONF"] = urlconf(script.urlconf, scope);
  if (script.middleware !== undefined)
    settings["MIDDLEWARE"] = script.middleware.map((entry) => middleware_of(entry, scope));
  if (script.templates !== undefined) settings["TEMPLATES"] = [engine(script.templates)];
  return settings;
}

function middleware_of(entry: Json, scope: Scope): unknown {
  return typeof entry === "string" && is_target(entry) ? exported(entry) : decode(entry, scope);
}

/** The entry of `TEMPLATES` for templates in memory. */
function engine(templates: Readonly<Record<string, string>>): unknown {
  return { BACKEND: exported("template/backends/nunjucks:Nunjucks"), OPTIONS: { templates } };
}

function freeze(now: number): Undo {
  set_clock(now);
  return () => set_clock(undefined);
}

async function write_files(files: Readonly<Record<string, CaseFile>>, stage: Stage): Promise<Undo> {
  const root = await mkdtemp(join(tmpdir(), "nuages-conformance-"));
  stage.directory = root;
  for (const [name, { content, mtime }] of Object.entries(files)) {
    const path = join(root, name);
    await mkdir(dirname(path), { recursive: true });
    const decoded = decode(content, new Scope(stage));
    await writeFile(path, bytes_of(decoded) ?? String(decoded));
    if (mtime !== undefined) await utimes(path, mtime, mtime);
  }
  return () => rm(root, { recursive: true });
}

function register(names: readonly string[]): Undo {
  const register_converter = exported_function("urls:register_converter");
  for (const name of names) register_converter(CONVERTERS[name], name);
  return () => {
    const registered = exported("urls/converters:REGISTERED_CONVERTERS");
    for (const name of names) call_member(registered, "delete", [name]);
    exported_function("urls:clear_url_caches")();
  };
}

/** No script prefix, no URLconf of the thread, an empty cache, the default language. */
async function forget(): Promise<void> {
  call_if_there("urls", "clear_script_prefix");
  call_if_there("urls", "set_urlconf", null);
  call_if_there("utils/translation", "deactivate");
  const cache = optional_module("core/cache")?.["cache"];
  if (typeof cache === "object") await call_member(cache, "clear", []);
}

function call_if_there(module: string, name: string, ...args: unknown[]): void {
  const called = optional_module(module)?.[name];
  if (is_callable(called)) called(...args);
}

function optional_module(name: string): Module | undefined {
  try {
    return module_named(name);
  } catch {
    return undefined;
  }
}
