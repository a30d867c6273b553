/** Mistakes of a site's author: each message names what is wrong, where, and what to do. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { settings, type Settings } from "nuages/conf";
import {
  AttributeError,
  ImproperlyConfigured,
  MiddlewareNotUsed,
  SynchronousOnlyOperation,
  ValueError,
} from "nuages/core/exceptions";
import { get_node_application } from "nuages/core/handlers";
import { get_fetch_application } from "nuages/core/handlers/fetch";
import { Signer } from "nuages/core/signing";
import { type HttpRequest, HttpResponse, type HttpResponseBase } from "nuages/http";
import { TemplateResponse } from "nuages/template/response";
import { Client } from "nuages/test";
import { include, NoReverseMatch, path, reverse, type URLConf } from "nuages/urls";
import { type GetResponse, type MiddlewareEntry, MiddlewareMixin } from "nuages/utils/deprecation";
import { type AnyView, site } from "../../support/ask.ts";
import { run_alone } from "../../support/child.ts";
import { logged } from "../../support/log.ts";
import { with_settings } from "../../support/settings.ts";
import { FakeWire, WiredRequest } from "../../support/wire.ts";

const page = (): HttpResponse => new HttpResponse("page");

/** What a request comes to: its error, or else its response. */
async function outcome(given: Partial<Settings>): Promise<unknown> {
  let result: unknown;
  await with_settings({ ROOT_URLCONF: site(page), MIDDLEWARE: [], ...given }, () =>
    logged(async () => {
      result = await new Client().get("/").catch((error: unknown) => error);
    }),
  );
  return result;
}

/** The message of an error of this class. */
function message_of(error: unknown, Class: new (...args: never[]) => Error): string {
  expect(error).to.be.instanceOf(Class);
  return (error as Error).message;
}

/** The message of what `fn` throws, an error of this class. */
function told(fn: () => unknown, Class: new (...args: never[]) => Error): string {
  try {
    fn();
  } catch (error) {
    return message_of(error, Class);
  }
  throw new Error("Nothing was thrown.");
}

describe("core/handlers: a view that is wrong", () => {
  const views: [what: string, view: AnyView, told: string[]][] = [
    [
      "gives nothing",
      function home() {},
      ["The view home (route 'a/<int:n>/') gave nothing", "must return an HttpResponse"],
    ],
    ["promises nothing", async function home() {}, ["home (route 'a/<int:n>/') gave nothing"]],
    [
      "gives null",
      function home() {
        return null;
      },
      ["home (route 'a/<int:n>/') gave nothing"],
    ],
    [
      "has no name",
      (
        () => () =>
          undefined
      )(),
      ["<anonymous> (route 'a/<int:n>/')"],
    ],
    ["gives text", () => "Hello", ["gave 'Hello'", "new HttpResponse(…)"]],
    ["gives bytes", () => Buffer.from("Hello"), ["gave b'Hello'", "new HttpResponse(…)"]],
    ["gives data", () => ({ a: 1 }), ["gave {'a': 1}", "new JsonResponse(…)"]],
    ["gives a status", () => 404, ["gave 404", "not a response"]],
    [
      "gives much",
      () => ["long"].concat(Array.from({ length: 999 }, String)),
      ["['long', 'undefined'", "..."],
    ],
    [
      "gives a Response",
      () => new Response(""),
      ["gave <Response object>", "Give an HttpResponse", "Fetch"],
    ],
    ["gives a function", () => page, ["gave <function page>"]],
  ];
  for (const [what, view, texts] of views) {
    it(`and ${what} is named with its route, and told what to give`, async () => {
      const urlpatterns = [path("a/<int:n>/", view as () => HttpResponse)];
      let error: unknown;
      await with_settings({ ROOT_URLCONF: { urlpatterns } }, () =>
        logged(async () => {
          error = await new Client().get("/a/1/").catch((thrown: unknown) => thrown);
        }),
      );
      const message = message_of(error, ValueError);
      for (const text of texts) expect(message).to.contain(text);
      expect(message.length).to.be.below(300);
    });
  }
});

