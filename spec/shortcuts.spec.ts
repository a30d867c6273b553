import { expect } from "chai";
import { expectTypeOf } from "expect-type";
import { describe, it } from "mocha";
import { MultipleObjectsReturned, ObjectDoesNotExist, ValueError } from "nuages/core/exceptions";
import { Http404, HttpResponse } from "nuages/http";
import {
  aget_list_or_404,
  aget_object_or_404,
  get_list_or_404,
  get_object_or_404,
  redirect,
  render,
  resolve_url,
} from "nuages/shortcuts";
import { Nunjucks } from "nuages/template";
import { override_settings } from "nuages/test/utils";
import { NoReverseMatch, path } from "nuages/urls";

interface City {
  id: number;
  name: string;
}

const cities: City[] = [
  { id: 1, name: "Ulm" },
  { id: 2, name: "Bonn" },
  { id: 3, name: "Bonn" },
];

/** A repository as a site may have one. */
class Cities {
  static DoesNotExist = class CityDoesNotExist extends ObjectDoesNotExist {};
  readonly model = { name: "City", DoesNotExist: Cities.DoesNotExist };

  get(lookups: Partial<City>): City {
    const [first, second] = this.filter(lookups);
    if (first === undefined) throw new Cities.DoesNotExist();
    if (second !== undefined) throw new MultipleObjectsReturned();
    return first;
  }
  async aget(lookups: Partial<City>): Promise<City> {
    return this.get(lookups);
  }
  filter(lookups: Partial<City>): City[] {
    return cities.filter((city) =>
      Object.entries(lookups).every(([key, value]) => Reflect.get(city, key) === value),
    );
  }
}

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe("shortcuts: get_object_or_404", () => {
  it("gives the object", () => {
    const city = get_object_or_404(new Cities(), { id: 1 });
    expectTypeOf(city).toEqualTypeOf<City>();
    expect(city.name).to.equal("Ulm");
  });

  it("throws Http404, naming what is missing, if there is none", () => {
    expect(() => get_object_or_404(new Cities(), { id: 9 })).to.throw(Http404, "City");
  });

  it("lets every other error pass", () => {
    expect(() => get_object_or_404(new Cities(), { name: "Bonn" })).to.throw(
      MultipleObjectsReturned,
    );
    class Other {
      readonly model = { DoesNotExist: class Own extends ObjectDoesNotExist {} };
      get(): City {
        throw new ObjectDoesNotExist("of another source");
      }
    }
    expect(() => get_object_or_404(new Other())).to.throw(ObjectDoesNotExist, "of another");
  });

  it("takes a model's default manager", () => {
    const model = { _default_manager: { all: () => new Cities() } };
    expect(get_object_or_404(model, { id: 2 }).name).to.equal("Bonn");
  });

  it("takes a Map; what it does not hold is missing", () => {
    const map = new Map([["a", 1]]);
    expect(get_object_or_404(map, "a")).to.equal(1);
    expect(() => get_object_or_404(map, "b")).to.throw(Http404);
  });

  it("sends who must wait to aget_object_or_404", () => {
    const source = { get: () => Promise.resolve(1) };
    expect(() => get_object_or_404(source)).to.throw(TypeError, "aget_object_or_404");
  });

  it("does not take what has no get", () => {
    const source = {} as Cities; // as JavaScript may call it
    expect(() => get_object_or_404(source, {})).to.throw(ValueError, "get()");
  });
});

describe("shortcuts: aget_object_or_404", () => {
  it("waits for the object", async () => {
    const city = await aget_object_or_404(new Cities(), { id: 1 });
    expectTypeOf(city).toEqualTypeOf<City>();
    expect(city.name).to.equal("Ulm");
    const map = { get: (id: number) => Promise.resolve(cities.find((item) => item.id === id)) };
    expect((await aget_object_or_404(map, 2)).name).to.equal("Bonn");
  });

  it("throws Http404 if there is none", async () => {
    expect(await rejection(aget_object_or_404(new Cities(), { id: 9 }))).to.be.an.instanceOf(
      Http404,
    );
    expect(await rejection(aget_object_or_404({ aget: async () => null }))).to.be.an.instanceOf(
      Http404,
    );
  });

  it("does not take what has neither aget nor get", async () => {
    expect(await rejection(aget_object_or_404({}))).to.be.an.instanceOf(ValueError);
  });
});

