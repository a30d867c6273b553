/** The index against the rule it must keep: patterns one after the other, the first match wins. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { i18n_patterns } from "nuages/conf/urls/i18n";
import { HttpResponse } from "nuages/http";
import {
  include,
  path,
  re_path,
  register_converter,
  ResolverMatch,
  type Tried,
  URLPattern,
  URLResolver,
} from "nuages/urls";
import { ValueError } from "nuages/core/exceptions";
import { get_resolver, RegexPattern } from "nuages/urls/resolvers";
import { override } from "nuages/utils/translation";

type Item = URLPattern | URLResolver;

/** A small generator with a seed (mulberry32), so that a failure can be repeated. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

class EvenConverter {
  regex = "[0-9]+";
  to_python(value: string): number {
    if (Number(value) % 2 === 1) throw new ValueError("odd");
    return Number(value);
  }
  to_url(value: number): string {
    return String(value);
  }
}
class DottedConverter extends EvenConverter {
  override regex = "[0-9]+(?:\\.[0-9]+){0,2}";
  override to_python(value: string): number {
    return value.split(".").length;
  }
}
class EdgeConverter extends EvenConverter {
  override regex = "[a-z]*(?!x)"; // depends on what follows: the index must not take it for a segment
  override to_python(value: string): number {
    return value.length;
  }
}
register_converter(EvenConverter, "spec_even");
register_converter(DottedConverter, "spec_dotted");
register_converter(EdgeConverter, "spec_edge");

interface Found {
  func: unknown;
  args: unknown[];
  kwargs: Record<string, unknown>;
  url_name: string | null;
  route: string;
  app_names: string[];
  namespaces: string[];
  captured_kwargs: Record<string, unknown>;
  extra_kwargs: Record<string, unknown>;
}

const join = (outer: string, inner: string): string =>
  outer === "" ? inner : outer + inner.replace(/^\^/, "");

/** What Django's documentation says a resolver does, and what it would find if it went on. */
function resolve_in_order(resolver: URLResolver, text: string): Found[] {
  const matched = resolver.pattern.match(text);
  if (matched === null) return [];
  const [rest, args, captured] = matched;
  return resolver.url_patterns.flatMap((item) => {
    const found =
      item instanceof URLPattern ? pattern_in_order(item, rest) : resolve_in_order(item, rest);
    return found.map((inner) => below(item, inner));
  });

  function below(item: Item, inner: Found): Found {
    const kwargs = { ...captured, ...resolver.default_kwargs, ...inner.kwargs };
    return {
      ...inner,
      args: Object.keys(kwargs).length === 0 ? [...args, ...inner.args] : inner.args,
      kwargs,
      route: join(item instanceof URLPattern ? "" : String(item.pattern), inner.route),
      app_names: [...(resolver.app_name === null ? [] : [resolver.app_name]), ...inner.app_names],
      namespaces: [
        ...(resolver.namespace === null ? [] : [resolver.namespace]),
        ...inner.namespaces,
      ],
      extra_kwargs: { ...resolver.default_kwargs, ...inner.extra_kwargs },
    };
  }
}

function pattern_in_order(item: URLPattern, rest: string): Found[] {
  const matched = item.pattern.match(rest);
  if (matched === null) return [];
  const [, args, captured] = matched;
  const found = {
    func: item.callback,
    args,
    kwargs: { ...captured, ...item.default_args },
    url_name: item.name,
    route: String(item.pattern),
    app_names: [],
    namespaces: [],
    captured_kwargs: { ...captured },
    extra_kwargs: { ...item.default_args },
  };
  return [found];
}

function found_by(match: ResolverMatch | undefined): Found | undefined {
  return (
    match && {
      func: match.func,
      args: match.args,
      kwargs: { ...match.kwargs },
      url_name: match.url_name,
      route: match.route ?? "",
      app_names: match.app_names,
      namespaces: match.namespaces,
      captured_kwargs: { ...match.captured_kwargs },
      extra_kwargs: { ...match.extra_kwargs },
    }
  );
}

const TEXTS = ["a", "b", "ab", "news", "12", "2", "v1", "é", "", "x-y", "a.b"];
const CONVERTERS = ["int", "str", "slug", "path", "uuid", "spec_even", "spec_dotted", "spec_edge"];
const PIECES = [
  "a",
  "ab",
  "\\d+",
  "(\\d+)",
  "(?P<g>\\w+)",
  "/",
  "[ab]",
  "(?:b/)?",
  "(a|b1)",
  "\\.",
];

