/** Signals: one part of a program tells others what happened (Django's `django.dispatch`). @module */
import { log } from "./utils/_logger.ts";

/** What a signal calls: it gets the signal, the sender and the named values in one object. */
// oxlint-disable-next-line typescript/no-explicit-any -- a receiver names just the values it wants
export type Receiver = (named: { signal: Signal; sender: unknown; [name: string]: any }) => unknown;

/** Options of `Signal.connect`. */
export interface ConnectOptions {
  /** Only signals from this sender. Default: from any. */
  sender?: unknown;
  /** Accepted for Django's sake: here a receiver is always held until it is disconnected. */
  weak?: boolean | undefined;
  /** A name under which the receiver is connected once, however often `connect` runs. */
  dispatch_uid?: unknown;
}

interface Connection {
  receiver: Receiver;
  sender: unknown;
  uid: unknown;
}

/** A source of notifications (Django docs: Signals). Receivers run in the order in which they were connected. */
export class Signal {
  #connections: Connection[] = [];

  /** @param _options `use_caching` is accepted for Django's sake; there is nothing to cache here. */
  constructor(_options: { use_caching?: boolean | undefined } = {}) {}

  /**
   * Calls `receiver` at every `send` from now on.
   * @throws TypeError if `receiver` is not a function.
   */
  connect(receiver: Receiver, options: ConnectOptions = {}): void {
    if (typeof receiver !== "function")
      throw new TypeError("A signal receiver must be a function.");
    const sender = options.sender ?? undefined;
    const uid = options.dispatch_uid ?? receiver;
    if (this.#connections.some((known) => known.uid === uid && known.sender === sender)) return;
    this.#connections = [...this.#connections, { receiver, sender, uid }];
  }

  /** Forgets the receiver; whether there was one. `dispatch_uid` names it where the function is not at hand. */
  disconnect(
    receiver?: Receiver | null,
    options: { sender?: unknown; dispatch_uid?: unknown } = {},
  ): boolean {
    const sender = options.sender ?? undefined;
    const uid = options.dispatch_uid ?? receiver;
    const kept = this.#connections.filter((known) => known.uid !== uid || known.sender !== sender);
    const found = kept.length < this.#connections.length;
    this.#connections = kept;
    return found;
  }

  /** Whether anybody listens to this sender. */
  has_listeners(sender?: unknown): boolean {
    return this.#connections.length > 0 && this.#live(sender).length > 0;
  }

  /**
   * Calls the receivers; pairs of receiver and what it returned. The first error ends it.
   * A receiver that returns a promise is not waited for: use `asend`.
   */
  send(sender: unknown, named: Record<string, unknown> = {}): [Receiver, unknown][] {
    if (this.#connections.length === 0) return [];
    return this.#live(sender).map((receiver) => [
      receiver,
      receiver({ ...named, signal: this, sender }),
    ]);
  }

  /** As `send`, waiting for each receiver. */
  async asend(
    sender: unknown,
    named: Record<string, unknown> = {},
  ): Promise<[Receiver, unknown][]> {
    const results: [Receiver, unknown][] = [];
    for (const receiver of this.#live(sender)) {
      results.push([receiver, await receiver({ ...named, signal: this, sender })]);
    }
    return results;
  }

  /** As `send`; an error becomes the receiver's result and is logged to `django.dispatch`. */
  send_robust(sender: unknown, named: Record<string, unknown> = {}): [Receiver, unknown][] {
    return this.#live(sender).map((receiver) => {
      try {
        return [receiver, receiver({ ...named, signal: this, sender })];
      } catch (error) {
        return [receiver, failed(receiver, error)];
      }
    });
  }

  /** As `asend`; an error becomes the receiver's result and is logged to `django.dispatch`. */
  async asend_robust(
    sender: unknown,
    named: Record<string, unknown> = {},
  ): Promise<[Receiver, unknown][]> {
    const results: [Receiver, unknown][] = [];
    for (const receiver of this.#live(sender)) {
      try {
        results.push([receiver, await receiver({ ...named, signal: this, sender })]);
      } catch (error) {
        results.push([receiver, failed(receiver, error)]);
      }
    }
    return results;
  }

  #live(sender: unknown): Receiver[] {
    const live: Receiver[] = [];
    for (const { receiver, sender: wanted } of this.#connections) {
      if (wanted === undefined || wanted === sender) live.push(receiver);
    }
    return live;
  }
}

function failed(receiver: Receiver, error: unknown): unknown {
  log(
    "django.dispatch",
    "error",
    `Error in the signal receiver ${receiver.name || "<anonymous>"}.`,
    { error },
  );
  return error;
}

/** Connects the function it is given: `receiver(request_finished)(fn)`. Several signals may be named in a list. */
export function receiver(
  signal: Signal | Signal[],
  options: ConnectOptions = {},
): <F extends Receiver>(fn: F) => F {
  return (fn) => {
    for (const each of Array.isArray(signal) ? signal : [signal]) each.connect(fn, options);
    return fn;
  };
}
