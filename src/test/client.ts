/** Requests without a server: `RequestFactory`, and the bodies it sends (Django: `django.test.client`). @module */
export {
  AsyncRequestFactory,
  RequestFactory,
  type RequestFactoryOptions,
  type RequestOptions,
} from "./_factory.ts";
export {
  BOUNDARY,
  encode_file,
  encode_multipart,
  FakePayload,
  MULTIPART_CONTENT,
} from "./_payload.ts";
