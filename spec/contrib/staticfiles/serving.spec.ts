import { expect } from "chai";
import { describe, it } from "mocha";
import {
  ASGIStaticFilesHandler,
  check_settings,
  serve,
  StaticFilesHandler,
  staticfiles_urlpatterns,
} from "nuages/contrib/staticfiles";
import type { Settings } from "nuages/conf";
import { get_fetch_application } from "nuages/core/handlers/fetch";
import { get_node_application } from "nuages/core/handlers/node";
import { ImproperlyConfigured } from "nuages/core/exceptions";
import { HttpResponse } from "nuages/http";
import { Client, override_settings } from "nuages/test";
import { path } from "nuages/urls";
import { temporary_directory } from "../../support/files.ts";
import { quiet } from "../../support/log.ts";
import { with_application } from "../../support/server.ts";

const urlpatterns = [path("", () => new HttpResponse("home"))];
const never = (): never => {
  throw new Error("static files do not pass the middleware");
};

describe("contrib/staticfiles", () => {
  quiet();
  const tree = temporary_directory({ "css/a.css": "a{}", "a b.txt": "ab" });
  const site = (settings: Partial<Settings> = {}): ReturnType<typeof override_settings> =>
    override_settings({
      ALLOWED_HOSTS: ["*"],
      ROOT_URLCONF: { urlpatterns },
      STATICFILES_DIRS: [tree.root],
      STATIC_URL: "/static/",
      ...settings,
    });

  describe("serve", () => {
    const answers: [path: string, status: number][] = [
      ["css/a.css", 200],
      ["/css//a.css", 200],
      ["css/", 404],
      ["", 404],
      ["nope.css", 404],
      ["../x", 400],
    ];
    for (const [name, status] of answers) {
      it(`${name || "an empty path"} is ${status}`, () =>
        site({ ROOT_URLCONF: { urlpatterns: [path("s/", serve, { kwargs: { path: name } })] } })(
          async () => {
            const client = new Client();
            await override_settings({ DEBUG: true })(async () => {
              expect((await client.get("/s/")).status_code).to.equal(status);
            })();
          },
        )());
    }

    it("Q14: answers 404 while DEBUG is off, unless told to be insecure", () =>
      site({ DEBUG: false })(async () => {
        const patterns = [false, true].map((insecure) =>
          path(`${insecure}/<path:path>`, serve, { kwargs: { insecure } }),
        );
        await override_settings({ ROOT_URLCONF: { urlpatterns: patterns } })(async () => {
          expect((await new Client().get("/false/css/a.css")).status_code).to.equal(404);
          expect((await new Client().get("/true/css/a.css")).status_code).to.equal(200);
        })();
      })());

    it("lists a directory if it is asked to", () =>
      site({ DEBUG: true })(async () => {
        const patterns = [path("s/<path:path>", serve, { kwargs: { show_indexes: true } })];
        await override_settings({ ROOT_URLCONF: { urlpatterns: patterns } })(async () => {
          expect((await new Client().get("/s/css")).text).to.match(/href="a\.css"/);
        })();
      })());
  });

  describe("staticfiles_urlpatterns", () => {
    it("serves below STATIC_URL, or another prefix, while DEBUG", () =>
      site({ DEBUG: true })(async () => {
        const patterns = [
          ...staticfiles_urlpatterns(),
          ...staticfiles_urlpatterns({ prefix: "/p/" }),
        ];
        await override_settings({ ROOT_URLCONF: { urlpatterns: patterns } })(async () => {
          expect((await new Client().get("/static/css/a.css")).status_code).to.equal(200);
          expect((await new Client().get("/p/css/a.css")).status_code).to.equal(200);
        })();
      })());

    it("Q14: gives no URLs while DEBUG is off", () => {
      expect(site({ DEBUG: false })(staticfiles_urlpatterns)()).to.deep.equal([]);
    });

    it("needs STATIC_URL", () => {
      const without = site({ STATIC_URL: null, DEBUG: true })(staticfiles_urlpatterns);
      expect(() => without()).to.throw(ImproperlyConfigured);
    });
  });

  const answers: [path: string, status: number, text: string | RegExp][] = [
    ["/", 200, "home"],
    ["/static/css/a.css", 200, "a{}"],
    ["/static/css/a.css?v=1", 200, "a{}"],
    ["/static/a%20b.txt", 200, "ab"],
    ["/static/nope.css", 404, /<h1>/],
    ["/static/..%2f..%2fetc/passwd", 400, /<h1>/],
    ["/static", 404, /<h1>/],
  ];

  describe("StaticFilesHandler", () => {
    for (const [target, status, text] of answers) {
      it(`${target} is ${status}`, () =>
        site()(() =>
          with_application(
            new StaticFilesHandler(get_node_application()).listener,
            async (server) => {
              const response = await server.fetch(target);
              expect(response.status).to.equal(status);
              expect(await response.text()).to.match(new RegExp(text));
            },
          ),
        )());
    }

    it("answers a file without the middleware, and nothing else", () =>
      site({ MIDDLEWARE: [() => never] })(() =>
        with_application(
          new StaticFilesHandler(get_node_application()).listener,
          async (server) => {
            expect((await server.fetch("/static/css/a.css")).status).to.equal(200);
            expect((await server.fetch("/")).status).to.equal(500);
          },
        ),
      )());

    it("leaves all to the application if STATIC_URL names a host", () =>
      site({ STATIC_URL: "http://static.example/" })(() => {
        const handler = new StaticFilesHandler(get_node_application());
        expect(handler._should_handle("/css/a.css")).to.equal(false);
      })());

    it("knows the name of a file, percent-decoded", () =>
      site()(() => {
        const handler = new StaticFilesHandler(get_node_application());
        expect(handler.file_path("/static/a%20b.txt")).to.equal("a b.txt");
        expect(handler.handles_files).to.equal(true);
      })());
  });

  describe("ASGIStaticFilesHandler", () => {
    for (const [target, status, text] of answers) {
      it(`${target} is ${status}`, () =>
        site()(async () => {
          const { fetch } = new ASGIStaticFilesHandler(get_fetch_application());
          const response = await fetch(new Request(`http://x${target}`));
          expect(response.status).to.equal(status);
          expect(await response.text()).to.match(new RegExp(text));
        })());
    }
  });

  describe("check_settings", () => {
    const wrong: [what: string, settings: Partial<Settings>][] = [
      ["no STATIC_URL", { STATIC_URL: null }],
      ["STATIC_URL equal to MEDIA_URL", { MEDIA_URL: "/static/" }],
      ["MEDIA_URL below STATIC_URL, while DEBUG", { MEDIA_URL: "/static/media/", DEBUG: true }],
      ["STATIC_ROOT equal to MEDIA_ROOT", { STATIC_ROOT: "/srv/x", MEDIA_ROOT: "/srv/x" }],
    ];
    for (const [what, settings] of wrong) {
      it(`complains of ${what}`, () => {
        expect(() => site(settings)(check_settings)()).to.throw(ImproperlyConfigured);
      });
    }

    it("is content with settings that go together", () => {
      site({ MEDIA_URL: "/media/", STATIC_ROOT: "/srv/s", MEDIA_ROOT: "/srv/m", DEBUG: true })(
        () => {
          expect(() => check_settings()).not.to.throw();
          expect(() => check_settings({ base_url: "/media/" })).to.throw(ImproperlyConfigured);
        },
      )();
    });
  });
});
