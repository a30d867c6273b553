/** Files and streams. @module */
import { join } from "node:path";
import {
  FileResponse,
  type HttpRequest,
  type HttpResponse,
  StreamingHttpResponse,
} from "nuages/http";
import { render } from "nuages/shortcuts";
import { csv_row } from "../csv.ts";
import { BASE_DIR } from "../paths.ts";

export function index(request: HttpRequest): HttpResponse {
  return render(request, "site/files.html");
}

/** A file to save. It is given the request, so that a download that broke off can be resumed where it stopped (`Range`). */
export function download(request: HttpRequest): Promise<FileResponse> {
  const path = join(BASE_DIR, "files", "clouds.txt");
  return FileResponse.from_path(path, { as_attachment: true, request });
}

const ROWS = 100_000;

/** A hundred thousand rows that are nowhere: made while they are sent, and no faster than the client takes them. */
export function numbers(_request: HttpRequest): StreamingHttpResponse {
  return new StreamingHttpResponse(rows(), {
    content_type: "text/csv; charset=utf-8",
    headers: { "Content-Disposition": 'attachment; filename="numbers.csv"' },
  });
}

function* rows(): Generator<string> {
  yield csv_row("n", "square", "cube");
  for (let n = 1; n <= ROWS; n++) yield csv_row(n, n ** 2, n ** 3);
}
