/** Rows of Django's table `django_session`, and where to get them: SQLite, PostgreSQL, or a class of the site's own. @module */
import type { Maybe } from "../../utils/_promise.ts";

export { PostgresSessionRows, type PostgresClient, type PostgresResult } from "./_postgres_rows.ts";
export {
  SqliteSessionRows,
  type SqliteConnection,
  type SqliteRunResult,
  type SqliteStatement,
  type SqliteValue,
} from "./_sqlite_rows.ts";

/** A row of the table. A table of the site's own may have more columns. */
export interface SessionRow {
  /** At most 40 characters; the primary key. */
  session_key: string;
  /** What `SessionBase.encode` wrote. */
  session_data: string;
  /** When the session is over; also filled for one that ends with the browser. */
  expire_date: Date;
}

/** Options of the classes of rows. */
export interface SessionRowsOptions {
  /** The name of the table. Default `django_session`. */
  table?: string | undefined;
}

/** A table of sessions, as the database store uses it. */
export interface SessionRows {
  /** Whether the methods give promises; if not, sessions can be read and written at once. */
  readonly waits: boolean;
  /** The row of that key whose `expire_date` is after `now`. */
  get(session_key: string, now: Date): Maybe<SessionRow | undefined>;
  /** Whether there is a row of that key, over or not. */
  exists(session_key: string): Maybe<boolean>;
  /** Adds a row; `false`, and nothing changed, if there is one of that key. */
  insert(row: SessionRow): Maybe<boolean>;
  /** Changes the row of that key; `false` if there is none. It must never add one. */
  update(row: SessionRow): Maybe<boolean>;
  /** Deletes the row of that key, if there is one. */
  delete(session_key: string): Maybe<void>;
  /** Deletes the rows whose `expire_date` is before `now`. */
  clear_expired(now: Date): Maybe<void>;
}
