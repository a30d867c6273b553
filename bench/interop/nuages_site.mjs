// The Nuages half of the proof of interoperation: node nuages_site.mjs PORT DATABASE MODE, where MODE is cookies or database.
import { createServer } from "node:http";
import Database from "libsql";
import { settings } from "nuages/conf";
import { aauthenticate, alogin, alogout } from "nuages/contrib/auth";
import { AbstractBaseUser, BaseUserManager } from "nuages/contrib/auth/base_user";
import { check_password, make_password } from "nuages/contrib/auth/hashers";
import { AuthenticationMiddleware } from "nuages/contrib/auth/middleware";
import * as messages from "nuages/contrib/messages";
import { SessionMiddleware } from "nuages/contrib/sessions";
import { SessionStore as DBStore } from "nuages/contrib/sessions/backends/db";
import { SessionStore as CookieStore } from "nuages/contrib/sessions/backends/signed_cookies";
import { SqliteSessionRows } from "nuages/contrib/sessions/rows";
import { get_node_application } from "nuages/core/handlers";
import { HttpResponse, JsonResponse } from "nuages/http";
import { CsrfViewMiddleware, get_token } from "nuages/middleware/csrf";
import { path } from "nuages/urls";

const [port, database, mode] = process.argv.slice(2);
const connection = new Database(database, { timeout: 5000 });

/** Django's own table of users. */
class Users extends BaseUserManager {
  get({ pk, username }) {
    const [column, value] = pk === undefined ? ["username", username] : ["id", pk];
    const sql = `SELECT id AS pk, username, password, is_active FROM auth_user WHERE ${column} = ?`;
    const row = connection.prepare(sql).get(value);
    return row && new User({ ...row, is_active: row.is_active === 1 });
  }
}

class User extends AbstractBaseUser {
  static objects = new Users();

  save() {
    const sql = "UPDATE auth_user SET password = ? WHERE id = ?";
    connection.prepare(sql).run(this.password, this.pk);
  }
}

async function log_in(request) {
  const { username, password, cart } = request.POST.dict();
  const user = await aauthenticate(request, { username, password });
  if (!user) return new HttpResponse("no", { status: 403 });
  await alogin(request, user);
  request.session.set("cart", JSON.parse(cart));
  messages.success(request, `Welcome, ${user.username}`, { extra_tags: "from-nuages" });
  return new HttpResponse("in");
}

async function log_out(request) {
  await alogout(request);
  return new HttpResponse("out");
}

function state(request) {
  return new JsonResponse({
    user: String(request.user),
    cart: request.session.get("cart", null),
    messages: Array.from(messages.get_messages(request), (m) => [m.level, String(m), m.extra_tags]),
    seen: request.get_signed_cookie("seen", { default: null, salt: "interop" }),
    token: get_token(request),
  });
}

function mark(request) {
  const response = new HttpResponse("marked");
  response.set_signed_cookie("seen", request.POST.getitem("seen"), { salt: "interop" });
  messages.info(request, request.POST.getitem("seen"));
  return response;
}

async function hash(request) {
  return new HttpResponse(await make_password(request.POST.getitem("password")));
}

async function verify(request) {
  const { password, hash: encoded } = request.POST.dict();
  return new HttpResponse(String(await check_password(password, encoded)));
}

settings.configure({
  SECRET_KEY: "interop-secret-key-0123456789abcdef0123456789",
  ALLOWED_HOSTS: ["*"],
  USE_TZ: true,
  AUTH_USER_MODEL: User,
  SESSION_ENGINE:
    mode === "cookies" ? CookieStore : DBStore.using(new SqliteSessionRows(connection)),
  MIDDLEWARE: [
    SessionMiddleware,
    CsrfViewMiddleware,
    AuthenticationMiddleware,
    messages.MessageMiddleware,
  ],
  ROOT_URLCONF: {
    urlpatterns: [
      path("login", log_in),
      path("logout", log_out),
      path("state", state),
      path("mark", mark),
      path("hash", hash),
      path("verify", verify),
    ],
  },
});
createServer(get_node_application()).listen(Number(port), "127.0.0.1", () => console.log("ready"));
