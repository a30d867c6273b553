/** What middleware adds to a request, as far as everybody may rely on it. @module */
import type { SessionBase } from "../contrib/sessions/backends/base.ts";

/** What `request.user` has at least. A site says more: `declare module "nuages/http/request" { interface RequestUser { … } }`. */
export interface RequestUser {
  /** Whether somebody is logged in. */
  readonly is_authenticated: boolean;
  /** The opposite. */
  readonly is_anonymous: boolean;
  /** The name to log in with; `""` when nobody is. */
  get_username(): string;
}

/** What `request.session` is, whatever stores it. */
export type RequestSession = SessionBase;

/** What `request.site` has at least. */
export interface RequestSite {
  /** The host of the site. */
  readonly domain: string;
  /** What it is called. */
  readonly name: string;
}
