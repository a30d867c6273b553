/** Specification of nuages/api: data as it is rendered. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import type { TypeEncoder } from "nuages/api/encoders";
import {
  JSONRenderer,
  MessagePackRenderer,
  type RenderContext,
  Renderer,
  renderer_for,
  TemplateRenderer,
  TextRenderer,
} from "nuages/api/renderers";
import { ImproperlyConfigured } from "nuages/core/exceptions";
import type { HttpRequest } from "nuages/http";
import { Nunjucks } from "nuages/template";
import { TemplateDoesNotExist } from "nuages/template/exceptions";
import { mark_safe } from "nuages/utils/safestring";
import { accepting } from "../support/api_requests.ts";
import { run_alone } from "../support/child.ts";
import { temporary_directory } from "../support/files.ts";
import { with_settings } from "../support/settings.ts";

class Point {
  readonly x = 1;
  readonly y = 2;
}

const as_text: TypeEncoder = [Point, (point: Point) => `${point.x},${point.y}`];

function context(renderer: Renderer, type_encoders: readonly TypeEncoder[] = []): RenderContext {
  return { request: accepting(), content_type: renderer.content_type, type_encoders };
}

/** What is sent for data, by a renderer that makes nobody wait. */
function rendered(
  renderer: Renderer,
  data: unknown,
  type_encoders?: readonly TypeEncoder[],
): unknown {
  return renderer.render(data, context(renderer, type_encoders));
}

describe("api/renderers: JSONRenderer", () => {
  const json = new JSONRenderer();

  it("C1: data is application/json: compact, in UTF-8", () => {
    expect(json.content_type).to.equal("application/json");
    expect(json.aliases).to.deep.equal([]);
    expect(json.data).to.equal(true);
    expect(rendered(json, { a: [1, "é", null], b: undefined })).to.equal('{"a":[1,"é",null]}');
  });

  it("asks the encoders of the response and its layers", () => {
    expect(rendered(json, [new Point()], [as_text])).to.equal('["1,2"]');
  });

  for (const type of [
    "application/problem+json",
    "application/ld+json; profile=x",
    "Application/JSON",
  ]) {
    it(`C10: is of the type ${type}, as it is written`, () => {
      expect(new JSONRenderer(type).content_type).to.equal(type);
      expect(rendered(new JSONRenderer(type), "x")).to.equal('"x"');
    });
  }

  for (const type of ["text/html", "application/yaml", "", "+json", "application/json+x", "json"]) {
    it(`refuses the type ${JSON.stringify(type)}`, () => {
      expect(() => new JSONRenderer(type)).to.throw(ImproperlyConfigured, type);
    });
  }
});

