/** The signals of the request cycle (Django docs: Signals, "Request/response signals"). @module */
import { Signal } from "../dispatch.ts";

/** A request has arrived; sent with `environ` before the request object exists. The sender is the handler's class. */
export const request_started: Signal = new Signal();
/** The response is closed, for a stream after its last byte. The sender is the handler's class. */
export const request_finished: Signal = new Signal();
/** An error became a 500; sent with `request`. */
export const got_request_exception: Signal = new Signal();
/** A test overrode a setting; sent with `setting`, `value` and `enter`. */
export const setting_changed: Signal = new Signal();
