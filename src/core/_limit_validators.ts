/** Validators that compare a value, or its length, with a limit. @module */
import { repr } from "../utils/_python.ts";
import { ValueError } from "./_builtins.ts";
import { invalid } from "./_regex_validator.ts";
import type { ValidationMessage } from "./_validation.ts";
import { Validator } from "./_validator.ts";

/** Options of validators with a limit. */
export interface LimitOptions {
  /** What the error says; it may have `%(limit_value)s`, `%(show_value)s` and `%(value)s`. */
  message?: ValidationMessage | null | undefined;
}

/** A limit, or a function that gives it when a value is checked. */
export type Limit<T> = T | (() => T);

/** What can be compared: numbers with each other, texts by their code points, dates. */
export type Comparable = number | bigint | string | Date;

/** A validator with a limit. A subclass says in `compare` what is refused. */
export class BaseValidator<T = unknown> extends Validator {
  /** What the error says. */
  declare message: ValidationMessage;
  /** The error's code. */
  declare code: string;
  /** The limit, or what gives it. */
  readonly limit_value: Limit<T>;

  static {
    this.prototype.message = "This value must be %(limit_value)s, not %(show_value)s.";
    this.prototype.code = "limit_value";
  }

  constructor(limit_value: Limit<T>, options: LimitOptions = {}) {
    super();
    this.limit_value = limit_value;
    if (options.message) this.message = options.message;
  }

  override call(value: unknown): void {
    const cleaned = this.clean(value);
    const limit_value = this.limit();
    if (!this.compare(cleaned, limit_value)) return;
    throw invalid(this, value, { limit_value, show_value: cleaned });
  }

  /** The limit of now. @internal */
  limit(): T {
    const { limit_value } = this;
    return typeof limit_value === "function" ? (limit_value as () => T)() : limit_value; // a limit is no function
  }

  /** Whether the value is refused. */
  compare(a: unknown, b: T): boolean {
    return a !== b;
  }

  /** What is compared with the limit. */
  clean(x: unknown): unknown {
    return x;
  }
}

/** Below, above or at the limit; `NaN` where there is no order. @throws TypeError for what cannot be compared with it. */
function order(value: unknown, limit: unknown): number {
  if (is_number(value) && is_number(limit))
    return value < limit ? -1 : value > limit ? 1 : value == limit ? 0 : NaN;
  if (value instanceof Date && limit instanceof Date) return value.getTime() - limit.getTime();
  if (typeof value === "string" && typeof limit === "string")
    return Buffer.compare(Buffer.from(value), Buffer.from(limit)); // UTF-8 sorts as code points do
  throw new TypeError(`${repr(value)} cannot be compared with the limit ${repr(limit)}.`);
}

function is_number(value: unknown): value is number | bigint {
  return typeof value === "number" || typeof value === "bigint";
}

/** Refuses values above the limit. `new MaxValueValidator(10)(11)` throws. */
export class MaxValueValidator extends BaseValidator<Comparable> {
  static {
    this.prototype.message = "This value must be at most %(limit_value)s.";
    this.prototype.code = "max_value";
  }

  /** @throws TypeError for a value that cannot be compared with the limit. */
  override compare(a: unknown, b: Comparable): boolean {
    return order(a, b) > 0;
  }
}

/** Refuses values below the limit. */
export class MinValueValidator extends BaseValidator<Comparable> {
  static {
    this.prototype.message = "This value must be at least %(limit_value)s.";
    this.prototype.code = "min_value";
  }

  /** @throws TypeError for a value that cannot be compared with the limit. */
  override compare(a: unknown, b: Comparable): boolean {
    return order(a, b) < 0;
  }
}

/** Options of the `StepValueValidator` constructor. */
export interface StepValueValidatorOptions extends LimitOptions {
  /** Where the steps begin. Default 0. */
  offset?: number | bigint | null | undefined;
}

const TOLERANCE = 1e-9;

