/** What a client says of the page it wants: schemas for the query of an endpoint (docs/api.md, "Pages"). @module */
import { ImproperlyConfigured } from "../core/exceptions.ts";
import { repr } from "../utils/_python.ts";
import { is_object } from "./_schema_walk.ts";
import { type CodedIssue, documented_schema, type DocumentedSchema } from "./_standard_schema.ts";
import type { JSONSchema } from "./schema.ts";

/** Which page of numbered ones. */
export interface ClassicQuery {
  /** How many items a page has. */
  page_size: number;
  /** From 1 on. */
  current_page: number;
}

/** Which stretch of the items. */
export interface OffsetQuery {
  /** How many items at most. */
  limit: number;
  /** How many to leave out before. */
  offset: number;
}

/** What follows on a cursor. */
export interface CursorQuery {
  /** How many items at most. */
  results_per_page: number;
  /** Where the last answer ended, as text; without it the beginning. */
  cursor?: string | undefined;
}

/** Options of `classic_params`. */
export interface ClassicParamsOptions {
  /** How many items a page has if the client does not say it. Default 20. */
  page_size?: number | undefined;
  /** How many it may ask for. Default 100, or the default size if that is more. */
  max_page_size?: number | undefined;
}

/** Options of `offset_params`. */
export interface OffsetParamsOptions {
  /** How many items there are at most if the client does not say it. Default 20. */
  limit?: number | undefined;
  /** How many it may ask for. Default 100, or the default limit if that is more. */
  max_limit?: number | undefined;
}

/** Options of `cursor_params`. */
export interface CursorParamsOptions {
  /** How many items there are at most if the client does not say it. Default 20. */
  results_per_page?: number | undefined;
  /** How many it may ask for. Default 100, or the default number if that is more. */
  max_results_per_page?: number | undefined;
}

/** The longest cursor there is, in characters. */
export const LONGEST_CURSOR = 2048;

interface Range {
  readonly default: number;
  readonly minimum: number;
  /** Without it, any number that is exact. */
  readonly maximum?: number;
}

type Fields = readonly (readonly [name: string, range: Range])[];

/** `page_size` and `current_page`. @throws ImproperlyConfigured for sizes that contradict each other. */
export function classic_params(
  options: ClassicParamsOptions = {},
): DocumentedSchema<Partial<ClassicQuery>, ClassicQuery> {
  return numbers_schema([
    ["page_size", size_range("page_size", options.page_size, options.max_page_size)],
    ["current_page", { default: 1, minimum: 1 }],
  ]);
}

/** `page_size`, which can only be that one, and `current_page`. */
export function fixed_params(
  page_size: number,
): DocumentedSchema<Partial<ClassicQuery>, ClassicQuery> {
  return numbers_schema([
    ["page_size", { default: page_size, minimum: page_size, maximum: page_size }],
    ["current_page", { default: 1, minimum: 1 }],
  ]);
}

/** `limit` and `offset`. @throws ImproperlyConfigured for limits that contradict each other. */
export function offset_params(
  options: OffsetParamsOptions = {},
): DocumentedSchema<Partial<OffsetQuery>, OffsetQuery> {
  return numbers_schema([
    ["limit", size_range("limit", options.limit, options.max_limit)],
    ["offset", { default: 0, minimum: 0 }],
  ]);
}

/** `results_per_page` and `cursor`. @throws ImproperlyConfigured for numbers that contradict each other. */
export function cursor_params(
  options: CursorParamsOptions = {},
): DocumentedSchema<Partial<CursorQuery>, CursorQuery> {
  const { results_per_page, max_results_per_page } = options;
  return numbers_schema(
    [["results_per_page", size_range("results_per_page", results_per_page, max_results_per_page)]],
    true,
  );
}

function size_range(name: string, given: number | undefined, max: number | undefined): Range {
  const size = given ?? Math.min(20, max ?? 20);
  const maximum = max ?? Math.max(100, size);
  if (Number.isSafeInteger(size) && Number.isSafeInteger(maximum) && size >= 1 && size <= maximum)
    return { default: size, minimum: 1, maximum };
  throw new ImproperlyConfigured(
    `${name} is a whole number from 1 to max_${name}: ${repr(size)} with ${repr(maximum)} is not.`,
  );
}

function numbers_schema<Query>(
  fields: Fields,
  with_cursor = false,
): DocumentedSchema<Partial<Query>, Query> {
  const names = fields.map(([name]) => name);
  return documented_schema(
    (value) => {
      if (!is_object(value)) return { issues: [issue("invalid_type", "This is no object.", [])] };
      const query: Record<string, unknown> = {};
      const issues = fields.flatMap(([name, range]) => read_number(value, name, range, query));
      if (with_cursor) issues.push(...read_cursor(value, query));
      // each key of `Query` is a field or the cursor, and was read as its type
      return issues.length > 0 ? { issues } : { value: query as Query };
    },
    (side) => {
      const properties = Object.fromEntries(
        fields.map(([name, range]) => [name, number_json(range, side === "input")]),
      );
      if (with_cursor) properties.cursor = { type: "string", maxLength: LONGEST_CURSOR };
      return { type: "object", properties, ...(side === "output" && { required: names }) };
    },
  );
}

function number_json(range: Range, has_default: boolean): JSONSchema {
  const { default: by_default, ...limits } = range;
  return { type: "integer", ...limits, ...(has_default && { default: by_default }) };
}

function own(value: Record<string, unknown>, name: string): unknown {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}

function read_number(
  value: Record<string, unknown>,
  name: string,
  range: Range,
  query: Record<string, unknown>,
): CodedIssue[] {
  const { minimum, maximum = Number.MAX_SAFE_INTEGER } = range;
  const sent = own(value, name);
  const given = sent === undefined ? range.default : sent;
  const limits =
    range.maximum === undefined ? `${minimum} or more` : `from ${minimum} to ${maximum}`;
  const msg = `It must be a whole number, ${limits}.`;
  if (typeof given !== "number" || !Number.isInteger(given))
    return [issue("invalid_type", msg, [name])];
  if (given < minimum) return [issue("too_small", msg, [name])];
  if (given > maximum) return [issue("too_big", msg, [name])];
  query[name] = given + 0; // which makes 0 of -0
  return [];
}

function read_cursor(value: Record<string, unknown>, query: Record<string, unknown>): CodedIssue[] {
  const cursor = own(value, "cursor");
  if (cursor === undefined) return [];
  if (typeof cursor !== "string")
    return [issue("invalid_type", "A cursor is the text that the last answer gave.", ["cursor"])];
  if (cursor.length > LONGEST_CURSOR)
    return [issue("too_big", "No cursor that was given out is as long.", ["cursor"])];
  query.cursor = cursor;
  return [];
}

function issue(code: string, message: string, path: string[]): CodedIssue {
  return { code, message, path };
}
