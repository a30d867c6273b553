/** What HTTP needs besides requests and responses: dates, quoting, header values, safe redirects. @module */
export { content_disposition_header } from "./_content_disposition.ts";
export {
  MAX_HEADER_LENGTH,
  parse_header_parameters,
  type HeaderParameters,
  type ParseHeaderParametersOptions,
} from "./_header_parameters.ts";
export {
  ETAG_MATCH,
  parse_etags,
  quote_etag,
  split_directive_names,
  split_header_value,
  type SplitHeaderValueOptions,
} from "./_header_values.ts";
export {
  ASCTIME_DATE,
  http_date,
  MONTHS,
  parse_http_date,
  parse_http_date_safe,
  RFC1123_DATE,
  RFC850_DATE,
} from "./_http_dates.ts";
export {
  escape_leading_slashes,
  is_same_domain,
  MAX_URL_LENGTH,
  MAX_URL_REDIRECT_LENGTH,
  RFC3986_GENDELIMS,
  RFC3986_SUBDELIMS,
  url_has_allowed_host_and_scheme,
  type UrlHasAllowedHostAndSchemeOptions,
} from "./_redirect_check.ts";
export { urlencode, type UrlencodeOptions } from "./_urlencode.ts";
export {
  base36_to_int,
  int_to_base36,
  urlsafe_base64_decode,
  urlsafe_base64_encode,
} from "./_urlsafe.ts";
