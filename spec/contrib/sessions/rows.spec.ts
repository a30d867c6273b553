import { isBuiltin } from "node:module";
import { expect } from "chai";
import { describe, it } from "mocha";
import { SessionStore } from "nuages/contrib/sessions/backends/db";
import {
  PostgresSessionRows,
  type SessionRow,
  type SqliteConnection,
  SqliteSessionRows,
  type SqliteValue,
} from "nuages/contrib/sessions/rows";
import { ImproperlyConfigured, NotImplementedError } from "nuages/core/exceptions";
import { MemoryRows } from "../../support/sessions.ts";
import { with_settings } from "../../support/settings.ts";

const ROW: SessionRow = {
  session_key: "k".repeat(32),
  session_data: "data",
  expire_date: new Date("2026-07-02T03:04:05.250Z"),
};

/** A connection that notes what it is asked, and gives what it is told. */
class NotingConnection implements SqliteConnection {
  readonly asked: [sql: string, ...parameters: SqliteValue[]][] = [];
  prepared = 0;
  row: unknown;
  changes: number | bigint = 1;

  exec(sql: string): void {
    this.asked.push([sql]);
  }

  prepare(sql: string): ReturnType<SqliteConnection["prepare"]> {
    this.prepared += 1;
    const note = (parameters: SqliteValue[]): void => void this.asked.push([sql, ...parameters]);
    return {
      get: (...parameters) => (note(parameters), this.row),
      run: (...parameters) => (note(parameters), { changes: this.changes }),
    };
  }
}

describe("contrib/sessions/rows: SqliteSessionRows", () => {
  it("inserts without ever replacing a row", () => {
    const connection = new NotingConnection();
    expect(new SqliteSessionRows(connection).insert(ROW)).to.equal(true);
    connection.changes = 0n;
    expect(new SqliteSessionRows(connection).insert(ROW)).to.equal(false);
    expect(connection.asked[0]).to.deep.equal([
      'INSERT INTO "django_session" ("session_key", "session_data", "expire_date") VALUES (?, ?, ?) ON CONFLICT (session_key) DO NOTHING',
      ROW.session_key,
      "data",
      "2026-07-02 03:04:05.250000",
    ]);
  });

  it("updates, and never inserts", () => {
    const connection = new NotingConnection();
    connection.changes = 0;
    expect(new SqliteSessionRows(connection).update(ROW)).to.equal(false);
    expect(connection.asked[0]?.[0]).to.match(/^UPDATE .* WHERE session_key = \?$/);
    expect(connection.asked[0]?.at(-1)).to.equal(ROW.session_key);
  });

  it("reads times as Django writes them, with USE_TZ and without", () => {
    const connection = new NotingConnection();
    connection.row = { session_data: "data", expire_date: "2026-07-02 03:04:05.250000" };
    const rows = new SqliteSessionRows(connection);
    expect(rows.get(ROW.session_key, new Date(0))).to.deep.equal(ROW);
    with_settings({ USE_TZ: false, TIME_ZONE: "America/Chicago" }, () => {
      const found = rows.get(ROW.session_key, new Date("2026-07-02T03:04:05Z"));
      expect(found?.expire_date.toISOString()).to.equal("2026-07-02T08:04:05.250Z");
      expect(connection.asked.at(-1)?.at(-1)).to.equal("2026-07-01 22:04:05");
    });
  });

  it("finds nothing where there is nothing", () => {
    const rows = new SqliteSessionRows(new NotingConnection());
    expect([rows.get("k", new Date(0)), rows.exists("k")]).to.deep.equal([undefined, false]);
  });

  it("prepares each statement once, and takes the table's name as it is", () => {
    const connection = new NotingConnection();
    const rows = new SqliteSessionRows(connection, { table: 'a"b' });
    rows.delete("1");
    rows.delete("2");
    expect(connection.prepared).to.equal(1);
    expect(connection.asked[0]?.[0]).to.equal('DELETE FROM "a""b" WHERE session_key = ?');
  });

  it("stores columns of the site's own", () => {
    const connection = new NotingConnection();
    const row = { ...ROW, account: 7, trusted: true, note: null };
    new SqliteSessionRows(connection).insert(row);
    expect(connection.asked[0]?.slice(4)).to.deep.equal([7, 1, null]);
  });

  // From Node 22 on; elsewhere the specs of the services have a real SQLite from a package.
  if (isBuiltin("node:sqlite"))
    it("keeps sessions in the SQLite that Node brings", async () => {
      const name = "node:sqlite";
      const sqlite = (await import(name)) as {
        DatabaseSync: new (path: string) => SqliteConnection;
      };
      const rows = new SqliteSessionRows(new sqlite.DatabaseSync(":memory:"));
      rows.create_table();
      rows.create_table();
      const Store = SessionStore.using(rows);
      const session = new Store();
      session.set("a", "é");
      session.save();
      expect(new Store(session.session_key).get("a")).to.equal("é");
      session.set_expiry(-1);
      session.save();
      expect(new Store(session.session_key).get("a")).to.equal(undefined);
      Store.clear_expired();
      expect(session.exists(String(session.session_key))).to.equal(false);
    });
});

