/** Security of what is signed: for one use, with one key, in the form of Django. @module */
import { deflateSync } from "node:zlib";
import { expect } from "chai";
import { describe, it } from "mocha";
import { PasswordResetTokenGenerator } from "nuages/contrib/auth/tokens";
import { CookieStorage } from "nuages/contrib/messages/storage/cookie";
import { SessionStore } from "nuages/contrib/sessions/backends/signed_cookies";
import { ImproperlyConfigured, UnicodeEncodeError, ValueError } from "nuages/core/exceptions";
import { BaseHandler } from "nuages/core/handlers";
import {
  BadSignature,
  base64_hmac,
  dumps,
  get_cookie_signer,
  loads,
  Signer,
  TimestampSigner,
} from "nuages/core/signing";
import { HttpRequest, HttpResponse } from "nuages/http";
import { CsrfViewMiddleware } from "nuages/middleware/csrf";
import { RequestFactory } from "nuages/test";
import { site } from "../support/ask.ts";
import { run_alone } from "../support/child.ts";
import { logged, quiet } from "../support/log.ts";
import { with_settings } from "../support/settings.ts";
import { KEY, signed_cookie, with_cookies, with_django_key } from "../support/signed.ts";
import { User } from "../support/users.ts";

const SIGNATURE = "KMT2aVL87tfjYWrerrVVLz6htHxZHYMqlU5u2Nh5p_g"; // by Django, of "hello"

describe("security/signing: what is signed for one use", () => {
  with_django_key();
  quiet();
  const user = new User({ pk: 1, username: "ann", password: "x" });
  /** What is signed for each use, with one key, and whether that use takes a text for its own. */
  const uses: [
    name: string,
    make: () => string,
    accepts: (text: string) => boolean | Promise<boolean>,
  ][] = [
    ["Signer", () => new Signer().sign("v"), (text) => verifies(() => new Signer().unsign(text))],
    [
      "TimestampSigner",
      () => new TimestampSigner().sign("v"),
      (text) => verifies(() => new TimestampSigner().unsign(text)),
    ],
    ["dumps", () => dumps("v"), (text) => verifies(() => loads(text))],
    [
      "dumps with a salt",
      () => dumps("v", { salt: "s" }),
      (text) => verifies(() => loads(text, { salt: "s" })),
    ],
    [
      "a signed cookie",
      () => signed_cookie("a", "v"),
      (text) => verifies(() => with_cookies({ a: text }).get_signed_cookie("a")),
    ],
    [
      "another signed cookie",
      () => signed_cookie("b", "v"),
      (text) => verifies(() => with_cookies({ b: text }).get_signed_cookie("b")),
    ],
    [
      "a session in a cookie",
      () => {
        const session = new SessionStore();
        session.set("a", 1);
        session.save();
        return String(session.session_key);
      },
      (text) => new SessionStore(text).get("a") === 1,
    ],
    [
      "a session in a store",
      () => new SessionStore().encode({ a: 1 }),
      (text) => "a" in new SessionStore().decode(text),
    ],
    [
      "a message",
      () => {
        const storage = new CookieStorage(new HttpRequest());
        storage.add(20, "text");
        const response = new HttpResponse();
        storage.update(response);
        return String(response.cookies.getitem("messages").value);
      },
      (text) => [...new CookieStorage(with_cookies({ messages: text }))].length > 0,
    ],
    [
      "a password reset",
      () => new PasswordResetTokenGenerator().make_token(user),
      (text) => new PasswordResetTokenGenerator().check_token(user, text),
    ],
    ["a CSRF secret", () => "s".repeat(32), passes_csrf],
  ];
  for (const [name, make] of uses) {
    it(`G7: ${name} is taken for nothing else`, async () => {
      const text = make();
      const accepting: string[] = [];
      for (const [other, , accepts] of uses) if (await accepts(text)) accepting.push(other);
      expect(accepting).to.deep.equal([name]);
    });
  }
});

