/** The matcher of routes made of runs, against the regular expression of the same route. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { RoutePattern } from "nuages/urls/resolvers";
import { PythonPattern } from "nuages/utils/regex_helper";

const ROUTES = [
  "<str:a>-<str:b>/",
  "<str:a><int:b>/",
  "<int:a><str:b>/",
  "<path:a>/<int:b>/",
  "<path:a>/x/<path:b>",
  "x<slug:a>-<slug:b>-<slug:c>/",
  "<str:a>.<str:b>",
  "<path:a><path:b>",
  "v<int:a>.<int:b>",
  "<slug:a><path:b>/<slug:c>",
  "<str:a>/<path:b>/<int:c>-<slug:d>/",
  "<int:a>a<int:b>a<int:c>",
];

const LETTERS: Record<string, string> = {
  int: "12",
  slug: "a1-_x",
  str: "a1-.é😀\n",
  path: "a1-/.x\n",
};

/** Texts near to what the route matches: its parameters filled, and now and then a character changed or cut off. */
function* texts(route: string, count: number): Generator<string> {
  let state = 12345;
  const below = (limit: number): number => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state >> 12) % limit;
  };
  const word = (letters: readonly string[]): string =>
    Array.from({ length: 1 + below(4) }, () => letters[below(letters.length)]).join("");
  for (let n = 0; n < count; n += 1) {
    const text = route.replace(/<(\w+):\w>/g, (_whole, name: string) =>
      word(Array.from(LETTERS[name] ?? "")),
    );
    const at = below(text.length + 1);
    yield (
      [text, text, text.slice(0, at), text.slice(0, at) + word(["/", "a", "1"]) + text.slice(at)][
        below(4)
      ] ?? ""
    );
  }
}

describe("urls: routes of runs", () => {
  for (const route of ROUTES) {
    for (const is_endpoint of [true, false]) {
      it(`matches as the expression does: ${route}${is_endpoint ? "" : " (include)"}`, () => {
        const pattern = new RoutePattern(route, { is_endpoint });
        const expression = new PythonPattern(pattern._source);
        let matches = 0;
        for (const text of texts(route, 1000)) {
          const found = expression.search(text);
          const numbered = Object.entries(pattern.match(text)?.[2] ?? {}).map(([, value]) => value);
          const expected = found?.groups.map((group, index) =>
            Object.values(pattern.converters)[index]?.to_python(group ?? ""),
          );
          expect(numbered, text).to.deep.equal(expected ?? []);
          if (found === undefined) continue;
          matches += 1;
          expect(pattern.match(text)?.[0], text).to.equal(text.slice(found.end));
        }
        expect(matches).to.be.greaterThan(0);
      });
    }
  }

  const hopeless: [route: string, path: string][] = [
    ["<str:a>-<str:b>-<str:c>-<str:d>/", "-".repeat(16_000)],
    ["<str:a>-<str:b>-<str:c>-<str:d>/", `${"-".repeat(16_000)}//`],
    ["<slug:a>-<slug:b>-<slug:c>-<slug:d>/", `${"a-".repeat(8_000)}./`],
    ["<slug:a><path:b>x<slug:c>/", `${"a".repeat(16_000)}/`],
    ["<path:a>/<path:b>/<path:c>/<int:d>/", `${"a/".repeat(8_000)}`],
    ["<slug:a>-<slug:b>-<slug:c>-<int:d>", `${"a-".repeat(8_000)}`],
  ];
  for (const [route, path] of hopeless) {
    it(`refuses a path of ${path.length} characters without long backtracking: ${route}`, function () {
      this.timeout(1000); // backtracking would take hours
      expect(new RoutePattern(route, { is_endpoint: true }).match(path)).to.equal(null);
      expect(new RoutePattern(`${route}!`).match(path)).to.equal(null);
    });
  }
});
