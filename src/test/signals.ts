/** The signals of the test machinery (Django docs: Signals, "Test signals"). @module */
export { setting_changed } from "../core/signals.ts";
export { template_rendered } from "../template/_signals.ts";
