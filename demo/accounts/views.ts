/** Signing up, and the page of who is logged in. Logging in and out are views of `contrib/auth`, see `urls.ts`. @module */
import { alogin } from "nuages/contrib/auth";
import * as messages from "nuages/contrib/messages";
import type { HttpRequest, HttpResponse } from "nuages/http";
import type { HttpResponseBase } from "nuages/http/response";
import { redirect, render } from "nuages/shortcuts";
import { User } from "./models.ts";

const PASSWORD_LENGTH = 8;

/** GET shows the form; POST makes a user, and logs the new user in. */
export async function sign_up(request: HttpRequest): Promise<HttpResponseBase> {
  if (request.method !== "POST") return sign_up_form(request, "", "", []);
  const username = request.POST.get("username", "").trim();
  const email = request.POST.get("email", "").trim();
  const password = request.POST.get("password", "");
  const errors = errors_of(username, password);
  if (errors.length > 0) return sign_up_form(request, username, email, errors);
  const user = await User.objects.create_user(username, password, email);
  await alogin(request, user);
  messages.success(request, `Welcome, ${username}!`);
  return redirect("accounts:profile");
}

function sign_up_form(
  request: HttpRequest,
  username: string,
  email: string,
  errors: string[],
): HttpResponse {
  const context = { username, email, errors, password_length: PASSWORD_LENGTH };
  return render(request, "accounts/sign_up.html", context, {
    status: errors.length > 0 ? 400 : 200,
  });
}

function errors_of(username: string, password: string): string[] {
  const errors: string[] = [];
  if (!/^[\w.@+-]{1,30}$/.test(username))
    errors.push("A user name has 1 to 30 letters without accents, digits, or any of . @ + - _");
  else if (User.objects.get({ username }) !== undefined)
    errors.push("Somebody else has this name. Choose another.");
  if (password.length < PASSWORD_LENGTH)
    errors.push(`A password has at least ${PASSWORD_LENGTH} characters.`);
  return errors;
}

/** For those who are logged in; `login_required()` in `urls.ts` sends the others to the login page. */
export function profile(request: HttpRequest): HttpResponse {
  return render(request, "accounts/profile.html");
}
