/** Plays a case: its site, its steps, and after each the comparison with what was recorded. @module */
import { run } from "./_async.ts";
import { matches, shown } from "./_compare.ts";
import type { Case, Step } from "./_format.ts";
import { class_name } from "./_names.ts";
import { empty_stage, Scope, type Stage } from "./_scope.ts";
import { set_up } from "./_site.ts";
import { outcome, perform } from "./_steps.ts";
import "./_middleware.ts"; // defines its form
import "./_upload_handler.ts"; // likewise

/** What a step gave or threw. */
type Outcome = { readonly value: unknown } | { readonly error: unknown };

/** A step whose outcome is not the recorded one. */
export class Difference extends Error {}

/**
 * Plays a case to its end, or to the first step that differs.
 * @throws Difference naming the step, what was recorded and what happened.
 */
export async function play_case(script: Case): Promise<void> {
  const stage = empty_stage();
  const take_down = await set_up(script, stage);
  try {
    const scope = new Scope(stage);
    for (const [index, step] of script.steps.entries()) {
      const happened = await play_step(step, scope);
      if (!is_recorded(step, happened)) throw difference(script, index, happened, stage);
    }
  } finally {
    await take_down();
  }
}

async function play_step(step: Step, scope: Scope): Promise<Outcome> {
  try {
    const result = await run(perform(step, scope));
    return { value: await run(outcome(step, result)) };
  } catch (error) {
    return { error };
  }
}

function is_recorded(step: Step, happened: Outcome): boolean {
  if ("error" in happened) return step.throws === class_name(happened.error);
  if (step.throws !== undefined) return false;
  if (step.object !== undefined) return class_name(happened.value) === step.object;
  return step.returns === undefined || matches(step.returns, happened.value);
}

function difference(script: Case, index: number, happened: Outcome, stage: Stage): Difference {
  const step = script.steps[index] ?? {};
  const lines = [
    `${script.id}, step ${index + 1} of ${script.steps.length}: ${shortened(without_outcome(step))}`,
    `  recorded: ${recorded(step)}`,
    `  happened: ${"error" in happened ? thrown(happened.error) : returned(happened.value)}`,
  ];
  if (stage.script_error !== undefined)
    lines.push(`  within a scripted function: ${thrown(stage.script_error)}`);
  return new Difference(lines.join("\n")); // no cause: a reporter would write out all that hangs on it
}

function without_outcome(step: Step): Step {
  const { returns: _returns, object: _object, throws: _throws, ...rest } = step;
  return rest;
}

function recorded(step: Step): string {
  if (step.throws !== undefined) return `throws ${step.throws}`;
  if (step.object !== undefined) return `object ${step.object}`;
  return step.returns === undefined ? "no error" : `returns ${shortened(step.returns)}`;
}

function returned(value: unknown): string {
  const name = typeof value === "object" && value !== null ? `${class_name(value)} ` : "";
  return `returns ${name}${shown(value)}`;
}

/** An error with the first places of its stack, to tell a fault of the script's player from one of what it plays. */
function thrown(error: unknown): string {
  if (!(error instanceof Error)) return `throws ${shown(error)}`;
  const places = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  return [`throws ${class_name(error)}: ${error.message}`, ...places.slice(0, 4)].join("\n");
}

function shortened(json: unknown): string {
  const text = JSON.stringify(json);
  return text.length > 600 ? `${text.slice(0, 600)}…` : text;
}
