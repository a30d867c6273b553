/** The program `nuages`, run as a process of its own. @module */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(import.meta.resolve("../../src/cli/main.ts"));
const LOADER = import.meta.resolve("tsx");
const FLAGS = ["--conditions=nuages-source", `--import=${LOADER}`];

/** How a run of the program ended. */
export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How to run the program. */
export interface RunOptions {
  /** The working directory. */
  cwd: string;
  /** Variables of the environment, over those of this process. */
  env?: Record<string, string>;
  /** A script in place of the program: `manage.ts`. */
  script?: string;
}

/** Runs the program to its end. */
export function run(args: readonly string[], options: RunOptions): Promise<Ended> {
  const child = start(args, options);
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (text: string) => (stdout += text));
  child.stderr.on("data", (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status) => resolve({ status, stdout, stderr }));
  });
}

/** A program that goes on. */
export interface Running {
  /** The next line of its output that matches. */
  line(expected: RegExp): Promise<string>;
  /** Ends it, and waits for its end. */
  stop(): Promise<void>;
}

/** Starts the program, and reads its output. */
export function running(args: readonly string[], options: RunOptions): Running {
  const child = start(args, options);
  const lines: string[] = [];
  let look = (): void => undefined;
  for (const stream of [child.stdout, child.stderr])
    createInterface(stream).on("line", (line) => {
      lines.push(line);
      look();
    });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  return {
    line: (expected) =>
      new Promise((resolve, reject) => {
        look = () => {
          const at = lines.findIndex((line) => expected.test(line));
          if (at >= 0) resolve(lines.splice(0, at + 1).at(-1) ?? "");
        };
        look();
        void ended.then(() => reject(new Error(`No ${expected} in:\n${lines.join("\n")}`)));
      }),
    stop: () => {
      child.kill();
      return ended;
    },
  };
}

type Child = ReturnType<typeof spawn> & {
  stdout: NodeJS.ReadableStream;
  stderr: NodeJS.ReadableStream;
};

function start(args: readonly string[], { cwd, env = {}, script = MAIN }: RunOptions): Child {
  const child = spawn(process.execPath, [...FLAGS, script, ...args], {
    cwd,
    env: { ...process.env, NUAGES_SETTINGS_MODULE: undefined, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  }) as Child; // by its stdio
  child.stdout.setEncoding("utf8");
  child.stderr.setEncoding("utf8");
  return child;
}
