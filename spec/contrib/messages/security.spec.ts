/** Security of messages: forged cookies, markup, and room. @module */
import { expect } from "chai";
import { after, before, describe, it } from "mocha";
import type { Settings } from "nuages/conf";
import * as messages from "nuages/contrib/messages";
import { MessageMiddleware } from "nuages/contrib/messages";
import { messages as messages_processor } from "nuages/contrib/messages/context_processors";
import { CookieStorage } from "nuages/contrib/messages/storage/cookie";
import { SessionMiddleware } from "nuages/contrib/sessions";
import { dumps, get_cookie_signer, JSONSerializer } from "nuages/core/signing";
import { HttpResponse, JsonResponse } from "nuages/http";
import { Nunjucks } from "nuages/template/backends/nunjucks";
import { render } from "nuages/shortcuts";
import { Client, override_settings } from "nuages/test";
import { path } from "nuages/urls";
import { mark_safe } from "nuages/utils/safestring";

let to_add: unknown[] = [];

const urlpatterns = [
  path("add/", (request) => {
    for (const text of to_add) messages.info(request, text);
    return new HttpResponse("added");
  }),
  path("show/", (request) => {
    const shown = Array.from(messages.get_messages(request), ({ message }) => String(message));
    return new JsonResponse(shown, { safe: false });
  }),
  path("page/", (request) => render(request, "page.html")),
];

function site(settings: Partial<Settings> = {}): void {
  const context_processors = [messages_processor];
  const templates = { "page.html": "{% for m in messages %}[{{ m }}]{% endfor %}" };
  const overridden = override_settings({
    MIDDLEWARE: [SessionMiddleware, MessageMiddleware],
    ROOT_URLCONF: { urlpatterns },
    TEMPLATES: [{ BACKEND: Nunjucks, OPTIONS: { templates, context_processors } }],
    ...settings,
  });
  before(() => overridden.enable());
  after(() => overridden.disable());
}

/** Rightly signed JSON. */
function signed(json: string): string {
  const serializer = class extends JSONSerializer {
    override dumps(): Buffer {
      return Buffer.from(json, "latin1");
    }
  };
  return get_cookie_signer({ salt: "django.contrib.messages" }).sign_object(null, { serializer });
}

async function shown_for(
  cookie: string,
): Promise<[status: number, texts: unknown, deleted: boolean]> {
  const client = new Client();
  client.cookies.set("messages", cookie);
  const response = await client.get("/show/");
  const deleted = response.cookies.get("messages")?.get("max-age") === 0;
  return [response.status_code, JSON.parse(response.text), deleted];
}

describe("contrib/messages: a cookie that is not ours", () => {
  site({ MESSAGE_STORAGE: CookieStorage });

  const good = '[["__json_message",0,20,"hi",""]]';
  const cookies: [what: string, cookie: () => string][] = [
    ["changed by one character", () => signed(good).replace(/^W/, "X")],
    [
      "signed for sessions",
      () =>
        dumps([["__json_message", 0, 20, "hi"]], {
          salt: "django.contrib.sessions.backends.signed_cookies",
        }),
    ],
    ["not signed", () => good],
    ["signed, and not JSON", () => signed("nope")],
    ["signed, and an object", () => signed('{"__proto__":1}')],
    ["signed, and a list of something else", () => signed("[1,null]")],
    ["signed, and a message without text", () => signed('[["__json_message"]]')],
    ["signed, and a message whose text is none", () => signed('[["__json_message",0,20,{}]]')],
    ["signed, and a message whose level is text", () => signed('[["__json_message",0,"x","hi"]]')],
    ["signed, and messages within messages", () => signed('[[["__json_message",0,20,"hi"]]]')],
  ];
  for (const [what, cookie] of cookies) {
    it(`O1: ${what}: no message, no error, and the cookie is deleted`, async () => {
      expect(await shown_for(cookie())).to.deep.equal([200, [], true]);
    });
  }

  it("O1: a level that nobody named is a level without a tag", async () => {
    const [status, texts] = await shown_for(signed('[["__json_message",0,99999,"hi"]]'));
    expect([status, texts]).to.deep.equal([200, ["hi"]]);
  });
});

describe("contrib/messages: markup", () => {
  site();

  it("O2: is escaped on the page, unless the code said it is safe", async () => {
    to_add = ["<b>x", mark_safe("<i>y</i>")];
    const client = new Client();
    await client.get("/add/");
    expect((await client.get("/page/")).text).to.equal("[&lt;b&gt;x][<i>y</i>]");
  });

  it("O2: a claim to be safe counts only with a valid signature", async () => {
    const client = new Client();
    client.cookies.set("messages", signed('[["__json_message",1,20,"<b>"]]').replace(/.$/, "!"));
    expect((await client.get("/page/")).text).to.equal("");
  });
});

describe("contrib/messages: room", () => {
  site();

  it("O3: 100 messages of 100 bytes: 2,048 in the cookie, the rest in the session, nothing lost", async () => {
    to_add = Array.from({ length: 100 }, (_item, at) => `${at}:${random_text()}`);
    const client = new Client();
    const response = await client.get("/add/");
    const [cookie = ""] = response.cookies.getitem("messages").OutputString().split("; ");
    expect(cookie.length - "messages=".length).to.be.within(1000, 2048);
    expect(response.cookies.has("sessionid")).to.equal(true);
    expect(JSON.parse((await client.get("/show/")).text)).to.deep.equal(to_add);
    expect(JSON.parse((await client.get("/show/")).text)).to.deep.equal([]);
  });

  it("O4: any text comes back, in one valid header", async () => {
    to_add = ['a\r\nSet-Cookie: x=y; "q"', "😀 é", "\ud800 alone"];
    const client = new Client();
    const response = await client.get("/add/");
    const header = response.cookies.getitem("messages").OutputString();
    expect(header).to.match(/^messages=[\w.:-]+; HttpOnly; Path=\/; SameSite=Lax$/);
    expect(JSON.parse((await client.get("/show/")).text)).to.deep.equal(to_add);
  });
});

function random_text(): string {
  return Array.from({ length: 95 }, () => Math.floor(Math.random() * 36).toString(36)).join("");
}
