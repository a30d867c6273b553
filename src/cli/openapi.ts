/** `openapi`: prints the OpenAPI document of an API. @module */
import { API } from "../api/api.ts";
import { mounted_apis } from "../api/_mounts.ts";
import { encode_json } from "../api/encoders.ts";
import { root_resolver } from "../api/openapi/_mount.ts";
import { settings } from "../conf/index.ts";
import { import_module, setup } from "../core/management/_settings.ts";
import {
  BaseCommand,
  CommandError,
  type CommandParser,
  type ParsedArguments,
} from "../core/management/base.ts";
import { get_urlconf, set_urlconf } from "../urls/base.ts";
import { get_resolver } from "../urls/resolvers.ts";
import type { URLConfModule } from "../urls/_types.ts";

type Module = Readonly<Record<string, unknown>>;

/** Prints the document of an API that a module exports or mounts. Its paths are those of the project's URLs. */
export class Command extends BaseCommand {
  static {
    this.prototype.help = "Prints the OpenAPI document of an API.";
    this.prototype.requires_system_checks = [];
    this.prototype.requires_settings = false;
  }

  override add_arguments(parser: CommandParser): void {
    parser.add_argument("module", {
      help: "A module that exports the API, or urlpatterns with it: api.ts; of several APIs, one by its name: api.ts#staff.",
    });
    parser.add_argument("--indent", {
      type: spaces,
      default: 2,
      help: "How many spaces; 0: all in one line. Default 2.",
    });
  }

  override async handle(_args: readonly string[], options: ParsedArguments): Promise<string> {
    await setup();
    if (!settings.configured) settings.configure({});
    const named = String(options["module"]);
    const [path = "", name] = named.split(/#(?=[\w$]+$)/);
    const module = await import_module(path, "openapi takes");
    const api = name === undefined ? only_api(module, named) : api_named(module, name, named);
    const document = in_urls_with(api, module, () => api.openapi());
    const indent = Number(options["indent"]);
    const json = encode_json(document, []);
    return indent === 0 ? json : JSON.stringify(JSON.parse(json), null, indent);
  }
}

function spaces(text: string): number {
  if (/^(?:\d|10)$/.test(text)) return Number(text);
  throw new TypeError(`${text} is no number of spaces from 0 to 10`);
}

function api_named(module: Module, name: string, named: string): API {
  const found = module[name];
  if (found instanceof API) return found;
  throw new CommandError(`The module exports no API ${name}: ${named}`);
}

/** What the module exports, or else what its `urlpatterns` mount. */
function only_api(module: Module, named: string): API {
  const exported = new Map<API, string>();
  for (const [name, value] of Object.entries(module))
    if (value instanceof API && !exported.has(value)) exported.set(value, name);
  const mounted = exported.size === 0 && has_urlpatterns(module) ? apis_of(module) : [];
  const [api, ...others] = exported.size === 0 ? mounted : [...exported.keys()];
  if (api === undefined)
    throw new CommandError(
      `${named} exports neither an API nor urlpatterns that mount one. Export it: export const api = new API().`,
    );
  if (others.length === 0) return api;
  const names = [...exported.values()].map((name) => `${named}#${name}`).join(", ");
  throw new CommandError(
    exported.size === 0
      ? `${named} mounts several APIs. Export them, and name one behind a #.`
      : `${named} exports several APIs. Name one: ${names}.`,
  );
}

function has_urlpatterns(module: Module): module is Module & URLConfModule {
  return "urlpatterns" in module;
}

function apis_of(urlconf: URLConfModule): API[] {
  return mounted_apis(get_resolver(urlconf));
}

/** Calls `fn` with the URLs that lead to the API: the project's, or those of the module itself. */
function in_urls_with<T>(api: API, module: Module, fn: () => T): T {
  const root = root_resolver();
  const is_mounted = root !== undefined && mounted_apis(root).includes(api);
  if (is_mounted || !has_urlpatterns(module) || !apis_of(module).includes(api)) return fn();
  const before = get_urlconf();
  set_urlconf(module);
  try {
    return fn();
  } finally {
    set_urlconf(before);
  }
}
