/** Pages of items: paginators, the parameters of their queries, the bodies of their answers. @module */
import type { Spec } from "./spec.ts";
import { classic_params, cursor_params, fixed_params, offset_params } from "./_page_params.ts";
import { classic_page, cursor_page, offset_page } from "./_page_schemas.ts";
import { ClassicPaginator, CursorPaginator, OffsetPaginator } from "./_page_sources.ts";
import { endpoint, type Endpoint } from "./endpoint.ts";
import type { Schema, SchemaInput } from "./schema.ts";

export {
  classic_params,
  type ClassicParamsOptions,
  type ClassicQuery,
  cursor_params,
  type CursorParamsOptions,
  type CursorQuery,
  offset_params,
  type OffsetParamsOptions,
  type OffsetQuery,
} from "./_page_params.ts";
export {
  classic_page,
  type ClassicPage,
  cursor_page,
  type CursorPage,
  offset_page,
  type OffsetPage,
} from "./_page_schemas.ts";
export { ClassicPaginator, CursorPaginator, OffsetPaginator } from "./_page_sources.ts";
export type { DocumentedSchema } from "./_standard_schema.ts";

/** A paginator of any kind. */
export type AnyPaginator<T> = ClassicPaginator<T> | OffsetPaginator<T> | CursorPaginator<T>;

/**
 * An endpoint that gives the pages of a paginator.
 * @param schema Of one item.
 * @param spec What else to declare: `name`, `summary`, any key of a layer.
 */
export function paginate<S extends Schema>(
  paginator: AnyPaginator<SchemaInput<S>>,
  schema: S,
  spec?: Omit<Spec, "query" | "response">,
): Endpoint;
export function paginate(
  paginator: AnyPaginator<unknown>,
  schema: Schema,
  spec: Omit<Spec, "query" | "response"> = {},
): Endpoint {
  if (paginator instanceof ClassicPaginator) {
    const { _page_size: size } = paginator;
    const query = size === undefined ? classic_params() : fixed_params(size);
    return endpoint({ ...spec, query, response: classic_page(schema) }, (_request, args) =>
      paginator.page(args.query),
    );
  }
  if (paginator instanceof OffsetPaginator)
    return endpoint(
      { ...spec, query: offset_params(), response: offset_page(schema) },
      (_request, args) => paginator.page(args.query),
    );
  return endpoint(
    { ...spec, query: cursor_params(), response: cursor_page(schema) },
    (_request, args) => paginator.page(args.query),
  );
}
