/** Requests and responses: everything that Django exports from `django.http`. @module */
export type {
  CookieOptions,
  DeleteCookieOptions,
  SignedCookieOptions,
} from "./_response_cookies.ts";
export { Morsel, type MorselOutputOptions } from "./_morsel.ts";
export { type CookieOutputOptions, parse_cookie, SimpleCookie } from "./cookie.ts";
export type {
  QueryDictFromkeysOptions,
  QueryDictOptions,
  QueryDictUrlencodeOptions,
} from "./querydict.ts";
export {
  BadHeaderError,
  FileResponse,
  type FileResponseOptions,
  type FromPathOptions,
  type HeadersInit,
  Http404,
  HttpResponse,
  HttpResponseBadRequest,
  HttpResponseBase,
  HttpResponseForbidden,
  HttpResponseGone,
  HttpResponseNotAllowed,
  HttpResponseNotFound,
  HttpResponseNotModified,
  type HttpResponseOptions,
  HttpResponsePermanentRedirect,
  HttpResponseRedirect,
  HttpResponseRedirectBase,
  type HttpResponseRedirectOptions,
  HttpResponseServerError,
  type JSONEncoderClass,
  JsonResponse,
  type JsonResponseOptions,
  ResponseHeaders,
  type SendfileHeader,
  type StreamingContent,
  StreamingHttpResponse,
} from "./response.ts";
export { MultiPartParserError } from "./multipartparser.ts";
export {
  bytes_to_text,
  type Dict,
  type FullPathOptions,
  type GetSignedCookieOptions,
  host_validation_re,
  HttpHeaders,
  HttpRequest,
  MediaType,
  type Meta,
  QueryDict,
  RAISE_ERROR,
  RawPostDataException,
  type RequestSession,
  type RequestSite,
  type RequestUser,
  split_domain_port,
  UnreadablePostError,
  validate_host,
  type Wire,
} from "./request.ts";
