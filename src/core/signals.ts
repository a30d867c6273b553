/** The signals of the request cycle (Django docs: Signals, "Request/response signals"). @module */
import { Signal } from "../dispatch.ts";
import type { HttpRequest } from "../http/request.ts";

/**
 * A request has arrived; sent before the request object is used, with its META: as `environ` by the Node door and the test
 * client, as `scope` by the Fetch door. The sender is the handler's class.
 */
export const request_started: Signal<{ environ?: object; scope?: object }> = new Signal();
/** The response is closed, for a stream after its last byte. The sender is the handler's class. */
export const request_finished: Signal<object> = new Signal();
/** An error became a 500. The sender is `null`. */
export const got_request_exception: Signal<{ request: HttpRequest; exception: unknown }> =
  new Signal();
/** A test overrode a setting, or (`enter` is false) gave it back. */
export const setting_changed: Signal<{ setting: string; value: unknown; enter: boolean }> =
  new Signal();
