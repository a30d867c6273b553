/** Specification of nuages/utils/datastructures. @module */
import { inspect } from "node:util";
import { expect } from "chai";
import { expectTypeOf } from "expect-type";
import { describe, it } from "mocha";
import { AttributeError, IndexError, KeyError, ValueError } from "nuages/core/exceptions";
import {
  CaseInsensitiveMapping,
  DictWrapper,
  ImmutableList,
  MultiValueDict,
  MultiValueDictKeyError,
  OrderedSet,
} from "nuages/utils/datastructures";

describe("utils/datastructures: MultiValueDict", () => {
  const make = (): MultiValueDict<string> =>
    new MultiValueDict({ name: ["Ada", "Grace"], job: ["author"] });

  const sources: [name: string, source: ConstructorParameters<typeof MultiValueDict<number>>[0]][] =
    [
      ["an object", { a: [1, 2] }],
      ["an object without a prototype", Object.assign(Object.create(null), { a: [1, 2] })],
      ["a Map", new Map([["a", [1, 2]]])],
      ["pairs", [["a", [1, 2]]]],
      ["another one", new MultiValueDict({ a: [1, 2] })],
    ];
  for (const [name, source] of sources) {
    it(`is made of ${name}`, () => {
      expect([...new MultiValueDict(source).lists()]).to.deep.equal([["a", [1, 2]]]);
    });
  }
  it("refuses what is no mapping", () => {
    expect(() => new MultiValueDict(5 as never)).to.throw(TypeError, "5");
  });
  it("keeps the lists it is given, and gives copies of them", () => {
    const list = ["1"];
    const d = new MultiValueDict({ a: list });
    d.getlist("a").push("x");
    expect(list).to.deep.equal(["1"]);
    d.appendlist("a", "2");
    expect(list).to.deep.equal(["1", "2"]);
  });
  it("gives the last value; of an empty list [] or the default", () => {
    const d = new MultiValueDict<string>({ a: ["1", "2"], e: [] });
    expect(d.getitem("a")).to.equal("2");
    expect(d.getitem("e")).to.deep.equal([]);
    expect(d.get("e", "x")).to.equal("x");
    expect(d.get("nope")).to.equal(undefined);
    expect(d.has("e")).to.equal(true);
  });
  it("names the missing key in the error", () => {
    expect(() => make().getitem("it's")).to.throw(MultiValueDictKeyError, `"it's"`);
    expect(new MultiValueDictKeyError("'a'")).to.be.instanceOf(KeyError);
  });
  it("tells a default of undefined from none", () => {
    expect(() => make().pop("nope")).to.throw(KeyError);
    expect(make().pop("nope", undefined)).to.equal(undefined);
  });
  it("updates itself with itself", () => {
    const d = make();
    d.update(d);
    expect(d.getlist("job")).to.deep.equal(["author", "author"]);
  });
  it("appends keywords after the mapping", () => {
    const d = make();
    d.update({ job: "poet" }, { job: "singer" });
    expect(d.getlist("job")).to.deep.equal(["author", "poet", "singer"]);
    expect(() => d.update(5 as never)).to.throw(TypeError);
  });
  it("copies the lists but not the values", () => {
    const value = { n: 1 };
    const d = new MultiValueDict({ a: [value] });
    const copy = d.copy();
    copy.appendlist("a", { n: 2 });
    expect(d.getlist("a")).to.deep.equal([value]);
    expect(copy.getitem("a").n).to.equal(2);
    expect(copy.getlist("a")[0]).to.equal(value);
  });
  it("copies a subclass as that subclass", () => {
    class Files extends MultiValueDict<string> {}
    expect(new Files({ a: ["1"] }).copy()).to.be.instanceOf(Files);
  });
  it("is equal to another one with the same lists", () => {
    expect(make().equals(new MultiValueDict({ job: ["author"], name: ["Ada", "Grace"] }))).to.equal(
      true,
    );
    expect(make().equals({ job: ["author"] })).to.equal(false);
    expect(make()).to.deep.equal(make());
    expect(make()).to.not.deep.equal(new MultiValueDict({ name: ["Ada"], job: ["author"] }));
  });
  it("prints its lists, and writes its last values as JSON", () => {
    expect(inspect(make())).to.equal(
      "<MultiValueDict: {'name': ['Ada', 'Grace'], 'job': ['author']}>",
    );
    expect(JSON.stringify(make())).to.equal('{"name":"Grace","job":"author"}');
  });
  it("passes the type of its values on", () => {
    const d = new MultiValueDict({ a: [1] });
    expectTypeOf(d).toEqualTypeOf<MultiValueDict<number>>();
    expectTypeOf(d.get("a", "x")).toEqualTypeOf<string | number>();
    expectTypeOf(d.getlist("a", null)).toEqualTypeOf<number[]>();
    expectTypeOf(d.pop("a", false)).toEqualTypeOf<number[] | boolean>();
  });
});

