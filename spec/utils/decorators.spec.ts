/** Specification of nuages/utils/decorators. @module */
import { expect } from "chai";
import { expectTypeOf } from "expect-type";
import { describe, it } from "mocha";
import { ValueError } from "nuages/core/exceptions";
import { type HttpRequest, HttpResponse, type HttpResponseBase } from "nuages/http";
import { RequestFactory } from "nuages/test";
import { TemplateResponse } from "nuages/template/response";
import {
  type AnyView,
  async_only_middleware,
  decorator_from_middleware,
  decorator_from_middleware_with_args,
  method_decorator,
  sync_and_async_middleware,
  sync_only_middleware,
} from "nuages/utils/decorators";
import { type GetResponse, MiddlewareMixin } from "nuages/utils/deprecation";

/** A decorator that marks the function, and writes down when it is called. */
function tagging(name: string, log: string[]): <V extends AnyView>(view: V) => V {
  return <V extends AnyView>(view: V): V => {
    const wrapper = (...args: Parameters<V>): unknown => {
      log.push(name);
      return (view as (...given: Parameters<V>) => unknown)(...args);
    };
    return Object.assign(wrapper, view, { [name]: true }) as unknown as V;
  };
}

const request = new RequestFactory().get("/");

describe("utils/decorators: method_decorator", () => {
  it("decorates a method, which keeps its object", () => {
    const log: string[] = [];
    class Pages {
      title = "page";
      @method_decorator([tagging("outer", log), tagging("inner", log)])
      show(_request: HttpRequest, { n }: { n: number }): HttpResponse {
        return new HttpResponse(`${this.title} ${n}`);
      }
    }
    const response = new Pages().show(request, { n: 5 });
    expect(response.text).to.equal("page 5");
    expect(log).to.deep.equal(["outer", "inner"]);
    expect(Object.keys(Pages.prototype.show)).to.have.members(["outer", "inner"]);
    expect(Pages.prototype.show.name).to.equal("show");
    expectTypeOf<Pages["show"]>().toEqualTypeOf<
      (request: HttpRequest, kwargs: { n: number }) => HttpResponse
    >();
  });

  it("decorates a method of a class by its name, also one that it inherits", () => {
    const log: string[] = [];
    class Base {
      show(_request: HttpRequest): HttpResponse {
        return new HttpResponse(this.constructor.name);
      }
    }
    @method_decorator(tagging("seen", log), { name: "show" })
    class Child extends Base {}
    expect(new Child().show(request).text).to.equal("Child");
    expect(new Base().show(request).text).to.equal("Base");
    expect(log).to.deep.equal(["seen"]);
  });

  it("refuses a class without such a method", () => {
    class Pages {
      declare title: string;
      static {
        this.prototype.title = "page";
      }
    }
    const seen = tagging("seen", []);
    expect(() => method_decorator(seen)(Pages)).to.throw(ValueError);
    expect(() => method_decorator(seen, { name: "show" })(Pages)).to.throw(ValueError, "show");
    expect(() => method_decorator(seen, { name: "title" })(Pages)).to.throw(TypeError, "title");
  });
});

class Logging extends MiddlewareMixin {
  readonly log: string[];
  constructor(get_response: GetResponse, log: string[]) {
    super(get_response);
    this.log = log;
  }
  override process_request(asked: HttpRequest): HttpResponseBase | undefined {
    this.log.push("request");
    return asked.path === "/early/" ? new HttpResponse("early") : undefined;
  }
  process_view(_request: HttpRequest, _view: unknown, args: unknown[], kwargs: object): undefined {
    this.log.push(`view ${JSON.stringify([args, kwargs])}`);
  }
  process_exception(_request: HttpRequest, error: unknown): HttpResponseBase | undefined {
    this.log.push(`exception ${String(error)}`);
    return String(error) === "Error: known" ? new HttpResponse("recovered") : undefined;
  }
  process_template_response(_request: HttpRequest, response: HttpResponseBase): HttpResponseBase {
    this.log.push("template");
    return response;
  }
  override process_response(_request: HttpRequest, response: HttpResponseBase): HttpResponseBase {
    this.log.push("response");
    return response;
  }
}
const logging = decorator_from_middleware_with_args(Logging);

describe("utils/decorators: decorator_from_middleware", () => {
  it("runs the hooks around the view, without a promise where there is none", () => {
    const log: string[] = [];
    const view = logging(log)(
      (_request: HttpRequest, _a: string, _kwargs: { n: number }) => new HttpResponse("view"),
    );
    const response = view(request, "a", { n: 1 });
    expectTypeOf(response).toEqualTypeOf<HttpResponse>();
    expect(response).to.be.instanceOf(HttpResponse);
    expect(log).to.deep.equal(["request", 'view [["a"],{"n":1}]', "response"]);
  });

  it("runs them around a view that gives a promise", async () => {
    const log: string[] = [];
    const view = logging(log)(async (_request: HttpRequest) => new HttpResponse("view"));
    expect((await view(request)).text).to.equal("view");
    expect(log).to.deep.equal(["request", "view [[],{}]", "response"]);
  });

  it("takes the answer of the first hook for the answer", () => {
    const log: string[] = [];
    const view = logging(log)((_request: HttpRequest) => new HttpResponse("view"));
    expect(view(new RequestFactory().get("/early/")).text).to.equal("early");
    expect(log).to.deep.equal(["request"]);
  });

  for (const kind of ["thrown", "rejected"]) {
    it(`hands on an error that is ${kind}, and throws it again if nobody answers`, async () => {
      const log: string[] = [];
      const failing = (message: string) =>
        logging(log)((_request: HttpRequest): HttpResponse | Promise<HttpResponse> => {
          if (kind === "thrown") throw new Error(message);
          return Promise.reject(new Error(message));
        });
      expect((await failing("known")(request)).text).to.equal("recovered");
      const error = await (async () => failing("unknown")(request))().catch((e: unknown) => e);
      expect(String(error)).to.equal("Error: unknown");
      expect(log.filter((line) => line.startsWith("exc"))).to.have.length(2);
    });
  }

  it("waits with process_response until a late response is rendered", async () => {
    const log: string[] = [];
    const view = logging(log)(
      (asked: HttpRequest) =>
        new TemplateResponse(asked, {
          render: () => {
            log.push("rendered");
            return "";
          },
        }),
    );
    const response = view(request);
    expect(log.slice(2)).to.deep.equal(["template"]);
    response.render();
    expect(log.slice(2)).to.deep.equal(["template", "rendered", "response"]);
  });

  it("keeps name and attributes of the view", () => {
    class Plain extends MiddlewareMixin {}
    const my_view = Object.assign(
      function my_view(_request: HttpRequest): HttpResponse {
        return new HttpResponse();
      },
      { csrf_exempt: true },
    );
    const wrapped = decorator_from_middleware(Plain)(my_view);
    expect([wrapped.name, wrapped.csrf_exempt]).to.deep.equal(["my_view", true]);
    expect((wrapped as unknown as { __wrapped__: unknown }).__wrapped__).to.equal(my_view);
  });
});

describe("utils/decorators: the marks of middleware functions", () => {
  it("are those of Django", () => {
    const marked = [sync_and_async_middleware, sync_only_middleware, async_only_middleware].map(
      (mark) => ({ ...(mark((): undefined => undefined) as object) }),
    );
    expect(marked).to.deep.equal([
      { sync_capable: true, async_capable: true },
      { sync_capable: true, async_capable: false },
      { sync_capable: false, async_capable: true },
    ]);
  });
});
