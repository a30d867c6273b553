import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect } from "chai";
import { describe, it } from "mocha";
import { SimpleUploadedFile } from "nuages/core/files/uploadedfile";
import { StreamingHttpResponse } from "nuages/http";
import { Client } from "nuages/test";
import { escape } from "nuages/utils/html";
import { csv_row } from "../../demo/csv.ts";
import { Browser, demo_site } from "./_site.ts";

const CLOUDS = readFileSync(new URL("../../demo/files/clouds.txt", import.meta.url));

describe("demo: every page", () => {
  demo_site();

  const pages = ["/", "/polls/", "/polls/1/", "/polls/1/results/", "/greeting/", "/files/"];
  for (const path of [
    ...pages,
    "/uploads/",
    "/clock/",
    "/cached/",
    "/accounts/login/",
    "/accounts/signup/",
    "/api/",
    "/request/",
    "/errors/",
  ]) {
    it(`${path} has a title, one heading, and nothing undefined in it`, async () => {
      const page = await new Browser().page(path);
      expect(page).to.match(/<title>[^<]+<\/title>/);
      expect(page.match(/<h1>/g)?.length).to.equal(1);
      expect(page).not.to.match(/\{\{|\}\}|\{%|undefined|\[object/);
    });

    it(`${path} links only to what is there`, async () => {
      const { client } = new Browser({ raise_request_exception: false });
      for (const [url, status] of links_of((await client.get(path)).text)) {
        const response = await client.get(url, {}, { follow: true });
        expect(response.status_code, url).to.equal(status);
        response.close();
      }
    });
  }

  it("carries the headers of the middleware, and tells how long it took", async () => {
    const response = await new Client().get("/");
    expect(response.get("X-Frame-Options")).to.equal("DENY");
    expect(response.get("X-Content-Type-Options")).to.equal("nosniff");
    expect(response.get("Server-Timing")).to.match(/^app;dur=\d+\.\d$/);
  });

  it("redirects to the URL with its slash", async () => {
    const response = await new Client().get("/polls");
    expect([response.status_code, response.url]).to.deep.equal([301, "/polls/"]);
  });
});

describe("demo: greeting", () => {
  demo_site();

  it("remembers the name that was given, and forgets it again", async () => {
    const browser = new Browser();
    const greeted = await browser.submit("/greeting/", { name: "  Ada <3 " });
    expect(greeted.redirect_chain).to.deep.equal([["/greeting/", 302]]);
    expect(greeted.text).to.include("Hello, Ada &lt;3!");
    const forgotten = await browser.submit("/greeting/", {}, "/greeting/forget/");
    expect(forgotten.text).to.include("Who are you?");
  });

  it("keeps the name in a signed cookie that no script can read", async () => {
    const browser = new Browser();
    await browser.submit("/greeting/", { name: "Ada" });
    const cookie = String(browser.client.cookies.get("visitor"));
    expect(cookie).to.match(/visitor=Ada:[\w-]+:[\w-]+;.*HttpOnly;.*SameSite=Lax/);
  });

  it("does not know a visitor whose cookie was changed", async () => {
    const browser = new Browser();
    await browser.submit("/greeting/", { name: "Ada" });
    const { value } = browser.client.cookies.getitem("visitor");
    browser.client.cookies.set("visitor", String(value).replace("Ada", "Eve"));
    expect(await browser.page("/greeting/")).to.include("Who are you?");
  });

  for (const name of ["", "   ", "x".repeat(51)]) {
    it(`asks again after a name of ${name.length} characters${name.trim() ? "" : ", all blank"}`, async () => {
      const response = await new Browser().submit("/greeting/", { name });
      expect(response.status_code).to.equal(400);
      expect(response.text).to.match(/role="alert">A name has 1 to 50 characters/);
    });
  }

  it("gives back what was entered, escaped", async () => {
    const name = `"><b>${"x".repeat(50)}`;
    const response = await new Browser().submit("/greeting/", { name });
    expect(response.text).to.include(`value="${escape(name)}"`);
  });
});

describe("demo: files", () => {
  demo_site();

  it("sends a large file from where a download broke off", async () => {
    const client = new Client();
    const whole = await client.head("/files/sky.bin");
    expect(whole.get("Content-Length")).to.equal(String(64 * 1024 * 1024));
    const headers = {
      Range: `bytes=${64 * 1024 * 1024 - 9}-`,
      "If-Range": whole.get("Last-Modified", ""),
    };
    const rest = await client.get("/files/sky.bin", null, { headers });
    expect(rest.status_code).to.equal(206);
    const chunks: Buffer[] = [];
    for await (const chunk of (rest as unknown as StreamingHttpResponse).streaming_content)
      chunks.push(chunk); // it is a file
    expect(Buffer.concat(chunks).length).to.equal(9);
  });

  it("sends a file to be saved", async () => {
    const response = await new Client().get("/files/clouds.txt");
    expect(response.get("Content-Disposition")).to.equal('attachment; filename="clouds.txt"');
    expect(await content_of(response)).to.deep.equal(CLOUDS);
  });

  it("resumes the download where it broke off", async () => {
    const response = await new Client().get(
      "/files/clouds.txt",
      {},
      { headers: { Range: "bytes=100-" } },
    );
    expect(response.status_code).to.equal(206);
    expect(await content_of(response)).to.deep.equal(CLOUDS.subarray(100));
  });

  it("streams a hundred thousand rows", async () => {
    const response = await new Client().get("/files/numbers.csv");
    const lines = String(await content_of(response)).split("\r\n");
    expect(lines.length).to.equal(100_002);
    expect(lines.at(-2)).to.equal("100000,10000000000,1000000000000000");
  });

  it("quotes fields of CSV that need it", () => {
    expect(csv_row("a", 'b "c"', "d,e", "f\ng", 1)).to.equal('a,"b ""c""","d,e","f\ng",1\r\n');
  });
});

describe("demo: uploads", () => {
  demo_site();

  it("tells what arrived", async () => {
    const files = [
      new SimpleUploadedFile("a.txt", "hello"),
      new SimpleUploadedFile("<b>.bin", Buffer.alloc(3_000_000), { content_type: "" }),
    ];
    const { text } = await new Browser().submit("/uploads/", { files });
    expect(text).to.include("a.txt").and.include("5 bytes");
    expect(text).to.include("&lt;b&gt;.bin").and.include("3000000 bytes");
    expect(text).to.include(createHash("sha256").update("hello").digest("hex"));
  });

  it("asks for files if none came", async () => {
    const response = await new Browser().submit("/uploads/", {});
    expect(response.status_code).to.equal(400);
    expect(response.text).to.match(/role="alert">Choose one file/);
  });
});

describe("demo: clock", () => {
  demo_site();

  it("sends an event at once, and stops when nobody reads on", async () => {
    const response = await new Client().get("/clock/ticks/");
    expect(response.get("Content-Type")).to.equal("text/event-stream");
    expect(response).to.be.instanceOf(StreamingHttpResponse);
    const events = (response as unknown as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
    const first = await events.next();
    expect(String(first.value)).to.match(/^data: \d\d:\d\d:\d\d\n\n$/);
    await events.return?.();
    expect((await events.next()).done).to.equal(true);
  });
});

describe("demo: the cached page", () => {
  demo_site();

  it("is made once, and says for how long it may be kept", async () => {
    const client = new Client();
    const [first, second] = [await client.get("/cached/"), await client.get("/cached/")];
    expect(second.text).to.equal(first.text);
    expect(second.get("Cache-Control")).to.equal("max-age=10");
    expect(first.text).to.match(/half a second to make, at \d\d:\d\d:\d\d UTC/);
  });
});

describe("demo: the request page", () => {
  demo_site();

  it("answers with what was sent, as console.log() prints it", async () => {
    const { text } = await new Client().get("/request/?name=Ada&name=Grace&x=<i>");
    expect(text).to.include(escape("<QueryDict: {'name': ['Ada', 'Grace'], 'x': ['<i>']}>"));
    expect(text).not.to.include("<i>");
    const posted = await new Browser().submit("/request/", { colour: "blue" });
    expect(posted.text).to.include(escape("'colour': ['blue']"));
  });
});

describe("demo: errors", () => {
  const failures: [path: string, status: number, visitors: string, developers: string][] = [
    ["/errors/400/", 400, "Bad request", "No honest client sends this."],
    ["/errors/403/", 403, "This page is for nobody.", "This page is for nobody."],
    ["/errors/404/", 404, "Nothing but blue sky", "There was a cloud here a minute ago."],
    ["/nowhere/&lt;b&gt;", 404, "Nothing but blue sky", "What was tried"],
    ["/errors/500/", 500, "Server error", "Something in the program is wrong."],
  ];
  const ask = (path: string): ReturnType<Client["get"]> =>
    new Client({ raise_request_exception: false }).get(
      path,
      {},
      { headers: { Accept: "text/html" } },
    );

  describe("in front of visitors", () => {
    demo_site({ DEBUG: false });
    for (const [path, status, visitors] of failures) {
      it(`${path} is ${status}, on a page of the site that tells nothing of the program`, async () => {
        const response = await ask(path);
        expect(response.status_code).to.equal(status);
        expect(response.text).to.include(visitors).and.include('href="/static/style.css"');
        expect(response.text).not.to.match(/site\/errors\.ts:|\{\{/);
      });
    }
  });

  describe("in front of developers", () => {
    demo_site({ DEBUG: true });
    for (const [path, status, , developers] of failures) {
      it(`${path} is ${status}, on a page that tells why`, async () => {
        const response = await ask(path);
        expect(response.status_code).to.equal(status);
        expect(response.text).to.include(developers);
      });
    }
  });
});

/** Where a page leads, and the status it promises: 200, unless the link is followed by another one. */
function links_of(page: string): [url: string, status: number][] {
  const links = page.matchAll(
    /(?:href|src)="(\/[^"#]*)"(?:[^<]|<\/?code>)*(?:<\/a> <span class="soft">(\d{3})<)?/g,
  );
  return Array.from(links, ([, url = "", status]) => [
    url.replaceAll("&amp;", "&"),
    Number(status ?? 200),
  ]);
}

/** The whole content of a stream. */
async function content_of(response: unknown): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk); // a StreamingHttpResponse
  return Buffer.concat(chunks);
}
