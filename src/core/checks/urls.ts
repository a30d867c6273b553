/** Checks of the URLconf (Django docs: System check framework, "URLs"). @module */
import { settings } from "../../conf/index.ts";
import { given_handler } from "../../urls/_error_handlers.ts";
import type { Pattern } from "../../urls/_types.ts";
import { RegexPattern } from "../../urls/_regex_pattern.ts";
import { RoutePattern } from "../../urls/_route_pattern.ts";
import { URLPattern } from "../../urls/_url_pattern.ts";
import { get_resolver, URLResolver } from "../../urls/_url_resolver.ts";
import { repr } from "../../utils/_python.ts";
import { ImproperlyConfigured, ViewDoesNotExist } from "../exceptions.ts";
import { takes } from "./_functions.ts";
import { type CheckMessage, Error, Warning } from "./messages.ts";

/** The resolver of `ROOT_URLCONF`; `undefined` without one. */
export function root_resolver(): URLResolver | undefined {
  return "ROOT_URLCONF" in settings ? get_resolver() : undefined;
}

/** `urls.W001`, `W002`, `W003`, `E004`, `E009`, `W010`, `2_0.W001`, and `nuages.E002` of what a view says of itself. */
export function check_url_config(): CheckMessage[] {
  const resolver = root_resolver();
  if (resolver === undefined) return [];
  const found = check_resolver(resolver);
  // one wrong setting keeps many views from answering: it is told once
  return found.filter(
    ({ id, msg }, at) => id !== CANNOT_ANSWER || found.findIndex((one) => one.msg === msg) === at,
  );
}

const CANNOT_ANSWER = "nuages.E002";

/** The messages about what stands in a URLconf; whatever it is. */
export function check_resolver(resolver: unknown): CheckMessage[] {
  if (resolver instanceof URLPattern)
    return [...check_name(resolver), ...check_pattern(resolver.pattern), ...check_view(resolver)];
  if (resolver instanceof URLResolver) {
    const inner = items_of(resolver).flatMap(check_resolver);
    return inner.length > 0 ? inner : check_pattern(resolver.pattern); // so in Django, too
  }
  const is_other = typeof resolver === "object" && resolver !== null && "resolve" in resolver;
  return is_other ? [] : [not_a_pattern(resolver)];
}

/** What the URLconf lists; `url_patterns` refuses what is no pattern. */
export function items_of(resolver: URLResolver): readonly unknown[] {
  const urlconf: unknown = resolver.urlconf_module;
  if (Array.isArray(urlconf)) return urlconf;
  const { urlpatterns } = (urlconf ?? {}) as { urlpatterns?: unknown }; // anything but nothing can be asked
  return Array.isArray(urlpatterns) ? urlpatterns : resolver.url_patterns;
}

function not_a_pattern(item: unknown): CheckMessage {
  const hint =
    typeof item === "string"
      ? "Take the text out: urlpatterns has no prefix."
      : Array.isArray(item)
        ? 'Put path() around what stands in the list; or "..." before it, if it is a list of patterns.'
        : undefined;
  return new Error(`${repr(item)} in urlpatterns is nothing that path() or re_path() gives.`, {
    hint,
    id: "urls.E004",
  });
}

function check_name({ pattern }: URLPattern): CheckMessage[] {
  if (!pattern.name?.includes(":")) return [];
  return [
    new Warning(
      `The URL pattern ${pattern.describe()} has a colon in its name, which reverse() takes for the end of a namespace.`,
      { id: "urls.W003" },
    ),
  ];
}

/** A view that knows of mistakes which only show when all settings are there. */
interface CheckedView {
  /** @throws ImproperlyConfigured for such a mistake. */
  readonly _check?: () => void;
}

function check_view({ pattern, callback }: URLPattern): CheckMessage[] {
  if ("as_view" in callback)
    return [
      new Error(
        `The URL pattern ${pattern.describe()} has a class for a view: give ${callback.name}.as_view().`,
        { id: "urls.E009" },
      ),
    ];
  try {
    (callback as CheckedView)._check?.();
    return [];
  } catch (error) {
    if (!(error instanceof ImproperlyConfigured)) throw error;
    const hint = `The first pattern whose view it is about is ${pattern.describe()}.`;
    return [new Error(`A view cannot answer: ${error.message}`, { hint, id: CANNOT_ANSWER })];
  }
}

