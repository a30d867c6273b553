/** Every name of Django's that we promise is where Django has it: `public_names.json` lists modules, names and members. */
import { readFileSync } from "node:fs";
import { expect } from "chai";
import { describe, it } from "mocha";

type Names = Record<string, Record<string, string[]>>;

const names = JSON.parse(
  readFileSync(new URL("./public_names.json", import.meta.url), "utf8"),
) as Names; // the file beside this one

/** Parts of Django that are not here yet. A module that appears must leave this list. */
const NOT_YET = new Set<string>();

/** What no class shows at run time: members of what a function gives, optional hooks, abstract methods; and Python's mixins. */
const ELSEWHERE = new Set([
  "test.override_settings.enable",
  "test.override_settings.disable",
  "utils/deprecation.MiddlewareMixin.process_request",
  "utils/deprecation.MiddlewareMixin.process_response",
  "http.HttpRequest.auser", // set by AuthenticationMiddleware
  "contrib/staticfiles/finders.BaseFinder.find",
  "template/backends/base.BaseEngine.from_string",
  "template/backends/base.BaseEngine.get_template",
  "test/client.ClientMixin", // part of Client
  "contrib/sessions/base_session.BaseSessionManager", // of the ORM
]);

function has_member(owner: unknown, member: string): boolean {
  const [first = "", rest] = member.split(".");
  const found = [owner, (owner as { prototype?: unknown }).prototype].find(
    (place) => place !== undefined && place !== null && first in Object(place),
  );
  if (rest === undefined) return found !== undefined;
  return found !== undefined && has_member((found as Record<string, unknown>)[first], rest);
}

async function load(module: string): Promise<Record<string, unknown> | undefined> {
  try {
    return (await import(`nuages/${module}`)) as Record<string, unknown>; // a module is its names
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (code === "ERR_MODULE_NOT_FOUND" || code === "ERR_PACKAGE_PATH_NOT_EXPORTED")
      return undefined;
    throw error;
  }
}

describe("public names", () => {
  for (const [module, members] of Object.entries(names)) {
    if (NOT_YET.has(module)) {
      it(`${module} is not here yet`, async () => {
        expect(await load(module)).to.equal(undefined);
      });
      continue;
    }
    it(`${module} has ${Object.keys(members).join(", ").slice(0, 80)}`, async () => {
      const exported = (await load(module)) ?? {};
      const missing = Object.entries(members).flatMap(([name, inner]) => {
        if (ELSEWHERE.has(`${module}.${name}`)) return [];
        if (!(name in exported)) return [name];
        return inner
          .filter((member) => !has_member(exported[name], member))
          .map((member) => `${name}.${member}`)
          .filter((member) => !ELSEWHERE.has(`${module}.${member}`));
      });
      expect(missing).to.deep.equal([]);
    });
  }
});
