import { expect } from "chai";
import { describe, it } from "mocha";
import { AbstractBaseSession, BaseSessionManager } from "nuages/contrib/sessions/base_session";
import { SessionStore } from "nuages/contrib/sessions/backends/db";
import { MemoryRows } from "../../support/sessions.ts";
import { with_settings } from "../../support/settings.ts";

describe("contrib/sessions/base_session", () => {
  class Session extends AbstractBaseSession {}
  const key = "k".repeat(32);
  const later = new Date(9e12);

  it("reads and writes rows as the store does", async () => {
    const rows = new MemoryRows({ waits: true });
    const SESSION_ENGINE = SessionStore.using(rows);
    await with_settings({ SESSION_ENGINE }, async () => {
      const manager = new BaseSessionManager(rows);
      await manager.save(key, { a: 1 }, later);
      await manager.save(key, { a: 2 }, later);
      const row = await rows.get(key, new Date());
      if (row === undefined) throw new Error("no row");
      const session = new Session(row);
      expect([session.get_decoded(), String(session), session.expire_date]).to.deep.equal([
        { a: 2 },
        key,
        later,
      ]);
      expect(await new SESSION_ENGINE(key).aget("a")).to.equal(2);
      await manager.save(key, {}, later);
      expect(rows.table.size).to.equal(0);
    });
  });
});
