import { expect } from "chai";
import { describe, it } from "mocha";
import { encode_json, to_plain, type TypeEncoder } from "nuages/api/encoders";
import { ValueError } from "nuages/core/exceptions";
import { DjangoJSONEncoder } from "nuages/core/serializers/json";
import { QueryDict } from "nuages/http";
import { lazystr } from "nuages/utils/functional";
import { mark_safe } from "nuages/utils/safestring";
import { gettext_lazy } from "nuages/utils/translation";

const bytes = new Uint8Array([0, 1, 254, 255]);

class Point {
  readonly x: number;
  readonly #secret = 1;
  constructor(x: number) {
    this.x = x;
  }
  get double(): number {
    return 2 * this.x * this.#secret;
  }
}

class Money {
  readonly amount: bigint;
  constructor(amount: bigint) {
    this.amount = amount;
  }
  toJSON(): unknown {
    return { amount: this.amount, at: new Date(0) };
  }
}

describe("api/encoders: encode_json", () => {
  const encoded: [row: string, what: string, value: unknown, json: string][] = [
    ["JSON", "is compact", { a: [1, "é", null, true], b: {} }, '{"a":[1,"é",null,true],"b":{}}'],
    ["JSON", "spells half characters out", "\ud800", '"\\ud800"'],
    ["JSON", "undefined is null, and no member", [undefined, { a: undefined }], "[null,{}]"],
    ["JSON", "undefined alone is null", undefined, "null"],
    ["J1", "a date without milliseconds", new Date(0), '"1970-01-01T00:00:00Z"'],
    ["J1", "a date with milliseconds", [new Date(7)], '["1970-01-01T00:00:00.007Z"]'],
    ["J1", "a date before 1970", new Date(-1000), '"1969-12-31T23:59:59Z"'],
    ["J2", "a bigint", { n: 2n ** 64n, m: -1n }, '{"n":"18446744073709551616","m":"-1"}'],
    [
      "J3",
      "a Map",
      new Map<unknown, unknown>([
        ["a", 1n],
        [2, new Map()],
        [true, null],
      ]),
      '{"2":{},"a":"1","true":null}',
    ],
    ["J3", "a Set", new Set([1, new Set(["a"]), new Date(0)]), '[1,["a"],"1970-01-01T00:00:00Z"]'],
    ["J3", "a QueryDict, by its last values", new QueryDict("a=1&a=2&b=3"), '{"a":"2","b":"3"}'],
    [
      "J4",
      "a URL",
      { url: new URL("https://example.com/ä") },
      '{"url":"https://example.com/%C3%A4"}',
    ],
    ["J4", "a safe string", [mark_safe("<b>")], '["<b>"]'],
    ["J4", "a lazy translation", { text: gettext_lazy("hello") }, '{"text":"hello"}'],
    ["J4", "a lazy text", [lazystr(12)], '["12"]'],
    ["J4", "a lazy text as a key", new Map([[lazystr("k"), 1]]), '{"k":1}'],
    ["J5", "a Uint8Array", { bytes }, '{"bytes":"AAH+/w=="}'],
    ["J5", "a Buffer, whatever its toJSON says", [Buffer.from("hi")], '["aGk="]'],
    ["J5", "an ArrayBuffer", [bytes.buffer], '["AAH+/w=="]'],
    ["J5", "a view of another type, by its bytes", new DataView(bytes.buffer, 1, 2), '"Af4="'],
    [
      "J6",
      "toJSON(), whose result is encoded",
      new Money(5n),
      '{"amount":"5","at":"1970-01-01T00:00:00Z"}',
    ],
    ["J6", "toJSON() of a plain object", { a: 1, toJSON: () => [2n] }, '["2"]'],
    ["J6", "toJSON() of a list", Object.assign([1], { toJSON: () => "list" }), '"list"'],
    ["J6", "toJSON() that is inherited", Object.create({ toJSON: () => 1 }), "1"],
    ["J7", "an instance: own enumerable properties", [new Point(2)], '[{"x":2}]'],
    [
      "J7",
      "an instance within which something is encoded",
      Object.assign(new Point(2), { at: new Date(0) }),
      '{"x":2,"at":"1970-01-01T00:00:00Z"}',
    ],
    [
      "J7",
      "boxed values",
      [Object(1), Object(false), Object(1n), Object("a")],
      '[1,false,"1","a"]',
    ],
    [
      "J8",
      "functions and symbols as members are left out",
      { a: () => 1, b: Symbol("s"), [Symbol("t")]: 1, c: 2 },
      '{"c":2}',
    ],
    ["J8", "functions in a Map are left out", new Map([["a", () => 1]]), "{}"],
    [
      "J9",
      "NaN and infinities",
      [Number.NaN, { a: Infinity, b: -Infinity }, -0],
      '[null,{"a":null,"b":null},0]',
    ],
  ];
  for (const [row, what, value, json] of encoded) {
    it(`${row}: ${what}`, () => {
      expect(encode_json(value, [])).to.equal(json);
    });
  }

  it("J1: writes dates as DjangoJSONEncoder does, and refuses an invalid one", () => {
    for (const time of [0, 1, 999, 1000, -1, 1e12, 253402300800000])
      expect(encode_json(new Date(time), [])).to.equal(
        new DjangoJSONEncoder().encode(new Date(time)),
      );
    expect(() => encode_json({ at: new Date(Number.NaN) }, [])).to.throw(ValueError, "Date");
  });

  it("J3: a key that is no text is refused", () => {
    for (const key of [{}, Symbol("s"), () => 1, undefined])
      expect(() => encode_json(new Map([[key, 1]]), [])).to.throw(TypeError, "Map");
  });

  const refused: [value: unknown, named: string][] = [
    [function here(): void {}, "Function is no data: here"],
    [Point, "Function is no data: Point"],
    [Symbol("s"), "Symbol(s)"],
    [[(): void => {}], "Function is no data"],
    [{ a: Promise.resolve(1) }, "Promise"],
  ];
  for (const [value, named] of refused) {
    it(`V9, J8: refuses ${named}`, () => {
      expect(() => encode_json(value, [])).to.throw(TypeError, named);
    });
  }

  it("leaves the data as it was", () => {
    const list = [1n, { at: new Date(0), deep: [new Map([["a", 1]])] }];
    const before = structuredClone(list);
    encode_json(list, []);
    expect(list).to.deep.equal(before);
  });

  it("T3: __proto__ is a name like any other", () => {
    const parsed: unknown = JSON.parse(
      '{"__proto__":{"admin":true},"constructor":{"prototype":1}}',
    );
    expect(encode_json(parsed, [])).to.equal(JSON.stringify(parsed));
    const big = Object.defineProperty({}, "__proto__", { value: 1n, enumerable: true });
    expect(encode_json(big, [])).to.equal('{"__proto__":"1"}');
    expect(encode_json(new Map([["__proto__", 1n]]), [])).to.equal('{"__proto__":"1"}');
    expect({}).to.not.have.property("admin");
  });

  const hostile = [
    "toString",
    "valueOf",
    "then",
    "toJSON",
    "length",
    "constructor",
    "hasOwnProperty",
  ];
  for (const name of hostile) {
    it(`T4: data with a member ${name} is data`, () => {
      for (const item of [1, "x", { a: 1 }, [1]]) {
        const data = [{ [name]: item }, { a: new Date(0), [name]: item }];
        const json = `[${JSON.stringify({ [name]: item })},{"a":"1970-01-01T00:00:00Z",${JSON.stringify({ [name]: item }).slice(1)}]`;
        expect(encode_json(data, [])).to.equal(json);
        const bare = Object.assign(Object.create(null) as object, { [name]: item, n: 1n });
        expect(encode_json(bare, [])).to.contain('"n":"1"');
        const circle: Record<string, unknown> = { [name]: item };
        circle.circle = circle;
        expect(() => encode_json(circle, [])).to.throw(TypeError, "contains itself");
      }
    });
  }

  it("T2: names what contains itself", () => {
    class Team {
      readonly members: unknown[] = [];
    }
    const team = new Team();
    team.members.push({ name: "Ada", team });
    expect(() => encode_json({ team }, [])).to.throw(
      TypeError,
      /team.members\[0\]|members\[0\].team|\[0\].team.members/,
    );
    const map = new Map<string, unknown>();
    map.set("me", map);
    expect(() => encode_json(map, [])).to.throw(TypeError, "an instance of Map is its own .me");
    const list: unknown[] = [];
    list.push(new Set([list]));
    expect(() => encode_json(list, [])).to.throw(TypeError, "contains itself");
  });

  it("T2: the same object twice is no circle", () => {
    const shared = { at: new Date(0) };
    let deep: unknown = [shared, shared];
    for (let level = 0; level < 100; level++) deep = [deep];
    expect(encode_json(deep, [])).to.contain(
      '[{"at":"1970-01-01T00:00:00Z"},{"at":"1970-01-01T00:00:00Z"}]',
    );
  });

  for (const [what, wrap] of [
    ["lists", (inner: unknown): unknown => [inner]],
    ["objects", (inner: unknown): unknown => ({ a: inner })],
    ["Maps", (inner: unknown): unknown => new Map([["a", inner]])],
    ["toJSON()", (inner: unknown): unknown => ({ toJSON: () => [inner] })],
  ] as const) {
    it(`T2: ${what} nested 100,000 deep are an error that says so`, () => {
      let deep: unknown = 1;
      for (let level = 0; level < 100_000; level++) deep = wrap(deep);
      expect(() => encode_json(deep, [])).to.throw(ValueError, "nested over 500 levels");
    });
  }

  it("T2: 500 levels are no error", () => {
    let deep: unknown = "x";
    for (let level = 0; level < 500; level++) deep = level % 2 === 0 ? [deep] : { a: deep };
    expect(encode_json(deep, [])).to.equal(JSON.stringify(deep));
  });

  it("T2: what becomes itself again and again is an error", () => {
    const again: TypeEncoder = [Point, (point: Point): unknown => new Point(point.x)];
    expect(() => encode_json(new Point(1), [again])).to.throw(ValueError, "nested");
    const same: TypeEncoder = [Point, (point: Point): unknown => point];
    expect(() => encode_json(new Point(1), [same])).to.throw(TypeError, "contains itself");
  });
});

