/** Specification of nuages/api: bodies as they are parsed. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { BadRequest, UnsupportedMediaType } from "nuages/api/exceptions";
import { JSONParser, MessagePackParser, Parser, parser_for, TextParser } from "nuages/api/parsers";
import { RequestDataTooBig } from "nuages/core/exceptions";
import { only_fault, thrown, with_body } from "../support/api_requests.ts";
import { cpu_ratio_of, cpu_time } from "../support/cpu_time.ts";
import { with_settings } from "../support/settings.ts";

class NumberParser extends Parser {
  override readonly content_type: string = "application/vnd.number+json";
  override parse(): number {
    return 1;
  }
}

const json = new JSONParser();
const messagepack = new MessagePackParser();
const text = new TextParser();
const ALL = [json, messagepack, text];

/** What the JSON parser makes of a body. */
function parse(body: string | Uint8Array): unknown {
  return json.parse(with_body(body, "application/json"));
}

/** What a client is told of a body that is no JSON. */
function fault_of(body: string | Uint8Array): string {
  return only_fault(thrown(BadRequest, () => parse(body))).msg;
}

describe("api/parsers: parser_for", () => {
  const chosen: [content_type: string | undefined, parser: Parser][] = [
    ["application/json", json],
    ["application/json; version=2", json],
    ["application/vnd.api+json", json],
    ["application/x-msgpack", messagepack],
    ["application/msgpack", messagepack],
    ["application/vnd.msgpack", messagepack],
    ["text/plain; charset=latin-1", text],
  ];
  for (const [content_type, parser] of chosen) {
    it(`N8: ${content_type} is read by ${parser.constructor.name}`, () => {
      expect(parser_for(with_body("{}", content_type), ALL)).to.equal(parser);
    });
  }

  it("N8: a parser's own type comes before the suffix +json", () => {
    const number = new NumberParser();
    const request = with_body("{}", "application/vnd.number+json");
    expect(parser_for(request, [json, number])).to.equal(number);
  });

  it("N9: a body without Content-Type goes to the first parser", () => {
    expect(parser_for(with_body("x"), [text, json])).to.equal(text);
    expect(parser_for(with_body("x"), [json, text])).to.equal(json);
  });

  it("N10, E9: another type is 415, with the types of the parsers in Accept and in extra", () => {
    const error = thrown(UnsupportedMediaType, () => parser_for(with_body("x", "text/csv"), ALL));
    const supported = ["application/json", "application/x-msgpack", "text/plain"];
    expect(error.status_code).to.equal(415);
    expect(only_fault(error).type).to.equal("unsupported_media_type");
    expect(only_fault(error).msg).to.include("'text/csv'");
    expect(error.headers).to.deep.equal({ Accept: supported.join(", ") });
    expect(error.extra).to.deep.equal({ supported });
  });

  it("E9: quotes a type up to 100 characters", () => {
    const request = with_body("x", `application/${"x".repeat(5000)}`);
    const error = thrown(UnsupportedMediaType, () => parser_for(request, ALL));
    expect(only_fault(error).msg.length).to.be.lessThan(250);
  });

  for (const content_type of ["application/x-www-form-urlencoded", "multipart/form-data"]) {
    it(`N11: the JSON parser does not take ${content_type}`, () => {
      const request = with_body("a=1", `${content_type}; boundary=x`);
      expect(() => parser_for(request, [json])).to.throw(UnsupportedMediaType);
    });
  }

  const taken = [
    "application/json",
    "application/JSON",
    "application/json;charset=utf-8",
    'application/json; charset="UTF-8"',
    "application/json; charset=utf8",
    " application/json",
    "application/problem+JSON; charset=utf-8",
  ];
  for (const content_type of taken) {
    it(`security T1: ${JSON.stringify(content_type)} is JSON`, () => {
      expect(parser_for(with_body("{}", content_type), [json])).to.equal(json);
    });
  }

  const refused = [
    "application/json; charset=utf-16",
    "application/json; charset=utf-8; charset=utf-7",
    "application/json; charset=",
    "application/json\ta",
    "application/json garbage",
    "application/json garbage+json",
    "application/jsonx",
    "application/json,text/plain",
    "application/+",
    "application",
    "+json",
    "a/b/c+json",
    "text/json",
    "text/plain",
    "__proto__",
    "constructor",
  ];
  for (const content_type of refused) {
    it(`security T1: ${JSON.stringify(content_type)} is 415`, () => {
      const request = with_body("{}", content_type);
      expect(() => parser_for(request, [json])).to.throw(UnsupportedMediaType);
    });
  }

  it("security T1: the type with the suffix is found in linear time", () => {
    const request = with_body("{}", `application/${"+json".repeat(1900)} `);
    expect(cpu_time(() => parser_for(request, [json]))).to.be.lessThan(10);
  });
});

