/** The URLs of the library. The names of its API begin with `library:api:`. @module */
import { path, type URLPatterns } from "nuages/urls";
import { api } from "./api.ts";
import { index } from "./views.ts";

export const app_name = "library";

export const urlpatterns: URLPatterns = [
  path("", index, { name: "index" }),
  path("", api.urls), // with openapi.json and docs/
];