describe("utils/datastructures: CaseInsensitiveMapping", () => {
  const mapping = new CaseInsensitiveMapping({ Accept: "json", "X-Y": "1" });

  it("finds a key in any case and keeps the case it came in", () => {
    expect(mapping.getitem("ACCEPT")).to.equal("json");
    expect([...mapping]).to.deep.equal(["Accept", "X-Y"]);
    expect(inspect(mapping)).to.equal("{'Accept': 'json', 'X-Y': '1'}");
  });
  it("throws KeyError for a missing key", () => {
    expect(() => mapping.getitem("nope")).to.throw(KeyError, "'nope'");
    expect(mapping.get("nope")).to.equal(undefined);
  });
  const equal: [other: unknown, same: boolean][] = [
    [{ accept: "json", "x-y": "1" }, true],
    [
      new Map([
        ["ACCEPT", "json"],
        ["x-Y", "1"],
      ]),
      true,
    ],
    [
      new CaseInsensitiveMapping([
        ["aCCEPT", "json"],
        ["X-y", "1"],
      ]),
      true,
    ],
    [{ accept: "JSON", "x-y": "1" }, false],
    [{ accept: "json" }, false],
    [
      [
        ["accept", "json"],
        ["x-y", "1"],
      ],
      false,
    ],
    [null, false],
  ];
  for (const [other, same] of equal) {
    it(`is ${same ? "" : "not "}equal to ${inspect(other)}`, () => {
      expect(mapping.equals(other)).to.equal(same);
    });
  }
  it("says which element is no pair", () => {
    expect(() => new CaseInsensitiveMapping([["a", 1], ["b"]] as never)).to.throw(
      ValueError,
      "Element 1",
    );
    expect(() => new CaseInsensitiveMapping([[1, "x"]] as never)).to.throw(ValueError, "element 0");
    expect(() => new CaseInsensitiveMapping([5] as never)).to.throw(TypeError, "Element 0");
    expect(() => new CaseInsensitiveMapping(new Map([[1, 2]]) as never)).to.throw(AttributeError);
  });
});

describe("utils/datastructures: ImmutableList", () => {
  const list = new ImmutableList(["b", "a"], { warning: "hands off" });

  it("is an array: it has a length, indexes, and gives plain arrays", () => {
    expect(Array.isArray(list)).to.equal(true);
    expect(list[1]).to.equal("a");
    expect(list.map((item) => item.toUpperCase())).to.deep.equal(["B", "A"]);
    expect(list.map((item) => item)).to.not.be.instanceOf(ImmutableList);
    expect(new ImmutableList([5]).length).to.equal(1);
    expectTypeOf(list.getitem(0)).toEqualTypeOf<string>();
  });
  for (const name of [
    "push",
    "pop",
    "shift",
    "unshift",
    "splice",
    "sort",
    "reverse",
    "fill",
    "append",
    "insert",
  ]) {
    it(`refuses ${name}() with its warning`, () => {
      const method = Reflect.get(list, name) as (...args: unknown[]) => unknown;
      expect(() => method.call(list, "z")).to.throw(AttributeError, "hands off");
      expect([...list]).to.deep.equal(["b", "a"]);
    });
  }
  it("refuses assignments", () => {
    expect(() => {
      list[0] = "z";
    }).to.throw(TypeError);
    expect(() => {
      list.length = 0;
    }).to.throw(TypeError);
  });
  it("counts from the end too, and says when there is no such item", () => {
    expect(list.getitem(-1)).to.equal("a");
    expect(() => list.getitem(2)).to.throw(IndexError);
    expect(() => list.getitem(-3)).to.throw(IndexError);
  });
  it("prints as a tuple", () => {
    expect(inspect(list)).to.equal("('b', 'a')");
    expect(inspect(new ImmutableList(["a"]))).to.equal("('a',)");
  });
});

describe("utils/datastructures: OrderedSet and DictWrapper", () => {
  it("iterates both ways", () => {
    const set = new OrderedSet(["b", "a", "b"]);
    expect([...set.reversed()]).to.deep.equal(["a", "b"]);
    expect(() => set.remove("z")).to.throw(KeyError, "'z'");
    expect(inspect(new OrderedSet())).to.equal("OrderedSet()");
  });
  it("passes a value through the function if the key has the prefix", () => {
    const wrapper = new DictWrapper(new Map([["a", 2]]), (n) => n * 2, "*");
    expect(wrapper.getitem("a")).to.equal(2);
    expect(wrapper.getitem("*a")).to.equal(4);
    expect(wrapper.has("*a")).to.equal(false);
    expect([...wrapper]).to.deep.equal(["a"]);
    expect(() => wrapper.getitem("*b")).to.throw(KeyError, "'b'");
    expect(inspect(wrapper)).to.equal("{'a': 2}");
  });
});
