/** `runserver`: serves the project while it is being written. @module */
import type { RequestListener, Server } from "node:http";
import { settings } from "../conf/index.ts";
import { StaticFilesHandler } from "../contrib/staticfiles/handlers.ts";
import { OSError } from "../core/exceptions.ts";
import { serve } from "../core/handlers/serve.ts";
import {
  BaseCommand,
  type CheckOptions,
  CommandError,
  type CommandParser,
  type ParsedArguments,
} from "../core/management/base.ts";
import { log_requests } from "./_request_log.ts";
import { is_reloaded, run_with_reloader } from "./_reloader.ts";

const ADDRESS =
  /^(?:(?<addr>\d{1,3}(?:\.\d{1,3}){3}|\[(?<ipv6>[a-fA-F0-9:]+)\]|(?<fqdn>[a-zA-Z0-9-]+(?:\.[a-zA-Z0-9-]+)*)):)?(?<port>\d+)$/;

/** Where to listen. */
interface Address {
  readonly host: string;
  readonly port: number;
}

/**
 * What `addrport` says: `8080`, `1.2.3.4:80`, `[::1]:80`, `host:80`, `0:80` for all networks. Default `127.0.0.1:8000`.
 * @throws CommandError for anything else.
 */
export function read_address(addrport: string | undefined, use_ipv6: boolean): Address {
  const loopback = use_ipv6 ? "::1" : "127.0.0.1";
  if (addrport === undefined) return { host: loopback, port: 8000 };
  const { addr, ipv6, fqdn, port } = ADDRESS.exec(addrport)?.groups ?? {};
  if (port === undefined || Number(port) > 65_535)
    throw new CommandError(
      `${addrport} is no port, and no address with one: 8080, or 127.0.0.1:8080.`,
    );
  if (use_ipv6 && addr !== undefined && ipv6 === undefined && fqdn === undefined)
    throw new CommandError(`${addr} is no address of IPv6.`);
  const all = use_ipv6 ? "::" : "0.0.0.0";
  const host = ipv6 ?? (addr === "0" ? all : (addr ?? loopback));
  return { host, port: Number(port) };
}

/** Serves the project, with its static files while `DEBUG`, and starts anew when the code changes. */
export class Command extends BaseCommand {
  static {
    this.prototype.help = "Serves the project while it is being written. Not for production.";
  }

  override add_arguments(parser: CommandParser): void {
    parser.add_argument("addrport", {
      nargs: "?",
      help: "A port, or an address with one: 0:8000.",
    });
    parser.add_argument("--ipv6", "-6", { action: "store_true", help: "Use IPv6." });
    parser.add_argument("--noreload", {
      action: "store_false",
      dest: "use_reloader",
      help: "Do not start anew when the code changes.",
    });
    parser.add_argument("--nostatic", {
      action: "store_false",
      dest: "use_static_handler",
      help: "Do not serve static files at STATIC_URL.",
    });
    parser.add_argument("--insecure", {
      action: "store_true",
      help: "Serve static files without DEBUG, too.",
    });
  }

  /** None: they run whenever the server starts anew. */
  override get_check_kwargs(_options: ParsedArguments): CheckOptions | undefined {
    return undefined;
  }

  /** @throws CommandError for a wrong address, one that cannot be used, and without DEBUG and ALLOWED_HOSTS. */
  override async handle(_args: readonly string[], options: ParsedArguments): Promise<void> {
    if (!settings.DEBUG && settings.ALLOWED_HOSTS.length === 0)
      throw new CommandError(
        "DEBUG is off, and ALLOWED_HOSTS is empty: no request would be answered.",
      );
    const { addrport } = options;
    const given = typeof addrport === "string" ? addrport : undefined;
    const address = read_address(given, options["ipv6"] === true);
    const argv = this._argv; // a program can be run again, a call cannot
    if (options["use_reloader"] !== false && argv !== undefined && !is_reloaded())
      return this.#reload(argv.slice(1));
    await this.#run(address, options);
  }

  #reload(args: readonly string[]): Promise<never> {
    return run_with_reloader(args, process.cwd(), {
      changed: (file) => this.stdout.write(`${file} has changed.`),
      ended: () => this.stdout.write("Waiting for a change of the code."),
    });
  }

  async #run({ host, port }: Address, options: ParsedArguments): Promise<void> {
    if (options["skip_checks"] !== true) this.check({ display_num_errors: true });
    const { server, url } = await this.#listen(host, port);
    const with_static = options["use_static_handler"] !== false;
    if (with_static && (settings.DEBUG || options["insecure"] === true)) serve_static(server);
    log_requests(server, this.stderr, this.style); // first of all listeners
    this.stdout.write(`Nuages ${this.get_version()} listens on ${url} (Ctrl+C stops it).`);
    this.stdout.write("This is a server for development. Do not use it in production.", {
      style_func: this.style.WARNING,
    });
    await new Promise((resolve) => server.once("close", resolve));
  }

  async #listen(host: string, port: number): Promise<{ server: Server; url: string }> {
    try {
      return await serve({ host, port, skip_checks: true, shutdown_timeout: 1000 });
    } catch (error) {
      if (!(error instanceof OSError)) throw error;
      throw new CommandError(error.message, { cause: error });
    }
  }
}

/** Puts the static files in front of the application, where there are any to be found. */
function serve_static(server: Server): void {
  const has_places = settings.STATICFILES_DIRS.length > 0 || settings.INSTALLED_APPS.length > 0;
  if (!settings.STATIC_URL || !has_places) return;
  const before = server.listeners("request") as RequestListener[]; // by the name of the event
  server.removeAllListeners("request");
  const { listener } = new StaticFilesHandler((req, res) => {
    for (const listen of before) listen(req, res);
  });
  server.on("request", listener);
}
