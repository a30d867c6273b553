/** Session rows in SQLite. @module */
import { clock_text, clock_time } from "./_iso_dates.ts";
import type { SessionRow, SessionRows, SessionRowsOptions } from "./rows.ts";
import { quoted_name } from "./_sql.ts";

/** What running a statement says. */
export interface SqliteRunResult {
  /** How many rows were changed. */
  readonly changes: number | bigint;
}

/** A prepared statement. */
export interface SqliteStatement {
  get(...parameters: SqliteValue[]): unknown;
  run(...parameters: SqliteValue[]): SqliteRunResult;
}

/** What can be stored. */
export type SqliteValue = string | number | bigint | Uint8Array | null;

/** A connection as better-sqlite3 has it, and libsql and Node's own `DatabaseSync` likewise. */
export interface SqliteConnection {
  prepare(sql: string): SqliteStatement;
  exec(sql: string): unknown;
}

/** The rows in a database file of SQLite, which Django may use at the same time. */
export class SqliteSessionRows implements SessionRows {
  /** SQLite answers at once, and blocks while it does. */
  readonly waits = false;
  readonly #connection: SqliteConnection;
  readonly #table: string;
  readonly #prepared = new Map<string, SqliteStatement>();

  constructor(connection: SqliteConnection, options: SessionRowsOptions = {}) {
    this.#connection = connection;
    this.#table = quoted_name(options.table ?? "django_session");
  }

  /** Makes the table, as Django's migrations do, unless it is there. */
  create_table(): void {
    const table = this.#table;
    const index = quoted_name(`${table.slice(1, -1)}_expire_date_a5c62663`);
    this.#connection.exec(
      `CREATE TABLE IF NOT EXISTS ${table} ("session_key" varchar(40) NOT NULL PRIMARY KEY, ` +
        `"session_data" text NOT NULL, "expire_date" datetime NOT NULL);` +
        `CREATE INDEX IF NOT EXISTS ${index} ON ${table} ("expire_date");`,
    );
  }

  #statement(sql: string): SqliteStatement {
    let statement = this.#prepared.get(sql);
    if (statement === undefined)
      this.#prepared.set(sql, (statement = this.#connection.prepare(sql)));
    return statement;
  }

  get(session_key: string, now: Date): SessionRow | undefined {
    const row = this.#statement(
      `SELECT session_data, expire_date FROM ${this.#table} WHERE session_key = ? AND expire_date > ?`,
    ).get(session_key, clock_text(now)) as
      | Record<"session_data" | "expire_date", string>
      | undefined; // the columns asked for
    if (!row) return undefined;
    return {
      session_key,
      session_data: row.session_data,
      expire_date: clock_time(row.expire_date),
    };
  }

  exists(session_key: string): boolean {
    const sql = `SELECT 1 AS found FROM ${this.#table} WHERE session_key = ?`;
    return Boolean(this.#statement(sql).get(session_key));
  }

  insert(row: SessionRow): boolean {
    const [columns, values] = columns_of(row);
    const names = columns.map(quoted_name).join(", ");
    const places = columns.map(() => "?").join(", ");
    const sql = `INSERT INTO ${this.#table} (${names}) VALUES (${places}) ON CONFLICT (session_key) DO NOTHING`;
    return Number(this.#statement(sql).run(...values).changes) === 1;
  }

  update(row: SessionRow): boolean {
    const [columns, values] = columns_of(row);
    const changes = columns.map((column) => `${quoted_name(column)} = ?`).join(", ");
    const sql = `UPDATE ${this.#table} SET ${changes} WHERE session_key = ?`;
    return Number(this.#statement(sql).run(...values, row.session_key).changes) === 1;
  }

  delete(session_key: string): void {
    this.#statement(`DELETE FROM ${this.#table} WHERE session_key = ?`).run(session_key);
  }

  clear_expired(now: Date): void {
    this.#statement(`DELETE FROM ${this.#table} WHERE expire_date < ?`).run(clock_text(now));
  }
}

/** The columns of a row and their values as SQLite has them. */
function columns_of(row: SessionRow): [columns: string[], values: SqliteValue[]] {
  const entries = Object.entries(row) as [string, unknown][];
  return [entries.map(([column]) => column), entries.map(([, value]) => as_sqlite(value))];
}

function as_sqlite(value: unknown): SqliteValue {
  if (value instanceof Date) return clock_text(value);
  if (typeof value === "boolean") return value ? 1 : 0;
  return (value ?? null) as SqliteValue; // anything else is refused by SQLite itself
}
