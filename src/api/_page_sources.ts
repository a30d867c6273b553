/** The paginators: where pages come from (docs/api.md, "Pages"). @module */
import { ValueError } from "../core/exceptions.ts";
import { type AsyncPaginator, EmptyPage, Paginator } from "../core/paginator.ts";
import { BadSignature, Signer } from "../core/signing.ts";
import { Http404 } from "../http/_http404.ts";
import { repr } from "../utils/_python.ts";
import type { Awaitable } from "../utils/deprecation.ts";
import {
  type ClassicQuery,
  type CursorQuery,
  LONGEST_CURSOR,
  type OffsetQuery,
} from "./_page_params.ts";
import type { ClassicPage, CursorPage, OffsetPage } from "./_page_schemas.ts";
import { RequestValidationError } from "./exceptions.ts";

/** Numbered pages of one size. */
export abstract class ClassicPaginator<T> {
  /** The only size that its pages have; without it the client says one. @internal */
  declare readonly _page_size?: number;

  /** How many items there are in all. */
  abstract get_total(): Awaitable<number>;

  /** The items of a page, which is there, or is the first. */
  abstract get_items(query: ClassicQuery): Awaitable<readonly T[]>;

  /** The page. @throws Http404 behind the last one; the first one is always there. */
  async page(query: ClassicQuery): Promise<ClassicPage<T>> {
    const { page_size, current_page } = query;
    const total = checked_total(await this.get_total());
    const total_pages = Math.ceil(total / page_size);
    if (current_page > total_pages && current_page !== 1)
      throw new Http404(`There is no page ${current_page}: the last one is ${total_pages}.`);
    const items = await this.get_items({ page_size, current_page });
    return { items, page_size, current_page, total_pages };
  }

  /** The pages of Django's paginator, in its own size: the client says only which. */
  static from<T>(paginator: Paginator<T> | AsyncPaginator<T>): ClassicPaginator<T> {
    return new DjangoPages(paginator);
  }
}

/** The pages of `Paginator` and `AsyncPaginator`. */
class DjangoPages<T> extends ClassicPaginator<T> {
  override readonly _page_size: number;
  readonly #paginator: Paginator<T> | AsyncPaginator<T>;

  constructor(paginator: Paginator<T> | AsyncPaginator<T>) {
    super();
    this.#paginator = paginator;
    this._page_size = paginator.per_page;
  }

  get_total(): Awaitable<number> {
    const paginator = this.#paginator;
    return paginator instanceof Paginator ? paginator.count : paginator.acount();
  }

  async get_items({ current_page }: Pick<ClassicQuery, "current_page">): Promise<readonly T[]> {
    const paginator = this.#paginator;
    if (paginator instanceof Paginator) return [...paginator.page(current_page)];
    const page = await paginator.apage(current_page);
    return page.aget_object_list();
  }

  override async page({ current_page }: ClassicQuery): Promise<ClassicPage<T>> {
    const paginator = this.#paginator;
    try {
      const items = await this.get_items({ current_page });
      const pages =
        paginator instanceof Paginator ? paginator.num_pages : await paginator.anum_pages();
      const total_pages = (await this.get_total()) === 0 ? 0 : pages;
      return { items, page_size: this._page_size, current_page, total_pages };
    } catch (error) {
      if (!(error instanceof EmptyPage)) throw error;
      throw new Http404(`There is no page ${current_page}. ${error.message}`, { cause: error });
    }
  }
}

/** Any stretch of the items, by how many come before it. */
export abstract class OffsetPaginator<T> {
  /** How many items there are in all. */
  abstract get_total(): Awaitable<number>;

  /** The items of the stretch: fewer at the end, none behind it. */
  abstract get_items(query: OffsetQuery): Awaitable<readonly T[]>;

  /** The stretch. */
  async page(query: OffsetQuery): Promise<OffsetPage<T>> {
    const { limit, offset } = query;
    const total = checked_total(await this.get_total());
    const items = await this.get_items({ limit, offset });
    return { items, limit, offset, total };
  }
}

/**
 * One stretch after another: each answer has the cursor of the next. Nobody can make a cursor or change one, or use that
 * of another paginator: it goes out signed.
 */
export abstract class CursorPaginator<T> {
  /** Whether cursors are signed. `false` sends them as they are, and takes whatever text comes. Default `true`. */
  declare signed: boolean;
  /** What cursors are signed with, besides the key. Default: the name of the class. */
  declare salt: string;

  static {
    this.prototype.signed = true;
    this.prototype.salt = "";
  }

  /**
   * The items after the cursor, and the cursor of those that follow; `null` if none do. The client brings a number as
   * text.
   */
  abstract get_items(
    query: CursorQuery,
  ): Awaitable<readonly [items: readonly T[], next: string | number | null | undefined]>;

  /** The items. @throws RequestValidationError for a cursor that this paginator did not sign. */
  async page(query: CursorQuery): Promise<CursorPage<T>> {
    const { results_per_page, cursor } = query;
    const after = cursor === undefined || !this.signed ? cursor : this.#unsigned(cursor);
    const [items, next] = await this.get_items({ results_per_page, cursor: after });
    const outgoing = next === undefined || next === null ? null : this.#outgoing(next);
    return { items, results_per_page, cursor: outgoing };
  }

  #signer(): Signer {
    return new Signer({
      sep: ".",
      salt: `nuages.api.cursor:${this.salt || this.constructor.name}`,
    });
  }

  #outgoing(next: string | number): string | number {
    const text = String(next);
    const cursor = this.signed
      ? this.#signer().sign(Buffer.from(text).toString("base64url"))
      : next;
    if (String(cursor).length > LONGEST_CURSOR)
      throw new ValueError(
        `The cursor ${repr(text.slice(0, 40))}… is too long: it may be sent with ${LONGEST_CURSOR} characters.`,
      );
    return cursor;
  }

  #unsigned(cursor: string): string {
    try {
      return Buffer.from(this.#signer().unsign(cursor), "base64url").toString();
    } catch (error) {
      if (!(error instanceof BadSignature)) throw error;
      const msg = "This is no cursor that was given out here. Begin again without one.";
      const loc = ["query", "cursor"];
      throw new RequestValidationError([{ msg, type: "invalid_cursor", loc }], { cause: error });
    }
  }
}

function checked_total(total: number): number {
  if (Number.isSafeInteger(total) && total >= 0) return total;
  throw new ValueError(`get_total() gives a whole number, 0 or more: ${repr(total)} is none.`);
}