describe("api/encoders: type encoders", () => {
  const point: TypeEncoder = [Point, ({ x }: Point): unknown => ({ x, at: new Date(0) })];

  it("J: the first whose class matches is used, and its result is encoded again", () => {
    expect(encode_json([new Point(1)], [point])).to.equal('[{"x":1,"at":"1970-01-01T00:00:00Z"}]');
    const other: TypeEncoder = [Point, (): unknown => "first"];
    expect(encode_json(new Point(1), [other, point])).to.equal('"first"');
  });

  it("J: goes before the built-in rules, for subclasses too", () => {
    class Later extends Date {}
    const date: TypeEncoder = [Date, (at: Date): unknown => at.getTime()];
    expect(encode_json({ a: new Date(5), b: new Later(6) }, [date])).to.equal('{"a":5,"b":6}');
    const list: TypeEncoder = [Array, (items: readonly unknown[]): unknown => items.length];
    expect(encode_json({ a: [1, 2] }, [list])).to.equal('{"a":2}');
  });

  it("J: one that gives undefined leaves a member out", () => {
    const none: TypeEncoder = [Point, (): unknown => undefined];
    expect(encode_json({ a: new Point(1), b: [new Point(1)] }, [none])).to.equal('{"b":[null]}');
  });

  it("J: what it is called with is checked by the compiler", () => {
    // @ts-expect-error -- a class has instances
    const wrong: TypeEncoder = [1, (): unknown => 1];
    expect(wrong).to.have.lengthOf(2);
  });
});

