/** The chain, where settings change under it. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { settings } from "nuages/conf";
import { ImproperlyConfigured } from "nuages/core/exceptions";
import { HttpResponse } from "nuages/http";
import { Client } from "nuages/test";
import type { MiddlewareEntry } from "nuages/utils/deprecation";
import { type AnyView, ask, site } from "../../support/ask.ts";
import { with_settings } from "../../support/settings.ts";

const page = (): HttpResponse => new HttpResponse("page");

describe("core/handlers/base: MIDDLEWARE that changes", () => {
  const adding =
    (name: string): MiddlewareEntry =>
    (get_response) =>
    async (request) => {
      const response = await get_response(request);
      response.set(name, "1");
      return response;
    };

  it("is what the next request of the same client goes through", async () => {
    await with_settings({ ROOT_URLCONF: site(page), MIDDLEWARE: [adding("A")] }, async () => {
      const client = new Client();
      const seen = async (): Promise<boolean[]> => {
        const response = await client.get("/");
        return [response.has_header("A"), response.has_header("B")];
      };
      expect(await seen()).to.deep.equal([true, false]);
      await with_settings({ MIDDLEWARE: [adding("B")] }, async () => {
        expect(await seen()).to.deep.equal([false, true]);
      });
      expect(await seen()).to.deep.equal([true, false]);
      settings.MIDDLEWARE = [];
      expect(await seen()).to.deep.equal([false, false]);
    });
  });

  it("is not what it was before, if it is wrong", async () => {
    await with_settings({ ROOT_URLCONF: site(page), MIDDLEWARE: [adding("A")] }, async () => {
      const client = new Client();
      expect((await client.get("/")).has_header("A")).to.equal(true);
      await with_settings({ MIDDLEWARE: ["wrong" as never] }, async () => {
        for (let i = 0; i < 2; i++) {
          const error = await client.get("/").catch((thrown: unknown) => thrown);
          expect(error).to.be.instanceOf(ImproperlyConfigured);
        }
      });
    });
  });
});

describe("core/handlers/base: DEBUG_PROPAGATE_EXCEPTIONS", () => {
  const boom = new Error("boom");
  const failing: AnyView = () => {
    throw boom;
  };

  it("lets an error leave the chain, past all middleware", async () => {
    const seen: unknown[] = [];
    const watching: MiddlewareEntry = (get_response) => async (request) => {
      try {
        return await get_response(request);
      } catch (error) {
        seen.push(error);
        throw error;
      }
    };
    const given = { DEBUG_PROPAGATE_EXCEPTIONS: true, MIDDLEWARE: [watching] };
    await with_settings({ ...given, ROOT_URLCONF: site(failing) }, async () => {
      const error = await new Client().get("/").catch((thrown: unknown) => thrown);
      expect(error).to.equal(boom);
    });
    expect(seen).to.deep.equal([boom]);
  });

  it("ends at the door: a plain 500, logged", async () => {
    const { status, text, records } = await ask(failing, { DEBUG_PROPAGATE_EXCEPTIONS: true });
    expect([status, text]).to.deep.equal([500, "Server Error (500)"]);
    expect(records.map(({ error }) => error)).to.deep.equal([boom]);
  });
});
