/** Serving an application from this process: `serve({ urlpatterns })`. @module */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { settings, type Settings } from "../../conf/index.ts";
import type { URLPatterns } from "../../urls/_types.ts";
import { ImproperlyConfigured } from "../exceptions.ts";
import { get_node_application } from "./node.ts";

/** Options of `serve`. */
export interface ServeOptions {
  /** The TCP port. Default: the environment variable `PORT`, or else 8000; 0 lets the system choose. */
  port?: number | undefined;
  /** The address to listen on. Default `"127.0.0.1"`; `"0.0.0.0"` for every network. */
  host?: string | undefined;
  /** The URL patterns, instead of `settings.ROOT_URLCONF`. */
  urlpatterns?: URLPatterns | undefined;
  /** Settings, unless `settings.configure` has run. */
  settings?: Partial<Settings> | undefined;
  /** Milliseconds that requests under way get to finish at a shutdown. Default 10,000. */
  shutdown_timeout?: number | undefined;
  /** Whether SIGTERM and SIGINT close the server. Default `true`. */
  signals?: boolean | undefined;
}

/** A server under way. */
export interface RunningServer {
  /** The `node:http` server. */
  readonly server: Server;
  /** Where it listens: `http://127.0.0.1:8000/`. */
  readonly url: string;
  /** The port it listens on. */
  readonly port: number;
  /** Takes no new connection, lets the requests under way finish, then closes. */
  close(): Promise<void>;
}

/**
 * Serves the application until `close()`, SIGTERM or SIGINT.
 * @throws ImproperlyConfigured if settings are given twice, or no URL patterns at all.
 */
export async function serve(options: ServeOptions = {}): Promise<RunningServer> {
  configure(options);
  const server = createServer(get_node_application());
  const host = options.host ?? "127.0.0.1";
  await listen(server, options.port ?? port_of_environment(), host);
  const { port } = server.address() as AddressInfo; // a TCP server that listens has one
  const close = closer(server, options.shutdown_timeout ?? 10_000);
  if (options.signals ?? true) close_on_signals(server, close);
  return { server, port, url: `http://${host.includes(":") ? `[${host}]` : host}:${port}/`, close };
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

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function closer(server: Server, timeout: number): () => Promise<void> {
  let closing: Promise<void> | undefined;
  return () => {
    closing ??= new Promise((resolve) => {
      const timer = setTimeout(() => server.closeAllConnections(), timeout);
      server.close(() => {
        clearTimeout(timer);
        resolve();
      });
      server.closeIdleConnections();
    });
    return closing;
  };
}

function close_on_signals(server: Server, close: () => Promise<void>): void {
  const stop = (): void => void close();
  process.once("SIGTERM", stop).once("SIGINT", stop);
  server.once("close", () => process.off("SIGTERM", stop).off("SIGINT", stop));
}
