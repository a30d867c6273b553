/** A row of sessions as an object, for programs that look at the table (Django docs: Extending database-backed session engines). @module */
import { define_repr } from "../../utils/_python.ts";
import { session_store, type SessionStoreClass } from "./_engine.ts";
import type { SessionDict, SessionUpdate } from "./backends/base.ts";
import type { SessionRow, SessionRows } from "./rows.ts";

/** What a row of the table holds. */
export abstract class AbstractBaseSession implements SessionRow {
  static {
    define_repr(this.prototype, (session) => `<${session.constructor.name}: ${session}>`);
  }

  session_key: string;
  session_data: string;
  expire_date: Date;

  constructor(row: SessionRow) {
    this.session_key = row.session_key;
    this.session_data = row.session_data;
    this.expire_date = row.expire_date;
  }

  /** The store whose `encode` wrote the data. Default: that of `SESSION_ENGINE`. */
  static get_session_store_class(): SessionStoreClass {
    return session_store();
  }

  /** The data; empty if it was changed or cannot be read. */
  get_decoded(): SessionDict {
    const Session = this.constructor as typeof AbstractBaseSession; // an instance's class is below this one
    const Store = Session.get_session_store_class();
    return new Store().decode(this.session_data);
  }

  toString(): string {
    return this.session_key;
  }
}

/** Writes rows by hand. */
export class BaseSessionManager {
  readonly #rows: SessionRows;

  /** @param rows Where to. */
  constructor(rows: SessionRows) {
    this.#rows = rows;
  }

  /** The data as `SESSION_ENGINE` would write it. */
  encode(session_dict: SessionUpdate): string {
    const Store = session_store();
    return new Store().encode(session_dict);
  }

  /** Adds or changes a row; with no data it is deleted. */
  async save(session_key: string, session_dict: SessionDict, expire_date: Date): Promise<void> {
    if (Object.keys(session_dict).length === 0) return this.#rows.delete(session_key);
    const row = { session_key, session_data: this.encode(session_dict), expire_date };
    if (!(await this.#rows.update(row))) await this.#rows.insert(row);
  }
}
