/** `ETag`: the name of one version of what a URL gives (RFC 9110 §8.8.3). @module */
import { ValueError } from "../core/exceptions.ts";
import { define_repr, repr } from "../utils/_python.ts";
import { strip } from "../utils/_whitespace.ts";

/** Options of `ETag`. */
export interface ETagOptions {
  /** Says that equal tags mean equal content, not equal bytes. Default `false`. */
  weak?: boolean | undefined;
  /** In the document, never sent. Default `false`. */
  documentation_only?: boolean | undefined;
}

const WHOLE = /^(?<weak>[Ww]\/)?"(?<value>[ !#-~]*)"$/;
const SENDABLE = /^[ !#-~]*$/;

/** An entity tag. It stands wherever a header value does. */
export class ETag {
  static {
    define_repr(this.prototype, (self) => (self.value === undefined ? "<ETag>" : `<ETag ${self}>`));
  }

  /** The tag without its quotes. */
  readonly value: string | undefined;
  /** Whether equal tags mean equal content, not equal bytes. */
  readonly weak: boolean;
  /** Whether it is in the document only. */
  readonly documentation_only: boolean;

  /**
   * @param value May be left out if the tag is for the document only.
   * @throws ValueError for quotes and what is not printable ASCII.
   */
  constructor(value?: string | null, options: ETagOptions = {}) {
    this.value = value ?? undefined;
    this.weak = options.weak ?? false;
    this.documentation_only = options.documentation_only ?? false;
    if (this.value === undefined && !this.documentation_only)
      throw new ValueError("An ETag has a value; without one it can only be documentation_only.");
    if (this.value !== undefined && !SENDABLE.test(this.value))
      throw new ValueError(
        `An ETag is printable ASCII without double quotes: ${repr(this.value)} is not. Give a hash of it.`,
      );
  }

  /** The tag that a header holds. @throws ValueError for a list, `*`, and anything else that is no tag. */
  static from_header(text: string): ETag {
    const groups = WHOLE.exec(strip(text))?.groups;
    if (groups === undefined)
      throw new ValueError(`An ETag in a header is one text in quotes: ${repr(text)} is not.`);
    return new ETag(groups.value, { weak: groups.weak !== undefined });
  }

  /** `"foo"` or `W/"foo"`. @throws ValueError for a tag without a value. */
  to_header(): string {
    if (this.value === undefined)
      throw new ValueError("This ETag has no value to send: it is for the document only.");
    return `${this.weak ? "W/" : ""}"${this.value}"`;
  }

  /**
   * Whether both name the same version (RFC 9110 §8.8.3.2).
   * @param options `weak: true` lets weak tags be equal too. Default `false`.
   */
  equals(other: ETag, options: { weak?: boolean | undefined } = {}): boolean {
    if (!options.weak && (this.weak || other.weak)) return false;
    return this.value !== undefined && this.value === other.value;
  }

  /** The same as `to_header`. */
  toString(): string {
    return this.to_header();
  }
}
