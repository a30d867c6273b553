/** What tests need (Django docs: Testing tools). @module */
export {
  AsyncRequestFactory,
  RequestFactory,
  type RequestFactoryOptions,
  type RequestOptions,
} from "./_factory.ts";
