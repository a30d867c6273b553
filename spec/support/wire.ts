/** Bodies that are still to come, for specs that need no socket. @module */
import { UnreadablePostError } from "nuages/http/request";
import { HttpRequest, type Wire } from "nuages/http/request";

/** Options of `FakeWire`. */
export interface FakeWireOptions {
  /** What the client announced; `null`: nothing. Default: the real length. */
  length?: number | null;
  /** The connection breaks after so many chunks. */
  breaks_after?: number;
}

/** A wire that gives these chunks, one when it is asked for one. */
export class FakeWire implements Wire {
  readonly length: number | undefined;
  aborted = false;
  /** How many chunks were taken. */
  taken = 0;
  readonly #chunks: readonly Buffer[];
  readonly #breaks_after: number;

  constructor(chunks: readonly (string | Buffer)[], options: FakeWireOptions = {}) {
    this.#chunks = chunks.map((chunk) => Buffer.from(chunk));
    const real = Buffer.concat(this.#chunks).length;
    this.length = options.length === null ? undefined : (options.length ?? real);
    this.#breaks_after = options.breaks_after ?? Infinity;
  }

  async collect(limit: number | null): Promise<Buffer | undefined> {
    const length = this.#chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    if (limit !== null && length > limit) return undefined;
    const all: Buffer[] = [];
    for await (const chunk of this) all.push(chunk);
    return Buffer.concat(all);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer, void, undefined> {
    for (const chunk of this.#chunks.slice(this.taken)) {
      if (this.taken >= this.#breaks_after) {
        this.aborted = true;
        throw new UnreadablePostError("The connection broke.");
      }
      this.taken += 1;
      yield chunk;
    }
  }
}

/** A request as a door makes it: its body comes over a wire. */
export class WiredRequest extends HttpRequest {
  readonly #content_type: string;

  constructor(wire: Wire, content_type: string, method = "POST") {
    super();
    this._wire = wire;
    this.method = method;
    this.#content_type = content_type;
  }

  override _make_meta(): Record<string, unknown> {
    return Object.assign(Object.create(null) as Record<string, unknown>, {
      CONTENT_TYPE: this.#content_type,
      SERVER_NAME: "testserver",
      SERVER_PORT: "80",
    });
  }

  override _query_string(): string {
    return "";
  }

  override _content_type_header(): string {
    return this.#content_type;
  }
}
