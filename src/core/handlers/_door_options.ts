/** What the Node door allows a slow or greedy client, and for how long. @module */
import { repr } from "../../utils/_python.ts";
import { ImproperlyConfigured } from "../exceptions.ts";

/** Options of the Node door. Times are in milliseconds; `null` switches one off. */
export interface NodeApplicationOptions {
  /** How long a body may send nothing while somebody waits for it; then 408. Default 60,000, as in Django's ASGI handler. */
  body_timeout?: number | null | undefined;
  /** How long a client may take nothing of the answer; then the connection is destroyed. Default 120,000. */
  send_timeout?: number | null | undefined;
  /** How long the rest of a body that nobody read is waited for after the answer. Default 2,000. */
  linger_timeout?: number | null | undefined;
  /** How much of such a body is thrown away before the connection is closed, in bytes. Default 65,536. */
  linger_bytes?: number | undefined;
  /** How many pipelined requests of a connection are answered before the client takes an answer. Default 16. */
  pipelined_requests?: number | undefined;
  /** How many bytes of answers may wait for the client before its next request is looked at. Default 1,048,576. */
  pipelined_bytes?: number | undefined;
}

/** The options with their defaults. A time of 0 means none. */
export type DoorLimits = Readonly<Record<keyof NodeApplicationOptions, number>>;

const DEFAULTS: DoorLimits = {
  body_timeout: 60_000,
  send_timeout: 120_000,
  linger_timeout: 2_000,
  linger_bytes: 65_536,
  pipelined_requests: 16,
  pipelined_bytes: 1_048_576,
};

/** The most a timer of Node can wait. */
const LONGEST = 2_147_483_647;

/** Fills in the defaults. @throws ImproperlyConfigured for a value that is no such limit. */
export function door_limits(options: NodeApplicationOptions): DoorLimits {
  const of = (name: keyof NodeApplicationOptions): number =>
    name.endsWith("_timeout")
      ? milliseconds(name, options[name], DEFAULTS[name])
      : amount(name, options[name], DEFAULTS[name]);
  return {
    body_timeout: of("body_timeout"),
    send_timeout: of("send_timeout"),
    linger_timeout: of("linger_timeout"),
    linger_bytes: of("linger_bytes"),
    pipelined_requests: of("pipelined_requests"),
    pipelined_bytes: of("pipelined_bytes"),
  };
}

/** A time, `null` being 0. @throws ImproperlyConfigured */
export function milliseconds(
  name: string,
  value: number | null | undefined,
  default_value: number,
): number {
  if (value === null) return 0;
  const time = amount(name, value, default_value);
  if (time > 0 && time <= LONGEST) return time;
  throw new ImproperlyConfigured(
    `The option ${name} must be from 1 to ${LONGEST} milliseconds, or null for no limit: ${time} is not.`,
  );
}

function amount(name: string, value: number | null | undefined, default_value: number): number {
  if (value === undefined) return default_value;
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  throw new ImproperlyConfigured(
    `The option ${name} must be a whole number of at least 0: ${repr(value)} is not.`,
  );
}
