import { AssertionError } from "node:assert";
import { expect } from "chai";
import { afterEach, beforeEach, describe, it } from "mocha";
import { ValueError } from "nuages/core/exceptions";
import { HttpResponse, HttpResponseRedirect, StreamingHttpResponse } from "nuages/http";
import { Nunjucks } from "nuages/template/backends/nunjucks";
import {
  override_settings,
  setup_test_environment,
  SimpleTestCase,
  teardown_test_environment,
} from "nuages/test";
import { render } from "nuages/shortcuts";
import { path } from "nuages/urls";

const urlpatterns = [
  path("page/", () => new HttpResponse('<p class="b a" id=x>One &amp; two</p> two')),
  path("stream/", () => new StreamingHttpResponse(["str", "eam"])),
  path("go/", () => new HttpResponseRedirect("/page/?b=2&a=1")),
  path("twice/", () => new HttpResponseRedirect("/go/")),
  path("away/", () => new HttpResponseRedirect("https://elsewhere.example/")),
  path("rendered/", (request) => render(request, "child.html", { n: 1 })),
];
const templates = {
  "base.html": "[{% block b %}{% endblock %}]",
  "child.html": '{% extends "base.html" %}{% block b %}{{ n }}{% endblock %}',
};
const settings = override_settings({
  ROOT_URLCONF: { urlpatterns },
  TEMPLATES: [{ BACKEND: Nunjucks, OPTIONS: { templates } }],
});

/** The message with which the assertion fails; `""` if it holds. */
async function failure(assertion: () => unknown): Promise<string> {
  try {
    await assertion();
    return "";
  } catch (error) {
    if (error instanceof AssertionError) return error.message;
    throw error;
  }
}

describe("test: SimpleTestCase", () => {
  const t = new SimpleTestCase();
  beforeEach(() => {
    settings.enable();
    setup_test_environment();
  });
  afterEach(() => {
    teardown_test_environment();
    settings.disable();
  });

  it("assertRedirects fetches the target and does not mind the order of the query", async () => {
    const response = await t.client.get("/go/");
    expect(await failure(() => t.assertRedirects(response, "/page/?a=1&b=2"))).to.equal("");
    expect(await failure(() => t.assertRedirects(response, "/other/"))).to.contain("/other/");
    expect(
      await failure(() => t.assertRedirects(response, "/page/?a=1&b=2", { status_code: 301 })),
    ).to.contain("301");
    const wrong_target = { target_status_code: 404, msg_prefix: "here" };
    expect(
      await failure(() => t.assertRedirects(response, "/page/?a=1&b=2", wrong_target)),
    ).to.match(/^here: .*404/);
  });

  it("assertRedirects looks at the first and the last step of a followed chain", async () => {
    const response = await t.client.get("/twice/", null, { follow: true });
    expect(response.redirect_chain.map(([url]) => url)).to.deep.equal(["/go/", "/page/?b=2&a=1"]);
    expect(await failure(() => t.assertRedirects(response, "/page/?b=2&a=1"))).to.equal("");
  });

  it("assertRedirects refuses to fetch from another host", async () => {
    const response = await t.client.get("/away/");
    const error = await t
      .assertRedirects(response, "https://elsewhere.example/")
      .catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(ValueError);
    const options = { fetch_redirect_response: false };
    expect(
      await failure(() => t.assertRedirects(response, "https://elsewhere.example/", options)),
    ).to.equal("");
  });

  it("assertContains counts, compares HTML if asked, and leaves a stream readable", async () => {
    const page = await t.client.get("/page/");
    expect(await failure(() => t.assertContains(page, "two", { count: 2 }))).to.equal("");
    expect(await failure(() => t.assertContains(page, "two", { count: 1 }))).to.contain(
      "2 of the expected 1",
    );
    expect(await failure(() => t.assertContains(page, "three"))).to.contain("three");
    expect(await failure(() => t.assertContains(page, "two", { status_code: 404 }))).to.contain(
      "404",
    );
    const html = '<p id="x"   class="a b">One & two</p>';
    expect(await failure(() => t.assertContains(page, html, { html: true }))).to.equal("");
    const stream = await t.client.get("/stream/");
    expect(await failure(() => t.assertContains(stream, Buffer.from("stream")))).to.equal("");
    expect(await failure(() => t.assertContains(stream, "stream"))).to.equal("");
  });

  it("assertNotContains", async () => {
    const page = await t.client.get("/page/");
    expect(await failure(() => t.assertNotContains(page, "three"))).to.equal("");
    expect(await failure(() => t.assertNotContains(page, "two"))).to.contain("two");
  });

  it("assertTemplateUsed knows parents too", async () => {
    const response = await t.client.get("/rendered/");
    expect(
      await failure(() => t.assertTemplateUsed(response, "child.html", { count: 1 })),
    ).to.equal("");
    expect(await failure(() => t.assertTemplateUsed(response, "base.html"))).to.equal("");
    expect(await failure(() => t.assertTemplateUsed(response, "none.html"))).to.contain(
      "none.html",
    );
    expect(await failure(() => t.assertTemplateNotUsed(response, "child.html"))).to.contain(
      "child.html",
    );
  });

  it("assertJSONEqual and assertJSONNotEqual compare data, not text", async () => {
    expect(await failure(() => t.assertJSONEqual('{"a": 1, "b": [2]}', { b: [2], a: 1 }))).to.equal(
      "",
    );
    expect(await failure(() => t.assertJSONEqual("[1]", "[2]"))).to.contain("[1]");
    expect(await failure(() => t.assertJSONNotEqual("[1]", [1]))).to.contain("[1]");
    expect(await failure(() => t.assertJSONEqual("no JSON", 1))).to.contain("no JSON");
  });

  it("assertURLEqual keeps the order among equal names", async () => {
    expect(await failure(() => t.assertURLEqual("/x?a=1&b=2&a=3", "/x?b=2&a=1&a=3"))).to.equal("");
    expect(await failure(() => t.assertURLEqual("/x?a=1&a=3", "/x?a=3&a=1"))).not.to.equal("");
  });

  it("assertRaisesMessage looks at class and message, of promises too", async () => {
    const broken = (text: string): never => {
      throw new ValueError(`the value ${text} is wrong`);
    };
    expect(await failure(() => t.assertRaisesMessage(ValueError, "value x", broken, "x"))).to.equal(
      "",
    );
    expect(
      await failure(() => t.assertRaisesMessage(ValueError, "value y", broken, "x")),
    ).to.contain("value y");
    expect(await failure(() => t.assertRaisesMessage(ValueError, "", () => 1))).to.contain(
      "not thrown",
    );
    const later = (): Promise<never> => Promise.reject(new ValueError("later"));
    expect(await failure(() => t.assertRaisesMessage(ValueError, "later", later))).to.equal("");
  });
});
