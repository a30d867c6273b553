/** What tests need (Django docs: Testing tools). @module */
export { AsyncClient, Client, type ClientOptions, type ClientRequestOptions } from "./_client.ts";
export { ContextList } from "./_context_list.ts";
export {
  AsyncRequestFactory,
  type FormData,
  RequestFactory,
  type RequestFactoryOptions,
  type RequestOptions,
} from "./_factory.ts";
export { RedirectCycleError } from "./_redirects.ts";
export type { TestResponse } from "./_response.ts";
export {
  type ListChange,
  modify_settings,
  override_settings,
  type SettingsOverride,
} from "./_settings.ts";
export {
  type AssertContainsOptions,
  type AssertRedirectsOptions,
  type AssertTemplateOptions,
  SimpleTestCase,
} from "./_test_case.ts";
export {
  override_script_prefix,
  setup_test_environment,
  teardown_test_environment,
} from "./utils.ts";
