/** Specification of nuages/http: QueryDict. @module */
import { inspect } from "node:util";
import { expect } from "chai";
import { expectTypeOf } from "expect-type";
import { afterEach, describe, it } from "mocha";
import { settings } from "nuages/conf";
import {
  AttributeError,
  KeyError,
  LookupError,
  TooManyFieldsSent,
  UnicodeEncodeError,
} from "nuages/core/exceptions";
import { bytes_to_text, QueryDict } from "nuages/http";
import { MultiValueDict, MultiValueDictKeyError } from "nuages/utils/datastructures";
import { cpu_time } from "../support/cpu_time.ts";

type Lists = [key: string, values: string[]][];

describe("http/querydict: parsing", () => {
  const parsed: [query: string, lists: Lists][] = [
    ["", []],
    [
      "a=1&a=2&b=3",
      [
        ["a", ["1", "2"]],
        ["b", ["3"]],
      ],
    ],
    ["a", [["a", [""]]]],
    ["=v", [["", ["v"]]]],
    ["&&&=&=", [["", ["", ""]]]],
    ["a=b=c", [["a", ["b=c"]]]],
    ["a+b=c+d", [["a b", ["c d"]]]],
    ["a%2Bb=c%26d%3D", [["a+b", ["c&d="]]]],
    ["a=1;b=2", [["a", ["1;b=2"]]]],
    ["a;b=2", [["a;b", ["2"]]]],
    ["%", [["%", [""]]]],
    ["%zz=1", [["%zz", ["1"]]]],
    ["a=%4", [["a", ["%4"]]]],
    ["a=%", [["a", ["%"]]]],
    ["a=%ff", [["a", ["\ufffd"]]]],
    ["a=%C0%AF", [["a", ["\ufffd\ufffd"]]]],
    ["a=%ED%A0%80", [["a", ["\ufffd\ufffd\ufffd"]]]],
    ["a=%00", [["a", ["\0"]]]],
    ["a=%E2%82%AC", [["a", ["€"]]]],
    ["é=ü%C3%A9", [["é", ["üé"]]]],
    [
      "a[b][]=1&a[0]=2",
      [
        ["a[b][]", ["1"]],
        ["a[0]", ["2"]],
      ],
    ],
    [
      "b=1&2=x&1=y",
      [
        ["b", ["1"]],
        ["2", ["x"]],
        ["1", ["y"]],
      ],
    ],
  ];
  for (const [query, lists] of parsed) {
    it(`reads ${JSON.stringify(query)}, as text and as bytes`, () => {
      expect([...new QueryDict(query).lists()]).to.deep.equal(lists);
      expect([...new QueryDict(Buffer.from(query)).lists()]).to.deep.equal(lists);
    });
  }

  it("reads the escapes of a text as it reads them in bytes, whatever they are", () => {
    const edges = [
      0x00, 0x41, 0x7f, 0x80, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xf5,
      0xf8, 0xff,
    ];
    const escapes = edges.map((byte) => `%${byte.toString(16).padStart(2, "0")}`);
    const tails = [
      "",
      "%80",
      "%9f%80",
      "%a0%bf%BF",
      "%8f%bf%bf",
      "%90%80%80",
      "%8",
      "%zz",
      "\u00e9",
      "a+b",
    ];
    for (const first of escapes) {
      for (const second of ["", ...escapes]) {
        for (const tail of tails) {
          const query = `a=${first}${second}${tail}`;
          expect(new QueryDict(query).get("a"), query).to.equal(
            new QueryDict(Buffer.from(query)).get("a"),
          );
        }
      }
    }
  });

  it("keeps half a surrogate pair that stands in the text, with escapes and without", () => {
    expect(new QueryDict("a=\ud800").get("a")).to.equal("\ud800");
    expect(new QueryDict("a=\ud800%41").get("a")).to.equal("\ud800A");
  });
  it("reads bytes that are no UTF-8 as Latin-1, all of them", () => {
    const bytes = Buffer.from([0x61, 0x3d, 0xff, 0x26, 0x62, 0x3d, 0xc3, 0xa9]); // a=\xff&b=\xc3\xa9
    expect(new QueryDict(bytes).dict()).to.deep.equal({ __proto__: null, a: "ÿ", b: "Ã©" });
  });
  it("does not read past the end of a view of a larger buffer", () => {
    const buffer = Buffer.from("a=%41xx%42&c=3");
    expect(new QueryDict(buffer.subarray(0, 4)).get("a")).to.equal("%4");
    expect(new QueryDict(new Uint8Array(buffer.buffer, buffer.byteOffset, 5)).get("a")).to.equal(
      "A",
    );
  });
  it("does not see what an earlier, longer query left behind", () => {
    expect(new QueryDict(`a=${"%41".repeat(50)}`).get("a")).to.equal("A".repeat(50));
    expect(new QueryDict("b=+%").get("b")).to.equal(" %");
  });
  it("does not change the bytes it is given", () => {
    const bytes = Buffer.from("a=%41+b");
    expect(new QueryDict(bytes).get("a")).to.equal("A b");
    expect(bytes.toString()).to.equal("a=%41+b");
  });
  it("reads a body larger than its buffer", () => {
    const long = "x%20y+é".repeat(20_000);
    const q = new QueryDict(Buffer.from(`a=${long}&b=1`));
    expect(q.get("a")).to.equal("x y é".repeat(20_000));
    expect(q.get("b")).to.equal("1");
  });
  it("takes names of Object's own members for what they are", () => {
    const q = new QueryDict("__proto__=x&constructor=y&hasOwnProperty=1&a[__proto__][x]=1");
    expect([...q]).to.deep.equal(["__proto__", "constructor", "hasOwnProperty", "a[__proto__][x]"]);
    expect(q.get("hasOwnProperty")).to.equal("1");
    expect(Object.keys(q.dict())).to.include("__proto__");
    expect(({} as { x?: unknown }).x).to.equal(undefined);
  });
  it("refuses an unknown charset once something is to be decoded", () => {
    expect(() => new QueryDict("a=%41", { encoding: "no-such" })).to.throw(LookupError);
    expect(() => new QueryDict(Buffer.from("a=1"), { encoding: "no-such" })).to.throw(LookupError);
    expect(new QueryDict("a=1", { encoding: "no-such" }).get("a")).to.equal("1");
  });
});