describe("api/parsers: JSONParser", () => {
  const values: [body: string, value: unknown][] = [
    ['{"a": [1, 2.5, null, true]}', { a: [1, 2.5, null, true] }],
    [' "é" ', "é"],
    ['"\\ud800"', "\ud800"],
    ["1e400", Infinity],
  ];
  for (const [body, value] of values) {
    it(`reads ${body}`, () => {
      expect(parse(body)).to.deep.equal(value);
    });
  }

  it("N12: of equal names the last counts", () => {
    expect(parse('{"a": 1, "b": 2, "a": 3}')).to.deep.equal({ a: 3, b: 2 });
  });

  it("N12: a byte order mark is skipped", () => {
    expect(parse('\ufeff{"a": 1}')).to.deep.equal({ a: 1 });
  });

  const not_utf_8: [name: string, body: Uint8Array, place: string][] = [
    ["latin-1", Buffer.from('{"a":\n "é"}', "latin1"), "line 2, column 3"],
    ["a character that ends early", Buffer.from([0x22, 0xe2, 0x82, 0x22]), "line 1, column 2"],
    ["a surrogate", Buffer.from([0x22, 0x61, 0xed, 0xa0, 0x80, 0x22]), "line 1, column 3"],
    ["UTF-16", Buffer.from("\ufeff{}", "utf16le"), "line 1, column 1"],
  ];
  for (const [name, body, place] of not_utf_8) {
    it(`N12: ${name} is no UTF-8, at ${place}`, () => {
      expect(fault_of(body)).to.equal(`The body is not UTF-8 (${place})`);
    });
  }

  it("E8: a body that cannot be parsed is 400, of the type parse_error, at loc body", () => {
    const error = thrown(BadRequest, () => parse('{"a": }'));
    expect(error.status_code).to.equal(400);
    expect(error.cause).to.be.instanceOf(SyntaxError);
    expect(error.detail).to.deep.equal([
      {
        msg: "The body is not JSON: a value is expected (line 1, column 7)",
        type: "parse_error",
        loc: ["body"],
      },
    ]);
  });

  const broken: [body: string, problem: string, line: number, column: number][] = [
    ["", "it ends early, a value is expected", 1, 1],
    ["\n\n ", "it ends early, a value is expected", 3, 2],
    ["NaN", "a value is expected", 1, 1],
    ["[1, -Infinity]", "a value is expected", 1, 5],
    ["{'a': 1}", "a name in double quotes is expected", 1, 2],
    ['{"a": 1,}', "a name in double quotes is expected", 1, 9],
    ['{"a" 1}', "a colon is expected", 1, 6],
    ['{"a": 1\r\n "b": 2}', "a comma or } is expected", 2, 2],
    ["[1 2]", "a comma or ] is expected", 1, 4],
    ["[1,]", "a value is expected", 1, 4],
    ["[1, 2", "it ends early, a comma or ] is expected", 1, 6],
    ["{} {}", "the value is over here", 1, 4],
    ["01", "the value is over here", 1, 2],
    ["[.5]", "a value is expected", 1, 2],
    ['{"a": "x', "the text that starts here has no end", 1, 7],
    ['["a\tb"]', "a control character must be escaped", 1, 4],
    ['["\\x"]', "no such escape exists", 1, 3],
    ['["\\u12G4"]', "no such escape exists", 1, 3],
    ['["日本😀", x]', "a value is expected", 1, 9],
    ["[1,\u00a0 2]", "a value is expected", 1, 4],
    ["// comment\n1", "a value is expected", 1, 1],
    ["undefined", "a value is expected", 1, 1],
  ];
  for (const [body, problem, line, column] of broken) {
    it(`E8: ${JSON.stringify(body)}: ${problem}, line ${line}, column ${column}`, () => {
      const place = `(line ${line}, column ${column})`;
      expect(fault_of(body)).to.equal(`The body is not JSON: ${problem} ${place}`);
    });
  }

  it("E8: says the place where JSON.parse gives up, whatever is changed in a text", () => {
    const good = '{"a":[1,-2.5e3,"x\\u00e9\\n",null,true,{}],\n"b":{"c":[[false]]}}';
    const pieces = [
      '"',
      "\\",
      "{",
      "}",
      "[",
      "]",
      ",",
      ":",
      "1",
      "-",
      ".",
      "e",
      "n",
      " ",
      "\u0001",
    ];
    for (let at = 0; at <= good.length; at++) {
      for (const piece of ["", ...pieces]) {
        for (const rest of [good.slice(at), good.slice(at + 1)]) {
          const body = good.slice(0, at) + piece + rest;
          if (!is_json(body))
            expect(fault_of(body)).to.match(/^The body is not JSON: .+ \(line [12], column \d+\)$/);
        }
      }
    }
  });

  it("E8: finds the place in a large body within the time of a few parses", async () => {
    const body = Buffer.from(`[${'{"name": "x", "n": [1, 2]},\n'.repeat(90_000)}`);
    const good = Buffer.from(`${body.toString().slice(0, -2)}]`);
    expect(fault_of(body)).to.include("(line 90001, column 1)");
    expect(
      await cpu_ratio_of(
        () => parse(good),
        () => fault_of(body),
      ),
    ).to.be.lessThan(10);
  });

  const nested = (levels: number): string => "[".repeat(levels) + "]".repeat(levels);

  for (const [levels, outcome] of [
    [100, "is fine"],
    [101, "is 400"],
    [100_000, "is 400"],
  ] as const) {
    it(`security T2: JSON nested ${levels} deep ${outcome}`, () => {
      if (levels <= 100) expect(JSON.stringify(parse(nested(levels)))).to.equal(nested(levels));
      else
        expect(fault_of(nested(levels))).to.equal(
          "The body is nested over 100 levels deep (line 1, column 101)",
        );
    });
  }

  it("security T2: objects count as lists do", () => {
    const objects = (levels: number): string => `${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`;
    expect(parse(objects(100))).to.be.an("object");
    expect(fault_of(objects(101))).to.include("100 levels");
    expect(fault_of(`${'[{"a":'.repeat(51)}1${"}]".repeat(51)}`)).to.include("100 levels");
  });

  it("security T2: brackets in a text, and those that are closed, do not count", () => {
    const flat = {
      text: '["{'.repeat(1000),
      escaped: '\\"['.repeat(1000),
      list: Array(500).fill([]),
    };
    expect(parse(JSON.stringify(flat))).to.deep.equal(flat);
    expect(fault_of(`{"a": "]}\\"]}", "b": ${nested(100)}}`)).to.include("100 levels");
  });

  it("security T2: 2.5 MB of [ are refused at once", () => {
    const body = "[".repeat(2_500_000);
    expect(fault_of(body)).to.include("100 levels");
    const request = with_body(body, "application/json");
    expect(request.body.length).to.equal(2_500_000);
    expect(cpu_time(() => thrown(BadRequest, () => json.parse(request)))).to.be.lessThan(50);
  });

  it("security T2: an object with 500,000 names is read within a second", () => {
    const names = Array.from({ length: 500_000 }, (_, i) => `"${i.toString(36)}":1`);
    const body = `{${names.join(",")}}`;
    const request = with_settings({ DATA_UPLOAD_MAX_MEMORY_SIZE: null }, () => {
      const made = with_body(body, "application/json");
      expect(made.body.length).to.equal(body.length);
      return made;
    });
    expect(cpu_time(() => json.parse(request), 1)).to.be.lessThan(1000);
  });

  it("security T2: counting levels takes no longer than a few parses", async () => {
    const item = { id: 1, name: "a name", tags: ["a", "b"], address: { street: "x", city: "y" } };
    const body = JSON.stringify(Array(5000).fill(item));
    const request = with_body(body, "application/json");
    const ratio = await cpu_ratio_of(
      () => JSON.parse(request.body.toString()) as unknown,
      () => json.parse(request),
    );
    expect(ratio).to.be.lessThan(5);
  });

  it("security T3: __proto__ is a name like any other", () => {
    const body =
      '{"__proto__": {"admin": true}, "list": [{"constructor": {"prototype": {"x": 1}}}]}';
    const value = parse(body) as object;
    expect(Object.keys(value)).to.deep.equal(["__proto__", "list"]);
    expect(Object.getPrototypeOf(value)).to.equal(Object.prototype);
    expect(({} as { admin?: unknown; x?: unknown }).admin).to.equal(undefined);
    expect(({} as { admin?: unknown; x?: unknown }).x).to.equal(undefined);
  });

  const not_json: [kind: string, body: string | Uint8Array][] = [
    ["invalid UTF-8", Buffer.from([0x22, 0xff, 0x22])],
    ["trailing garbage", "{}x"],
    ["NaN", '{"a": NaN}'],
    ["single quotes", "'a'"],
  ];
  for (const [kind, body] of not_json) {
    it(`security T5: ${kind} is 400`, () => {
      expect(only_fault(thrown(BadRequest, () => parse(body))).type).to.equal("parse_error");
    });
  }

  it("security T5: the last of equal names wins, and a lone surrogate is kept", () => {
    expect(parse('{"a": 1, "a": "\\udc00"}')).to.deep.equal({ a: "\udc00" });
  });

  it("security D22, T25: a body over the limit is refused by its size", () => {
    const request = with_body(`"${"x".repeat(2_621_439)}"`, "application/json");
    expect(() => json.parse(request)).to.throw(RequestDataTooBig);
  });
});

