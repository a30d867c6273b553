/** Why a request fails the CSRF check: given to the failure view, and logged. @module */

/** `%s` is the Origin header. */
export const REASON_BAD_ORIGIN = "The Origin %s is none of the trusted ones.";
/** HTTPS, without an Origin that could stand for it. */
export const REASON_NO_REFERER = "There is no Referer header, and HTTPS needs one.";
/** `%s` is the Referer header. */
export const REASON_BAD_REFERER = "The Referer %s is none of the trusted ones.";
/** There is nothing to compare a token with. */
export const REASON_NO_CSRF_COOKIE = "There is no CSRF cookie.";
/** Neither the form nor the header `CSRF_HEADER_NAME` has one. */
export const REASON_CSRF_TOKEN_MISSING = "There is no CSRF token.";
/** It has no scheme, or no host. */
export const REASON_MALFORMED_REFERER = "The Referer header is no URL.";
/** Who can change the page of that Referer could have written the form. */
export const REASON_INSECURE_REFERER = "The Referer is not HTTPS, but this site is.";
/** Follows the name of a token. */
export const REASON_INCORRECT_LENGTH = "has not the right length";
/** Follows the name of a token. */
export const REASON_INVALID_CHARACTERS = "has characters that no token has";
