/** Keeping the log of expected errors out of the output of specs. @module */
import { after, before } from "mocha";
import { set_log_sink } from "nuages/utils/log";

/** No log is printed while the specs of this `describe` run. */
export function quiet(): void {
  let sink: ReturnType<typeof set_log_sink>;
  before(() => (sink = set_log_sink(() => undefined)));
  after(() => void set_log_sink(sink));
}
