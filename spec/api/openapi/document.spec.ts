/** The OpenAPI document: paths, operations, requests. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { API, Controller, endpoint, JSONParser, MessagePackParser, file } from "nuages/api";
import { uploaded_file } from "nuages/api/zod";
import { ImproperlyConfigured } from "nuages/core/exceptions";
import { HttpResponse, type HttpRequest } from "nuages/http";
import { include, path, re_path, register_converter, type URLConf } from "nuages/urls";
import { i18n_patterns } from "nuages/conf/urls/i18n";
import { set_script_prefix, clear_script_prefix } from "nuages/urls/base";
import { override } from "nuages/utils/translation";
import { z } from "zod";
import { with_settings } from "../../support/settings.ts";
import { checked } from "./_checked.ts";
import {
  documented,
  document_of,
  only_operation,
  operation_of,
  parameters_of,
} from "./_documents.ts";
import { library } from "./_library.ts";

const nothing = (): undefined => undefined;

describe("api/openapi: the document", () => {
  it("is valid for a large API with schemas of zod, valibot and ArkType", () => {
    const document = document_of(library());
    expect(document.openapi).to.equal("3.1.1");
    expect(Object.keys(document.paths)).to.have.lengthOf(14);
    const { info } = document_of(library({ version: "3.2.0" }));
    expect(info).to.deep.equal({
      title: "Library",
      version: "2.1.0",
      description: "Books, and who has them.\nEverything is JSON unless it says otherwise.",
    });
  });

  const error_content = {
    "application/json": { schema: { $ref: "#/components/schemas/ErrorModel" } },
  };
  it("is what the documentation shows for a file", () => {
    const document = documented(
      (api) =>
        api.get(
          "file/",
          { name: "file", response: file({ content_type: "text/plain", as_attachment: true }) },
          () => Promise.reject(new Error("There is no file.")),
        ),
      { title: "Files", version: "1.0.0", openapi: { version: "3.2.0" } },
    );
    const text = { required: true, schema: { type: "string" } };
    expect(document).to.deep.equal({
      openapi: "3.2.0",
      info: { title: "Files", version: "1.0.0" },
      paths: {
        "/api/file/": {
          get: {
            operationId: "file",
            deprecated: false,
            responses: {
              "200": {
                description: "OK",
                headers: { "Content-Length": text, "Content-Disposition": text },
                content: { "text/plain": { schema: { type: "string", format: "binary" } } },
              },
              "406": {
                description: "The Accept header allows none of the media types of the response.",
                content: error_content,
              },
              "500": { description: "The response is not as declared.", content: error_content },
            },
          },
        },
      },
      components: {
        schemas: {
          ErrorModel: {
            type: "object",
            required: ["detail"],
            properties: {
              detail: { type: "array", items: { $ref: "#/components/schemas/ErrorDetail" } },
              extra: {},
            },
          },
          ErrorDetail: {
            type: "object",
            required: ["msg"],
            properties: {
              msg: { type: "string" },
              type: { type: "string" },
              loc: { type: "array", items: { anyOf: [{ type: "integer" }, { type: "string" }] } },
            },
          },
        },
      },
    });
  });

  it("has the version that the API or the setting says", () => {
    const settings = { API: { OPENAPI_VERSION: "3.2.0" as const } };
    const by_setting = with_settings(settings, () => documented(nothing));
    expect(by_setting.openapi).to.equal("3.2.0");
    const by_api = with_settings(settings, () =>
      documented(nothing, { openapi: { version: "3.1.1" } }),
    );
    expect(by_api.openapi).to.equal("3.1.1");
    const wrong = JSON.parse('{ "version": "2.0" }') as { version: "3.1.1" };
    expect(() => documented(nothing, { openapi: wrong })).to.throw(ImproperlyConfigured, "'2.0'");
  });

  it("has the servers and the description of the API", () => {
    const servers = [{ url: "https://example.com" }];
    const document = documented(nothing, { servers, description: "About it" });
    expect(document.servers).to.deep.equal(servers);
    expect(document.info.description).to.equal("About it");
  });
});

describe("api/openapi: paths", () => {
  function paths(api: API, ROOT_URLCONF: URLConf): string[] {
    api.get("users/<int:id>/", () => "");
    return Object.keys(with_settings({ ROOT_URLCONF }, () => checked(api.openapi())).paths);
  }

  it("O1: begin with the place of the API, and have their parameters in braces", () => {
    const api = new API();
    expect(
      paths(
        api,
        lazily(() => [path("a/b/", api.urls)]),
      ),
    ).to.deep.equal(["/a/b/users/{id}/"]);
  });

  it("O1: begin with the places of all that includes the API, named or not", () => {
    const api = new API();
    const outer = (): [ReturnType<typeof path>[], string] => [[path("api/", api.urls)], "outer"];
    const urls = lazily(() => [
      path("x/", include(outer())),
      path("other/", () => new HttpResponse()),
    ]);
    expect(paths(api, urls)).to.deep.equal(["/x/api/users/{id}/"]);
  });

  it("O1: have the parameters of what stands before the API", () => {
    const api = new API();
    api.get("", { name: "root" }, () => "");
    const urls = [path("orgs/<int:org>/<slug:team>/", api.urls)];
    const document = with_settings({ ROOT_URLCONF: urls }, () => checked(api.openapi()));
    const operation = operation_of(document, "get", "/orgs/{org}/{team}/");
    expect(parameters_of(operation)).to.have.all.keys("path org", "path team");
  });

  it("O1: stand behind a regular expression, too", () => {
    const api = new API();
    const urls = lazily(() => [re_path("^v(?P<version>[0-9])/", api.urls)]);
    api.get("users/", () => "");
    const document = with_settings({ ROOT_URLCONF: urls }, () => api.openapi());
    expect(Object.keys(document.paths)).to.deep.equal(["/v{version}/users/"]);
    expect(
      parameters_of(operation_of(checked(document), "get", "/v{version}/users/")),
    ).to.deep.equal({
      "path version": { name: "version", in: "path", required: true, schema: { type: "string" } },
    });
  });

  it("O1: begin with the script prefix, and with the language", () => {
    const api = new API();
    api.get("a b/", () => "");
    const ROOT_URLCONF = [...i18n_patterns(path("api/", api.urls))];
    const LANGUAGES = [
      ["en", "English"],
      ["de", "German"],
    ] as const;
    with_settings({ ROOT_URLCONF, LANGUAGES, USE_I18N: true }, () => {
      set_script_prefix("/site/");
      try {
        const keys = override("de", {}, () => Object.keys(api.openapi().paths));
        expect(keys).to.deep.equal(["/site/de/api/a%20b/"]);
      } finally {
        clear_script_prefix();
      }
    });
  });

  it("O1: are found for an API that serves no document", () => {
    const api = new API({ openapi: null });
    expect(
      paths(
        api,
        lazily(() => [path("quiet/", api.urls)]),
      ),
    ).to.deep.equal(["/quiet/users/{id}/"]);
  });

  it("O1: begin at the root where the API is not mounted", () => {
    expect(paths(new API(), [])).to.deep.equal(["/users/{id}/"]);
  });

  it("O1: hold the first of operations that a document cannot tell apart", () => {
    const document = documented((api) => {
      api.get("a/<int:x>/", { name: "first" }, () => "");
      api.get("a/<slug:x>/", { name: "second" }, () => "");
      api.post("a/<slug:x>/", { name: "third" }, () => "");
    });
    expect(operation_of(document, "get", "/api/a/{x}/").operationId).to.equal("first");
    expect(operation_of(document, "post", "/api/a/{x}/").operationId).to.equal("third");
  });

  it("O15: leave out what is not to be shown, at any layer", () => {
    const document = documented((api) => {
      api.get("a/", { include_in_schema: false }, () => "");
      api.router("inner/", { include_in_schema: false }).get("b/", () => "");
      api.get("c/", () => "");
    });
    expect(Object.keys(document.paths)).to.deep.equal(["/api/c/"]);
  });

  it("O15: leave out HEAD and OPTIONS, unless they have a handler", () => {
    const document = documented((api) => {
      api.get("a/", () => "");
      api.head("b/", () => undefined);
      api.options("b/", () => undefined);
    });
    expect(document.paths["/api/a/"]).to.have.all.keys("get");
    expect(document.paths["/api/b/"]).to.have.all.keys("head", "options");
  });

  it("has other methods in OpenAPI 3.2 only", () => {
    const fill = (api: API): void => void api.route(["PURGE"], "a/", () => "");
    const { paths: old } = documented(fill);
    expect(old).to.deep.equal({});
    const api = new API({ openapi: { version: "3.2.0" } });
    fill(api);
    expect(api.openapi().paths["/a/"]?.additionalOperations).to.have.all.keys("PURGE");
  });
});

/** A URLconf that is read when it is needed. */
function lazily(patterns: () => ReturnType<typeof path>[]): {
  urlpatterns: ReturnType<typeof path>[];
} {
  return {
    get urlpatterns() {
      return patterns();
    },
  };
}