describe("http/querydict: limits", () => {
  afterEach(() => {
    Reflect.deleteProperty(settings, "DATA_UPLOAD_MAX_NUMBER_FIELDS");
    Reflect.deleteProperty(settings, "DEFAULT_CHARSET");
  });

  it("allows DATA_UPLOAD_MAX_NUMBER_FIELDS fields, and no more", () => {
    expect(new QueryDict("a=1&".repeat(999)).getlist("a").length).to.equal(999);
    expect(() => new QueryDict("a=1&".repeat(1000))).to.throw(TooManyFieldsSent);
    expect(() => new QueryDict(Buffer.from("a=1&".repeat(1000)))).to.throw(TooManyFieldsSent);
  });
  it("counts empty fields", () => {
    expect(() => new QueryDict("&".repeat(1000))).to.throw(TooManyFieldsSent);
    expect(() => new QueryDict("&".repeat(1000), { encoding: "koi8-r" })).to.throw(
      TooManyFieldsSent,
    );
  });
  it("names the limit in the error", () => {
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 2;
    expect(() => new QueryDict("a&b&c")).to.throw(
      /3 fields.*2 are allowed.*DATA_UPLOAD_MAX_NUMBER_FIELDS/,
    );
  });
  it("follows the setting when it changes; null is no limit", () => {
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 1;
    expect(() => new QueryDict("a&b")).to.throw(TooManyFieldsSent);
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = null;
    expect(new QueryDict("a&".repeat(5000)).getlist("a").length).to.equal(5000);
  });
  it("takes its charset from DEFAULT_CHARSET", () => {
    settings.DEFAULT_CHARSET = "koi8-r";
    expect(new QueryDict("a=%C1").get("a")).to.equal("а");
    expect(new QueryDict("", { encoding: "" }).encoding).to.equal("koi8-r");
  });

  it("takes a thousand keys made to collide in a hash table", () => {
    // numbers as text are hashed by their value: multiples of a power of two share a bucket
    const keys = Array.from({ length: 1000 }, (_, index) => String((index + 1) * 8192));
    const query = Buffer.from(keys.join("&"));
    expect(new QueryDict(query).size).to.equal(1000);
    expect(cpu_time(() => new QueryDict(query))).to.be.below(20);
  });

  const slow: [attack: string, query: string][] = [
    ["10,000 nested brackets", `a${"[b]".repeat(10_000)}=1`],
    ["100,000 commas", `a=${"1,".repeat(100_000)}`],
    ["100,000 broken escapes", `a=${"%".repeat(100_000)}`],
    ["100,000 plus signs", `a=${"+".repeat(100_000)}`],
    ["30,000 bytes that are no text", `a=${"%ff".repeat(30_000)}`],
  ];
  for (const [attack, query] of slow) {
    it(`reads ${attack} as one field, in linear time`, () => {
      const bytes = Buffer.from(query);
      expect(cpu_time(() => new QueryDict(bytes))).to.be.below(100);
      expect(new QueryDict(bytes).size).to.equal(1);
    });
  }
});

