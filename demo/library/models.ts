/** The books of the library, kept in memory: new ones are gone after a restart. @module */

/** What somebody must say of a book that the library does not have. */
export interface NewBook {
  readonly title: string;
  readonly author: string;
  /** Of the first edition; negative before our era. */
  readonly year: number;
}

/** What is known of a picture that was sent; the picture itself is not kept. */
export interface Cover {
  readonly name: string;
  readonly description: string;
  readonly size: number;
  readonly sha256: string;
}

export interface Book extends NewBook {
  readonly id: number;
  cover: Cover | null;
  /** The file that has its text, if there is one. */
  readonly file: string | null;
}

/** Thrown where there is a book of that title. */
export class TitleTaken extends Error {
  readonly book: Book;

  constructor(book: Book) {
    super(`The library has this book: it is number ${book.id}.`);
    this.book = book;
  }
}

/** More do not fit: everybody may add some, and nobody shall fill the memory. */
const PLACES = 200;

/** The shelf. */
export class Library {
  readonly #books = new Map<number, Book>();
  readonly #news: Book[] = [];
  #last_id = 0;

  get size(): number {
    return this.#books.size;
  }

  get is_full(): boolean {
    return this.size >= PLACES;
  }

  get(id: number): Book | undefined {
    return this.#books.get(id);
  }

  /** The books of an author, or of all. */
  by(author?: string): Book[] {
    const books = [...this.#books.values()];
    if (author === undefined) return books;
    const wanted = author.toLowerCase();
    return books.filter((book) => book.author.toLowerCase().includes(wanted));
  }

  /** @throws TitleTaken */
  add({ title, author, year }: NewBook, file: string | null = null): Book {
    for (const book of this.#books.values()) {
      if (book.title.toLowerCase() === title.toLowerCase()) throw new TitleTaken(book);
    }
    const book: Book = { id: (this.#last_id += 1), title, author, year, cover: null, file };
    this.#books.set(book.id, book);
    return book;
  }

  /** Whether it was there. */
  remove(id: number): boolean {
    return this.#books.delete(id);
  }

  /** Tells everybody who listens that there is a new book. */
  announce(book: Book): void {
    this.#news.push(book);
    if (this.#news.length > PLACES) this.#news.shift();
  }

  /** The number of the book that was last announced. */
  get last_announced(): number {
    return this.#news.at(-1)?.id ?? 0;
  }

  /** What was announced after that book. */
  announced_after(id: number): Book[] {
    return this.#news.filter((book) => book.id > id);
  }
}

export const library: Library = new Library();

library.add({ title: "The Clouds", author: "Aristophanes", year: -423 });
library.add({ title: "On the Modifications of Clouds", author: "Luke Howard", year: 1803 });
library.add({ title: "International Cloud Atlas", author: "Hildebrandsson et al.", year: 1896 });
library.add({ title: "The Invention of Clouds", author: "Richard Hamblyn", year: 2001 });
library.add({ title: "Cloud Atlas", author: "David Mitchell", year: 2004 });
library.add({ title: "The Cloudspotter’s Guide", author: "Gavin Pretor-Pinney", year: 2006 });
library.add(
  { title: "A Small Field Guide to Clouds", author: "the makers of this demo", year: 2026 },
  "clouds.txt",
);
