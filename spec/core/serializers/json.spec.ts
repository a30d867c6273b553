/** Specification of nuages/core/serializers/json. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { ValueError } from "nuages/core/exceptions";
import { DjangoJSONEncoder, json_default } from "nuages/core/serializers/json";
import { lazy } from "nuages/utils/functional";

describe("core/serializers/json: DjangoJSONEncoder", () => {
  const written: [what: string, value: unknown, text: string][] = [
    ["a date without fraction", new Date("2026-01-02T03:04:05Z"), '"2026-01-02T03:04:05Z"'],
    [
      "a date with milliseconds",
      new Date("2026-01-02T03:04:05.060Z"),
      '"2026-01-02T03:04:05.060Z"',
    ],
    ["a URL, which has a toJSON()", new URL("http://a.example/é"), '"http://a.example/%C3%A9"'],
    [
      "what a toJSON() gives, when that has one too",
      { a: { b: new URL("http://b/") } },
      '{"a": {"b": "http://b/"}}',
    ],
  ];
  for (const [what, value, text] of written) {
    it(`writes ${what}`, () => {
      expect(new DjangoJSONEncoder().encode(value)).to.equal(text);
    });
  }
  it("writes lazy text when it is asked to, not before", () => {
    let language = "en";
    const text = lazy(() => language, String)();
    language = "de";
    expect(new DjangoJSONEncoder().encode([text])).to.equal('["de"]');
  });
  it("refuses an invalid date, bytes that have a toJSON(), and a toJSON that is no method", () => {
    const encoder = new DjangoJSONEncoder();
    expect(() => encoder.encode(new Date(Number.NaN))).to.throw(ValueError);
    expect(() => encoder.encode(Buffer.from("x"))).to.throw(TypeError);
    expect(() =>
      encoder.encode(
        new (class Odd {
          toJSON = 1;
        })(),
      ),
    ).to.throw(TypeError);
    expect(() => encoder.encode({ toJSON: () => 1 })).to.throw(TypeError);
  });
  it("lets the error of a toJSON() through", () => {
    class Broken {
      toJSON(): never {
        throw new RangeError("broken");
      }
    }
    expect(() => new DjangoJSONEncoder().encode({ a: new Broken() })).to.throw(
      RangeError,
      "broken",
    );
  });
  it("is extended by default()", () => {
    class Encoder extends DjangoJSONEncoder {
      override default(o: unknown): unknown {
        return o instanceof Set ? [...o] : super.default(o);
      }
    }
    const text = new Encoder({ separators: [",", ":"] }).encode({ a: new Set([new Date(0)]) });
    expect(text).to.equal('{"a":["1970-01-01T00:00:00Z"]}');
  });
});

describe("core/serializers/json: json_default", () => {
  const converted: [what: string, value: unknown, result: unknown][] = [
    ["a date without fraction", new Date("2026-01-02T03:04:05Z"), "2026-01-02T03:04:05Z"],
    ["a date with milliseconds", new Date(5), "1970-01-01T00:00:00.005Z"],
    ["lazy text", lazy(() => "later", String)(), "later"],
    ["what has a toJSON()", { toJSON: () => [new Date(0)] }, [new Date(0)]],
  ];
  for (const [what, value, result] of converted) {
    it(`K9: converts ${what}, by itself`, () => {
      expect(json_default(value)).to.deep.equal(result);
    });
  }
  const refused: [what: string, value: unknown, error: typeof ValueError | TypeErrorConstructor][] =
    [
      ["an invalid date", new Date(Number.NaN), ValueError],
      ["bytes, though they have a toJSON()", Buffer.from("x"), TypeError],
      ["a class without toJSON()", new (class Odd {})(), TypeError],
      ["a function", () => 1, TypeError],
    ];
  for (const [what, value, error] of refused) {
    it(`K9: refuses ${what}`, () => {
      expect(() => json_default(value)).to.throw(error);
    });
  }
});
