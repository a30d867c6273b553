/**
 * Four processes behind one port, for the spec of what they share. Run with the path of a SQLite file, or the URL of a
 * PostgreSQL server and the name of a table; the primary process sends the port. @module
 */
import cluster, { type Address } from "node:cluster";
import { createServer } from "node:http";
import Database from "libsql";
import { settings } from "nuages/conf";
import { SessionMiddleware } from "nuages/contrib/sessions";
import { SessionStore } from "nuages/contrib/sessions/backends/db";
import {
  PostgresSessionRows,
  type SessionRows,
  type SqliteConnection,
  SqliteSessionRows,
} from "nuages/contrib/sessions/rows";
import { cache } from "nuages/core/cache";
import { RedisCache } from "nuages/core/cache/backends/redis";
import { get_node_application } from "nuages/core/handlers";
import { type HttpRequest, JsonResponse } from "nuages/http";
import { path } from "nuages/urls";
import { Pool } from "pg";

const PROCESSES = 4;
const [storage = "", table = "django_session", redis] = process.argv.slice(2);

function session_rows(): SessionRows {
  if (storage.startsWith("postgres"))
    return new PostgresSessionRows(new Pool({ connectionString: storage, max: 4 }), { table });
  const connection = new Database(storage, { timeout: 10_000 });
  connection.exec("PRAGMA journal_mode = WAL");
  const rows = new SqliteSessionRows(connection as SqliteConnection); // the API of better-sqlite3
  rows.create_table();
  return rows;
}

/** What this process is, what the session held, and how often the view ran, by the cache. */
async function visit(request: HttpRequest, { who }: { who: string }): Promise<JsonResponse> {
  const { session } = request;
  const [owner, visits] = [session.get("who") ?? null, Number(session.get("visits") ?? 0)];
  session.update({ who, visits: visits + 1 });
  if (redis !== undefined) await cache.aincr("visits");
  return new JsonResponse({ process: process.pid, who: owner, visits });
}

function serve(): void {
  settings.configure({
    SECRET_KEY: "spec-secret-key-0123456789abcdef0123456789",
    ALLOWED_HOSTS: ["*"],
    SESSION_ENGINE: SessionStore.using(session_rows()),
    MIDDLEWARE: [SessionMiddleware],
    ROOT_URLCONF: { urlpatterns: [path("visit/<str:who>", visit)] },
    ...(redis === undefined
      ? {}
      : { CACHES: { default: { BACKEND: RedisCache, LOCATION: redis, KEY_PREFIX: table } } }),
  });
  createServer(get_node_application()).listen(0, "127.0.0.1");
}

function lead(): void {
  cluster.schedulingPolicy = cluster.SCHED_RR;
  const listening: Address[] = [];
  cluster.on("listening", (_worker, address) => {
    if (listening.push(address) === PROCESSES) process.send?.({ port: address.port });
  });
  for (let i = 0; i < PROCESSES; i++) cluster.fork();
  process.once("disconnect", () => process.exit());
}

if (cluster.isPrimary) lead();
else serve();
