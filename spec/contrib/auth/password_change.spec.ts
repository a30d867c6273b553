/** Changing a password, and what makes a good one. @module */
import { expect } from "chai";
import { beforeEach, describe, it } from "mocha";
import { SetPasswordForm } from "nuages/contrib/auth/forms";
import { AuthenticationMiddleware } from "nuages/contrib/auth/middleware";
import {
  MinimumLengthValidator,
  NumericPasswordValidator,
  password_validators_help_texts,
  type PasswordValidator,
  validate_password,
} from "nuages/contrib/auth/password_validation";
import * as auth_urls from "nuages/contrib/auth/urls";
import { SessionMiddleware } from "nuages/contrib/sessions";
import { SessionStore } from "nuages/contrib/sessions/backends/db";
import { ImproperlyConfigured, ValidationError, ValueError } from "nuages/core/exceptions";
import { HttpResponse, QueryDict } from "nuages/http";
import { Client } from "nuages/test";
import { include, path } from "nuages/urls";
import { MemoryRows } from "../../support/sessions.ts";
import { with_settings } from "../../support/settings.ts";
import { QuickHasher, site_with_users } from "../../support/users.ts";

const settings = {
  ROOT_URLCONF: {
    urlpatterns: [
      path("a/", include(auth_urls)),
      path("me/", (request) => new HttpResponse(request.user.get_username())),
    ],
  },
  MIDDLEWARE: [SessionMiddleware, AuthenticationMiddleware],
  SESSION_ENGINE: SessionStore.using(new MemoryRows({ waits: true })),
};

describe("contrib/auth/views: PasswordChangeView", () => {
  const site = site_with_users(settings);
  beforeEach(async () => site.user("ann").set_password("secret"));

  const client_of_ann = async (): Promise<Client> => {
    const client = new Client();
    await client.force_login(site.user("ann"));
    return client;
  };
  const fields = (old_password: string, one = "brand-new", two = one): Record<string, string> => ({
    old_password,
    new_password1: one,
    new_password2: two,
  });

  it("is for who is logged in", async () => {
    for (const url of ["/a/password_change/", "/a/password_change/done/"]) {
      const response = await new Client().get(url);
      expect([response.status_code, response.url]).to.deep.equal([
        302,
        `/accounts/login/?next=${url}`,
      ]);
    }
  });

  it("sets the new password; this session goes on, and the user's others end (P11)", async () => {
    const [client, other] = [await client_of_ann(), await client_of_ann()];
    expect((await client.get("/a/password_change/")).text).to.contain('name="old_password"');
    const response = await client.post("/a/password_change/", fields("secret"));
    expect([response.status_code, response.url]).to.deep.equal([302, "/a/password_change/done/"]);
    expect((await client.get(response.url)).text).to.contain("Password changed");
    expect(await site.user("ann").check_password("brand-new")).to.equal(true);
    expect((await client.get("/me/")).text).to.equal("ann");
    expect((await other.get("/me/")).text).to.equal("");
  });

  const wrong: [what: string, given: Record<string, string>, errors: string[], runs: number][] = [
    ["a wrong old password", fields("wrong"), ["This is not your password."], 1],
    [
      "another repetition",
      fields("secret", "brand-new", "brand-old"),
      ["This is not the same password"],
      1,
    ],
    ["nothing", {}, ["Please fill in this field."], 0],
    ["too much (P4)", fields("x".repeat(4097), "y".repeat(4097)), ["At most 4096"], 0],
  ];
  for (const [what, given, errors, runs] of wrong) {
    it(`asks again for ${what}`, async () => {
      const client = await client_of_ann();
      const before = QuickHasher.runs;
      const response = await client.post("/a/password_change/", given);
      expect(response.status_code).to.equal(200);
      for (const error of errors) expect(response.text).to.contain(error);
      expect(response.text).to.not.contain("brand-");
      expect(QuickHasher.runs - before).to.equal(runs);
      expect(await site.user("ann").check_password("secret")).to.equal(true);
    });
  }
});

