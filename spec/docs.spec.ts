/** The guides: their code compiles and runs. @module */
import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import { before, describe, it } from "mocha";
import * as nuages_api from "nuages/api";
import { code_blocks, COMPILER, make_project, with_imports } from "./support/code_blocks.ts";
import { temporary_directory } from "./support/files.ts";
import { run, running } from "./support/program.ts";

const [first_app, ...guide] = code_blocks("docs/api.md");
const readme = code_blocks("README.md").filter(({ code }) => code.includes("nuages/api"));
const blocks = [
  ...guide.map((block) => ({ file: "api", ...block })),
  ...readme.map((block) => ({ file: "readme", ...block })),
];

// What the guide says it leaves out: imports, and the names of its first app. Each block has an API of its own.
const STAGE = `import { API } from "nuages/api";
import { z } from "zod";
export const Book = z.object({ id: z.int(), title: z.string() }).meta({ id: "Book" });
export type Book = z.output<typeof Book>;
export const NewBook = z.object({ title: z.string().min(1) }).meta({ id: "NewBook" });
export const books = new Map<number, Book>([[1, { id: 1, title: "Emma" }]]);
export const api = new API();
`;

const LEFT_OUT = {
  "nuages/api": [...Object.keys(nuages_api), "type CursorQuery", "type OffsetQuery"],
  "nuages/conf": ["settings"],
  "nuages/http": ["type HttpRequest"],
  "nuages/urls": ["path"],
  zod: ["z"],
};

describe("docs/api.md and README.md", () => {
  const here = temporary_directory({});

  before(() => {
    const files: [name: string, text: string][] = [["app.ts", first_app?.code ?? ""]];
    for (const { file, line, code } of blocks) {
      const stage = { [`./stage-${file}-${line}.ts`]: ["api", "Book", "books", "NewBook"] };
      files.push([
        `${file}-${line}.ts`,
        `${with_imports(code, { ...LEFT_OUT, ...stage })}export {};\n`,
      ]);
      files.push([`stage-${file}-${line}.ts`, STAGE]);
    }
    make_project(here.root, Object.fromEntries(files));
  });

  it("has code that the compiler accepts", async () => {
    const { stdout, status } = await run(["-p", here.root], { cwd: here.root, script: COMPILER });
    expect(stdout).to.equal("");
    expect(status).to.equal(0);
  });

  for (const { file, line, code } of blocks) {
    if (code.includes("settings.configure(")) continue; // they have been
    it(`has code that runs, in the ${file === "api" ? "guide" : "README"} at line ${line}`, async () => {
      await import(pathToFileURL(here.path(`${file}-${line}.ts`)).href);
      const stage: unknown = await import(
        pathToFileURL(here.path(`stage-${file}-${line}.ts`)).href
      );
      const { api } = stage as { api: nuages_api.API }; // STAGE exports it
      expect(api.urls[0]).to.be.an("array");
      expect(api.openapi()).to.have.property("openapi", "3.1.1");
    });
  }

  it("begins with an app that answers", async () => {
    const app = here.path("port.ts");
    writeFileSync(app, (first_app?.code ?? "").replace("port: 8000", "port: 0"));
    const server = running([], { cwd: here.root, script: app });
    try {
      const [, url = ""] = /^Read (\S+)api\/docs\/$/.exec(await server.line(/^Read /)) ?? [];
      const found = await fetch(`${url}api/books/1/`);
      expect(await found.json()).to.deep.equal({ id: 1, title: "Emma" });
      const init = { method: "POST", headers: { "Content-Type": "application/json" } };
      const refused = await fetch(`${url}api/books/`, { ...init, body: '{"title": ""}' });
      expect(refused.status).to.equal(422);
      expect((await fetch(`${url}api/docs/`)).status).to.equal(200);
    } finally {
      await server.stop();
    }
  });
});
