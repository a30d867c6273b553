/** Security of `HttpRequest`: host, path and text, beyond what spec/http/request.spec.ts has. @module */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { networkInterfaces } from "node:os";
import { inspect } from "node:util";
import { expect } from "chai";
import { describe, it } from "mocha";
import { i18n_patterns } from "nuages/conf/urls/i18n";
import { get_node_application } from "nuages/core/handlers";
import { type HttpRequest, HttpResponse } from "nuages/http";
import { CommonMiddleware } from "nuages/middleware/common";
import { LocaleMiddleware } from "nuages/middleware/locale";
import { SecurityMiddleware } from "nuages/middleware/security";
import { debug } from "nuages/template/context_processors";
import { RequestFactory } from "nuages/test";
import { re_path, type URLPatterns } from "nuages/urls";
import type { MiddlewareEntry } from "nuages/utils/deprecation";
import { deferred_upload } from "nuages/views/decorators/upload";
import { site } from "../support/ask.ts";
import { logged } from "../support/log.ts";
import { get } from "../support/raw.ts";
import { with_server } from "../support/server.ts";
import { with_settings } from "../support/settings.ts";
import { with_site } from "../support/site.ts";
import { MALFORMED_HOSTS } from "../support/hosts.ts";

const rf = new RequestFactory();

describe("security/request: the host", () => {
  const malformed = [...MALFORMED_HOSTS, "a.example\u00e9"];
  for (const host of malformed) {
    it(`D1: ${JSON.stringify(host)} over a connection is 400, whatever ALLOWED_HOSTS says`, async () => {
      const view = (request: HttpRequest): HttpResponse => new HttpResponse(request.get_host());
      await logged(() =>
        with_server(site(view), async (server) => {
          expect(await get(server, `Host: ${host}`)).to.match(/^HTTP\/1\.1 400 /);
        }),
      );
    });
  }

  it("D4: no header but Host, and those that settings name, says where a request goes", () => {
    const request = rf.get("/a/", null, {
      headers: {
        "X-Forwarded-Host": "evil.com",
        "X-Forwarded-Server": "evil.com",
        "X-Host": "evil.com",
        "X-Original-URL": "/admin/",
        "X-Rewrite-URL": "/admin/",
        "X-Forwarded-Port": "1",
        "X-Forwarded-Proto": "https",
        Forwarded: "host=evil.com;proto=https;for=127.0.0.1",
      },
    });
    expect(request.build_absolute_uri()).to.equal("http://testserver/a/");
    expect([request.path, request.path_info, request.get_port()]).to.deep.equal([
      "/a/",
      "/a/",
      "80",
    ]);
  });

  it("D6: the client's address is the socket's peer, whatever headers say", async () => {
    const view = (request: HttpRequest): HttpResponse =>
      new HttpResponse(`<${request.META.REMOTE_ADDR}>`);
    const lines = [
      "X-Forwarded-For: 10.0.0.1",
      "Forwarded: for=10.0.0.1",
      "X-Real-IP: 10.0.0.1",
      "Remote-Addr: 10.0.0.1",
      "Remote_Addr: 10.0.0.1",
    ];
    await with_server(site(view), async (server) => {
      const answer = await get(server, `Host: x\r\n${lines.join("\r\n")}`);
      expect(answer).to.contain("<127.0.0.1>");
    });
  });

  it("D6: an IPv4 address that is mapped into IPv6 is compared as the text it is", () => {
    const settings = { DEBUG: true, INTERNAL_IPS: ["127.0.0.1"] };
    const seen = (REMOTE_ADDR: string): object =>
      with_settings(settings, () => debug(rf.get("/", null, { REMOTE_ADDR })));
    expect(seen("127.0.0.1")).to.have.property("debug", true);
    expect(seen("::ffff:127.0.0.1")).to.deep.equal({});
  });

  const addresses = Object.values(networkInterfaces()).flat();
  // A socket for both is to be had only on a machine with IPv6.
  if (addresses.some((address) => address?.family === "IPv6"))
    it("D6: so it comes from a socket for both", async () => {
      const view = (request: HttpRequest): HttpResponse =>
        new HttpResponse(`${request.META.REMOTE_ADDR} ${Object.keys(debug(request)).join()}`);
      const settings = {
        DEBUG: true,
        INTERNAL_IPS: ["127.0.0.1"],
        ALLOWED_HOSTS: ["*"],
        ROOT_URLCONF: site(view),
      };
      await with_settings(settings, async () => {
        const server = createServer(get_node_application());
        server.listen(0, "::");
        await once(server, "listening");
        try {
          const { port } = server.address() as AddressInfo; // a TCP server that listens has one
          const answer = await fetch(`http://127.0.0.1:${port}/`);
          expect(await answer.text()).to.equal("::ffff:127.0.0.1 ");
        } finally {
          server.closeAllConnections();
          server.close();
        }
      });
    });
});

