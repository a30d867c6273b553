import { expect } from "chai";
import { expectTypeOf } from "expect-type";
import { afterEach, beforeEach, describe, it } from "mocha";
import { HttpResponse } from "nuages/http";
import { HttpRequest } from "nuages/http/request";
import { engines, Nunjucks, TemplateDoesNotExist } from "nuages/template";
import {
  ContentNotRenderedError,
  SimpleTemplateResponse,
  TemplateResponse,
} from "nuages/template/response";
import { override_settings } from "nuages/test/utils";

const templates = { "a.html": "a {{ x }}", "b.html": "b", "path.html": "{{ request.path }}" };
const site = override_settings({ TEMPLATES: [{ BACKEND: Nunjucks, OPTIONS: { templates } }] });

describe("template/response: SimpleTemplateResponse", () => {
  beforeEach(() => {
    site.enable();
  });
  afterEach(() => {
    site.disable();
  });

  it("has no content before it is rendered", () => {
    const response = new SimpleTemplateResponse("a.html", { x: 1 });
    expect(response.is_rendered).to.equal(false);
    expect(() => response.content).to.throw(ContentNotRenderedError);
    expect(() => [...response]).to.throw(ContentNotRenderedError);
    expect(response.render()).to.equal(response);
    expect(response.is_rendered).to.equal(true);
    expect(response.content.toString()).to.equal("a 1");
    expect(Buffer.concat([...response]).toString()).to.equal("a 1");
  });

  it("is rendered once", () => {
    const context = { x: 1 };
    const response = new SimpleTemplateResponse("a.html", context);
    response.render();
    context.x = 2;
    response.render();
    expect(response.content.toString()).to.equal("a 1");
    expect(response.rendered_content).to.equal("a 2");
    expect(response.content.toString()).to.equal("a 1");
  });

  it("counts as rendered when its content is set", () => {
    const response = new SimpleTemplateResponse("a.html");
    response.content = "by hand";
    expect(response.is_rendered).to.equal(true);
    response.render();
    expect(response.content.toString()).to.equal("by hand");
  });

  it("renders the template and the context that it has by then", () => {
    const response = new SimpleTemplateResponse("a.html", { x: 1 });
    response.template_name = ["none.html", "b.html"];
    response.render();
    expect(response.content.toString()).to.equal("b");
  });

  it("takes a template for a name", () => {
    const template = engines.getitem("nunjucks").from_string("own {{ x }}");
    const response = new SimpleTemplateResponse(template, { x: 1 });
    response.render();
    expect(response.content.toString()).to.equal("own 1");
  });

  it("says what is missing when it is rendered, not before", () => {
    const response = new SimpleTemplateResponse("none.html");
    expect(() => response.render()).to.throw(TemplateDoesNotExist);
  });

  it("keeps a context of null", () => {
    expect(new SimpleTemplateResponse("b.html", null).context_data).to.equal(null);
  });

  it("passes status, content type, charset and headers on", () => {
    const response = new SimpleTemplateResponse("b.html", null, {
      status: 201,
      content_type: "text/x",
      charset: "latin-1",
      headers: { Age: 1 },
    });
    expect(response.status_code).to.equal(201);
    expect(response.get("Content-Type")).to.equal("text/x");
    expect(response.charset).to.equal("latin-1");
    expect(response.get("Age")).to.equal("1");
  });

  it("hands what one callback returns to the next; the last one returned is the result", () => {
    const response = new SimpleTemplateResponse("b.html");
    const other = new HttpResponse("other");
    const seen: unknown[] = [];
    response.add_post_render_callback((rendered) => {
      seen.push(rendered);
    });
    response.add_post_render_callback((rendered) => {
      seen.push(rendered);
      return other;
    });
    response.add_post_render_callback((rendered) => {
      seen.push(rendered);
      return null;
    });
    expect(response.render()).to.equal(other);
    expect(seen).to.deep.equal([response, response, other]);
  });

  it("calls a callback at once if it is rendered already", () => {
    const response = new SimpleTemplateResponse("b.html");
    response.render();
    let called = 0;
    response.add_post_render_callback(() => {
      called++;
      return new HttpResponse();
    });
    expect(called).to.equal(1);
    expect(response.render()).to.equal(response);
  });
});

describe("template/response: TemplateResponse", () => {
  it("renders with its request", () => {
    site.enable();
    const request = new HttpRequest();
    request.path = "/here/";
    const response = new TemplateResponse(request, "path.html");
    response.render();
    expect(response.content.toString()).to.equal("/here/");
    site.disable();
  });

  it("gives its content as bytes", () => {
    expectTypeOf<TemplateResponse["content"]>().toEqualTypeOf<Buffer>();
    expectTypeOf<TemplateResponse["is_rendered"]>().toEqualTypeOf<boolean>();
  });
});
