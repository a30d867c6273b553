/** Sites that are known beforehand, and which of them is the current one (Django docs: The sites framework). @module */
import { settings } from "../../conf/index.ts";
import { ImproperlyConfigured, ObjectDoesNotExist } from "../../core/exceptions.ts";
import { type HttpRequest, split_domain_port } from "../../http/request.ts";
import { define_repr, repr } from "../../utils/_python.ts";

/** There is no such site. */
class SiteDoesNotExist extends ObjectDoesNotExist {
  override get name(): string {
    return "DoesNotExist";
  }
}

/** What a site is made of. */
export interface SiteFields {
  /** What `SITE_ID` names it by. */
  id: number;
  /** The host, with its port if it has one. */
  domain: string;
  /** What it is called. */
  name: string;
}

/** The sites of the program. There are none until `install` is told some. */
export class SiteManager {
  #sites: readonly Site[] = [];
  readonly #by_host = new Map<string, Site>();

  /** Makes these the sites; without any, sites are again what requests name. */
  install(sites: readonly SiteFields[]): void {
    this.#sites = sites.map((fields) => new Site(fields));
    this.clear_cache();
  }

  /** Whether there are sites. */
  get is_installed(): boolean {
    return this.#sites.length > 0;
  }

  /** The site with that `id`, `pk` or `domain`. @throws Site.DoesNotExist */
  get(lookup: { id?: number; pk?: number; domain?: string }): Site {
    const { id = lookup.pk, domain } = lookup;
    const site = this.#sites.find((known) => known.id === id || known.domain === domain);
    if (site !== undefined) return site;
    throw new Site.DoesNotExist(`No site has ${repr(lookup)}: tell Site.objects.install().`);
  }

  /**
   * The site of `SITE_ID`; without that setting the one that the host of the request names, or names without its port.
   * @throws Site.DoesNotExist; ImproperlyConfigured without setting and request.
   */
  get_current(request?: HttpRequest | null): Site {
    if ("SITE_ID" in settings && settings.SITE_ID) return this.get({ id: settings.SITE_ID });
    if (request) return this.#of_host(request.get_host());
    throw new ImproperlyConfigured(
      "Which site is the current one? Set SITE_ID, or give get_current() a request.",
    );
  }

  #of_host(host: string): Site {
    const known = this.#by_host.get(host) ?? this.#find(host);
    const site = known ?? this.#find(split_domain_port(host)[0]);
    if (site === undefined) throw new Site.DoesNotExist(`No site has the domain ${repr(host)}.`);
    this.#by_host.set(host, site);
    return site;
  }

  #find(domain: string): Site | undefined {
    return this.#sites.find((site) => site.domain.toLowerCase() === domain.toLowerCase());
  }

  /** Forgets which host is which site. */
  clear_cache(): void {
    this.#by_host.clear();
  }

  /** The site of that domain. @throws Site.DoesNotExist */
  get_by_natural_key(domain: string): Site {
    return this.get({ domain });
  }
}

/** A site. */
export class Site implements SiteFields {
  static {
    define_repr(this.prototype, (site) => `<Site: ${site}>`);
  }

  /** The error of a site that is not there. */
  static readonly DoesNotExist: typeof ObjectDoesNotExist = SiteDoesNotExist;
  /** All sites. */
  static readonly objects: SiteManager = new SiteManager();

  readonly id: number;
  readonly domain: string;
  readonly name: string;

  constructor(fields: SiteFields) {
    this.id = fields.id;
    this.domain = fields.domain;
    this.name = fields.name;
  }

  /** The same as `id`. */
  get pk(): number {
    return this.id;
  }

  toString(): string {
    return this.domain;
  }
}
