// The benchmark application on the built package: real routes and views, nothing short-circuited.
//   listener({ routes, stack, api }, S) gives the function of get_node_application(), fetcher(…) that of
//   get_fetch_application(). `stack`: with the usual middleware; `api`: with typed endpoints.
//   S holds the data: TMP, DIR, FILES, PAGE, chunks(), article(), fillers(), SECRET, SESSION, home(); for `api`: item(), placed(), found().
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import path from "node:path";
import { settings } from "nuages/conf";
import { FileUploadHandler, TemporaryFileUploadHandler } from "nuages/core/files/uploadhandler";
import { get_node_application } from "nuages/core/handlers";
import { FileResponse, HttpResponse, JsonResponse, StreamingHttpResponse } from "nuages/http";
import { render } from "nuages/shortcuts";
import { Nunjucks } from "nuages/template/backends/nunjucks";
import { path as route } from "nuages/urls";
import { upload_handlers } from "nuages/views/decorators/upload";

const TEXT = "text/plain; charset=utf-8";
const COMPACT = { json_dumps_params: { separators: [",", ":"] } };
const COMPACT_UNICODE = { json_dumps_params: { separators: [",", ":"], ensure_ascii: false } };

/** Hashes a file as it arrives and keeps nothing of it. */
class HashUploadHandler extends FileUploadHandler {
  #hash;
  #name;

  new_file(field_name, file_name) {
    this.#hash = createHash("sha256");
    this.#name = file_name;
  }

  receive_data_chunk(raw_data) {
    this.#hash.update(raw_data);
    return null;
  }

  file_complete(file_size) {
    return { name: this.#name, size: file_size, sha256: this.#hash.digest("hex") };
  }
}

function patterns(S, routes) {
  const article = (request, { year, month, slug }) =>
    new HttpResponse(S.article(year, month, slug), { content_type: TEXT });
  const articles = (prefix) => route(`${prefix}/<int:year>/<int:month>/<slug:slug>/`, article);
  return [
    route("plaintext", () => {
      const response = new HttpResponse("Hello, World!", { content_type: TEXT });
      response.set("X-App", "bench");
      return response;
    }),
    route("json", () => new JsonResponse({ message: "Hello, World!" }, COMPACT)),
    route("q", (request) => {
      const query = Object.fromEntries(request.GET.lists());
      return new JsonResponse({ query, cookies: request.COOKIES }, COMPACT_UNICODE);
    }),
    route("form", (request) => new JsonResponse(request.POST.dict(), COMPACT_UNICODE)),
    route(
      "upload",
      upload_handlers([HashUploadHandler])((request) => {
        const fields = request.POST.dict();
        return new JsonResponse({ fields, file: request.FILES.get("file") }, COMPACT_UNICODE);
      }),
    ),
    route(
      "upload-tmp",
      upload_handlers([TemporaryFileUploadHandler])(async (request) => {
        const fields = request.POST.dict();
        const upload = request.FILES.get("file");
        const hash = createHash("sha256");
        for await (const chunk of createReadStream(upload.temporary_file_path(), {
          highWaterMark: 1 << 18,
        }))
          hash.update(chunk);
        const file = { name: upload.name, size: upload.size, sha256: hash.digest("hex") };
        return new JsonResponse({ fields, file }, COMPACT_UNICODE);
      }),
    ),
    route("file/big", () => FileResponse.from_path(S.FILES.big)),
    route("file/small", () => FileResponse.from_path(S.FILES.small)),
    route("page", (request) => render(request, "page.html", S.PAGE)),
    route("stream", () => new StreamingHttpResponse(S.chunks(), { content_type: TEXT })),
    ...S.fillers(routes).map(articles),
    articles("articles"),
  ];
}

async function stack_patterns(S) {
  const { get_token } = await import("nuages/middleware/csrf");
  return [
    route("login", (request) => {
      for (const [key, value] of Object.entries(S.SESSION)) request.session.set(key, value);
      get_token(request);
      return new HttpResponse("in");
    }),
    route(
      "home",
      (request) => new HttpResponse(S.home(request.session.get("user_id"), get_token(request))),
    ),
  ];
}

async function api_patterns(S) {
  const { API } = await import("nuages/api");
  const { Item, NewOrder, Order, Results, Search } = await import("./schemas.mjs");
  const api = new API({ title: "Bench", version: "1.0.0" });
  api.get("items/<int:id>/", { response: Item }, (request, { id }) => S.item(id));
  api.get("plain/<int:id>/", (request, { id }) => S.item(id));
  api.post("orders/", { body: NewOrder, response: Order }, (request, { body }) => S.placed(body));
  api.get(
    "search/",
    { query: Search, response: Results },
    (request, { query: { q, page, exact } }) => S.found(q, page, exact),
  );
  return [route("api/", api.urls)];
}

async function stack_settings() {
  const { SecurityMiddleware } = await import("nuages/middleware/security");
  const { SessionMiddleware } = await import("nuages/contrib/sessions/middleware");
  const { CommonMiddleware } = await import("nuages/middleware/common");
  const { CsrfViewMiddleware } = await import("nuages/middleware/csrf");
  const { XFrameOptionsMiddleware } = await import("nuages/middleware/clickjacking");
  return {
    SESSION_ENGINE: await import("nuages/contrib/sessions/backends/signed_cookies"),
    MIDDLEWARE: [
      SecurityMiddleware,
      SessionMiddleware,
      CommonMiddleware,
      CsrfViewMiddleware,
      XFrameOptionsMiddleware,
    ],
  };
}

async function configure({ routes = 1, stack = false, api = false }, S) {
  settings.configure({
    SECRET_KEY: S.SECRET,
    ALLOWED_HOSTS: ["*"],
    FILE_UPLOAD_TEMP_DIR: S.UPLOADS ?? path.join(S.TMP, "uploads"),
    TEMPLATES: [{ BACKEND: Nunjucks, DIRS: [path.join(S.DIR, "templates")] }],
    ROOT_URLCONF: {
      urlpatterns: [
        ...patterns(S, routes),
        ...(stack ? await stack_patterns(S) : []),
        ...(api ? await api_patterns(S) : []),
      ],
    },
    ...(stack ? await stack_settings() : {}),
  });
}

/** The `(req, res)` function of the application. */
export async function listener(options, S) {
  await configure(options, S);
  return get_node_application();
}

/** The `(request) => Promise<Response>` function of the application. */
export async function fetcher(options, S) {
  await configure(options, S);
  const { get_fetch_application } = await import("nuages/core/handlers/fetch");
  return get_fetch_application();
}
