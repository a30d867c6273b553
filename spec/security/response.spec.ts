/** Security of what a response contains: JSON, streams, and a response that was sent. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { HttpResponse, JsonResponse, StreamingHttpResponse } from "nuages/http";
import { SecurityMiddleware } from "nuages/middleware/security";
import { path } from "nuages/urls";
import { type AnyView, ask } from "../support/ask.ts";
import { logged, quiet } from "../support/log.ts";
import { GET, sent } from "../support/raw.ts";
import { with_server } from "../support/server.ts";
import { turns } from "../support/turns.ts";

describe("security/response: JSON", () => {
  it("H20: a list is refused unless safe is off", () => {
    expect(() => new JsonResponse([1])).to.throw(TypeError);
    expect(new JsonResponse([1], { safe: false }).text).to.equal("[1]");
  });

  const cyclic: { self?: unknown } = {};
  cyclic.self = cyclic;
  const wrong: [what: string, data: () => object][] = [
    ["a cycle", () => cyclic],
    ["what throws in toJSON", () => ({ a: { toJSON: fails } })],
    [
      "what throws when it is read",
      () => Object.defineProperty({}, "a", { enumerable: true, get: fails }),
    ],
    ["a function", () => ({ a: fails })],
    ["a Symbol", () => ({ a: Symbol("s") })],
  ];
  function fails(): never {
    throw new Error("not readable");
  }
  describe("that cannot be written", () => {
    quiet();
    for (const [what, data] of wrong) {
      it(`H20: ${what} is an error before anything is sent`, async () => {
        const answer = await sent(() => new JsonResponse({ first: 1, second: data() }));
        expect(answer).to.match(/^HTTP\/1\.1 500 /);
        expect(answer).not.to.include("first");
      });
    }
  });

  const odd: [what: string, value: unknown, text: string][] = [
    ["NaN", Number.NaN, "NaN"], // as Python writes it
    ["a BigInt", 2n ** 64n, "18446744073709551616"],
    ["undefined", undefined, "null"],
  ];
  for (const [what, value, text] of odd) {
    it(`H20: ${what} is written ${text}`, () => {
      expect(new JsonResponse({ a: value }).text).to.equal(`{"a": ${text}}`);
    });
  }

  it("H21: tags are not escaped: the type and nosniff keep browsers from reading HTML", async () => {
    const { headers, text } = await ask(() => new JsonResponse({ a: "</script>" }), {
      MIDDLEWARE: [SecurityMiddleware],
    });
    expect(text).to.equal('{"a": "</script>"}');
    expect(headers.get("Content-Type")).to.equal("application/json");
    expect(headers.get("X-Content-Type-Options")).to.equal("nosniff");
  });
});

describe("security/response: streams", () => {
  const pieces: [what: string, piece: unknown, text: string][] = [
    ["a number", 12, "12"],
    ["null", null, "None"],
    ["an object", { a: 1 }, "{'a': 1}"],
    ["half a character", "\ud800", "\ufffd"],
  ];
  for (const [what, piece, text] of pieces) {
    it(`H22: ${what} is sent as ${JSON.stringify(text)}`, async () => {
      const view: AnyView = () => new StreamingHttpResponse(["<", piece, ">"]);
      expect((await ask(view)).text).to.equal(`<${text}>`);
      await with_server([path("", view as () => StreamingHttpResponse)], async ({ fetch }) => {
        expect(await (await fetch("/")).text()).to.equal(`<${text}>`);
      });
    });
  }

  describe("that break off", () => {
    quiet();
    it("H22: what has no text ends the connection, and the next request is answered", async () => {
      const broken = {
        toString: () => {
          throw new Error("no text");
        },
      };
      const view: AnyView = () => new StreamingHttpResponse(["begun", broken]);
      await with_server([path("", view as () => StreamingHttpResponse)], async ({ raw }) => {
        for (let run = 0; run < 2; run++) {
          const answer = await raw(GET);
          expect(answer).to.match(/^HTTP\/1\.1 200 OK/);
          expect(answer.endsWith("0\r\n\r\n")).to.equal(false);
        }
      });
    });
  });

  it("H22: a text of 100 MB is written as fast as it is read, and no further piece is made before", async () => {
    let made = 0;
    function* texts(): Generator<string> {
      for (let run = 0; run < 3; run++) {
        made += 1;
        yield "x".repeat(100_000_000);
      }
    }
    const view = (): StreamingHttpResponse => new StreamingHttpResponse(texts());
    await with_server([path("", view)], async ({ connect }) => {
      const socket = await connect();
      socket.on("error", () => undefined);
      socket.write(GET);
      await new Promise((resolve) => socket.once("readable", resolve));
      await turns(20);
      expect(made).to.equal(1);
      socket.destroy();
    });
  });

  it("H25: a response that was sent is not sent to the next visitor", async () => {
    const shared = new HttpResponse("for one");
    const view: AnyView = () => {
      shared.set_cookie("session", "secret");
      return shared;
    };
    await with_server([path("", view as () => HttpResponse)], async ({ raw }) => {
      expect(await raw(GET)).to.match(/^HTTP\/1\.1 200 OK[^]*secret[^]*for one$/);
      const records = await logged(async () => {
        const second = await raw(GET);
        expect(second).to.match(/^HTTP\/1\.1 500 /);
        expect(second).not.to.match(/secret|for one/);
      });
      expect(records.map(({ error }) => String(error)).join()).to.include("can be sent once");
    });
  });

  it("H25: nor behind the Fetch door", async () => {
    const shared = new HttpResponse("for one");
    const view: AnyView = () => shared;
    expect((await ask(view)).text).to.equal("for one");
    const { status, text } = await ask(view);
    expect([status, text.includes("for one")]).to.deep.equal([500, false]);
  });
});