describe("security/request: a path that could be a host", () => {
  const page = (): HttpResponse => new HttpResponse();
  const patterns = [re_path(".*/x/$", page)];
  const redirecting: [
    who: string,
    middleware: MiddlewareEntry,
    urlpatterns: URLPatterns,
    settings: object,
  ][] = [
    ["APPEND_SLASH", CommonMiddleware, patterns, {}],
    ["PREPEND_WWW", CommonMiddleware, patterns, { PREPEND_WWW: true }],
    ["SECURE_SSL_REDIRECT", SecurityMiddleware, patterns, { SECURE_SSL_REDIRECT: true }],
    ["i18n_patterns", LocaleMiddleware, i18n_patterns(...patterns), {}],
  ];
  for (const [who, middleware, urlpatterns, settings] of redirecting) {
    for (const evil of ["//evil.com/x", "///evil.com/x", "/\\evil.com/x", "/\t/evil.com/x"]) {
      it(`D8: ${who} sends nobody from ${JSON.stringify(evil)} to another host`, async () => {
        await with_site(urlpatterns, { ...settings, MIDDLEWARE: [middleware] }, async (client) => {
          const response = await client.get("/", null, { PATH_INFO: evil });
          expect(response.status_code).to.be.oneOf([301, 302]);
          const { hostname } = new URL(response.get("Location") ?? "", "http://testserver/");
          expect(hostname).to.match(/^(www\.)?testserver$/);
        });
      });
    }
  }
});

describe("security/request: what a request tells of itself", () => {
  it("D24: no header and no field changes the method", async () => {
    const view = (request: HttpRequest): HttpResponse =>
      new HttpResponse(`${request.method} ${request.POST.get("_method")}`);
    const headers = {
      "X-HTTP-Method-Override": "DELETE",
      "X-HTTP-Method": "DELETE",
      "X-Method-Override": "DELETE",
    };
    await with_server(site(view), async (server) => {
      const body = new URLSearchParams({ _method: "DELETE" });
      const post = await server.fetch("/?_method=DELETE", { method: "POST", body, headers });
      expect(await post.text()).to.equal("POST DELETE");
      const get_answer = await server.fetch("/?_method=DELETE", { headers });
      expect(await get_answer.text()).to.equal("GET undefined");
    });
  });

  it("D25: printed it is one line without a secret, and its body stays unread", async () => {
    const printed: string[] = [];
    const view = deferred_upload(async (request: HttpRequest) => {
      printed.push(
        inspect(request),
        String(request),
        `${request}`,
        inspect({ request }, { depth: 9 }),
      );
      await request.load();
      return new HttpResponse(request.POST.get("password"));
    });
    const urlpatterns = [re_path(/[^]*/, view)];
    await with_server(urlpatterns, async (server) => {
      const answer = await server.fetch("/a%0d%0Ab?token=t0ken", {
        method: "POST",
        headers: { Cookie: "sessionid=s3cret", Authorization: "Bearer s3cret" },
        body: new URLSearchParams({ password: "p4ssword" }),
      });
      expect(await answer.text()).to.equal("p4ssword");
    });
    const line = "<NodeRequest: POST '/a%0D%0Ab?token=t0ken'>";
    expect(printed).to.deep.equal([line, line, line, `{ request: ${line} }`]);
  });
});