function verifies(unsign: () => unknown): boolean {
  try {
    unsign();
    return true;
  } catch (error) {
    if (error instanceof BadSignature) return false;
    throw error;
  }
}

async function passes_csrf(secret: string): Promise<boolean> {
  const settings = {
    MIDDLEWARE: [CsrfViewMiddleware],
    ROOT_URLCONF: site(() => new HttpResponse()),
  };
  let status = 0;
  await with_settings(settings, () =>
    logged(async () => {
      const request = new RequestFactory().post("/", {}, { HTTP_X_CSRFTOKEN: secret });
      request.COOKIES = { csrftoken: secret };
      status = (await new BaseHandler().get_response(request)).status_code;
    }),
  );
  return status === 200;
}

describe("security/signing: keys and algorithms", () => {
  with_django_key();
  it("G8: without a SECRET_KEY nothing is signed", () => {
    with_settings({ SECRET_KEY: "" }, () => {
      const signing = [
        () => new Signer(),
        () => new TimestampSigner(),
        () => dumps(1),
        () => get_cookie_signer(),
      ];
      for (const sign of signing) expect(sign).to.throw(ImproperlyConfigured, "SECRET_KEY");
    });
  });
  it("G8: former keys verify, and the first one alone signs", () => {
    const before = {
      signed: new TimestampSigner().sign("v"),
      cookie: signed_cookie("a", "v"),
      data: dumps("v"),
    };
    const read = (): unknown[] => [
      new TimestampSigner().unsign(before.signed),
      with_cookies({ a: before.cookie }).get_signed_cookie("a"),
      loads(before.data),
    ];
    with_settings({ SECRET_KEY: "new", SECRET_KEY_FALLBACKS: ["older", KEY] }, () => {
      expect(read()).to.deep.equal(["v", "v", "v"]);
      expect(new Signer().sign("v")).to.equal(new Signer({ key: "new" }).sign("v"));
    });
    with_settings({ SECRET_KEY: "new" }, () => expect(read).to.throw(BadSignature));
  });

  it("G9: nothing in a value chooses the algorithm, the key or the serializer", () => {
    const encode = (data: unknown): string =>
      Buffer.from(JSON.stringify(data)).toString("base64url");
    const header = encode({ alg: "none", kid: "", typ: "JWT" });
    for (const text of [
      `${header}.${encode({ admin: true })}.`,
      `${header}:${encode("v")}:`,
      `sha1:hello:${new Signer({ algorithm: "sha1" }).signature("hello")}`,
      new Signer({ algorithm: "sha1" }).sign("hello"),
      new Signer({ key: "none" }).sign("hello"),
    ]) {
      expect(() => new Signer().unsign(text)).to.throw(BadSignature);
      expect(() => loads(text)).to.throw(BadSignature);
    }
  });
  for (const algorithm of ["none", "HS256", "__proto__", "toString", "RSA-SHA256", "md5-none"]) {
    it(`G9: the algorithm ${algorithm} is an error of the program`, () => {
      expect(() => new Signer({ algorithm }).sign("v"))
        .to.throw(Error)
        .and.not.instanceOf(BadSignature);
      expect(() => base64_hmac("s", "v", "k", { algorithm })).to.throw(Error);
    });
  }

  for (const sep of ["-", "", "a", "Z", "0", "_", "=", "-_=", "\n"]) {
    it(`G15: ${JSON.stringify(sep)} is no separator`, () => {
      expect(() => new Signer({ sep })).to.throw(ValueError);
      expect(() => new TimestampSigner({ sep })).to.throw(ValueError);
    });
  }
});

