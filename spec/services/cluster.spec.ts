/** Specification of several processes that serve one site: they share its sessions and its cache. @module */
import { expect } from "chai";
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { Agent, request } from "node:http";
import { after, describe, it } from "mocha";
import { PostgresSessionRows } from "nuages/contrib/sessions/rows";
import { RedisCache } from "nuages/core/cache/backends/redis";
import { Client } from "pg";
import { temporary_directory } from "../support/files.ts";
import { describe_with } from "../support/services.ts";

const CLIENTS = 24;
const VISITS = 15;

interface Visit {
  process: number;
  who: string | null;
  visits: number;
}

/** Runs `fn` with the site in four processes. */
async function with_cluster(
  argv: readonly string[],
  fn: (port: number) => Promise<void>,
): Promise<void> {
  const site: ChildProcess = fork(new URL("../support/cluster_site.ts", import.meta.url), argv, {
    execArgv: ["--conditions=nuages-source", "--import=tsx"],
  });
  try {
    const [{ port }] = (await once(site, "message")) as [{ port: number }]; // what the site sends
    await fn(port);
  } finally {
    site.disconnect();
    await once(site, "exit");
  }
}

/** One visit over one of the agent's connections; the answer, and the cookie if there is a new one. */
async function visit(
  agent: Agent,
  port: number,
  who: string,
  cookie: string,
): Promise<{ answer: Visit; cookie: string }> {
  const sent = request({ agent, port, path: `/visit/${who}`, headers: { Cookie: cookie } }).end();
  const [response] = (await once(sent, "response")) as [
    AsyncIterable<Buffer> & { headers: { "set-cookie"?: string[] } },
  ];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  const set = response.headers["set-cookie"]?.[0]?.split(";", 1)[0];
  return { answer: JSON.parse(Buffer.concat(chunks).toString()) as Visit, cookie: set ?? cookie };
}

/**
 * Clients whose visits come in any order, over connections that they share. Gives the processes that answered.
 * @throws AssertionError where a client meets another's session, or a visit was lost.
 */
async function visit_by_turns(port: number): Promise<Set<number>> {
  const agent = new Agent({ keepAlive: true, maxSockets: 8, scheduling: "fifo" });
  const processes = new Set<number>();
  const client = async (who: string): Promise<void> => {
    let cookie = "";
    for (let visits = 0; visits < VISITS; visits++) {
      const { answer, ...next } = await visit(agent, port, who, cookie);
      expect(answer).to.include({ who: visits === 0 ? null : who, visits });
      processes.add(answer.process);
      cookie = next.cookie;
    }
  };
  try {
    await Promise.all(Array.from({ length: CLIENTS }, (_v, at) => client(`client-${at}`)));
  } finally {
    agent.destroy();
  }
  return processes;
}

describe("services/cluster: four processes, sessions in one SQLite file", function () {
  this.timeout(30_000);
  const directory = temporary_directory({});

  it("gives every client its own session, whichever process answers", () =>
    with_cluster([directory.path("db.sqlite3")], async (port) => {
      expect((await visit_by_turns(port)).size).to.equal(4);
    }));
});

describe_with("NUAGES_POSTGRES_URL", "services/cluster: sessions in PostgreSQL", (postgres) => {
  describe_with("NUAGES_REDIS_URL", "the cache in Redis", (redis) => {
    const table = `spec_cluster_${process.pid}`;
    const client = new Client({ connectionString: String(postgres) });
    const cache = new RedisCache(String(redis), { KEY_PREFIX: table });
    after(async () => {
      await client.query(`DROP TABLE ${table}`);
      await client.end();
      await cache.adelete("visits");
      await cache.aclose();
    });

    it("gives every client its own session, and counts every visit once", async function () {
      this.timeout(30_000);
      await client.connect();
      await new PostgresSessionRows(client, { table }).create_table();
      await cache.aset("visits", 0);
      await with_cluster([String(postgres), table, String(redis)], async (port) => {
        expect((await visit_by_turns(port)).size).to.equal(4);
      });
      expect(await cache.aget("visits")).to.equal(CLIENTS * VISITS);
    });
  });
});
