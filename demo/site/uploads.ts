/** Files that visitors send. @module */
import { createHash } from "node:crypto";
import type { UploadedFile } from "nuages/core/files/uploadedfile";
import type { HttpRequest, HttpResponse } from "nuages/http";
import { render } from "nuages/shortcuts";

/** GET shows the form; POST says what arrived. Nothing is kept. */
export async function uploads(request: HttpRequest): Promise<HttpResponse> {
  if (request.method !== "POST") return render(request, "site/uploads.html");
  const files = request.FILES.getlist("files");
  if (files.length === 0) {
    const error = "Choose one file or more, then send them.";
    return render(request, "site/uploads.html", { error }, { status: 400 });
  }
  return render(request, "site/uploads.html", { files: await Promise.all(files.map(description)) });
}

async function description(file: UploadedFile): Promise<Record<string, unknown>> {
  const { name, size, content_type } = file; // name and type are what the browser says: do not trust them
  return { name, size, content_type, sha256: await sha256(file) };
}

/** The fingerprint of a file. A big one is on the disk, not in memory, and is read in pieces here as well. */
export async function sha256(file: UploadedFile): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of file.chunks()) hash.update(chunk);
  return hash.digest("hex");
}
