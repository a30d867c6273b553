import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { openSync, closeSync, ftruncateSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { setImmediate as turn } from "node:timers/promises";
import { expect } from "chai";
import { expectTypeOf } from "expect-type";
import { describe, it } from "mocha";
import { ImproperlyConfigured } from "nuages/core/exceptions";
import { FileResponse, type HttpRequest, HttpResponse, HttpResponseForbidden } from "nuages/http";
import { CommonMiddleware } from "nuages/middleware/common";
import { SimpleUploadedFile } from "nuages/core/files/uploadedfile";
import { Nunjucks } from "nuages/template";
import { Client, override_settings, RequestFactory, type TestResponse } from "nuages/test";
import { path } from "nuages/urls";
import type { GetResponse } from "nuages/utils/deprecation";
import { type ServeArguments, serve, was_modified_since } from "nuages/views/static";
import { cpu_time } from "../support/cpu_time.ts";
import { MTIME, temporary_directory } from "../support/files.ts";
import { quiet } from "../support/log.ts";
import { type TestServer, with_server } from "../support/server.ts";

const LAST_MODIFIED = "Tue, 03 Apr 2018 17:01:01 GMT";
const rf = new RequestFactory();

/** Runs `fn` without the rights of root, who may enter every directory. */
async function as_nobody<T>(fn: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return fn();
  process.seteuid?.("nobody");
  try {
    return await fn();
  } finally {
    process.seteuid?.(0);
  }
}

describe("views/static: serve", () => {
  const tree = temporary_directory({ "a.txt": "hello", "empty/.keep": "" });

  it("takes the arguments of a URL, and those of Django's documentation", async () => {
    const document_root = tree.root;
    const answers = [
      await serve(rf.get("/"), "a.txt", { document_root }),
      await serve(rf.get("/"), { path: "a.txt", document_root }),
      await serve(rf.get("/"), "a.txt", { document_root: new URL(`file://${document_root}/`) }),
    ];
    for (const answer of answers) {
      expect(answer).to.be.instanceOf(FileResponse);
      expect(answer.headers.get("Last-Modified")).to.equal(LAST_MODIFIED);
      answer.close();
    }
    expectTypeOf(serve).toBeCallableWith(rf.get("/"), { path: "", document_root: "" });
    expectTypeOf<ServeArguments>().toHaveProperty("show_indexes");
  });

  it("goes into a URL pattern without a wrapper", async () => {
    const urlpatterns = [
      path("s/<path:path>", serve, { kwargs: { document_root: tree.root } }),
      path("one/", serve, { kwargs: { path: "a.txt", document_root: tree.root } }),
    ];
    await override_settings({ ROOT_URLCONF: { urlpatterns } })(async () => {
      const client = new Client();
      for (const url of ["/s/a.txt", "/one/"])
        expect((await client.get(url)).get("Content-Length")).to.equal("5");
    })();
  });

  for (const document_root of [undefined, ""]) {
    it(`refuses ${document_root === "" ? "an empty" : "a missing"} document_root, which would be the working directory`, async () => {
      const options = { document_root } as { document_root: string }; // what untyped code may give
      const error = await serve(rf.get("/"), "package.json", options).catch((reason) => reason);
      expect(error).to.be.instanceOf(ImproperlyConfigured);
    });
  }

  it("says of an empty directory that it is empty", async () => {
    const options = { document_root: tree.root, show_indexes: true };
    const response = await serve(rf.get("/"), "empty", options);
    expect(response).to.be.instanceOf(HttpResponse);
    expect(String((response as HttpResponse).content)).to.match(/no files here/);
  });
});

describe("views/static: was_modified_since", () => {
  const never: [header: string | null | undefined, mtime: number][] = [
    [undefined, 0],
    [null, 0],
    ["", 0],
    [LAST_MODIFIED, NaN],
    [LAST_MODIFIED, Infinity],
    [LAST_MODIFIED, -Infinity],
  ];
  for (const [header, mtime] of never) {
    it(`${header ?? "no header"}, changed at ${mtime}: the file must be sent`, () => {
      expect(was_modified_since({ header, mtime })).to.equal(true);
    });
  }

  it("without an mtime the file is as old as can be", () => {
    expect(was_modified_since({ header: LAST_MODIFIED })).to.equal(false);
    expect(was_modified_since()).to.equal(true);
  });
});

/** Serves `pub/` of the tree at `/s/`. */
function with_files(root: string, fn: (server: TestServer) => Promise<void>): Promise<void> {
  const urlpatterns = [path("s/<path:path>", serve, { kwargs: { document_root: root } })];
  return with_server([...urlpatterns, path("alive/", () => new HttpResponse("yes"))], fn);
}

const request_of = (target: string, ...headers: string[]): string =>
  `${[`GET ${target} HTTP/1.1`, "Host: x", "Connection: close", ...headers].join("\r\n")}\r\n\r\n`;

const status_of = (answer: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]);

