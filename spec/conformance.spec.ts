/**
 * Replays scripts that were recorded against Django, one test per case.
 *
 * `conformance/*.json` holds an area each: cases with a site (settings, URLconf, middleware, templates, files) and
 * steps. A step has one verb (`new`, `call`, `get`, `set`, `let`, `iterate`, `str`, `repr`, `same`, `response`, `now`)
 * and the outcome that Django gave: `returns` a value, compared deeply, `object` of a class, or `throws` an error of a
 * class. `_steps.ts` does the verbs, `_values.ts` makes the values that JSON cannot say, `_names.ts` translates members
 * of Python's types, `_site.ts` sets a case up, `_compare.ts` judges. Another directory of areas is replayed with
 * `NUAGES_CONFORMANCE=DIR`. @module
 */
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { after, before, describe, it } from "mocha";
import { read_areas, read_exclusions } from "./conformance/_areas.ts";
import { Difference, play_case } from "./conformance/_case.ts";
import { load, modules_needed } from "./conformance/_modules.ts";
import { enter_area } from "./conformance/_site.ts";
import type { Area } from "./conformance/_format.ts";

const OWN_DIRECTORY = fileURLToPath(new URL("./conformance", import.meta.url));
const directory = process.env["NUAGES_CONFORMANCE"] ?? OWN_DIRECTORY;
const exclusions = read_exclusions(OWN_DIRECTORY);

for (const area of read_areas(directory)) {
  describe(area.area, function () {
    this.timeout(20_000); // a password hash is slow on purpose
    let leave: () => void;
    before(async () => {
      await load(modules_needed(area.cases));
      leave = enter_area(area);
    });
    after(() => leave());

    for (const script of area.cases)
      if (!exclusions.has(script.id)) it(script.id, () => play_case(script));

    const excluded = excluded_from(area);
    if (excluded.length > 0) {
      it("differs from Django where not_in_javascript.json says so", async () => {
        for (const id of excluded) await expect_difference(area, id);
      });
    }
  });
}

/** The ids that are listed for an area; in another directory's recordings they need not all occur. */
function excluded_from(area: Area): string[] {
  const recorded = new Set(area.cases.map(({ id }) => id));
  return [...exclusions.keys()]
    .filter((id) => id.startsWith(`${area.area}/`))
    .filter((id) => directory === OWN_DIRECTORY || recorded.has(id));
}

async function expect_difference(area: Area, id: string): Promise<void> {
  const script = area.cases.find((one) => one.id === id);
  if (script === undefined) expect.fail(`${id} is not recorded: remove it from the list`);
  const result = await play_case(script).then(
    () => "it holds: remove it from the list",
    (error: unknown) => error,
  );
  expect(result, id).to.be.instanceOf(Difference);
}
