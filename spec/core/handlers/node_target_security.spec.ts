/** Security of the Node door: hosts, targets and header fields that two readers might understand differently. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { get_node_application } from "nuages/core/handlers";
import { type HttpRequest, JsonResponse } from "nuages/http";
import { re_path, type URLPatterns } from "nuages/urls";
import { counting_site } from "../../support/counting.ts";
import { cpu_time_of } from "../../support/cpu_time.ts";
import { quiet } from "../../support/log.ts";
import { with_application, with_server } from "../../support/server.ts";
import { with_settings } from "../../support/settings.ts";

type Seen = Record<string, unknown>;

/** A site whose only view tells what these functions make of the request. */
function telling(look: (request: HttpRequest) => Seen): URLPatterns {
  return [re_path(/^.*$/s, (request: HttpRequest) => new JsonResponse(look(request)))];
}

const path_of = (request: HttpRequest): Seen => ({
  path: request.path,
  full: request.get_full_path(),
});

/** The status, and what the view told if it ran. */
async function told(
  bytes: string,
  look: (request: HttpRequest) => Seen = path_of,
): Promise<{ status: number; seen: Seen | undefined }> {
  let answer = "";
  await with_server(telling(look), async (server) => {
    answer = await server.raw(Buffer.from(bytes, "latin1"));
    expect((await server.fetch("/honest")).status).to.equal(200);
  });
  const [head = "", body = ""] = answer.split("\r\n\r\n", 2);
  const is_json = /^content-type: application\/json/im.test(head);
  const status = Number(/^HTTP\/1\.1 ([0-9]{3}) /.exec(head)?.[1]);
  return { status, seen: is_json ? (JSON.parse(body) as Seen) : undefined };
}

/** A request with this target and these header lines, after which the connection closes. */
function get(target: string, ...headers: string[]): string {
  const lines = ["Host: a.example", "Connection: close", ...headers];
  return `GET ${target} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`;
}

