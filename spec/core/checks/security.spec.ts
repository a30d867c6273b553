import { expect } from "chai";
import { describe, it } from "mocha";
import type { Settings } from "nuages/conf";
import { AuthenticationMiddleware, LoginRequiredMiddleware } from "nuages/contrib/auth/middleware";
import { SessionMiddleware } from "nuages/contrib/sessions";
import { run_checks } from "nuages/core/checks";
import { XFrameOptionsMiddleware } from "nuages/middleware/clickjacking";
import { ContentSecurityPolicyMiddleware } from "nuages/middleware/csp";
import { CsrfViewMiddleware } from "nuages/middleware/csrf";
import { SecurityMiddleware } from "nuages/middleware/security";
import { Nunjucks } from "nuages/template";
import { csp } from "nuages/template/context_processors";
import { CSP } from "nuages/utils/csp";
import { with_settings } from "../../support/settings.ts";

const GOOD_KEY = "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmn"; // 50 characters

/** Settings with which no check has anything to say. */
const GOOD: Partial<Settings> = {
  SECRET_KEY: GOOD_KEY,
  ALLOWED_HOSTS: ["a.example"],
  MIDDLEWARE: [SecurityMiddleware, SessionMiddleware, CsrfViewMiddleware, XFrameOptionsMiddleware],
  SECURE_HSTS_SECONDS: 3600,
  SECURE_HSTS_INCLUDE_SUBDOMAINS: true,
  SECURE_HSTS_PRELOAD: true,
  SECURE_SSL_REDIRECT: true,
  SESSION_COOKIE_SECURE: true,
  CSRF_COOKIE_SECURE: true,
  ROOT_URLCONF: [],
};

function ids(settings: Partial<Settings>, deploy = true): string {
  return with_settings({ ...GOOD, ...settings }, () =>
    run_checks({ include_deployment_checks: deploy })
      .map(({ id, level }) => `${id} ${level}`)
      .join(", "),
  );
}

/** A setting with a value that its type does not allow. */
function wrong(name: keyof Settings, value: unknown): Partial<Settings> {
  return { [name]: value };
}

describe("core/checks/security: before a deployment", () => {
  const without_security = { MIDDLEWARE: [CsrfViewMiddleware, XFrameOptionsMiddleware] };
  // The ids and levels are those that Django 6.1.3 gives.
  const found: [what: string, settings: Partial<Settings>, ids: string][] = [
    ["nothing of settings that are good", {}, ""],
    ["the middleware", { MIDDLEWARE: [] }, "security.W001 30, security.W002 30, security.W003 30"],
    [
      "of a missing SecurityMiddleware only that",
      {
        ...without_security,
        SECURE_HSTS_SECONDS: 0,
        SECURE_SSL_REDIRECT: false,
        SECURE_REFERRER_POLICY: "nope",
      },
      "security.W001 30",
    ],
    ["no HSTS", { SECURE_HSTS_SECONDS: 0, SECURE_HSTS_PRELOAD: false }, "security.W004 30"],
    ["HSTS without subdomains", { SECURE_HSTS_INCLUDE_SUBDOMAINS: false }, "security.W005 30"],
    ["a truth that is not true", wrong("SECURE_HSTS_INCLUDE_SUBDOMAINS", 1), "security.W005 30"],
    ["sniffing", { SECURE_CONTENT_TYPE_NOSNIFF: false }, "security.W006 30"],
    ["plain HTTP", { SECURE_SSL_REDIRECT: false }, "security.W008 30"],
    ["no key", { SECRET_KEY: "" }, "security.W009 30"],
    ["a key of 49 characters", { SECRET_KEY: GOOD_KEY.slice(1) }, "security.W009 30"],
    ["a key of four different characters", { SECRET_KEY: "abcd".repeat(20) }, "security.W009 30"],
    ["a key of startproject's", { SECRET_KEY: `django-insecure-${GOOD_KEY}` }, "security.W009 30"],
    ["not a key of bytes that is good", { SECRET_KEY: Buffer.from(GOOD_KEY) }, ""],
    ["a key of bytes that is weak", { SECRET_KEY: Buffer.alloc(60) }, "security.W009 30"],
    ["a session cookie on plain HTTP", { SESSION_COOKIE_SECURE: false }, "security.W011 30"],
    [
      "the same with the app only",
      {
        ...without_security,
        INSTALLED_APPS: ["django.contrib.sessions"],
        SESSION_COOKIE_SECURE: false,
      },
      "security.W001 30, security.W010 30",
    ],
    [
      "the same with both",
      { INSTALLED_APPS: ["/site/contrib/sessions"], SESSION_COOKIE_SECURE: false },
      "security.W012 30",
    ],
    ["a session cookie for scripts", { SESSION_COOKIE_HTTPONLY: false }, "security.W014 30"],
    [
      "that with the app only",
      {
        ...without_security,
        INSTALLED_APPS: ["django.contrib.sessions"],
        SESSION_COOKIE_HTTPONLY: false,
      },
      "security.W001 30, security.W013 30",
    ],
    [
      "that with both",
      { INSTALLED_APPS: ["django.contrib.sessions"], SESSION_COOKIE_HTTPONLY: false },
      "security.W015 30",
    ],
    ["a CSRF cookie on plain HTTP", { CSRF_COOKIE_SECURE: false }, "security.W016 30"],
    [
      "no CSRF cookie that is in the session",
      { CSRF_COOKIE_SECURE: false, CSRF_USE_SESSIONS: true },
      "",
    ],
    ["DEBUG", { DEBUG: true }, "security.W018 30"],
    ["frames of its own", { X_FRAME_OPTIONS: "SAMEORIGIN" }, "security.W019 30"],
    ["no hosts", { ALLOWED_HOSTS: [] }, "security.W020 30"],
    ["no preload", { SECURE_HSTS_PRELOAD: false }, "security.W021 30"],
    ["no referrer policy", { SECURE_REFERRER_POLICY: null }, "security.W022 30"],
    ["not several policies", { SECURE_REFERRER_POLICY: "origin, same-origin" }, ""],
    ["an unknown policy", { SECURE_REFERRER_POLICY: ["origin", "nope"] }, "security.E023 40"],
    ["an empty policy", { SECURE_REFERRER_POLICY: "" }, "security.E023 40"],
    [
      "an opener policy that Django does not know",
      { SECURE_CROSS_ORIGIN_OPENER_POLICY: "noopener-allow-popups" },
      "security.E024 40",
    ],
    ["not that there is none", { SECURE_CROSS_ORIGIN_OPENER_POLICY: null }, ""],
    [
      "each weak old key",
      { SECRET_KEY_FALLBACKS: ["x", GOOD_KEY, "y"] },
      "security.W025 30, security.W025 30",
    ],
  ];
  for (const [what, settings, expected] of found) {
    it(`tells ${what}: ${expected || "nothing"}`, () => {
      expect(ids(settings)).to.equal(expected);
    });
  }

  it("U7: gives one warning for each setting that is not fit for production", () => {
    const fresh = {
      SECRET_KEY: "django-insecure-x",
      DEBUG: true,
      ALLOWED_HOSTS: [],
      SECURE_HSTS_SECONDS: 0,
      SESSION_COOKIE_SECURE: false,
      CSRF_COOKIE_SECURE: false,
    };
    const numbers = ["W004", "W009", "W018", "W020", "W016", "W011"];
    expect(ids(fresh)).to.equal(numbers.map((number) => `security.${number} 30`).join(", "));
    expect(ids(fresh, false)).to.equal("");
  });

  it("names the index of a weak old key", () => {
    with_settings({ ...GOOD, SECRET_KEY_FALLBACKS: [GOOD_KEY, "x"] }, () => {
      const [message] = run_checks({ include_deployment_checks: true });
      expect(message?.msg).to.contain("SECRET_KEY_FALLBACKS[1]");
    });
  });

  it("does not say what the keys are", () => {
    const SECRET_KEY = "a weak secret";
    with_settings({ ...GOOD, SECRET_KEY, SECRET_KEY_FALLBACKS: [SECRET_KEY] }, () => {
      const text = run_checks({ include_deployment_checks: true }).map(String).join("\n");
      expect(text).to.contain("W025").and.not.to.contain(SECRET_KEY);
    });
  });
});

