/** What the resolver throws. @module */
import { Exception } from "../core/exceptions.ts";
import { Http404 } from "../http/_http404.ts";
import type { Tried } from "./_types.ts";

/** What a `Resolver404` carries. */
export interface Resolver404Details {
  /** The rest of the path, which no pattern of the resolver matched. */
  readonly path: string;
  /** The patterns that were tried, in order; each is a chain from the outermost include to the pattern. */
  readonly tried?: Tried | undefined;
}

/** No URL pattern matches the path. `value` is an object, so that the 404 page shows the class name instead of it. */
export class Resolver404 extends Http404 {
  /** The rest of the path, which no pattern matched; `""` if there is none to tell. */
  get path(): string {
    return is_details(this.value) ? this.value.path : "";
  }

  /** The patterns that were tried; worked out when it is asked for. */
  get tried(): Tried {
    return is_details(this.value) ? (this.value.tried ?? []) : [];
  }
}

function is_details(value: unknown): value is Resolver404Details {
  return (
    typeof value === "object" && value !== null && "path" in value && typeof value.path === "string"
  );
}

/** No URL can be built for this name or view with these arguments. */
export class NoReverseMatch extends Exception {}
