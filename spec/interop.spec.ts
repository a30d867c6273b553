/** Specification of what a site shares with a Django beside it: what Django wrote goes through the whole chain here. @module */
import { expect } from "chai";
import Database from "libsql";
import { after, before, describe, it } from "mocha";
import type { Settings } from "nuages/conf";
import { AbstractBaseUser, BaseUserManager, type UserLookup } from "nuages/contrib/auth/base_user";
import { make_password, verify_password } from "nuages/contrib/auth/hashers";
import { AuthenticationMiddleware } from "nuages/contrib/auth/middleware";
import { get_messages, MessageMiddleware } from "nuages/contrib/messages";
import { CookieStorage } from "nuages/contrib/messages/storage/cookie";
import { SessionMiddleware } from "nuages/contrib/sessions";
import { SessionStore as DBStore } from "nuages/contrib/sessions/backends/db";
import { SessionStore as CookieStore } from "nuages/contrib/sessions/backends/signed_cookies";
import { type SqliteConnection, SqliteSessionRows } from "nuages/contrib/sessions/rows";
import { type HttpRequest, JsonResponse } from "nuages/http";
import { CsrfViewMiddleware, get_token } from "nuages/middleware/csrf";
import { freeze } from "../src/utils/_clock.ts";
import { type Answer, ask } from "./support/ask.ts";

// Written by Django 6.1.3 with this key, the clock stopped at this second.
const SECRET_KEY = "conformance-secret-key-0123456789abcdef";
const NOW = 1_700_000_000;
const PASSWORD = "lètmein";
const HASH = "pbkdf2_sha256$1000$seasalt$JgZryXe2Ga8ysg6XbzkLpTdyPQrHqsinbL9BnnhgX4A=";
const BODY =
  ".eJxVjM0OgjAQhN9lz6TZlkILR-8-gZpmt9sKaiDh52R8dyHhoLfJzDffGwKtSxfWOU2hF2hBQ_HbMcVnGvZBHjTcRxXHYZl6VjuijnVW51HS63Swf4KO5m57l85l7yxlrBzGWmcqxRNFqS1q0TpzlXzy4q0xDduYzBYsmqop2TLjJo00LdBedAHXFTE1cPt8AW0CPQ0:1r31eq:";
const SESSION = `sessionid=${BODY}rUl4FpNsX5uxzyff9v93F9MASWQAkncDVwr4XakZ7tA`;
const ROW = `${BODY}dC69TFj8QuIuTucyo3YanfkznItAqUjueHylq2oN4Ow`;
const MESSAGES =
  "messages=W1siX19qc29uX21lc3NhZ2UiLDAsMjAsIldlbGNvbWUsIGFkYSIsIiJdXQ:1r31eq:Gzf8xRf2H9LJ2wSZvhmu2Ec5KSgtrydeV-VwOFGxdBo";
const SEEN = 'seen="\\351\\073 x:1r31eq:u-x_3W_7-4rZ83yoFgitDT9gOqMmf2E_ST7dA1uMCls"';
const CSRF_COOKIE = "csrftoken=kYd2qGe08NQtFehbHMJTCi2FUuq7JLil";
const CSRF_TOKEN = "W6upx0MrkcmB9NhbE6SzqaTNYbedRYse6UxhNwQhiP2UERocbIriSiLiIvuaqzAp";

/** The users of Django's database. */
class Users extends BaseUserManager<User> {
  override get({ pk, username }: UserLookup): User | undefined {
    const ada = new User({ pk: 1, username: "ada", password: HASH });
    return pk === ada.pk || username === ada.username ? ada : undefined;
  }
}

class User extends AbstractBaseUser {
  static readonly objects: Users = new Users();
  declare readonly pk: number;
  declare readonly username: string;
}

const SITE: Partial<Settings> = {
  SECRET_KEY,
  AUTH_USER_MODEL: User,
  SESSION_ENGINE: CookieStore,
  MESSAGE_STORAGE: CookieStorage,
  MIDDLEWARE: [SessionMiddleware, CsrfViewMiddleware, AuthenticationMiddleware, MessageMiddleware],
};