describe("contrib/sessions/rows: PostgresSessionRows", () => {
  function noting(rowCount = 1, rows: unknown[] = []) {
    const asked: [string, unknown[] | undefined][] = [];
    const query = async (text: string, values?: unknown[]) => {
      asked.push([text, values]);
      return { rows, rowCount };
    };
    return { asked, rows: new PostgresSessionRows({ query }) };
  }

  it("inserts without ever replacing a row", async () => {
    const { asked, rows } = noting();
    expect(await rows.insert(ROW)).to.equal(true);
    expect(await noting(0).rows.insert(ROW)).to.equal(false);
    expect(asked).to.deep.equal([
      [
        'INSERT INTO "django_session" ("session_key", "session_data", "expire_date") VALUES ($1, $2, $3) ON CONFLICT (session_key) DO NOTHING',
        [ROW.session_key, "data", ROW.expire_date],
      ],
    ]);
  });

  it("updates, and never inserts", async () => {
    const { asked, rows } = noting(0);
    expect(await rows.update(ROW)).to.equal(false);
    expect(asked[0]?.[0]).to.match(/^UPDATE .* WHERE session_key = \$4$/);
  });

  it("reads rows that are not over", async () => {
    const now = new Date(0);
    const { asked, rows } = noting(1, [ROW]);
    expect(await rows.get(ROW.session_key, now)).to.deep.equal(ROW);
    expect(asked[0]?.[1]).to.deep.equal([ROW.session_key, now]);
    expect(await noting().rows.get("k", now)).to.equal(undefined);
  });

  it("makes the table of Django's migrations, deletes and clears", async () => {
    const { asked, rows } = noting();
    await rows.create_table();
    await rows.delete("k");
    await rows.clear_expired(new Date(0));
    const statements = asked.map(([sql]) => sql.split(" ").slice(0, 3).join(" "));
    expect(statements).to.deep.equal([
      "CREATE TABLE IF",
      "CREATE INDEX IF",
      'DELETE FROM "django_session"',
      'DELETE FROM "django_session"',
    ]);
  });
});

describe("contrib/sessions/backends/db: SessionStore", () => {
  it("says how to give it rows", () => {
    expect(() => new SessionStore().exists("12345678")).to.throw(ImproperlyConfigured, "using(");
  });

  it("is called SessionStore over any rows, or Django could not read its data", () => {
    const Store = SessionStore.using(new MemoryRows({ waits: false }));
    expect(new Store().key_salt).to.equal("django.contrib.sessions.SessionStore");
    expect(Store.get_model_class()).to.equal(new Store().model);
  });

  it("clears what is over", async () => {
    const rows = new MemoryRows({ waits: true });
    const Store = SessionStore.using(rows);
    for (const age of [60, -60]) {
      const session = new Store();
      session.set_expiry(age);
      await session.asave();
    }
    expect(() => Store.clear_expired()).to.throw(NotImplementedError, "aclear_expired()");
    await Store.aclear_expired();
    expect(rows.table.size).to.equal(1);
  });

  it("saves columns of a subclass", async () => {
    const rows = new MemoryRows({ waits: true });
    class Store extends SessionStore.using(rows) {
      override create_model_instance(
        data: ReadonlyMap<string, unknown>,
      ): SessionRow & { user: unknown } {
        return { ...super.create_model_instance(data), user: data.get("user") };
      }
    }
    const session = new Store();
    session.set("user", 7);
    await session.asave();
    expect([...rows.table.values()]).to.have.nested.property("[0].user", 7);
  });
});