describe("http/querydict: a QueryDict that cannot be changed", () => {
  const q = new QueryDict("a=1");
  const changes: [name: string, change: (q: QueryDict) => unknown][] = [
    ["set", (d) => d.set("a", "2")],
    ["delete", (d) => d.delete("a")],
    ["setlist", (d) => d.setlist("a", ["2"])],
    ["setlistdefault", (d) => d.setlistdefault("b", ["2"])],
    ["appendlist", (d) => d.appendlist("a", "2")],
    ["pop", (d) => d.pop("a")],
    ["popitem", (d) => d.popitem()],
    ["clear", (d) => d.clear()],
    ["setdefault", (d) => d.setdefault("b", "2")],
    ["update", (d) => d.update({ a: "2" })],
  ];
  for (const [name, change] of changes) {
    it(`refuses ${name}, and a copy allows it`, () => {
      expect(() => change(q)).to.throw(AttributeError);
      expect(q.urlencode()).to.equal("a=1");
      expect(() => change(q.copy())).not.to.throw();
    });
  }
});

describe("http/querydict: a QueryDict that can be changed", () => {
  it("decodes bytes, keeps a list as one value, and other values as they are", () => {
    const q = new QueryDict("", { mutable: true, encoding: "latin-1" });
    q.set(Buffer.from([0xe9]), Buffer.from([0xfc]));
    q.set("l", ["1", "2"]);
    q.set("n", 3);
    expect([...q.lists()]).to.deep.equal([
      ["é", ["ü"]],
      ["l", [["1", "2"]]],
      ["n", [3]],
    ]);
    expect(q.urlencode()).to.equal("%E9=%FC&l=%5B%271%27%2C+%272%27%5D&n=3");
  });
  it("copies the list it is given", () => {
    const q = new QueryDict("", { mutable: true });
    const list = ["1"];
    q.setlist("a", list);
    list.push("2");
    expect(q.getlist("a")).to.deep.equal(["1"]);
    q.setlistdefault("a").push("3");
    expect(q.getlist("a")).to.deep.equal(["1", "3"]);
  });
  it("throws KeyError for what is not there", () => {
    const q = new QueryDict("", { mutable: true });
    expect(() => q.delete("a")).to.throw(KeyError, "'a'");
    expect(() => q.pop("a")).to.throw(KeyError);
    expect(() => q.popitem()).to.throw(KeyError);
    expect(q.pop("a", undefined)).to.equal(undefined);
    expect(() => q.getitem("a")).to.throw(MultiValueDictKeyError, "'a'");
  });
  it("copies deeply", () => {
    const q = new QueryDict("", { mutable: true, encoding: "koi8-r" });
    const value = { deep: [1] };
    q.set("a", value);
    const copy = q.copy();
    value.deep.push(2);
    expect(copy.getlist("a")).to.deep.equal([{ deep: [1] }]);
    expect(copy.encoding).to.equal("koi8-r");
  });
  it("copies a subclass as that subclass", () => {
    class Filters extends QueryDict {}
    expect(new Filters("a=1").copy()).to.be.instanceOf(Filters);
    expect(Filters.fromkeys(["a"])).to.be.instanceOf(Filters);
  });
});

