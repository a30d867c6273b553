/** The Fetch door: how much it takes, and how long it waits. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { ImproperlyConfigured } from "nuages/core/exceptions";
import { TemporaryUploadedFile } from "nuages/core/files/uploadedfile";
import { get_fetch_application } from "nuages/core/handlers";
import { type HttpRequest, HttpResponse } from "nuages/http";
import { counting_site } from "../../support/counting.ts";
import { cpu_time_of } from "../../support/cpu_time.ts";
import { ask, counted_body, status_of, upload } from "../../support/fetch_door.ts";
import { logged, quiet } from "../../support/log.ts";
import { MiB, resident } from "../../support/resources.ts";
import { turns } from "../../support/turns.ts";

describe("core/handlers/fetch: limits", () => {
  it("gives up a body that falls silent, with 408", async () => {
    let cancelled = 0;
    const body = new ReadableStream({ cancel: () => void cancelled++ });
    const given = { options: { body_timeout: 20 } };
    const records = await logged(async () => {
      expect(await ask(() => new HttpResponse(""), upload(body), status_of, given)).to.equal(408);
    });
    expect(records.map(({ level }) => level)).to.deep.equal(["info"]);
    expect(cancelled).to.equal(1);
  });

  it("refuses a timeout that is none", () => {
    expect(() => get_fetch_application({ body_timeout: -1 })).to.throw(
      ImproperlyConfigured,
      "body_timeout",
    );
  });
});

describe("core/handlers/fetch security: limits", () => {
  quiet();

  const bodies: [type: string, start: string, end: string][] = [
    ["application/x-www-form-urlencoded", "a=", ""],
    ["application/json", '"', '"'],
    [
      "multipart/form-data; boundary=b",
      '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n',
      "\r\n--b--\r\n",
    ],
  ];
  for (const [type, start, end] of bodies) {
    for (const announced of [undefined, "10"]) {
      const said = announced === undefined ? "nothing" : `Content-Length: ${announced}`;
      it(`B6: stops a body of 100 MiB of type ${type} at the limit, when ${said} is announced`, async () => {
        const body = counted_body(start, 100, end);
        const headers = { "Content-Type": type, ...(announced && { "Content-Length": announced }) };
        const view = (request: HttpRequest): HttpResponse =>
          new HttpResponse(`${request.POST.size} ${request.body.length}`);
        const before = resident();
        expect(await ask(view, upload(body.stream, headers), status_of)).to.equal(400);
        expect(resident() - before).to.be.lessThan(16 * MiB);
        expect(body.pulled).to.be.lessThan(2_621_440 + 2 * 65_536);
        await turns();
        expect(body.is_cancelled).to.equal(true);
      });
    }
  }

  for (const announced of [undefined, "10"]) {
    it(`B6: puts a large file on disk, when ${announced ?? "nothing"} is announced`, async () => {
      const part = '--b\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n';
      const body = counted_body(part, 20, "\r\n--b--\r\n");
      const headers = {
        "Content-Type": "multipart/form-data; boundary=b",
        ...(announced && { "Content-Length": announced }),
      };
      const view = (request: HttpRequest): HttpResponse => {
        const file = request.FILES.get("f");
        expect(file).to.be.instanceOf(TemporaryUploadedFile);
        return new HttpResponse(String(file?.size));
      };
      const before = resident();
      const text = await ask(view, upload(body.stream, headers), (response) => response.text());
      expect(text).to.equal(String(20 * MiB));
      expect(resident() - before).to.be.lessThan(16 * MiB);
    });
  }

  const many = Array.from({ length: 100_000 }, (_, i): [string, string] => [`x-${i % 5000}`, "a"]);
  const heads: [what: string, headers: [string, string][]][] = [
    ["an Accept of 5 MB", [["Accept", "a".repeat(5_000_000)]]],
    ["a Cookie of 5 MB", [["Cookie", "a=b;".repeat(1_250_000)]]],
    ["100,000 fields", many],
    ["501 fields", Array.from({ length: 501 }, (_, i) => [`x-${i}`, "a"])],
  ];
  for (const [what, headers] of heads) {
    it(`B7: refuses ${what} with 431 before anything is parsed`, async () => {
      const { view, calls } = counting_site();
      const request = new Request("http://testserver/", { headers });
      expect(await ask(view, request, status_of)).to.equal(431);
      expect(await cpu_time_of(() => ask(view, request, status_of))).to.be.lessThan(50);
      expect(calls).to.deep.equal([]);
    });
  }

  it("B7, A20: takes 100,000 copies of one field for what they are: too long", async () => {
    const headers = new Headers();
    for (let i = 0; i < 100_000; i++) headers.append("x", "a");
    const request = new Request("http://testserver/", { headers });
    expect(await ask(() => new HttpResponse(""), request, status_of)).to.equal(431);
    expect(
      await cpu_time_of(() => ask(() => new HttpResponse(""), request, status_of)),
    ).to.be.lessThan(20);
  });
});
