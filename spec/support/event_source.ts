/** What a browser makes of an event stream (WHATWG HTML §9.2.6), for specs. @module */

/** An event as a listener gets it. */
export interface SeenEvent {
  readonly type: string;
  readonly data: string;
  readonly id: string;
}

/** All that a browser took from a stream. */
export interface SeenStream {
  readonly events: readonly SeenEvent[];
  readonly comments: readonly string[];
  /** What it waits before it comes back, if it was told. */
  readonly retry: number | undefined;
  /** Lines that are neither a comment nor one of the four fields. */
  readonly strange: readonly string[];
}

/** Reads a whole event stream. What follows the last empty line is no event. */
export function seen_stream(text: string): SeenStream {
  const reader = new Reader();
  const lines = text.replace(/^\ufeff/, "").split(/\r\n|\r|\n/);
  for (const line of lines.slice(0, -1)) reader.take(line);
  const { events, comments, retry, strange } = reader;
  return { events, comments, retry, strange };
}

class Reader {
  readonly events: SeenEvent[] = [];
  readonly comments: string[] = [];
  readonly strange: string[] = [];
  retry: number | undefined;
  #type = "";
  #data = "";
  #id = "";

  take(line: string): void {
    if (line === "") return this.#dispatch();
    const colon = line.indexOf(":");
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (colon === 0) this.comments.push(value);
    else this.#field(name, value, line);
  }

  #field(name: string, value: string, line: string): void {
    if (name === "event") this.#type = value;
    else if (name === "data") this.#data += `${value}\n`;
    else if (name === "id" && !value.includes("\0")) this.#id = value;
    else if (name === "retry" && /^[0-9]+$/.test(value)) this.retry = Number(value);
    else this.strange.push(line);
  }

  #dispatch(): void {
    const [type, data] = [this.#type || "message", this.#data];
    this.#type = this.#data = "";
    if (data !== "") this.events.push({ type, data: data.slice(0, -1), id: this.#id });
  }
}
