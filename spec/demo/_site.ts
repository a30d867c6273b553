/** The demo in front of a test client. @module */
import { after, before } from "mocha";
import type { Settings } from "nuages/conf";
import { Client, type ClientOptions, override_settings } from "nuages/test";
import { demo_settings } from "../../demo/settings.ts";
import { quiet } from "../support/log.ts";

/** The settings of the demo are in force while the specs of this `describe` run. */
export function demo_site(settings: Partial<Settings> = {}): void {
  quiet();
  const site = override_settings({ ...demo_settings, ALLOWED_HOSTS: ["testserver"], ...settings });
  before(() => site.enable());
  after(() => site.disable());
}

/** A browser that is new to the site, and has no scripts. */
export class Browser {
  readonly client: Client;

  constructor(options: ClientOptions = {}) {
    this.client = new Client({ enforce_csrf_checks: true, ...options });
  }

  /** The text of a page. */
  async page(path: string): Promise<string> {
    return (await this.client.get(path, {}, { headers: { Accept: "text/html" } })).text;
  }

  /** Sends the form of a page, with the token that is in it, and follows where that leads. */
  async submit(
    page: string,
    fields: Record<string, unknown>,
    action: string = page,
  ): ReturnType<Client["post"]> {
    const [, csrfmiddlewaretoken = ""] =
      /name="csrfmiddlewaretoken" value="([^"]+)"/.exec(await this.page(page)) ?? [];
    return this.client.post(action, { ...fields, csrfmiddlewaretoken }, { follow: true });
  }
}
