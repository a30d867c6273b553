/** The URLs of the polls. Their names begin with `polls:`, as in `reverse("polls:index")`. @module */
import { path, type URLPatterns } from "nuages/urls";
import { require_POST } from "nuages/views/decorators/http";
import * as views from "./views.ts";

export const app_name = "polls";

export const urlpatterns: URLPatterns = [
  path("", views.index, { name: "index" }),
  path("votes.csv", views.votes_csv, { name: "votes_csv" }),
  path("<int:question_id>/", views.detail, { name: "detail" }),
  path("<int:question_id>/vote/", require_POST(views.vote), { name: "vote" }),
  path("<int:question_id>/results/", views.results, { name: "results" }),
];
