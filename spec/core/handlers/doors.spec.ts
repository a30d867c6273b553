/** Both doors do the same: row B10 of the cases of security. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { BadRequest, PermissionDenied, SuspiciousOperation } from "nuages/core/exceptions";
import {
  FileResponse,
  Http404,
  type HttpRequest,
  HttpResponse,
  HttpResponseNotModified,
  HttpResponseRedirect,
  JsonResponse,
  StreamingHttpResponse,
} from "nuages/http";
import { CommonMiddleware } from "nuages/middleware/common";
import { CsrfViewMiddleware } from "nuages/middleware/csrf";
import { GZipMiddleware } from "nuages/middleware/gzip";
import { ConditionalGetMiddleware } from "nuages/middleware/http";
import { SecurityMiddleware } from "nuages/middleware/security";
import { XFrameOptionsMiddleware } from "nuages/middleware/clickjacking";
import { csrf_exempt } from "nuages/views/decorators/csrf";
import { path, re_path } from "nuages/urls";
import { type Ask, both_doors } from "../../support/doors.ts";
import { temporary_directory } from "../../support/files.ts";
import { quiet } from "../../support/log.ts";

const throws = (error: unknown) => (): never => {
  throw error;
};

const files = temporary_directory({
  "small.txt": "small\n".repeat(100),
  "large.bin": Buffer.alloc(300_000, "large "),
});

/** What a view can see of a request, but for the connection. */
function seen(request: HttpRequest): Record<string, unknown> {
  const { META } = request;
  const headers = Object.keys(META).filter(
    (name) => name.startsWith("HTTP_") && name !== "HTTP_CONNECTION",
  );
  return {
    method: request.method,
    path: request.path,
    full_path: request.get_full_path(),
    uri: request.build_absolute_uri(),
    query: Object.fromEntries(request.GET.lists()),
    form: Object.fromEntries(request.POST.lists()),
    files: Array.from(request.FILES.items(), ([name, file]) => [name, file.name, file.size]),
    cookies: { ...request.COOKIES },
    type: request.content_type,
    scheme: request.scheme,
    headers: Object.fromEntries(headers.toSorted().map((name) => [name, META[name]])),
    body: request.content_type === "multipart/form-data" ? null : request.body.toString("latin1"),
  };
}

const urlpatterns = [
  path("text/", () => new HttpResponse("caf\u00e9")),
  path("latin-1/", () => new HttpResponse("caf\u00e9", { headers: { "X-Name": "Ren\u00e9" } })),
  path("header/", () => new HttpResponse("", { headers: { "X-Name": "\u20ac" } })),
  path("plain/", () => new HttpResponse("a", { content_type: "text/plain" })),
  path("reason/", () => new HttpResponse("", { status: 299, reason: "As it were" })),
  path("json/", () => new JsonResponse({ a: [1, "\u20ac"] })),
  path("redirect/", () => new HttpResponseRedirect("/elsewhere/?a=b")),
  path("not-modified/", () => new HttpResponseNotModified()),
  path("204/", () => new HttpResponse("content", { status: 204 })),
  path("205/", () => new HttpResponse("content", { status: 205 })),
  path("cookies/", () => {
    const response = new HttpResponse("");
    response.set_cookie("a", "1", { max_age: 60, httponly: true });
    response.set_cookie("b", "x;y");
    return response;
  }),
  path("stream/", () => new StreamingHttpResponse(["one ", "two ", "\u20ac"])),
  path("late/", () => {
    async function* parts(): AsyncGenerator<string> {
      yield "one ";
      await Promise.resolve();
      yield "two";
    }
    return new StreamingHttpResponse(parts());
  }),
  path(
    "announced/",
    () => new StreamingHttpResponse(["abc"], { headers: { "Content-Length": 3 } }),
  ),
  path("small/", (request) => FileResponse.from_path(files.path("small.txt"), { request })),
  path("large/", (request) => FileResponse.from_path(files.path("large.bin"), { request })),
  path("404/", throws(new Http404("not here"))),
  path("403/", throws(new PermissionDenied())),
  path("400/", throws(new BadRequest("no"))),
  path("suspicious/", throws(new SuspiciousOperation("hm"))),
  path("500/", throws(new Error("broken"))),
  path("nothing/", (() => undefined) as never),
  path("101/", () => new HttpResponse("", { status: 101 })),
  path("hop/", () => new HttpResponse("", { headers: { Connection: "close" } })),
  path("wrong-length/", () => new HttpResponse("abc", { headers: { "Content-Length": 7 } })),
  path("no-length/", () => new HttpResponse("abc", { headers: { "Content-Length": "3x" } })),
  path("dry/", () => new StreamingHttpResponse(throwing())),
  path(
    "exempt/",
    csrf_exempt((request: HttpRequest) => new JsonResponse(seen(request))),
  ),
  re_path(/^seen.*$/, (request: HttpRequest) => new JsonResponse(seen(request))),
];

