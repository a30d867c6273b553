/** Colours on a terminal. @module */

type Paint = (text: string) => string;

/** What kinds of text look like. */
export interface Style {
  readonly ERROR: Paint;
  readonly SUCCESS: Paint;
  readonly WARNING: Paint;
  readonly NOTICE: Paint;
}

const CODES = { ERROR: "31;1", SUCCESS: "32;1", WARNING: "33;1", NOTICE: "31" } as const;

function style(paint: (code: string) => Paint): Style {
  const { ERROR, SUCCESS, WARNING, NOTICE } = CODES;
  return {
    ERROR: paint(ERROR),
    SUCCESS: paint(SUCCESS),
    WARNING: paint(WARNING),
    NOTICE: paint(NOTICE),
  };
}

const PLAIN: Style = style(() => (text) => text);
const COLOURED: Style = style((code) => (text) => `\x1b[${code}m${text}\x1b[0m`);

/** A style without colours. */
export function no_style(): Style {
  return PLAIN;
}

/** Colours if standard output is a terminal and `NO_COLOR` is not set; with `force_color` in any case. */
export function color_style(options: { force_color?: boolean | undefined } = {}): Style {
  const wanted = process.stdout.isTTY && !process.env["NO_COLOR"];
  return wanted || options.force_color ? COLOURED : PLAIN;
}
