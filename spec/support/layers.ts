/** Four layers around one handler: an API, a router, a controller, an endpoint. @module */
import { API } from "nuages/api/api";
import { Controller } from "nuages/api/controller";
import { endpoint } from "nuages/api/endpoint";
import type { Layer, Spec } from "nuages/api/spec";
import type { HttpRequest } from "nuages/http";
import type { TestResponse } from "nuages/test";
import { path } from "nuages/urls";
import { with_site } from "./site.ts";

/** What each of them says. */
export interface Layers {
  readonly api?: Layer;
  readonly router?: Layer;
  readonly controller?: Layer;
  readonly endpoint?: Spec;
}

/** The same of each layer, made of its name. */
export function each(make: (name: string) => Layer): Required<Layers> {
  return {
    api: make("api"),
    router: make("router"),
    controller: make("controller"),
    endpoint: make("endpoint"),
  };
}

/** What a client gets from a handler in these layers. */
export async function get_layered(
  layers: Layers,
  handle: (request: HttpRequest) => unknown,
): Promise<{ response: TestResponse; cookies: string[] }> {
  const spec: object = layers.endpoint ?? {}; // whatever it declares is for the pipeline to judge
  class View extends Controller {
    static override layer = layers.controller ?? {};

    @endpoint(spec)
    get(request: HttpRequest): unknown {
      return handle(request);
    }
  }
  const api = new API({ openapi: null, ...layers.api });
  api.router("", layers.router).view("", View);
  const got: TestResponse[] = [];
  await with_site([path("", api.urls)], { MIDDLEWARE: [] }, async (client) => {
    got.push(await client.get("/"));
  });
  const [response] = got;
  if (response === undefined) throw new Error("There was no response.");
  const cookies = [...response.cookies.values()].map((morsel) => morsel.OutputString());
  return { response, cookies };
}
