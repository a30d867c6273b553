/** Listening, and saying why not. @module */
import type { Server } from "node:http";
import { OSError } from "../exceptions.ts";

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "You are not allowed to use that port",
  EADDRINUSE: "Another program uses that port",
  EADDRNOTAVAIL: "This machine does not have that address",
};

/** @throws OSError saying why the port cannot be used. */
export function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error & { code?: string }): void => {
      const reason = REASONS[error.code ?? ""] ?? error.message;
      reject(new OSError(`${reason}: ${host}:${port}.`, { cause: error }));
    };
    server.once("error", fail);
    server.listen(port, host, () => {
      server.off("error", fail);
      resolve();
    });
  });
}
