/** What ends a command. @module */
import { Exception } from "../exceptions.ts";

/** Options of `CommandError`. */
export interface CommandErrorOptions extends ErrorOptions {
  /** The exit status of the program. Default 1. */
  returncode?: number | undefined;
}

/** A command cannot go on: its message is all that the command line shows. */
export class CommandError extends Exception {
  /** The exit status of the program. */
  readonly returncode: number;

  constructor(message?: string, options: CommandErrorOptions = {}) {
    super(message, options);
    this.returncode = options.returncode ?? 1;
  }
}

/** The checks found something serious; the message lists all that they found. */
export class SystemCheckError extends CommandError {}
