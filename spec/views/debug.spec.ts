import { expect } from "chai";
import { afterEach, beforeEach, describe, it } from "mocha";
import { settings } from "nuages/conf";
import { DisallowedHost, ValueError } from "nuages/core/exceptions";
import { Http404, HttpResponse } from "nuages/http";
import type { HttpRequest } from "nuages/http/request";
import { engines, Nunjucks } from "nuages/template";
import { get_template } from "nuages/template/loader";
import { Client, RequestFactory } from "nuages/test";
import { override_settings } from "nuages/test/utils";
import { include, path } from "nuages/urls";
import {
  default_urlconf,
  ExceptionReporter,
  get_exception_reporter_filter,
  SafeExceptionReporterFilter,
  technical_404_response,
  technical_500_response,
} from "nuages/views/debug";
import { quiet } from "../support/log.ts";

const site = override_settings({
  DEBUG: true,
  ALLOWED_HOSTS: ["testserver"],
  TEMPLATES: [],
  MIDDLEWARE: [],
  SECRET_KEY: "the-secret-key",
  SECRET_KEY_FALLBACKS: ["a-former-key"],
  CACHES: {
    default: {
      BACKEND: class {},
      LOCATION: "redis://user:in-the-url@cache/1",
      OPTIONS: { client: { API_TOKEN: "a-token" }, list: [{ password: "in-a-list" }] },
    },
  },
});
const SECRETS =
  /the-secret-key|a-former-key|in-the-url|a-token|in-a-list|c2VjcmV0|the-session|the-csrf/;

function request(more: Record<string, unknown> = {}, target = "/a/?q=1"): HttpRequest {
  return new RequestFactory().get(target, undefined, more);
}

async function page(error: unknown, made: HttpRequest = request()): Promise<string> {
  const response = await technical_500_response(made, error);
  return String(response.content);
}