class Generator {
  readonly #random: () => number;
  #names = 0;
  constructor(seed: number) {
    this.#random = random(seed);
  }
  below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }
  pick<T>(list: readonly [T, ...T[]] | readonly T[]): T {
    return list[this.below(list.length)] as T; // below the length
  }
  route(is_include: boolean): string {
    const segments = Array.from({ length: this.below(4) }, () => {
      const parameter = `<${this.pick(CONVERTERS)}:p${this.#names++ % 5}${this.below(2)}>`;
      switch (this.below(6)) {
        case 0:
        case 1:
          return parameter;
        case 2:
          return this.pick(["v", "no-", ""]) + parameter + this.pick([".json", ")", "", "-x"]);
        default:
          return this.pick(TEXTS);
      }
    });
    const used = new Set<string>();
    const route = segments
      .join("/")
      .replace(/<(\w+):(\w+)>/g, (whole, _converter, name: string) => {
        if (used.has(name)) return this.pick(TEXTS);
        used.add(name);
        return whole;
      });
    return route + (this.below(is_include ? 8 : 4) === 0 ? "" : "/");
  }
  regex(): string {
    let pieces = Array.from({ length: this.below(5) }, () => this.pick(PIECES));
    pieces = pieces.filter(
      (piece, index) => piece !== "(?P<g>\\w+)" || pieces.indexOf(piece) === index,
    );
    return (this.below(4) === 0 ? "" : "^") + pieces.join("") + (this.below(3) === 0 ? "" : "$");
  }
  kwargs(): { kwargs?: Record<string, unknown> } {
    return this.below(4) === 0
      ? { kwargs: { [`p${this.below(5)}0`]: this.below(3), k: this.below(9) } }
      : {};
  }
  item(depth: number): Item {
    const view = (): HttpResponse => new HttpResponse();
    const name = `n${this.#names++}`;
    if (depth > 0 && this.below(3) === 0) {
      const inner = this.items(depth - 1);
      const included =
        this.below(3) === 0 ? include([inner, `app${this.below(3)}`]) : include(inner);
      if (this.below(5) === 0)
        return re_path(
          `${this.pick(["^a/", "^(\\d+)/", "a", "^v(?P<w>\\d)"])}`,
          included,
          this.kwargs(),
        );
      return path(this.route(true), included, this.kwargs());
    }
    const options = { name, ...this.kwargs() };
    return this.below(4) === 0
      ? re_path(this.regex(), view, options)
      : path(this.route(false), view, options);
  }
  items(depth: number): Item[] {
    return Array.from({ length: this.below(7) }, () => this.item(depth));
  }
  path(): string {
    const uuid = "3f2b1c4d-9e8a-4b7c-8d6e-5f4a3b2c1d0e";
    const texts = [
      ...TEXTS,
      "v12.json",
      "no-a)",
      "1.2.3",
      "3",
      "x",
      "a\nb",
      uuid,
      "v2",
      "12-x",
      "b1",
    ];
    const segments = Array.from({ length: this.below(5) }, () => this.pick(texts));
    return `/${segments.join("/")}${this.below(3) === 0 ? "" : "/"}`;
  }
}

