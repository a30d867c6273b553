import { expect } from "chai";
import { describe, it } from "mocha";
import { ValueError } from "nuages/core/exceptions";
import { HttpResponse } from "nuages/http";
import {
  type Converter,
  get_converters,
  IntConverter,
  path,
  PathConverter,
  register_converter,
  resolve,
  Resolver404,
  reverse,
  SlugConverter,
  StringConverter,
  UUIDConverter,
} from "nuages/urls";

const view = (): HttpResponse => new HttpResponse();

describe("urls/converters: those that are always there", () => {
  const schemas: [name: string, schema: object][] = [
    ["int", { type: "integer", minimum: 0 }],
    ["slug", { type: "string", pattern: "^[-a-zA-Z0-9_]+$" }],
    ["uuid", { type: "string", format: "uuid" }],
    ["str", { type: "string" }],
    ["path", { type: "string" }],
  ];
  for (const [name, schema] of schemas) {
    it(`K7: <${name}:…> has a JSON Schema`, () => {
      expect(get_converters()[name]?.json_schema).to.deep.equal(schema);
    });
  }

  const accepted: [converter: Converter, texts: string[], others: string[]][] = [
    [new IntConverter(), ["0", "007", "42"], ["", "-1", "+1", "1.0", "1e3", "0x1", "١", "1\n"]],
    [new StringConverter(), ["a", "é b", "a\n"], ["", "a/b"]],
    [new SlugConverter(), ["a-b_C1"], ["", "é", "a.b", "a b"]],
    [new PathConverter(), ["a/b", "/", "//"], ["", "a\nb"]],
    [
      new UUIDConverter(),
      ["3f2b1c4d-9e8a-4b7c-8d6e-5f4a3b2c1d0e"],
      ["3F2B1C4D-9E8A-4B7C-8D6E-5F4A3B2C1D0E", "3f2b1c4d9e8a4b7c8d6e5f4a3b2c1d0e"],
    ],
  ];
  for (const [converter, texts, others] of accepted) {
    it(`${converter.constructor.name} accepts ${texts.map((text) => JSON.stringify(text)).join(", ")}`, () => {
      const whole = new RegExp(`^(?:${converter.regex})$`);
      for (const text of texts) expect(whole.test(text), text).to.equal(true);
      for (const text of others) expect(whole.test(text), text).to.equal(false);
    });
  }

  it("gives numbers that are exact, and refuses others", () => {
    const converter = new IntConverter();
    expect(converter.to_python("9007199254740991")).to.equal(Number.MAX_SAFE_INTEGER);
    expect(() => converter.to_python("9007199254740992")).to.throw(ValueError, "9007199254740992");
    expect(converter.to_url(9007199254740993n)).to.equal("9007199254740993");
  });

  it("has the expression on the prototype, as Django has it on the class", () => {
    expect(SlugConverter.prototype.regex).to.equal("[-a-zA-Z0-9_]+");
    expect(Object.keys(new IntConverter())).to.deep.equal([]);
  });
});

describe("urls/converters: those of the site", () => {
  class MonthConverter {
    regex = "[0-9]{2}";
    to_python(value: string): number {
      const month = Number(value);
      if (month < 1 || month > 12) throw new ValueError("no month");
      return month;
    }
    to_url(value: number): string {
      if (value > 12) throw new ValueError("no month");
      return String(value).padStart(2, "0");
    }
  }

  it("convert both ways; a ValueError means that the route does not match", () => {
    register_converter(MonthConverter, "spec_month");
    const urlconf = [
      path("<spec_month:m>/", view, { name: "month" }),
      path("<str:s>/", view, { name: "text" }),
    ];
    expect(resolve("/05/", { urlconf }).kwargs.m).to.equal(5);
    expect(resolve("/13/", { urlconf }).url_name).to.equal("text");
    expect(reverse("month", { urlconf, args: [5] })).to.equal("/05/");
    expect(() => reverse("month", { urlconf, args: [13] })).to.throw("fits the arguments [13]");
  });

  it("may be an IntConverter with another expression, or with more to say about the number", () => {
    class HexConverter extends IntConverter {
      override regex = "(?:0x)?[0-9a-f]+";
    }
    class EvenConverter extends IntConverter {
      override to_python(value: string): number {
        const number = super.to_python(value);
        if (number % 2 !== 0) throw new ValueError("odd");
        return number;
      }
    }
    register_converter(HexConverter, "spec_int_hex");
    register_converter(EvenConverter, "spec_int_even");
    const urlconf = [path("h/<spec_int_hex:n>/", view), path("e/<spec_int_even:n>/", view)];
    const found = (text: string): unknown => resolve(text, { urlconf }).kwargs.n;
    expect(found("/h/12/")).to.equal(12);
    expect(found("/h/0x12/")).to.equal(18);
    expect(() => found("/h/ff/")).to.throw(Resolver404); // no number without 0x
    expect(found("/e/4/")).to.equal(4);
    expect(() => found("/e/5/")).to.throw(Resolver404);
  });

  it("cannot take a name that is taken", () => {
    expect(() => register_converter(MonthConverter, "int")).to.throw(ValueError, "'int'");
    expect(get_converters()).to.have.property("int").that.is.instanceOf(IntConverter);
    expect(Object.getPrototypeOf(get_converters())).to.equal(null);
  });

  it("may match a slash, or look at what is around: then the whole route decides", () => {
    class TwoConverter extends StringConverter {
      override regex = "[a-z]+/[a-z]+";
    }
    class NotLastConverter extends StringConverter {
      override regex = "[a-z]+(?=/.)";
    }
    register_converter(TwoConverter, "spec_two");
    register_converter(NotLastConverter, "spec_not_last");
    const urlconf = [path("x/<spec_two:t>/", view), path("y/<spec_not_last:t>/<path:p>", view)];
    expect(resolve("/x/a/b/", { urlconf }).kwargs.t).to.equal("a/b");
    expect(resolve("/y/a/b", { urlconf }).kwargs.t).to.equal("a");
    expect(() => resolve("/y/a/", { urlconf })).to.throw(Resolver404);
  });

  it("tell what is wrong with their expression when a route is matched", () => {
    class WrongConverter extends StringConverter {
      override regex = "[a-z";
    }
    register_converter(WrongConverter, "spec_wrong");
    const urlconf = [path("<spec_wrong:x>/", view)];
    expect(() => resolve("/a/", { urlconf })).to.throw(
      "A converter of the route '<spec_wrong:x>/' has a wrong",
    );
  });
});
