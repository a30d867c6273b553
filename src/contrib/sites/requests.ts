/** `RequestSite`: the site as the request names it (Django docs: The sites framework). @module */
import { NotImplementedError } from "../../core/exceptions.ts";
import type { HttpRequest } from "../../http/request.ts";
import { define_repr } from "../../utils/_python.ts";

/** A site that is known by nothing but the host of the request, its port included. */
export class RequestSite {
  static {
    define_repr(this.prototype, (site) => `<${site.constructor.name}: ${site}>`);
  }

  readonly domain: string;
  readonly name: string;

  /** @throws DisallowedHost for a host that is not allowed. */
  constructor(request: HttpRequest) {
    this.domain = this.name = request.get_host();
  }

  /** @throws NotImplementedError always: it is kept nowhere. */
  save(_options: { force_insert?: boolean; force_update?: boolean } = {}): never {
    throw new NotImplementedError("A RequestSite is kept nowhere: it cannot be saved.");
  }

  /** @throws NotImplementedError always. */
  delete(): never {
    throw new NotImplementedError("A RequestSite is kept nowhere: it cannot be deleted.");
  }

  toString(): string {
    return this.domain;
  }
}
