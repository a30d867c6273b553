/** `startapp`: writes the files of a new app. @module */
import { type Files, TemplateCommand } from "./_files.ts";

/** Writes a directory with views and their URLs. */
export class Command extends TemplateCommand {
  static {
    this.prototype.help = "Writes the files of a new app.";
  }

  override files(name: string): Files {
    return {
      "views.ts": `/** The views of ${name}. @module */
import { type HttpRequest, HttpResponse } from "nuages";

export function index(_request: HttpRequest): HttpResponse {
  return new HttpResponse("The first page of ${name}.");
}
`,
      "urls.ts": `/** The URLs of ${name}: path("${name}/", include(${name})) puts them into the project. @module */
import { path } from "nuages";
import type { URLPatterns } from "nuages/urls";
import * as views from "./views.ts";

export const app_name = "${name}";

export const urlpatterns: URLPatterns = [path("", views.index, { name: "index" })];
`,
    };
  }
}
