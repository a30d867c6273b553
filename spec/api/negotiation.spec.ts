/** Specification of nuages/api: the choice by Accept. @module */
import { expect } from "chai";
import { expectTypeOf } from "expect-type";
import { describe, it } from "mocha";
import { NotAcceptable } from "nuages/api/exceptions";
import { type Choice, Offer, type OfferedType } from "nuages/api/negotiation";
import {
  JSONRenderer,
  MessagePackRenderer,
  type Renderer,
  TemplateRenderer,
} from "nuages/api/renderers";
import { BadRequest } from "nuages/core/exceptions";
import { accepting, only_fault, thrown } from "../support/api_requests.ts";
import { cpu_time } from "../support/cpu_time.ts";

const JSON_TYPE = "application/json";
const renderers = [new JSONRenderer(), new MessagePackRenderer(), new TemplateRenderer("x.html")];

function offered(list: readonly Renderer[]): OfferedType[] {
  return list.map((renderer) => ({ content_type: renderer.content_type, renderer }));
}

/** An offer of files or streams, which have no renderer. */
function of_types(types: readonly string[], is_declared = true): Offer {
  return new Offer(
    types.map((content_type) => ({ content_type, renderer: undefined })),
    is_declared,
  );
}

const declared = new Offer(offered(renderers), true);
const undeclared = new Offer(offered(renderers), false);

/** What is chosen; twice, since choices are remembered. */
function chosen(offer: Offer, accept?: string): string {
  const first = offer.choose(accepting(accept));
  expect(offer.choose(accepting(accept))).to.equal(first);
  return first.chosen;
}

describe("api/negotiation: Offer", () => {
  it("N1: an offer has what it is given, in that order", () => {
    const types = ["image/png", "image/webp"];
    expect(chosen(of_types(types))).to.equal("image/png");
    expect(chosen(of_types(types), "image/webp")).to.equal("image/webp");
    expect(chosen(of_types(["text/event-stream"]), "text/*")).to.equal("text/event-stream");
    expectTypeOf(declared.choose(accepting())).toEqualTypeOf<Choice>();
  });

  for (const accept of [undefined, "", " \t", "*/*"]) {
    it(`N2: the first with Accept: ${JSON.stringify(accept)}`, () => {
      expect(chosen(declared, accept)).to.equal(JSON_TYPE);
      expect(declared.choose(accepting(accept)).renderer).to.equal(renderers[0]);
    });
  }

  const preferred: [accept: string, chosen: string][] = [
    ["application/json", JSON_TYPE],
    ["text/html", "text/html"],
    ["text/*", "text/html"],
    ["application/*", JSON_TYPE],
    ["application/json, text/plain, */*", JSON_TYPE],
    ["text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"],
    ["application/json;q=0.5, text/html;q=0.6", "text/html"],
    ["application/json, text/html", JSON_TYPE],
    ["text/html, application/json", "text/html"],
    ["TEXT/HTML", "text/html"],
    ["*/*;q=0.1, application/x-msgpack;q=0.2", "application/x-msgpack"],
  ];
  for (const [accept, type] of preferred) {
    it(`N3: ${accept}: ${type}, as get_preferred_type says`, () => {
      expect(chosen(declared, accept)).to.equal(type);
      const types = ["application/json", "application/x-msgpack", "text/html"];
      expect(accepting(accept).get_preferred_type(types)).to.equal(type);
    });
  }

  for (const alias of ["application/msgpack", "application/vnd.msgpack"]) {
    it(`N3, C2: the alias ${alias} is chosen under its own name`, () => {
      const choice = declared.choose(accepting(`${alias}, application/json;q=0.9`));
      expect(choice).to.deep.equal({
        content_type: "application/x-msgpack",
        renderer: renderers[1],
        chosen: alias,
      });
    });
  }

  it("C2: without an alias in Accept the type is application/x-msgpack", () => {
    const offer = new Offer(offered([new MessagePackRenderer()]), true);
    expect(chosen(offer)).to.equal("application/x-msgpack");
    expect(chosen(offer, "application/*")).to.equal("application/x-msgpack");
  });

  it("C10: a type with the suffix +json is offered as it is, parameters kept", () => {
    const type = "application/ld+json; profile=x";
    const offer = new Offer(offered([new JSONRenderer(type)]), true);
    for (const accept of [undefined, "application/ld+json", type, "application/*"])
      expect(chosen(offer, accept)).to.equal(type);
    expect(() => chosen(offer, "application/ld+json; profile=y")).to.throw(NotAcceptable);
  });

  it("N4, E11: nothing acceptable of what is declared is 406, with the types in extra", () => {
    const error = thrown(NotAcceptable, () => declared.choose(accepting("image/png")));
    expect(error.status_code).to.equal(406);
    expect(only_fault(error).type).to.equal("not_acceptable");
    expect(error.extra).to.deep.equal({
      available: ["application/json", "application/x-msgpack", "text/html"],
    });
    expect(() => declared.choose(accepting("image/png"))).to.throw(NotAcceptable); // remembered
    expect(() => of_types(["text/csv"]).choose(accepting("image/png"))).to.throw(NotAcceptable);
  });

  it("N5: nothing acceptable of what is not declared is the first", () => {
    expect(chosen(undeclared, "image/png")).to.equal(JSON_TYPE);
    expect(chosen(undeclared, "text/html")).to.equal("text/html");
    expect(chosen(of_types(["text/csv"], false), "image/png")).to.equal("text/csv");
  });

  it("N6: it varies with more than one type, or more than one name of a type", () => {
    expect(declared.varies).to.equal(true);
    expect(of_types(["image/png", "image/webp"]).varies).to.equal(true);
    expect(new Offer(offered([new MessagePackRenderer()]), true).varies).to.equal(true);
    expect(of_types(["image/png"]).varies).to.equal(false);
    expect(of_types([]).varies).to.equal(false);
  });

  for (const accept of [undefined, "image/png", "", "*/*;q=0"]) {
    it(`N7: an offer without types accepts ${accept ?? "no header"}`, () => {
      const any = { content_type: "", renderer: undefined, chosen: "" };
      expect(of_types([]).choose(accepting(accept))).to.deep.equal(any);
    });
  }

  it("N13: a handler may ask the request itself", () => {
    const request = accepting("text/html;q=0.3, text/plain;q=0.2");
    expect(request.get_preferred_type(["text/plain", "text/html"]) ?? "text/plain").to.equal(
      "text/html",
    );
    expect(accepting("a/b").get_preferred_type(["text/plain"]) ?? "text/plain").to.equal(
      "text/plain",
    );
  });

  it("is not told otherwise by Accept headers that it has seen", () => {
    const offer = of_types(["image/png", "image/webp"]);
    for (let n = 0; n < 100; n++)
      expect(() => offer.choose(accepting(`a/b${n}`))).to.throw(NotAcceptable);
    expect(chosen(offer, "image/webp")).to.equal("image/webp");
    expect(chosen(offer, `image/webp, ${"a/b, ".repeat(100)}a/b`)).to.equal("image/webp");
  });

  it("takes a first type of two equal ones", () => {
    const [first, second] = [new JSONRenderer(), new JSONRenderer()];
    expect(new Offer(offered([first, second]), true).choose(accepting()).renderer).to.equal(first);
  });
});

