/**
 * What a check finds (Django docs: System check framework, "Messages"). `Error` and `Warning` hide globals of JavaScript's and
 * of browsers: `import * as checks from "nuages/core/checks"`. @module
 */
import { settings } from "../../conf/index.ts";
import { define_repr, repr, str } from "../../utils/_python.ts";

/** The level of what helps to find a fault. */
export const DEBUG = 10;
/** The level of news. */
export const INFO = 20;
/** The level of what may turn out badly. */
export const WARNING = 30;
/** The level of what stops the start of a server. */
export const ERROR = 40;
/** The level of what is worse still. */
export const CRITICAL = 50;

/** Options of the messages. */
export interface CheckMessageOptions {
  /** What to do about it. */
  hint?: string | null | undefined;
  /** What it is about: its text begins the message. Default: a question mark. */
  obj?: unknown;
  /** By which it is silenced: `"security.W001"`. */
  id?: string | null | undefined;
}

/** One finding. */
export class CheckMessage {
  /** How bad it is: 10 to 50. */
  readonly level: number;
  readonly msg: string;
  readonly hint: string | undefined;
  readonly obj: unknown;
  readonly id: string | undefined;

  static {
    define_repr(this.prototype, (self) => {
      const { level, msg, hint, obj, id } = self;
      return `<${self.constructor.name}: level=${level}, msg=${repr(msg)}, hint=${repr(hint)}, obj=${repr(obj)}, id=${repr(id)}>`;
    });
  }

  /** @throws TypeError for a level that is no whole number. */
  constructor(level: number, msg: string, options: CheckMessageOptions = {}) {
    if (!Number.isInteger(level))
      throw new TypeError(`A check message begins with its level, a number; not ${repr(level)}.`);
    this.level = level;
    this.msg = msg;
    this.hint = options.hint ?? undefined;
    this.obj = options.obj ?? undefined;
    this.id = options.id ?? undefined;
  }

  /** Whether `other` is a message of this class, or of one below it, that says the same of the same object. */
  equals(other: unknown): boolean {
    if (!(other instanceof this.constructor)) return false;
    const { level, msg, hint, obj, id } = other as CheckMessage; // all constructors here are of messages
    const same_text = this.msg === msg && this.hint === hint && this.id === id;
    return same_text && this.level === level && this.obj === obj;
  }

  /** Whether it is of this level (default: `ERROR`), or above. */
  is_serious(options: { level?: number | undefined } = {}): boolean {
    return this.level >= (options.level ?? ERROR);
  }

  /** Whether `SILENCED_SYSTEM_CHECKS` names it. */
  is_silenced(): boolean {
    return this.id !== undefined && settings.SILENCED_SYSTEM_CHECKS.includes(this.id);
  }

  /** `object: (id) message`, and the hint on a line of its own. */
  toString(): string {
    const about = this.obj === undefined ? "?" : str(this.obj);
    const id = this.id ? `(${this.id}) ` : "";
    const hint = this.hint ? `\n\tHINT: ${this.hint}` : "";
    return `${about}: ${id}${this.msg}${hint}`;
  }
}

/** Of the level `DEBUG`. */
export class Debug extends CheckMessage {
  constructor(msg: string, options: CheckMessageOptions = {}) {
    super(DEBUG, msg, options);
  }
}

/** Of the level `INFO`. */
export class Info extends CheckMessage {
  constructor(msg: string, options: CheckMessageOptions = {}) {
    super(INFO, msg, options);
  }
}

/** Of the level `WARNING`. */
export class Warning extends CheckMessage {
  constructor(msg: string, options: CheckMessageOptions = {}) {
    super(WARNING, msg, options);
  }
}

/** Of the level `ERROR`. */
export class Error extends CheckMessage {
  constructor(msg: string, options: CheckMessageOptions = {}) {
    super(ERROR, msg, options);
  }
}

/** Of the level `CRITICAL`. */
export class Critical extends CheckMessage {
  constructor(msg: string, options: CheckMessageOptions = {}) {
    super(CRITICAL, msg, options);
  }
}
