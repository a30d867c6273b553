/** `OutputWrapper`: where a command writes. @module */

/** A stream, or anything else that takes text. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
}

/** Options of `OutputWrapper.write`. */
export interface WriteOptions {
  /** What the text looks like. Default: as it is. */
  style_func?: ((text: string) => string) | undefined;
  /** What the text must end with. Default: what the constructor was given. */
  ending?: string | undefined;
}

/** Writes lines: what does not end with a line break gets one. */
export class OutputWrapper {
  readonly ending: string;
  /** The look of all that is written without one of its own. */
  style_func: ((text: string) => string) | undefined;
  readonly #out: Output;

  constructor(out: Output, options: { ending?: string | undefined } = {}) {
    this.#out = out;
    this.ending = options.ending ?? "\n";
  }

  isatty(): boolean {
    return this.#out.isTTY === true;
  }

  write(msg = "", options: WriteOptions = {}): void {
    const ending = options.ending ?? this.ending;
    const line = ending !== "" && !msg.endsWith(ending) ? msg + ending : msg;
    const paint = options.style_func ?? this.style_func;
    this.#out.write(paint === undefined ? line : paint(line));
  }
}