describe("security/signing: signed data", () => {
  with_django_key();
  const rightly_signed = (text: string): string =>
    new TimestampSigner({ salt: "django.core.signing" }).sign(text);
  const packed = (bytes: Buffer): string => `.${deflateSync(bytes).toString("base64url")}`;

  it("G10: what is not signed is not unpacked, and what is signed only up to 10 MiB", async () => {
    const printed = await run_alone(`
      import { syncBuiltinESMExports } from "node:module";
      import zlib from "node:zlib";
      let inflated = 0;
      const { inflateSync } = zlib;
      zlib.inflateSync = (...args) => (inflated++, inflateSync(...args));
      syncBuiltinESMExports();
      const { settings } = await import("nuages/conf");
      const { loads, TimestampSigner } = await import("nuages/core/signing");
      settings.configure({ SECRET_KEY: "s".repeat(50) });

      const block = zlib.deflateRawSync(Buffer.alloc(1 << 20), { finishFlush: zlib.constants.Z_FULL_FLUSH });
      const gigabyte = Buffer.concat([Buffer.from([0x78, 0x9c]), ...Array(1024).fill(block)]);
      const text = "." + gigabyte.toString("base64url");
      const before = process.resourceUsage().maxRSS;
      const outcome = (text) => {
        try {
          loads(text);
        } catch (error) {
          return error.name;
        }
      };
      console.log(outcome(text + ":1r31eq:" + "A".repeat(43)), inflated);
      console.log(outcome(new TimestampSigner({ salt: "django.core.signing" }).sign(text)), inflated);
      console.log(process.resourceUsage().maxRSS - before < 64 * 1024);
    `);
    expect(printed).to.equal("BadSignature 0\nBadSignature 1\ntrue\n");
  }).timeout(20_000);
  it("G10: 10 MiB are unpacked", () => {
    const text = "x".repeat(10 * 1024 * 1024 - 2);
    expect(loads(rightly_signed(packed(Buffer.from(JSON.stringify(text)))))).to.equal(text);
  });

  it("G11: __proto__ is a key like any other", () => {
    const data = loads(
      rightly_signed(Buffer.from('{"__proto__": {"x": 1}}').toString("base64url")),
    );
    expect(Object.keys(data as object)).to.deep.equal(["__proto__"]);
    expect("x" in {}).to.equal(false);
  });
  const unreadable: [what: string, text: string][] = [
    ["no JSON", Buffer.from("{x").toString("base64url")],
    ["empty", ""],
    ["no UTF-8", Buffer.from([0xff, 0xfe]).toString("base64url")],
    ["not compressed", `.${Buffer.from("[1]").toString("base64url")}`],
    ["cut off", packed(Buffer.from('["x"]')).slice(0, -4)],
    ["compressed, and no JSON", packed(Buffer.from("{x"))],
    ["no base64", "A"],
  ];
  for (const [what, text] of unreadable) {
    it(`G11: what is signed and ${what} is a BadSignature`, () => {
      expect(() => loads(rightly_signed(text))).to.throw(BadSignature);
    });
  }

  it("G12: texts that would be the same bytes are refused, not signed alike", () => {
    expect(() => new Signer().sign("\ud800")).to.throw(UnicodeEncodeError);
    expect(() => new Signer().unsign(`\ud801:${SIGNATURE}`)).to.throw(UnicodeEncodeError);
    expect(() => new Signer({ key: "\ud800" }).sign("v")).to.throw(UnicodeEncodeError);
    expect(() => new Signer({ salt: "\ud800" }).sign("v")).to.throw(UnicodeEncodeError);
  });
});

