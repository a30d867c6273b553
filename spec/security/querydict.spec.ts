/** Security of `QueryDict` and of urlencoded forms, as far as spec/http does not have it. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { settings, type Settings } from "nuages/conf";
import { AttributeError, ImproperlyConfigured, TooManyFieldsSent } from "nuages/core/exceptions";
import { type HttpRequest, HttpResponse, JsonResponse, QueryDict } from "nuages/http";
import { RequestFactory } from "nuages/test";
import { type AnyView, ask, site } from "../support/ask.ts";
import { run_alone } from "../support/child.ts";
import { cpu_time } from "../support/cpu_time.ts";
import { logged } from "../support/log.ts";
import { get, json_of } from "../support/raw.ts";
import { with_server } from "../support/server.ts";

const FORM = "application/x-www-form-urlencoded";
const rf = new RequestFactory();

const lists = (q: QueryDict): Record<string, string[]> => Object.fromEntries(q.lists());
/** Says what it read of the form. */
const show_form: AnyView = (request) => new JsonResponse(lists(request.POST));

/** The status of the answer to a POST over a connection. */
async function post(view: AnyView, body: string | Buffer, content_type = FORM): Promise<string> {
  const head = `POST / HTTP/1.1\r\nHost: x\r\nContent-Type: ${content_type}\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n`;
  let answer = "";
  await logged(() =>
    with_server(site(view), async (server) => {
      answer = await server.raw(Buffer.concat([Buffer.from(head), Buffer.from(body)]));
    }),
  );
  return answer;
}

describe("security/querydict: limits", () => {
  const counted: [what: string, query: string, allowed: boolean][] = [
    ["1,000 pairs", "a=1&".repeat(999) + "a=1", true],
    ["1,001 pairs", "a=1&".repeat(1000) + "a=1", false],
    [
      "1,001 names that are not the same",
      Array.from({ length: 1001 }, (_, n) => n).join("&"),
      false,
    ],
    ["1,001 empty pairs", "&".repeat(1001), false],
    ["1,001 pairs of which the last cannot be decoded", "&".repeat(1000) + "%zz", false],
  ];
  for (const [what, query, allowed] of counted) {
    it(`E1: ${what} are ${allowed ? "read" : "400"}, in a query and in a form`, async () => {
      if (allowed) expect(new QueryDict(query).getlist("a").length).to.equal(1000);
      else expect(() => new QueryDict(query)).to.throw(TooManyFieldsSent);
      const view = (request: HttpRequest): HttpResponse =>
        new HttpResponse(`${request.GET.size} ${request.POST.size}`);
      const status = allowed ? /^HTTP\/1\.1 200 / : /^HTTP\/1\.1 400 /;
      expect(await post(view, query)).to.match(status);
      await logged(() =>
        with_server(site(view), async (server) => {
          expect(await get(server, "Host: x", `/?${query}`)).to.match(status);
        }),
      );
    });
  }

  const limits: (keyof Settings)[] = [
    "DATA_UPLOAD_MAX_MEMORY_SIZE",
    "DATA_UPLOAD_MAX_NUMBER_FIELDS",
    "DATA_UPLOAD_MAX_NUMBER_FILES",
    "FILE_UPLOAD_MAX_MEMORY_SIZE",
    "CSRF_COOKIE_AGE",
    "SESSION_COOKIE_AGE",
    "PASSWORD_RESET_TIMEOUT",
  ];
  const wrong = [Number.NaN, "2.5mb", "10", -1, Infinity, [10], true];
  for (const name of limits) {
    for (const value of wrong) {
      it(`E2: ${name} cannot be ${typeof value === "number" ? value : JSON.stringify(value)}`, () => {
        const before = settings[name];
        expect(() => Reflect.set(settings, name, value)).to.throw(ImproperlyConfigured, name);
        expect(settings[name]).to.equal(before);
      });
    }
    it(`E2: ${name} has its default if it is undefined`, () => {
      const before = settings[name];
      Reflect.set(settings, name, undefined);
      expect(settings[name]).to.equal(before);
    });
  }
  it("E2: half a byte is no limit", () => {
    expect(() => (settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 2.5)).to.throw(ImproperlyConfigured);
  });
  it("E2: a program with such a setting does not start", async () => {
    const printed = await run_alone(`
      import { settings } from "nuages/conf";
      for (const DATA_UPLOAD_MAX_MEMORY_SIZE of [NaN, "2.5mb", -1]) {
        try {
          settings.configure({ DATA_UPLOAD_MAX_MEMORY_SIZE });
        } catch (error) {
          console.log(error.name, settings.configured);
        }
      }
      settings.configure({ DATA_UPLOAD_MAX_MEMORY_SIZE: undefined, DATA_UPLOAD_MAX_NUMBER_FIELDS: null });
      console.log(settings.DATA_UPLOAD_MAX_MEMORY_SIZE, settings.DATA_UPLOAD_MAX_NUMBER_FIELDS);
    `);
    expect(printed).to.equal(`${"ImproperlyConfigured false\n".repeat(3)}2621440 null\n`);
  }).timeout(20_000);

  it("E7: a form of DATA_UPLOAD_MAX_MEMORY_SIZE bytes is read whole, one more is 400", async () => {
    const view = (request: HttpRequest): HttpResponse =>
      new HttpResponse(`<${request.POST.get("a")?.length}>`);
    const LIMIT = 2_621_440;
    expect(await post(view, "a=".padEnd(LIMIT, "x"))).to.contain(`<${LIMIT - 2}>`);
    expect(await post(view, "a=".padEnd(LIMIT + 1, "x"))).to.match(/^HTTP\/1\.1 400 /);
  });
});

