/** Requests without a server: the test client, `RequestFactory`, and the bodies they send (Django: `django.test.client`). @module */
export { AsyncClient, Client, type ClientOptions, type ClientRequestOptions } from "./_client.ts";
export {
  AsyncRequestFactory,
  type FormData,
  RequestFactory,
  type RequestFactoryOptions,
  type RequestOptions,
} from "./_factory.ts";
export { ClientHandler, conditional_content_removal } from "./_handler.ts";
export {
  BOUNDARY,
  encode_file,
  encode_multipart,
  FakePayload,
  MULTIPART_CONTENT,
} from "./_payload.ts";
export { REDIRECT_STATUS_CODES, RedirectCycleError } from "./_redirects.ts";
export type { TestResponse } from "./_response.ts";
