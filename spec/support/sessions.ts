/** Storages of sessions for specs: rows in memory, a cache that has to be waited for, every store there is. @module */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SessionStore as CacheStore } from "nuages/contrib/sessions/backends/cache";
import { SessionStore as CachedDbStore } from "nuages/contrib/sessions/backends/cached_db";
import { SessionStore as DbStore } from "nuages/contrib/sessions/backends/db";
import { SessionStore as FileStore } from "nuages/contrib/sessions/backends/file";
import { SessionStore as SignedStore } from "nuages/contrib/sessions/backends/signed_cookies";
import type { SessionRow, SessionRows } from "nuages/contrib/sessions/rows";
import type { Settings } from "nuages/conf";
import { BaseCache } from "nuages/core/cache/backends/base";

/** A table of sessions in memory. */
export class MemoryRows implements SessionRows {
  readonly waits: boolean;
  readonly table: Map<string, SessionRow> = new Map();
  /** How often rows were asked for. */
  reads = 0;
  /** Thrown by every method, if there is one. */
  failure: Error | undefined;

  constructor(options: { waits: boolean }) {
    this.waits = options.waits;
  }

  #answer<T>(give: () => T): T | Promise<T> {
    const checked = (): T => {
      if (this.failure !== undefined) throw this.failure;
      return give();
    };
    return this.waits ? new Promise((resolve) => setImmediate(resolve)).then(checked) : checked();
  }

  get(session_key: string, now: Date): ReturnType<SessionRows["get"]> {
    this.reads += 1;
    return this.#answer(() => {
      const row = this.table.get(session_key);
      return row !== undefined && row.expire_date > now ? { ...row } : undefined;
    });
  }

  exists(session_key: string): ReturnType<SessionRows["exists"]> {
    return this.#answer(() => this.table.has(session_key));
  }

  insert(row: SessionRow): ReturnType<SessionRows["insert"]> {
    return this.#answer(() => {
      if (this.table.has(row.session_key)) return false;
      this.table.set(row.session_key, row);
      return true;
    });
  }

  update(row: SessionRow): ReturnType<SessionRows["update"]> {
    return this.#answer(() => {
      if (!this.table.has(row.session_key)) return false;
      this.table.set(row.session_key, row);
      return true;
    });
  }

  delete(session_key: string): ReturnType<SessionRows["delete"]> {
    return this.#answer(() => void this.table.delete(session_key));
  }

  clear_expired(now: Date): ReturnType<SessionRows["clear_expired"]> {
    return this.#answer(() => {
      for (const [key, row] of this.table) if (row.expire_date < now) this.table.delete(key);
    });
  }
}

/** A cache somewhere else: it has only the a-forms. */
export class DistantCache extends BaseCache {
  static readonly entries: Map<string, unknown> = new Map();
  static failure: Error | undefined;

  constructor(_location: string, params: Record<string, unknown>) {
    super(params);
  }

  async #entries(): Promise<Map<string, unknown>> {
    await new Promise((resolve) => setImmediate(resolve));
    if (DistantCache.failure !== undefined) throw DistantCache.failure;
    return DistantCache.entries;
  }

  override async aget(key: string, default_value?: unknown): Promise<unknown> {
    return (await this.#entries()).get(this.make_key(key)) ?? default_value;
  }

  override async aset(key: string, value: unknown): Promise<void> {
    (await this.#entries()).set(this.make_key(key), structuredClone(value));
  }

  override async aadd(key: string, value: unknown): Promise<boolean> {
    if ((await this.#entries()).has(this.make_key(key))) return false;
    await this.aset(key, value);
    return true;
  }

  override async ahas_key(key: string): Promise<boolean> {
    return (await this.#entries()).has(this.make_key(key));
  }

  override async adelete(key: string): Promise<boolean> {
    return (await this.#entries()).delete(this.make_key(key));
  }

  override async aclear(): Promise<void> {
    (await this.#entries()).clear();
  }
}

/** A store of sessions, with the settings it needs. */
export interface StoreUnderTest {
  readonly name: string;
  readonly settings: Partial<Settings>;
}

/** Every store that keeps sessions on the server, with fresh storages. */
export function keyed_stores(): StoreUnderTest[] {
  const SESSION_FILE_PATH = mkdtempSync(join(tmpdir(), "nuages-sessions-"));
  process.once("exit", () => rmSync(SESSION_FILE_PATH, { recursive: true }));
  const distant = { CACHES: { default: { BACKEND: DistantCache } } };
  const cached_db = CachedDbStore.using(new MemoryRows({ waits: true }));
  return [
    { name: "cache", settings: { SESSION_ENGINE: CacheStore } },
    { name: "distant cache", settings: { SESSION_ENGINE: CacheStore, ...distant } },
    {
      name: "rows at once",
      settings: { SESSION_ENGINE: DbStore.using(new MemoryRows({ waits: false })) },
    },
    {
      name: "rows to wait for",
      settings: { SESSION_ENGINE: DbStore.using(new MemoryRows({ waits: true })) },
    },
    { name: "cached rows", settings: { SESSION_ENGINE: cached_db } },
    { name: "cached rows, distant cache", settings: { SESSION_ENGINE: cached_db, ...distant } },
    { name: "files", settings: { SESSION_ENGINE: FileStore, SESSION_FILE_PATH } },
  ];
}

/** Every store there is. */
export function all_stores(): StoreUnderTest[] {
  return [{ name: "signed cookies", settings: { SESSION_ENGINE: SignedStore } }, ...keyed_stores()];
}
