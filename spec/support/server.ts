/** A real server on a free port, and raw bytes over a socket, for specs of the Node door. @module */
import { once } from "node:events";
import { createServer, type Server, type ServerOptions } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import type { Settings } from "nuages/conf";
import { get_node_application, type NodeApplication, serve } from "nuages/core/handlers";
import type { NodeApplicationOptions } from "nuages/core/handlers/node";
import type { ServeOptions } from "nuages/core/handlers/serve";
import { override_settings } from "nuages/test/utils";
import type { URLPatterns } from "nuages/urls";

/** A server under test. */
export interface TestServer {
  readonly server: Server;
  readonly port: number;
  /** `fetch` of a path of this server. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** Sends bytes over a connection of its own; what came back until the server closed or `until` was seen. */
  raw(bytes: string | Buffer, until?: RegExp): Promise<string>;
  /** A connection to speak over by hand. */
  connect(): Promise<Socket>;
}

/** Runs `fn` with a server for these URL patterns and settings, and takes both down afterwards. */
export async function with_server(
  urlpatterns: URLPatterns,
  fn: (server: TestServer) => Promise<void>,
  settings: Partial<Settings> = {},
  options: NodeApplicationOptions = {},
): Promise<void> {
  const overridden = override_settings({
    ALLOWED_HOSTS: ["*"],
    ROOT_URLCONF: { urlpatterns },
    ...settings,
  });
  overridden.enable();
  try {
    await with_application(get_node_application(options), fn);
  } finally {
    overridden.disable();
  }
}

/** The same with all that `serve()` guards against. */
export async function with_served(
  urlpatterns: URLPatterns,
  fn: (server: TestServer) => Promise<void>,
  { settings = {}, ...options }: ServeOptions = {},
): Promise<void> {
  const overridden = override_settings({
    ALLOWED_HOSTS: ["*"],
    ROOT_URLCONF: { urlpatterns },
    ...settings,
  });
  overridden.enable();
  try {
    const { server } = await serve({ port: 0, signals: false, ...options });
    await with_listening(server, fn);
  } finally {
    overridden.disable();
  }
}

/** Runs `fn` with a server for this listener. */
export async function with_application(
  application: NodeApplication,
  fn: (server: TestServer) => Promise<void>,
  options: ServerOptions = {},
): Promise<void> {
  const server = createServer(options, application);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  await with_listening(server, fn);
}

async function with_listening(
  server: Server,
  fn: (server: TestServer) => Promise<void>,
): Promise<void> {
  const { port } = server.address() as AddressInfo; // a TCP server that listens has one
  try {
    await fn({
      server,
      port,
      fetch: (path, init) => fetch(`http://127.0.0.1:${port}${path}`, init),
      raw: (bytes, until) => exchange(port, bytes, until),
      connect: () => connected(port),
    });
  } finally {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  }
}

async function connected(port: number): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  return socket;
}

async function exchange(
  port: number,
  bytes: string | Buffer,
  until: RegExp | undefined,
): Promise<string> {
  const socket = await connected(port);
  let received = "";
  socket.on("error", () => undefined); // a reset ends the exchange just as a close does
  socket.setEncoding("latin1");
  const done = new Promise<void>((resolve) => {
    socket.on("data", (text: string) => {
      received += text;
      if (until?.test(received) === true) resolve();
    });
    socket.once("close", () => resolve());
  });
  socket.write(bytes);
  await done;
  socket.destroy();
  return received;
}
