// The site that checks.mjs asks, behind the Fetch door of the built package and the server of the runtime.
//   patterns({ dir, notes }) gives the URL patterns; `notes` is told what no answer can show.
import { createHash } from "node:crypto";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { acheck_password, make_password } from "nuages/contrib/auth/hashers";
import { BadRequest, PermissionDenied } from "nuages/core/exceptions";
import { TemporaryFileUploadHandler } from "nuages/core/files/uploadhandler";
import {
  FileResponse,
  HttpResponse,
  HttpResponseNotModified,
  HttpResponseRedirect,
  JsonResponse,
  StreamingHttpResponse,
} from "nuages/http";
import { get_token } from "nuages/middleware/csrf";
import { render } from "nuages/shortcuts";
import { path, re_path } from "nuages/urls";
import { activate, get_current_timezone_name } from "nuages/utils/timezone";
import { csrf_exempt } from "nuages/views/decorators/csrf";
import { deferred_upload, upload_handlers } from "nuages/views/decorators/upload";

const json = (value) => new JsonResponse(value, { safe: false });

function throws(error) {
  return () => {
    throw error;
  };
}

function cookies() {
  const response = new HttpResponse("");
  response.set_cookie("a", "1", { httponly: true });
  response.set_cookie("b", "x;y");
  return response;
}

/** What the door makes of a request. */
function seen(request) {
  const { META } = request;
  return json({
    method: request.method,
    path: request.path,
    full_path: request.get_full_path(),
    query: Object.fromEntries(request.GET.lists()),
    cookies: { ...request.COOKIES },
    host: request.get_host(),
    address: META.REMOTE_ADDR,
    headers: Object.keys(META).filter((name) => name.startsWith("HTTP_X_")),
  });
}

async function form(request) {
  const files = Array.from(request.FILES.items(), ([name, file]) => {
    const { name: file_name, size } = file;
    const sha256 = createHash("sha256");
    for (const chunk of file.chunks()) sha256.update(chunk);
    return { name, file_name, size, kind: file.constructor.name, sha256: sha256.digest("hex") };
  });
  return json({ fields: Object.fromEntries(request.POST.lists()), files });
}

async function hashed(request) {
  const hash = createHash("sha256");
  let size = 0;
  for await (const chunk of request) {
    hash.update(chunk);
    size += chunk.length;
  }
  return json({ size, sha256: hash.digest("hex") });
}

async function* slowly() {
  for (const part of ["one ", "two ", "three"]) {
    yield part;
    await sleep(50);
  }
}

/** A stream without an end, which notes that it was ended. */
function endless(notes) {
  return async () => {
    async function* ticks() {
      try {
        for (;;) {
          yield "tick\n".repeat(100);
          await sleep(5);
        }
      } finally {
        notes.push("generator");
      }
    }
    const response = new StreamingHttpResponse(ticks());
    response._resource_closers.push(() => notes.push("closed"));
    return response;
  };
}

function waiting(notes) {
  return async (request) => {
    await new Promise((resolve) => request.signal.addEventListener("abort", resolve));
    notes.push("aborted");
    return new HttpResponse("");
  };
}

async function* failing() {
  yield "x".repeat(1000);
  await sleep(5);
  throw new Error("the source is dry");
}

async function in_its_timezone(_request, { name }) {
  activate(name.replace("-", "/"));
  await sleep(Math.random() * 20);
  return json(get_current_timezone_name());
}

async function password() {
  const encoded = await make_password("secret", { hasher: "pbkdf2_sha256" });
  return json([await acheck_password("secret", encoded), await acheck_password("wrong", encoded)]);
}

function visits(request) {
  const count = (request.session.get("count") ?? 0) + 1;
  request.session.set("count", count);
  return json({ count, token: get_token(request) });
}

export function patterns({ dir, notes }) {
  const file = (name) => (request) => FileResponse.from_path(join(dir, name), { request });
  return [
    path("text/", () => new HttpResponse("caf\u00e9", { headers: { "X-Name": "Ren\u00e9" } })),
    path("created/", () => new HttpResponse("made", { status: 201 })),
    path("reason/", () => new HttpResponse("", { status: 299, reason: "As it were" })),
    path("json/", () => json({ a: [1, "\u20ac"] })),
    path("redirect/", () => new HttpResponseRedirect("/elsewhere/?a=b")),
    path("not-modified/", () => new HttpResponseNotModified()),
    path("204/", () => new HttpResponse("content", { status: 204 })),
    path("cookies/", cookies),
    path("404/", (request) => render(request, "missing.html")),
    path("403/", throws(new PermissionDenied())),
    path("400/", throws(new BadRequest("no"))),
    path("500/", throws(new Error("broken"))),
    path("101/", () => new HttpResponse("", { status: 101 })),
    path("page/", (request) => render(request, "page.html", { name: "<Ada>", rows: [1, 2, 3] })),
    path("large-page/", () => new HttpResponse("all the same ".repeat(1000))),
    path("slowly/", () => new StreamingHttpResponse(slowly())),
    path(
      "many/",
      () => new StreamingHttpResponse(Array.from({ length: 2000 }, () => "x".repeat(1023))),
    ),
    path("endless/", endless(notes)),
    path("waiting/", waiting(notes)),
    path("failing/", () => new StreamingHttpResponse(failing())),
    path("dry/", () => new StreamingHttpResponse(failing_at_once())),
    path("small-file/", file("small.txt")),
    path("large-file/", file("large.bin")),
    path("form/", csrf_exempt(form)),
    path("disk/", csrf_exempt(upload_handlers([TemporaryFileUploadHandler])(form))),
    path("hashed/", csrf_exempt(hashed)),
    path("unread/", csrf_exempt(deferred_upload(() => new HttpResponse("early")))),
    path(
      "body/",
      csrf_exempt((request) => json(request.body.toString("latin1"))),
    ),
    path("guarded/", (request) => json(request.POST.dict())),
    path("visits/", visits),
    path("zone/<str:name>/", in_its_timezone),
    path("password/", password),
    re_path(/^seen.*$/, seen),
  ];
}

async function* failing_at_once() {
  yield await Promise.reject(new Error("the source is dry"));
}