describe("security/querydict: names and values", () => {
  const read: [id: string, query: string, expected: Record<string, string[]>][] = [
    ["E3", "a=1;b=2", { a: ["1;b=2"] }],
    ["E3", "a;b=2", { "a;b": ["2"] }],
    ["E4", "a[__proto__][x]=1&a[]=1", { "a[__proto__][x]": ["1"], "a[]": ["1"] }],
    [
      "E4",
      "constructor=y&constructor.prototype=z",
      { constructor: ["y"], "constructor.prototype": ["z"] },
    ],
    ["E6", "%", { "%": [""] }],
    ["E6", "%zz=1", { "%zz": ["1"] }],
    ["E6", "a=%ff", { a: ["\ufffd"] }],
    ["E6", "a=%C0%AF", { a: ["\ufffd\ufffd"] }],
    ["E6", "a=%ED%A0%80", { a: ["\ufffd\ufffd\ufffd"] }],
    ["E6", "a=%00", { a: ["\0"] }],
    ["E6", "a+b=c+d", { "a b": ["c d"] }],
    ["E6", "=v", { "": ["v"] }],
    ["E6", "&&&=&=", { "": ["", ""] }],
  ];
  for (const [id, query, expected] of read) {
    it(`${id}: ${query} is ${JSON.stringify(expected)}, in a query and in a form`, async () => {
      expect(lists(new QueryDict(query))).to.deep.equal(expected);
      expect(json_of(await post(show_form, query))).to.deep.equal(expected);
      const view: AnyView = (request) => new JsonResponse(lists(request.GET));
      const { text } = await ask(view, {}, new Request(`http://testserver/?${query}`));
      expect(JSON.parse(text)).to.deep.equal(expected);
    });
  }

  it("E4: names of Object's members are names, and no object gets anything", () => {
    const q = new QueryDict("__proto__=x&constructor=y&hasOwnProperty=1&a[__proto__][x]=1");
    expect([...q.keys()]).to.deep.equal([
      "__proto__",
      "constructor",
      "hasOwnProperty",
      "a[__proto__][x]",
    ]);
    expect([q.get("__proto__"), q.get("hasOwnProperty"), q.get("toString")]).to.deep.equal([
      "x",
      "1",
      undefined,
    ]);
    expect("x" in {}).to.equal(false);
    expect(Object.getPrototypeOf(q.dict())).to.equal(null);
  });

  const heavy: [what: string, query: string][] = [
    ["10,000 levels of brackets", `a${"[b]".repeat(10_000)}=1`],
    ["10,000 levels of dots", `a${".b".repeat(10_000)}=1`],
    ["an index of 999,999,999", "a[999999999]=1"],
    ["100,000 commas", `a=${"1,".repeat(100_000)}`],
  ];
  for (const [what, query] of heavy) {
    it(`E5: ${what} are one name with one text, read in 10 ms`, () => {
      const [name = "", value = ""] = query.split("=");
      expect([...new QueryDict(query).lists()]).to.deep.equal([[name, [value]]]);
      expect(cpu_time(() => new QueryDict(query))).to.be.below(10);
      expect(cpu_time(() => new QueryDict(Buffer.from(query)))).to.be.below(10);
    });
  }

  it("E9: a byte that is no UTF-8 is latin-1, an escape of such a byte is U+FFFD", async () => {
    expect(json_of(await post(show_form, Buffer.from("a=\xff", "latin1")))).to.deep.equal({
      a: ["ÿ"],
    });
    expect(json_of(await post(show_form, "a=%E9"))).to.deep.equal({ a: ["\ufffd"] });
    const request = rf.generic("POST", "/", Buffer.from("a=\xff", "latin1"), {
      content_type: FORM,
    });
    expect(request.POST.get("a")).to.equal("ÿ");
  });

  it("E12: 1,000 names that collide in a hash table are read in 20 ms", () => {
    // whole numbers as text are hashed by their value: multiples of a power of two share a bucket
    const names = Array.from({ length: 1000 }, (_, n) => String((n + 1) * 65_536));
    const form = Buffer.from(names.join("&"));
    expect([...new QueryDict(form)]).to.deep.equal(names); // as sent: in an object numbers would go first, sorted
    expect(cpu_time(() => new QueryDict(form))).to.be.below(20);
  });

  it("E13: the query and the form of a request cannot be changed, their copies can", () => {
    const request = rf.post("/?q=1", "p=1", { content_type: FORM });
    for (const [q, name] of [
      [request.GET, "q"],
      [request.POST, "p"],
    ] as const) {
      const changes = [
        (d: QueryDict): unknown => d.set(name, "2"),
        (d: QueryDict): unknown => d.appendlist(name, "2"),
        (d: QueryDict): unknown => d.update({ [name]: "2" }),
        (d: QueryDict): unknown => d.delete(name),
        (d: QueryDict): unknown => d.clear(),
      ];
      for (const change of changes) {
        expect(() => change(q)).to.throw(AttributeError);
        const copy = q.copy();
        change(copy);
        expect(copy.getlist(name)).not.to.deep.equal(["1"]);
        expect(q.getlist(name)).to.deep.equal(["1"]);
      }
    }
  });
});

