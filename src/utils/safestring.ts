/** Text that is HTML already, and must not be escaped again (Django docs: `django.utils.safestring`). @module */
import { repr_text, define_repr, str } from "./_python.ts";

/** What knows its own HTML: the convention that template engines share. */
export interface HasHtml {
  /** The HTML of this object. */
  __html__(): string | SafeString;
}

/** The mark of a text that is HTML already. A `SafeString` is an `instanceof` it, and so is nunjucks' own. */
export class SafeData {
  /** Itself: it is HTML already. */
  __html__(): this {
    return this;
  }

  static [Symbol.hasInstance](value: unknown): boolean {
    if (Function.prototype[Symbol.hasInstance].call(this, value)) return true;
    return this === SafeData && (value instanceof SafeString || is_nunjucks_safe(value));
  }
}

/**
 * A text marked as HTML. It is a `String` object: `String(s)` gives the plain text, and so does every operation on it
 * (`a + b`, `slice`): a text made of safe ones is no longer marked. In JSON it is a text.
 */
export class SafeString extends String {
  static {
    define_repr(this.prototype, (self) => repr_text(self.toString()));
  }

  /** @param s The text; anything else is taken as its `str`. */
  constructor(s: unknown = "") {
    super(str(s));
  }

  /** Itself: it is HTML already. */
  __html__(): this {
    return this;
  }

  // Own methods, because nunjucks' class, put behind this one, brings others that read a field.
  override toString(): string {
    return String.prototype.toString.call(this);
  }

  override valueOf(): string {
    return String.prototype.valueOf.call(this);
  }
}

/** The old name of `SafeString`. */
export const SafeText: typeof SafeString = SafeString;

/**
 * Marks a text as HTML that needs no escaping. Never give it what came from a client. What knows its own HTML is given
 * back as it is; a function becomes one whose result is marked.
 */
export function mark_safe<A extends unknown[]>(
  s: (...args: A) => unknown,
): (...args: A) => SafeString;
export function mark_safe<T extends HasHtml>(s: T): T;
export function mark_safe(s: unknown): SafeString;
export function mark_safe(s: unknown): unknown {
  if (has_html(s)) return s;
  if (typeof s !== "function") return new SafeString(is_nunjucks_safe(s) ? s.toString() : s);
  return function (this: unknown, ...args: unknown[]): unknown {
    return mark_safe(Reflect.apply(s, this, args));
  };
}

/** Whether `value` has an `__html__` method. @internal */
export function has_html(value: unknown): value is HasHtml {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as Partial<HasHtml>).__html__ === "function"
  );
}

/**
 * Whether `value` is what nunjucks' `safe` filter gives: an object below `String.prototype` that is no real `String`
 * and keeps its text in `val`. @internal
 */
export function is_nunjucks_safe(value: unknown): value is SafeString {
  return (
    value instanceof String &&
    !(value instanceof SafeString) &&
    typeof (value as { val?: unknown }).val === "string" &&
    Object.prototype.toString.call(value) !== "[object String]"
  );
}

/**
 * Makes nunjucks take a `SafeString` for one of its own, which it tells by `instanceof`: its prototype goes between
 * ours and `String`'s. Called once by whoever loads nunjucks, so that nobody else has to. @internal
 */
export function accept_in_nunjucks(their_prototype: object): void {
  if (Object.getPrototypeOf(SafeString.prototype) === their_prototype) return;
  Object.setPrototypeOf(SafeString.prototype, their_prototype);
}