/** What the site makes of those cookies: the user, the session, the messages, the signed cookie. */
async function answer(
  cookies: readonly string[],
  settings: Partial<Settings> = {},
  init: { method?: string; headers?: Record<string, string> } = {},
): Promise<Answer & { data: Record<string, unknown> }> {
  const seen_by = (request: HttpRequest): unknown => ({
    user: String(request.user),
    cart: request.session.get("cart"),
    messages: Array.from(get_messages(request), String),
    seen: request.get_signed_cookie("seen", { salt: "pepper", default: null }),
    token: get_token(request),
  });
  const request = new Request("http://testserver/", {
    ...init,
    headers: { Cookie: cookies.join("; "), ...init.headers },
  });
  const got = await ask(
    (asked) => new JsonResponse(seen_by(asked)),
    { ...SITE, ...settings },
    request,
  );
  const data = got.status === 200 ? (JSON.parse(got.text) as Record<string, unknown>) : {};
  return { ...got, data };
}

describe("interop: a Django with the same SECRET_KEY", () => {
  before(() => freeze(NOW + 60));
  after(() => freeze(undefined));

  it("has logged the user in, in a signed cookie", async () => {
    const { data } = await answer([SESSION]);
    expect(data).to.include({ user: "ada" });
    expect(data.cart).to.deep.equal([1, "é"]);
  });

  it("has logged the user in, in a row of django_session", async () => {
    const connection = new Database(":memory:");
    const rows = new SqliteSessionRows(connection as SqliteConnection); // the API of better-sqlite3
    rows.create_table();
    const key = "abcdefghijklmnopqrstuvwxyz012345";
    connection.exec(
      `INSERT INTO django_session VALUES ('${key}', '${ROW}', '2023-11-28 22:13:20.000000')`,
    );
    const { data } = await answer([`sessionid=${key}`], { SESSION_ENGINE: DBStore.using(rows) });
    expect(data).to.include({ user: "ada" });
    connection.close();
  });

  it("has left a message, which is shown once", async () => {
    const { data, headers } = await answer([MESSAGES]);
    expect(data.messages).to.deep.equal(["Welcome, ada"]);
    expect(headers.getSetCookie().join()).to.match(/messages="";.*Max-Age=0/);
  });

  it("has signed a cookie", async () => {
    expect((await answer([SEEN])).data).to.include({ seen: "é; x" });
  });

  const tokens: [given: string, token: string, status: number][] = [
    ["the token of its form", CSRF_TOKEN, 200],
    ["the secret itself", "kYd2qGe08NQtFehbHMJTCi2FUuq7JLil", 200],
    ["another token", CSRF_TOKEN.replace("W", "X"), 403],
  ];
  for (const [given, token, status] of tokens) {
    it(`answers ${status} to a POST with its CSRF cookie and ${given}`, async () => {
      const posted = { method: "POST", headers: { "X-CSRFToken": token } };
      expect((await answer([CSRF_COOKIE], {}, posted)).status).to.equal(status);
    });
  }

  it("has hashed a password, and reads what is hashed here", async () => {
    expect(await verify_password(PASSWORD, HASH)).to.deep.equal([true, true]);
    expect(await make_password(PASSWORD, { salt: "seasalt" })).to.match(
      /^pbkdf2_sha256\$1500000\$seasalt\$[\w+/]{43}=$/,
    );
  });

  it("has logged nobody in with a key of its own, or too long ago", async () => {
    const other = await answer([SESSION, MESSAGES, SEEN], { SECRET_KEY: `${SECRET_KEY}!` });
    expect(other.data).to.include({ user: "AnonymousUser", seen: null });
    expect(other.data.messages).to.deep.equal([]);
    freeze(NOW + 1_209_601);
    expect((await answer([SESSION])).data).to.include({ user: "AnonymousUser" });
    freeze(NOW + 60);
  });

  it("has logged nobody in with a key that was replaced, unless it is a fallback", async () => {
    const { data } = await answer([SESSION], {
      SECRET_KEY: "new",
      SECRET_KEY_FALLBACKS: [SECRET_KEY],
    });
    expect(data).to.include({ user: "ada" });
  });
});
