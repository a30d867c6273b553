/** Session rows in PostgreSQL. @module */
import { log } from "../../utils/_logger.ts";
import type { SessionRow, SessionRows, SessionRowsOptions } from "./rows.ts";
import { quoted_name } from "./_sql.ts";

/** What a query gives. */
export interface PostgresResult {
  readonly rows: readonly unknown[];
  /** How many rows were found or changed. */
  readonly rowCount: number | null;
}

/** A connection or a pool as `pg` has it. */
export interface PostgresClient {
  query(text: string, values?: unknown[]): Promise<PostgresResult>;
  on?(event: "error", listener: (error: Error) => void): unknown;
}

// A connection that breaks while nobody uses it says so by this event, which would end the process without a listener.
const listening = new WeakSet<PostgresClient>();

function log_errors(client: PostgresClient): void {
  if (listening.has(client)) return;
  listening.add(client);
  client.on?.("error", (error) =>
    log("django.contrib.sessions", "error", `A connection to PostgreSQL broke: ${error.message}`, {
      error,
    }),
  );
}

/** The rows in a PostgreSQL database, which Django may use at the same time. */
export class PostgresSessionRows implements SessionRows {
  /** Every query has to be waited for. */
  readonly waits = true;
  readonly #client: PostgresClient;
  readonly #table: string;

  /** @param client A pool, so that sessions do not wait for each other, and connections that broke are replaced. */
  constructor(client: PostgresClient, options: SessionRowsOptions = {}) {
    log_errors(client);
    this.#client = client;
    this.#table = quoted_name(options.table ?? "django_session");
  }

  /** Makes the table, as Django's migrations do, unless it is there. */
  async create_table(): Promise<void> {
    const index = quoted_name(`${this.#table.slice(1, -1)}_expire_date_a5c62663`);
    await this.#client.query(
      `CREATE TABLE IF NOT EXISTS ${this.#table} ("session_key" varchar(40) NOT NULL PRIMARY KEY, ` +
        `"session_data" text NOT NULL, "expire_date" timestamp with time zone NOT NULL)`,
    );
    await this.#client.query(
      `CREATE INDEX IF NOT EXISTS ${index} ON ${this.#table} ("expire_date")`,
    );
  }

  async get(session_key: string, now: Date): Promise<SessionRow | undefined> {
    const { rows } = await this.#client.query(
      `SELECT session_data, expire_date FROM ${this.#table} WHERE session_key = $1 AND expire_date > $2`,
      [session_key, now],
    );
    const row = rows[0] as Pick<SessionRow, "session_data" | "expire_date"> | undefined; // the columns asked for
    return row && { session_key, session_data: row.session_data, expire_date: row.expire_date };
  }

  async exists(session_key: string): Promise<boolean> {
    const sql = `SELECT 1 FROM ${this.#table} WHERE session_key = $1`;
    return (await this.#client.query(sql, [session_key])).rows.length > 0;
  }

  async insert(row: SessionRow): Promise<boolean> {
    const columns = Object.keys(row);
    const names = columns.map(quoted_name).join(", ");
    const places = columns.map((_column, at) => `$${at + 1}`).join(", ");
    const sql = `INSERT INTO ${this.#table} (${names}) VALUES (${places}) ON CONFLICT (session_key) DO NOTHING`;
    return (await this.#client.query(sql, Object.values(row))).rowCount === 1;
  }

  async update(row: SessionRow): Promise<boolean> {
    const columns = Object.keys(row);
    const changes = columns.map((column, at) => `${quoted_name(column)} = $${at + 1}`).join(", ");
    const sql = `UPDATE ${this.#table} SET ${changes} WHERE session_key = $${columns.length + 1}`;
    const values = [...(Object.values(row) as unknown[]), row.session_key];
    return (await this.#client.query(sql, values)).rowCount === 1;
  }

  async delete(session_key: string): Promise<void> {
    await this.#client.query(`DELETE FROM ${this.#table} WHERE session_key = $1`, [session_key]);
  }

  async clear_expired(now: Date): Promise<void> {
    await this.#client.query(`DELETE FROM ${this.#table} WHERE expire_date < $1`, [now]);
  }
}
