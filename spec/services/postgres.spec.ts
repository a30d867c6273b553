/** Specification of sessions in a real PostgreSQL server. @module */
import { expect } from "chai";
import { after, before, describe, it } from "mocha";
import { SessionStore } from "nuages/contrib/sessions/backends/db";
import { PostgresSessionRows } from "nuages/contrib/sessions/rows";
import { Client, Pool } from "pg";
import { Proxy } from "../support/proxy.ts";
import { describe_with } from "../support/services.ts";
import { keeps_clients_apart, stores_sessions, survives } from "../support/session_store.ts";

describe_with("NUAGES_POSTGRES_URL", "services/postgres: sessions", (url) => {
  const table = `spec_session_${process.pid}`;
  const way = new Proxy(url);
  const client = new Client({ connectionString: String(url) });
  let pool: Pool;
  let rows: PostgresSessionRows;
  before(async () => {
    await way.open();
    pool = new Pool({ connectionString: way.url });
    rows = new PostgresSessionRows(pool, { table });
    await client.connect();
    await rows.create_table();
  });
  after(async () => {
    await client.query(`DROP TABLE ${table}`);
    await client.end();
    await pool.end();
    await way.cut();
  });

  describe("with a pool", () => {
    stores_sessions(() => SessionStore.using(rows));
    keeps_clients_apart(() => SessionStore.using(rows));
  });

  describe("with a single connection", () =>
    stores_sessions(() => SessionStore.using(new PostgresSessionRows(client, { table }))));

  it("has the table of Django's migrations", async () => {
    await rows.create_table(); // it may be there
    const { rows: columns } = await client.query<{ column: string }>(
      "SELECT concat_ws(' ', column_name, data_type, character_maximum_length, is_nullable) AS column " +
        "FROM information_schema.columns WHERE table_name = $1 ORDER BY ordinal_position",
      [table],
    );
    expect(columns.map(({ column }) => column)).to.deep.equal([
      "session_key character varying 40 NO",
      "session_data text NO",
      "expire_date timestamp with time zone NO",
    ]);
  });

  it("clears the sessions that are over, and no other", async () => {
    const Store = SessionStore.using(rows);
    const [over, lasting] = [new Store(), new Store()];
    over.set_expiry(-60);
    for (const session of [over, lasting]) await session.acreate();
    await Store.aclear_expired();
    const left = [over, lasting].map((session) => session.aexists(String(session.session_key)));
    expect(await Promise.all(left)).to.deep.equal([false, true]);
  });

  it("makes one session where two ask for the same key at once", async () => {
    const row = { session_key: "b".repeat(32), session_data: "x", expire_date: new Date() };
    const made = await Promise.all(Array.from({ length: 8 }, () => rows.insert(row)));
    expect(made.filter(Boolean)).to.have.length(1);
  });

  it("answers 500 while the server is away, and goes on when it is back", async () => {
    const records = await survives(
      () => SessionStore.using(rows),
      () => way.cut(),
      () => way.open(),
    );
    expect(records.some(({ message }) => message.includes("PostgreSQL broke"))).to.equal(true);
  });
});