describe("security/querydict: what counts as a form", () => {
  for (const charset of ["utf-7", "utf-16", "latin-1", "UTF8"]) {
    it(`E8: a urlencoded form in ${charset} is 400 from both doors`, async () => {
      const type = `${FORM}; charset=${charset}`;
      expect(await post(show_form, "a=+ADw-", type)).to.match(/^HTTP\/1\.1 400 /);
      const init = { method: "POST", body: "a=+ADw-", headers: { "Content-Type": type } };
      const request = new Request("http://testserver/", init);
      expect((await ask(show_form, {}, request)).status).to.equal(400);
    });
  }
  it("E8: in a charset that does not exist it is read as UTF-8", async () => {
    const answer = await post(show_form, "a=%C3%A9", `${FORM}; charset=nope`);
    expect(json_of(answer)).to.deep.equal({ a: ["é"] });
  });

  const types: [type: string, is_form: boolean][] = [
    ["APPLICATION/X-WWW-FORM-URLENCODED", true],
    [`${FORM}\t; x`, true],
    [`${FORM} x`, false],
    [`${FORM},application/json`, false],
    ["application/json", false],
    ["text/plain", false],
  ];
  for (const [type, is_form] of types) {
    it(`E10: ${JSON.stringify(type)} is ${is_form ? "a" : "no"} form, over a connection too`, async () => {
      expect(json_of(await post(show_form, "a=1", type))).to.deep.equal(
        is_form ? { a: ["1"] } : {},
      );
    });
  }

  for (const method of ["PUT", "PATCH", "DELETE"]) {
    it(`E11: ${method} has a body and no form; the limit holds`, async () => {
      const view = (request: HttpRequest): HttpResponse =>
        new HttpResponse(`${request.POST.size} ${request.body.length}`);
      const send = (size: number): Request => {
        const init = { method, body: "a=".padEnd(size, "1"), headers: { "Content-Type": FORM } };
        return new Request("http://testserver/", init);
      };
      expect((await ask(view, {}, send(2_621_440))).text).to.equal("0 2621440");
      expect((await ask(view, {}, send(2_621_441))).status).to.equal(400);
    });
  }
});