describe("contrib/auth/forms: SetPasswordForm", () => {
  const site = site_with_users();
  const data = new QueryDict("new_password1=1234567&new_password2=1234567");

  it("asks the validators of the site, and tells them", async () => {
    const told: unknown[] = [];
    class Own implements PasswordValidator {
      readonly word: unknown;
      constructor(options: Record<string, unknown>) {
        this.word = options["word"];
      }
      async validate(password: string, user: unknown): Promise<void> {
        told.push(this.word, password, user);
      }
      password_changed(password: string): void {
        told.push(`changed to ${password}`);
      }
    }
    const AUTH_PASSWORD_VALIDATORS = [
      { NAME: MinimumLengthValidator },
      { NAME: NumericPasswordValidator },
      { NAME: Own, OPTIONS: { word: "hi" } },
    ];
    await with_settings({ AUTH_PASSWORD_VALIDATORS }, async () => {
      const form = new SetPasswordForm(site.user("ann"), { data });
      expect(await form.is_valid()).to.equal(false);
      expect(form.errors).to.deep.equal({
        new_password2: ["At least 8 characters, please.", "Not only digits, please."],
      });
      expect(told).to.deep.equal(["hi", "1234567", site.user("ann")]);
      const good = new QueryDict("new_password1=correct horse&new_password2=correct horse");
      const valid = new SetPasswordForm(site.user("ann"), { data: good });
      expect(await valid.is_valid()).to.equal(true);
      await valid.save();
      expect(told.at(-1)).to.equal("changed to correct horse");
      expect(password_validators_help_texts()).to.deep.equal([
        "It has at least 8 characters.",
        "It is not all digits.",
      ]);
    });
  });

  it("can leave the saving to others", async () => {
    const saved: string[] = [];
    const user = Object.assign(Object.create(site.user("bob")) as ReturnType<typeof site.user>, {
      asave: async () => void saved.push("saved"),
    });
    const form = new SetPasswordForm(user, { data });
    await form.is_valid();
    await form.save({ commit: false });
    expect([await user.check_password("1234567"), saved]).to.deep.equal([true, []]);
    await form.save();
    expect(saved).to.deep.equal(["saved"]);
  });

  it("names what a user lacks, and refuses to save what is not valid", async () => {
    const bare = { is_authenticated: true, is_anonymous: false, get_username: () => "x" };
    const form = new SetPasswordForm(bare, { data });
    await form.is_valid();
    const error = await form.save().catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(ImproperlyConfigured);
    expect(String(error)).to.contain("set_password");
    const unbound = new SetPasswordForm(site.user("ann"));
    expect(await unbound.is_valid()).to.equal(false);
    expect(await unbound.save().catch((thrown: unknown) => thrown)).to.be.instanceOf(ValueError);
  });
});

describe("contrib/auth/password_validation", () => {
  const verdicts: [password: string, min_length: number | undefined, codes: string[]][] = [
    ["12345678", undefined, ["password_entirely_numeric"]],
    ["\u0661\u0662", 2, ["password_entirely_numeric"]],
    ["abc", undefined, ["password_too_short"]],
    ["\u{1f329}".repeat(4), 5, ["password_too_short"]],
    ["abc-1234", undefined, []],
  ];
  for (const [password, min_length, codes] of verdicts) {
    it(`finds ${codes.join(", ") || "nothing"} in ${password}`, async () => {
      const password_validators = [
        new MinimumLengthValidator({ min_length }),
        new NumericPasswordValidator(),
      ];
      const error = await validate_password(password, { password_validators }).catch(
        (thrown: unknown) => thrown,
      );
      const found = error instanceof ValidationError ? (error.error_list ?? []) : [];
      expect(found.map(({ code }) => code)).to.deep.equal(codes);
    });
  }

  it("refuses an entry that names no class", async () => {
    for (const entry of [null, { NAME: "path.to.Validator" }]) {
      const error = await with_settings({ AUTH_PASSWORD_VALIDATORS: [entry] }, async () =>
        validate_password("x").catch((thrown: unknown) => thrown),
      );
      expect(error).to.be.instanceOf(ImproperlyConfigured);
    }
  });
});
