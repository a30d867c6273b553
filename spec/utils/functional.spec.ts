/** Specification of nuages/utils/functional. @module */
import { inspect } from "node:util";
import { expect } from "chai";
import { expectTypeOf } from "expect-type";
import { describe, it } from "mocha";
import { NotImplementedError } from "nuages/core/exceptions";
import {
  cached_property,
  is_lazy,
  keep_lazy,
  keep_lazy_text,
  lazy,
  LazyObject,
  lazystr,
  partition,
  SimpleLazyObject,
} from "nuages/utils/functional";

describe("utils/functional: cached_property", () => {
  class Page {
    runs = 0;

    @cached_property
    get size(): number {
      this.runs += 1;
      return this.runs;
    }
    set size(_value: number) {
      throw new Error("the decorator replaces this setter");
    }
  }
  class Subpage extends Page {}

  it("runs once for each object", () => {
    const [a, b] = [new Page(), new Subpage()];
    expect([a.size, a.size, a.runs]).to.deep.equal([1, 1, 1]);
    expect([b.size, b.runs]).to.deep.equal([1, 1]);
  });
  it("gives way to an assignment, before and after it ran", () => {
    const [a, b] = [new Page(), new Subpage()];
    a.size = 5;
    expect([a.size, a.runs]).to.deep.equal([5, 0]);
    expect(b.size).to.equal(1);
    b.size = 6;
    expect(b.size).to.equal(6);
  });
  it("runs again once what it kept is deleted", () => {
    const page = new Page();
    expect(page.size).to.equal(1);
    Reflect.deleteProperty(page, "size");
    expect(page.size).to.equal(2);
  });
  it("keeps what it gave where the object's own members are", () => {
    const page = new Page();
    expect(Object.hasOwn(page, "size")).to.equal(false);
    expect(page.size).to.equal(1);
    expect(Object.hasOwn(page, "size")).to.equal(true);
  });
});

describe("utils/functional: lazy", () => {
  it("runs at each use, not when it is called", () => {
    let runs = 0;
    const text = lazy((prefix: string) => `${prefix}${(runs += 1)}`, String)("n");
    expect(runs).to.equal(0);
    expect(String(text)).to.equal("n1");
    expect(`${text}`).to.equal("n2");
    expect(text + "!").to.equal("n3!");
  });
  it("passes for a text: methods, JSON, instanceof, printing", () => {
    const text = lazystr("it's");
    expect(text.valueOf()).to.equal("it's");
    expect((text as unknown as string).toUpperCase()).to.equal("IT'S");
    expect((text as unknown as string).length).to.equal(4);
    expect(JSON.stringify({ text })).to.equal(`{"text":"it's"}`);
    expect(text).to.be.instanceOf(String);
    expect(inspect(text)).to.equal(`"it's"`);
  });
  it("passes for a number", () => {
    const number = lazy(() => 5, Number)();
    expect(Number(number)).to.equal(5);
    expect((number as unknown as number) + 1).to.equal(6);
    expect(JSON.stringify([number])).to.equal("[5]");
  });
  it("passes for an object whose methods use private fields", () => {
    class Counter {
      #count = 1;
      get(): number {
        return this.#count;
      }
    }
    const counter = lazy(() => new Counter(), Counter)();
    expect(counter.get()).to.equal(1);
    expect(counter).to.be.instanceOf(Counter);
    expectTypeOf(counter).toEqualTypeOf<Counter>();
  });
  it("can be told from what it stands for", () => {
    expect(is_lazy(lazystr("a"))).to.equal(true);
    for (const value of ["a", new String("a"), null, undefined, {}, 5])
      expect(is_lazy(value)).to.equal(false);
  });
  it("stays lazy through a function that keeps it so", () => {
    const upper = keep_lazy_text((text: { toString(): string }) => String(text).toUpperCase());
    expect(upper("a")).to.equal("A");
    const later = upper(lazystr("b"));
    expect(is_lazy(later)).to.equal(true);
    expect(String(later)).to.equal("B");
    expect(() => keep_lazy()).to.throw(TypeError);
  });
});