describe("api/negotiation: hostile Accept headers", () => {
  const html = of_types(["text/html"]);

  for (const q of ["nan", "-1", "2", "9".repeat(30), "inf", "abc"]) {
    it(`security D19: text/html;q=${q} is accepted, and twice the same`, () => {
      expect(chosen(html, `text/html;q=${q}`)).to.equal("text/html");
      const both = (): Offer => of_types(["text/html", "text/plain"]);
      const accept = `text/plain;q=0.9, text/html;q=${q}`;
      expect(chosen(both(), accept)).to.equal(chosen(both(), accept));
      if (q !== "nan") expect(chosen(both(), accept)).to.equal("text/html"); // what cannot be read weighs 1
    });
  }

  for (const accept of [
    "text/html;q=0",
    "text",
    "/",
    ";;;,",
    ",",
    "text/",
    "/html",
    "text/html/x",
  ]) {
    it(`security D19: ${accept} is no match`, () => {
      expect(() => chosen(html, accept)).to.throw(NotAcceptable);
      expect(chosen(of_types(["text/html"], false), accept)).to.equal("text/html");
    });
  }

  it("security T26: */*;q=0 accepts nothing: 406, with Vary: Accept", () => {
    const error = thrown(NotAcceptable, () => declared.choose(accepting("*/*;q=0")));
    expect(error.headers).to.deep.equal({ Vary: "Accept" });
    expect(chosen(undeclared, "*/*;q=0")).to.equal(JSON_TYPE);
  });

  it("security D18: a header that cannot be read is a BadRequest; who refuses nobody ignores it", () => {
    for (const accept of [`a/${"b".repeat(10_001)}`, "a/b; x*=nope''c"]) {
      expect(() => declared.choose(accepting(accept))).to.throw(BadRequest);
      expect(chosen(undeclared, accept)).to.equal(JSON_TYPE);
    }
  });

  const filled = (part: string): string =>
    part.repeat(Math.ceil(16_384 / part.length)).slice(0, 16_384);
  const long: [name: string, accept: string][] = [
    ["2,000 types", Array.from({ length: 2000 }, (_, n) => `a/${n}`).join(",")],
    ["16 KB of types", filled("a/b,")],
    ["16 KB of letters and commas", filled("a,")],
    ["16 KB of slashes", filled("/,")],
    ["16 KB of commas", filled(",")],
    ["16 KB of weights", filled("application/json;q=0.999999999999999999,")],
    ["16 KB of parameters", filled("application/json;v=1;w=2,")],
    ["16 KB of semicolons", filled("a;;;;;;;;;;;;,")],
    ["16 KB of quotes", filled('a/b;x="\\"",')],
    ["9,900 semicolons in quotes", `a/b; x="${";".repeat(9900)}"`],
  ];
  for (const [name, accept] of long) {
    it(`security D19, T26: ${name} take less than 10 ms`, () => {
      const offer = new Offer(offered(renderers), false);
      expect(cpu_time(() => offer.choose(accepting(accept)), 20)).to.be.lessThan(10);
    });
  }

  it("security T26: unknown types only are 406", () => {
    expect(() => declared.choose(accepting(filled("a/b,")))).to.throw(NotAcceptable);
  });
});
