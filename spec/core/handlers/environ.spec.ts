/** Specification of requests out of an environment. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { UnicodeEncodeError } from "nuages/core/exceptions";
import {
  EnvironRequest,
  get_bytes_from_wsgi,
  get_path_info,
  get_script_name,
  get_str_from_wsgi,
  LimitedStream,
} from "nuages/core/handlers/environ";
import { override_settings } from "nuages/test/utils";

function stream(text: string): { read(size?: number | null): Buffer } {
  let rest = Buffer.from(text);
  return {
    read(size): Buffer {
      const taken = rest.subarray(0, size ?? rest.length);
      rest = rest.subarray(taken.length);
      return taken;
    },
  };
}

describe("core/handlers/environ", () => {
  it("makes a request whose META is the environ itself", () => {
    const environ: Record<string, unknown> = {
      REQUEST_METHOD: "post",
      PATH_INFO: "/caf\xc3\xa9/",
      SCRIPT_NAME: "/app",
      QUERY_STRING: "q=\xc3\xa9",
      CONTENT_TYPE: "application/x-www-form-urlencoded",
      CONTENT_LENGTH: "3",
      HTTP_COOKIE: "c=\xc3\xa9",
      "wsgi.url_scheme": "https",
      "wsgi.input": stream("a=1&b=2"),
    };
    const request = new EnvironRequest(environ);
    expect(request.META).to.equal(environ);
    expect([request.method, request.path, request.path_info, request.scheme]).to.deep.equal([
      "POST",
      "/app/café/",
      "/café/",
      "https",
    ]);
    expect([request.GET.get("q"), request.COOKIES["c"]]).to.deep.equal(["é", "é"]);
    expect([...request.POST.lists()]).to.deep.equal([["a", ["1"]]]);
  });

  it("keeps what is not UTF-8 in a path percent-encoded", () => {
    expect(get_path_info({ PATH_INFO: "/\xff/\xc3\xa9" })).to.equal("/%FF/é");
    expect(get_str_from_wsgi({ X: "\xff" }, "X", "")).to.equal("\ufffd");
    expect(() => get_bytes_from_wsgi({ X: "€" }, "X", "")).to.throw(UnicodeEncodeError);
  });

  it("finds the script name that a rewriting server hides", () => {
    const environ = { SCRIPT_URL: "/mst//mapping/test//test", PATH_INFO: "/test//test" };
    expect(get_script_name({ ...environ, PATH_INFO: "/test/test" })).to.equal("/mst/mapping");
    expect(get_script_name({ SCRIPT_NAME: "/caf\xc3\xa9" })).to.equal("/café");
    const overridden = override_settings({ FORCE_SCRIPT_NAME: "" });
    overridden.enable();
    try {
      expect(get_script_name({ SCRIPT_NAME: "/app" })).to.equal("");
    } finally {
      overridden.disable();
    }
  });

  it("reads no more than its limit, by bytes or by lines", () => {
    const limited = new LimitedStream(stream("one\ntwo\nthree"), 9);
    expect(String(limited.readline())).to.equal("one\n");
    expect(String(limited.readline(2))).to.equal("tw");
    expect(String(limited.read(1))).to.equal("o");
    expect(String(limited.read())).to.equal("\nt");
    expect([limited.read(5).length, limited.readline().length]).to.deep.equal([0, 0]);
  });

  it("leaves lines to a stream that has them", () => {
    const lines = { ...stream("rest"), readline: (): Buffer => Buffer.from("line\n") };
    expect(String(new LimitedStream(lines, 100).readline())).to.equal("line\n");
  });
});
