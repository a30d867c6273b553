/** Specification of uploads over real connections: slow handlers, clients that go away. @module */
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { describe, it } from "mocha";
import { FileSystemStorage } from "nuages/core/files/storage";
import { UploadedFile } from "nuages/core/files/uploadedfile";
import {
  FileUploadHandler,
  MemoryFileUploadHandler,
  TemporaryFileUploadHandler,
} from "nuages/core/files/uploadhandler";
import { type HttpRequest, HttpResponse, JsonResponse } from "nuages/http";
import { path } from "nuages/urls";
import { upload_handlers } from "nuages/views/decorators/upload";
import { set_log_sink } from "../../src/utils/_logger.ts";
import { with_server } from "../support/server.ts";
import { with_site } from "../support/site.ts";

const MiB = 1 << 20;
const PART =
  '--sep\r\nContent-Disposition: form-data; name="f"; filename="x.bin"\r\n' +
  "Content-Type: application/octet-stream\r\n\r\n";
const END = "\r\n--sep--\r\n";

function head(length: number): string {
  return (
    "POST / HTTP/1.1\r\nHost: a.example\r\nContent-Type: multipart/form-data; boundary=sep\r\n" +
    `Content-Length: ${PART.length + length + END.length}\r\nConnection: close\r\n\r\n`
  );
}

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 400 && !condition(); i++) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const describe_file = (request: HttpRequest): JsonResponse => {
  const file = request.FILES.getitem("f");
  return new JsonResponse({ class: file.constructor.name, size: file.size });
};

