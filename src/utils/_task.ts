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

const storage = new AsyncLocalStorage<TaskState | undefined>();
let used = false;
// Outside any request: a script, a test, the start of a program.
const outside: TaskState = {};

/** The state of the current task. Outside any it is the state of the process. */
export function task(): TaskState {
  return used ? (storage.getStore() ?? outside) : outside;
}

// Requests under way without a task of their own, as nobody had set anything when they began.
let bare_requests = 0;
// Whether the first, synchronous part of such a request is running.
let beginning = false;

/**
 * The state of the current task, to change it. While a request is served without one, the rest of what is now running
 * becomes a task: what one request sets, no other may see.
 */
export function task_to_write(): TaskState {
  if (bare_requests > 0) enter_task();
  return task();
}

/**
 * Starts a request that has no task of its own. When its first, synchronous part is over `leave_bare_request` must follow,
 * and `end_bare_request` when it has been answered.
 */
export function begin_bare_request(): void {
  bare_requests += 1;
  beginning = true;
}

/** What such a request has made a task does not go on in the caller: the next request of the connection, say. */
export function leave_bare_request(): void {
  beginning = false;
  if (used) storage.enterWith(undefined);
}

/** Notes that such a request has been answered, or has failed. */
export function end_bare_request(): void {
  bare_requests -= 1;
}

/** Whether requests must run in a task of their own; see `run_task`. */
export function tasks_used(): boolean {
  return used;
}

/** From now on every request gets a task of its own. */
export function use_tasks(): void {
  used = true;
}

/** Runs `fn` in a new task, which starts with the values of the current one and `changes`. */
export function run_task<T>(fn: () => T, changes?: TaskState): T {
  used = true;
  return storage.run({ ...task(), ...changes }, fn);
}

/** Runs `fn` in a new task with this state alone: one that knows nothing of what ran before on the same connection. */
export function run_fresh_task<T>(fn: () => T, state: TaskState): T {
  used = true;
  return storage.run({ ...state }, fn);
}

/**
 * Whether `enter_task` can tell what is now running from everything else. It cannot once a request that began without a
 * task has waited: nobody has followed its promises.
 */
export function can_enter_task(): boolean {
  return beginning || (used && storage.getStore() !== undefined);
}

/** Makes the rest of what is now running a task of its own, unless it is one already. */
export function enter_task(): void {
  if (used && storage.getStore() !== undefined) return;
  used = true;
  storage.enterWith({ ...outside });
}
