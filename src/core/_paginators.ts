/** `Paginator` and `AsyncPaginator`: a long list in pages (Django docs: Paginator). @module */
import { AsyncPage, type AsyncObjects, Page } from "./_pages.ts";
import {
  BasePaginator,
  type ElidedPageRangeOptions,
  EmptyPage,
  numbers,
  PageNotAnInteger,
} from "./_paginator_base.ts";

/** What can be cut into pages: it can be sliced, and has `count()`, `length` or `size`. */
export interface Sequence<T> {
  slice(start: number, end: number): T[];
  count?(): number;
  readonly length?: number;
  readonly size?: number;
}

/** As `Sequence`, where slices or the number of objects may have to be waited for. */
export interface AsyncSequence<T> {
  slice(start: number, end: number): AsyncObjects<T>;
  acount?(): Promise<number>;
  readonly length?: number;
  readonly size?: number;
}

function length_of(list: { readonly length?: number; readonly size?: number }): number {
  const length = list.length ?? list.size;
  if (length === undefined)
    throw new TypeError("What is cut into pages needs count(), length or size.");
  return length;
}

/** Cuts a list, a text, or what can be sliced and counted, into pages. Iterating gives the pages. */
export class Paginator<T> extends BasePaginator<readonly T[] | Sequence<T> | string> {
  #count: number | undefined;
  #num_pages: number | undefined;

  /** How many objects there are: the source's `count()`, else its length. Asked for once. */
  get count(): number {
    this.#count ??= this.#count_objects();
    return this.#count;
  }

  #count_objects(): number {
    const list = this.object_list as Sequence<T>; // arrays and texts have its members
    return typeof list.count === "function" && list.count.length === 0
      ? list.count()
      : length_of(list);
  }

  /** How many pages there are; 0 if there is nothing and the first page may not be empty. */
  get num_pages(): number {
    this.#num_pages ??= this._pages_for(this.count);
    return this.#num_pages;
  }

  /** The numbers of the pages. */
  get page_range(): number[] {
    return [...numbers(1, this.num_pages)];
  }

  /** The number as a number. @throws PageNotAnInteger or EmptyPage if there is no such page. */
  validate_number(number: unknown): number {
    return this._validate_number(number, this.num_pages);
  }

  /**
   * The page, whatever a client asked for: the first for what is no number, the last for a number out of range.
   * @throws EmptyPage only if there are no pages at all.
   */
  get_page(number: unknown): Page<T> {
    try {
      return this.page(number);
    } catch (error) {
      if (error instanceof PageNotAnInteger) return this.page(1);
      if (error instanceof EmptyPage) return this.page(this.num_pages);
      throw error;
    }
  }

  /** The page. @throws PageNotAnInteger or EmptyPage if there is no such page. */
  page(number: unknown): Page<T> {
    const valid = this.validate_number(number);
    const [bottom, top] = this._bounds(valid, this.count);
    const objects = this.object_list.slice(bottom, top) as T[]; // of a text it is a text, which is read as a list is
    return this._get_page(objects, valid, this);
  }

  /** Makes a page. Override it for a `Page` of one's own. @internal */
  _get_page(object_list: T[], number: number, paginator: this): Page<T> {
    return new Page(object_list, number, paginator);
  }

  /**
   * The numbers of the pages around `number` (default 1) and at both ends, with `ELLIPSIS` for those between.
   * @throws PageNotAnInteger or EmptyPage when it is iterated, if there is no such page.
   */
  *get_elided_page_range(
    number: unknown = 1,
    options: ElidedPageRangeOptions = {},
  ): Generator<number | string, void, undefined> {
    const valid = this.validate_number(number);
    yield* this._get_elided_page_range(valid, this.num_pages, options);
  }

  *[Symbol.iterator](): Generator<Page<T>, void, undefined> {
    for (const number of numbers(1, this.num_pages)) yield this.page(number);
  }
}

/** As `Paginator`, for a source whose objects have to be waited for. `for await` gives the pages. */
export class AsyncPaginator<T> extends BasePaginator<readonly T[] | AsyncSequence<T> | string> {
  #count: number | undefined;
  #num_pages: number | undefined;

  /** How many objects there are: the source's `acount()`, else its length. Asked for once. */
  async acount(): Promise<number> {
    const list = this.object_list as AsyncSequence<T>; // arrays and texts have its members
    this.#count ??= typeof list.acount === "function" ? await list.acount() : length_of(list);
    return this.#count;
  }

  /** As `Paginator.num_pages`. */
  async anum_pages(): Promise<number> {
    this.#num_pages ??= this._pages_for(await this.acount());
    return this.#num_pages;
  }

  /** The numbers of the pages. */
  async apage_range(): Promise<number[]> {
    return [...numbers(1, await this.anum_pages())];
  }

  /** As `Paginator.validate_number`. */
  async avalidate_number(number: unknown): Promise<number> {
    return this._validate_number(number, await this.anum_pages());
  }

  /** As `Paginator.get_page`. */
  async aget_page(number: unknown): Promise<AsyncPage<T>> {
    try {
      return await this.apage(number);
    } catch (error) {
      if (error instanceof PageNotAnInteger) return this.apage(1);
      if (error instanceof EmptyPage) return this.apage(await this.anum_pages());
      throw error;
    }
  }

  /** As `Paginator.page`. */
  async apage(number: unknown): Promise<AsyncPage<T>> {
    const valid = await this.avalidate_number(number);
    const [bottom, top] = this._bounds(valid, await this.acount());
    const objects = this.object_list.slice(bottom, top) as AsyncObjects<T>; // see Paginator.page
    return this._get_page(objects, valid, this);
  }

  /** Makes a page. Override it for an `AsyncPage` of one's own. @internal */
  _get_page(object_list: AsyncObjects<T>, number: number, paginator: this): AsyncPage<T> {
    return new AsyncPage(object_list, number, paginator);
  }

  /** As `Paginator.get_elided_page_range`. */
  async *aget_elided_page_range(
    number: unknown = 1,
    options: ElidedPageRangeOptions = {},
  ): AsyncGenerator<number | string, void, undefined> {
    const valid = await this.avalidate_number(number);
    yield* this._get_elided_page_range(valid, await this.anum_pages(), options);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<AsyncPage<T>, void, undefined> {
    for (const number of numbers(1, await this.anum_pages())) yield await this.apage(number);
  }
}