describe("http/querydict: writing", () => {
  it("escapes everything but unreserved characters; a space is +", () => {
    const q = new QueryDict("", { mutable: true });
    q.set("next", "/a&b/ ~*é");
    expect(q.urlencode()).to.equal("next=%2Fa%26b%2F+~%2A%C3%A9");
    expect(q.urlencode({ safe: "/" })).to.equal("next=/a%26b/%20~%2A%C3%A9");
    expect(q.urlencode({ safe: "" })).to.equal(q.urlencode());
    expect(q.urlencode({ safe: null })).to.equal(q.urlencode());
  });
  it("refuses text that its charset does not have, and lone surrogates", () => {
    expect(() => new QueryDict("a=€", { encoding: "latin-1" }).urlencode()).to.throw(
      UnicodeEncodeError,
    );
    expect(() => new QueryDict("a=\ud800").urlencode()).to.throw(UnicodeEncodeError);
  });
  it("prints Django's repr, and its last values as JSON", () => {
    const q = new QueryDict("a=1&a=2&b=it's");
    expect(inspect(q)).to.equal("<QueryDict: {'a': ['1', '2'], 'b': [\"it's\"]}>");
    expect(String(q)).to.equal(inspect(q));
    expect(JSON.stringify(q)).to.equal(`{"a":"2","b":"it's"}`);
  });
  it("makes keys of a list, which repeat if they do there", () => {
    const q = QueryDict.fromkeys(["a", "b", "a"], { value: "v" });
    expect(q.urlencode()).to.equal("a=v&a=v&b=v");
    expect(() => q.set("c", "1")).to.throw(AttributeError);
    expect(QueryDict.fromkeys(["a"]).get("a")).to.equal("");
    expect(QueryDict.fromkeys(["a"], { mutable: true }).setdefault("b", "1")).to.equal("1");
  });
});

describe("http/querydict: equality and types", () => {
  it("is equal when its lists are, whatever else differs", () => {
    const q = new QueryDict("a=1&b=2");
    expect(q.equals(new QueryDict("b=2&a=1", { mutable: true, encoding: "latin-1" }))).to.equal(
      true,
    );
    expect(q.equals(new MultiValueDict({ a: ["1"], b: ["2"] }))).to.equal(true);
    expect(q.equals(new QueryDict("a=1"))).to.equal(false);
    expect(new QueryDict("a=1")).to.deep.equal(new QueryDict("a=1", { mutable: true }));
    expect(new QueryDict("a=1")).to.not.deep.equal(new QueryDict("a=2"));
  });
  it("has texts for values", () => {
    const q = new QueryDict("a=1");
    expectTypeOf(q.getitem("a")).toEqualTypeOf<string>();
    expectTypeOf(q.get("a")).toEqualTypeOf<string | undefined>();
    expectTypeOf(q.get("a", null)).toEqualTypeOf<string | null>();
    expectTypeOf(q.get("a", "")).toEqualTypeOf<string>();
    expectTypeOf(q.getlist("a")).toEqualTypeOf<string[]>();
    expectTypeOf(q.dict()).toEqualTypeOf<Record<string, string>>();
  });
  it("decodes bytes with replacement, and nothing else", () => {
    expect(bytes_to_text(Buffer.from([0x61, 0xff]), "utf-8")).to.equal("a\ufffd");
    expect(bytes_to_text(5, "utf-8")).to.equal(5);
    expectTypeOf(bytes_to_text(Buffer.from("a"), "utf-8")).toEqualTypeOf<string>();
  });
});