describe("api/openapi: parameters", () => {
  class HexConverter {
    readonly regex = "[0-9a-f]+";
    readonly json_schema = { type: "string", pattern: "^[0-9a-f]+$", example: "ff" };
    to_python(value: string): number {
      return Number.parseInt(value, 16);
    }
    to_url(value: unknown): string {
      return String(value);
    }
  }
  class PlainConverter {
    readonly regex = "[a-z]+";
    to_python(value: string): string {
      return value;
    }
    to_url(value: unknown): string {
      return String(value);
    }
  }
  register_converter(HexConverter, "document_hex");
  register_converter(PlainConverter, "document_plain");

  const converters: [route: string, schema: object][] = [
    ["<int:x>/", { type: "integer", minimum: 0 }],
    ["<slug:x>/", { type: "string", pattern: "^[-a-zA-Z0-9_]+$" }],
    ["<uuid:x>/", { type: "string", format: "uuid" }],
    ["<str:x>/", { type: "string" }],
    ["<x>/", { type: "string" }],
    ["<path:x>", { type: "string" }],
    ["<document_hex:x>/", { type: "string", pattern: "^[0-9a-f]+$", example: "ff" }],
    ["<document_plain:x>/", { type: "string" }],
  ];
  for (const [route, schema] of converters) {
    it(`O2: of ${route} are ${JSON.stringify(schema)}`, () => {
      const { parameters } = only_operation((api) => api.get(route, () => ""));
      expect(parameters).to.deep.equal([{ name: "x", in: "path", required: true, schema }]);
    });
  }

  it("O2: of a path are what its schema says", () => {
    const operation = only_operation((api) =>
      api.get(
        "<int:year>/<slug:what>/",
        {
          path: z.object({
            year: z.int().min(1900).max(2100).describe("of printing"),
            more: z.string().optional(),
          }),
        },
        () => "",
      ),
    );
    expect(parameters_of(operation)).to.deep.equal({
      "path year": {
        name: "year",
        in: "path",
        description: "of printing",
        required: true,
        schema: { type: "integer", minimum: 1900, maximum: 2100, description: "of printing" },
      },
      "path what": {
        name: "what",
        in: "path",
        required: true,
        schema: { type: "string", pattern: "^[-a-zA-Z0-9_]+$" },
      },
    });
  });

  it("O3: are the properties of the query, the headers and the cookies", () => {
    const operation = only_operation((api) =>
      api.get(
        "",
        {
          query: z.object({ q: z.string(), page: z.number().default(1) }),
          headers: z.object({ x_request_id: z.string().optional(), "X-Trace": z.string() }),
          cookies: z.object({ theme_name: z.string().meta({ deprecated: true }) }),
        },
        () => "",
      ),
    );
    const text = { type: "string" };
    expect(operation.parameters).to.deep.equal([
      { name: "q", in: "query", required: true, schema: text },
      { name: "page", in: "query", required: false, schema: { type: "number", default: 1 } },
      { name: "x-request-id", in: "header", required: false, schema: text },
      { name: "X-Trace", in: "header", required: true, schema: text },
      {
        name: "theme_name",
        in: "cookie",
        required: true,
        deprecated: true,
        schema: { ...text, deprecated: true },
      },
    ]);
  });

  it("O3: come from components, intersections and unions", () => {
    const Base = z.object({ a: z.string(), both: z.string() }).meta({ id: "QueryBase" });
    const operation = only_operation((api) =>
      api.get(
        "",
        {
          query: z.intersection(
            Base,
            z.union([
              z.object({ kind: z.literal("x"), both: z.string() }),
              z.object({ kind: z.literal("y"), extra: z.string() }),
            ]),
          ),
        },
        () => "",
      ),
    );
    const found = parameters_of(operation);
    expect(found).to.have.all.keys("query a", "query both", "query kind", "query extra");
    expect(found["query kind"]).to.include({ required: true });
    expect(found["query extra"]).to.include({ required: false });
    expect(found["query both"]).to.include({ required: true });
    expect(found["query kind"]?.schema).to.deep.equal({
      anyOf: [
        { type: "string", const: "x" },
        { type: "string", const: "y" },
      ],
    });
  });

  it("O3: refer to components", () => {
    const Color = z.enum(["red", "blue"]).meta({ id: "Color" });
    const document = documented((api) =>
      api.get("", { query: z.object({ color: Color }) }, () => ""),
    );
    const { parameters } = operation_of(document, "get", "/api/");
    expect(parameters?.[0]?.schema).to.deep.equal({ $ref: "#/components/schemas/Color" });
  });
});