describe("api/encoders: to_plain", () => {
  it("gives back what needs no change", () => {
    const data = { a: [1, "x", null], b: { c: true }, d: Number.NaN };
    expect(to_plain(data, [], "json")).to.equal(data);
  });

  it("copies only what is changed", () => {
    const same = { a: 1 };
    const data = { same, at: new Date(0) };
    const plain = to_plain(data, [], "json") as typeof data;
    expect(plain).to.deep.equal({ same, at: "1970-01-01T00:00:00Z" });
    expect(plain.same).to.equal(same);
  });

  it("J1, J5: leaves dates and bytes to MessagePack", () => {
    const at = new Date(1);
    const plain = to_plain({ at, bytes, buffer: bytes.buffer, n: 1n }, [], "msgpack");
    expect(plain).to.deep.equal({
      at,
      bytes: Buffer.from(bytes),
      buffer: Buffer.from(bytes),
      n: "1",
    });
    expect(() => to_plain(new Date(Number.NaN), [], "msgpack")).to.throw(ValueError);
  });

  it("J8, J9: what JSON leaves out, MessagePack leaves out", () => {
    const plain = to_plain(
      { f: () => 1, n: Number.NaN, m: new Map([["a", Infinity]]) },
      [],
      "msgpack",
    );
    expect(plain).to.deep.equal({ f: undefined, n: null, m: { a: null } });
  });
});