describe("core/handlers/node security: the host and the target", () => {
  quiet();

  it("A10: refuses HTTP/1.1 without Host with 400", async () => {
    expect(await told("GET / HTTP/1.1\r\n\r\n")).to.deep.equal({ status: 400, seen: undefined });
  });

  it("A10: refuses HTTP/1.1 without Host on a server that lets it through", async () => {
    const { urlpatterns, calls } = counting_site();
    await with_settings({ ROOT_URLCONF: { urlpatterns } }, () =>
      with_application(
        get_node_application(),
        async (server) => {
          expect(await server.raw("GET / HTTP/1.1\r\n\r\n")).to.match(/^HTTP\/1\.1 400 /);
          expect(calls).to.deep.equal([]);
        },
        { requireHostHeader: false },
      ),
    );
  });

  it("A10: falls back to name and port of the server for HTTP/1.0 without Host", async () => {
    const { status, seen } = await told("GET / HTTP/1.0\r\n\r\n", (request) => ({
      host: request.get_host(),
      port: request.META.SERVER_PORT,
    }));
    expect(status).to.equal(200);
    expect(seen?.["host"]).to.equal(`127.0.0.1:${String(seen?.["port"])}`);
  });

  it("A10: has ALLOWED_HOSTS judge that host, too", async () => {
    const patterns = telling((request) => ({ host: request.get_host() }));
    await with_server(
      patterns,
      async (server) => {
        expect(await server.raw("GET / HTTP/1.0\r\n\r\n")).to.match(/^HTTP\/1\.1 400 /);
      },
      { ALLOWED_HOSTS: ["a.example"] },
    );
  });

  for (const hosts of [
    ["a.example", "evil.example"],
    ["evil.example", "a.example"],
    ["a.example", "a.example"],
  ]) {
    it(`A11: refuses the two hosts ${hosts.join(", ")} with 400`, async () => {
      const lines = hosts.map((host) => `Host: ${host}\r\n`).join("");
      expect(await told(`GET / HTTP/1.1\r\n${lines}\r\n`)).to.deep.equal({
        status: 400,
        seen: undefined,
      });
    });
  }

  const absolute: [target: string, path: string | undefined][] = [
    ["http://a.example/x", "/x"],
    ["http://A.EXAMPLE/x", "/x"],
    ["http://a.example", "/"],
    ["http://a.example?q=1", "/"],
    ["http://evil.example/x", undefined],
    ["https://evil.example/x", undefined],
    ["http://a.example:81/x", undefined],
    ["http://user@a.example/x", undefined],
    ["http://a.example@evil.example/x", undefined],
    ["http:///x", undefined],
    ["ftp://a.example/x", undefined],
  ];
  for (const [target, path] of absolute) {
    it(`A12: ${path === undefined ? "refuses" : `takes for ${path}`} the target ${target}`, async () => {
      const { status, seen } = await told(get(target));
      expect([status, seen?.["path"]]).to.deep.equal([path === undefined ? 400 : 200, path]);
    });
  }

  it("A12: shows middleware the path of the absolute form, not the URL", async () => {
    const seen: string[] = [];
    const guard = (get_response: (request: HttpRequest) => unknown) => (request: HttpRequest) => {
      seen.push(request.path_info);
      return get_response(request);
    };
    await with_server(
      telling(path_of),
      async (server) => void (await server.raw(get("http://a.example/admin/"))),
      { MIDDLEWARE: [guard as never] },
    );
    expect(seen).to.deep.equal(["/admin/"]);
  });

  it("A13: knows OPTIONS * as the path *, which is none of the site's", async () => {
    const seen: string[] = [];
    const guard = (get_response: (request: HttpRequest) => unknown) => (request: HttpRequest) => {
      seen.push(request.path);
      return get_response(request);
    };
    await with_server(
      telling(path_of),
      async (server) => {
        const answer = await server.raw(get("*").replace("GET", "OPTIONS"));
        expect(answer).to.match(/^HTTP\/1\.1 404 /);
      },
      { MIDDLEWARE: [guard as never] },
    );
    expect(seen).to.deep.equal(["*"]);
  });

  for (const bytes of [get("*"), get("evil.example:80")]) {
    it(`A13: refuses ${bytes.split("\r\n", 1)[0] ?? ""} with 400`, async () => {
      expect(await told(bytes)).to.deep.equal({ status: 400, seen: undefined });
    });
  }

  it("A13: closes the connection of CONNECT without a view", async () => {
    const { status, seen } = await told(get("evil.example:443").replace("GET", "CONNECT"));
    expect([status, seen]).to.deep.equal([Number.NaN, undefined]);
  });

  it("A14: refuses a target with a fragment with 400", async () => {
    expect(await told(get("/admin#/x"))).to.deep.equal({ status: 400, seen: undefined });
  });

  const paths: [target: string, path: string, full?: string][] = [
    ["//evil.example/x", "//evil.example/x"],
    ["///x", "///x"],
    ["/\\evil.example", "/\\evil.example", "/%5Cevil.example"],
    ["/a/../admin/", "/a/../admin/"],
    ["/%2e%2e/admin/", "/../admin/", "/../admin/"],
    ["/..;/x", "/..;/x", "/..%3B/x"],
  ];
  for (const [target, path, full = target] of paths) {
    it(`A15: takes ${target} for ${path}, and normalises nothing`, async () => {
      expect(await told(get(target))).to.deep.equal({ status: 200, seen: { path, full } });
    });
  }

  const undecodable: [target: string, path: string, full: string][] = [
    ["/%", "/%", "/%25"],
    ["/%zz", "/%zz", "/%25zz"],
    ["/%E2%82", "/%E2%82", "/%25E2%2582"],
    ["/%FF/", "/%FF/", "/%25FF/"],
    ["/%C0%AF/", "/%C0%AF/", "/%25C0%25AF/"],
    ["/%ED%A0%80/", "/%ED%A0%80/", "/%25ED%25A0%2580/"],
  ];
  for (const [target, path, full] of undecodable) {
    it(`A16: keeps what is not UTF-8 in ${target} percent-encoded`, async () => {
      expect(await told(get(target))).to.deep.equal({ status: 200, seen: { path, full } });
    });
  }
});