describe("utils/functional: SimpleLazyObject", () => {
  class User {
    #name: string;
    age = 5;
    constructor(name: string) {
      this.#name = name;
    }
    get name(): string {
      return this.#name;
    }
    greet(): string {
      return `I am ${this.#name}`;
    }
  }

  it("makes its object at the first question, once", () => {
    let made = 0;
    const user = new SimpleLazyObject(() => {
      made += 1;
      return new User("Ada");
    });
    expect(made).to.equal(0);
    expect([user.name, user.greet(), made]).to.deep.equal(["Ada", "I am Ada", 1]);
    expectTypeOf(user).toEqualTypeOf<User>();
  });
  it("passes for its object", () => {
    const user = new SimpleLazyObject(() => new User("Ada"));
    expect(user).to.be.instanceOf(User);
    expect(user.constructor).to.equal(User);
    expect("age" in user).to.equal(true);
    expect("nope" in user).to.equal(false);
    expect(Object.keys(user)).to.deep.equal(["age"]);
    expect(JSON.stringify(user)).to.equal('{"age":5}');
  });
  it("changes its object", () => {
    const real = new User("Ada");
    const user = new SimpleLazyObject(() => real);
    user.age = 6;
    expect(real.age).to.equal(6);
    Reflect.deleteProperty(user, "age");
    expect(Object.keys(real)).to.deep.equal([]);
  });
  it("can be iterated and converted if its object can", () => {
    const list = new SimpleLazyObject(() => [3, 1, 2]);
    expect([...list]).to.deep.equal([3, 1, 2]);
    expect(list.length).to.equal(3);
    expect(String(new SimpleLazyObject(() => new Date(0)).getTime())).to.equal("0");
    expect(String(new SimpleLazyObject(() => ({ toString: () => "text" })))).to.equal("text");
  });
  it("prints what it wraps, without making it", () => {
    const make = (): { a: number } => ({ a: 1 });
    const lazy_object = new SimpleLazyObject(make);
    expect(inspect(lazy_object)).to.equal("<SimpleLazyObject: <function make>>");
    expect(lazy_object.a).to.equal(1);
    expect(inspect(lazy_object)).to.equal("<SimpleLazyObject: {'a': 1}>");
  });
  it("tries again after an error", () => {
    let tries = 0;
    const shy = new SimpleLazyObject(() => {
      if ((tries += 1) === 1) throw new RangeError("not yet");
      return { ok: true };
    });
    expect(() => shy.ok).to.throw(RangeError);
    expect(shy.ok).to.equal(true);
  });
});

describe("utils/functional: LazyObject", () => {
  it("leaves the making to a subclass", () => {
    class Settings extends LazyObject<{ DEBUG: boolean }> {
      override _setup(): void {
        this._wrapped = { DEBUG: true };
      }
    }
    const settings = new Settings() as Settings & { DEBUG: boolean };
    expect(settings.DEBUG).to.equal(true);
    settings.DEBUG = false;
    expect(settings._wrapped).to.deep.equal({ DEBUG: false });
    expect(() => Reflect.deleteProperty(settings, "_wrapped")).to.throw(TypeError);
  });
  it("says that a subclass forgot it", () => {
    class Forgetful extends LazyObject<{ a: number }> {}
    const forgetful = new Forgetful() as Forgetful & { a: number };
    expect(() => forgetful.a).to.throw(NotImplementedError);
  });
});

describe("utils/functional: partition", () => {
  it("gives those that do not match first", () => {
    expect(partition((n) => n > 2, [3, 1, 4, 2])).to.deep.equal([
      [1, 2],
      [3, 4],
    ]);
    expect(partition(Boolean, new Set([0, 1]))).to.deep.equal([[0], [1]]);
  });
});