function check_pattern(pattern: Pattern): CheckMessage[] {
  if (pattern instanceof RoutePattern)
    return [...check_slash(pattern), ...check_brackets(pattern), ...check_regex_signs(pattern)];
  if (pattern instanceof RegexPattern) return [...check_slash(pattern), ...check_dollar(pattern)];
  return [];
}

function check_slash(pattern: RoutePattern | RegexPattern): CheckMessage[] {
  if (!settings.APPEND_SLASH) return []; // then it may be meant
  const text = pattern._source;
  if (!/^(?:\/|\^\/|\^\\\/)/.test(text) || text.endsWith("/")) return [];
  return [
    new Warning(
      `The URL pattern ${pattern.describe()} begins with a slash, which is there already. Take it out; an include() ends in one.`,
      { id: "urls.W002" },
    ),
  ];
}

function check_dollar(pattern: RegexPattern): CheckMessage[] {
  const text = pattern._source;
  if (pattern._is_endpoint || !text.endsWith("$") || text.endsWith("\\$")) return [];
  return [
    new Warning(
      `The URL pattern ${pattern.describe()} has an include() after a "$", where nothing more can match. Take the "$" out.`,
      { id: "urls.W001" },
    ),
  ];
}

function check_brackets(pattern: RoutePattern): CheckMessage[] {
  const unmatched: string[] = [];
  let open = 0;
  for (const [bracket] of String(pattern).matchAll(/[<>]/g)) {
    if (bracket === "<") open++;
    else if (open > 0) open--;
    else unmatched.push(bracket);
  }
  if (open > 0) unmatched.push("<");
  return unmatched.map(
    (bracket) =>
      new Warning(
        `The URL pattern ${pattern.describe()} has a "${bracket}" without the other bracket.`,
        { id: "urls.W010" },
      ),
  );
}

function check_regex_signs(pattern: RoutePattern): CheckMessage[] {
  const route = String(pattern);
  if (!route.includes("(?P<") && !route.startsWith("^") && !route.endsWith("$")) return [];
  return [
    new Warning(
      `The URL pattern ${pattern.describe()} looks like a regular expression, but path() takes its signs for text. Use re_path(), or take them out.`,
      { id: "2_0.W001" },
    ),
  ];
}

/** `urls.W005`. */
export function check_url_namespaces_unique(): CheckMessage[] {
  const resolver = root_resolver();
  const counts = new Map<string, number>();
  for (const namespace of resolver === undefined ? [] : namespaces(resolver))
    counts.set(namespace, (counts.get(namespace) ?? 0) + 1);
  return [...counts]
    .filter(([, count]) => count > 1)
    .map(
      ([namespace]) =>
        new Warning(
          `The URL namespace ${repr(namespace)} is there more than once: reverse() may not find all of its URLs. Give include() another namespace.`,
          { id: "urls.W005" },
        ),
    );
}

function namespaces(resolver: URLResolver, parents: readonly string[] = []): string[] {
  return items_of(resolver).flatMap((item) => {
    if (!(item instanceof URLResolver)) return [];
    const { namespace } = item;
    if (namespace === null) return namespaces(item, parents);
    const current = [...parents, namespace];
    return [current.join(":"), ...namespaces(item, current)];
  });
}

/** `urls.E006`, for each of the two settings. */
export function check_url_settings(): CheckMessage[] {
  return (["STATIC_URL", "MEDIA_URL"] as const).flatMap((name) => {
    const value = settings[name];
    if (!value || value.endsWith("/")) return [];
    return [new Error(`${name} must end with a slash.`, { id: "urls.E006" })];
  });
}

/** `urls.E007` and `urls.E008`, for each handler. */
export function check_custom_error_handlers(): CheckMessage[] {
  const resolver = root_resolver();
  if (resolver === undefined) return [];
  return [400, 403, 404, 500].flatMap((status) => check_handler(resolver, status));
}

function check_handler(resolver: URLResolver, status: number): CheckMessage[] {
  const given = given_handler(resolver.urlconf_module, status);
  if (!given) return []; // the default page
  try {
    const handler = resolver.resolve_error_handler(status);
    if (takes(handler, status === 500 ? 1 : 2)) return [];
  } catch (error) {
    if (!(error instanceof ViewDoesNotExist)) throw error;
    return [
      new Error(`handler${status} of the URLconf is no view.`, {
        hint: error.message,
        id: "urls.E008",
      }),
    ];
  }
  const expected = status === 500 ? "(request)" : "(request, exception)";
  return [
    new Error(
      `handler${status} of the URLconf, ${repr(given)}, takes other arguments than it gets: ${expected}.`,
      { id: "urls.E007" },
    ),
  ];
}
