/** Specification of the decorators for uploads, over real connections. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { type UploadedFile, SimpleUploadedFile } from "nuages/core/files/uploadedfile";
import { FileUploadHandler, MemoryFileUploadHandler } from "nuages/core/files/uploadhandler";
import { type HttpRequest, HttpResponse, JsonResponse } from "nuages/http";
import { Client } from "nuages/test";
import { override_settings } from "nuages/test/utils";
import { path } from "nuages/urls";
import { deferred_upload, upload_handlers } from "nuages/views/decorators/upload";
import { with_server } from "../../support/server.ts";

/** Counts a file and keeps nothing. */
class Counter extends FileUploadHandler {
  #size = 0;
  override async receive_data_chunk(raw_data: Buffer): Promise<null> {
    await new Promise(setImmediate);
    this.#size += raw_data.length;
    return null;
  }
  override file_complete(): UploadedFile {
    return new SimpleUploadedFile(`${this.#size} bytes`, null);
  }
}

const show = (request: HttpRequest): JsonResponse =>
  new JsonResponse({
    title: request.POST.get("title"),
    files: request.FILES.getlist("f").map((file) => file.name),
  });

const read_later = deferred_upload(async (request) => {
  expect(request._needs_load).to.equal(true);
  expect(() => request.POST).to.throw("await request.load()");
  request.upload_handlers = [new Counter(request)];
  await request.load();
  return show(request);
});

const length_of = deferred_upload(async (request) => {
  let length = 0;
  for await (const chunk of request) length += chunk.length;
  return new HttpResponse(String(length));
});

const urlpatterns = [
  path("count/", upload_handlers([Counter])(show)),
  path("plain/", show),
  path("later/", read_later),
  path("length/", length_of),
];

function form(size: number): FormData {
  const data = new FormData();
  data.set("title", "a title");
  data.set("f", new Blob([Buffer.alloc(size, "x")]), "x.bin");
  return data;
}

describe("views/decorators/upload", () => {
  it("upload_handlers() sends the files of a view through handlers of its own", async () => {
    await with_server(urlpatterns, async (server) => {
      const post = async (url: string): Promise<unknown> =>
        (await server.fetch(url, { method: "POST", body: form(300_000) })).json();
      expect(await post("/count/")).to.deep.equal({ title: "a title", files: ["300000 bytes"] });
      expect(await post("/plain/")).to.deep.equal({ title: "a title", files: ["x.bin"] });
    });
  });

  it("deferred_upload() leaves the body to the view", async () => {
    await with_server(urlpatterns, async (server) => {
      const later = await server.fetch("/later/", { method: "POST", body: form(1000) });
      expect(await later.json()).to.deep.equal({ title: "a title", files: ["1000 bytes"] });
      const length = await server.fetch("/length/", {
        method: "POST",
        body: Buffer.alloc(5_000_000),
      });
      expect(await length.text()).to.equal("5000000");
    });
  });

  it("upload_handlers() does so for the test client, too", async () => {
    const overridden = override_settings({ ROOT_URLCONF: { urlpatterns } });
    overridden.enable();
    try {
      const data = { title: "a title", f: new SimpleUploadedFile("x.bin", "data") };
      const response = await new Client().post("/count/", data);
      expect(response.json()).to.deep.equal({ title: "a title", files: ["4 bytes"] });
    } finally {
      overridden.disable();
    }
  });

  it("leave the view they are given as it is", () => {
    const view = (): HttpResponse => new HttpResponse("");
    const marked = Object.assign(view, { csrf_exempt: true });
    const decorated = upload_handlers([MemoryFileUploadHandler])(marked);
    expect(decorated.name).to.equal("view");
    expect(decorated.csrf_exempt).to.equal(true);
    expect("_upload_handlers" in view).to.equal(false);
  });
});
