import { expect } from "chai";
import { describe, it } from "mocha";
import { static as static_patterns } from "nuages/conf/urls/static";
import { ImproperlyConfigured } from "nuages/core/exceptions";
import { HttpResponse } from "nuages/http";
import { Client, override_settings } from "nuages/test";
import { temporary_directory } from "../../support/files.ts";
import { quiet } from "../../support/log.ts";

const in_debug = override_settings({ DEBUG: true });

describe("conf/urls/static: static()", () => {
  quiet();
  const tree = temporary_directory({ "a.txt": "hello" });

  it("serves the files of a directory below its prefix, while DEBUG", async () => {
    const urlpatterns = in_debug(static_patterns)("/media/", { document_root: tree.root });
    await override_settings({ ROOT_URLCONF: { urlpatterns } })(async () => {
      const response = await new Client().get("/media/a.txt");
      expect(response.get("Content-Type")).to.equal("text/plain");
      expect((await new Client().get("/other/a.txt")).status_code).to.equal(404);
    })();
  });

  it("gives a view of one's own the path and all other options", async () => {
    const given: unknown[] = [];
    const view = (_request: unknown, kwargs: object): HttpResponse => {
      given.push({ ...kwargs });
      return new HttpResponse("");
    };
    const urlpatterns = in_debug(static_patterns)("m/", { view, colour: "blue" });
    await override_settings({ ROOT_URLCONF: { urlpatterns } })(() => new Client().get("/m/x/y"))();
    expect(given).to.deep.equal([{ path: "x/y", colour: "blue" }]);
  });

  const literal: [prefix: string, path: string, status: number][] = [
    ["a.b/", "/a.b/a.txt", 200],
    ["a.b/", "/aXb/a.txt", 404],
    ["(x)+/", "/(x)+/a.txt", 200],
    ["/lead/", "/lead/a.txt", 200],
  ];
  for (const [prefix, path, status] of literal) {
    it(`takes the prefix ${prefix} literally: ${path} is ${status}`, async () => {
      const urlpatterns = in_debug(static_patterns)(prefix, { document_root: tree.root });
      await override_settings({ ROOT_URLCONF: { urlpatterns } })(async () => {
        expect((await new Client().get(path)).status_code).to.equal(status);
      })();
    });
  }

  it("Q14: gives no URLs while DEBUG is off", () => {
    const made = override_settings({ DEBUG: false })(static_patterns)("/media/", {
      document_root: tree.root,
    });
    expect(made).to.deep.equal([]);
  });

  for (const prefix of ["https://static.example/m/", "//static.example/m/"]) {
    it(`gives no URLs for ${prefix}, which another host serves`, () => {
      expect(in_debug(static_patterns)(prefix)).to.deep.equal([]);
    });
  }

  it("refuses an empty prefix", () => {
    expect(() => in_debug(static_patterns)("")).to.throw(ImproperlyConfigured);
  });
});