describe("api/renderers: MessagePackRenderer", () => {
  const messagepack = new MessagePackRenderer();

  async function decoded(data: unknown, encoders?: readonly TypeEncoder[]): Promise<unknown> {
    const { decode } = await import("@msgpack/msgpack");
    const bytes = await rendered(messagepack, data, encoders);
    if (!(bytes instanceof Uint8Array)) throw new Error("no bytes");
    return decode(bytes);
  }

  it("C2: has one type and two aliases", () => {
    expect(messagepack.content_type).to.equal("application/x-msgpack");
    expect(messagepack.aliases).to.deep.equal(["application/msgpack", "application/vnd.msgpack"]);
    expect(messagepack.data).to.equal(true);
  });

  it("sends what JSON sends", async () => {
    const data = { id: 1, name: "é", tags: ["a", null, true, 1.5], gone: undefined, n: 10n };
    expect(await decoded(data)).to.deep.equal({
      id: 1,
      name: "é",
      tags: ["a", null, true, 1.5],
      n: "10",
    });
    expect(await decoded([new Point()])).to.deep.equal([{ x: 1, y: 2 }]);
    expect(await decoded([new Point()], [as_text])).to.deep.equal(["1,2"]);
  });

  it("leaves out of an object what JSON leaves out", async () => {
    const data = { a: 1, f: () => 1, s: Symbol("s"), u: undefined, nested: [{ g: () => 2 }] };
    expect(await decoded(data)).to.deep.equal({ a: 1, nested: [{}] });
    expect(await decoded([1, undefined])).to.deep.equal([1, null]);
    expect(await decoded([Number.NaN, Infinity, -0])).to.deep.equal([null, null, 0]);
  });

  it("sends dates as timestamps and bytes as they are", async () => {
    const when = new Date(1_700_000_000_123);
    expect(await decoded({ when, bytes: Buffer.from([1, 2]) })).to.deep.equal({
      when,
      bytes: Uint8Array.of(1, 2),
    });
    const bytes = await rendered(messagepack, new Date(0));
    expect(bytes).to.deep.equal(Uint8Array.of(0xd6, 0xff, 0, 0, 0, 0));
  });

  it("sends data nested over 100 levels deep, as JSON does", async () => {
    let data: unknown = 1;
    for (let level = 0; level < 300; level++) data = [data];
    const bytes = await rendered(messagepack, data);
    expect((bytes as Uint8Array).length).to.equal(301);
  });

  it("gives no promise once the package is loaded", async () => {
    await rendered(messagepack, 1);
    expect(rendered(messagepack, 1)).to.deep.equal(Uint8Array.of(1));
  });
});

describe("api/renderers: TextRenderer", () => {
  const text = new TextRenderer();

  it("C3: is text/plain, or any type", () => {
    expect(text.content_type).to.equal("text/plain");
    expect(text.data).to.equal(false);
    expect(new TextRenderer("text/csv").content_type).to.equal("text/csv");
  });

  const texts: [name: string, data: unknown, sent: unknown][] = [
    ["a string", "a", "a"],
    ["a safe string", mark_safe("<b>"), "<b>"],
    ["null", null, ""],
    ["undefined", undefined, ""],
  ];
  for (const [name, data, sent] of texts) {
    it(`sends ${name}`, () => {
      expect(rendered(text, data)).to.equal(sent);
    });
  }

  it("C4: sends bytes as they are", () => {
    for (const bytes of [
      Uint8Array.of(1, 2),
      Uint8Array.of(1, 2).buffer,
      new DataView(Uint8Array.of(1, 2).buffer),
    ])
      expect(rendered(text, bytes)).to.deep.equal(Buffer.from([1, 2]));
  });

  const others: [name: string, data: unknown][] = [
    ["a number", 1],
    ["a boolean", false],
    ["an object", {}],
    ["a list", ["a"]],
    ["an instance of Point", new Point()],
    ["an object", Object.create(null)],
  ];
  for (const [name, data] of others) {
    it(`V9: throws TypeError for other data: ${name}`, () => {
      expect(() => rendered(text, data)).to.throw(TypeError, `this is ${name}.`);
    });
  }
});

describe("api/renderers: TemplateRenderer", () => {
  const files = temporary_directory({
    "page.html": "{{ name }}|{{ data }}|{{ site }}|{{ request.method }}",
    "second.html": "second",
  });

  function page(template: string | readonly string[], data: unknown): Promise<unknown> {
    const context_processors = [(request: HttpRequest) => ({ site: request.path, request })];
    const TEMPLATES = [{ BACKEND: Nunjucks, DIRS: [files.root], OPTIONS: { context_processors } }];
    return with_settings(
      { TEMPLATES },
      async () => await rendered(new TemplateRenderer(template), data),
    );
  }

  it("C5: is text/html, and takes no part in errors", () => {
    expect(new TemplateRenderer("page.html").content_type).to.equal("text/html");
    expect(new TemplateRenderer("page.html").data).to.equal(false);
  });

  const pages: [name: string, data: unknown, text: string][] = [
    ["an object is the context", { name: "<x>" }, "&lt;x&gt;||/|GET"],
    ["a Map is the context", new Map([["name", "x"]]), "x||/|GET"],
    ["an instance is the context", Object.assign(new Point(), { name: "p" }), "p||/|GET"],
    ["a list is data", ["a", "b"], "|[&#x27;a&#x27;, &#x27;b&#x27;]|/|GET"],
    ["a string is data", "a", "|a|/|GET"],
    ["a number is data", 0, "|0|/|GET"],
    ["null is data", null, "|None|/|GET"],
  ];
  for (const [name, data, text] of pages) {
    it(`${name}, and the context processors run`, async () => {
      expect(await page("page.html", data)).to.equal(text);
    });
  }

  it("takes the first template that exists", async () => {
    expect(await page(["missing.html", "second.html"], {})).to.equal("second");
  });

  it("gives a rejected promise, or throws, without the template", async () => {
    const error: unknown = await page("missing.html", {}).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(TemplateDoesNotExist);
  });
});

