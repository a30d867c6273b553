/**
 * Clients that send the next request without waiting for the answer (RFC 9112 §9.3.2): only so many are answered ahead,
 * and while that many wait to be taken, nothing more is read. @module
 */
import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { DoorLimits } from "./_door_options.ts";
import { is_closing } from "./_node_connection.ts";

/** What waits on one connection. */
class Pipeline {
  readonly #socket: Socket;
  readonly #limits: DoorLimits;
  // Answers being made, or waiting for the client to take those before them.
  #unsent: ServerResponse[] = [];
  #held: { readonly res: ServerResponse; readonly start: () => void }[] = [];
  #paused = false;

  constructor(socket: Socket, limits: DoorLimits) {
    this.#socket = socket;
    this.#limits = limits;
    socket.once("close", this.#lost);
  }

  add(res: ServerResponse, start: () => void): void {
    res.once("close", this.#sent);
    if (this.#held.length === 0 && this.#has_room()) return this.#start(res, start);
    if (this.#held.push({ res, start }) === 1) this.#pause();
  }

  #pause(): void {
    if (this.#paused) return;
    this.#paused = true;
    this.#socket.on("resume", this.#stay_paused);
    this.#socket.pause();
  }

  #resume(): void {
    if (!this.#paused || this.#socket.destroyed) return;
    this.#paused = false;
    this.#socket.off("resume", this.#stay_paused);
    this.#socket.resume();
  }

  #start(res: ServerResponse, start: () => void): void {
    if (is_closing(res)) return;
    this.#unsent.push(res);
    start();
  }

  #has_room(): boolean {
    if (this.#unsent.length >= this.#limits.pipelined_requests) return false;
    let bytes = this.#socket.writableLength;
    for (const res of this.#unsent) if (res.socket === null) bytes += res.writableLength;
    return bytes <= this.#limits.pipelined_bytes;
  }

  // Node resumes the socket after every message.
  readonly #stay_paused = (): void => void this.#socket.pause();

  readonly #sent = (): void => {
    this.#unsent = this.#unsent.filter((res) => !res.writableFinished && !res.destroyed);
    while (this.#held.length > 0 && this.#has_room()) {
      const next = this.#held.shift();
      if (next !== undefined) this.#start(next.res, next.start);
    }
    if (this.#held.length === 0) this.#resume();
  };

  // Node tells only the answer whose turn it was that the connection is gone.
  readonly #lost = (): void => {
    const waiting = this.#unsent.filter((res) => res.socket === null);
    this.#held = [];
    this.#unsent = [];
    for (const res of waiting) {
      res.destroy();
      res.emit("close");
    }
  };
}

const pipelines = new WeakMap<Socket, Pipeline>();

/** Starts to answer a request behind others on its connection, now or when the client has taken some of those answers. */
export function queue(res: ServerResponse, limits: DoorLimits, start: () => void): void {
  const { socket } = res.req;
  let pipeline = pipelines.get(socket);
  if (pipeline === undefined) pipelines.set(socket, (pipeline = new Pipeline(socket, limits)));
  pipeline.add(res, start);
}
