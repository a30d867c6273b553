/** Long lists in pages (Django docs: Paginator). @module */
export { type AsyncObjects, AsyncPage, Page } from "./_pages.ts";
export {
  BasePaginator,
  type ElidedPageRangeOptions,
  EmptyPage,
  InvalidPage,
  PageNotAnInteger,
  type PaginatorErrorMessages,
  type PaginatorOptions,
  UnorderedObjectListWarning,
} from "./_paginator_base.ts";
export { AsyncPaginator, type AsyncSequence, Paginator, type Sequence } from "./_paginators.ts";
