/** Specification of the parts of a request that a spec declares. @module */
import { type } from "arktype";
import { expect } from "chai";
import { describe, it } from "mocha";
import { BadRequest, RequestValidationError, UnsupportedMediaType } from "nuages/api/exceptions";
import { Parameters } from "nuages/api/parameters";
import { ImproperlyConfigured, RequestDataTooBig, TooManyFieldsSent } from "nuages/core/exceptions";
import type { Spec } from "nuages/api/spec";
import { HttpRequest, QueryDict } from "nuages/http";
import * as v from "valibot";
import { z } from "zod";
import {
  args_later,
  args_of,
  body_of,
  faults_of,
  json_request,
  locations_of,
  query_of,
  rf,
} from "../support/parameters.ts";
import { logged } from "../support/log.ts";
import { thrown } from "../support/api_requests.ts";
import { with_settings } from "../support/settings.ts";
import { FakeWire, WiredRequest } from "../support/wire.ts";

const User = z.object({ name: z.string(), age: z.int().optional() });

describe("api/parameters: the parts of a request", () => {
  it("P3: the output of the path's schema replaces the kwargs", () => {
    const path = z.object({ id: z.number().transform((id) => `#${id}`) });
    expect(args_of({ path }, rf.get("/"), { id: 3, other: 4 })).to.deep.equal({ id: "#3" });
  });

  it("P3: text that a converter left becomes what the schema declares", () => {
    const path = z.object({ year: z.int(), slug: z.string() });
    const kwargs = { year: "2026", slug: "007" };
    expect(args_of({ path }, rf.get("/"), kwargs)).to.deep.equal({ year: 2026, slug: "007" });
  });

  it("P3: a fault is told with its name", () => {
    const path = z.object({ id: z.int().max(9) });
    const read = (): unknown => args_of({ path }, rf.get("/"), { id: 10 });
    expect(locations_of(read)).to.deep.equal([["path", "id"]]);
  });

  it("P4: the query, with faults told by name", () => {
    const query = z.object({ q: z.string(), page: z.int().min(1).default(1) });
    expect(query_of(query, "q=a%20b")).to.deep.equal({ q: "a b", page: 1 });
    expect(locations_of(() => query_of(query, "page=0"))).to.deep.equal([
      ["query", "q"],
      ["query", "page"],
    ]);
  });

  it("P4: a GET that somebody has set is what is read", () => {
    const request = rf.get("/?q=a");
    request.GET = new QueryDict("q=b&q=c");
    const query = z.object({ q: z.string() });
    expect(args_of({ query }, request).query).to.deep.equal({ q: "c" });
  });

  it("P4: more fields than DATA_UPLOAD_MAX_NUMBER_FIELDS are refused", () => {
    with_settings({ DATA_UPLOAD_MAX_NUMBER_FIELDS: 1 }, () => {
      const query = z.object({ a: z.string() });
      expect(() => query_of(query, "a=1&b=1")).to.throw(TooManyFieldsSent);
    });
  });

  const spellings = ["x_request_id", "X-Request-Id", "x-request-id", "X_REQUEST_ID"];
  for (const name of spellings) {
    it(`P5, security T7: the key ${name} finds X-Request-Id, however the client writes it`, () => {
      const headers = z.object({ [name]: z.int() });
      for (const sent of ["X-Request-Id", "x-REQUEST-id"]) {
        const request = rf.get("/", null, { headers: { [sent]: "5" } });
        expect(args_of({ headers }, request).headers).to.deep.equal({ [name]: 5 });
      }
      expect(locations_of(() => args_of({ headers }))).to.deep.equal([["headers", name]]);
    });
  }

  it("P5: Content-Type and Content-Length are headers, too", () => {
    const headers = z.object({ content_type: z.string(), "Content-Length": z.int() });
    const value = { content_type: "application/json", "Content-Length": 2 };
    expect(args_of({ headers }, json_request("{}")).headers).to.deep.equal(value);
  });

  it("P5: a list in one header is split at its commas", () => {
    const headers = z.object({ x_tags: z.array(z.int()).optional() });
    const request = rf.get("/", null, { headers: { "X-Tags": "1, 2,3" } });
    expect(args_of({ headers }, request).headers).to.deep.equal({ x_tags: [1, 2, 3] });
    const empty = rf.get("/", null, { headers: { "X-Tags": "" } });
    expect(args_of({ headers }, empty).headers).to.deep.equal({});
  });

  it("P5: a strict schema sees the headers that it names, a loose one all", () => {
    const request = rf.get("/", null, { headers: { "X-A": "1", "X-B": "2" } });
    const strict = z.strictObject({ x_a: z.string() });
    expect(args_of({ headers: strict }, request).headers).to.deep.equal({ x_a: "1" });
    const loose = z.looseObject({ x_a: z.string() });
    const { headers } = args_of({ headers: loose }, request);
    expect(headers).to.include({ x_a: "1", "X-B": "2" });
    expect(headers).not.to.have.property("X-A");
  });

  for (const name of spellings.slice(0, 3)) {
    it(`P5, T11: a schema without JSON Schema finds X-Request-Id as ${name}`, async () => {
      const headers = v.object({ [name]: v.string() });
      const request = rf.get("/", null, { headers: { "X-Request-Id": "5" } });
      const records = await logged(() =>
        expect(args_of({ headers }, request).headers).to.deep.equal({ [name]: "5" }),
      );
      expect(records[0]?.message).to.match(/^All values in the headers of .* stay text: /);
    });
  }

  it("P6: cookies", () => {
    const cookies = z.object({ n: z.int(), list: z.array(z.string()) });
    const request = rf.get("/", null, { HTTP_COOKIE: "n=3; list=a; other=b" });
    expect(args_of({ cookies }, request).cookies).to.deep.equal({ n: 3, list: ["a"] });
    expect(locations_of(() => args_of({ cookies }))).to.deep.equal([
      ["cookies", "n"],
      ["cookies", "list"],
    ]);
  });

  it("P7: the body, in which nothing is converted", () => {
    expect(body_of(User, '{"name": "x", "age": 3}')).to.deep.equal({ name: "x", age: 3 });
    expect(locations_of(() => body_of(User, '{"name": 5, "age": "3"}'))).to.deep.equal([
      ["body", "name"],
      ["body", "age"],
    ]);
  });

  for (const method of ["PUT", "PATCH", "DELETE"]) {
    it(`P7: the body of ${method}`, () => {
      expect(body_of(User, '{"name": "x"}', method)).to.deep.equal({ name: "x" });
    });
  }

  it("P7: a fault deep in the body has the whole path", () => {
    const schema = z.object({ list: z.array(z.object({ n: z.int() })) });
    const read = (): unknown => body_of(schema, '{"list": [{"n": 1}, {"n": "x"}]}');
    expect(locations_of(read)).to.deep.equal([["body", "list", 1, "n"]]);
  });

  it("P7: another Content-Type is 415, a multipart form included", () => {
    for (const content_type of ["text/csv", "multipart/form-data; boundary=sep"]) {
      const request = rf.generic("POST", "/", "x", { content_type });
      expect(() => args_of({ body: User }, request)).to.throw(UnsupportedMediaType);
    }
  });

  it("P9: all faults of all parts in one error, in the order of the parts", () => {
    const n = z.object({ n: z.int() });
    const spec: Spec = { body: n, cookies: n, headers: n, path: n, query: n };
    const read = (): unknown => args_of(spec, json_request('{"n": "x"}'), { n: "x" });
    expect(locations_of(read)).to.deep.equal([
      ["path", "n"],
      ["query", "n"],
      ["headers", "n"],
      ["cookies", "n"],
      ["body", "n"],
    ]);
  });

  it("P9: a body that cannot be parsed is reported alone", () => {
    const spec = { query: z.object({ n: z.int() }), body: User };
    expect(() => args_of(spec, json_request("{"))).to.throw(BadRequest);
  });

  for (const method of ["GET", "HEAD", "OPTIONS", "get"]) {
    it(`P10: ${method} has neither body nor form`, () => {
      for (const part of ["body", "form"]) {
        expect(() => new Parameters({ [part]: User }, "list_users", ["POST", method]))
          .to.throw(ImproperlyConfigured)
          .with.property("message")
          .that.includes("list_users")
          .and.includes(part);
        const spec = { [part]: User, methods: [method] };
        expect(() => new Parameters(spec, "list_users")).to.throw(ImproperlyConfigured);
      }
    });
  }

  it("P10: body and form exclude each other", () => {
    expect(() => new Parameters({ body: User, form: User }, "users", ["POST"])).to.throw(
      ImproperlyConfigured,
    );
  });

  for (const part of ["path", "query", "headers", "cookies", "body", "form"]) {
    it(`${part} is a schema, and nothing else`, () => {
      for (const given of [{ name: "string" }, String, null])
        expect(() => new Parameters({ [part]: given } as Spec, "users", ["POST"]))
          .to.throw(ImproperlyConfigured)
          .with.property("message")
          .that.includes("users")
          .and.includes(part);
    });
  }

  it("P11: an empty body is undefined, and the schema decides", () => {
    expect(body_of(User.optional(), "")).to.equal(undefined);
    expect(locations_of(() => body_of(User, ""))).to.deep.equal([["body"]]);
  });

  it("P11: an empty body of any type, of any length that is announced or not", async () => {
    for (const length of [0, null]) {
      for (const content_type of ["", "application/json", "text/csv"]) {
        const request = new WiredRequest(new FakeWire([], { length }), content_type);
        const args = await args_later({ body: User.optional() }, request);
        expect(args.body).to.equal(undefined);
      }
    }
    expect(args_of({ body: User.optional() }, new HttpRequest()).body).to.equal(undefined);
  });

  it("P12: a body over DATA_UPLOAD_MAX_MEMORY_SIZE is too big", async () => {
    await with_settings({ DATA_UPLOAD_MAX_MEMORY_SIZE: 10 }, async () => {
      const wire = new FakeWire(['{"name": ', '"abcdef"}']);
      const request = new WiredRequest(wire, "application/json");
      const error = await args_later({ body: User }, request).catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(RequestDataTooBig);
    });
  });

  it("P12: without body nothing of it is read", () => {
    const wire = new FakeWire(["x".repeat(1000)]);
    args_of({ query: z.object({}) }, new WiredRequest(wire, "application/json"));
    expect(wire.taken).to.equal(0);
  });

  it("P13: what is not declared is not touched", () => {
    const request = rf.get("/?a=1", null, { HTTP_COOKIE: "a=1", headers: { "X-A": "1" } });
    const args = args_of({ query: z.object({ a: z.int() }) }, request, { id: 3 });
    expect(args).to.deep.equal({ id: 3, query: { a: 1 } });
    expect(request._cookies).to.equal(undefined);
    expect(request._headers).to.equal(undefined);
    expect(request._content).to.equal(undefined);
    expect(request.GET.get("a")).to.equal("1");
  });

  it("P13: with nothing declared there is nothing to read", () => {
    expect(new Parameters({}, "endpoint").is_empty).to.equal(true);
    expect(new Parameters({ query: User }, "endpoint").is_empty).to.equal(false);
  });

  it("P14: an asynchronous schema is waited for, its faults among the others", async () => {
    const free = z.object({ name: z.string().refine(async (name) => name !== "taken") });
    const spec = { query: free, body: free, headers: z.object({ x_n: z.int() }) };
    const read = (name: string, n: string): Promise<unknown> => {
      const request = rf.generic("POST", `/?name=${name}`, JSON.stringify({ name }), {
        content_type: "application/json",
        headers: { "X-N": n },
      });
      return args_later(spec, request);
    };
    const args = { query: { name: "a" }, body: { name: "a" }, headers: { x_n: 1 } };
    expect(await read("a", "1")).to.deep.equal(args);
    const error = await read("taken", "x").catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(RequestValidationError);
    expect((error as RequestValidationError).detail.map(({ loc }) => loc)).to.deep.equal([
      ["query", "name"],
      ["headers", "x_n"],
      ["body", "name"],
    ]);
  });

  it("P14: what an asynchronous schema throws is thrown", async () => {
    const query = z.object({ a: z.string() }).refine(async () => {
      throw new RangeError("The database is away.");
    });
    const error = await args_later({ query }, rf.get("/?a=1")).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(RangeError);
  });
});