describe("api/openapi: bodies", () => {
  const schema = {
    type: "object",
    properties: { name: { type: "string" } },
    required: ["name"],
  };
  const Named = z.object({ name: z.string() });

  it("O4: are in the types of the parsers", () => {
    const { requestBody } = only_operation((api) =>
      api.post("", { body: Named, parsers: [new JSONParser(), new MessagePackParser()] }, () => ""),
    );
    expect(requestBody).to.deep.equal({
      required: true,
      content: { "application/json": { schema }, "application/x-msgpack": { schema } },
    });
  });

  it("O4: of forms are in both types of forms", () => {
    const { requestBody } = only_operation((api) => api.post("", { form: Named }, () => ""));
    expect(requestBody?.content).to.deep.equal({
      "application/x-www-form-urlencoded": { schema },
      "multipart/form-data": { schema },
    });
  });

  const Upload = z.object({ file: uploaded_file() }).meta({ id: "Upload" });
  const with_files = {
    "a file": z.object({ file: uploaded_file() }),
    "several files": z.object({ files: z.array(uploaded_file()) }),
    "a file in a component": Upload,
  };
  for (const [what, form] of Object.entries(with_files)) {
    it(`O4: of forms with ${what} are multipart only`, () => {
      const { requestBody } = only_operation((api) => api.post("", { form }, () => ""));
      expect(requestBody?.content).to.have.all.keys("multipart/form-data");
    });
  }
});

