/** The page about the API: what it can do, and what happens in it just now. @module */
import type { HttpRequest, HttpResponse } from "nuages/http";
import { render } from "nuages/shortcuts";
import { library } from "./models.ts";

export function index(request: HttpRequest): HttpResponse {
  return render(request, "library/index.html", { library });
}