describe("api/parameters: hostile bodies", () => {
  const polluting = [
    '{"__proto__": {"admin": true}}',
    '{"constructor": {"prototype": {"admin": true}}}',
    '{"list": [{"__proto__": {"admin": true}}]}',
    '{"deep": {"deep": {"__proto__": {"admin": true}}}}',
  ];
  const open = {
    zod: z.looseObject({ list: z.array(z.looseObject({})).optional() }),
    "zod's record": z.record(z.string(), z.unknown()),
    "zod's any": z.any(),
    valibot: v.looseObject({ list: v.optional(v.array(v.looseObject({}))) }),
    "valibot's record": v.record(v.string(), v.unknown()),
    arktype: type({ "list?": "object[]" }),
  };
  for (const body of polluting) {
    for (const [library, schema] of Object.entries(open)) {
      it(`security T3: ${body} pollutes nothing with ${library}`, () => {
        const value = body_of(schema, body) as { admin?: unknown; list?: { admin?: unknown }[] };
        expect(value.admin).to.equal(undefined);
        expect(value.list?.[0]?.admin).to.equal(undefined);
        expect(({} as { admin?: unknown }).admin).to.equal(undefined);
      });
    }
    it(`security T3: ${body} is 422 for a strict schema`, () => {
      expect(faults_of(() => body_of(z.strictObject({}), body))).to.have.lengthOf(1);
    });
  }

  const hostile = [
    '{"toString": 1, "valueOf": 1}',
    '{"then": 1}',
    '{"toJSON": 1}',
    '{"length": 1e9}',
    '{"constructor": 1}',
    '{"constructor": {"name": 1}}',
  ];
  const refusing = {
    zod: z.object({ x: z.union([z.string(), z.array(z.string())]) }),
    valibot: v.object({ x: v.union([v.string(), v.array(v.string())]) }),
    arktype: type({ x: "string | string[]" }),
  };
  for (const value of hostile) {
    it(`security T4: ${value} crashes nothing where an object is allowed`, () => {
      const given: unknown = JSON.parse(value);
      expect(body_of(z.record(z.string(), z.unknown()), value)).to.deep.equal(given);
      // valibot leaves out what could be mistaken for the class of an object
      const kept = value.includes("constructor") ? {} : given;
      expect(body_of(v.record(v.string(), v.unknown()), value)).to.deep.equal(kept);
      expect(body_of(type("object"), value)).to.deep.equal(given);
    });
    for (const [library, schema] of Object.entries(refusing)) {
      it(`security T4: ${value} crashes nothing where it is refused by ${library}`, () => {
        const [fault] = faults_of(() => body_of(schema, `{"x": ${value}}`));
        expect(fault?.msg).to.be.a("string");
        expect(fault?.loc?.[0]).to.equal("body");
      });
    }
  }

  const numbers: [declared: z.ZodType, text: string][] = [
    [z.int(), "9007199254740993"],
    [z.number(), "1e400"],
    [z.number(), '"10"'],
    [z.number(), "true"],
    [z.number(), "[1]"],
    [z.number(), '""'],
  ];
  for (const [declared, text] of numbers) {
    it(`security T6: the body ${text} is no ${declared.def.type}: bodies are not converted`, () => {
      expect(locations_of(() => body_of(declared, text))).to.deep.equal([["body"]]);
    });
  }

  it("security T6: 1.0 is an integer of JSON, -0 is a number", () => {
    expect(body_of(z.int(), "1.0")).to.equal(1);
    expect(JSON.stringify(body_of(z.number(), "-0"))).to.equal("0");
  });

  it("security T7: the handler is given what was checked, not what came", () => {
    const query = z.object({ n: z.int().transform((n) => n + 1) });
    const request = rf.get("/?n=1");
    expect(args_of({ query }, request).query).to.deep.equal({ n: 2 });
    expect(request.GET.get("n")).to.equal("1");
  });

  it("security T8: a property that is not declared does not reach the handler", () => {
    const text = '{"name": "x", "is_admin": true}';
    expect(body_of(User, text)).to.deep.equal({ name: "x" });
    expect(body_of(v.object({ name: v.string() }), text)).to.deep.equal({ name: "x" });
    const strict = type({ "+": "reject", name: "string" });
    expect(locations_of(() => body_of(strict, text))).to.deep.equal([["body", "is_admin"]]);
  });

  it("security T9: a million faults are told as 50, in at most 64 KiB", () => {
    with_settings({ DATA_UPLOAD_MAX_MEMORY_SIZE: null }, () => {
      const body = `[${"1,".repeat(999_999)}1]`;
      const faults = faults_of(() => body_of(z.array(z.string()), body));
      expect(faults).to.have.lengthOf(50);
      expect(JSON.stringify(faults).length).to.be.lessThan(65_536);
    });
  }).timeout(20_000);

  it("security T9: no stack is taken down for a request that is refused, and any other error has one", () => {
    const error = thrown(RequestValidationError, () => query_of(User, ""));
    expect(error.stack).not.to.match(/^ +at /m);
    expect(new Error("next").stack).to.match(/^ +at /m);
  });

  it("security T9: the faults of all parts together are at most 50", () => {
    const list = z.object({ n: z.array(z.int()) });
    const request = rf.generic("POST", `/?${"n=x&".repeat(40)}`, `{"n": [${'"",'.repeat(39)}""]}`, {
      content_type: "application/json",
    });
    expect(faults_of(() => args_of({ query: list, body: list }, request))).to.have.lengthOf(50);
  });
});
