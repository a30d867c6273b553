/** What the checks found, as text. @module */
import { SystemCheckError } from "../management/_errors.ts";
import { CRITICAL, type CheckMessage, ERROR, INFO, WARNING } from "./messages.ts";

/** Options of `report`. */
export interface ReportOptions {
  /** The level from which on `is_failure` is said. Default `ERROR`. */
  fail_level?: number | undefined;
  /** End with the number of messages. Default `false`. */
  display_num_errors?: boolean | undefined;
  /** Makes the text of a message stand out. */
  emphasize?: ((text: string, message: CheckMessage) => string) | undefined;
}

/** The text about some messages. */
export interface Report {
  /** Empty, if there is nothing to say. */
  readonly text: string;
  /** How many messages it shows: those that are not silenced. */
  readonly count: number;
  /** Whether one of them is too serious to go on. */
  readonly is_failure: boolean;
}

const GROUPS: readonly (readonly [title: string, from: number, below: number])[] = [
  ["CRITICALS", CRITICAL, Infinity],
  ["ERRORS", ERROR, CRITICAL],
  ["WARNINGS", WARNING, ERROR],
  ["INFOS", INFO, WARNING],
  ["DEBUGS", -Infinity, INFO],
];

/** The messages that are not silenced, the worst first. */
export function report(messages: readonly CheckMessage[], options: ReportOptions = {}): Report {
  const { fail_level: level, emphasize = String } = options;
  const shown = messages.filter((message) => !message.is_silenced());
  const groups = GROUPS.flatMap(([title, from, below]) => {
    const group = shown.filter((message) => from <= message.level && message.level < below);
    const lines = group.map((message) => emphasize(String(message), message)).toSorted();
    return lines.length === 0 ? [] : [`${title}:\n${lines.join("\n")}`];
  });
  if (options.display_num_errors) groups.push(count_line(shown.length, messages.length));
  return {
    text: groups.join("\n\n"),
    count: shown.length,
    is_failure: shown.some((message) => message.is_serious({ level })),
  };
}

function count_line(shown: number, all: number): string {
  const issues = shown === 0 ? "no issues" : shown === 1 ? "1 issue" : `${shown} issues`;
  return `The system checks found ${issues} (${all - shown} silenced).`;
}

/** The error about messages that are too serious. */
export function check_error({ text, count }: Report): SystemCheckError {
  const issues = count === 1 ? "a mistake" : "mistakes";
  return new SystemCheckError(`The system checks found ${issues}.\n\n${text}`);
}
