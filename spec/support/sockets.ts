/** HTTP spoken by hand over a socket: requests to write, and what is received. @module */
import type { Socket } from "node:net";

/** A GET that keeps its connection; each of the header lines ends with CR LF. */
export function get_bytes(target: string, headers = ""): string {
  return `GET ${target} HTTP/1.1\r\nHost: x\r\n${headers}\r\n`;
}

/** What a socket has received so far. */
export function received(socket: Socket): () => string {
  let text = "";
  socket.setEncoding("latin1").on("data", (more: string) => (text += more));
  socket.on("error", () => undefined); // a reset is what some connections end with
  return () => text;
}

/** The statuses of the answers, in their order. */
export function statuses(answer: string): string[] {
  return Array.from(answer.matchAll(/HTTP\/1\.1 ([0-9]{3}) /g), ([, status = ""]) => status);
}