describe("api/renderers: renderer_for", () => {
  const csv = new TextRenderer("text/csv");
  const ld = new JSONRenderer("application/ld+json");

  it("N1: the endpoint's content type is rendered by the layer's renderer of that type", () => {
    expect(renderer_for("text/csv; header=present", [ld, csv])).to.equal(csv);
    expect(renderer_for("application/LD+json", [csv, ld])).to.equal(ld);
  });

  for (const type of ["application/json", "application/problem+json; charset=utf-8"]) {
    it(`C10: ${type} is rendered as JSON anyway`, () => {
      expect(renderer_for(type, [csv])).to.be.instanceOf(JSONRenderer);
    });
  }

  it("C2: MessagePack under any of its names is rendered as that", () => {
    for (const type of ["application/x-msgpack", "application/msgpack", "application/vnd.msgpack"])
      expect(renderer_for(type, [])).to.be.instanceOf(MessagePackRenderer);
    const own = new MessagePackRenderer();
    expect(renderer_for("application/msgpack", [own])).to.equal(own);
  });

  it("C4: other types have no renderer: only text and bytes can be sent", () => {
    for (const type of ["application/octet-stream", "text/html", "application/xml", "__proto__"])
      expect(renderer_for(type, [])).to.equal(undefined);
  });
});

describe("api/renderers: what is loaded", () => {
  it("is neither the template engine nor MessagePack before the first use", async () => {
    const code = `
      import { createRequire } from "node:module";
      import { MessagePackRenderer } from "nuages/api/renderers";
      import "nuages/api/parsers";
      const { cache } = createRequire(process.cwd() + "/");
      const count = (name) => Object.keys(cache).filter((file) => file.includes(name)).length;
      const before = [count("/nunjucks/"), count("/msgpack/")];
      await new MessagePackRenderer().render(1, { type_encoders: [] });
      await import("nuages/template/backends/nunjucks");
      console.log(...before, count("/nunjucks/") > 0, count("/msgpack/") > 0);`;
    expect((await run_alone(code)).trim()).to.equal("0 0 true true");
  });

  it("is named with the command that installs it, if there is no MessagePack", async () => {
    const code = `
      import { register } from "node:module";
      const hook = "export const resolve = (name, context, next) => { " +
        "if (name === '@msgpack/msgpack') throw new Error('gone'); return next(name, context); };";
      register("data:text/javascript," + encodeURIComponent(hook));
      const { MessagePackRenderer } = await import("nuages/api/renderers");
      for (const data of [1, 2]) {
        try {
          await new MessagePackRenderer().render(data, { type_encoders: [] });
        } catch (error) {
          console.log(error.name, error.message, error.cause.message);
        }
      }`;
    const line =
      "ImproperlyConfigured MessagePack needs the package @msgpack/msgpack: npm install @msgpack/msgpack gone";
    expect((await run_alone(code)).trim().split("\n")).to.deep.equal([line, line]);
  });
});
