// The server of memory.mjs and kill.mjs, in a process of its own: node --expose-gc bodies.mjs DIR, uploads go to DIR/uploads,
//   DIR/large.bin is what is downloaded. Tells its parent the port, and its state whenever it is sent a message.
// In the parent: launch(DIR), which starts it, and upload_parts(), the text around the file of a multipart body.
import { fork } from "node:child_process";
import { createHash } from "node:crypto";
import { on, once } from "node:events";
import path from "node:path";

export const BOUNDARY = "the-bytes-go-in-between-0123456789";

/** What stands before and after the bytes of the one file, `file`, of a form with the field `note`. */
export function upload_parts() {
  const field = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="note"\r\n\r\nmeasured\r\n`;
  const file = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="large.bin"\r\nContent-Type: application/octet-stream\r\n\r\n`;
  return { head: Buffer.from(field + file), tail: Buffer.from(`\r\n--${BOUNDARY}--\r\n`) };
}

/** Starts the server; `ask()` gives its state, `stop()` ends it. */
export async function launch(dir) {
  const child = fork(import.meta.filename, [dir], {
    execArgv: ["--expose-gc"],
    env: { ...process.env, NODE_ENV: "production" },
  });
  const answers = on(child, "message", { close: ["exit"] });
  const answer = async () => {
    const { value } = await answers.next();
    if (value === undefined) throw new Error(`The server has ended with ${child.exitCode}.`);
    return value[0];
  };
  const { port } = await answer();
  const ask = () => {
    child.send("state");
    return answer();
  };
  const stop = async () => {
    if (child.exitCode !== null) return;
    const ended = once(child, "exit");
    child.disconnect();
    await ended;
  };
  return { port, pid: child.pid, ask, stop };
}

async function application(dir, seen) {
  const { TemporaryFileUploadHandler } = await import("nuages/core/files/uploadhandler");
  const { FileResponse, JsonResponse } = await import("nuages/http");
  const { path: route } = await import("nuages/urls");
  const { deferred_upload, upload_handlers } = await import("nuages/views/decorators/upload");
  class CountedUploadHandler extends TemporaryFileUploadHandler {
    new_file(...file) {
      seen.files_begun++;
      return super.new_file(...file);
    }
  }
  const upload = (request) => {
    const { size } = request.FILES.get("file");
    return new JsonResponse({ note: request.POST.get("note"), size });
  };
  const hashed = async (request) => {
    const hash = createHash("sha256");
    let size = 0;
    for await (const chunk of request) {
      hash.update(chunk);
      size += chunk.length;
    }
    return new JsonResponse({ size, sha256: hash.digest("hex") });
  };
  return [
    route("upload", upload_handlers([CountedUploadHandler])(upload)),
    route("hash", deferred_upload(hashed)),
    route("large.bin", () => FileResponse.from_path(path.join(dir, "large.bin"))),
  ];
}

const listeners = (emitter) =>
  emitter.eventNames().reduce((sum, name) => sum + emitter.listenerCount(name), 0);

/** How often each kind of resource is held: `{ PipeWrap: 1, TCPServerWrap: 1 }`. */
function resources() {
  const held = {};
  for (const kind of process.getActiveResourcesInfo().toSorted())
    held[kind] = (held[kind] ?? 0) + 1;
  return held;
}

async function main(dir) {
  const seen = { files_begun: 0, records: 0, server_errors: 0, accidents: [] };
  const accident = (error) => seen.accidents.push(String(error?.stack ?? error));
  process.on("uncaughtException", accident).on("unhandledRejection", accident);
  const { serve } = await import("nuages/core/handlers");
  const { set_log_sink } = await import("nuages/utils/log");
  set_log_sink(({ level }) => {
    seen.records++;
    if (level === "error") seen.server_errors++;
  });
  const { port, server } = await serve({
    port: 0,
    signals: false,
    request_timeout: null,
    urlpatterns: await application(dir, seen),
    settings: {
      SECRET_KEY: "a-secret-that-protects-nothing-0123456789-0123456789",
      ALLOWED_HOSTS: ["*"],
      FILE_UPLOAD_TEMP_DIR: path.join(dir, "uploads"),
    },
  });
  const state = async () => {
    const connections = await new Promise((resolve) =>
      server.getConnections((_error, count) => resolve(count)),
    );
    globalThis.gc();
    return {
      ...seen,
      connections,
      resources: resources(),
      listeners: listeners(process) + listeners(server),
      heap: process.memoryUsage().heapUsed,
      rss: process.memoryUsage.rss(),
      highest: process.resourceUsage().maxRSS * 1024,
    };
  };
  process.on("message", () => {
    void state().then((answer) => process.send(answer));
  });
  process.once("disconnect", () => process.exit());
  process.send({ port });
}

if (process.argv[1] === import.meta.filename) await main(process.argv[2]);
