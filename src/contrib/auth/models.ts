/** `AnonymousUser`, and permissions of users (Django docs: Using the authentication system). @module */
import { NotImplementedError } from "../../core/exceptions.ts";
import type { RequestUser } from "../../http/request.ts";
import { define_repr } from "../../utils/_python.ts";
import { now } from "../../utils/_timezone.ts";
import {
  aall_permissions,
  aallows,
  aallows_all,
  aallows_module,
  all_permissions,
  allows,
  allows_all,
  allows_module,
} from "./_permissions.ts";
import type { AuthUser } from "./_types.ts";
import { AbstractBaseUser } from "./base_user.ts";

function no_record(method: string): NotImplementedError {
  return new NotImplementedError(`AnonymousUser is nobody in particular: it has no ${method}().`);
}

/** Who is not logged in. All of them are equal. */
export class AnonymousUser implements RequestUser {
  static {
    define_repr(this.prototype);
    const { prototype } = this;
    Object.assign(prototype, { id: null, pk: null, username: "" });
    Object.assign(prototype, { is_staff: false, is_active: false, is_superuser: false });
  }

  declare readonly id: null;
  declare readonly pk: null;
  declare readonly username: "";
  declare readonly is_staff: false;
  declare readonly is_active: false;
  declare readonly is_superuser: false;

  /** Always false. */
  get is_authenticated(): false {
    return false;
  }

  /** Always true. */
  get is_anonymous(): true {
    return true;
  }

  /** None. */
  get groups(): readonly never[] {
    return [];
  }

  /** None. */
  get user_permissions(): readonly never[] {
    return [];
  }

  get_username(): "" {
    return this.username;
  }

  /** What the backends allow anybody. */
  has_perm(perm: string, obj?: unknown): boolean {
    return allows(this, perm, obj);
  }

  async ahas_perm(perm: string, obj?: unknown): Promise<boolean> {
    return aallows(this, perm, obj);
  }

  /** @throws ValueError for a text in place of a list. */
  has_perms(perm_list: Iterable<string>, obj?: unknown): boolean {
    return allows_all(perm_list, (perm) => this.has_perm(perm, obj));
  }

  async ahas_perms(perm_list: Iterable<string>, obj?: unknown): Promise<boolean> {
    return aallows_all(perm_list, async (perm) => this.ahas_perm(perm, obj));
  }

  has_module_perms(module: string): boolean {
    return allows_module(this, module);
  }

  async ahas_module_perms(module: string): Promise<boolean> {
    return aallows_module(this, module);
  }

  get_user_permissions(obj?: unknown): Set<string> {
    return all_permissions(this, "get_user_permissions", obj);
  }

  async aget_user_permissions(obj?: unknown): Promise<Set<string>> {
    return aall_permissions(this, "aget_user_permissions", obj);
  }

  /** None. */
  get_group_permissions(_obj?: unknown): Set<string> {
    return new Set();
  }

  async aget_group_permissions(obj?: unknown): Promise<Set<string>> {
    return this.get_group_permissions(obj);
  }

  get_all_permissions(obj?: unknown): Set<string> {
    return all_permissions(this, "get_all_permissions", obj);
  }

  async aget_all_permissions(obj?: unknown): Promise<Set<string>> {
    return aall_permissions(this, "aget_all_permissions", obj);
  }

  /** @throws NotImplementedError always; so do the following. */
  save(): never {
    throw no_record("save");
  }

  delete(): never {
    throw no_record("delete");
  }

  set_password(_raw_password?: unknown): never {
    throw no_record("set_password");
  }

  check_password(_raw_password?: unknown): never {
    throw no_record("check_password");
  }

  /** @throws TypeError where a number is wanted: nobody has no key. */
  [Symbol.toPrimitive](hint: string): string {
    if (hint === "number")
      throw new TypeError("AnonymousUser is no number. Is a logged-in user wanted here?");
    return this.toString();
  }

  toString(): string {
    return "AnonymousUser";
  }
}

/** A user with permissions, which the backends tell; active superusers have all. */
export abstract class PermissionsMixin extends AbstractBaseUser {
  static {
    this.prototype.is_superuser = false;
  }

  /** Whether the user may do everything. */
  declare is_superuser: boolean;
  /** Groups, with the permissions of their members. */
  declare groups?: Iterable<{ readonly permissions: Iterable<string> }>;
  /** The user's own permissions, as `app.action`. */
  declare user_permissions?: Iterable<string>;

  get #is_free(): boolean {
    return this.is_active && this.is_superuser;
  }

  /** Whether the user may do that. */
  has_perm(perm: string, obj?: unknown): boolean {
    return this.#is_free || allows(this, perm, obj);
  }

  async ahas_perm(perm: string, obj?: unknown): Promise<boolean> {
    return this.#is_free || aallows(this, perm, obj);
  }

  /** Whether the user may do all of that. @throws ValueError for a text in place of a list. */
  has_perms(perm_list: Iterable<string>, obj?: unknown): boolean {
    return allows_all(perm_list, (perm) => this.has_perm(perm, obj));
  }

  async ahas_perms(perm_list: Iterable<string>, obj?: unknown): Promise<boolean> {
    return aallows_all(perm_list, async (perm) => this.ahas_perm(perm, obj));
  }

  /** Whether the user may do anything in that application. */
  has_module_perms(app_label: string): boolean {
    return this.#is_free || allows_module(this, app_label);
  }

  async ahas_module_perms(app_label: string): Promise<boolean> {
    return this.#is_free || aallows_module(this, app_label);
  }

  get_user_permissions(obj?: unknown): Set<string> {
    return all_permissions(this, "get_user_permissions", obj);
  }

  async aget_user_permissions(obj?: unknown): Promise<Set<string>> {
    return aall_permissions(this, "aget_user_permissions", obj);
  }

  get_group_permissions(obj?: unknown): Set<string> {
    return all_permissions(this, "get_group_permissions", obj);
  }

  async aget_group_permissions(obj?: unknown): Promise<Set<string>> {
    return aall_permissions(this, "aget_group_permissions", obj);
  }

  get_all_permissions(obj?: unknown): Set<string> {
    return all_permissions(this, "get_all_permissions", obj);
  }

  async aget_all_permissions(obj?: unknown): Promise<Set<string>> {
    return aall_permissions(this, "aget_all_permissions", obj);
  }
}

/** Notes the time of a login, and saves it. Called at every login of a user who has a `last_login`. */
export async function update_last_login(user: AuthUser): Promise<void> {
  user.last_login = now();
  const options = { update_fields: ["last_login"] };
  if (user.asave !== undefined) await user.asave(options);
  else await user.save?.(options);
}
