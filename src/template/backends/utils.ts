/** The CSRF token in templates (Django docs: "How to use Django's CSRF protection"). @module */
import type { HttpRequest } from "../../http/request.ts";
import { LAZY } from "../../utils/_lazy.ts";
import { format_html } from "../../utils/html.ts";
import { SafeString } from "../../utils/safestring.ts";
import { get_token } from "../_csrf.ts";

/**
 * The hidden field for a form that is posted. Asking for it sends the CSRF cookie with the response. Empty where nothing
 * would check the token.
 */
export function csrf_input(request: HttpRequest): SafeString {
  const token = get_token(request);
  if (token === undefined) return new SafeString("");
  return format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', token);
}

/** A value whose text is worked out when it is printed: until then no cookie is set. */
class LazyToken {
  protected readonly request: HttpRequest;
  static {
    Object.defineProperty(this.prototype, LAZY, { value: true });
  }

  constructor(request: HttpRequest) {
    this.request = request;
  }

  toString(): string {
    return get_token(this.request) ?? "NOTPROVIDED";
  }
}

class LazyInput extends LazyToken {
  override toString(): string {
    return String(csrf_input(this.request));
  }

  __html__(): SafeString {
    return csrf_input(this.request);
  }
}

/** `csrf_input`, made when it is printed. */
export function csrf_input_lazy(request: HttpRequest): LazyInput {
  return new LazyInput(request);
}

/** The CSRF token, made when it is printed; each time it has another mask. */
export function csrf_token_lazy(request: HttpRequest): LazyToken {
  return new LazyToken(request);
}
