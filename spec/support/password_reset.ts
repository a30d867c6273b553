/** A site where passwords are reset, and the mails it sends. @module */
import type { Settings } from "nuages/conf";
import { AuthenticationMiddleware, LoginRequiredMiddleware } from "nuages/contrib/auth/middleware";
import * as auth_urls from "nuages/contrib/auth/urls";
import { PasswordResetConfirmView, PasswordResetView } from "nuages/contrib/auth/views";
import { SessionMiddleware } from "nuages/contrib/sessions";
import { outbox } from "nuages/core/mail";
import { HttpResponse } from "nuages/http";
import { Nunjucks } from "nuages/template/backends/nunjucks";
import { Client } from "nuages/test";
import type { TestResponse } from "nuages/test/client";
import { include, path, type URLPatterns } from "nuages/urls";

// Those of the mails of the site.
const mail_templates = {
  "mail/subject.txt": "Line one\n{{ extra }}\u2028\n",
  "mail/body.txt": "{{ protocol }} {{ domain }} {{ site_name }} {{ email }} {{ user }}",
  "mail/body.html": "<p>{{ user }}</p>",
  "mail/breaks.txt": "{{ user.get_full_name().length }}",
};

const urlpatterns: URLPatterns = [
  path("a/", include(auth_urls)),
  path(
    "own/",
    PasswordResetView.as_view({
      subject_template_name: "mail/subject.txt",
      email_template_name: "mail/body.txt",
      html_email_template_name: "mail/body.html",
      extra_email_context: { extra: "two" },
      from_email: "Site <site@a.example>",
      success_url: "/sent/",
    }),
  ),
  path("breaks/", PasswordResetView.as_view({ email_template_name: "mail/breaks.txt" })),
  path("lost/", PasswordResetView.as_view({ email_template_name: "mail/lost.txt" })),
  path("in/<uidb64>/<token>/", PasswordResetConfirmView.as_view({ post_reset_login: true })),
  path("short/<token>/", PasswordResetConfirmView.as_view()),
  path("me/", (request) => new HttpResponse(request.user.get_username())),
];

/** The site: `auth_urls` under `a/`, and pages of its own. */
export const reset_settings: Partial<Settings> = {
  ROOT_URLCONF: { urlpatterns },
  TEMPLATES: [{ BACKEND: Nunjucks, OPTIONS: { templates: mail_templates } }],
  MIDDLEWARE: [SessionMiddleware, AuthenticationMiddleware, LoginRequiredMiddleware],
  LOGIN_URL: "/a/login/",
};

/** Asks for a mail to this address. */
export async function ask_for_mail(
  email: string,
  url = "/a/password_reset/",
): Promise<TestResponse> {
  return new Client().post(url, { email });
}

/** The URL in the last mail, without scheme and host. */
export function link(): string {
  return /https?:\/\/[^/]+(\/\S+)/.exec(outbox.at(-1)?.body ?? "")?.[1] ?? "";
}