function* throwing(): Generator<string> {
  yield throws(new Error("dry"))();
}

const TARGETS = [
  "/text/",
  "/latin-1/",
  "/header/",
  "/plain/",
  "/reason/",
  "/json/",
  "/redirect/",
  "/not-modified/",
  "/204/",
  "/205/",
  "/cookies/",
  "/stream/",
  "/late/",
  "/announced/",
  "/small/",
  "/large/",
  "/404/",
  "/403/",
  "/400/",
  "/suspicious/",
  "/500/",
  "/nothing/",
  "/101/",
  "/hop/",
  "/wrong-length/",
  "/no-length/",
  "/dry/",
  "/missing/",
  "/text",
  "/",
];

// As the URL standard leaves them: a Request has no dot segments, and percent-encodes some more characters.
const SEEN = [
  "/seen",
  "/seen/?a=1&a=2&b",
  "/seen/?a=%E2%82%AC+%20&%zz=%FF&=x",
  "/seen/?a=%3C%22%3E%27",
  "/seen/%C3%A9/%20/%2F/%25",
  "/seen/%FF/%E2%82/%zz",
  "/seen//double//slashes",
  "/seen/;x=1,2:3@4",
  "/seen/?next=/a?b",
];

const HEADERS: Readonly<Record<string, string>>[] = [
  {},
  { Cookie: 'a=1; b=2; a=3; c="x\\073y"; =; d' },
  { Accept: "text/html;q=0.5, application/json", "Accept-Language": "fr, en;q=0.5" },
  { "X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example", "X-Name": "Ren\u00e9" },
  { Authorization: "Basic YTpi", Range: "bytes=1-3", "If-None-Match": "*" },
  { "X-Empty": "", X_Under: "1", Proxy: "http://evil.example" },
];

const FORM = "application/x-www-form-urlencoded";
const MULTIPART = [
  '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n',
  '--b\r\nContent-Disposition: form-data; name="f"; filename="\u00e9.txt"\r\n\r\nfile\r\n--b--\r\n',
].join("");
const BODIES: [type: string | undefined, body: string][] = [
  [FORM, "a=1&a=2&b=%E2%82%AC"],
  [FORM, ""],
  [FORM, "&".repeat(10)],
  [`${FORM}; charset=latin-1`, "a=%E9"],
  [FORM, "a&".repeat(1001)],
  ["application/json", '{"a": "\u20ac"}'],
  ["text/plain", "\0\x01\u00ff"],
  ["multipart/form-data; boundary=b", MULTIPART],
  ["multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; na"],
  ["multipart/form-data", MULTIPART],
  ["multipart/form-data; boundary=\u00e9", MULTIPART],
  [`x/${"y".repeat(10_001)}`, "a"],
  [undefined, "a=1"],
];

function* requests(): Generator<Ask> {
  for (const target of TARGETS)
    for (const method of ["GET", "HEAD", "POST"])
      yield method === "POST"
        ? { method, target, body: "a=1", headers: { "Content-Type": FORM } }
        : { method, target };
  for (const target of SEEN) for (const headers of HEADERS) yield { target, headers };
  for (const method of ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "QUERY"])
    for (const [type, body] of BODIES)
      yield {
        method,
        target: "/exempt/",
        body,
        headers: type === undefined ? {} : { "Content-Type": type },
      };
  for (const headers of HEADERS)
    for (const target of [
      "/small/",
      "/large/",
      "/text/",
      "/stream/",
      "/json/",
      "/cookies/",
      "/404/",
      "/redirect/",
      "/late/",
      "/500/",
      "/403/",
      "/plain/",
      "/missing",
    ])
      yield { target, headers };
}

const STACKS = [
  ["no middleware", []],
  [
    "the usual middleware",
    [SecurityMiddleware, CommonMiddleware, CsrfViewMiddleware, XFrameOptionsMiddleware],
  ],
  ["middleware that changes bodies", [GZipMiddleware, ConditionalGetMiddleware]],
] as const;

describe("core/handlers: both doors", () => {
  quiet();
  const asks = [...requests()];

  for (const [name, MIDDLEWARE] of STACKS) {
    it(`B10: answer ${asks.length} requests alike, with ${name}`, async () => {
      const replies = await both_doors(urlpatterns, asks, { MIDDLEWARE: [...MIDDLEWARE] });
      expect(replies).to.have.lengthOf(asks.length);
      for (const [i, { node, fetch }] of replies.entries()) {
        const { method = "GET", target, headers = {} } = asks[i] ?? { target: "" };
        expect(fetch, `${method} ${target} ${JSON.stringify(headers).slice(0, 200)}`).to.deep.equal(
          node,
        );
      }
    }).timeout(20_000);
  }

  it("B10: are asked for something, and most of it succeeds", async () => {
    const replies = await both_doors(urlpatterns, asks);
    const successes = replies.filter(({ node }) => node.status < 400);
    expect(replies.length).to.be.greaterThan(250);
    expect(successes.length).to.be.greaterThan(150);
  });
});
