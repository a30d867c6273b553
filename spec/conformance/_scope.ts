/** The names of a running case: its results, and what a scripted function sees besides. @module */
import { Missing, read_path } from "./_names.ts";

/** What a case shares with the functions it scripts. */
export interface Stage {
  /** Results by name; `log` is one from the start. */
  readonly results: Map<string, unknown>;
  /** The views that stand for a name, so that one name is one function. */
  readonly named_views: Map<string, unknown>;
  /** The absolute path of the directory of the case's files. */
  directory: string | undefined;
  /** What went wrong in a scripted function, which the chain may have turned into a response. */
  script_error: unknown;
}

/** A stage on which nothing has happened yet. */
export function empty_stage(): Stage {
  return {
    results: new Map([["log", []]]),
    named_views: new Map(),
    directory: undefined,
    script_error: undefined,
  };
}

/** What names mean at one place: the arguments of the function being called come before results. */
export class Scope {
  readonly stage: Stage;
  readonly #locals: Readonly<Record<string, unknown>>;

  constructor(stage: Stage, locals: Readonly<Record<string, unknown>> = {}) {
    this.stage = stage;
    this.#locals = locals;
  }

  /** The scope of a scripted function: the same results, and its arguments. */
  inside(locals: Readonly<Record<string, unknown>>): Scope {
    return new Scope(this.stage, locals);
  }

  /**
   * What `name.member.member` means.
   * @throws Missing if nothing has that name.
   */
  read(path: string): unknown {
    const [name = "", ...members] = path.split(".");
    return read_path(this.#named(name), members);
  }

  /** Names a result. It belongs to the case, whoever names it. What is undefined is Python's `None`. */
  write(name: string, value: unknown): void {
    this.stage.results.set(name, value ?? null);
  }

  /** Whether a result has that name. */
  has(name: string): boolean {
    return this.stage.results.has(name);
  }

  /** Adds a line to the list that every case begins with. */
  log(line: string): void {
    const log = this.stage.results.get("log");
    if (Array.isArray(log)) log.push(line);
  }

  #named(name: string): unknown {
    if (Object.hasOwn(this.#locals, name)) return this.#locals[name];
    if (!this.stage.results.has(name)) throw new Missing(`no result is named ${name}`);
    return this.stage.results.get(name);
  }
}
