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
import { expect } from "chai";
import { after, before, describe, it } from "mocha";
import { read_areas, read_exclusions } from "./conformance/_areas.ts";
import { Difference, play_case } from "./conformance/_case.ts";
import { load, modules_needed } from "./conformance/_modules.ts";
import { enter_area } from "./conformance/_site.ts";
import type { Area, Case } from "./conformance/_format.ts";

const OWN_DIRECTORY = new URL("./conformance", import.meta.url).pathname;

const areas = read_areas(process.env["NUAGES_CONFORMANCE"] ?? OWN_DIRECTORY);
const exclusions = read_exclusions(OWN_DIRECTORY);

for (const area of areas) {
  describe(area.area, () => {
    const [impossible, possible] = partition(area);
    let leave: () => void;
    before(async () => {
      await load(modules_needed(area.cases));
      leave = enter_area(area);
    });
    after(() => leave());

    for (const script of possible) it(script.id, () => play_case(script));

    if (impossible.length > 0) {
      it("differs from Django only where not_in_javascript.json says so", async () => {
        for (const script of impossible) await expect_difference(script);
      });
    }
  });
}

/** The cases of an area that are listed as impossible, and the others. */
function partition(area: Area): [impossible: Case[], possible: Case[]] {
  const impossible = area.cases.filter(({ id }) => exclusions.has(id));
  return [impossible, area.cases.filter(({ id }) => !exclusions.has(id))];
}

async function expect_difference(script: Case): Promise<void> {
  const result = await play_case(script).then(
    () => "it holds: remove it from not_in_javascript.json",
    (error: unknown) => error,
  );
  expect(result, script.id).to.be.instanceOf(Difference);
}
