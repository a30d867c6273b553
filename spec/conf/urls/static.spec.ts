import { expect } from "chai";
import { describe, it } from "mocha";
import { static as static_urls } from "nuages/conf/urls/static";
import { ImproperlyConfigured } from "nuages/core/exceptions";
import { type HttpRequest, HttpResponse } from "nuages/http";
import { override_settings } from "nuages/test";
import { resolve } from "nuages/urls";
import { serve } from "nuages/views/static";

describe("conf/urls/static", () => {
  it("serves what is below the prefix, while DEBUG is on", () => {
    override_settings({ DEBUG: true })(() => {
      const urlconf = static_urls("/media/", { document_root: "/srv/media" });
      const { func, kwargs } = resolve("/media/a/b.txt", { urlconf });
      expect(func).to.equal(serve);
      expect({ ...kwargs }).to.deep.equal({ path: "a/b.txt", document_root: "/srv/media" });
    })();
  });

  it("takes the prefix literally, and another view", () => {
    const view = (_request: HttpRequest, { path }: { path: string }): HttpResponse =>
      new HttpResponse(path);
    override_settings({ DEBUG: true })(() => {
      const urlconf = static_urls("m.d+/", { view });
      expect(resolve("/m.d+/x", { urlconf }).func).to.equal(view);
      expect(() => resolve("/mxd+/x", { urlconf })).to.throw();
    })();
  });

  it("serves nothing without DEBUG, nor for another host", () => {
    expect(static_urls("/media/")).to.deep.equal([]);
    override_settings({ DEBUG: true })(() => {
      expect(static_urls("https://cdn.example/media/")).to.deep.equal([]);
      expect(static_urls("//cdn.example/media/")).to.deep.equal([]);
    })();
  });

  it("refuses an empty prefix", () => {
    expect(() => static_urls("")).to.throw(ImproperlyConfigured, "whole site");
  });
});
