/** Security of files that are sent: their names, and what happens to them meanwhile. @module */
import { rmSync, truncateSync, writeFileSync } from "node:fs";
import { appendFile } from "node:fs/promises";
import { expect } from "chai";
import { beforeEach, describe, it } from "mocha";
import { type DiskFile, open_file } from "nuages/core/files";
import { FileResponse } from "nuages/http";
import { path } from "nuages/urls";
import { content_disposition_header } from "nuages/utils/http";
import type { AnyView } from "../support/ask.ts";
import { temporary_directory } from "../support/files.ts";
import { quiet } from "../support/log.ts";
import { GET, sent } from "../support/raw.ts";
import { type TestServer, with_server } from "../support/server.ts";
import { until } from "../support/turns.ts";

describe("security/downloads: files", () => {
  const names: [name: string, parameter: string][] = [
    ['a"b.txt', '; filename="a\\"b.txt"'],
    ["a\\b.txt", '; filename="a\\\\b.txt"'],
    ["a\r\nX: y.txt", "; filename*=utf-8''a%0D%0AX%3A%20y.txt"],
    ["é.txt", "; filename*=utf-8''%C3%A9.txt"],
    ["a\0b", "; filename*=utf-8''a%00b"],
    ["", ""],
    ["a;b.txt", '; filename="a;b.txt"'],
    ["a%22.txt", '; filename="a%22.txt"'],
  ];
  for (const [name, parameter] of names) {
    it(`H16: the name ${JSON.stringify(name)} is written${parameter || " not at all"}`, () => {
      expect(content_disposition_header(true, name)).to.equal(`attachment${parameter}`);
      const response = new FileResponse(Buffer.from("x"), { as_attachment: true, filename: name });
      expect(response.get("Content-Disposition")).to.equal(`attachment${parameter}`);
    });
  }

  const directory = temporary_directory({
    "deep/down/page.txt": "text",
    "large.bin": Buffer.alloc(4_000_000, "x"),
  });

  it("H17: a name is the last part of a path, and no directory is told", () => {
    const options = { as_attachment: true, filename: 'a"\r\nb/..é.html' };
    const named = new FileResponse(Buffer.from("x"), options);
    expect(named.get("Content-Disposition")).to.equal("attachment; filename*=utf-8''..%C3%A9.html");
    const opened = new FileResponse(open_file(directory.path("deep/down/page.txt")));
    expect(opened.get("Content-Disposition")).to.equal('inline; filename="page.txt"');
    opened.close();
  });

  /** Files that are counted. */
  let opened: DiskFile[] = [];
  function open(file: string): FileResponse {
    const disk_file = open_file(file);
    opened.push(disk_file);
    return new FileResponse(disk_file);
  }
  beforeEach(() => void (opened = []));
  async function expect_closed(count: number): Promise<void> {
    await until(() => opened.every(({ closed }) => closed));
    expect(opened.map(({ closed }) => closed)).to.deep.equal(Array(count).fill(true));
  }

  const SIZE = 4_000_000;
  const changes: [what: string, change: (file: string) => unknown][] = [
    ["grows", (file) => appendFile(file, Buffer.alloc(1_000_000, "y"))],
    ["is deleted", (file) => rmSync(file)],
    [
      "is replaced",
      (file) => {
        rmSync(file);
        writeFileSync(file, "new");
      },
    ],
  ];
  async function download(file: string, change: (file: string) => unknown): Promise<string> {
    writeFileSync(file, Buffer.alloc(SIZE, "x"));
    return sent(async () => {
      const response = open(file);
      await change(file);
      return response;
    });
  }
  for (const [what, change] of changes) {
    it(`H18: of a file that ${what} meanwhile, the client gets what was announced`, async () => {
      const answer = await download(directory.path("changing.bin"), change);
      expect(answer).to.include(`Content-Length: ${SIZE}\r\n`);
      expect(answer.endsWith(`\r\n\r\n${"x".repeat(SIZE)}`)).to.equal(true);
      await expect_closed(1);
    });
  }
  describe("that break off", () => {
    quiet();
    it("H18: of a file that shrinks meanwhile, the client gets less than was announced", async () => {
      const file = directory.path("shrinking.bin");
      const answer = await download(file, () => truncateSync(file, 100));
      expect(answer).to.match(/^(HTTP\/1\.1 200 |$)/);
      expect(answer.length).to.be.below(SIZE);
      await expect_closed(1);
    });
  });

  const large = (): FileResponse => open(directory.path("large.bin"));
  type Ending = [how: string, view: AnyView, ask_for: (server: TestServer) => Promise<unknown>];
  const endings: Ending[] = [
    ["HEAD", large, async ({ fetch }) => (await fetch("/", { method: "HEAD" })).text()],
    [
      "304",
      () => Object.assign(large(), { status_code: 304 }),
      async ({ fetch }) => (await fetch("/")).text(),
    ],
    ["a client that goes away", large, goes_away],
    [
      "an error before the first byte",
      () => Object.assign(large(), { status_code: 1000 }),
      async ({ fetch }) => (await fetch("/")).text(),
    ],
  ];
  async function goes_away(server: TestServer): Promise<void> {
    const socket = await server.connect();
    socket.write(GET);
    await new Promise((resolve) => socket.once("data", resolve));
    socket.destroy();
  }
  describe("and their files", () => {
    quiet();
    for (const [how, view, ask_for] of endings) {
      it(`H19: are closed after ${how}, 200 times out of 200`, async () => {
        await with_server([path("", view as () => FileResponse)], async (server) => {
          for (let run = 0; run < 200; run++) await ask_for(server);
          await expect_closed(200);
        });
      });
    }
  });
});
