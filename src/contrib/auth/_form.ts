/** `Form`: what the pages of users share with Django's forms, and no more. @module */
import type { QueryDict } from "../../http/querydict.ts";
import type { Maybe } from "../../utils/_promise.ts";
import { strip as stripped } from "../../utils/_whitespace.ts";

/** What a form is made with. */
export interface FormOptions {
  /** What was sent. Absent: the form is shown for the first time. */
  data?: QueryDict | null | undefined;
}

/** How a field is read. */
export interface FieldOptions {
  /** The most characters. */
  readonly max_length: number;
  /** Whether white space around it does not count. Default `false`. */
  readonly strip?: boolean;
}

const WHOLE_FORM = "__all__";

/** A form that was sent, or is to be. A subclass has `clean`. */
export abstract class Form {
  readonly data: QueryDict | null;
  /** Messages by field; those of the whole form under `__all__`. */
  errors: Record<string, string[]> = {};
  /** The fields that are right, by name. */
  cleaned_data: Record<string, string> = {};

  constructor(options: FormOptions = {}) {
    this.data = options.data ?? null;
  }

  /** Whether something was sent. */
  get is_bound(): boolean {
    return this.data !== null;
  }

  /** Whether something was sent, and it is right. */
  async is_valid(): Promise<boolean> {
    if (this.data === null) return false;
    this.errors = {};
    this.cleaned_data = {};
    await this.clean();
    return !this.has_errors();
  }

  /** Reads the fields, and says what is wrong with them. */
  abstract clean(): Maybe<void>;

  /** Whether something is wrong. */
  has_errors(): boolean {
    return Object.keys(this.errors).length > 0;
  }

  /** Says what is wrong with a field, or with the whole form (`null`); the field is then none of `cleaned_data`. */
  add_error(field: string | null, error: string): void {
    (this.errors[field ?? WHOLE_FORM] ??= []).push(error);
    if (field !== null) delete this.cleaned_data[field];
  }

  /** The messages of the whole form. */
  non_field_errors(): readonly string[] {
    return this.errors[WHOLE_FORM] ?? [];
  }

  /** Puts a field that must be there into `cleaned_data`, or says what is wrong with it. @internal */
  _read(field: string, { max_length, strip = false }: FieldOptions): string | undefined {
    const sent = this.data?.get(field, "") ?? "";
    const value = strip ? stripped(sent) : sent;
    if (value === "") this.add_error(field, "Please fill in this field.");
    else if (value.length > max_length)
      this.add_error(field, `At most ${max_length} characters, please.`);
    else return (this.cleaned_data[field] = value);
    return undefined;
  }
}
