/** Security of uploads, encodings of bodies, single middleware, logins and stored hashes: rows that stand alone. @module */
import crypto from "node:crypto";
import { readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { basename, dirname } from "node:path";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { expect } from "chai";
import { describe, it } from "mocha";
import { authenticate, login } from "nuages/contrib/auth";
import { RemoteUserBackend } from "nuages/contrib/auth/backends";
import { check_password, make_password } from "nuages/contrib/auth/hashers";
import { AuthenticationMiddleware, RemoteUserMiddleware } from "nuages/contrib/auth/middleware";
import { SessionMiddleware } from "nuages/contrib/sessions";
import { SessionStore } from "nuages/contrib/sessions/backends/cache";
import { LocMemCache } from "nuages/core/cache/backends/locmem";
import { TemporaryUploadedFile } from "nuages/core/files/uploadedfile";
import { get_fetch_application } from "nuages/core/handlers/fetch";
import { type HttpRequest, HttpResponse } from "nuages/http";
import {
  CacheMiddleware,
  FetchFromCacheMiddleware,
  UpdateCacheMiddleware,
} from "nuages/middleware/cache";
import { CsrfViewMiddleware, get_token } from "nuages/middleware/csrf";
import { TemplateResponse } from "nuages/template/response";
import { Client, RequestFactory } from "nuages/test";
import { path, type URLPatterns } from "nuages/urls";
import { type GetResponse, type MiddlewareEntry, MiddlewareMixin } from "nuages/utils/deprecation";
import type { LogRecord } from "nuages/utils/log";
import { cache_page } from "nuages/views/decorators/cache";
import { ask, site } from "../support/ask.ts";
import { cpu_time_of } from "../support/cpu_time.ts";
import { temporary_directory } from "../support/files.ts";
import { logged } from "../support/log.ts";
import { get } from "../support/raw.ts";
import { type TestServer, with_server } from "../support/server.ts";
import { with_settings } from "../support/settings.ts";
import { with_site } from "../support/site.ts";
import { QuickHasher, site_with_users } from "../support/users.ts";

const rf = new RequestFactory();
const MULTIPART = "multipart/form-data; boundary=sep";
const END = '\r\n--sep\r\nContent-Disposition: form-data; name="z"\r\n\r\nend\r\n--sep--\r\n';

/** The files, by name and content, and the fields of a form that begins with this part; a field `z` comes last. */
function form_of(disposition: string, value: string): unknown {
  const part = `--sep\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n${value}`;
  const bytes = Buffer.from(part + END, "latin1");
  const { FILES, POST } = rf.generic("POST", "/", bytes, { content_type: MULTIPART });
  const files = [...FILES.lists()].flatMap(([, list]) =>
    list.map((file) => [file.name, String(file.read())]),
  );
  return { files, fields: [...POST.lists()] };
}

describe("security/rest: parts of a form", () => {
  const z = ["z", ["end"]];

  it("F7: a part whose file name is not UTF-8 is dropped, as Django does; the next one is read", () => {
    const form = form_of('name="f"; filename="\xff.txt"', "data");
    expect(form).to.deep.equal({ files: [], fields: [z] });
  });

  it("F21: a boundary within a line ends the content of a file there, as Django does", () => {
    const form = form_of('name="f"; filename="a.txt"', "ab--sepcde");
    expect(form).to.deep.equal({ files: [["a.txt", "ab"]], fields: [z] });
  });

  it("F21: and that of a field; what follows on the line is no part of anything", () => {
    const form = form_of('name="f"', "ab--sepcde");
    expect(form).to.deep.equal({ files: [], fields: [["f", ["ab"]], z] });
  });
});

describe("security/rest: the temporary file of an upload", () => {
  const directory = temporary_directory({});

  function upload(): TemporaryUploadedFile {
    return with_settings(
      { FILE_UPLOAD_TEMP_DIR: directory.root },
      () => new TemporaryUploadedFile("a.txt", "text/plain", 0, null),
    );
  }

  /** Runs `fn` while the generator of random numbers gives so many zeros first. */
  function with_zeros<T>(count: number, fn: () => T): T {
    const { randomInt } = crypto;
    let left = count;
    Object.assign(crypto, { randomInt: (max: number) => (left-- > 0 ? 0 : randomInt(max)) });
    syncBuiltinESMExports();
    try {
      return fn();
    } finally {
      Object.assign(crypto, { randomInt });
      syncBuiltinESMExports();
    }
  }

  it("F26: lies in FILE_UPLOAD_TEMP_DIR, and nobody but its owner may open it, whatever the umask", () => {
    const umask = process.umask(0);
    try {
      const file = upload();
      const where = file.temporary_file_path();
      expect(dirname(where)).to.equal(directory.root);
      expect(statSync(where).mode & 0o777).to.equal(0o600);
      file.close();
    } finally {
      process.umask(umask);
    }
  });

  it("F26: has a name of eight random characters, which owes nothing to the client's", () => {
    const files = Array.from({ length: 100 }, upload);
    const names = files.map((file) => basename(file.temporary_file_path()));
    for (const name of names) expect(name).to.match(/^tmp[a-z0-9_]{8}\.upload\.txt$/);
    expect(new Set(names).size).to.equal(100);
    for (const file of files) file.close();
    expect(readdirSync(directory.root)).to.deep.equal([]);
  });

  const guessed = "tmpaaaaaaaa.upload.txt"; // eight times the first of the characters
  const traps: [what: string, lay: (where: string, target: string) => void][] = [
    ["a file", (where) => writeFileSync(where, "mine")],
    ["a symlink", (where, target) => symlinkSync(target, where)],
    ["a symlink to nothing", (where, target) => symlinkSync(`${target}.none`, where)],
  ];
  for (const [what, lay] of traps) {
    describe(`where ${what} waits under its name`, () => {
      const trap = temporary_directory({ target: "mine" });

      it("F26: is another file", () => {
        lay(trap.path(guessed), trap.path("target"));
        const before = readdirSync(trap.root);
        with_settings({ FILE_UPLOAD_TEMP_DIR: trap.root }, () =>
          with_zeros(8, () => {
            const file = new TemporaryUploadedFile("a.txt", "text/plain", 0, null);
            file.write(Buffer.from("of the client"));
            expect(basename(file.temporary_file_path())).not.to.equal(guessed);
            file.close();
          }),
        );
        expect(readdirSync(trap.root)).to.deep.equal(before);
        expect(readFileSync(trap.path("target"), "utf8")).to.equal("mine");
      });
    });
  }

  it("F26: takes the name if nothing is there", () => {
    const file = with_zeros(8, upload);
    expect(basename(file.temporary_file_path())).to.equal(guessed);
    file.close();
  });
});

describe("security/rest: the encoding of a request's body", () => {
  const content = Buffer.from(`a=${"0".repeat(10_000_000)}`);
  const encodings: [name: string, bytes: Buffer][] = [
    ["gzip", gzipSync(content)],
    ["br", brotliCompressSync(content)],
    ["deflate", deflateSync(content)],
  ];
  const view = (request: HttpRequest): HttpResponse => {
    const read = request.POST.get("a")?.length ?? 0;
    return new HttpResponse(`${read} ${request.body.toString("hex")}`);
  };
  for (const [name, bytes] of encodings) {
    const headers = {
      "Content-Encoding": name,
      "Content-Type": "application/x-www-form-urlencoded",
    };
    it(`K10: ${name} is never unpacked: the view gets the bytes as they were sent`, async () => {
      await with_server(site(view), async (server) => {
        const answer = await server.fetch("/", { method: "POST", headers, body: bytes });
        expect(await answer.text()).to.equal(`0 ${bytes.toString("hex")}`);
      });
    });

    it(`K10: ${name} is not unpacked behind the Fetch door either`, async () => {
      const request = new Request("http://testserver/", { method: "POST", headers, body: bytes });
      const { text } = await ask(view, {}, request);
      expect(text).to.equal(`0 ${bytes.toString("hex")}`);
    });
  }
});

describe("security/rest: RemoteUserMiddleware", () => {
  class Backend extends RemoteUserBackend {
    static {
      this.prototype.create_unknown_user = false;
    }
  }
  const hello = (request: HttpRequest): HttpResponse =>
    new HttpResponse(`<${request.user.get_username()}>`);
  const urlpatterns = site(hello);
  const MIDDLEWARE = [SessionMiddleware, AuthenticationMiddleware, RemoteUserMiddleware];
  const settings = { MIDDLEWARE, SESSION_ENGINE: SessionStore, AUTHENTICATION_BACKENDS: [Backend] };
  site_with_users({ ROOT_URLCONF: urlpatterns, ...settings });

  const told: [what: string, given: Record<string, unknown>, text: string][] = [
    ["REMOTE_USER of the server", { REMOTE_USER: "ann" }, "<ann>"],
    ["the header Remote-User", { headers: { "Remote-User": "ann" } }, "<>"],
    ["HTTP_REMOTE_USER", { HTTP_REMOTE_USER: "ann" }, "<>"],
  ];
  for (const [what, given, text] of told) {
    it(`K18: ${what} ${text === "<>" ? "logs in nobody" : "logs in"}`, async () => {
      expect((await new Client().get("/", {}, given)).text).to.equal(text);
    });
  }

  for (const name of ["Remote-User", "Remote_User", "REMOTE_USER", "remote_user"]) {
    it(`K18: the header ${name} over a connection logs in nobody`, async () => {
      await with_server(
        urlpatterns,
        async (server) => {
          expect(await get(server, `Host: x\r\n${name}: ann`)).to.match(/^HTTP\/1\.1 200 [^]*<>$/);
        },
        settings,
      );
    });

    it(`K18: the header ${name} behind the Fetch door logs in nobody`, async () => {
      const request = new Request("http://testserver/", { headers: { [name]: "ann" } });
      const response = await get_fetch_application()(request);
      expect([response.status, await response.text()]).to.deep.equal([200, "<>"]);
    });
  }

  it("K18: a header counts where the site names it, and no other spelling of it does", async () => {
    class FromProxy extends RemoteUserMiddleware {
      static {
        this.prototype.header = "HTTP_X_PROXY_USER";
      }
    }
    const named = { MIDDLEWARE: [SessionMiddleware, AuthenticationMiddleware, FromProxy] };
    await with_server(
      urlpatterns,
      async (server) => {
        expect(await get(server, "Host: x\r\nX-Proxy-User: ann")).to.match(/<ann>$/);
        expect(await get(server, "Host: x\r\nX_Proxy_User: ann")).to.match(/<>$/);
      },
      { ...settings, ...named },
    );
  });

  it("K18: once the server names nobody, the session is gone", async () => {
    const client = new Client();
    expect((await client.get("/", {}, { REMOTE_USER: "ann" })).text).to.equal("<ann>");
    const key = client.cookies.getitem("sessionid").value as string; // the client keeps text
    expect(await new SessionStore().aexists(key)).to.equal(true);
    expect((await client.get("/")).text).to.equal("<>");
    expect(await new SessionStore().aexists(key)).to.equal(false);
  });
});

describe("security/rest: a middleware that does not do its part", () => {
  const boom = new Error("boom");
  const fail = (): never => {
    throw boom;
  };
  const nothing = undefined as unknown as HttpResponse; // what a middleware without types may give
  const early = (): HttpResponse => new HttpResponse("early", { status: 401 });

  class EarlyHook extends MiddlewareMixin {
    override process_request = early;
  }
  class ThrowingHook extends MiddlewareMixin {
    override process_request = fail;
  }
  class ThrowingAfter extends MiddlewareMixin {
    override process_response = fail;
  }
  class ForgetfulAfter extends MiddlewareMixin {
    override process_response = (): HttpResponse => nothing;
  }
  class ForgetfulTemplate extends MiddlewareMixin {
    process_template_response = (): HttpResponse => nothing;
  }
  const forgetful =
    (get_response: GetResponse) =>
    async (request: HttpRequest): Promise<HttpResponse> => {
      await get_response(request);
      return nothing;
    };

  const wrong: [
    what: string,
    entry: MiddlewareEntry,
    status: number,
    error: RegExp,
    ran: number,
  ][] = [
    ["answers early", () => early, 401, /^$/, 0],
    ["answers early in process_request", EarlyHook, 401, /^$/, 0],
    ["answers early, waited for", () => async () => early(), 401, /^$/, 0],
    ["throws", () => fail, 500, /^boom$/, 0],
    ["throws, waited for", () => async () => fail(), 500, /^boom$/, 0],
    ["throws in process_request", ThrowingHook, 500, /^boom$/, 0],
    ["throws in process_response", ThrowingAfter, 500, /^boom$/, 1],
    ["gives nothing", () => () => nothing, 500, /MIDDLEWARE\[1\] gave nothing\b.*get_response/, 0],
    ["gives nothing in the end", forgetful, 500, /forgetful\b.* gave nothing/, 1],
    [
      "gives nothing in process_response",
      ForgetfulAfter,
      500,
      /ForgetfulAfter\b.* gave nothing/,
      1,
    ],
    [
      "gives nothing in process_template_response",
      ForgetfulTemplate,
      500,
      /ForgetfulTemplate\.process_template_response gave nothing/,
      1,
    ],
  ];
  for (const [what, entry, status, error, ran] of wrong) {
    it(`K19: that ${what} makes it ${status}, and those outside it still run`, async () => {
      const seen: string[] = [];
      let runs = 0;
      class Outer extends MiddlewareMixin {
        override process_request(): undefined {
          seen.push("request");
        }
        override process_response(_: HttpRequest, response: HttpResponse): HttpResponse {
          seen.push(`response ${response.status_code}`);
          response.headers.set("X-Outer", "ran");
          return response;
        }
      }
      const view = (request: HttpRequest): HttpResponse => {
        runs += 1;
        return new TemplateResponse(request, { render: () => "page" });
      };
      const answer = await ask(view, { MIDDLEWARE: [Outer, entry] });
      expect([answer.status, answer.headers.get("X-Outer")]).to.deep.equal([status, "ran"]);
      expect(seen).to.deep.equal(["request", `response ${status}`]);
      expect(runs).to.equal(ran);
      const errors = answer.records.filter(({ level }) => level === "error");
      expect(errors).to.have.lengthOf(status === 500 ? 1 : 0);
      expect(errors.map((record) => (record.error as Error).message).join("")).to.match(error);
      expect(answer.text).not.to.match(/boom|gave nothing/);
    });
  }
});

describe("security/rest: CSRF and logging in", () => {
  const MIDDLEWARE = [SessionMiddleware, CsrfViewMiddleware, AuthenticationMiddleware];
  const { user } = site_with_users({ MIDDLEWARE });
  const urlpatterns = [
    path("", (request: HttpRequest) => {
      return new HttpResponse(request.method === "GET" ? get_token(request) : "done");
    }),
    path("login/", async (request: HttpRequest) => {
      login(request, user("ann"));
      return new HttpResponse("welcome");
    }),
  ];

  for (const CSRF_USE_SESSIONS of [false, true]) {
    const place = CSRF_USE_SESSIONS ? "the session" : "the cookie";
    it(`L15: after a login no token from before passes, with the secret in ${place}`, async () => {
      await with_site(
        urlpatterns,
        { CSRF_USE_SESSIONS },
        async (client) => {
          const post = async (url: string, csrfmiddlewaretoken: string): Promise<number> =>
            (await client.post(url, { csrfmiddlewaretoken })).status_code;
          const before = (await client.get("/")).text;
          expect(await post("/", before)).to.equal(200);
          expect(await post("/login/", before)).to.equal(200);
          const records = await logged(async () => {
            expect(await post("/", before)).to.equal(403);
          });
          expect(records.map(({ logger }) => logger)).to.deep.equal(["django.security.csrf"]);
          expect(await post("/", (await client.get("/")).text)).to.equal(200);
        },
        { enforce_csrf_checks: true },
      );
    });
  }
});

describe("security/rest: the CSRF token of an upload", () => {
  const directory = temporary_directory({});
  const TOKEN = "AbCdEfGhIjKlMnOpQrStUvWxYz012345";
  const SIZE = 4 * 2 ** 20; // more than is held in memory
  const headers = { "Content-Type": MULTIPART, Cookie: `csrftoken=${TOKEN}` };
  const file = `--sep\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n${"x".repeat(SIZE)}`;
  const field = (name: string, value: string): string =>
    `\r\n--sep\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}`;
  const token = field("csrfmiddlewaretoken", TOKEN);

  /** What is logged while `fn` runs with a server; no file is left afterwards. */
  async function served(
    fn: (server: TestServer) => Promise<void>,
    ran: (request: HttpRequest) => void = () => undefined,
  ): Promise<LogRecord[]> {
    const view = (request: HttpRequest): HttpResponse => {
      ran(request);
      return new HttpResponse(String(request.FILES.get("f")?.size));
    };
    const settings = { MIDDLEWARE: [CsrfViewMiddleware], FILE_UPLOAD_TEMP_DIR: directory.root };
    return logged(() =>
      with_server(
        site(view),
        async (server) => {
          await fn(server);
          await until(() => readdirSync(directory.root).length === 0);
          expect(readdirSync(directory.root)).to.deep.equal([]);
        },
        settings,
      ),
    );
  }

  const bodies: [what: string, body: string, status: number, logger: string[]][] = [
    ["the token after a large file is found", `${file}${token}`, 200, []],
    ["no token after a large file is refused", file, 403, ["django.security.csrf"]],
    [
      "a field over the limits before the token is refused",
      `${file}${field("a", "y".repeat(3_000_000))}${token}`,
      400,
      ["django.security.RequestDataTooBig"],
    ],
    [
      "too many fields before the token are refused",
      `${file}${field("a", "1").repeat(1001)}${token}`,
      400,
      ["django.security.TooManyFieldsSent"],
    ],
  ];
  for (const [what, body, status, loggers] of bodies) {
    it(`L16: ${what}, and no file is left`, async () => {
      let runs = 0;
      const records = await served(
        async (server) => {
          const init = { method: "POST", headers, body: `${body}\r\n--sep--\r\n` };
          const response = await server.fetch("/", init);
          const text = await response.text();
          expect(response.status).to.equal(status);
          if (status === 200) expect(text).to.equal(String(SIZE));
        },
        () => (runs += 1),
      );
      expect(runs).to.equal(status === 200 ? 1 : 0);
      expect(records.map(({ logger }) => logger)).to.deep.equal(loggers);
    });
  }

  it("L16: a client that goes away before the token logs no error, and no file is left", async () => {
    let runs = 0;
    const records = await served(
      async (server) => {
        const socket = await server.connect();
        socket.on("error", () => undefined);
        socket.write(
          `POST / HTTP/1.1\r\nHost: x\r\nContent-Type: ${MULTIPART}\r\n` +
            `Cookie: csrftoken=${TOKEN}\r\nContent-Length: ${2 * SIZE}\r\n\r\n${file}`,
        );
        await until(() => readdirSync(directory.root).length === 1);
        expect(readdirSync(directory.root)).to.have.lengthOf(1);
        socket.destroy();
      },
      () => (runs += 1),
    );
    expect(runs).to.equal(0);
    expect(records.filter(({ level }) => level === "error")).to.deep.equal([]);
  });
});

/** Waits, for at most five seconds, until it is so; whoever calls looks at the outcome. */
async function until(is_so: () => boolean): Promise<void> {
  const end = Date.now() + 5000;
  while (!is_so() && Date.now() < end) await new Promise((resolve) => setImmediate(resolve));
}

describe("security/rest: a cached page with SESSION_SAVE_EVERY_REQUEST", () => {
  const start = path("start/", (request: HttpRequest) => {
    request.session.set("a", 1);
    return new HttpResponse("started");
  });
  const sites: [how: string, middleware: MiddlewareEntry[], per_view: boolean][] = [
    [
      "of the whole site",
      [UpdateCacheMiddleware, SessionMiddleware, FetchFromCacheMiddleware],
      false,
    ],
    ["around the session", [CacheMiddleware, SessionMiddleware], false],
    ["of one view", [SessionMiddleware], true],
  ];
  for (const [how, MIDDLEWARE, per_view] of sites) {
    it(`M5: gives nobody the session of somebody else, in a cache ${how}`, async () => {
      let runs = 0;
      const page = (): HttpResponse => new HttpResponse(`page ${(runs += 1)}`);
      const urlpatterns: URLPatterns = [path("", per_view ? cache_page(60)(page) : page), start];
      const CACHES = {
        default: {
          BACKEND: LocMemCache,
          LOCATION: `m5 ${how}`,
        },
      };
      const settings = { MIDDLEWARE, CACHES, SESSION_ENGINE: SessionStore };
      await with_site(
        urlpatterns,
        { ...settings, SESSION_SAVE_EVERY_REQUEST: true },
        async (ann) => {
          const [bob, nobody] = [new Client(), new Client()];
          const keys: unknown[] = [];
          for (const client of [ann, bob]) {
            await client.get("/start/");
            keys.push(client.cookies.getitem("sessionid").value);
          }
          expect(new Set(keys).size).to.equal(2);
          for (const client of [ann, bob, ann, bob]) {
            const response = await client.get("/");
            expect(response.cookies.getitem("sessionid").value).to.equal(
              keys[client === ann ? 0 : 1],
            );
            expect(response.headers.get("Vary")).to.equal("Cookie");
          }
          expect(runs).to.equal(per_view ? 1 : 4); // what sets a cookie is not stored; what the view gives is
          const response = await nobody.get("/");
          expect([response.status_code, response.cookies.size]).to.deep.equal([200, 0]);
        },
      );
    });
  }
});

describe("security/rest: stored hashes that are none", () => {
  const { user } = site_with_users();

  const stored: [what: string, make: (good: string) => string][] = [
    ["!x", () => "!x"],
    ["!", () => "!"],
    ["garbage", () => "garbage"],
    ["nothing", () => ""],
    ["pbkdf2_sha256$x$y$z", () => "pbkdf2_sha256$x$y$z"],
    ["pbkdf2_sha256$$$", () => "pbkdf2_sha256$$$"],
    ["pbkdf2_sha256$1$$z", () => "pbkdf2_sha256$1$$z"],
    ["of a hasher that is not there", (good) => good.replace("pbkdf2_sha256", "constructor")],
    ...["x", "", "0", "-1", "10000001", "1000000000000"].map(
      (rounds): [string, (good: string) => string] => [
        `of ${rounds || "no"} rounds`,
        (good) => good.replace("$1$", () => `$${rounds}$`),
      ],
    ),
  ];
  for (const [what, make] of stored) {
    it(`P5: ${what} matches no password, soon and without an error`, async () => {
      const good = await make_password("secret");
      expect(good).to.match(/^pbkdf2_sha256\$1\$/);
      expect(await check_password("secret", good)).to.equal(true);
      const encoded = make(good);
      expect(encoded).not.to.equal(good);
      for (const password of ["secret", "", encoded])
        expect(await check_password(password, encoded)).to.equal(false);
      expect(await cpu_time_of(() => check_password("secret", encoded))).to.be.below(100);
    });

    it(`P5: nobody logs in whose hash is ${what}`, async () => {
      const ann = user("ann");
      const before = ann.password;
      const credentials = { username: "ann", password: "secret" };
      try {
        ann.password = make(await make_password("secret"));
        const runs = QuickHasher.runs;
        expect(await authenticate(rf.get("/"), credentials)).to.equal(undefined);
        expect(QuickHasher.runs).to.be.above(runs); // it takes as long as with a real hash
      } finally {
        ann.password = before;
      }
      expect(await authenticate(rf.get("/"), credentials)).to.equal(ann);
    });
  }
});
