#!/usr/bin/env node
/** The program `nuages`. @module */
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { execute_from_command_line } from "../core/management/index.ts";

type Main = typeof execute_from_command_line;

/** That of the framework which the project here has installed: settings are those of one copy. */
async function of_the_project(): Promise<Main> {
  let found: string;
  try {
    found = createRequire(resolve("package.json")).resolve("nuages/core/management");
  } catch {
    return execute_from_command_line; // no project
  }
  const module = (await import(pathToFileURL(found).href)) as { execute_from_command_line: Main }; // its public name
  return module.execute_from_command_line;
}

await (
  await of_the_project()
)(["nuages", ...process.argv.slice(2)]);
