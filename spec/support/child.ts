/** Code in a process of its own: for what might end a process. @module */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** What a process prints that runs this module; it may import `nuages/…`. Rejected if the process fails. */
export async function run_alone(code: string): Promise<string> {
  const flags = ["--conditions=nuages-source", "--import=tsx", "--input-type=module", "--eval"];
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, code]);
  return stdout;
}