describe("core/handlers/node security: header fields", () => {
  quiet();

  it("A7: drops trailers, also after the body was read", async () => {
    const trailers = "Cookie: sessionid=x\r\nX-Forwarded-Proto: https\r\nAuthorization: x\r\n";
    const body = `3\r\nabc\r\n0\r\n${trailers}\r\n`;
    const head = get("/", "Transfer-Encoding: chunked").replace("GET", "POST");
    const { status, seen } = await told(head + body, (request) => ({
      body: request.body.toString(),
      names: [...request.headers.keys()].filter((name) => /^(cookie|x-|auth)/i.test(name)),
      meta: Object.keys(request.META).filter((name) => /^HTTP_(COOKIE|X_|AUTH)/.test(name)),
      cookies: request.COOKIES,
    }));
    expect(status).to.equal(200);
    expect(seen).to.deep.equal({ body: "abc", names: [], meta: [], cookies: {} });
  });

  it("A19: refuses 2,100 fields with 431, of which Node would drop the last without a word", async () => {
    const { urlpatterns, calls } = counting_site();
    await with_server(urlpatterns, async (server) => {
      const many = "A:\r\n".repeat(2100);
      const answer = await server.raw(get("/", `${many}X-Forwarded-Proto: https`));
      expect(answer).to.match(/^HTTP\/1\.1 431 /);
      expect(calls).to.deep.equal([]);
    });
  });

  it("A19: takes 500 fields, and refuses 501", async () => {
    const fields = (count: number): string[] => Array.from({ length: count - 2 }, () => "A: a");
    expect((await told(get("/", ...fields(500)))).status).to.equal(200);
    expect((await told(get("/", ...fields(501)))).status).to.equal(431);
  });

  it("A20: refuses 1,500 copies of a field in no time", async () => {
    const { urlpatterns, calls } = counting_site();
    await with_server(urlpatterns, async (server) => {
      const bytes = get("/", ...Array.from({ length: 1500 }, () => "X: a"));
      expect(await server.raw(bytes)).to.match(/^HTTP\/1\.1 431 /);
      expect(await cpu_time_of(() => server.raw(bytes))).to.be.lessThan(20);
      expect(calls).to.deep.equal([]);
    });
  });

  const repeated: [name: string, values: string[], joined: string][] = [
    ["Content-Type", ["text/plain", "application/json"], "text/plain,application/json"],
    ["Authorization", ["a", "b"], "a,b"],
    ["User-Agent", ["a", "b"], "a,b"],
    ["X", ["a", "b", "c"], "a,b,c"],
    ["Cookie", ["a=1", "b=2"], "a=1; b=2"],
  ];
  for (const [name, values, joined] of repeated) {
    it(`A21: joins ${values.length} fields ${name}, and chooses none of them`, async () => {
      const { seen } = await told(
        get("/", ...values.map((value) => `${name}: ${value}`)),
        (request) => ({
          header: request.headers.get(name, null),
        }),
      );
      expect(seen).to.deep.equal({ header: joined });
    });
  }

  it("A21: takes a body with two types for neither a form nor JSON", async () => {
    const types = ["Content-Type: application/x-www-form-urlencoded", "Content-Type: text/plain"];
    const bytes = get("/", ...types, "Content-Length: 3").replace("GET", "POST");
    const { seen } = await told(`${bytes}a=1`, (request) => ({
      type: request.content_type,
      fields: request.POST.size,
    }));
    expect(seen).to.deep.equal({ type: "application/x-www-form-urlencoded,text/plain", fields: 0 });
  });

  it("A22: drops names with an underscore", async () => {
    const fields = ["X_Forwarded_Proto: https", "Content_Length: 5", "X-Forwarded_For: 1"];
    const { seen } = await told(get("/", ...fields), (request) => ({
      meta: Object.keys(request.META).filter((name) => /FORWARDED|LENGTH/.test(name)),
      headers: [...request.headers.keys()],
    }));
    expect(seen).to.deep.equal({ meta: [], headers: ["Host", "Connection"] });
  });

  it("A23: takes the names of prototypes for names", async () => {
    const fields = ["__proto__: a", "constructor: b", "toString: c", "hasOwnProperty: d"];
    const { seen } = await told(get("/", ...fields), (request) => ({
      constructor: request.META["HTTP_CONSTRUCTOR"],
      own: Object.hasOwn(request.META, "HTTP_TOSTRING"),
      has: request.headers.get("hasOwnProperty"),
      proto: Object.keys(request.META).filter((name) => name.includes("PROTO__")),
    }));
    expect(seen).to.deep.equal({ constructor: "b", own: true, has: "d", proto: [] });
    expect(Object.keys(Object.prototype)).to.deep.equal([]);
  });

  it("A24: shows Proxy in META and nowhere else, and leaves the environment alone", async () => {
    const before = { ...process.env };
    const { seen } = await told(get("/", "Proxy: http://evil.example"), (request) => ({
      proxy: request.META["HTTP_PROXY"],
      path: request.META["PATH"] ?? null,
    }));
    expect(seen).to.deep.equal({ proxy: "http://evil.example", path: null });
    expect({ ...process.env }).to.deep.equal(before);
  });
});

