/** What many endpoints cost the compiler: the reporter prints how long it takes. @module */
import { expect } from "chai";
import { before, describe, it } from "mocha";
import { COMPILER, make_project } from "../support/code_blocks.ts";
import { temporary_directory } from "../support/files.ts";
import { run } from "../support/program.ts";

const COUNT = 500;

/** A route, schemas of its own for the query, the body and two responses, and a handler that uses all of it. */
function endpoint_text(n: number): string {
  return `
const Item${n} = z.object({ id: z.int(), name${n}: z.string(), tags: z.array(z.string()).default([]) });
const Problem${n} = z.object({ reason${n}: z.string() });
api.post(
  "items${n}/<int:id>/<slug:slug${n}>/",
  {
    query: z.object({ page${n}: z.int().default(1), q: z.string().optional() }),
    body: z.object({ name${n}: z.string(), at: z.iso.datetime().optional() }),
    response: { 201: Item${n}, 409: Problem${n} },
  },
  (_request, { id, slug${n}, query, body }) =>
    query.page${n} > 1
      ? new Reply({ reason${n}: slug${n} }, { status: 409 })
      : { id, name${n}: body.name${n} },
);
`;
}

const HEAD = `import { API, Reply } from "nuages/api";
import { z } from "zod";
const api = new API();
`;

// A mistake must be found among so many, too.
const TAIL = `// @ts-expect-error -- the id is a number
api.get("last/<int:id>/", { response: Item0 }, (_request, { id }) => ({ id: "1", name0: String(id) }));
`;

describe("api: many endpoints", () => {
  const here = temporary_directory({});
  const endpoints = Array.from({ length: COUNT }, (_, n) => endpoint_text(n));

  before(() => make_project(here.root, { "api.ts": HEAD + endpoints.join("") + TAIL }));

  it(`${COUNT} with schemas of their own compile, and a mistake among them does not`, async () => {
    const { stdout, status } = await run(["-p", here.root], { cwd: here.root, script: COMPILER });
    expect(stdout).to.equal("");
    expect(status).to.equal(0);
  });
});
