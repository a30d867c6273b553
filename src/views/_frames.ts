/** The calls of a JavaScript error, with the source around each. @module */
import { readFile } from "node:fs/promises";
import { sep } from "node:path";
import { fileURLToPath } from "node:url";

/** A line of source with its number. */
export type NumberedLine = readonly [number: number, text: string];

/** One call of a stack. */
export interface StackCall {
  /** The function's name; `""` for code outside any. */
  readonly function: string;
  /** The path of the file. */
  readonly filename: string;
  /** From 1. */
  readonly lineno: number;
  /** From 1. */
  readonly colno: number;
}

/** A call as the page shows it. */
export interface Frame extends StackCall {
  /** Whose code it is: the site's, that of a package (Nuages too), or Node's. */
  readonly type: "user" | "package" | "node";
  /** The lines before it. */
  readonly pre_context: readonly NumberedLine[];
  /** The line itself; empty if the file cannot be read. */
  readonly context_line: string;
  /** The lines after it. */
  readonly post_context: readonly NumberedLine[];
  /** The error this call belongs to, for the first of its calls; `""` for the others. */
  readonly heading: string;
}

/** How many lines are shown before a line, and after it. */
const CONTEXT_LINES = 7;
const MAX_CALLS = 60;

// `at fn (file:1:2)`, `at file:1:2`, `at async fn (file:1:2)`
const CALL = /^\s*at (?:(?:async )?(.*?) \()?(.+?):(\d+):(\d+)\)?$/;

/** The calls that a stack lists, the innermost first. */
export function parse_stack(stack: string): StackCall[] {
  const calls: StackCall[] = [];
  for (const line of stack.split("\n")) {
    if (calls.length >= MAX_CALLS) break;
    const match = line.length > 2000 || line.includes("(eval at ") ? null : CALL.exec(line);
    if (match === null) continue;
    const [, name = "", location = "", lineno, colno] = match;
    calls.push({
      function: name,
      filename: path_of(location.replace(/^async /, "")),
      lineno: Number(lineno),
      colno: Number(colno),
    });
  }
  return calls;
}

function path_of(location: string): string {
  if (!location.startsWith("file://")) return location;
  try {
    return fileURLToPath(location);
  } catch {
    return location;
  }
}

const OWN_ROOT = fileURLToPath(new URL("..", import.meta.url));

function type_of(filename: string): Frame["type"] {
  if (filename.startsWith("node:")) return "node";
  const packaged = filename.includes(`${sep}node_modules${sep}`) || filename.startsWith(OWN_ROOT);
  return packaged ? "package" : "user";
}

/** The calls with their source. A file is read once, however many calls are in it. */
export async function frames_of(calls: readonly StackCall[], heading: string): Promise<Frame[]> {
  const files = new Map<string, Promise<string[]>>();
  return Promise.all(
    calls.map(async (call, index) => {
      const { filename, lineno } = call;
      let lines = files.get(filename);
      if (lines === undefined) files.set(filename, (lines = read_lines(filename)));
      const shown = numbered(await lines, lineno);
      return {
        ...call,
        type: type_of(filename),
        pre_context: shown.filter(([number]) => number < lineno),
        context_line: shown.find(([number]) => number === lineno)?.[1] ?? "",
        post_context: shown.filter(([number]) => number > lineno),
        heading: index === 0 ? heading : "",
      };
    }),
  );
}

async function read_lines(filename: string): Promise<string[]> {
  if (filename.startsWith("node:") || filename.startsWith("<")) return [];
  try {
    return (await readFile(filename, "utf8")).split(/\r\n|\r|\n/);
  } catch {
    return []; // not a file of ours to explain
  }
}

function numbered(lines: readonly string[], lineno: number): NumberedLine[] {
  const first = Math.max(1, lineno - CONTEXT_LINES);
  return lines
    .slice(first - 1, lineno + CONTEXT_LINES)
    .map((text, index) => [first + index, text.slice(0, 400)]);
}