const body_of = (answer: string): string => answer.slice(answer.indexOf("\r\n\r\n") + 4);

describe("views/static: security", () => {
  quiet();
  const tree = temporary_directory({
    "pub/a.txt": "hello",
    "pub/sub/b.txt": "below",
    "pub/private/a.txt": "private",
    "pub2/s.txt": "secret",
    "secret.txt": "secret",
  });
  const pub = (): string => tree.path("pub");

  /** Asks for each target; none may tell the secret, and the server must be well afterwards. */
  function statuses(
    id: string,
    cases: readonly (readonly [target: string, status: number])[],
  ): void {
    for (const [target, status] of cases) {
      const shown = target.length > 60 ? `${target.slice(0, 20)}… (${target.length})` : target;
      it(`${id}: ${shown} is ${status}`, () =>
        with_files(pub(), async (server) => {
          const answer = await server.raw(request_of(target));
          expect(status_of(answer)).to.equal(status);
          expect(answer).not.to.match(/secret|root:/);
          expect(answer).not.to.match(/\r\nlocation:/i);
          expect(status_of(await server.raw(request_of("/alive/")))).to.equal(200);
        }));
    }
  }

  statuses("Q1", [
    ["/s/../secret.txt", 400],
    ["/s/%2e%2e/secret.txt", 400],
    ["/s/..%2fsecret.txt", 400],
    ["/s/..%5csecret.txt", 404],
    ["/s/%252e%252e/secret.txt", 404],
    ["/s/....//secret.txt", 404],
  ]);

  statuses("Q2: a sibling whose name begins with the root's", [
    ["/s/../pub2/s.txt", 400],
    ["/s/sub/../../pub2/s.txt", 400],
  ]);

  statuses("Q3", [
    ["/s//etc/passwd", 404],
    ["/s/%2fetc/passwd", 404],
    ["/s/C:/x", 404],
    ["/s/a.txt::$DATA", 404],
    ["/s/a.txt%0a", 404],
  ]);

  statuses("Q4", [
    ["/s/%00", 404],
    ["/s/a.txt%00.html", 404],
  ]);

  statuses("Q5", [
    [`/s/${"n".repeat(5000)}`, 404],
    ["/s/a.txt/x", 404],
  ]);

  it("Q5: what is below a directory that may not be entered is 404", async () => {
    mkdirSync(tree.path("pub/locked"), { mode: 0 });
    await with_files(pub(), async (server) => {
      const status = await as_nobody(async () => (await server.fetch("/s/locked/x")).status);
      expect(status).to.equal(404);
    });
  });

  it("Q6: a symbolic link is followed, also out of the root", async () => {
    symlinkSync(tree.path("secret.txt"), tree.path("pub/link.txt"));
    await with_files(pub(), async (server) => {
      expect(await (await server.fetch("/s/link.txt")).text()).to.equal("secret");
    });
  });

  const special: [what: string, make: (at: string) => Promise<() => void> | (() => void)][] = [
    ["a link to itself", (at) => (symlinkSync(at, at), () => undefined)],
    ["a device", (at) => (symlinkSync("/dev/zero", at), () => undefined)],
    ["a named pipe", (at) => (execFileSync("mkfifo", [at]), () => undefined)],
    ["a socket", socket_at],
  ];
  for (const [what, make] of special) {
    it(`Q6: ${what} is 404, at once`, async () => {
      const remove = await make(tree.path("pub/special"));
      try {
        await with_files(pub(), async (server) => {
          expect((await server.fetch("/s/special")).status).to.equal(404);
        });
      } finally {
        remove();
        execFileSync("rm", ["-f", tree.path("pub/special")]);
      }
    });
  }

  for (const target of ["//evil.com/%2e%2e", "/sub", "/s//evil.com/..", "//evil.com/sub"]) {
    it(`Q7: ${target} is never redirected`, async () => {
      const urlpatterns = [path("<path:path>", serve, { kwargs: { document_root: pub() } })];
      await with_server(
        urlpatterns,
        async (server) => {
          const answer = await server.raw(request_of(target));
          expect(status_of(answer)).to.equal(404);
          expect(answer).not.to.match(/\r\nlocation:/i);
        },
        { MIDDLEWARE: [CommonMiddleware] },
      );
    });
  }

  const validators: [what: string, header: string, status: number][] = [
    ["junk", "junk", 200],
    ["2050", "2050", 200],
    ["2050 in the right form", "Sat, 01 Jan 2050 00:00:00 GMT", 304],
    ["0", "0", 200],
    ["15 KB", "9".repeat(15_000), 200],
    ["a length of thirty digits", `${LAST_MODIFIED}; length=${"9".repeat(30)}`, 200],
  ];
  for (const [what, header, status] of validators) {
    it(`Q9: If-Modified-Since of ${what} is ${status}, in no time`, async () => {
      await with_files(pub(), async (server) => {
        const answer = await server.raw(request_of("/s/a.txt", `If-Modified-Since: ${header}`));
        expect(status_of(answer)).to.equal(status);
        expect(body_of(answer)).to.equal(status === 200 ? "hello" : "");
      });
      expect(cpu_time(() => was_modified_since({ header, mtime: MTIME }))).to.be.below(5);
    });
  }

  for (const range of ["0-0", "-1", "0-2,1-3", Array(1000).fill("0-").join(",")]) {
    it(`Q10: a Range of ${range.slice(0, 12)} is answered with the whole file`, () =>
      with_files(pub(), async (server) => {
        const answer = await server.raw(request_of("/s/a.txt", `Range: bytes=${range}`));
        expect(status_of(answer)).to.equal(200);
        expect(answer).not.to.match(/\r\naccept-ranges:/i);
        expect(body_of(answer)).to.equal("hello");
      }));
  }

  it("Q11: of a file of 2 GiB at most 1 MiB is held for a client that does not read", async () => {
    const file = openSync(tree.path("pub/huge.bin"), "w");
    ftruncateSync(file, 2 ** 31); // takes no room on the disk
    closeSync(file);
    await with_files(pub(), async ({ server, connect }) => {
      const connected = once(server, "connection");
      const client = await connect();
      const [peer] = (await connected) as [Socket];
      client.write(request_of("/s/huge.bin"));
      while (!peer.writableNeedDrain) await turn();
      const sent = peer.bytesWritten;
      for (let i = 0; i < 100; i++) await turn();
      expect(peer.bytesWritten).to.equal(sent);
      expect(peer.writableLength).to.be.within(1, 2 ** 20);
      client.destroy();
    });
  });

  const types: [name: string, type: string, encoding: string | undefined][] = [
    ["a.html", "text/html", undefined],
    ["a.svg", "image/svg+xml", undefined],
    ["a.evil", "application/octet-stream", undefined],
    ["a.tar.gz", "application/x-tar", "gzip"],
    ["a", "application/octet-stream", undefined],
  ];
  for (const [name, type, encoding] of types) {
    it(`Q12: the type of ${name} comes from its name, whatever is in it`, async () => {
      writeFileSync(tree.path(`pub/${name}`), "<script>alert(1)</script>");
      const response = await serve(rf.get("/"), name, { document_root: pub() });
      expect(response.get("Content-Type")).to.equal(type);
      expect(response.get("Content-Encoding")).to.equal(encoding);
      response.close();
    });
  }
});