describe("shortcuts: get_list_or_404, aget_list_or_404", () => {
  it("give the objects", async () => {
    expect(get_list_or_404(new Cities(), { name: "Bonn" })).to.have.lengthOf(2);
    expect(await aget_list_or_404(new Cities(), { name: "Bonn" })).to.have.lengthOf(2);
    async function* rows(): AsyncGenerator<City> {
      yield* cities;
    }
    expect(await aget_list_or_404({ filter: rows })).to.deep.equal(cities);
  });

  it("throw Http404 if there is none", async () => {
    expect(() => get_list_or_404(new Cities(), { id: 9 })).to.throw(Http404);
    expect(await rejection(aget_list_or_404(new Cities(), { id: 9 }))).to.be.an.instanceOf(Http404);
  });

  it("do not take what has no filter", async () => {
    const source = {} as Cities; // as JavaScript may call it
    expect(() => get_list_or_404(source, {})).to.throw(ValueError, "filter()");
    expect(await rejection(aget_list_or_404(source, {}))).to.be.an.instanceOf(ValueError);
  });
});

describe("shortcuts: resolve_url, redirect", () => {
  const home = (): HttpResponse => new HttpResponse("home");
  const site = override_settings({
    ROOT_URLCONF: { urlpatterns: [path("home/", home, { name: "home" })] },
  });

  it("ask an object for its URL first", () => {
    const page = { get_absolute_url: () => "/pages/1/" };
    expect(resolve_url(page)).to.equal("/pages/1/");
    expect(redirect(page).url).to.equal("/pages/1/");
  });

  it("take a view", () => {
    site(() => {
      expect(resolve_url(home)).to.equal("/home/");
      expect(() => resolve_url(() => new HttpResponse("another"))).to.throw(NoReverseMatch);
    })();
  });

  const statuses: [permanent: boolean, preserve_request: boolean, status: number][] = [
    [false, false, 302],
    [true, false, 301],
    [false, true, 307],
    [true, true, 308],
  ];
  for (const [permanent, preserve_request, status] of statuses) {
    it(`answer ${status} with permanent ${permanent}, preserve_request ${preserve_request}`, () => {
      const response = site(() => redirect("/x/", { permanent, preserve_request }))();
      expect(response.status_code).to.equal(status);
    });
  }
});

describe("shortcuts: render", () => {
  const templates = { "a.html": "a {{ x }}" };
  const site = override_settings({ TEMPLATES: [{ BACKEND: Nunjucks, OPTIONS: { templates } }] });

  it("takes any object, or a Map, for the context, but no list", () => {
    site(() => {
      interface Values {
        x: number;
      }
      const values: Values = { x: 1 };
      expect(render(null, "a.html", values).content.toString()).to.equal("a 1");
      expect(render(null, "a.html", new Map([["x", 2]])).content.toString()).to.equal("a 2");
      expect(() => render(null, "a.html", ["x"])).to.throw(TypeError);
    })();
  });

  it("renders now, and without a request too", () => {
    site(() => {
      const context = { x: "<" };
      const response = render(null, ["none.html", "a.html"], context, {
        status: 201,
        content_type: "text/x",
      });
      expectTypeOf(response).toEqualTypeOf<HttpResponse>();
      expect(response.content.toString()).to.equal("a &lt;");
      expect(response.status_code).to.equal(201);
      expect(response.get("Content-Type")).to.equal("text/x");
      expect(context).to.deep.equal({ x: "<" });
    })();
  });
});
