import { expect } from "chai";
import { afterEach, describe, it } from "mocha";
import { SessionBase } from "nuages/contrib/sessions";
import { SessionStore } from "nuages/contrib/sessions/backends/db";
import { SessionStore as SignedStore } from "nuages/contrib/sessions/backends/signed_cookies";
import {
  KeyError,
  NotImplementedError,
  SynchronousOnlyOperation,
  ValueError,
} from "nuages/core/exceptions";
import { JSONSerializer, TimestampSigner } from "nuages/core/signing";
import { freeze } from "../../../../src/utils/_clock.ts";
import { truthy } from "../../../../src/utils/_python.ts";
import { logged } from "../../../support/log.ts";
import { with_settings } from "../../../support/settings.ts";

const DB_SALT = "django.contrib.sessions.SessionStore";

/** Session data as Django's database store writes it, from JSON text. */
function stored(json: string): string {
  const serializer = class extends JSONSerializer {
    override dumps(): Buffer {
      return Buffer.from(json, "latin1");
    }
  };
  return new TimestampSigner({ salt: DB_SALT }).sign_object(null, { serializer });
}

/** The JSON text in session data. */
function json_in(session_data: string): string {
  const serializer = class extends JSONSerializer {
    override loads(data: Uint8Array): string {
      return Buffer.from(data).toString("latin1");
    }
  };
  return String(new TimestampSigner({ salt: DB_SALT }).unsign_object(session_data, { serializer }));
}

/** The JSON that would be stored for a session. */
function written(session: SessionBase): string {
  return json_in(new SessionStore().encode(session._data_to_save()));
}

