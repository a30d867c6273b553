/** Serving an application from this process: `serve({ urlpatterns })`. @module */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { background_count, background_finished } from "../../http/_background.ts";
import { log } from "../../utils/_logger.ts";
import { settings, type Settings } from "../../conf/index.ts";
import type { URLPatterns } from "../../urls/_types.ts";
import { ImproperlyConfigured } from "../exceptions.ts";
import { milliseconds, type NodeApplicationOptions } from "./_door_options.ts";
import { guard } from "./_guards.ts";
import { listen } from "./_listen.ts";
import { NodeHandler } from "./node.ts";

/** Options of `serve`. Times are in milliseconds. */
export interface ServeOptions extends NodeApplicationOptions {
  /** The TCP port. Default: the environment variable `PORT`, or else 8000; 0 lets the system choose. */
  port?: number | undefined;
  /** The address to listen on. Default `"127.0.0.1"`; `"0.0.0.0"` for every network. */
  host?: string | undefined;
  /** The URL patterns, instead of `settings.ROOT_URLCONF`. */
  urlpatterns?: URLPatterns | undefined;
  /** Settings, unless `settings.configure` has run. */
  settings?: Partial<Settings> | undefined;
  /** A server without listeners to use, such as one of `node:https`. Default: a new one of `node:http`. */
  server?: Server | undefined;
  /** How long the head of a request may take; then 408. `null`: any time. Default 60,000. */
  headers_timeout?: number | null | undefined;
  /** How long a whole request may take to arrive; then 408. `null`: any time. Default 300,000. */
  request_timeout?: number | null | undefined;
  /** How long an idle connection is kept. `null`: as long as the client likes. Default 5,000. */
  keep_alive_timeout?: number | null | undefined;
  /** How long requests under way, and work in the background of responses, get to finish at a shutdown. Default 10,000. */
  shutdown_timeout?: number | undefined;
  /** Whether SIGTERM and SIGINT close the server. Default `true`. */
  signals?: boolean | undefined;
  /** Leave out the system checks. Default `false`. */
  skip_checks?: boolean | undefined;
}

/** A server under way. */
export interface RunningServer {
  /** The `node:http` server. */
  readonly server: Server;
  /** Where it listens: `http://127.0.0.1:8000/`. */
  readonly url: string;
  /** The port it listens on. */
  readonly port: number;
  /** Takes no new connection, lets the requests under way and the work in the background finish, then closes. */
  close(): Promise<void>;
}

/**
 * Serves the application until `close()`, SIGTERM or SIGINT. The system checks run first; their warnings are logged.
 * @throws ImproperlyConfigured if settings are given twice, no URL patterns at all, or an option that is no limit.
 * @throws SystemCheckError for what the system checks find to be an error; OSError if the port cannot be used.
 */
export async function serve(options: ServeOptions = {}): Promise<RunningServer> {
  configure(options);
  const handler = new NodeHandler(options);
  if (options.skip_checks !== true) await check(); // first: what it imports is there when the chain is made
  handler.load_middleware();
  const server = timed(options);
  guard(server, handler);
  const host = options.host ?? "127.0.0.1";
  await listen(server, options.port ?? port_of_environment(), host);
  const { port } = server.address() as AddressInfo; // a TCP server that listens has one
  const close = closer(server, options.shutdown_timeout ?? 10_000);
  if (options.signals ?? true) close_on_signals(server, close);
  const scheme = "setSecureContext" in server ? "https" : "http";
  const url = `${scheme}://${host.includes(":") ? `[${host}]` : host}:${port}/`;
  return { server, port, url, close };
}

/** Runs the system checks. They look at all parts of the framework, which whoever does not call `serve()` may not need. */
async function check(): Promise<void> {
  const { check_at_start } = await import("../checks/_start.ts");
  check_at_start();
}

/** The server, with its timeouts. How often Node looks at them can only be told to a new one. */
function timed(options: ServeOptions): Server {
  const headersTimeout = milliseconds("headers_timeout", options.headers_timeout, 60_000);
  const requestTimeout = milliseconds("request_timeout", options.request_timeout, 300_000);
  const keepAliveTimeout = milliseconds("keep_alive_timeout", options.keep_alive_timeout, 5_000);
  const shortest = Math.min(headersTimeout || Infinity, requestTimeout || Infinity);
  const connectionsCheckingInterval = Math.min(30_000, Math.ceil(shortest / 2));
  const server = options.server ?? createServer({ connectionsCheckingInterval });
  return Object.assign(server, { headersTimeout, requestTimeout, keepAliveTimeout });
}
function configure({ urlpatterns, settings: given }: ServeOptions): void {
  if (!settings.configured) settings.configure(given);
  else if (given !== undefined) {
    throw new ImproperlyConfigured(
      "The settings are configured already: call serve() without `settings`, or only serve().",
    );
  }
  if (urlpatterns !== undefined) settings.ROOT_URLCONF = { urlpatterns };
  void settings.ROOT_URLCONF; // throws where there is none
}

function port_of_environment(): number {
  const { PORT } = process.env;
  if (PORT === undefined || PORT === "") return 8000;
  if (!/^[0-9]{1,5}$/.test(PORT) || Number(PORT) > 65_535) {
    throw new ImproperlyConfigured(
      `The environment variable PORT must be a number from 0 to 65535, not ${PORT}.`,
    );
  }
  return Number(PORT);
}

function closer(server: Server, timeout: number): () => Promise<void> {
  let closing: Promise<void> | undefined;
  return () => {
    closing ??= close_down(server, timeout);
    return closing;
  };
}

async function close_down(server: Server, timeout: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const out_of_time = new Promise<void>((resolve) => {
    timer = setTimeout(() => {
      server.closeAllConnections();
      resolve();
    }, timeout);
  });
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
  // Node tells of the last connection of all after it tells that the server is closed
  for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve));
  await Promise.race([background_finished(), out_of_time]);
  clearTimeout(timer);
  const left = background_count();
  if (left > 0)
    log("nuages.background", "warning", `The server closed before its background work: ${left}.`);
}

function close_on_signals(server: Server, close: () => Promise<void>): void {
  const stop = (): void => void close();
  process.once("SIGTERM", stop).once("SIGINT", stop);
  server.once("close", () => process.off("SIGTERM", stop).off("SIGINT", stop));
}
