/** Specs that need a server: run where its variable names one, and named in one line where none does. @module */
import { describe } from "mocha";

const left_out: string[] = [];

function say_what_was_left_out(): void {
  process.stderr.write(
    `Left out, for want of a server: ${left_out.join(", ")}. To have them: eval "$(.ci/services.sh start)"\n`,
  );
}

/** `describe`, with the URL in that environment variable; left out if it is not set. */
export function describe_with(
  variable: "NUAGES_POSTGRES_URL" | "NUAGES_REDIS_URL",
  title: string,
  fn: (url: URL) => void,
): void {
  const url = process.env[variable];
  if (url !== undefined) {
    describe(title, () => fn(new URL(url)));
    return;
  }
  if (left_out.length === 0) process.once("exit", say_what_was_left_out);
  left_out.push(`${title} (${variable})`);
}