async function socket_at(at: string): Promise<() => void> {
  const server = createServer().listen(at);
  await once(server, "listening");
  return () => void server.close();
}

describe("views/static: security, a guard in front", () => {
  quiet();
  const tree = temporary_directory({ "private/a.txt": "private", "x/b.txt": "b" });
  const seen: string[] = [];

  const guard = (get_response: GetResponse) => (request: HttpRequest) => {
    seen.push(request.path_info);
    const is_private = request.path_info.startsWith("/private/");
    return is_private ? new HttpResponseForbidden("no") : get_response(request);
  };
  const noted = (request: HttpRequest, kwargs: ServeArguments) => {
    seen.push(`/${kwargs.path}`);
    return serve(request, kwargs);
  };

  const guarded: [target: string, status: number, seen: string][] = [
    ["/private/a.txt", 403, "/private/a.txt"],
    ["/private%2fa.txt", 403, "/private/a.txt"],
    ["/PRIVATE/a.txt", 404, "/PRIVATE/a.txt"],
    ["/x/../private/a.txt", 200, "/x/../private/a.txt"], // as Django; `serve` says so
  ];
  for (const [target, status, path_info] of guarded) {
    it(`Q13: of ${target} the guard and the view see the same`, async () => {
      seen.length = 0;
      const kwargs = { document_root: tree.root };
      await with_server(
        [path("<path:path>", noted, { kwargs })],
        async (server) => {
          expect(status_of(await server.raw(request_of(target)))).to.equal(status);
        },
        { MIDDLEWARE: [guard] },
      );
      expect(new Set(seen)).to.deep.equal(new Set([path_info]));
      expect(seen.length).to.equal(status === 403 ? 1 : 2);
    });
  }
});

