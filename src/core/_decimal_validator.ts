/** `DecimalValidator`: how many digits a decimal number has. @module */
import { ValidationError } from "./_validation.ts";
import { Validator } from "./_validator.ts";

const DECIMAL = /^[+-]?(?:(\d+)(?:\.(\d*))?|\.(\d+))(?:[eE]([+-]?\d+))?$/;

/** How many digits there are in all, and how many behind the point. */
interface Digits {
  readonly digits: number;
  readonly decimals: number;
}

/**
 * Refuses numbers with too many digits. JavaScript has no type of decimals: give the text (`"12.50"`, zeros at the end
 * count), a `bigint`, or a number, which is taken as it prints.
 */
export class DecimalValidator extends Validator {
  /** The most digits; `null`: any. */
  readonly max_digits: number | null;
  /** The most digits behind the point; `null`: any. */
  readonly decimal_places: number | null;
  /** What the errors say, by their code. */
  declare messages: Readonly<
    Record<"invalid" | "max_digits" | "max_decimal_places" | "max_whole_digits", string>
  >;

  static {
    this.prototype.messages = {
      invalid: "This value is not a number.",
      max_digits: "This number has too many digits; the limit is %(max)s.",
      max_decimal_places: "This number has too many decimal places; the limit is %(max)s.",
      max_whole_digits: "This number has too many digits before the point; the limit is %(max)s.",
    };
  }

  constructor(max_digits: number | null | undefined, decimal_places: number | null | undefined) {
    super();
    this.max_digits = max_digits ?? null;
    this.decimal_places = decimal_places ?? null;
  }

  override call(value: unknown): void {
    const counted = count(value);
    if (counted === undefined) throw this.#error("invalid", value);
    const { digits, decimals } = counted;
    const { max_digits, decimal_places } = this;
    if (max_digits !== null && digits > max_digits)
      throw this.#error("max_digits", value, max_digits);
    if (decimal_places === null) return;
    if (decimals > decimal_places) throw this.#error("max_decimal_places", value, decimal_places);
    if (max_digits !== null && digits - decimals > max_digits - decimal_places)
      throw this.#error("max_whole_digits", value, max_digits - decimal_places);
  }

  #error(code: keyof DecimalValidator["messages"], value: unknown, max?: number): ValidationError {
    return new ValidationError(this.messages[code], { code, params: { max, value } });
  }
}

function count(value: unknown): Digits | undefined {
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "bigint")
    return undefined;
  const match = DECIMAL.exec(String(value));
  if (match === null) return undefined;
  const [, whole = "", after_whole, after_point, power = "0"] = match;
  const fraction = after_whole ?? after_point ?? "";
  const coefficient = (whole + fraction).replace(/^0+(?=.)/, "");
  const exponent = Number(power) - fraction.length;
  if (exponent < 0) return { digits: Math.max(coefficient.length, -exponent), decimals: -exponent };
  return { digits: coefficient.length + (coefficient === "0" ? 0 : exponent), decimals: 0 };
}
