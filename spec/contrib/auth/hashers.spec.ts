/** Specification of nuages/contrib/auth/hashers, beyond what recorded scripts say of it. @module */
import { expect } from "chai";
import { afterEach, describe, it } from "mocha";
import { override, restore, type Saved } from "nuages/conf";
import { ImproperlyConfigured, NotImplementedError, ValueError } from "nuages/core/exceptions";
import {
  acheck_password,
  BasePasswordHasher,
  check_password,
  get_hashers,
  get_hashers_by_algorithm,
  make_password,
  MD5PasswordHasher,
  must_update_salt,
  PBKDF2PasswordHasher,
  PBKDF2SHA1PasswordHasher,
  ScryptPasswordHasher,
  verify_password,
} from "nuages/contrib/auth/hashers";

const saved: [name: string, before: Saved][] = [];
/** The hashers of a test. */
function use(...hashers: unknown[]): void {
  saved.push(["PASSWORD_HASHERS", override("PASSWORD_HASHERS", hashers)]);
}
describe("password hashers", () => {
  afterEach(() => {
    for (const [name, before] of saved.splice(0).reverse()) restore(name, before);
  });

  /** PBKDF2 that takes no time. */
  class Quick extends PBKDF2PasswordHasher {
    override iterations = 3;
  }

  async function rejection(promise: Promise<unknown>): Promise<unknown> {
    return promise.then(
      () => undefined,
      (error: unknown) => error,
    );
  }

  describe("contrib/auth/hashers: hashes of Django", () => {
    const hashes: [hasher: BasePasswordHasher, encoded: string][] = [
      [
        new PBKDF2PasswordHasher(),
        "pbkdf2_sha256$1000$seasalt$JgZryXe2Ga8ysg6XbzkLpTdyPQrHqsinbL9BnnhgX4A=",
      ],
      [new PBKDF2SHA1PasswordHasher(), "pbkdf2_sha1$1000$seasalt$ljleU4wBmTtz/MoG5YTwxpM0d7I="],
      [
        new ScryptPasswordHasher(),
        "scrypt$16384$seasalt$8$5$ECMIUp+LMxMSK8xB/IVyba+KYGTI7FTnet025q/1f/vBAVnnP3hdYqJuRi+mJn6ji6ze3Fbb7JEFPKGpuEf5vw==",
      ],
      [new MD5PasswordHasher(), "md5$seasalt$3f86d0d3d465b7b458c231bf3555c0e3"],
    ];
    for (const [hasher, encoded] of hashes) {
      it(`${hasher.algorithm} matches its password alone`, async () => {
        expect(await hasher.verify("lètmein", encoded)).to.equal(true);
        expect(await hasher.verify(Buffer.from("lètmein"), encoded)).to.equal(true);
        expect(await hasher.verify("letmein", encoded)).to.equal(false);
      });
      it(`${hasher.algorithm} shows a summary without salt or hash`, () => {
        const { salt, hash } = hasher.decode(encoded);
        const summary = Object.values(hasher.safe_summary(encoded));
        expect(summary[0]).to.equal(hasher.algorithm);
        expect(summary).to.not.include.members([salt, hash]);
      });
      it(`${hasher.algorithm} reads nothing that another hasher wrote`, () => {
        for (const text of ["", "garbage", `x${encoded}`, encoded.slice(0, 10)])
          expect(() => hasher.decode(text), text).to.throw(ValueError);
      });
    }
  });

  describe("contrib/auth/hashers: check_password", () => {
    it("matches nothing with a hash that is none, after the time of hashing once", async () => {
      let hashed = 0;
      class Counting extends Quick {
        override encode(
          ...given: Parameters<PBKDF2PasswordHasher["encode"]>
        ): ReturnType<PBKDF2PasswordHasher["encode"]> {
          hashed++;
          return super.encode(...given);
        }
      }
      use(Counting);
      for (const encoded of [
        "!x",
        "garbage",
        "",
        "pbkdf2_sha256$x$y$z",
        "pbkdf2_sha256$3",
        "md5$a$b",
      ]) {
        hashed = 0;
        expect(await check_password("x", encoded), encoded).to.equal(false);
        expect(hashed, encoded).to.equal(1);
      }
      hashed = 0;
      expect(await verify_password(null, await make_password("x"))).to.deep.equal([false, false]);
      expect(hashed).to.equal(2);
    });
    it("does not start on a hash that asks for more than ten million iterations", async () => {
      use(Quick);
      const encoded = `pbkdf2_sha256$${10 ** 12}$salt$${"A".repeat(44)}`;
      expect(await check_password("x", encoded)).to.equal(false);
    });
    for (const n of [2 ** 24, 3, 0, -2]) {
      it(`matches nothing with a scrypt hash of work factor ${n}`, async () => {
        use(Quick, ScryptPasswordHasher);
        const encoded = `scrypt$${n}$salt$8$1$${"A".repeat(88)}`;
        expect(await check_password("x", encoded)).to.equal(false);
      });
    }
    it("hands a right password to the setter when the hash is outdated, and waits for it", async () => {
      use(Quick, MD5PasswordHasher);
      const seen: unknown[] = [];
      const setter = async (password: unknown): Promise<void> => {
        await Promise.resolve();
        seen.push(password);
      };
      const short_salt = await make_password("p", { salt: "short" });
      const current = await make_password("p");
      const other = await make_password("p", { hasher: "md5" });
      for (const encoded of [short_salt, current, other]) {
        await check_password("p", encoded, { setter });
        await check_password("wrong", encoded, { setter });
      }
      expect(seen).to.deep.equal(["p", "p"]);
      expect(await acheck_password("p", other, { preferred: "md5" })).to.equal(true);
      expect(await verify_password("p", other, { preferred: "md5" })).to.deep.equal([true, false]);
      expect(await check_password("", await make_password("", { salt: "s" }), { setter })).to.equal(
        true,
      );
      expect(seen).to.deep.equal(["p", "p", ""]);
    });
    it("spends on a wrong password what an outdated hash would save", async () => {
      const rounds: unknown[] = [];
      class Stronger extends PBKDF2PasswordHasher {
        override iterations = 10;
        override encode(
          ...given: Parameters<PBKDF2PasswordHasher["encode"]>
        ): ReturnType<PBKDF2PasswordHasher["encode"]> {
          rounds.push(given[2]?.iterations);
          return super.encode(...given);
        }
      }
      use(Quick);
      const encoded = await make_password("p");
      use(Stronger);
      await check_password("wrong", encoded);
      expect(rounds).to.deep.equal([3, 7]);
    });
  });

  describe("contrib/auth/hashers: hashing", () => {
    it("leaves the event loop free, and half of the thread pool", async () => {
      let turns = 0;
      const timer = setInterval(() => turns++, 1);
      const hasher = new PBKDF2PasswordHasher();
      const jobs = Array.from({ length: 8 }, (_, i) =>
        hasher.encode(`p${i}`, "salt", { iterations: 50_000 }),
      );
      const hashes = await Promise.all(jobs);
      clearInterval(timer);
      expect(turns).to.be.greaterThan(1);
      expect(new Set(hashes).size).to.equal(8);
    });
    it("gives its place on after an error", async () => {
      class Broken extends ScryptPasswordHasher {
        override work_factor = 3;
      }
      for (let i = 0; i < 5; i++)
        expect(await rejection(new Broken().encode("p", "salt"))).to.be.instanceOf(ValueError);
      expect(await new Quick().encode("p", "salt")).to.match(/^pbkdf2_sha256\$3\$salt\$/);
    });
    it("needs what scrypt's parameters need, however large they are", async () => {
      class Large extends ScryptPasswordHasher {
        override work_factor = 2 ** 16;
        override parallelism = 1;
      }
      expect(await new Large().encode("p", "salt")).to.match(/^scrypt\$65536\$salt\$8\$1\$/);
    });
    it("must be done again when the parameters of scrypt have changed", async () => {
      class Cheap extends ScryptPasswordHasher {
        override work_factor = 2;
      }
      const encoded = await new Cheap().encode("p", "salt");
      expect(new Cheap().must_update(encoded)).to.equal(false);
      expect(new ScryptPasswordHasher().must_update(encoded)).to.equal(true);
      expect(() => new Cheap().decode("scrypt$x$salt$8$1$hash")).to.throw(ValueError);
    });
    it("must be done again when a salt is too short", async () => {
      const hasher = new MD5PasswordHasher();
      expect(hasher.must_update(await hasher.encode("p", "short"))).to.equal(true);
      expect(hasher.must_update(await hasher.encode("p", hasher.salt()))).to.equal(false);
    });
    it("makes a salt of 128 bits", () => {
      expect(must_update_salt(new Quick().salt(), 128)).to.equal(false);
      expect(must_update_salt("a".repeat(21), 128)).to.equal(true);
    });
  });

  describe("contrib/auth/hashers: PASSWORD_HASHERS", () => {
    it("has those of Django that need no package", () => {
      expect([...get_hashers_by_algorithm().keys()]).to.deep.equal([
        "pbkdf2_sha256",
        "pbkdf2_sha1",
        "scrypt",
      ]);
      expect((get_hashers()[0] as PBKDF2PasswordHasher).iterations).to.equal(1_500_000);
    });
    class Nameless extends BasePasswordHasher {}
    for (const [what, hasher] of [
      ["no class", "pbkdf2"],
      ["another class", Map],
      ["a hasher without an algorithm", Nameless],
    ] as const) {
      it(`refuses ${what}`, () => {
        use(hasher);
        expect(() => get_hashers()).to.throw(ImproperlyConfigured);
      });
    }
    it("needs the methods that a hasher must have", async () => {
      const hasher = new Nameless();
      expect(await rejection(hasher.encode("p", "s"))).to.be.instanceOf(NotImplementedError);
      expect(await rejection(hasher.verify("p", "s"))).to.be.instanceOf(NotImplementedError);
      expect(() => hasher.decode("s")).to.throw(NotImplementedError);
      expect(() => hasher.safe_summary("s")).to.throw(NotImplementedError);
      expect(hasher.must_update("s")).to.equal(false);
      expect(await hasher.harden_runtime("p", "s")).to.equal(undefined);
    });
  });
});