describe("views/debug", () => {
  quiet();
  beforeEach(() => {
    site.enable();
  });
  afterEach(() => {
    site.disable();
  });

  describe("technical_500_response", () => {
    it("shows the error, its causes, and where it was thrown, with the source", async () => {
      const error = new ValueError("what went wrong", { cause: new Error("the reason") });
      const html = await page(error);
      expect(html).to.include("ValueError at /a/");
      expect(html).to.include("what went wrong");
      expect(html).to.include("caused by Error: the reason");
      expect(html).to.include("debug.spec.ts");
      expect(html).to.match(/class="here">.*new ValueError\(&quot;what went wrong/);
    });

    it("is a page, or text for who does not want one", async () => {
      const types: [accept: string | undefined, content_type: string][] = [
        [undefined, "text/html"],
        ["text/html,*/*", "text/html"],
        ["text/plain", "text/plain; charset=utf-8"],
        ["application/json", "text/plain; charset=utf-8"],
      ];
      for (const [accept, content_type] of types) {
        const made = request(accept === undefined ? {} : { HTTP_ACCEPT: accept });
        const response = await technical_500_response(made, new Error("x"), { status_code: 400 });
        expect(response.get("Content-Type"), accept).to.equal(content_type);
        expect(response.status_code).to.equal(400);
      }
    });

    for (const accept of ["text/html", "text/plain"]) {
      it(`hides what is secret, at any depth, in ${accept}`, async () => {
        const made = request({
          HTTP_ACCEPT: accept,
          HTTP_AUTHORIZATION: "Basic c2VjcmV0",
          HTTP_COOKIE: "sessionid=the-session; csrftoken=the-csrf; theme=dark",
        });
        const text = await page("no source to show", made);
        expect(text).not.to.match(SECRETS);
        expect(text).to.include("dark");
        expect(text).to.include("********************");
      });

      it(`does not print the environment of the process in ${accept}`, async () => {
        process.env["NUAGES_SPEC"] = "of the environment";
        const text = await page("no source to show", request({ HTTP_ACCEPT: accept }));
        delete process.env["NUAGES_SPEC"];
        expect(text).not.to.include("of the environment");
      });
    }

    it("escapes all that a client may have sent", async () => {
      const evil = "<script>alert(1)</script>";
      const made = new RequestFactory().post(
        `/${evil}?${evil}=1`,
        { [evil]: evil },
        {
          HTTP_X_EVIL: evil,
          HTTP_COOKIE: `${evil}=${evil}`,
        },
      );
      const error = new Error(evil, { cause: new Error(evil) });
      error.name = evil;
      expect(await page(error, made)).not.to.include("<script");
    });

    it("hides the fields of a form that a decorator or their names say are sensitive", async () => {
      const made = new RequestFactory().post("/", {
        card: "4111",
        password: "hunter2",
        city: "Ulm",
      });
      made.sensitive_post_parameters = ["card"];
      const html = await page("x", made);
      expect(html).not.to.match(/4111|hunter2/);
      expect(html).to.include("Ulm");
      made.sensitive_post_parameters = "__ALL__";
      expect(await page("x", made)).not.to.include("Ulm");
    });

    const circular = new Error("one");
    circular.cause = new Error("two", { cause: circular });
    const throws = (): never => {
      throw new Error("a trap");
    };
    const thrown: [what: string, value: unknown][] = [
      ["null", null],
      ["undefined", undefined],
      ["a text", "text"],
      ["a symbol", Symbol("s")],
      [
        "an object whose message cannot be read",
        {
          get message(): string {
            return throws();
          },
        },
      ],
      [
        "an error whose message cannot be read",
        Object.defineProperty(new Error(), "message", { get: throws }),
      ],
      [
        "an error whose stack cannot be read",
        Object.defineProperty(new Error(), "stack", { get: throws }),
      ],
      ["a proxy that throws on everything", new Proxy({}, new Proxy({}, { get: () => throws }))],
      ["errors that cause each other", circular],
      ["a text of 100 MB", "x".repeat(100_000_000)],
    ];
    for (const [what, value] of thrown) {
      it(`is a page for ${what}`, async () => {
        expect(await page(value)).to.have.lengthOf.within(5000, 200_000);
      });
    }

    it("cuts long values, and runs no getter", async () => {
      let ran = false;
      const option = {
        get value(): string {
          ran = true;
          return "x";
        },
        long: "y".repeat(10_000_000),
      };
      const changed = override_settings({ STORAGES: { option } });
      changed.enable();
      const html = await page("x");
      changed.disable();
      expect(ran).to.equal(false);
      expect(html).to.include("STORAGES");
      expect(html).to.have.lengthOf.below(100_000);
    });

    it("shows the template and the line of an error in it", async () => {
      const engine = new Nunjucks({ NAME: "n", DIRS: [], APP_DIRS: false, OPTIONS: {} });
      let error: unknown;
      try {
        engine.from_string("one\n{{ f() }}\nthree").render({
          f: () => {
            throw new Error("of f");
          },
        });
      } catch (caught) {
        error = caught;
      }
      const html = await page(error);
      expect(html).to.include("In the template");
      expect(html).to.match(/class="here"><span class="number">2<\/span><span>\{\{ f\(\) \}\}/);
    });

    it("shows where a missing template was looked for", async () => {
      const changed = override_settings({ TEMPLATES: [{ BACKEND: Nunjucks, DIRS: ["/no/such"] }] });
      changed.enable();
      let error: unknown;
      try {
        get_template("gone.html");
      } catch (caught) {
        error = caught;
      }
      const html = await page(error);
      changed.disable();
      expect(html).to.match(/Engine <b>nunjucks<\/b>/);
      expect(html).to.include("/no/such/gone.html");
    });

    it("comes without a Content-Security-Policy, which would take its style away", async () => {
      const response = await technical_500_response(request(), new Error("x"));
      expect(response).to.include.keys("_csp_config", "_csp_ro_config");
    });

    it("works while the settings of templates are broken", async () => {
      const broken = override_settings({ TEMPLATES: [{} as never] });
      broken.enable();
      expect(() => engines.all()).to.throw();
      expect(await page(new Error("still here"))).to.include("still here");
      broken.disable();
    });
  });

  describe("a host that ALLOWED_HOSTS does not list", () => {
    it("learns nothing", async () => {
      const stranger = request({ HTTP_HOST: "attacker.example" });
      const answers = [
        await technical_500_response(stranger, new Error("the details")),
        await technical_500_response(stranger, new DisallowedHost("the details"), {
          status_code: 400,
        }),
        technical_404_response(stranger, new Http404("the details")),
      ];
      for (const answer of answers) {
        expect(answer.status_code).to.equal(400);
        expect(String(answer.content)).to.include("attacker.example");
        expect(String(answer.content)).not.to.match(/the details|Settings|SECRET_KEY|debug\.spec/);
      }
    });
  });

  describe("technical_404_response", () => {
    const view = (): HttpResponse => new HttpResponse();
    const missing = (): never => {
      throw new Http404("<i>no such article</i>");
    };
    const urlpatterns = [
      path("articles/<int:n>/", view, { name: "article" }),
      path("shop/", include([[path("cart/", view)], "shop"])),
      path("missing/", missing),
    ];

    async function get(target: string): Promise<{ status: number; html: string }> {
      const changed = override_settings({ ROOT_URLCONF: { urlpatterns } });
      changed.enable();
      const response = await new Client().get(target);
      changed.disable();
      return { status: response.status_code, html: String(response.content) };
    }

    it("shows the patterns that were tried, with their names and namespaces", async () => {
      const { status, html } = await get("/nothing/<b>/");
      expect(status).to.equal(404);
      expect(html).to.include("articles/&lt;int:n&gt;/");
      expect(html).to.include("[name article]");
      expect(html).to.include("[namespace shop]");
      expect(html).to.include("nothing/&lt;b&gt;/");
      expect(html).not.to.include("<b>/");
    });

    it("shows the text and the view of a 404 that a view throws", async () => {
      const { status, html } = await get("/missing/");
      expect(status).to.equal(404);
      expect(html).to.include("&lt;i&gt;no such article&lt;/i&gt;");
      expect(html).to.include("missing");
    });
  });

  describe("default_urlconf", () => {
    it("welcomes who has no URLs yet, with 200", async () => {
      const changed = override_settings({ ROOT_URLCONF: { urlpatterns: [] } });
      changed.enable();
      const response = await new Client().get("/anything/");
      changed.disable();
      expect(response.status_code).to.equal(200);
      expect(String(response.content)).to.equal(String(default_urlconf(request()).content));
    });
  });

  describe("SafeExceptionReporterFilter", () => {
    const filter = new SafeExceptionReporterFilter();
    const stars = "********************";
    const names: [name: string, hidden: boolean][] = [
      ["SECRET_KEY", true],
      ["api_url", true],
      ["Authorization", true],
      ["PASSWORD", true],
      ["CSRFTOKEN", true],
      ["SIGNATURES", true],
      ["HTTP_COOKIE", true],
      ["sessionid", true],
      ["HTTP_ACCEPT", false],
      ["DEBUG", false],
    ];
    for (const [name, hidden] of names) {
      it(`${hidden ? "hides" : "shows"} ${name}`, () => {
        expect(filter.cleanse_setting(name, "value")).to.equal(hidden ? stars : "value");
      });
    }

    it("looks into lists, maps and plain objects, and ends at a circle", () => {
      const value: Record<string, unknown> = { list: [{ token: 1 }], map: new Map([["pass", 1]]) };
      value["self"] = value;
      expect(filter.cleanse_setting("x", value)).to.deep.equal({
        list: [{ token: stars }],
        map: new Map([["pass", stars]]),
        self: "<circular>",
      });
    });

    it("shows a function without calling it", () => {
      const value = filter.cleanse_setting("VIEW", () => {
        throw new Error("was called");
      });
      expect(String(value)).to.match(/^<function/);
    });

    it("replaces what decorators name only while DEBUG is off", () => {
      const made = new RequestFactory().post("/", { card: "4111" });
      made.sensitive_post_parameters = ["card"];
      expect(filter.is_active(made)).to.equal(false);
      expect(filter.get_post_parameters(made).getlist("card")).to.deep.equal(["4111"]);
      settings.DEBUG = false;
      expect(filter.get_post_parameters(made).getlist("card")).to.deep.equal([stars]);
      settings.DEBUG = true;
    });

    it("may be a request's own", async () => {
      class Strict extends SafeExceptionReporterFilter {
        static {
          this.prototype.hidden_settings = /./;
        }
      }
      const made = request();
      made.exception_reporter_filter = new Strict();
      expect(get_exception_reporter_filter(made)).to.be.an.instanceOf(Strict);
      expect(await new ExceptionReporter(made, "x").get_traceback_text()).not.to.include(
        "'testserver'",
      );
    });
  });
});
