/** Starts the program anew, in a process of its own, whenever its code changes. @module */
import cluster, { type Worker } from "node:cluster";
import { type FSWatcher, readdirSync, watch } from "node:fs";
import { join } from "node:path";

const CODE = /\.(?:[cm]?[jt]s|json)$/;
const SKIPPED = /^(?:\.|node_modules$|coverage$)/;
// What one save of an editor changes comes within this time, in milliseconds.
const PAUSE = 100;

/** What the reloader tells. */
export interface ReloadReport {
  /** The file that has changed. */
  changed(file: string): void;
  /** The program has ended with an error, and waits for a change. */
  ended(): void;
}

/** Whether this process is one that the reloader has started. */
export function is_reloaded(): boolean {
  return cluster.isWorker;
}

/**
 * Runs this program again in a process of its own, with these arguments; and once more whenever code below `directory`
 * changes. Goes on until this process ends, and takes the other with it.
 */
export function run_with_reloader(
  args: readonly string[],
  directory: string,
  told: ReloadReport,
): Promise<never> {
  cluster.setupPrimary({ args: [...args] });
  let worker: Worker | undefined = cluster.fork();
  cluster.on("exit", (ended) => {
    if (ended === worker) told.ended();
  });
  watch_code(directory, (file) => {
    told.changed(file);
    const before = worker;
    const again = (): void => void (worker = cluster.fork());
    worker = undefined;
    if (before === undefined) return; // it is on its way
    if (before.isDead()) again();
    else {
      before.once("exit", again);
      before.process.kill("SIGKILL"); // what it was doing is of no use any more
    }
  });
  return new Promise(() => undefined);
}

/** Calls `changed` once for all files that change at about the same time. */
function watch_code(directory: string, changed: (file: string) => void): void {
  const watchers = new Map<string, FSWatcher>();
  let timer: NodeJS.Timeout | undefined;
  const add = (path: string): void => {
    if (watchers.has(path)) return;
    const watcher = watch(path, (_event, name) => {
      if (name === null) return;
      const file = join(path, name);
      if (!SKIPPED.test(name)) add_tree(file);
      if (!CODE.test(name)) return;
      clearTimeout(timer);
      timer = setTimeout(() => changed(file), PAUSE);
    });
    watcher.on("error", () => {
      watcher.close();
      watchers.delete(path); // the directory is gone
    });
    watchers.set(path, watcher);
  };
  const add_tree = (path: string): void => {
    for (const found of directories(path)) add(found);
  };
  add_tree(directory);
}

/** The directory and all below it whose code is the project's; nothing for what is no directory. */
function directories(path: string): string[] {
  try {
    const entries = readdirSync(path, { withFileTypes: true });
    const inner = entries.filter((entry) => entry.isDirectory() && !SKIPPED.test(entry.name));
    return [path, ...inner.flatMap(({ name }) => directories(join(path, name)))];
  } catch {
    return [];
  }
}
