/**
 * What Django keeps per thread (active URLconf, script prefix, language, time zone), kept per request.
 *
 * Nothing is paid until somebody sets such a value: only then does every request run in a context of its own. @module
 */
import { AsyncLocalStorage } from "node:async_hooks";

/** The values of one task. A missing key means the process-wide default. */
export interface TaskState {
  urlconf?: object | undefined;
  script_prefix?: string | undefined;
  language?: string | null | undefined;
  timezone?: string | undefined;
}

const storage = new AsyncLocalStorage<TaskState>();
let used = false;
// Outside any request: a script, a test, the start of a program.
const outside: TaskState = {};

/** The state of the current task, to read. */
export function task(): TaskState {
  return used ? (storage.getStore() ?? outside) : outside;
}

/** The state of the current task, to write. Writing once makes every later request a task of its own. */
export function task_to_write(): TaskState {
  return storage.getStore() ?? outside;
}

/** Whether requests must run in a context of their own; see `run_task`. */
export function tasks_used(): boolean {
  return used;
}

/** From now on every request gets a context of its own. */
export function use_tasks(): void {
  used = true;
}

/** Runs `fn` with a fresh state. */
export function run_task<T>(state: TaskState, fn: () => T): T {
  used = true;
  return storage.run(state, fn);
}