describe("core/handlers: middleware that is wrong", () => {
  class Before extends MiddlewareMixin {
    override process_request(): HttpResponseBase {
      return "text" as never;
    }
  }
  class After extends MiddlewareMixin {
    override process_response(): HttpResponseBase {
      return undefined as never;
    }
  }
  class Call extends MiddlewareMixin {
    override async call(request: HttpRequest): Promise<HttpResponseBase> {
      await this.get_response(request);
      return undefined as never;
    }
  }
  class View extends MiddlewareMixin {
    process_view(): HttpResponseBase {
      return "text" as never;
    }
  }
  class LateView extends MiddlewareMixin {
    async process_view(): Promise<HttpResponseBase> {
      return "text" as never;
    }
  }
  class Failure extends MiddlewareMixin {
    process_exception(): HttpResponseBase {
      return "text" as never;
    }
  }
  class Template extends MiddlewareMixin {
    process_template_response(): HttpResponseBase {
      return undefined as never;
    }
  }
  const forgetful = (get_response: GetResponse) => (request: HttpRequest) => {
    void get_response(request);
  };
  const failing: AnyView = () => {
    throw new Error("of the view");
  };
  const templated: AnyView = (request) => new TemplateResponse(request, "none.html");
  const answering: [what: string, entry: unknown, view: AnyView, told: string[]][] = [
    [
      "forgets to return",
      forgetful,
      page,
      ["The middleware forgetful gave nothing", "what get_response gave it?"],
    ],
    ["has a call() that forgets to return", Call, page, ["The middleware Call gave nothing"]],
    ["gives text from process_request", Before, page, ["Before.process_request gave 'text'"]],
    [
      "gives nothing from process_response",
      After,
      page,
      ["After.process_response gave nothing", "must return the response"],
    ],
    [
      "gives text from process_view",
      View,
      page,
      ["The middleware View.process_view gave 'text'", "new HttpResponse"],
    ],
    ["promises text from process_view", LateView, page, ["LateView.process_view gave 'text'"]],
    [
      "gives text from process_exception",
      Failure,
      failing,
      ["Failure.process_exception gave 'text'"],
    ],
    [
      "gives nothing from process_template_response",
      Template,
      templated,
      ["The middleware Template.process_template_response gave nothing"],
    ],
  ];
  for (const [what, entry, view, texts] of answering) {
    it(`and ${what} is named when it answers`, async () => {
      const MIDDLEWARE = [entry as MiddlewareEntry];
      const error = await outcome({ MIDDLEWARE, ROOT_URLCONF: site(view) });
      const message = message_of(error, ValueError);
      for (const text of texts) expect(message).to.contain(text);
    });
  }

  it("and has no name is called by its place in MIDDLEWARE", async () => {
    const passing = (get_response: GetResponse): GetResponse => get_response;
    const nameless = [() => () => undefined][0] as unknown as MiddlewareEntry;
    const error = await outcome({ MIDDLEWARE: [passing, nameless] });
    expect(message_of(error, ValueError)).to.contain("The middleware MIDDLEWARE[1] gave nothing");
  });

  class WithoutCall {
    process_request(): void {}
  }
  const making: [what: string, entry: unknown, told: string[]][] = [
    [
      "gives nothing",
      function factory() {},
      ["factory gave nothing", "given get_response", "must return a function"],
    ],
    [
      "gives a response",
      function factory() {
        return page();
      },
      ["factory gave <HttpResponse", "must return a function"],
    ],
    [
      "is asynchronous",
      async function factory() {
        return page;
      },
      ["factory gave <Promise object>"],
    ],
    [
      "is a class without call()",
      WithoutCall,
      ["class WithoutCall has no call(request)", "Extend MiddlewareMixin"],
    ],
    [
      "is Express's",
      function logger(_req: unknown, _res: unknown, _next: unknown) {},
      ["The middleware logger takes 3 arguments", "Express", "takes get_response"],
    ],
    [
      "is a path",
      "nuages/middleware/common",
      ["MIDDLEWARE[0] is 'nuages/middleware/common'", "import it"],
    ],
    ["is undefined", undefined, ["MIDDLEWARE[0] is None", "import it"]],
  ];
  for (const [what, entry, texts] of making) {
    it(`and ${what} is named when the application is made`, async () => {
      const MIDDLEWARE = [entry as MiddlewareEntry];
      with_settings({ MIDDLEWARE, ROOT_URLCONF: site(page) }, () => {
        for (const make of [get_node_application, get_fetch_application]) {
          const message = told(make, ImproperlyConfigured);
          for (const text of texts) expect(message).to.contain(text);
        }
      });
      expect(message_of(await outcome({ MIDDLEWARE }), ImproperlyConfigured)).to.contain(texts[0]);
    });
  }

  it("and says that it is not to be used is left out", async () => {
    const unused = (): never => {
      throw new MiddlewareNotUsed("not here");
    };
    expect(await outcome({ MIDDLEWARE: [unused] })).to.have.property("status_code", 200);
  });
});

