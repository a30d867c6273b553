/** The users of the site: `AUTH_USER_MODEL`. @module */
import { settings } from "../../conf/index.ts";
import {
  ImproperlyConfigured,
  ObjectDoesNotExist,
  SynchronousOnlyOperation,
} from "../../core/exceptions.ts";
import { repr, str } from "../../utils/_python.ts";
import { check_password_with_timing_attack_mitigation } from "./_timing.ts";
import { BaseUserManager } from "./base_user.ts";
import { is_password_usable } from "./hashers.ts";
import type { AuthUser, FoundUser, UserLookup, UserManager, UserModel } from "./_types.ts";

/**
 * What `AUTH_USER_MODEL` is.
 * @throws ImproperlyConfigured if it was not set, or has no `objects`.
 */
export function get_user_model(): UserModel {
  const model = configured();
  if (is_model(model)) return model;
  throw new ImproperlyConfigured(
    `AUTH_USER_MODEL is ${repr(model)}. It must be a class of users, or an object, with the store of its users as "objects".`,
  );
}

function configured(): unknown {
  return "AUTH_USER_MODEL" in settings ? settings.AUTH_USER_MODEL : undefined;
}

function is_model(model: unknown): model is UserModel {
  return (
    ((typeof model === "object" && model !== null) || typeof model === "function") &&
    "objects" in model &&
    typeof model.objects === "object"
  );
}

/** The attribute to log in with. */
export function username_field(): string {
  return get_user_model().USERNAME_FIELD ?? "username";
}

/** The key of a user out of a session. */
export function pk_in(text: string): unknown {
  const model = get_user_model();
  if (model.pk_to_python !== undefined) return model.pk_to_python(text);
  const number = Number(text);
  return Number.isSafeInteger(number) && String(number) === text ? number : text;
}

/** Whether there are users, and they have to be waited for. */
export function manager_waits(): boolean {
  const model = configured();
  return is_model(model) && !has_own_get(model.objects);
}

function has_own_get(manager: UserManager): boolean {
  return manager.get !== undefined && manager.get !== BaseUserManager.prototype.get;
}

/** The user of that key. @throws SynchronousOnlyOperation if the store has to be waited for. */
export function find_now(lookup: UserLookup): AuthUser | undefined {
  const { objects } = get_user_model();
  if (!has_own_get(objects) || objects.get === undefined)
    throw new SynchronousOnlyOperation(
      "The users have to be waited for: use await request.auser(), or put AuthenticationMiddleware in MIDDLEWARE, which loads the user before the view.",
    );
  try {
    return objects.get(lookup) ?? undefined;
  } catch (error) {
    return nobody(error);
  }
}

/** The user of that key. */
export async function find(lookup: UserLookup): Promise<AuthUser | undefined> {
  const { objects } = get_user_model();
  return found(() => (objects.aget === undefined ? objects.get?.(lookup) : objects.aget(lookup)));
}

/** The user of that name. */
export async function find_by_name(username: string): Promise<AuthUser | undefined> {
  const { objects } = get_user_model();
  if (objects.aget_by_natural_key !== undefined)
    return found(() => objects.aget_by_natural_key?.(username));
  if (objects.get_by_natural_key !== undefined)
    return found(() => objects.get_by_natural_key?.(username));
  return find({ [username_field()]: username });
}

/** The users with that address, and perhaps others. @throws ImproperlyConfigured if the store cannot look for it. */
export async function users_with_email(email: string): Promise<AuthUser[]> {
  const { objects } = get_user_model();
  if (objects.filter_by_email === undefined)
    throw new ImproperlyConfigured(
      "Resetting a password needs the users with an address: give the store of AUTH_USER_MODEL, its objects, a method filter_by_email(email).",
    );
  return Array.from(await objects.filter_by_email(email));
}

/** The address of a user, under the name that the class of users has for it; `""`: there is none. */
export function email_of(user: AuthUser): string {
  const { get_email_field_name } = user.constructor as { get_email_field_name?(): string }; // a class may have it
  const field =
    get_email_field_name === undefined
      ? "email"
      : Reflect.apply(get_email_field_name, user.constructor, []);
  return str(Reflect.get(user, field) || "");
}

/** Whether a password of the user's own can be right. */
export function has_usable_password(user: AuthUser): boolean {
  return user.has_usable_password?.() ?? is_password_usable(user.password);
}

/** Whether it is the user's password. */
export async function is_password_of(user: AuthUser, raw_password: string): Promise<boolean> {
  return (await check_password_with_timing_attack_mitigation(user, raw_password)) ?? false;
}

/** Gives the user another password, unsaved. @throws ImproperlyConfigured for users who can have none. */
export async function set_password_of(user: AuthUser, raw_password: string | null): Promise<void> {
  if (user.set_password === undefined)
    throw new ImproperlyConfigured(
      `${repr(user)} has no set_password(): derive the class of users from AbstractBaseUser, or write the method.`,
    );
  await user.set_password(raw_password);
}

/** Stores the user. */
export async function save_user(user: AuthUser): Promise<void> {
  if (user.asave !== undefined) await user.asave();
  else await user.save?.();
}

async function found(
  ask: () => FoundUser<AuthUser> | Promise<FoundUser<AuthUser>>,
): Promise<AuthUser | undefined> {
  try {
    return (await ask()) ?? undefined;
  } catch (error) {
    return nobody(error);
  }
}

function nobody(error: unknown): undefined {
  if (error instanceof ObjectDoesNotExist) return undefined;
  throw error;
}
