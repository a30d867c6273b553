/** What both paginators share: numbers of pages, and the errors of wrong ones. @module */
import { parse_int } from "../utils/_number.ts";
import { repr } from "../utils/_python.ts";
import { Exception, ValueError } from "./exceptions.ts";

/** A page that there is not. */
export class InvalidPage extends Exception {}
/** What was given is no whole number. */
export class PageNotAnInteger extends InvalidPage {}
/** The number is below 1 or above the last page. */
export class EmptyPage extends InvalidPage {}

/** The warning of a source whose order may change from one query to the next: emitted with `process.emitWarning`. */
export class UnorderedObjectListWarning extends Error {
  override get name(): string {
    return "UnorderedObjectListWarning";
  }
}

/** The texts of the errors. */
export interface PaginatorErrorMessages {
  /** Of `PageNotAnInteger`. */
  invalid_page: string;
  /** Of `EmptyPage`, below 1. */
  min_page: string;
  /** Of `EmptyPage`, above the last page. */
  no_results: string;
}

/** Options of the paginators. */
export interface PaginatorOptions {
  /** So many objects or fewer on the last page go to the page before it. Default 0. */
  orphans?: number | string | undefined;
  /** Whether there is a first page when there are no objects. Default `true`. */
  allow_empty_first_page?: boolean | undefined;
  /** In place of some of `default_error_messages`. */
  error_messages?: Partial<PaginatorErrorMessages> | null | undefined;
}

/** Options of the elided ranges. */
export interface ElidedPageRangeOptions {
  /** How many pages to name on each side of the current one. Default 3. */
  on_each_side?: number | undefined;
  /** How many to name at each end. Default 2. */
  on_ends?: number | undefined;
}

/** What `Paginator` and `AsyncPaginator` have in common. */
export class BasePaginator<L = unknown> {
  /** Stands for the pages that an elided range leaves out. */
  declare ELLIPSIS: string;
  declare default_error_messages: PaginatorErrorMessages;
  object_list: L;
  per_page: number;
  orphans: number;
  allow_empty_first_page: boolean;
  error_messages: PaginatorErrorMessages;

  static {
    this.prototype.ELLIPSIS = "…";
    this.prototype.default_error_messages = {
      invalid_page: "A page number is a whole number.",
      min_page: "The first page is number 1.",
      no_results: "There is no such page: it is behind the last one.",
    };
  }

  /** @throws ValueError if `per_page` or `orphans` is no number. */
  constructor(object_list: L, per_page: number | string, options: PaginatorOptions = {}) {
    this.object_list = object_list;
    warn_if_unordered(object_list);
    this.per_page = to_int(per_page);
    this.orphans = to_int(options.orphans ?? 0);
    this.allow_empty_first_page = options.allow_empty_first_page ?? true;
    this.error_messages = { ...this.default_error_messages, ...options.error_messages };
    if (this.per_page <= this.orphans)
      process.emitWarning(
        `orphans (${this.orphans}) should be less than per_page (${this.per_page}).`,
        "DeprecationWarning",
      );
  }

  /** The number of the page, checked. @internal */
  _validate_number(number: unknown, num_pages: number): number {
    const page = whole_number(number);
    if (page === undefined) throw new PageNotAnInteger(this.error_messages.invalid_page);
    if (page < 1) throw new EmptyPage(this.error_messages.min_page);
    if (page > num_pages) throw new EmptyPage(this.error_messages.no_results);
    return page;
  }

  /** How many pages so many objects make. @internal */
  _pages_for(count: number): number {
    if (count === 0 && !this.allow_empty_first_page) return 0;
    if (this.per_page === 0) throw new ValueError("per_page is 0: there is no number of pages.");
    return Math.ceil(Math.max(1, count - this.orphans) / this.per_page);
  }

  /** The positions of the first object of a page and of the one behind its last. @internal */
  _bounds(number: number, count: number): [bottom: number, top: number] {
    const bottom = (number - 1) * this.per_page;
    const top = bottom + this.per_page;
    return [bottom, top + this.orphans >= count ? count : top];
  }

  /** The numbers of pages around this one and at the ends; `ELLIPSIS` for those between. @internal */
  *_get_elided_page_range(
    number: number,
    num_pages: number,
    options: ElidedPageRangeOptions,
  ): Generator<number | string, void, undefined> {
    const { on_each_side = 3, on_ends = 2 } = options;
    if (num_pages <= (on_each_side + on_ends) * 2) return yield* numbers(1, num_pages);
    if (number > on_each_side + on_ends + 2) {
      yield* numbers(1, on_ends);
      yield this.ELLIPSIS;
      yield* numbers(number - on_each_side, number);
    } else {
      yield* numbers(1, number);
    }
    if (number < num_pages - on_each_side - on_ends - 1) {
      yield* numbers(number + 1, number + on_each_side);
      yield this.ELLIPSIS;
      yield* numbers(num_pages - on_ends + 1, num_pages);
    } else {
      yield* numbers(number + 1, num_pages);
    }
  }
}

/** The whole numbers from one to another, both included. */
export function* numbers(from: number, to: number): Generator<number, void, undefined> {
  for (let number = from; number <= to; number += 1) yield number;
}

function warn_if_unordered(object_list: unknown): void {
  if (typeof object_list !== "object" || object_list === null || !("ordered" in object_list))
    return;
  const { ordered } = object_list;
  if (ordered === undefined || ordered === null || ordered) return;
  process.emitWarning(
    `Pages of something unordered may hold an object twice, or never: ${repr(object_list)}.`,
    "UnorderedObjectListWarning",
  );
}

/** Python's `int()` of a page number: text, whole numbers and `true`; `undefined` for the rest. */
function whole_number(number: unknown): number | undefined {
  if (typeof number === "string" || number instanceof String) return parse_int(String(number));
  if (typeof number === "boolean" || typeof number === "bigint") return Number(number);
  return typeof number === "number" && Number.isInteger(number) ? number : undefined;
}

function to_int(value: number | string): number {
  const number = typeof value === "number" ? Math.trunc(value) : parse_int(value);
  if (number === undefined || !Number.isFinite(number))
    throw new ValueError(`${repr(value)} is no number of objects on a page.`);
  return number;
}
