/** `Page` and `AsyncPage`: the objects of one page, and where it stands among the others. @module */
import { define_repr } from "../utils/_python.ts";
import type { AsyncPaginator, Paginator } from "./_paginators.ts";
import { IndexError } from "./exceptions.ts";

/** One page of a `Paginator`: a sequence of its objects. Prints as `<Page 1 of 4>`. */
export class Page<T> {
  static {
    define_repr(this.prototype);
  }

  /** The objects, as the paginator's source gave them. */
  object_list: T[];
  /** From 1 on. */
  number: number;
  paginator: Paginator<T>;

  constructor(object_list: T[], number: number, paginator: Paginator<T>) {
    this.object_list = object_list;
    this.number = number;
    this.paginator = paginator;
  }

  toString(): string {
    return `<Page ${this.number} of ${this.paginator.num_pages}>`;
  }

  get size(): number {
    return this.object_list.length;
  }

  /** The same as `size`. */
  get length(): number {
    return this.object_list.length;
  }

  /** The object at that position; a negative one counts from the end. @throws IndexError if there is none. */
  getitem(index: number): T {
    return item_at(this.object_list, index);
  }

  /** Whether it is on the page. */
  has(value: T): boolean {
    return Array.from(this.object_list).includes(value);
  }

  /** The objects from one position to another, as of an array. */
  slice(start?: number, end?: number): T[] {
    return Array.from(this.object_list).slice(start, end);
  }

  toReversed(): T[] {
    return Array.from(this.object_list).toReversed();
  }

  [Symbol.iterator](): IterableIterator<T> {
    return this.object_list[Symbol.iterator]();
  }

  has_next(): boolean {
    return this.number < this.paginator.num_pages;
  }

  has_previous(): boolean {
    return this.number > 1;
  }

  has_other_pages(): boolean {
    return this.has_previous() || this.has_next();
  }

  /** @throws EmptyPage on the last page. */
  next_page_number(): number {
    return this.paginator.validate_number(this.number + 1);
  }

  /** @throws EmptyPage on the first page. */
  previous_page_number(): number {
    return this.paginator.validate_number(this.number - 1);
  }

  /** The position of the first object among all, from 1 on; 0 if there is none. */
  start_index(): number {
    const { count, per_page } = this.paginator;
    return count === 0 ? 0 : per_page * (this.number - 1) + 1;
  }

  /** The position of the last object among all. */
  end_index(): number {
    const { num_pages, count, per_page } = this.paginator;
    return this.number === num_pages ? count : this.number * per_page;
  }
}

/** What an `AsyncPage` holds before it is loaded. */
export type AsyncObjects<T> = T[] | Iterable<T> | AsyncIterable<T>;

/** One page of an `AsyncPaginator`. `for await` reads it; for the rest, await `aget_object_list()` first. */
export class AsyncPage<T> {
  static {
    define_repr(this.prototype);
  }

  /** The objects; an array once `aget_object_list()` was awaited. */
  object_list: AsyncObjects<T>;
  /** From 1 on. */
  number: number;
  paginator: AsyncPaginator<T>;

  constructor(object_list: AsyncObjects<T>, number: number, paginator: AsyncPaginator<T>) {
    this.object_list = object_list;
    this.number = number;
    this.paginator = paginator;
  }

  toString(): string {
    return `<Async Page ${this.number}>`;
  }

  #loaded(): T[] {
    if (Array.isArray(this.object_list)) return this.object_list;
    throw new TypeError("The page is not loaded: await page.aget_object_list() first.");
  }

  /** @throws TypeError before `aget_object_list()`. */
  get size(): number {
    return this.#loaded().length;
  }

  /** The same as `size`. */
  get length(): number {
    return this.#loaded().length;
  }

  /** As of a `Page`. @throws TypeError before `aget_object_list()`. */
  getitem(index: number): T {
    return item_at(this.#loaded(), index);
  }

  /** As of a `Page`. @throws TypeError before `aget_object_list()`. */
  slice(start?: number, end?: number): T[] {
    return this.#loaded().slice(start, end);
  }

  /** As of a `Page`. @throws TypeError before `aget_object_list()`. */
  toReversed(): T[] {
    return this.#loaded().toReversed();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    yield* this.object_list;
  }

  /** The objects as an array, which is kept. */
  async aget_object_list(): Promise<T[]> {
    if (Array.isArray(this.object_list)) return this.object_list;
    const objects: T[] = [];
    for await (const object of this.object_list) objects.push(object);
    this.object_list = objects;
    return objects;
  }

  async ahas_next(): Promise<boolean> {
    return this.number < (await this.paginator.anum_pages());
  }

  async ahas_previous(): Promise<boolean> {
    return this.number > 1;
  }

  async ahas_other_pages(): Promise<boolean> {
    return this.number > 1 || this.ahas_next();
  }

  /** @throws EmptyPage on the last page. */
  async anext_page_number(): Promise<number> {
    return this.paginator.avalidate_number(this.number + 1);
  }

  /** @throws EmptyPage on the first page. */
  async aprevious_page_number(): Promise<number> {
    return this.paginator.avalidate_number(this.number - 1);
  }

  /** The position of the first object among all, from 1 on; 0 if there is none. */
  async astart_index(): Promise<number> {
    const count = await this.paginator.acount();
    return count === 0 ? 0 : this.paginator.per_page * (this.number - 1) + 1;
  }

  /** The position of the last object among all. */
  async aend_index(): Promise<number> {
    const last = this.number === (await this.paginator.anum_pages());
    return last ? this.paginator.acount() : this.number * this.paginator.per_page;
  }
}

function item_at<T>(objects: Iterable<T>, index: number): T {
  const list = Array.isArray(objects) ? (objects as T[]) : Array.from(objects);
  const at = index < 0 ? index + list.length : index;
  if (!(at in list))
    throw new IndexError(`The page has ${list.length} objects, and none at ${index}.`);
  return list[at] as T; // it is there
}