function is_json(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe("api/parsers: TextParser", () => {
  const texts: [content_type: string | undefined, body: Buffer, value: string][] = [
    ["text/plain", Buffer.from("é"), "é"],
    ["text/plain; charset=UTF-8", Buffer.from("\ufeffé"), "é"],
    ["text/plain; charset=iso-8859-1", Buffer.from("é", "latin1"), "é"],
    [undefined, Buffer.from("x"), "x"],
  ];
  for (const [content_type, body, value] of texts) {
    it(`reads ${content_type ?? "no type"}`, () => {
      expect(text.parse(with_body(body, content_type))).to.equal(value);
    });
  }

  it("takes another type of text", () => {
    const csv = new TextParser("text/csv");
    expect(parser_for(with_body("a,b", "text/csv"), [json, csv])).to.equal(csv);
  });

  for (const charset of ["nope", "base64"]) {
    it(`E9: the charset ${charset} is 415`, () => {
      const request = with_body("x", `text/plain; charset=${charset}`);
      expect(() => parser_for(request, [text])).to.throw(UnsupportedMediaType, charset);
    });
  }

  for (const charset of ["utf-8", "ascii"]) {
    it(`E8: bytes that are no text in ${charset} are 400`, () => {
      const request = with_body(Buffer.from([0x61, 0xff]), `text/plain; charset=${charset}`);
      expect(only_fault(thrown(BadRequest, () => text.parse(request))).type).to.equal(
        "parse_error",
      );
    });
  }
});

describe("api/parsers: MessagePackParser", () => {
  async function parsed(body: Uint8Array): Promise<unknown> {
    return await messagepack.parse(with_body(body, "application/x-msgpack"));
  }

  async function refused(bytes: number[]): Promise<string> {
    try {
      await parsed(Uint8Array.from(bytes));
    } catch (error) {
      if (error instanceof BadRequest) return only_fault(error).msg;
      throw error;
    }
    throw new Error("It was read.");
  }

  it("reads what the package writes: dates and bytes too", async () => {
    const { encode } = await import("@msgpack/msgpack");
    const value = {
      id: 1,
      big: 2 ** 40,
      negative: [-1, -200, -70_000, -(2 ** 40)],
      numbers: [200, 60_000, 70_000, 1.5],
      texts: ["", "é".repeat(20), "x".repeat(300), "x".repeat(70_000)],
      when: new Date(1_700_000_000_123),
      dates: [new Date(0), new Date(-1)],
      bytes: [Uint8Array.of(1, 2), new Uint8Array(300), new Uint8Array(70_000)],
      lists: [[], Array(20).fill(null), Array(70_000).fill(true)],
      objects: [{}, Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`k${i}`, false]))],
    };
    const read = await parsed(encode(value));
    expect(plain_bytes(read)).to.deep.equal(plain_bytes(value));
  });

  it("is there at once when the package has been loaded", async () => {
    await parsed(Uint8Array.of(1));
    expect(messagepack.parse(with_body(Uint8Array.of(2), "application/msgpack"))).to.equal(2);
  });

  const faults: [name: string, bytes: number[]][] = [
    ["a text that ends early", [0xa5, 0x61]],
    ["a list that ends early", [0x92, 0x01]],
    ["a length that ends early", [0xdb, 0x00]],
    ["more behind the value", [0x01, 0x02]],
    ["a head that does not exist", [0xc1]],
    ["the name __proto__", [0x81, 0xa9, ...Buffer.from("__proto__"), 0x01]],
    ["a name that is a list", [0x81, 0x91, 0x01, 0x01]],
    ["a timestamp of three bytes", [0xc7, 3, 0xff, 1, 2, 3]],
  ];
  for (const [name, bytes] of faults) {
    it(`E8: ${name} is 400`, async () => {
      expect(await refused(bytes)).to.include("The body is not MessagePack");
    });
  }

  it("security T2: lists nested 101 deep are 400, 100 deep they are fine", async () => {
    const nest = (levels: number): number[] => [...Array<number>(levels - 1).fill(0x91), 0x90];
    expect(await parsed(Uint8Array.from(nest(100)))).to.be.an("array");
    expect(await refused(nest(101))).to.include("100 levels");
    expect(await refused(nest(100_000))).to.include("100 levels");
  });

  it("security T2: room is never made for items that the body cannot hold", async () => {
    const claims = Array.from({ length: 100 }, () => [0xdd, 0x02, 0x00, 0x00, 0x00]).flat();
    expect(await refused(claims)).to.include("ends early");
    expect(await refused([0xdf, 0xff, 0xff, 0xff, 0xff, 0x01])).to.include("ends early");
    const padded = [
      ...Array.from({ length: 50 }, () => [0xdc, 0x03, 0xe8]).flat(),
      ...Array<number>(2000).fill(1),
    ];
    expect(await refused(padded)).to.include("ends early");
  });
});

/** Bytes of any class as lists: the decoder gives them the class of the body. */
function plain_bytes(value: unknown): unknown {
  if (value instanceof Uint8Array) return [...value];
  if (Array.isArray(value)) return value.map(plain_bytes);
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain_bytes(item)]));
}