describe("contrib/sessions/backends/base: data that only Python can hold", () => {
  const kept = [
    '{"a":1.0,"b":2}',
    '{"id":12345678901234567890}',
    '{"2":1,"1":2,"x":3}',
    '{"deep":[{"price":10.0,"n":[1e22,-0.0]}]}',
    '{"m":{"10":1.50,"9":"1.0"}}',
  ];
  for (const json of kept) {
    it(`is written again as it was read: ${json}`, async () => {
      const session = new Loaded(stored(json));
      session.get("x");
      expect(written(session)).to.equal(json);
    });
  }

  class Loaded extends SessionStore {
    readonly #row: string;
    constructor(row: string) {
      super("12345678");
      this.#row = row;
    }
    override load(): Record<string, unknown> {
      return new SessionStore().decode(this.#row);
    }
  }

  it("is an ordinary number to look at", () => {
    const session = new Loaded(stored('{"a":1.0,"big":12345678901234567890}'));
    expect(session.get("a")).to.equal(1);
    expect(session.get("big")).to.equal(Number("12345678901234567890"));
  });

  it("is forgotten for a value that was changed, and kept beside it", () => {
    const session = new Loaded(stored('{"a":1.0,"l":[1.0,2.0],"c":3.0}'));
    session.set("a", 2);
    (session.getitem("l") as number[]).push(5);
    session.delete("c");
    expect(written(session)).to.equal('{"a":2,"l":[1.0,2.0,5]}');
  });

  it("has new keys at its end, in their order", () => {
    const session = new Loaded(stored('{"2":1,"1":{"3":1,"0":2}}'));
    session.set("0", "new");
    expect([...session.keys()]).to.deep.equal(["2", "1", "0"]);
    expect(written(session)).to.equal('{"2":1,"1":{"3":1,"0":2},"0":"new"}');
  });
});

describe("contrib/sessions/backends/base: set_expiry", () => {
  afterEach(() => freeze(undefined));

  const wrong: [value: unknown, error: typeof ValueError | TypeErrorConstructor][] = [
    [NaN, ValueError],
    [Infinity, ValueError],
    [1e30, ValueError],
    ["10", TypeError],
    [true, TypeError],
    [new Date(NaN), ValueError],
  ];
  for (const [value, error] of wrong) {
    it(`refuses ${String(value)} (N14)`, () => {
      const session = new SignedStore();
      expect(() => session.set_expiry(value as number)).to.throw(error);
      expect(session.is_empty()).to.equal(true);
    });
  }

  it("takes a date in the past, which ends the session at once (N14)", () => {
    const session = new SignedStore();
    session.set_expiry(new Date(0));
    expect(session.get_expiry_age()).to.be.lessThan(0);
  });

  it("keeps a date as Python's isoformat writes it", () => {
    const session = new SignedStore();
    session.set_expiry(new Date("2026-01-02T03:04:05.000Z"));
    expect(session.get("_session_expiry")).to.equal("2026-01-02T03:04:05+00:00");
    session.set_expiry(new Date("2026-01-02T03:04:05.250Z"));
    expect(session.get("_session_expiry")).to.equal("2026-01-02T03:04:05.250000+00:00");
  });

  it("keeps the time of the clocks of TIME_ZONE without USE_TZ, and reads it so", () => {
    with_settings({ USE_TZ: false, TIME_ZONE: "America/Chicago" }, () => {
      const session = new SignedStore();
      const summer = new Date("2026-07-02T03:04:05.000Z");
      session.set_expiry(summer);
      expect(session.get("_session_expiry")).to.equal("2026-07-01T22:04:05");
      expect(session.get_expiry_date()).to.deep.equal(summer);
    });
  });

  it("reads times with any offset", () => {
    freeze(Date.UTC(2026, 0, 2) / 1000);
    const session = new SignedStore();
    const texts = ["2026-01-02T02:00+02:00", "2026-01-02 00:00:00.999999Z", "20260102"];
    const [offset, utc, bad] = texts.map((text) => {
      session.set("_session_expiry", text);
      try {
        return session.get_expiry_age();
      } catch (error) {
        return (error as Error).name;
      }
    });
    expect([offset, utc, bad]).to.deep.equal([0, 0, "ValueError"]);
  });

  it("goes back to the settings with null", () => {
    const session = new SignedStore();
    session.set_expiry(0);
    expect(session.get_expire_at_browser_close()).to.equal(true);
    session.set_expiry(null);
    expect(session.get_expire_at_browser_close()).to.equal(false);
  });
});

describe("contrib/sessions/backends/base: a store of one's own", () => {
  const shelf = new Map<string, Record<string, unknown>>();
  class AsyncStore extends SessionBase {
    override async aload(): Promise<Record<string, unknown>> {
      const found = shelf.get(this.session_key ?? "");
      if (found === undefined) this._session_key = null;
      return found ?? {};
    }
    override async asave(): Promise<void> {
      if (this.session_key === null) return this.acreate();
      shelf.set(this.session_key, Object.fromEntries(await this.aitems()));
    }
    override async acreate(): Promise<void> {
      this._session_key = `key-${shelf.size}-of-the-shelf`;
      await this.asave();
    }
    override async adelete_session(session_key?: string | null): Promise<void> {
      shelf.delete(session_key ?? this.session_key ?? "");
    }
  }

  it("needs the a-forms alone", async () => {
    const session = new AsyncStore();
    session.set("a", 1);
    await session.asave();
    const again = new AsyncStore(session.session_key);
    await again._load_ahead();
    expect([again.accessed, again.get("a"), again.accessed]).to.deep.equal([false, 1, true]);
    again.flush();
    await again._settle();
    expect(shelf.size).to.equal(0);
  });

  it("is told what to wait for", () => {
    expect(() => new AsyncStore("12345678").get("a")).to.throw(SynchronousOnlyOperation, "aload()");
    expect(() => new AsyncStore().save()).to.throw(SynchronousOnlyOperation, "asave()");
  });

  it("is told what it lacks", async () => {
    expect(() => new SessionBase("12345678").get("a")).to.throw(NotImplementedError, "load()");
    expect(() => new SessionBase().save()).to.throw(NotImplementedError);
    expect(() => new SessionBase().flush()).to.throw(NotImplementedError);
    expect(() => SessionBase.clear_expired()).to.throw(NotImplementedError);
    const error = await new SessionBase().aexists("x").catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(NotImplementedError);
  });

  it("shows a failure of loading ahead to who looks, and tries again for who waits", async () => {
    let fails = true;
    class Shaky extends AsyncStore {
      override async aload(): Promise<Record<string, unknown>> {
        if (fails) throw new RangeError("no storage");
        return { a: 1 };
      }
    }
    const session = new Shaky("12345678");
    await session._load_ahead();
    expect([session.session_key, session.is_empty()]).to.deep.equal(["12345678", false]);
    expect(() => session.get("a")).to.throw(RangeError, "no storage");
    fails = false;
    expect(await session.aget("a")).to.equal(1);
  });
});

describe("contrib/sessions/backends/base: SessionBase", () => {
  it("names the missing key", () => {
    expect(() => new SignedStore().getitem("a")).to.throw(KeyError, "'a'");
  });

  it("salts data with the name of the class, as Django does", () => {
    class Own extends SessionStore {}
    expect([new SessionStore().key_salt, new Own().key_salt]).to.deep.equal([
      DB_SALT,
      "django.contrib.sessions.Own",
    ]);
  });

  it("logs data with a wrong signature, and not data that cannot be read", async () => {
    const records = await logged(() => {
      expect(new SessionStore().decode("a:b:c")).to.deep.equal({});
      expect(new SessionStore().decode(stored("[1]"))).to.deep.equal({});
    });
    expect(records.map(({ logger }) => logger)).to.deep.equal([
      "django.security.SuspiciousSession",
    ]);
  });

  it("is true or false to templates without being looked at", () => {
    const session = new SignedStore();
    expect([truthy(session), session.accessed]).to.deep.equal([false, false]);
    session.set("a", 1);
    expect(truthy(session)).to.equal(true);
  });

  it("updates from a Map, and refuses what is no mapping", () => {
    const session = new SignedStore();
    session.update(new Map([["a", 1]]));
    expect([...session.items()]).to.deep.equal([["a", 1]]);
    expect(() => session.update([1] as never)).to.throw(TypeError);
  });
});