describe("security/signing: between Django and here", () => {
  with_django_key();
  // by Django, at NOW: the signatures of Signer and TimestampSigner, dumps({ t }) and dumps([t], compress=True)
  const by_django: [
    what: string,
    text: string,
    signer: string,
    timestamp: string,
    data: string,
    compressed: string,
  ][] = [
    [
      "ASCII",
      "hello world",
      "BTUzWq5u12P1KOiFV8nIVj1tavvvgWuQNxdC8S3pmis",
      "me47UH5cW3GMQkhgVOMY9Ba0CnJF4dNWZbq4UvXdThw",
      "eyJ0IjoiaGVsbG8gd29ybGQifQ:1r31eq:leUiCgjxNslYzsMCOFimve2Bw273SA8wRsZicfQdxsI",
      "WyJoZWxsbyB3b3JsZCJd:1r31eq:zG7AbPOM5ChbCfb0ohwTjk5KcZc3dG03wjukidUPSMM",
    ],
    [
      "accents",
      "héllo wörld ß",
      "oGt1EGfEMXq7HSjWNQnUgqKkNNxTfRQsNSLaHkxU-3M",
      "ZkF-LyWj4UUz8cE_1Oyg6cIhGNjYm7Pem9XgvayIxKA",
      "eyJ0IjoiaFx1MDBlOWxsbyB3XHUwMGY2cmxkIFx1MDBkZiJ9:1r31eq:S3dABqd2dH7zKE-9r8gScR_TSThUuoVFH8OevCeNJHs",
      "WyJoXHUwMGU5bGxvIHdcdTAwZjZybGQgXHUwMGRmIl0:1r31eq:xq1QVjG8MV3rOuzhbpSzkCtOV60e_OgIvJ1fgZK3K_k",
    ],
    [
      "emoji",
      "\u{1f600} \u{1f469}\u200d\u{1f680}",
      "yvepI90klurmpW-gudwHguSKRkQbIIDbLMFQjhSouEY",
      "3kaWgbVNpx05JilU6S2sfD7zV5HcjX8x0YZvkHad6Xo",
      "eyJ0IjoiXHVkODNkXHVkZTAwIFx1ZDgzZFx1ZGM2OVx1MjAwZFx1ZDgzZFx1ZGU4MCJ9:1r31eq:3sqtOhhUnvRFMxxOKhHBD4Wz9qf7QnatK4cwBf3sGLc",
      ".eJyLVoopTbEwTgGSqQYGCnBOspllTKmRgUEKQtrCQCkWAGnlDvM:1r31eq:N9bfxNhonjQkZ5EKqSTBhJGvnytpsTGm-IGLkhP00CQ",
    ],
    [
      "14 KB",
      "x\u00e9\u{1f600}".repeat(2000),
      "a2S4OU_zXFIK1gEwo6dP5P_kYei-nzeaLqYmYL4ge8g",
      "0gybHZaIuuophifforYcVSjqccvNwNgxIRRbAoPgMC4",
      "wPoacFR4wsle6mNYipsLR2x_1Jm3GN8Cw8nhXxgvOkA", // the signature alone
      ".eJztyLENABAQAMBdTPCJhlnQMYLE-MygvuaKa-n0HbFq37Pk-VwRSimllFJKKaWUUkoppZRSSimllFJKKaWUUkoppZRSSimllFJKKaWUUkoppZRSSimllFJKKaWUUkoppZRSSimllFJKKaWUUkoppZRSSimllFJKKaWUUkoppZRSSqnPSuMClC7-3Q:1r31eq:s2IySR1CZV1QjaVBpnWJCqt1Dt2Nnx26jbnJZMCh5ko",
    ],
  ];
  for (const [what, text, signer, timestamp, data, compressed] of by_django) {
    it(`G16: ${what}: what is signed here is what Django signs, byte by byte`, () => {
      expect(new Signer().sign(text)).to.equal(`${text}:${signer}`);
      expect(new TimestampSigner().sign(text)).to.equal(`${text}:1r31eq:${timestamp}`);
      expect(dumps({ t: text }).endsWith(data)).to.equal(true);
    });
    it(`G16: ${what}: what Django signed is read here`, () => {
      expect(new Signer().unsign(`${text}:${signer}`)).to.equal(text);
      const signed = `${text}:1r31eq:${timestamp}`;
      expect(new TimestampSigner().unsign(signed, { max_age: 0 })).to.equal(text);
      if (data.includes(":")) expect(loads(data)).to.deep.equal({ t: text });
      expect(loads(compressed)).to.deep.equal([text]);
      expect(loads(dumps([text], { compress: true }))).to.deep.equal([text]);
    });
  }
});
