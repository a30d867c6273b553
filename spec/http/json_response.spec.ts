import { expect } from "chai";
import { describe, it } from "mocha";
import { ValueError } from "nuages/core/exceptions";
import { DjangoJSONEncoder } from "nuages/core/serializers/json";
import { JsonResponse, QueryDict } from "nuages/http";

describe("http/response: JsonResponse", () => {
  const refused: [name: string, data: unknown][] = [
    ["a list", [1]],
    ["null", null],
    ["text", "a"],
    ["a number", 1],
    ["an instance of a class", new (class Point {})()],
  ];
  for (const [name, data] of refused) {
    it(`refuses ${name} unless safe is off`, () => {
      expect(() => new JsonResponse(data)).to.throw(TypeError, "safe");
    });
  }

  const dictionaries: [name: string, data: object, json: string][] = [
    ["an object", { b: 1, a: "é" }, '{"b": 1, "a": "\\u00e9"}'],
    ["an object without a prototype", Object.assign(Object.create(null), { a: 1 }), '{"a": 1}'],
    [
      "a Map",
      new Map([
        ["2", 1],
        ["1", 2],
      ]),
      '{"2": 1, "1": 2}',
    ],
    ["a QueryDict", new QueryDict("a=1&a=2"), '{"a": "2"}'],
    ["a list within", { a: [1, { b: null }] }, '{"a": [1, {"b": null}]}'],
    ["what would end a script", { a: "</script>" }, '{"a": "</script>"}'],
  ];
  for (const [name, data, json] of dictionaries) {
    it(`writes ${name}`, () => {
      expect(new JsonResponse(data).text).to.equal(json);
    });
  }

  it("writes anything else with safe off", () => {
    expect(new JsonResponse([1], { safe: false }).text).to.equal("[1]");
    expect(new JsonResponse(null, { safe: false }).text).to.equal("null");
  });

  const impossible: [name: string, data: () => object][] = [
    [
      "a circle",
      () => {
        const data: Record<string, unknown> = {};
        data.self = data;
        return data;
      },
    ],
    [
      "a toJSON that throws",
      () => ({
        a: new (class {
          toJSON(): never {
            throw new ValueError("no");
          }
        })(),
      }),
    ],
    ["a function", () => ({ a: () => 1 })],
  ];
  for (const [name, data] of impossible) {
    it(`throws for ${name} before there is a response`, () => {
      expect(() => new JsonResponse(data())).to.throw();
    });
  }

  it("has its type whatever else is given", () => {
    const response = new JsonResponse({}, { status: 201, headers: { "X-A": 1 } });
    expect([...response.items()]).to.deep.equal([
      ["X-A", "1"],
      ["Content-Type", "application/json"],
    ]);
    expect(
      new JsonResponse({}, { content_type: "application/problem+json" }).get("Content-Type"),
    ).to.equal("application/problem+json");
    expect(() => new JsonResponse({}, { headers: { "Content-Type": "a/b" } })).to.throw(ValueError);
  });

  it("hands json_dumps_params to the encoder", () => {
    class Shouting extends DjangoJSONEncoder {
      override encode(data: unknown): string {
        return super.encode(data).toUpperCase();
      }
    }
    const response = new JsonResponse(
      { a: "é" },
      { encoder: Shouting, json_dumps_params: { indent: 1, ensure_ascii: false } },
    );
    expect(response.text).to.equal('{\n "A": "É"\n}');
  });
});
