/** Specification of what the Node door reads of a request without making META. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { type HttpRequest, HttpResponse } from "nuages/http";
import { path } from "nuages/urls";
import { with_server } from "../../support/server.ts";

const NAMES = [
  "HTTP_HOST",
  "HTTP_X_TWICE",
  "HTTP_COOKIE",
  "HTTP_X_EMPTY",
  "HTTP_X_UNDERSCORE",
  "HTTP_CONTENT_TYPE",
  "HTTP_CONTENT_LENGTH",
  "CONTENT_TYPE",
  "HTTP_X_NONE",
  "HTTP_x_twice",
  "HTTP_X-TWICE",
  "HTTP_X_ADDED",
  "SERVER_PROTOCOL",
];

const HEAD =
  "GET / HTTP/1.1\r\nhost: example.com:81\r\nX-Twice: 1\r\nx-twice: 2\r\nCookie: a=1\r\ncookie: b=2\r\nX-Empty:\r\n" +
  "X_Underscore: no\r\nContent-Type: text/plain\r\nX-Added: client\r\nConnection: close\r\n\r\n";

describe("core/handlers/_node_request: one value of META", () => {
  it("is what META has, before META is made and after that", async () => {
    const alone = new Map<string, unknown>();
    let meta: Record<string, unknown> = {};
    let made_by_headers: boolean | undefined;
    const view = (request: HttpRequest): HttpResponse => {
      request._add_meta("HTTP_X_ADDED", "server");
      request._meta_value("HTTP_HOST");
      made_by_headers = request._meta !== undefined;
      for (const name of NAMES) {
        alone.set(name, request._meta_value(name));
        request._meta = undefined; // some are read from META itself
      }
      meta = { ...request.META };
      return new HttpResponse();
    };
    await with_server([path("", view)], async ({ raw }) => void (await raw(HEAD)));
    expect(made_by_headers).to.equal(false);
    for (const [name, value] of alone) expect([name, value]).to.deep.equal([name, meta[name]]);
    expect(meta).to.include({
      HTTP_X_TWICE: "1,2",
      HTTP_COOKIE: "a=1; b=2",
      HTTP_X_EMPTY: "",
      HTTP_X_ADDED: "server",
    });
    expect(meta).to.not.have.any.keys("HTTP_X_UNDERSCORE", "HTTP_CONTENT_TYPE", "HTTP_X_NONE");
  });
});