describe("urls: the index of a resolver", () => {
  for (let seed = 1; seed <= 25; seed += 1) {
    it(`finds what trying one pattern after the other finds (seed ${seed})`, () => {
      const generator = new Generator(seed);
      for (let round = 0; round < 12; round += 1) {
        const urlpatterns = generator.items(3);
        const resolver = new URLResolver(new RegexPattern("^/"), urlpatterns);
        const root = get_resolver({ urlpatterns });
        for (let n = 0; n < 60; n += 1) {
          const text = generator.path();
          const [expected] = resolve_in_order(resolver, text);
          expect(found_by(resolver._find(text)), text).to.deep.equal(expected);
          expect(found_by(root._find(text)), text).to.deep.equal(expected);
        }
      }
    });
  }

  it("D6: goes on to every later match, in order", () => {
    let several = 0;
    for (let seed = 101; seed <= 125; seed += 1) {
      const generator = new Generator(seed);
      for (let round = 0; round < 12; round += 1) {
        const urlpatterns = generator.items(3);
        const resolver = new URLResolver(new RegexPattern("^/"), urlpatterns);
        const root = get_resolver({ urlpatterns });
        for (let n = 0; n < 60; n += 1) {
          const text = generator.path();
          const expected = resolve_in_order(resolver, text);
          if (expected.length > 1) several += 1;
          expect(Array.from(resolver._find_all(text), found_by), text).to.deep.equal(expected);
          expect(Array.from(root._find_all(text), found_by), text).to.deep.equal(expected);
        }
      }
    }
    expect(several).to.be.greaterThan(200);
  });

  it("D6: goes on only when it is asked to, and finds the first again", () => {
    let asked = 0;
    class Counting extends EvenConverter {
      override to_python(value: string): number {
        asked += 1;
        return Number(value);
      }
    }
    register_converter(Counting, "spec_counting");
    const view = (): HttpResponse => new HttpResponse();
    const urlpatterns = [
      path("<spec_counting:a>/", view, { name: "one" }),
      path("", include([path("<spec_counting:b>/", view, { name: "two" })])),
      re_path(/^(?<c>\d+)\/$/, view, { name: "three" }),
    ];
    const resolver = get_resolver({ urlpatterns });
    resolver.resolve("/2/");
    asked = 0;
    const matches = resolver._find_all("/2/");
    const names: unknown[] = [];
    for (const { url_name, kwargs } of matches) {
      names.push([url_name, { ...kwargs }, asked]);
      if (names.length === 2) break;
    }
    expect(names).to.deep.equal([
      ["one", { a: 2 }, 1],
      ["two", { b: 2 }, 2],
    ]);
    expect(Array.from(resolver._find_all("/2/"), (match) => match.url_name)).to.deep.equal([
      "one",
      "two",
      "three",
    ]);
    expect([...resolver._find_all("2/")]).to.deep.equal([]);
  });

  it("D6: goes on in the patterns of the language, and in includes that hold themselves", () => {
    const view = (): HttpResponse => new HttpResponse();
    const translated = [path("a/", view, { name: "one" }), path("<str:s>/", view, { name: "two" })];
    const named = include([[path("<slug:t>/", view, { name: "three" })], "app"], {
      namespace: "here",
    });
    const urlpatterns = [...i18n_patterns(...translated, path("", named))];
    const resolver = get_resolver({ urlpatterns });
    const names = (text: string): string[] =>
      Array.from(resolver._find_all(text), (match) => match.view_name);
    expect(override("de", {}, () => names("/de/a/"))).to.deep.equal(["one", "two", "here:three"]);
    expect(override("fr", {}, () => names("/de/a/"))).to.deep.equal([]);
    const circular: Item[] = [path("leaf/", view), path("<str:s>/", view)];
    circular.push(path("<int:n>/", include(circular)));
    const found = Array.from(get_resolver({ urlpatterns: circular })._find_all("/1/2/leaf/"));
    expect(found.map(({ kwargs }) => ({ ...kwargs }))).to.deep.equal([
      { n: 2 },
      { n: 2, s: "leaf" },
    ]);
  });

  it("says which patterns were tried, up to the one that matched", () => {
    const view = (): HttpResponse => new HttpResponse();
    const inner = [path("x/", view), path("y/", view)];
    const included = path("a/", include(inner));
    const other = path("b/", include([path("z/", view)]));
    const last = path("a/<slug:s>/", view);
    const urlpatterns = [other, included, last, path("never/", view)];
    const resolver = get_resolver({ urlpatterns });
    const chains = (tried: Tried | null): string[] =>
      (tried ?? []).map((chain) => chain.map((item) => String(item.pattern)).join(" > "));
    expect(chains(resolver.resolve("/a/q/").tried)).to.deep.equal([
      "b/",
      "a/ > x/",
      "a/ > y/",
      "a/<slug:s>/",
    ]);
    expect(chains(resolver.resolve("/a/x/").tried)).to.deep.equal(["b/", "a/ > x/"]);
  });

  it("opens includes that hold themselves, only as deep as a path goes", () => {
    const view = (): HttpResponse => new HttpResponse();
    const urlpatterns: Item[] = [path("leaf/", view, { name: "leaf" })];
    urlpatterns.push(path("<int:n>/", include(urlpatterns)));
    const resolver = get_resolver({ urlpatterns });
    expect(resolver.resolve("/1/2/3/4/5/6/7/8/9/10/11/leaf/").kwargs).to.deep.equal({ n: 11 });
    expect(resolver._find("/1/2/3/leaf")).to.equal(undefined);
  });

  it("asks converters in the order of declaration, and no further than the match", () => {
    const asked: string[] = [];
    const view = (): HttpResponse => new HttpResponse();
    class Noted extends EvenConverter {
      override to_python(value: string): number {
        asked.push("noted");
        return Number(value);
      }
    }
    class Broken extends EvenConverter {
      override to_python(): number {
        throw new RangeError("not a ValueError");
      }
    }
    register_converter(Noted, "spec_noted");
    register_converter(Broken, "spec_broken");
    const resolver = get_resolver({
      urlpatterns: [path("<spec_noted:a>/b/", view), path("<spec_broken:a>/<str:b>/", view)],
    });
    expect(resolver.resolve("/1/b/").kwargs).to.deep.equal({ a: 1 });
    expect(asked).to.deep.equal(["noted"]);
    expect(() => resolver.resolve("/1/c/")).to.throw(RangeError, "not a ValueError");
  });
});
