/** What a first app needs; everything else is where Django has it, under `nuages/http`, `nuages/urls` and so on. @module */
export { settings, type Settings } from "./conf/index.ts";
export { get_node_application, type NodeApplication } from "./core/handlers/node.ts";
export { type RunningServer, serve, type ServeOptions } from "./core/handlers/serve.ts";
export {
  FileResponse,
  Http404,
  HttpRequest,
  HttpResponse,
  HttpResponseBadRequest,
  HttpResponseForbidden,
  HttpResponseNotAllowed,
  HttpResponseNotFound,
  HttpResponsePermanentRedirect,
  HttpResponseRedirect,
  JsonResponse,
  QueryDict,
  StreamingHttpResponse,
} from "./http/index.ts";
export { get_list_or_404, get_object_or_404, redirect, render } from "./shortcuts.ts";
export { Nunjucks } from "./template/backends/nunjucks.ts";
export { include, path, re_path, reverse, type View } from "./urls/index.ts";