/** Refuses numbers that are not a whole number of steps from the offset. */
export class StepValueValidator extends BaseValidator<number | bigint> {
  /** Where the steps begin; `null` for 0. */
  readonly offset: number | bigint | null;

  static {
    this.prototype.message = "This value must be a multiple of %(limit_value)s.";
    this.prototype.code = "step_size";
  }

  constructor(limit_value: Limit<number | bigint>, options: StepValueValidatorOptions = {}) {
    super(limit_value, options);
    this.offset = options.offset ?? null;
    if (this.offset !== null)
      this.message =
        "This value must be a multiple of %(limit_value)s above %(offset)s: %(offset)s, %(valid_value1)s, %(valid_value2)s and so on.";
  }

  override call(value: unknown): void {
    if (this.offset === null) {
      super.call(value);
      return;
    }
    const limit_value = this.limit();
    if (!this.compare(this.clean(value), limit_value)) return;
    const [offset, step] = alike(this.offset, limit_value);
    throw invalid(this, value, {
      limit_value,
      offset,
      valid_value1: plus(offset, step),
      valid_value2: plus(plus(offset, step), step),
    });
  }

  /** @throws TypeError for a value that is no number; ValueError for steps of 0. */
  override compare(a: unknown, b: number | bigint): boolean {
    if (!is_number(a)) throw new TypeError(`${repr(a)} is no number of steps of ${repr(b)}.`);
    if (Number(b) === 0) throw new ValueError("Steps of 0 lead nowhere.");
    const offset = this.offset ?? 0;
    if (is_whole(a) && is_whole(b) && is_whole(offset))
      return (BigInt(a) - BigInt(offset)) % BigInt(b) !== 0n;
    const rest = Math.abs((Number(a) - Number(offset)) % Number(b));
    return !(rest <= TOLERANCE || Math.abs(Number(b)) - rest <= TOLERANCE); // NaN is refused
  }
}

function is_whole(value: number | bigint): boolean {
  return typeof value === "bigint" || Number.isSafeInteger(value);
}

/** Both as one type, so that they can be added. */
function alike(a: number | bigint, b: number | bigint): [number, number] | [bigint, bigint] {
  if (typeof a === typeof b || !is_whole(a) || !is_whole(b)) return [Number(a), Number(b)];
  return [BigInt(a), BigInt(b)];
}

function plus(a: number | bigint, b: number | bigint): number | bigint {
  return typeof a === "bigint" && typeof b === "bigint" ? a + b : Number(a) + Number(b);
}

/** Python's `len()`. @throws TypeError for what has none. */
function length_of(value: unknown): number {
  if (typeof value === "string") return Array.from(value).length;
  if (typeof value === "object" && value !== null) {
    const { length, size } = value as { length?: unknown; size?: unknown }; // any object may have them
    if (typeof length === "number") return length;
    if (typeof size === "number") return size;
  }
  throw new TypeError(`${repr(value)} has no length.`);
}

/** Refuses texts with fewer characters than the limit, and lists with fewer items. */
export class MinLengthValidator extends BaseValidator<number> {
  static {
    this.prototype.message =
      "This value has a length of %(show_value)d; it must be at least %(limit_value)d.";
    this.prototype.code = "min_length";
  }

  override compare(a: unknown, b: number): boolean {
    return order(a, b) < 0;
  }

  /** @throws TypeError for what has no length. */
  override clean(x: unknown): number {
    return length_of(x);
  }
}

/** Refuses texts with more characters than the limit, and lists with more items. */
export class MaxLengthValidator extends BaseValidator<number> {
  static {
    this.prototype.message =
      "This value has a length of %(show_value)d; it must be at most %(limit_value)d.";
    this.prototype.code = "max_length";
  }

  override compare(a: unknown, b: number): boolean {
    return order(a, b) > 0;
  }

  /** @throws TypeError for what has no length. */
  override clean(x: unknown): number {
    return length_of(x);
  }
}