describe("core/handlers: a body that is looked at too early", () => {
  for (const name of ["POST", "FILES", "body"] as const) {
    it(`says await request.load() to a middleware that touches ${name}`, async () => {
      const request = new WiredRequest(new FakeWire(["a=1"]), "application/x-www-form-urlencoded");
      expect(told(() => request[name], SynchronousOnlyOperation)).to.contain(
        "await request.load()",
      );
      await request.load();
      expect(() => request[name]).not.to.throw();
    });
  }
});

describe("core/handlers: URLs that are wrong", () => {
  const urlpatterns = [
    path("articles/<int:year>/", page, { name: "article-archive" }),
    path("polls/", include([[path("", page, { name: "index" })], "polls"])),
  ];
  const names: [name: string, told: string[]][] = [
    ["article-archives", ["'article-archives'", "Did you mean 'article-archive'?"]],
    ["index", ["'index'", "Did you mean 'polls:index'?"]],
    ["pols:index", ["'pols' is no namespace", "Did you mean 'polls:index'?"]],
    ["polls:indx", ["'polls:indx'", "Did you mean 'polls:index'?"]],
    ["nothing-like-it", ["There is no URL named 'nothing-like-it'."]],
    ["article-archive", ["'article-archive'", "without arguments", "takes year"]],
  ];
  for (const [name, texts] of names) {
    it(`reverse(${JSON.stringify(name)}) names it${texts.length > 1 ? ", and what was meant" : ""}`, () => {
      with_settings({ ROOT_URLCONF: { urlpatterns } }, () => {
        const message = told(() => reverse(name), NoReverseMatch);
        for (const text of texts) expect(message).to.contain(text);
      });
    });
  }

  const routes: [route: string, told: string[]][] = [
    ["a/<inte:n>/", ["'a/<inte:n>/'", "'inte'", "Did you mean 'int'?", "register_converter"]],
    ["a/<number:n>/", ["'a/<number:n>/'", "'number'", "int, path, slug, str, uuid"]],
    ["a/<int: n>/", ["'a/<int: n>/'", "white space"]],
    ["a/<int:1n>/", ["'a/<int:1n>/'", "'1n'"]],
    ["a/<int:n>/<n>/", ["'a/<int:n>/<n>/'", "two parameters named 'n'"]],
  ];
  for (const [route, texts] of routes) {
    it(`path(${JSON.stringify(route)}) names the route`, () => {
      const message = told(() => path(route, page as never), ImproperlyConfigured);
      for (const text of texts) expect(message).to.contain(text);
    });
  }

  class Page {
    static as_view(): typeof page {
      return page;
    }
  }
  const views: [what: string, view: unknown, told: string[]][] = [
    ["undefined", undefined, ["'a/'", "needs a view", "None"]],
    ["a class with as_view()", Page, ["'a/'", "Page.as_view()"]],
    ["a list of patterns", urlpatterns, ["'a/'", "include()"]],
    ["a response", page(), ["'a/'", "needs a view"]],
  ];
  for (const [what, view, texts] of views) {
    it(`path() with ${what} for a view names the route`, () => {
      const message = told(() => path("a/", view as never), TypeError);
      for (const text of texts) expect(message).to.contain(text);
    });
  }

  const urlconfs: [what: string, urlconf: unknown, told: string[]][] = [
    ["a text", "site.urls", ["'site.urls'", "import it"]],
    ["a module without urlpatterns", { patterns: [] }, ["no list of urlpatterns"]],
    ["a list with a view in it", [page], ["urlpatterns[0] is <function page>", "path()"]],
    ["a list with a list in it", [urlpatterns[0], urlpatterns], ["urlpatterns[1] is [", '"..."']],
    ["a list with a hole", [urlpatterns[0], undefined], ["urlpatterns[1] is None"]],
  ];
  for (const [what, urlconf, texts] of urlconfs) {
    it(`ROOT_URLCONF that is ${what} is told of`, async () => {
      const error = await outcome({ ROOT_URLCONF: urlconf as URLConf });
      const message = message_of(error, ImproperlyConfigured);
      for (const text of texts) expect(message).to.contain(text);
    });
  }
});

