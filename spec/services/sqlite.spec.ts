/** Specification of sessions in a real SQLite file. @module */
import { expect } from "chai";
import Database from "libsql";
import { after, before, describe, it } from "mocha";
import { SessionStore } from "nuages/contrib/sessions/backends/db";
import { SessionStore as CachedStore } from "nuages/contrib/sessions/backends/cached_db";
import { type SqliteConnection, SqliteSessionRows } from "nuages/contrib/sessions/rows";
import { temporary_directory } from "../support/files.ts";
import { keeps_clients_apart, stores_sessions, survives } from "../support/session_store.ts";

interface OpenDatabase extends SqliteConnection {
  close(): void;
}

type DatabaseClass = new (path: string) => OpenDatabase;

async function node_sqlite(): Promise<DatabaseClass | undefined> {
  const name = "node:sqlite"; // from Node 22.5 on
  const module = (await import(name).catch(() => undefined)) as
    | { DatabaseSync: DatabaseClass }
    | undefined; // what Node documents
  return module?.DatabaseSync;
}

const drivers: [name: string, DatabaseClass][] = [["libsql", Database as DatabaseClass]];
const own = await node_sqlite();
if (own !== undefined) drivers.push(["node:sqlite", own]);

for (const [name, Driver] of drivers) {
  describe(`services/sqlite: sessions with ${name}`, () => {
    const directory = temporary_directory({});
    let connection: OpenDatabase;
    let rows: SqliteSessionRows;
    before(() => {
      connection = new Driver(directory.path("db.sqlite3"));
      rows = new SqliteSessionRows(connection);
      rows.create_table();
    });
    after(() => connection.close());

    stores_sessions(() => SessionStore.using(rows));
    keeps_clients_apart(() => SessionStore.using(rows));

    it("has the table of Django's migrations", () => {
      rows.create_table(); // it may be there
      const columns = connection.prepare(
        "SELECT group_concat(name || ' ' || lower(type) || ' ' || pk || ' ' || \"notnull\", '; ') AS columns FROM pragma_table_info('django_session')",
      );
      expect(columns.get()).to.have.property(
        "columns",
        "session_key varchar(40) 1 1; session_data text 0 1; expire_date datetime 0 1",
      );
    });

    it("clears the sessions that are over, and no other", async () => {
      const Store = SessionStore.using(rows);
      const [over, lasting] = [new Store(), new Store()];
      over.set_expiry(-60);
      for (const session of [over, lasting]) session.create();
      Store.clear_expired();
      expect(
        [over, lasting].map((session) => session.exists(String(session.session_key))),
      ).to.deep.equal([false, true]);
    });

    it("is one with what another connection writes", () => {
      const second = new Driver(directory.path("db.sqlite3"));
      try {
        const Other = SessionStore.using(new SqliteSessionRows(second));
        const session = new Other();
        session.set("who", "ada");
        session.create();
        expect(new (SessionStore.using(rows))(session.session_key).get("who")).to.equal("ada");
      } finally {
        second.close();
      }
    });

    it("answers 500 while the file is locked, and goes on afterwards", async () => {
      const second = new Driver(directory.path("db.sqlite3"));
      try {
        await survives(
          () => SessionStore.using(rows),
          async () => void second.exec("BEGIN EXCLUSIVE"),
          async () => void second.exec("COMMIT"),
        );
      } finally {
        second.close();
      }
    });

    it("loads once what a cache in front of it has", () => {
      const Store = CachedStore.using(rows);
      const session = new Store();
      session.set("who", "ada");
      session.create();
      connection.exec("DELETE FROM django_session");
      expect(new Store(session.session_key).get("who")).to.equal("ada");
    });
  });
}
