/** Static files of a site: finding, serving and naming them (Django docs: The staticfiles app). @module */
export { ASGIStaticFilesHandler, StaticFilesHandler, StaticFilesHandlerMixin } from "./handlers.ts";
export {
  AppDirectoriesFinder,
  BaseFinder,
  FileSystemFinder,
  find,
  type FinderClass,
  type FinderOptions,
  type FindOptions,
  get_finder,
  get_finders,
  type Location,
  searched_locations,
} from "./finders.ts";
export {
  ConfiguredStorage,
  HashedFilesMixin,
  type HashedNameOptions,
  type HashedUrlOptions,
  ManifestStaticFilesStorage,
  type ManifestStaticFilesStorageOptions,
  staticfiles_storage,
  StaticFilesStorage,
  type StaticFilesStorageOptions,
} from "./storage.ts";
export { staticfiles_urlpatterns, type StaticfilesUrlpatternsOptions } from "./urls.ts";
export { check_settings, type CheckSettingsOptions } from "./utils.ts";
export { serve, type ServeArguments, type ServeOptions } from "./views.ts";
