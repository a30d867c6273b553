/** A page that remembers the visitor's name, in a cookie that nobody can forge. @module */
import type { HttpRequest, HttpResponse } from "nuages/http";
import type { HttpResponseBase } from "nuages/http/response";
import { redirect, render } from "nuages/shortcuts";

const COOKIE = "visitor";
const SALT = "demo.greeting"; // keeps this cookie apart from all others that are signed with the same key
const MONTH = 30 * 24 * 60 * 60;
const MAX_LENGTH = 50;

/** GET greets; POST remembers a name. */
export function greeting(request: HttpRequest): HttpResponseBase {
  return request.method === "POST" ? remember(request) : greet(request);
}

function greet(request: HttpRequest): HttpResponse {
  // A cookie that was changed, or is older than a month, counts as none.
  const name = request.get_signed_cookie(COOKIE, { salt: SALT, max_age: MONTH, default: null });
  return render(request, "site/greeting.html", { name, entered: "", max_length: MAX_LENGTH });
}

function remember(request: HttpRequest): HttpResponseBase {
  const name = request.POST.get("name", "").trim();
  if (name === "" || name.length > MAX_LENGTH) {
    const error = `A name has 1 to ${MAX_LENGTH} characters.`;
    const context = { error, entered: name, max_length: MAX_LENGTH };
    return render(request, "site/greeting.html", context, { status: 400 });
  }
  const response = redirect("site:greeting");
  response.set_signed_cookie(COOKIE, name, {
    salt: SALT,
    max_age: MONTH,
    httponly: true,
    samesite: "Lax",
  });
  return response;
}

/** Takes the cookie back. */
export function forget(_request: HttpRequest): HttpResponseBase {
  const response = redirect("site:greeting");
  response.delete_cookie(COOKIE, { samesite: "Lax" });
  return response;
}
