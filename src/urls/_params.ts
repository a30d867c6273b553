/** The kwargs of a view, read from the text of its route by the compiler. @module */

/**
 * What each path converter gives a view. A converter of one's own is added by declaration merging, beside its
 * `register_converter`: `declare module "nuages/urls" { interface Converters { hex: number } }`.
 */
export interface Converters {
  int: number;
  path: string;
  slug: string;
  str: string;
  uuid: string;
}

// One object type instead of an intersection; behind `infer`, so that editors show the object and not this name.
type Flat<T> = T extends infer O ? { [K in keyof O]: O[K] } : never;

// A converter that was not declared gives `unknown`: the view must look before it uses the value.
type Converted<Name> = Name extends keyof Converters ? Converters[Name] : unknown;

type Part<Inside extends string> = Inside extends `${infer Converter}:${infer Name}`
  ? Record<Name, Converted<Converter>>
  : Record<Inside, string>;

type Parts<Route extends string, Found> = Route extends `${string}<${infer Inside}>${infer Rest}`
  ? Parts<Rest, Found & Part<Inside>>
  : Found;

/**
 * The kwargs that a route gives: `Params<"a/<int:year>/<slug:slug>/">` is `{ year: number; slug: string }`. A route
 * that is not known when compiling gives `never`, which leaves the view free to state its own.
 */
export type Params<Route extends string> = string extends Route ? never : Flat<Parts<Route, {}>>;

/** The kwargs of a route with those of the `kwargs` option, which win. */
export type Given<Route extends string, Extra extends object> = [Params<Route>] extends [never]
  ? never
  : {} extends Extra
    ? Params<Route>
    : Flat<Omit<Params<Route>, keyof Extra> & Extra>;

type Names<
  Pattern extends string,
  Found extends string,
> = Pattern extends `${string}(?P<${infer Name}>${infer Rest}` ? Names<Rest, Found | Name> : Found;

type HasUnnamed<Pattern extends string> = Pattern extends `${string}(${infer Rest}`
  ? Rest extends `?${string}`
    ? HasUnnamed<Rest>
    : true
  : false;

// With one of these a group may take no part in the match.
type Optional = `${string})${"?" | "*" | "{0"}${string}` | `${string}|${string}`;

type NamedGroups<Pattern extends string> = Pattern extends Optional
  ? { [Name in Names<Pattern, never>]?: string }
  : { [Name in Names<Pattern, never>]: string };

/**
 * What a regular expression in Python's syntax gives a view behind the request: an object of its named groups or, without
 * any, the unnamed ones by position. A group that may take no part is an optional key, or `null`.
 */
export type RegexArguments<
  Pattern extends string,
  Extra extends object = {},
> = string extends Pattern
  ? never[]
  : [Names<Pattern, never>] extends [never]
    ? HasUnnamed<Pattern> extends false
      ? [kwargs: Extra]
      : {} extends Extra
        ? (Pattern extends Optional ? string | null : string)[]
        : never[]
    : [kwargs: Flat<Omit<NamedGroups<Pattern>, keyof Extra> & Extra>];