describe("core/handlers/node security: mounted below a prefix", () => {
  quiet();

  /** As Express calls it: what was cut off, what is left, and what there was. */
  interface Mounted {
    url: string;
    baseUrl?: string;
    originalUrl?: string;
  }

  async function mounted(request: Mounted): Promise<{ status: number; seen: Seen | undefined }> {
    const patterns = telling(({ META, path, path_info }) => ({
      script_name: META.SCRIPT_NAME,
      path_info,
      path,
    }));
    let found: { status: number; seen: Seen | undefined } = { status: 0, seen: undefined };
    await with_settings(
      { ROOT_URLCONF: { urlpatterns: patterns }, ALLOWED_HOSTS: ["*"] },
      async () => {
        const application = get_node_application();
        await with_application(
          (req, res) => application(Object.assign(req, request), res),
          async (server) => {
            const response = await server.fetch("/");
            const { status } = response;
            found = {
              status,
              seen: status === 200 ? ((await response.json()) as Seen) : undefined,
            };
          },
        );
      },
    );
    return found;
  }

  const under: [how: string, request: Mounted, script_name: string, path_info: string][] = [
    ["Express", { url: "/x?a=1", baseUrl: "/app", originalUrl: "/app/x?a=1" }, "/app", "/x"],
    ["Express at its very point", { url: "/", baseUrl: "/app", originalUrl: "/app" }, "/app", "/"],
    [
      "Express with a query there",
      { url: "/?a=1", baseUrl: "/app", originalUrl: "/app?a=1" },
      "/app",
      "/",
    ],
    ["Express at the root", { url: "/x", baseUrl: "", originalUrl: "/x" }, "", "/x"],
    [
      "Express under a percent-encoded name",
      { url: "/x", baseUrl: "/%C3%A9", originalUrl: "/%C3%A9/x" },
      "/\u00e9",
      "/x",
    ],
    ["Connect", { url: "/x", originalUrl: "/app/x" }, "/app", "/x"],
    ["Connect at its very point", { url: "/", originalUrl: "/app" }, "/app", "/"],
    ["a rewriting middleware", { url: "/index", originalUrl: "/" }, "", "/index"],
    ["no framework", { url: "/x" }, "", "/x"],
  ];
  for (const [how, request, script_name, path_info] of under) {
    it(`A43: under ${how} SCRIPT_NAME is ${JSON.stringify(script_name)} and path_info ${path_info}`, async () => {
      const { seen } = await mounted(request);
      expect(seen).to.deep.equal({ script_name, path_info, path: script_name + path_info });
    });
  }

  const crafted: Mounted[] = [
    { url: "/x", baseUrl: "/app", originalUrl: "/other/x" },
    { url: "/x", baseUrl: "/app", originalUrl: "/application/x" },
    { url: "/x", baseUrl: "/app", originalUrl: "http://evil.example/app/x" },
  ];
  for (const request of crafted) {
    it(`A43: refuses originalUrl ${request.originalUrl} under /app with 400`, async () => {
      expect(await mounted(request)).to.deep.equal({ status: 400, seen: undefined });
    });
  }
});
