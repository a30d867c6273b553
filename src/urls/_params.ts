/** The kwargs of a view, read from the text of its route by the compiler. @module */

/**
 * What each path converter gives a view. A converter of one's own is added by declaration merging, beside its
 * `register_converter`: `declare module "nuages/urls" { interface ConverterTypes { hex: number } }`.
 */
export interface ConverterTypes {
  int: number;
  path: string;
  slug: string;
  str: string;
  uuid: string;
}

type Flat<T> = { [K in keyof T]: T[K] };

// A converter that was not declared gives `unknown`: the view must look before it uses the value.
type Converted<Name> = Name extends keyof ConverterTypes ? ConverterTypes[Name] : unknown;

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

type Group<Pattern extends string, Found extends string> =
  Pattern extends `${string}(?P<${infer Name}>${infer Rest}` ? Group<Rest, Found | Name> : Found;

// With one of these a group may take no part in the match.
type Optional = `${string})${"?" | "*" | "{0"}${string}` | `${string}|${string}`;

/**
 * The arguments that a regular expression gives: an object of its named groups or, without any, the unnamed ones by
 * position. A group that may take no part is an optional key, or `null`.
 */
export type RegexArguments<Pattern extends string> = string extends Pattern
  ? never[]
  : [Group<Pattern, never>] extends [never]
    ? (Pattern extends Optional ? string | null : string)[]
    : [
        kwargs: Pattern extends Optional
          ? { [Name in Group<Pattern, never>]?: string }
          : { [Name in Group<Pattern, never>]: string },
      ];
