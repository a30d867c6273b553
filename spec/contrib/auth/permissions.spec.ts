/** Specification of nuages/contrib/auth: permissions, and nobody, who has none. @module */
import { expect } from "chai";
import { describe, it } from "mocha";
import { BaseBackend, ModelBackend } from "nuages/contrib/auth/backends";
import { auth, PermLookupDict, PermWrapper } from "nuages/contrib/auth/context_processors";
import { AnonymousUser } from "nuages/contrib/auth/models";
import { NotImplementedError, PermissionDenied, ValueError } from "nuages/core/exceptions";
import type { RequestUser } from "nuages/http/request";
import { RequestFactory } from "nuages/test";
import { with_settings } from "../../support/settings.ts";
import { site_with_users } from "../../support/users.ts";

describe("contrib/auth: permissions", () => {
  const { user } = site_with_users();

  it("are those of the user and of their groups", () => {
    const bob = user("bob");
    bob.groups = [{ permissions: ["news.read"] }];
    const asked = ["polls.vote", "news.read", "news.write"];
    expect(asked.map((perm) => bob.has_perm(perm))).to.deep.equal([true, true, false]);
    expect([bob.has_module_perms("news"), bob.has_module_perms("shop")]).to.deep.equal([
      true,
      false,
    ]);
    expect([...bob.get_all_permissions()]).to.deep.equal(["polls.vote", "news.read"]);
    expect([...bob.get_user_permissions()]).to.deep.equal(["polls.vote"]);
    expect([...bob.get_group_permissions()]).to.deep.equal(["news.read"]);
    expect(bob.has_perms(["polls.vote", "news.read"])).to.equal(true);
    expect(bob.has_perm("polls.vote", {})).to.equal(false);
  });

  it("are the same for who waits", async () => {
    const bob = user("bob");
    expect(await bob.ahas_perm("polls.vote")).to.equal(true);
    expect(await bob.ahas_perms(["polls.vote", "polls.count"])).to.equal(false);
    expect(await bob.ahas_module_perms("polls")).to.equal(true);
    expect([...(await bob.aget_all_permissions())]).to.include("polls.vote");
    expect([...(await bob.aget_user_permissions())]).to.deep.equal(["polls.vote"]);
    expect([...(await bob.aget_group_permissions())]).to.deep.equal(["news.read"]);
  });

  it("are all for an active superuser, and none for one who is not active", () => {
    const una = user("una");
    una.is_superuser = true;
    expect([una.has_perm("x.y"), una.has_module_perms("x")]).to.deep.equal([true, true]);
    una.is_active = false;
    expect([una.has_perm("x.y"), una.has_module_perms("x")]).to.deep.equal([false, false]);
  });

  it("are asked for as a list", async () => {
    expect(() => user("bob").has_perms("polls.vote")).to.throw(ValueError);
    const failing = new AnonymousUser().ahas_perms("polls.vote");
    expect(await failing.catch((error: unknown) => error)).to.be.instanceOf(ValueError);
  });

  it("may be given to anybody, or forbidden, by a backend", async () => {
    class Generous extends BaseBackend {
      override get_all_permissions(): Set<string> {
        return new Set(["news.read"]);
      }
      override has_perm(who: RequestUser, perm: string): boolean {
        if (perm === "news.burn") throw new PermissionDenied();
        return super.has_perm(who, perm);
      }
    }
    const nobody = new AnonymousUser();
    await with_settings({ AUTHENTICATION_BACKENDS: [Generous, ModelBackend] }, async () => {
      expect([nobody.has_perm("news.read"), nobody.has_perm("news.burn")]).to.deep.equal([
        true,
        false,
      ]);
      expect([...nobody.get_all_permissions()]).to.deep.equal(["news.read"]);
      expect(await nobody.ahas_perm("news.read")).to.equal(true);
    });
    class Distant extends ModelBackend {
      override async aget_user_permissions(): Promise<Set<string>> {
        return new Set(["news.read"]);
      }
    }
    await with_settings({ AUTHENTICATION_BACKENDS: [Distant] }, async () => {
      const bob = user("bob");
      expect([await bob.ahas_perm("news.read"), await nobody.ahas_perm("news.read")]).to.deep.equal(
        [true, false],
      );
      expect([
        await bob.ahas_module_perms("news"),
        await bob.ahas_module_perms("shop"),
      ]).to.deep.equal([true, false]);
    });
    expect(nobody.has_module_perms("news")).to.equal(false);
  });

  it("are looked up by templates as perms.app.action", () => {
    const perms = new PermWrapper(user("bob"));
    expect(perms.getitem("polls").getitem("vote")).to.equal(true);
    expect(
      ["polls.vote", "polls", "shop", "shop.buy"].map((name) => perms.has(name)),
    ).to.deep.equal([true, true, false, false]);
    expect(() => [...(perms as unknown as Iterable<string>)]).to.throw(TypeError);
    expect(() => [
      ...(new PermLookupDict(user("bob"), "a") as unknown as Iterable<string>),
    ]).to.throw(TypeError);
  });

  it("and the user are given to templates without being looked for", () => {
    const request = new RequestFactory().get("/");
    expect(auth(request).user.is_anonymous).to.equal(true);
    let looked = 0;
    request._find_user = () => ((looked += 1), user("bob"));
    const context = auth(request);
    expect(looked).to.equal(0);
    expect([context.user.get_username(), context.perms.has("polls.vote"), looked]).to.deep.equal([
      "bob",
      true,
      1,
    ]);
  });
});

describe("contrib/auth: AnonymousUser", () => {
  const nobody = new AnonymousUser();

  it("is nobody, and equal to every other", () => {
    expect(nobody).to.deep.equal(new AnonymousUser());
    expect([
      nobody.id,
      nobody.pk,
      nobody.username,
      nobody.is_active,
      nobody.is_staff,
    ]).to.deep.equal([null, null, "", false, false]);
    expect(String(nobody)).to.equal("AnonymousUser");
    expect([[...nobody.groups], [...nobody.user_permissions]]).to.deep.equal([[], []]);
  });

  it("is no number, and is kept nowhere", () => {
    expect(() => Number(nobody)).to.throw(TypeError);
    for (const act of [nobody.save, nobody.delete, nobody.set_password, nobody.check_password])
      expect(() => act()).to.throw(NotImplementedError);
  });
});
