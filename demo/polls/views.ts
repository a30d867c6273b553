/** The pages of the polls: a list, a form, its results. @module */
import * as messages from "nuages/contrib/messages";
import { type HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse } from "nuages/http";
import type { HttpResponseBase } from "nuages/http/response";
import { get_object_or_404, redirect, render } from "nuages/shortcuts";
import { reverse } from "nuages/urls";
import { patch_vary_headers } from "nuages/utils/cache";
import { csv_row } from "../csv.ts";
import { type Choice, type Question, questions, total_votes } from "./models.ts";

/** What the URL says: `<int:question_id>` makes it a number. */
interface QuestionArguments {
  question_id: number;
}

/** All questions, as a page for people or as JSON for programs: one URL, and the client's `Accept` header decides. */
export function index(request: HttpRequest): HttpResponse {
  const media_type = request.get_preferred_type(["text/html", "application/json"]);
  const response = index_as(media_type, request);
  patch_vary_headers(response, ["Accept"]); // so that no cache gives a program the page, or a browser the JSON
  return response;
}

function index_as(media_type: string | undefined, request: HttpRequest): HttpResponse {
  if (media_type === "application/json") {
    const list = questions.all().map((question) => summary(request, question));
    return new JsonResponse({ questions: list });
  }
  if (media_type === "text/html")
    return render(request, "polls/index.html", { questions: questions.all(), total_votes });
  return new HttpResponse("There are text/html and application/json.\n", {
    status: 406,
    content_type: "text/plain; charset=utf-8",
  });
}

function summary(request: HttpRequest, question: Question): Record<string, unknown> {
  const url = reverse("polls:detail", { kwargs: { question_id: question.id } });
  return {
    id: question.id,
    text: question.text,
    votes: total_votes(question),
    url: request.build_absolute_uri(url),
  };
}

/** The form of a question. */
export function detail(request: HttpRequest, { question_id }: QuestionArguments): HttpResponse {
  const question = get_object_or_404(questions, { pk: question_id });
  return render(request, "polls/detail.html", { question });
}

/** Counts a vote. Without a choice the form comes back, and says what is missing. */
export function vote(request: HttpRequest, { question_id }: QuestionArguments): HttpResponseBase {
  const question = get_object_or_404(questions, { pk: question_id });
  const chosen = request.POST.get("choice");
  const choice = question.choices.find(({ id }) => String(id) === chosen);
  if (choice === undefined) {
    const error = "Choose one of the answers, then vote.";
    return render(request, "polls/detail.html", { question, error }, { status: 400 });
  }
  count(request, question, choice);
  // After a POST that has done its work always redirect: reloading the next page must not vote again.
  return redirect("polls:results", { kwargs: { question_id } });
}

/** One answer for each question and visitor, as far as a session can tell. */
function count(request: HttpRequest, question: Question, choice: Choice): void {
  const key = `answered-${question.id}`;
  if (request.session.has(key)) {
    messages.warning(request, "You have answered this before. Your first answer counts.");
    return;
  }
  choice.votes += 1;
  request.session.set(key, true);
  messages.success(request, `Thank you! Your answer is: ${choice.text}.`); // shown by the next page
}

/** How many chose what. */
export function results(request: HttpRequest, { question_id }: QuestionArguments): HttpResponse {
  const question = get_object_or_404(questions, { pk: question_id });
  return render(request, "polls/results.html", { question, total: total_votes(question) });
}

/** The votes of all questions for a spreadsheet. Each row is sent as soon as it is made; the text is never whole in memory. */
export function votes_csv(_request: HttpRequest): StreamingHttpResponse {
  return new StreamingHttpResponse(rows(), {
    content_type: "text/csv; charset=utf-8",
    headers: { "Content-Disposition": 'attachment; filename="votes.csv"' },
  });
}

function* rows(): Generator<string> {
  yield csv_row("question", "answer", "votes");
  for (const question of questions.all()) {
    for (const { text, votes } of question.choices) yield csv_row(question.text, text, votes);
  }
}
