/** Specification of nuages/core/cache/backends/filebased. @module */
import { mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { afterEach, beforeEach, describe, it } from "mocha";
import { FileBasedCache } from "nuages/core/cache/backends/filebased";
import { ValueError } from "nuages/core/exceptions";
import { freeze_time } from "nuages/test/utils";

describe("core/cache/backends/filebased", () => {
  let root: string;
  let dir: string;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "nuages-cache-"));
    dir = join(root, "deep", "cache");
  });
  afterEach(() => rm(root, { recursive: true }));

  async function files(): Promise<string[]> {
    return (await readdir(dir)).map((name) => join(dir, name));
  }

  it("keeps data that structuredClone can copy", async () => {
    const store = new FileBasedCache(dir);
    const value = { list: [1], when: new Date(5), map: new Map([["a", new Set([1])]]) };
    await store.aset("k", value);
    expect(await store.aget("k")).to.deep.equal(value);
    await store.aset("b", Buffer.from("x"));
    expect(Buffer.isBuffer(await store.aget("b"))).to.equal(true);
  });

  it("outlives the object", async () => {
    await new FileBasedCache(dir).aset("k", 1);
    expect(await new FileBasedCache(dir).aget("k")).to.equal(1);
  });

  it("names files by a digest, for nobody else to read (M11, F36)", async () => {
    const umask = process.umask(0);
    try {
      await new FileBasedCache(dir).aset("../../x", 1);
    } finally {
      process.umask(umask);
    }
    const [file = ""] = await files();
    expect(file).to.match(/\/[0-9a-f]{32}\.djcache$/);
    expect((await stat(file)).mode & 0o777).to.equal(0o600);
    expect((await stat(dir)).mode & 0o777).to.equal(0o700);
  });

  it("does not believe a file that it did not write (M11)", async () => {
    const store = new FileBasedCache(dir);
    await store.aset("k", 1);
    const [file = ""] = await files();
    const bytes = await readFile(file);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    await writeFile(file, bytes);
    expect(await store.aget("k", "none")).to.equal("none");
    expect(await files()).to.deep.equal([]);
  });

  it("does not believe a file that belongs to another key", async () => {
    const store = new FileBasedCache(dir);
    await store.aset("a", "of a");
    const [of_a = ""] = await files();
    await store.aset("b", "of b");
    const of_b = (await files()).find((file) => file !== of_a) ?? "";
    await rename(of_a, of_b);
    expect(await store.aget("b", "none")).to.equal("none");
  });

  it("takes an empty file for none", async () => {
    const store = new FileBasedCache(dir);
    await store.aset("k", 1);
    await writeFile((await files())[0] ?? "", "");
    expect(await store.ahas_key("k")).to.equal(false);
  });

  it("forgets after the timeout, which touch changes", async () => {
    const store = new FileBasedCache(dir);
    try {
      freeze_time(1000);
      await store.aset("k", 1, 10);
      await store.aset("never", 1, null);
      expect(await store.atouch("k", 100)).to.equal(true);
      freeze_time(1050);
      expect(await store.aget("k")).to.equal(1);
      freeze_time(1101);
      expect(await store.aget("k")).to.equal(undefined);
      expect(await store.atouch("k")).to.equal(false);
      expect(await store.aget("never")).to.equal(1);
    } finally {
      freeze_time(undefined);
    }
  });

  it("adds, counts and deletes", async () => {
    const store = new FileBasedCache(dir);
    expect([await store.aadd("n", 1), await store.aadd("n", 2)]).to.deep.equal([true, false]);
    expect(await store.aincr("n")).to.equal(2);
    expect([await store.adelete("n"), await store.adelete("n")]).to.deep.equal([true, false]);
    const error = await store.aincr("n").catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(ValueError);
  });

  it("makes room when it is full, and empties itself", async () => {
    const store = new FileBasedCache(dir, { OPTIONS: { MAX_ENTRIES: 6 } });
    for (let i = 0; i < 7; i++) await store.aset(`k${i}`, i);
    expect(await files()).to.have.length(5);
    await store.aclear();
    expect(await files()).to.deep.equal([]);
  });

  it("reads from a directory that is not there as from an empty one", async () => {
    const store = new FileBasedCache(join(root, "none"));
    expect(await store.aget("k", 5)).to.equal(5);
    await store.aclear();
  });
});