describe("http: uploads over a connection", () => {
  it("leave nothing when the client goes away in the middle, however often (A29)", async () => {
    const directory = mkdtempSync(join(tmpdir(), "nuages-"));
    const sink = set_log_sink(() => undefined); // broken connections may be told of; not here
    let views = 0;
    const view = (request: HttpRequest): HttpResponse => {
      views += 1;
      return new HttpResponse(String(request.FILES.size));
    };
    try {
      await with_server(
        [path("", view)],
        async (server) => {
          const times = 50;
          let begun = 0;
          for (let i = 0; i < times; i++) {
            const socket = await server.connect();
            socket.on("error", () => undefined);
            socket.write(head(10 * MiB) + PART);
            socket.write(Buffer.alloc(MiB, "x"));
            await until(() => readdirSync(directory).length > 0);
            begun += readdirSync(directory).length;
            socket.destroy();
            await until(() => readdirSync(directory).length === 0);
          }
          expect(begun).to.equal(times);
          expect(readdirSync(directory)).to.deep.equal([]);
          expect(views).to.equal(0);
          const body = PART + "x" + END;
          const response = await server.fetch("/", {
            method: "POST",
            body,
            headers: { "Content-Type": "multipart/form-data; boundary=sep" },
          });
          expect(await response.text()).to.equal("1");
        },
        { FILE_UPLOAD_TEMP_DIR: directory },
      );
    } finally {
      set_log_sink(sink);
      rmSync(directory, { recursive: true });
    }
  }).timeout(30_000);

  it("wait for a slow handler: the client cannot send ahead of it (F24)", async () => {
    let open = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    let received = 0;
    class Slow extends FileUploadHandler {
      override async receive_data_chunk(raw_data: Buffer): Promise<null> {
        received += raw_data.length;
        await gate;
        return null;
      }
      override file_complete(): UploadedFile | null {
        return null;
      }
    }
    const view = upload_handlers([Slow])((request) => new HttpResponse(request.method ?? ""));
    await with_server([path("", view)], async (server) => {
      const size = 64 * MiB;
      const socket = await server.connect();
      socket.resume();
      socket.write(head(size) + PART);
      for (let i = 0; i < size / MiB; i++) socket.write(Buffer.alloc(MiB, "x"));
      socket.write(END);
      await until(() => received > 0);
      expect(received).to.be.below(MiB);
      expect(socket.writableLength).to.be.above(size / 2); // what the kernel holds is far less
      open();
      await once(socket, "close");
      expect(received).to.equal(size);
    });
  }).timeout(30_000);

  it("without an announced length go to disk (B6, F25)", async () => {
    const chunks = [PART, "x".repeat(1000), END];
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        const chunk = chunks.shift();
        if (chunk === undefined) controller.close();
        else controller.enqueue(Buffer.from(chunk));
      },
    });
    await with_server([path("", describe_file)], async (server) => {
      const headers = { "Content-Type": "multipart/form-data; boundary=sep" };
      const streamed = await server.fetch("/", { method: "POST", body, headers, duplex: "half" });
      expect(await streamed.json()).to.deep.equal({ class: "TemporaryUploadedFile", size: 1000 });
      const whole = PART + "x".repeat(1000) + END;
      const announced = await server.fetch("/", { method: "POST", body: whole, headers });
      expect(await announced.json()).to.deep.equal({ class: "InMemoryUploadedFile", size: 1000 });
    });
  });

  it("over the limit are for the view to stream, and a 400 if it wants them whole (D22)", async () => {
    const count = async (request: HttpRequest): Promise<HttpResponse> => {
      let size = 0;
      for await (const chunk of request) size += chunk.length;
      return new HttpResponse(String(size));
    };
    const whole = (request: HttpRequest): HttpResponse =>
      new HttpResponse(String(request.body.length));
    await with_server([path("count/", count), path("whole/", whole)], async (server) => {
      const post = (url: string, size: number): Promise<Response> => {
        const headers = { "Content-Type": "application/json" };
        return server.fetch(url, { method: "POST", body: Buffer.alloc(size, "1"), headers });
      };
      expect(await (await post("/count/", 10 * MiB)).text()).to.equal(String(10 * MiB));
      expect(await (await post("/whole/", 2_621_440)).text()).to.equal("2621440");
      const sink = set_log_sink(() => undefined);
      try {
        expect((await post("/whole/", 2_621_441)).status).to.equal(400);
      } finally {
        set_log_sink(sink);
      }
    });
  });

  const named = {
    buffer: "aGFsbG8=",
    filename: "../../x",
    name: "../../x",
    size: 5,
    file: true,
    chunks: true,
  };
  const claims: [content_type: string, data: string][] = [
    ["application/json", JSON.stringify({ file: named })],
    ["application/json; boundary=sep", JSON.stringify({ file: named })],
    ["application/x-www-form-urlencoded", "file[filename]=../../x&file[file]=true&file=x"],
    [
      "text/plain",
      '--sep\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\nx\r\n--sep--',
    ],
  ];
  for (const [content_type, data] of claims) {
    it(`F31: a body of ${content_type} that describes a file brings none`, async () => {
      const directory = mkdtempSync(join(tmpdir(), "nuages-"));
      let seen: unknown[] | undefined;
      const view = async (request: HttpRequest): Promise<HttpResponse> => {
        const json = content_type.startsWith("application/json");
        const claimed = json
          ? (JSON.parse(request.body.toString()) as { file: never }).file
          : undefined;
        const saved = json
          ? await new FileSystemStorage({ location: directory })
              .save(null, claimed as never)
              .catch(String)
          : "";
        seen = [request.FILES.size, (claimed as unknown) instanceof UploadedFile, saved];
        return new HttpResponse("");
      };
      try {
        await with_site([path("", view)], { FILE_UPLOAD_TEMP_DIR: directory }, async (client) => {
          await client.post("/", data, { content_type });
        });
        expect(seen?.slice(0, 2)).to.deep.equal([0, false]);
        expect(seen?.[2]).to.match(/^$|^SuspiciousFileOperation/);
        expect(readdirSync(directory)).to.deep.equal([]);
      } finally {
        rmSync(directory, { recursive: true });
      }
    });
  }

  for (const handlers of [[MemoryFileUploadHandler], [TemporaryFileUploadHandler]]) {
    it(`that came by ${handlers[0]?.name} are saved by a storage under a clean name`, async () => {
      const directory = mkdtempSync(join(tmpdir(), "nuages-"));
      const storage = new FileSystemStorage({ location: directory });
      const view = async (request: HttpRequest): Promise<HttpResponse> => {
        const file = request.FILES.getitem("f");
        return new HttpResponse(await storage.save(storage.generate_filename(String(file)), file));
      };
      try {
        await with_server([path("", upload_handlers(handlers)(view))], async (server) => {
          const send = async (): Promise<string> => {
            const form = new FormData();
            form.set("f", new Blob([Buffer.alloc(MiB, "x")]), "../a b$.txt");
            return (await server.fetch("/", { method: "POST", body: form })).text();
          };
          expect(await send()).to.equal("a_b.txt");
          expect(await send()).to.match(/^a_b_\w{7}\.txt$/);
        });
        for (const name of readdirSync(directory)) {
          const { size, mode } = statSync(join(directory, name));
          expect([size, mode & 0o777]).to.deep.equal([MiB, 0o644]);
        }
        expect(readdirSync(directory)).to.have.length(2);
      } finally {
        rmSync(directory, { recursive: true });
      }
    });
  }
});
