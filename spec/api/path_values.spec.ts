/** Specification of nuages/api: what the path gives to handlers. @module */
import { expect } from "chai";
import { expectTypeOf } from "expect-type";
import { describe, it } from "mocha";
import { API } from "nuages/api/api";
import { ValueError } from "nuages/core/exceptions";
import { register_converter } from "nuages/urls";
import { mounted } from "../support/api_site.ts";
import { quiet } from "../support/log.ts";

declare module "nuages/urls" {
  interface Converters {
    api_year_month: Date;
  }
}

class YearMonth {
  regex = "[0-9]{4}-[0-9]{2}";

  to_python(value: string): Date {
    const date = new Date(`${value}-01T00:00:00Z`);
    if (Number.isNaN(date.getTime())) throw new ValueError("no such month");
    return date;
  }

  to_url(value: Date): string {
    return value.toISOString().slice(0, 7);
  }
}
register_converter(YearMonth, "api_year_month");

describe("api/router: values of the path", () => {
  quiet();
  const id = "075194d3-6885-417e-a8a8-6c931e272f00";

  it("P1: a value that the converter refuses means another route, or 404", () => {
    const api = new API({ openapi: null });
    api.get("<int:n>/", () => "a number");
    api.get("<slug:name>/", () => "a name");
    return mounted(api, async (client) => {
      expect((await client.get("/api/7/")).text).to.equal("a number");
      expect((await client.get("/api/seven/")).text).to.equal("a name");
      expect((await client.get("/api/7.5/")).status_code).to.equal(404);
    });
  });

  it("P2: values have the type of their converter, no schema needed", () => {
    const api = new API({ openapi: null });
    api.get("<int:n>/<slug:s>/<uuid:u>/<str:t>/<path:p>", (_request, args) => {
      expectTypeOf(args).toEqualTypeOf<{ n: number; s: string; u: string; t: string; p: string }>();
      return args;
    });
    return mounted(api, async (client) => {
      const response = await client.get(`/api/007/a-b/${id}/t%20t/p/q`);
      expect(response.json()).to.deep.equal({ n: 7, s: "a-b", u: id, t: "t t", p: "p/q" });
    });
  });

  it("P1, P2: so have those of a converter of one's own", () => {
    const api = new API({ openapi: null });
    api.get("<api_year_month:from>/", (_request, { from }) => {
      expectTypeOf(from).toEqualTypeOf<Date>();
      return from.getUTCFullYear();
    });
    return mounted(api, async (client) => {
      expect((await client.get("/api/2026-03/")).json()).to.equal(2026);
      expect((await client.get("/api/2026-13/")).status_code).to.equal(404);
    });
  });
});
