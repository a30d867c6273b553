/** What the headers of a response say about its body, judged before the first byte leaves (RFC 9110, RFC 9112). @module */
import { repr } from "../../utils/_python.ts";
import { ValueError } from "../exceptions.ts";

/** What the headers of a response say about its body. */
export interface Framing {
  /** The announced length in bytes. */
  length: number | undefined;
  /** Whether a value has characters above ASCII, if that was asked: Node would write a text body in another charset. */
  wide: boolean;
  /** Whether a name comes more than once: Set-Cookie may. */
  repeated: boolean;
}

// RFC 9110 §7.6.1: these belong to the connection, not to the message.
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);
const HOP_LENGTHS: ReadonlySet<number> = new Set(Array.from(HOP_BY_HOP, (name) => name.length));

/**
 * Reads the framing headers.
 * @param headers Names and values in turn.
 * @param asks_wide Whether `wide` is wanted.
 * @throws ValueError for one that a response may not have.
 */
export function framing_of(headers: readonly string[], asks_wide = true): Framing {
  const framing: Framing = { length: undefined, wide: false, repeated: false };
  let cookies = 0;
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string; // names at even places, values at odd ones
    const value = headers[i + 1] as string;
    const { length } = name;
    if (HOP_LENGTHS.has(length) && HOP_BY_HOP.has(name.toLowerCase())) throw hop_by_hop(name);
    if (length === 14 && name.toLowerCase() === "content-length") take_length(framing, value);
    if (length === 10 && name.toLowerCase() === "set-cookie") cookies += 1;
    if (asks_wide && !framing.wide && /[^ -~\t]/.test(value)) framing.wide = true;
  }
  framing.repeated = cookies > 1;
  return framing;
}

function hop_by_hop(name: string): ValueError {
  return new ValueError(
    `A response may not set the header ${name}: it belongs to the connection (RFC 9110 §7.6.1).`,
  );
}

function take_length(framing: Framing, value: string): void {
  if (framing.length !== undefined) throw new ValueError("A response has one Content-Length.");
  if (!/^[0-9]{1,15}$/.test(value))
    throw new ValueError(`Content-Length must be a number of bytes, not ${repr(value)}.`);
  framing.length = decimal(value);
}

/** The number that a row of digits stands for. */
export function decimal(digits: string): number {
  let number = 0;
  for (let i = 0; i < digits.length; i++) number = number * 10 + digits.charCodeAt(i) - 48;
  return number;
}

/** Whether a response of this status has no body (RFC 9110 §6.4.1, §15.3.6). */
export function is_bodiless(status: number): boolean {
  return status === 204 || status === 304 || status === 205;
}

/** @throws ValueError for a status that is no final response: neither Node nor a client would take it for the answer. */
export function check_status(status: number): void {
  if (Number.isInteger(status) && status >= 200 && status <= 599) return;
  throw new ValueError(
    `A view cannot answer with the status ${repr(status)}: a final one is from 200 to 599.`,
  );
}

/** The error of content that does not fit its Content-Length. */
export function wrong_length(announced: number, actual: number): ValueError {
  return new ValueError(
    `The response announces Content-Length ${announced}, but its content has ${actual} bytes.`,
  );
}

/** The Content-Length of a response without a body: none for 204, 0 for 205, of a 304 that of the answer to GET. */
export function settle_bodiless(headers: string[], status: number): void {
  if (status === 304) return;
  const at = headers.findIndex((name, i) => i % 2 === 0 && name.toLowerCase() === "content-length");
  if (at >= 0) headers.splice(at, 2);
  if (status === 205) headers.push("Content-Length", "0");
}
