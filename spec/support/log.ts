/** The log of expected errors: kept out of the output of specs, and looked at. @module */
import { after, before } from "mocha";
import { type LogRecord, set_log_sink } from "nuages/utils/log";

/** No log is printed while the specs of this `describe` run. */
export function quiet(): void {
  let sink: ReturnType<typeof set_log_sink>;
  before(() => (sink = set_log_sink(() => undefined)));
  after(() => void set_log_sink(sink));
}

/** What is logged while `fn` runs, to the end of its promise; none of it is printed. */
export async function logged(fn: () => unknown): Promise<LogRecord[]> {
  const records: LogRecord[] = [];
  const before = set_log_sink((record) => void records.push(record));
  try {
    await fn();
  } finally {
    set_log_sink(before);
  }
  return records;
}

/** What is written to standard error while `fn` runs. */
export async function written(fn: () => unknown): Promise<string> {
  const texts: string[] = [];
  const { write } = process.stderr;
  const sink = set_log_sink();
  process.stderr.write = (text: unknown) => texts.push(String(text)) > 0;
  try {
    await fn();
  } finally {
    process.stderr.write = write;
    set_log_sink(sink);
  }
  return texts.join("");
}
