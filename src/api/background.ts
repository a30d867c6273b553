/** Work that is done when the response has been sent (docs/api.md, "Background"). @module */
import type { BackgroundWork } from "../http/_background.ts";
import { error_text } from "../utils/_error_text.ts";
import { log } from "../utils/_logger.ts";

/**
 * One call, made after the response: the `background` of a response or an endpoint. It lives in this process and does
 * not survive it.
 */
export class BackgroundTask<Args extends unknown[] = unknown[]> {
  readonly #fn: (...args: never[]) => unknown;
  readonly #args: readonly unknown[];

  /** @param fn Is called with `args`, and waited for if it gives a promise. What it gives is not looked at. */
  constructor(fn: (...args: Args) => unknown, ...args: Args) {
    this.#fn = fn;
    this.#args = args;
  }

  /** Makes the call. Its failure is logged to `nuages.background` and goes no further. */
  async call(): Promise<void> {
    try {
      await Reflect.apply(this.#fn, undefined, this.#args);
    } catch (error) {
      log_failure(this.#fn.name, error);
    }
  }
}

/** Options of `BackgroundTasks`. */
export interface BackgroundTasksOptions {
  /** Start all tasks at once instead of one after the other. Default `false`. */
  run_in_task_group?: boolean | undefined;
}

/** Several tasks, one after the other or together. One that fails keeps none of the others from running. */
export class BackgroundTasks {
  readonly #tasks: readonly BackgroundWork[];
  readonly #run_in_task_group: boolean;

  constructor(tasks: Iterable<BackgroundWork>, options: BackgroundTasksOptions = {}) {
    this.#tasks = [...tasks];
    this.#run_in_task_group = options.run_in_task_group ?? false;
  }

  /** Runs them all; never fails. */
  async call(): Promise<void> {
    if (this.#run_in_task_group) {
      await Promise.all(this.#tasks.map(run));
      return;
    }
    for (const task of this.#tasks) await run(task);
  }
}

/** Runs a task, whose class may have its own `call`. */
async function run(task: BackgroundWork): Promise<void> {
  try {
    await task.call();
  } catch (error) {
    log_failure(task.constructor.name, error);
  }
}

function log_failure(name: string, error: unknown): void {
  const task = name === "" ? "A background task" : `The background task ${name}`;
  log("nuages.background", "error", `${task} failed: ${error_text(error)}`, { error });
}
