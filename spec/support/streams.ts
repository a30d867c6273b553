/** Streams, read as a server reads them, and sources that note what becomes of them. @module */
import type { StreamingHttpResponse } from "nuages/http";

/** All that a stream gives, as text. */
export async function text_of(response: StreamingHttpResponse): Promise<string> {
  return Buffer.concat(await pieces_of(response)).toString();
}

/** The pieces of a stream. */
export async function pieces_of(response: StreamingHttpResponse): Promise<Buffer[]> {
  const pieces: Buffer[] = [];
  for await (const piece of response) pieces.push(piece);
  return pieces;
}

/** A source that notes how it is read and ended. */
export interface NotedSource extends AsyncIterableIterator<unknown> {
  /** How many items were asked for. */
  asked: number;
  /** How often it was ended. */
  ended: number;
}

/** Gives these items, then nothing more: it leaves the reader waiting, unless `is_finite`. */
export function noted_source(items: readonly unknown[], is_finite = false): NotedSource {
  const left = items.values();
  const source: NotedSource = {
    asked: 0,
    ended: 0,
    next() {
      source.asked++;
      const step = left.next();
      return step.done && !is_finite ? new Promise(() => {}) : Promise.resolve(step);
    },
    return() {
      source.ended++;
      return Promise.resolve({ value: undefined, done: true });
    },
    [Symbol.asyncIterator]: () => source,
  };
  return source;
}
