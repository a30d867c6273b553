/** The responses (Django docs: Request and response objects). @module */
export type { BackgroundWork } from "./_background.ts";
export { HttpResponseBase, type HttpResponseOptions } from "./_base.ts";
export { BadHeaderError } from "./_header_text.ts";
export { type HeadersInit, ResponseHeaders } from "./_headers.ts";
export { Http404 } from "./_http404.ts";
export {
  HttpResponse,
  HttpResponseBadRequest,
  HttpResponseForbidden,
  HttpResponseGone,
  HttpResponseNotAllowed,
  HttpResponseNotFound,
  HttpResponseNotModified,
  HttpResponseServerError,
} from "./_http_response.ts";
export {
  HttpResponsePermanentRedirect,
  HttpResponseRedirect,
  HttpResponseRedirectBase,
  type HttpResponseRedirectOptions,
} from "./_redirects.ts";
export { type StreamingContent, StreamingHttpResponse } from "./_streaming.ts";
export { type JSONEncoderClass, JsonResponse, type JsonResponseOptions } from "./_json_response.ts";
export { FileResponse, type FileResponseOptions } from "./_file_response.ts";
export type { FromPathOptions, SendfileHeader } from "./_open_path.ts";
