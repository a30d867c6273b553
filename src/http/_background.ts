/** Work that a response leaves behind: begun when it is sent, and waited for at a shutdown. @module */
import { error_text } from "../utils/_error_text.ts";
import { log } from "../utils/_logger.ts";
import {
  begin_bare_request,
  end_bare_request,
  leave_bare_request,
  run_fresh_task,
  tasks_used,
} from "../utils/_task.ts";

/**
 * What `response.background` may be. It runs once, after the last byte was sent or the client left, also for HEAD, 204,
 * 304 and streams; not if an error page or another response of a middleware is sent instead. The language and the time
 * zone of the request are no longer set. An error in it is logged, to the logger `nuages.background`.
 */
export interface BackgroundWork {
  /** Does the work. If it gives a promise, the work goes on until that is settled. */
  call(): unknown;
}

/** Calls `begin` when a response has been sent, or nobody is left to take it. */
export type WhenSent = (begin: () => void) => void;

const under_way = new Set<Promise<void>>();

/** Begins the work, at once or when the response is sent. The promise is fulfilled when it is over; it never rejects. */
export function start_background(work: BackgroundWork, when_sent?: WhenSent): Promise<void> {
  const done =
    when_sent === undefined
      ? run(work)
      : new Promise<void>((resolve) => when_sent(() => resolve(run(work))));
  under_way.add(done);
  void done.then(() => under_way.delete(done));
  return done;
}

/** How many responses have work under way, or waiting for its response to be sent. @internal */
export function background_count(): number {
  return under_way.size;
}

/**
 * Fulfilled when no work of any response is under way, that which begins meanwhile included. `serve()` waits for it when
 * it closes; who runs a door in a server of his own waits for it between closing that and leaving the process.
 */
export async function background_finished(): Promise<void> {
  while (under_way.size > 0) await Promise.all(under_way);
}

/** Runs it in a task of its own: what it sets, such as the language, is set for nobody else. */
function run(work: BackgroundWork): Promise<void> {
  if (tasks_used()) return run_fresh_task(() => carry_out(work), {});
  begin_bare_request();
  const done = carry_out(work);
  leave_bare_request();
  return done.finally(end_bare_request);
}

async function carry_out(work: BackgroundWork): Promise<void> {
  try {
    await work.call();
  } catch (error) {
    log("nuages.background", "error", `Background work failed: ${error_text(error)}`, { error });
  }
}
