/** `MediaType`: a media type or range with its parameters (RFC 9110 §8.3.1, §12.5.1). @module */
import { define_repr } from "../utils/_python.ts";
import { parse_float } from "../utils/_number.ts";
import { parse_header_parameters } from "../utils/http.ts";

type Params = Record<string, string>;

/** One entry of an `Accept` header, or a type to compare with one. */
export class MediaType {
  /** In lower case; `""` when the text was empty. */
  main_type: string;
  /** In lower case; `""` when the text has no slash. */
  sub_type: string;
  /** Every parameter, `q` included. An object without a prototype. */
  params: Params;
  #range_params: Params | undefined;
  #has_range_params = false;
  #quality: number | undefined;

  /** @throws ValueError if the text is over 10000 characters, or names an unknown charset. */
  constructor(media_type_raw_line: string | null | undefined) {
    const [full_type, params] = parse_header_parameters(media_type_raw_line ?? "");
    const slash = full_type.indexOf("/");
    this.main_type = slash < 0 ? full_type : full_type.slice(0, slash);
    this.sub_type = slash < 0 ? "" : full_type.slice(slash + 1);
    this.params = params;
  }

  /** The parameters without `q`: what makes a range more specific. */
  get range_params(): Params {
    if (this.#range_params === undefined) {
      const { q: _, ...rest } = this.params;
      this.#range_params = Object.assign(Object.create(null) as Params, rest);
      for (const _name in rest) this.#has_range_params = true;
    }
    return this.#range_params;
  }

  /**
   * Whether this type falls into the range `other`. It is not symmetric: a type with parameters falls into a range
   * without any, a type without does not fall into a range with some. `*` counts on either side.
   */
  match(other: MediaType | string | null | undefined): boolean {
    if (other === null || other === undefined || other === "") return false;
    const range = other instanceof MediaType ? other : new MediaType(other);
    if (!types_match(this.main_type, range.main_type)) return false;
    if (!types_match(this.sub_type, range.sub_type)) return false;
    const [ours, theirs] = [this.range_params, range.range_params];
    if (this.#has_range_params === range.#has_range_params) return same_params(ours, theirs);
    return this.#has_range_params;
  }

  /** The weight, 0 to 1 in steps of 0.001. Without `q`, and with one that cannot be read, it is 1. */
  get quality(): number {
    this.#quality ??= read_quality(this.params["q"]);
    return this.#quality;
  }

  /** How narrow the range is: 0 for `*` as main type, 1 for `type/*`, 2 for a type, 3 for a type with parameters. */
  get specificity(): 0 | 1 | 2 | 3 {
    if (this.main_type === "*") return 0;
    if (this.sub_type === "*") return 1;
    void this.range_params;
    return this.#has_range_params ? 3 : 2;
  }

  static {
    define_repr(this.prototype, (type) => `<${type.constructor.name}: ${type.toString()}>`);
  }

  toString(): string {
    const sub_type = this.sub_type === "" ? "" : `/${this.sub_type}`;
    const params = Object.entries(this.params).map(([name, value]) => `; ${name}=${value}`);
    return `${this.main_type}${sub_type}${params.join("")}`;
  }
}

function types_match(ours: string, theirs: string): boolean {
  if (ours === "" || theirs === "") return false;
  return ours === theirs || ours === "*" || theirs === "*";
}

function same_params(ours: Params, theirs: Params): boolean {
  const names = Object.keys(ours);
  if (names.length !== Object.keys(theirs).length) return false;
  return names.every((name) => name in theirs && ours[name] === theirs[name]);
}

function read_quality(text: string | undefined): number {
  const quality = text === undefined ? 1 : (parse_float(text) ?? 1);
  if (quality < 0 || quality > 1) return 1;
  return round_to_thousandths(quality);
}

/** To three decimals, exact halves to the even digit, as Python's `round()` does. `toFixed` rounds those up. */
function round_to_thousandths(value: number): number {
  const exact_half = (value * 16) % 1 === 0 && (value * 1000) % 1 === 0.5;
  if (!exact_half) return Number(value.toFixed(3));
  const below = Math.floor(value * 1000);
  return (below % 2 === 0 ? below : below + 1) / 1000;
}
