import { expect } from "chai";
import { describe, it } from "mocha";
import { PermissionDenied } from "nuages/core/exceptions";
import { Http404, type HttpResponse } from "nuages/http";
import { HttpRequest } from "nuages/http/request";
import { Nunjucks, TemplateDoesNotExist } from "nuages/template";
import { override_settings } from "nuages/test/utils";
import {
  bad_request,
  page_not_found,
  permission_denied,
  server_error,
} from "nuages/views/defaults";

const request = new HttpRequest();
request.path = request.path_info = "/<b>buy at evil.example";
const error = new Http404("<i>secret");

function page(response: HttpResponse): string {
  return response.content.toString();
}

describe("views/defaults: without templates of the site", () => {
  const pages: [name: string, status: number, make: () => HttpResponse][] = [
    ["page_not_found", 404, () => page_not_found(request, error)],
    ["server_error", 500, () => server_error(request)],
    ["bad_request", 400, () => bad_request(request, error)],
    ["permission_denied", 403, () => permission_denied(request, error)],
  ];
  for (const [name, status, make] of pages) {
    it(`${name} answers ${status}, and shows nothing of the request or the error`, () => {
      const response = override_settings({ TEMPLATES: [] })(make)();
      expect(response.status_code).to.equal(status);
      expect(page(response)).to.match(/^<!doctype html>/);
      expect(page(response)).not.to.match(/evil|secret|%\(/);
    });
  }

  it("a template that is named must exist", () => {
    override_settings({ TEMPLATES: [] })(() => {
      const options = { template_name: "mine.html" };
      expect(() => page_not_found(request, error, options)).to.throw(TemplateDoesNotExist);
      expect(() => server_error(request, options)).to.throw(TemplateDoesNotExist);
      expect(() => bad_request(request, error, options)).to.throw(TemplateDoesNotExist);
      expect(() => permission_denied(request, error, options)).to.throw(TemplateDoesNotExist);
    })();
  });
});

describe("views/defaults: with templates of the site", () => {
  const all = "{{ request_path }}|{{ exception }}|{{ request.path }}|{{ from_processor }}";
  const templates = { "404.html": all, "403.html": all, "400.html": all, "500.html": all };
  const context_processors = [() => ({ from_processor: "p" })];
  const site = override_settings({
    TEMPLATES: [{ BACKEND: Nunjucks, OPTIONS: { templates, context_processors } }],
  });
  const rendered: [what: string, make: () => HttpResponse, text: string][] = [
    [
      "the path, percent-encoded, and the text of a 404",
      () => page_not_found(request, error),
      "/%3Cb%3Ebuy%20at%20evil.example|&lt;i&gt;secret|/&lt;b&gt;buy at evil.example|p",
    ],
    [
      "the name of a 404 without a text",
      () => page_not_found(request, new Http404()),
      "/%3Cb%3Ebuy%20at%20evil.example|Http404|/&lt;b&gt;buy at evil.example|p",
    ],
    [
      "the text of a 403",
      () => permission_denied(request, new PermissionDenied("no")),
      "|no|/&lt;b&gt;buy at evil.example|p",
    ],
    ["no error of a 400", () => bad_request(request, error), "||/&lt;b&gt;buy at evil.example|p"],
    ["nothing at all of a 500", () => server_error(request), "|||"],
  ];
  for (const [what, make, text] of rendered) {
    it(`they see ${what}`, () => {
      expect(page(site(make)())).to.equal(text);
    });
  }
});
