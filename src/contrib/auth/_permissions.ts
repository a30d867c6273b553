/** What the backends together allow a user. @module */
import { PermissionDenied, ValueError } from "../../core/exceptions.ts";
import type { RequestUser } from "../../http/request.ts";
import { repr } from "../../utils/_python.ts";
import { get_backends } from "./_backends.ts";
import type { AuthBackend } from "./_types.ts";

/** Whether one of the backends says yes, before one forbids it. */
function first_answer(ask: (backend: AuthBackend) => boolean | undefined): boolean {
  try {
    return get_backends().some((backend) => ask(backend) === true);
  } catch (error) {
    if (error instanceof PermissionDenied) return false;
    throw error;
  }
}

async function afirst_answer(
  ask: (backend: AuthBackend) => Promise<boolean> | boolean | undefined,
): Promise<boolean> {
  try {
    for (const backend of get_backends()) if ((await ask(backend)) === true) return true;
    return false;
  } catch (error) {
    if (error instanceof PermissionDenied) return false;
    throw error;
  }
}

/** Whether a backend allows the user that, before one forbids it with `PermissionDenied`. */
export function allows(user: RequestUser, perm: string, obj: unknown): boolean {
  return first_answer((backend) => backend.has_perm?.(user, perm, obj));
}

/** `allows`, with the a-form of each backend that has one. */
export async function aallows(user: RequestUser, perm: string, obj: unknown): Promise<boolean> {
  return afirst_answer((backend) =>
    backend.ahas_perm === undefined
      ? backend.has_perm?.(user, perm, obj)
      : backend.ahas_perm(user, perm, obj),
  );
}

/** Whether a backend allows the user anything in the application. */
export function allows_module(user: RequestUser, app_label: string): boolean {
  return first_answer((backend) => backend.has_module_perms?.(user, app_label));
}

/** `allows_module`, with the a-form of each backend that has one. */
export async function aallows_module(user: RequestUser, app_label: string): Promise<boolean> {
  return afirst_answer((backend) =>
    backend.ahas_module_perms === undefined
      ? backend.has_module_perms?.(user, app_label)
      : backend.ahas_module_perms(user, app_label),
  );
}

/** @throws ValueError for a text: that would ask for each of its letters. */
function list_of(perm_list: unknown): string[] {
  if (typeof perm_list === "object" && perm_list !== null && Symbol.iterator in perm_list)
    return [...(perm_list as Iterable<string>)]; // permissions are texts
  throw new ValueError(`Permissions are given as a list, not as ${repr(perm_list)}.`);
}

/** Whether each permission of the list is allowed. @throws ValueError for a text in place of a list. */
export function allows_all(perms: Iterable<string>, allowed: (perm: string) => boolean): boolean {
  return list_of(perms).every(allowed);
}

/** `allows_all` for answers to wait for; none is asked after the first refusal. */
export async function aallows_all(
  perms: Iterable<string>,
  allowed: (perm: string) => Promise<boolean>,
): Promise<boolean> {
  for (const perm of list_of(perms)) if (!(await allowed(perm))) return false;
  return true;
}

type Getter = "get_user_permissions" | "get_group_permissions" | "get_all_permissions";

/** The permissions that all backends together give the user. */
export function all_permissions(user: RequestUser, getter: Getter, obj: unknown): Set<string> {
  return new Set(get_backends().flatMap((backend) => [...(backend[getter]?.(user, obj) ?? [])]));
}

/** `all_permissions`, from the a-forms of the backends. */
export async function aall_permissions(
  user: RequestUser,
  getter: `a${Getter}`,
  obj: unknown,
): Promise<Set<string>> {
  const all = new Set<string>();
  for (const backend of get_backends())
    for (const perm of (await backend[getter]?.(user, obj)) ?? []) all.add(perm);
  return all;
}