describe("views/static: security, names of files in pages", () => {
  quiet();
  const names = ["<img src=x onerror=alert(1)>.txt", "javascript:alert(1)", '"x', "a b&c.txt"];
  const tree = temporary_directory(Object.fromEntries(names.map((name) => [name, ""])));
  const index = (show_indexes?: boolean): Promise<TestResponse> => {
    const kwargs = { path: "", document_root: tree.root, show_indexes };
    const urlpatterns = [path("s/", serve, { kwargs })];
    return override_settings({ ROOT_URLCONF: { urlpatterns } })(() => new Client().get("/s/"))();
  };

  it("Q8: names are escaped in text and percent-encoded in links", async () => {
    const page = (await index(true)).text;
    expect(page).not.to.match(/<img|href="javascript:|""x/);
    const links = [...page.matchAll(/<a href="([^"]*)">([^<]*)<\/a>/g)];
    const found = links.map(([, url = ""]) => decodeURIComponent(url));
    expect(found.toSorted()).to.deep.equal(names.toSorted());
  });

  it("Q8: a directory is not listed unless that is asked for", async () => {
    expect((await index()).status_code).to.equal(404);
  });

  it("Q15: the name of an uploaded file is escaped like any text", () => {
    const file = new SimpleUploadedFile("<script>.png", "x");
    const engine = new Nunjucks({ NAME: "n", DIRS: [], APP_DIRS: false, OPTIONS: {} });
    const text = engine.from_string("{{ file.name }} {{ file }}").render({ file });
    expect(text).to.equal("&lt;script&gt;.png &lt;script&gt;.png");
  });
});
