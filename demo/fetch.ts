/**
 * The demo for runtimes that speak the Fetch standard: `bun demo/fetch.ts`, or `deno serve -A demo/fetch.ts`.
 *
 * Both look for an object with a `fetch` among the exports. Bun takes the address from it, too; Deno from its command line,
 * `--host 127.0.0.1 --port 8000`. @module
 */
import { settings } from "nuages/conf";
import { type FetchApplication, get_fetch_application } from "nuages/core/handlers/fetch";
import { demo_settings } from "./settings.ts";

settings.configure(demo_settings);

interface FetchServer {
  readonly hostname: string;
  readonly port: number;
  readonly fetch: FetchApplication;
}

const server: FetchServer = {
  hostname: "127.0.0.1",
  port: Number(process.env["PORT"] ?? 8000),
  fetch: get_fetch_application(),
};

// oxlint-disable-next-line import/no-default-export -- Bun and Deno serve no other
export default server;
