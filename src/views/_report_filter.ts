/** What an error report keeps to itself (Django docs: "Filtering error reports"). @module */
import { types } from "node:util";
import { settings } from "../conf/index.ts";
import type { HttpRequest } from "../http/request.ts";
import { define_repr } from "../utils/_python.ts";
import { MultiValueDict } from "../utils/datastructures.ts";

type Values = Record<string, unknown>;

/** Values further inside are not shown: the pages show four levels. */
const DEEPEST = 100;

/** A function among the settings: shown, never called. */
export class CallableSettingWrapper {
  readonly #wrapped: object;

  static {
    define_repr(this.prototype);
  }

  constructor(callable_setting: object) {
    this.#wrapped = callable_setting;
  }

  toString(): string {
    const name: unknown = Object.getOwnPropertyDescriptor(this.#wrapped, "name")?.value;
    const is_class = /^class\b/.test(Function.prototype.toString.call(this.#wrapped));
    return `<${is_class ? "class" : "function"} ${typeof name === "string" ? name : "<anonymous>"}>`;
  }
}

/** Replaces what is secret, by its name or because a decorator says so, with stars. */
export class SafeExceptionReporterFilter {
  /** What stands for a secret: twenty stars. */
  declare cleansed_substitute: string;
  /** The names of what is secret. The session cookie is too. */
  declare hidden_settings: RegExp;
  static {
    this.prototype.cleansed_substitute = "********************";
    this.prototype.hidden_settings = /API|AUTH|TOKEN|KEY|SECRET|PASS|SIGNATURE|HTTP_COOKIE/i;
  }

  /** The value, or stars in its place and in that of secrets inside it. */
  cleanse_setting(key: unknown, value: unknown): unknown {
    return this.#cleanse(key, value, []);
  }

  #cleanse(key: unknown, value: unknown, inside: readonly unknown[]): unknown {
    if (this.#is_secret(key)) return this.cleansed_substitute;
    if (typeof value === "function") return new CallableSettingWrapper(value);
    if (typeof value !== "object" || value === null || types.isProxy(value)) return value;
    if (inside.includes(value)) return "<circular>";
    if (inside.length > DEEPEST) return "<too deep>";
    const outer = [...inside, value];
    if (Array.isArray(value)) return value.map((item) => this.#cleanse("", item, outer));
    if (value instanceof Map)
      return new Map(
        Array.from(value, ([name, item]) => [name, this.#cleanse(name, item, outer)] as const),
      );
    return is_plain(value) ? this.#cleanse_members(value, outer) : value;
  }

  #cleanse_members(object: object, inside: readonly unknown[]): Values {
    const members = Object.entries(Object.getOwnPropertyDescriptors(object));
    const cleansed = members.map(([name, member]): [string, unknown] => {
      const value: unknown = "value" in member ? member.value : "<getter>"; // which is not run
      return [name, this.#cleanse(name, value, inside)];
    });
    return Object.fromEntries(cleansed); // which makes `__proto__` a key like any other
  }

  #is_secret(key: unknown): boolean {
    if (typeof key !== "string") return false;
    return key === settings.SESSION_COOKIE_NAME || this.hidden_settings.test(key);
  }

  /** All settings. */
  get_safe_settings(): Values {
    const safe: Values = {};
    for (const name of Object.keys(settings).toSorted())
      safe[name] = this.cleanse_setting(name, Reflect.get(settings, name));
    return safe;
  }

  /** The META of a request. */
  get_safe_request_meta(request: HttpRequest | null | undefined): Values {
    return this.#safe(request?.META);
  }

  /** The cookies of a request. */
  get_safe_cookies(request: HttpRequest | null | undefined): Values {
    return this.#safe(request?.COOKIES);
  }

  #safe(values: object | undefined): Values {
    const safe = Object.create(null) as Values;
    for (const [name, value] of Object.entries(values ?? {}))
      safe[name] = this.cleanse_setting(name, value);
    return safe;
  }

  /** Whether what decorators name is replaced: only while `DEBUG` is off. Override it to decide per request. */
  is_active(_request: HttpRequest | null | undefined): boolean {
    return !settings.DEBUG;
  }

  /** A form with stars for what `sensitive_post_parameters` names. */
  get_cleansed_multivaluedict(
    request: HttpRequest | null | undefined,
    multivaluedict: MultiValueDict<unknown>,
  ): MultiValueDict<unknown> {
    const sensitive = request?.sensitive_post_parameters ?? [];
    if (!this.is_active(request) || sensitive.length === 0) return multivaluedict;
    const names = sensitive === "__ALL__" ? [...multivaluedict.keys()] : sensitive;
    const cleansed = new MultiValueDict<unknown>(multivaluedict.lists());
    for (const name of names)
      if (cleansed.has(name)) cleansed.setlist(name, [this.cleansed_substitute]);
    return cleansed;
  }

  /** The form of a request with stars for what `sensitive_post_parameters` names. */
  get_post_parameters(request: HttpRequest | null | undefined): MultiValueDict<unknown> {
    return request ? this.get_cleansed_multivaluedict(request, request.POST) : new MultiValueDict();
  }

  /** A value, cleansed if it is a form. */
  cleanse_special_types(request: HttpRequest | null | undefined, value: unknown): unknown {
    return value instanceof MultiValueDict
      ? this.get_cleansed_multivaluedict(request, value)
      : value;
  }

  /** The variables of a call: JavaScript does not tell them. */
  get_traceback_frame_variables(
    _request: HttpRequest | null | undefined,
    _frame: unknown,
  ): [name: string, value: unknown][] {
    return [];
  }
}

function is_plain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