describe("core/checks/security: always", () => {
  const nonce = { "script-src": [CSP.SELF, CSP.NONCE] };
  const MIDDLEWARE = [ContentSecurityPolicyMiddleware];
  const engine = (context_processors: unknown[]): Partial<Settings> => ({
    TEMPLATES: [{ BACKEND: Nunjucks, OPTIONS: { context_processors } }],
  });
  const view = (_request: unknown, _options: unknown, _more: unknown): void => undefined;
  const found: [what: string, settings: Partial<Settings>, ids: string][] = [
    ["a policy that is a list", wrong("SECURE_CSP", ["x"]), "security.E026 40"],
    ["a policy that is text", wrong("SECURE_CSP_REPORT_ONLY", "x"), "security.E026 40"],
    ["not one that is null", wrong("SECURE_CSP", null), ""],
    ["a nonce for nobody", { MIDDLEWARE, SECURE_CSP: nonce }, "security.W027 30"],
    [
      "a nonce in text",
      { MIDDLEWARE, SECURE_CSP_REPORT_ONLY: { "script-src": `'self' ${CSP.NONCE}` } },
      "security.W027 30",
    ],
    [
      "a nonce with an engine that cannot print it",
      { MIDDLEWARE, SECURE_CSP: nonce, ...engine([]) },
      "security.W027 30",
    ],
    ["not one that templates print", { MIDDLEWARE, SECURE_CSP: nonce, ...engine([csp]) }, ""],
    ["not one that is not sent", { SECURE_CSP: nonce }, ""],
    ["not a policy without", { MIDDLEWARE, SECURE_CSP: { "script-src": [CSP.SELF] } }, ""],
    ["a failure view that asks for too much", { CSRF_FAILURE_VIEW: view }, "security.E101 40"],
    ["a failure view that is a class", { CSRF_FAILURE_VIEW: class Page {} }, "security.E101 40"],
    ["a failure view that is none", { CSRF_FAILURE_VIEW: "app.views.page" }, "security.E102 40"],
    ["not one that asks for less", { CSRF_FAILURE_VIEW: () => undefined }, ""],
    [
      "origins without a scheme, each",
      { CSRF_TRUSTED_ORIGINS: ["a.example", "https://b.example", "c.example"] },
      "4_0.E001 40, 4_0.E001 40",
    ],
    ["logins without users", { MIDDLEWARE: [LoginRequiredMiddleware] }, "auth.E013 40"],
    [
      "logins before users",
      { MIDDLEWARE: [LoginRequiredMiddleware, AuthenticationMiddleware] },
      "auth.E013 40",
    ],
    [
      "not logins after users, by subclasses",
      {
        MIDDLEWARE: [
          class Users extends AuthenticationMiddleware {},
          class Logins extends LoginRequiredMiddleware {},
        ],
      },
      "",
    ],
  ];
  for (const [what, settings, expected] of found) {
    it(`tells ${what}: ${expected || "nothing"}`, () => {
      expect(ids(settings, false)).to.equal(expected);
    });
  }
});
