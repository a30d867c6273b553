// bun specs.mjs FILE… | deno run -A specs.mjs FILE…: runs these specs on this runtime, by mocha as a library: its program
// starts a Node of its own for the options of Node. Prints each failure, the version, and the counts.
import { resolve } from "node:path";
import process from "node:process";
import Mocha from "mocha";
import "../hooks.ts";

const { bun, deno } = process.versions;
const runtime = bun ? `Bun ${bun}` : deno ? `Deno ${deno}` : `Node ${process.versions.node}`;

/** Tells of failures alone, and of what was skipped: nothing may be. */
class FailuresOnly extends Mocha.reporters.Base {
  constructor(runner, options) {
    super(runner, options);
    runner.on("fail", (spec, { stack }) => tell(spec, String(stack)));
    runner.on("pending", (spec) => tell(spec, "It was skipped."));
  }
}

function tell(spec, what) {
  console.log(`  FAILED on ${runtime}: ${spec.fullTitle()}\n${what.replace(/^/gm, "    ")}`);
}

const mocha = new Mocha({ reporter: FailuresOnly, timeout: 20_000 });
for (const file of process.argv.slice(2)) mocha.addFile(resolve(file));
await mocha.loadFilesAsync();
const { stats } = mocha.run(() => {
  const failed = stats.failures + stats.pending;
  console.log(`${runtime}: ${stats.passes} passed, ${failed} failed`);
  process.exit(stats.passes > 0 && failed === 0 ? 0 : 1);
});