describe("core/handlers: settings that are wrong", () => {
  const unknown: [name: string, told: string[]][] = [
    ["DEBUGG", ["no setting DEBUGG", "Did you mean DEBUG?", "register_setting"]],
    ["ALLOWED_HOST", ["no setting ALLOWED_HOST", "Did you mean ALLOWED_HOSTS?"]],
    ["PAGE_SIZE", ["no setting PAGE_SIZE", "register_setting('PAGE_SIZE')"]],
  ];
  for (const [name, texts] of unknown) {
    it(`${name} is named, and what was meant`, () => {
      const read = told(() => Reflect.get(settings, name) as unknown, AttributeError);
      const set = told(() => Reflect.set(settings, name, 1), ImproperlyConfigured);
      for (const text of texts) {
        expect(read).to.contain(text);
        expect(set).to.contain(text);
      }
    });
  }

  it("a MIDDLEWARE entry that is no middleware is named by its place when it is set", () => {
    for (const entry of [
      "nuages/middleware/common",
      undefined,
      {},
      new MiddlewareMixin(async () => page()),
    ]) {
      const set = (): unknown => (settings.MIDDLEWARE = [MiddlewareMixin, entry as never]);
      expect(told(set, ImproperlyConfigured)).to.contain(
        "MIDDLEWARE[1] must be a middleware class",
      );
    }
  });

  it("a missing SECRET_KEY or ROOT_URLCONF is told of by whoever needs it", async () => {
    with_settings({ SECRET_KEY: "" }, () => {
      const message = told(() => new Signer(), ImproperlyConfigured);
      expect(message).to.contain("SECRET_KEY is missing or empty").and.contain("long random text");
    });
    const printed = await run_alone(`
      import { settings } from "nuages/conf";
      import { serve } from "nuages/core/handlers";
      import { Signer } from "nuages/core/signing";
      import { reverse } from "nuages/urls";
      const told = (fn) => Promise.resolve().then(fn).catch((error) => console.log(error.name + ": " + error.message));
      await told(() => settings.DEBUG);
      settings.configure();
      await told(() => new Signer());
      await told(() => reverse("page"));
      await told(() => serve({ port: 0 }));
    `);
    const [unread, no_key, no_urls, no_server] = printed.trim().split("\n");
    expect(unread).to.match(/^ImproperlyConfigured: .*DEBUG.*settings\.configure\(.*serve\(/);
    expect(no_key).to.match(/^ImproperlyConfigured: SECRET_KEY is missing or empty\./);
    expect(no_urls).to.match(/^ImproperlyConfigured: ROOT_URLCONF is missing.*urlpatterns/);
    expect(no_server).to.equal(no_urls);
  }).timeout(20_000);
});
