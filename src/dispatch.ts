/** Signals: one part of a program tells others what happened (Django's `django.dispatch`). @module */
import { log } from "./utils/_logger.ts";

/** What a receiver is given: the named values of the signal, with the signal and its sender. */
export type SignalArguments<Named extends object> = Named & {
  readonly signal: Signal<Named>;
  readonly sender: unknown;
};

/** What a signal calls. */
export type Receiver<Named extends object = Record<string, unknown>> = (
  named: SignalArguments<Named>,
) => unknown;

/** Options of `Signal.connect`. */
export interface ConnectOptions {
  /** Only signals from this sender. Default: from any. */
  sender?: unknown;
  /** Accepted for Django's sake: here a receiver is always held until it is disconnected. */
  weak?: boolean | undefined;
  /** A name under which the receiver is connected once, however often `connect` runs. */
  dispatch_uid?: unknown;
}

interface Connection<Named extends object> {
  receiver: Receiver<Named>;
  sender: unknown;
  uid: unknown;
}

/**
 * A source of notifications (Django docs: Signals). Receivers run in the order in which they were connected.
 * `Named` is what is sent beside the sender: `new Signal<{ order: Order }>()`.
 */
export class Signal<Named extends object = Record<string, unknown>> {
  #connections: Connection<Named>[] = [];

  /** @param _options `use_caching` is accepted for Django's sake; there is nothing to cache here. */
  constructor(_options: { use_caching?: boolean | undefined } = {}) {}

  /**
   * Calls `receiver` at every `send` from now on.
   * @throws TypeError if `receiver` is not a function.
   */
  connect(receiver: Receiver<Named>, options: ConnectOptions = {}): void {
    if (typeof receiver !== "function")
      throw new TypeError("A signal receiver must be a function.");
    const sender = options.sender ?? undefined;
    const uid = options.dispatch_uid ?? receiver;
    if (this.#connections.some((known) => known.uid === uid && known.sender === sender)) return;
    this.#connections = [...this.#connections, { receiver, sender, uid }];
  }

  /** Forgets the receiver; whether there was one. `dispatch_uid` names it where the function is not at hand. */
  disconnect(
    receiver?: Receiver<Named> | null,
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
  send(sender: unknown, named?: Named): [Receiver<Named>, unknown][] {
    if (this.#connections.length === 0) return [];
    return this.#live(sender).map((receiver) => [
      receiver,
      receiver(this.#arguments(sender, named)),
    ]);
  }

  /** As `send`, waiting for each receiver. */
  async asend(sender: unknown, named?: Named): Promise<[Receiver<Named>, unknown][]> {
    const results: [Receiver<Named>, unknown][] = [];
    for (const receiver of this.#live(sender)) {
      results.push([receiver, await receiver(this.#arguments(sender, named))]);
    }
    return results;
  }

  /** As `send`; an error becomes the receiver's result and is logged to `django.dispatch`. */
  send_robust(sender: unknown, named?: Named): [Receiver<Named>, unknown][] {
    return this.#live(sender).map((receiver) => {
      try {
        return [receiver, receiver(this.#arguments(sender, named))];
      } catch (error) {
        return [receiver, failed(receiver, error)];
      }
    });
  }

  /** As `asend`; an error becomes the receiver's result and is logged to `django.dispatch`. */
  async asend_robust(sender: unknown, named?: Named): Promise<[Receiver<Named>, unknown][]> {
    const results: [Receiver<Named>, unknown][] = [];
    for (const receiver of this.#live(sender)) {
      try {
        results.push([receiver, await receiver(this.#arguments(sender, named))]);
      } catch (error) {
        results.push([receiver, failed(receiver, error)]);
      }
    }
    return results;
  }

  /** What was left out is for the receivers to expect: the type of the signal says what may be. */
  #arguments(sender: unknown, named: Named | undefined): SignalArguments<Named> {
    return { ...named, signal: this, sender } as SignalArguments<Named>;
  }

  #live(sender: unknown): Receiver<Named>[] {
    const live: Receiver<Named>[] = [];
    for (const { receiver, sender: wanted } of this.#connections) {
      if (wanted === undefined || wanted === sender) live.push(receiver);
    }
    return live;
  }
}

function failed(receiver: { name: string }, error: unknown): unknown {
  log(
    "django.dispatch",
    "error",
    `Error in the signal receiver ${receiver.name || "<anonymous>"}.`,
    { error },
  );
  return error;
}

/** Connects the function it is given: `receiver(request_finished)(fn)`. Several signals may be named in a list. */
export function receiver<Named extends object>(
  signal: Signal<Named> | Signal<Named>[],
  options: ConnectOptions = {},
): <F extends Receiver<Named>>(fn: F) => F {
  return (fn) => {
    for (const each of Array.isArray(signal) ? signal : [signal]) each.connect(fn, options);
    return fn;
  };
}