describe("api/openapi: operations", () => {
  const ids: [route: string, id: string][] = [
    ["users/<int:id>/", "get_users_id"],
    ["", "get"],
    ["books.csv", "get_books_csv"],
    ["a-b/<slug:c_d>", "get_a_b_c_d"],
  ];
  for (const [route, id] of ids) {
    it(`O12: GET ${route || "of the root"} has the id ${id}`, () => {
      expect(only_operation((api) => api.get(route, () => "")).operationId).to.equal(id);
    });
  }

  it("O12: have the id that the spec says, else the name", () => {
    const by_name = only_operation((api) => api.get("a/", { name: "alpha" }, () => ""));
    expect(by_name.operationId).to.equal("alpha");
    const spec = { name: "alpha", operation_id: "readAlpha" };
    expect(only_operation((api) => api.get("a/", spec, () => "")).operationId).to.equal(
      "readAlpha",
    );
  });

  it("O12: may not have the same id twice", () => {
    const fill = (api: API): void => {
      api.get("a/", { operation_id: "same" }, () => "");
      api.get("b/", { name: "same" }, () => "");
    };
    expect(() => documented(fill)).to.throw(
      ImproperlyConfigured,
      /GET \/api\/a\/ and GET \/api\/b\/ .*'same'.*operation_id/,
    );
  });

  it("O12: that share the name of their route have their method before it", () => {
    class Item extends Controller {
      @endpoint({})
      get(_request: HttpRequest, _args: { id: number }): string {
        return "";
      }
      @endpoint({ operation_id: "removeItem" })
      delete(_request: HttpRequest, _args: { id: number }): void {}
    }
    const document = documented((api) => {
      api.route(["PUT", "PATCH"], "things/", { name: "thing" }, () => "");
      api.view("items/<int:id>/", Item, { name: "item" });
    });
    const id = (method: "get" | "put" | "patch" | "delete", at: string): string =>
      operation_of(document, method, at).operationId;
    expect(id("put", "/api/things/")).to.equal("put_thing");
    expect(id("patch", "/api/things/")).to.equal("patch_thing");
    expect(id("get", "/api/items/{id}/")).to.equal("item");
    expect(id("delete", "/api/items/{id}/")).to.equal("removeItem");
  });

  it("O12: have their own texts, and tags, deprecation and security of all layers", () => {
    const document = documented(
      (api) =>
        api
          .router("a/", { tags: ["inner"], deprecated: true, security: [{ key: ["read"] }] })
          .get("b/", { tags: ["own"], summary: "In short", description: "At length" }, () => ""),
      { tags: ["outer"], security: [{ session: [] }] },
    );
    expect(operation_of(document, "get", "/api/a/b/")).to.deep.include({
      operationId: "get_a_b",
      summary: "In short",
      description: "At length",
      tags: ["outer", "inner", "own"],
      deprecated: true,
      security: [{ session: [] }, { key: ["read"] }],
    });
  });

  it("O13: API.openapi may be subclassed", async () => {
    class Shop extends API {
      override openapi(): ReturnType<API["openapi"]> {
        const document = super.openapi();
        const securitySchemes = {
          session: { type: "apiKey", in: "cookie", name: "sessionid" },
        };
        return { ...document, components: { ...document.components, securitySchemes } };
      }
    }
    const api = new Shop();
    api.get("a/", { response: z.string() }, () => "");
    const document = document_of(api);
    expect(document.components).to.have.all.keys("schemas", "securitySchemes");
  });
});
