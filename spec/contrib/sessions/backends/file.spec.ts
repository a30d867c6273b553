import { expect } from "chai";
import {
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { describe, it } from "mocha";
import { SessionStoreError } from "nuages/contrib/sessions";
import { SessionStore } from "nuages/contrib/sessions/backends/file";
import { InvalidSessionKey } from "nuages/contrib/sessions/exceptions";
import { ImproperlyConfigured } from "nuages/core/exceptions";
import { temporary_directory } from "../../../support/files.ts";
import { logged } from "../../../support/log.ts";
import { with_settings } from "../../../support/settings.ts";

describe("contrib/sessions/backends/file: SessionStore", () => {
  const directory = temporary_directory({});
  const inside = <T>(fn: () => T): T => with_settings({ SESSION_FILE_PATH: directory.root }, fn);

  async function saved(expiry?: number): Promise<{ session: SessionStore; file: string }> {
    const session = new SessionStore();
    session.set("a", 1);
    if (expiry !== undefined) session.set_expiry(expiry);
    await session.asave();
    return { session, file: directory.path(`sessionid${session.session_key}`) };
  }

  it("writes a file that nobody else may read, in Django's form, and leaves nothing beside it", () =>
    inside(async () => {
      const { file } = await saved();
      expect(statSync(file).mode & 0o777).to.equal(0o600);
      expect(new SessionStore().decode(readFileSync(file, "latin1"))).to.deep.equal({ a: 1 });
      expect(readdirSync(directory.root).filter((name) => name.includes("_out_"))).to.deep.equal(
        [],
      );
    }));

  const ends: [what: string, expiry: number | undefined, age: number, found: unknown][] = [
    ["is there until the cookie's age is over", undefined, 1_209_000, 1],
    ["is gone, and its file with it, after that", undefined, 1_210_000, undefined],
    ["ends after the seconds of its own", 60, 100, undefined],
    ["is there before", 60, 30, 1],
  ];
  for (const [what, expiry, age, found] of ends) {
    it(what, () =>
      inside(async () => {
        const { session, file } = await saved(expiry);
        const then = Date.now() / 1000 - age;
        utimesSync(file, then, then);
        const again = new SessionStore(session.session_key);
        expect(await again.aget("a")).to.equal(found);
        expect(existsSync(file)).to.equal(found !== undefined);
      }),
    );
  }

  it("clears what is over, and leaves other files alone", () =>
    inside(async () => {
      const { file } = await saved(-5);
      const { file: other } = await saved();
      writeFileSync(directory.path("notes.txt"), "x");
      await SessionStore.aclear_expired();
      expect(
        [file, other, directory.path("notes.txt")].map((path) => existsSync(path)),
      ).to.deep.equal([false, true, true]);
    }));

  it("takes an empty file, which another process is about to fill, for an empty session", () =>
    inside(async () => {
      writeFileSync(directory.path("sessionidabcdefgh12345678"), "");
      const session = new SessionStore("abcdefgh12345678");
      expect([await session.aget("a"), session.session_key]).to.deep.equal([
        undefined,
        "abcdefgh12345678",
      ]);
    }));

  it("makes no path of a key that could lead elsewhere", () => {
    expect(() => new SessionStore()._key_to_file("../../etc/passwd")).to.throw(InvalidSessionKey);
  });

  it("says that the folder is missing", () =>
    with_settings({ SESSION_FILE_PATH: "/nonexistent/folder" }, async () => {
      const session = new SessionStore();
      const error = await session.asave().catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(ImproperlyConfigured);
    }));

  it("throws and logs what the disk says", () =>
    with_settings({ SESSION_FILE_PATH: "/dev/null" }, async () => {
      let error: unknown;
      const records = await logged(async () => {
        error = await new SessionStore("abcdefgh12345678")
          .aget("a")
          .catch((thrown: unknown) => thrown);
      });
      expect(error).to.be.instanceOf(SessionStoreError);
      expect(records[0]?.logger).to.equal("django.contrib.sessions");
    }));
});
