/** What a conformance file is made of: areas, cases, steps and their JSON. @module */

/** A JSON value; an object with a `$` key stands for something JSON cannot say. */
export type Json = null | boolean | number | string | Json[] | JsonObject;

/** A JSON object. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/** One verb, what it works on, and the outcome that was recorded. */
export interface Step {
  readonly new?: string;
  readonly call?: string;
  readonly get?: string;
  readonly set?: string;
  readonly iterate?: string;
  readonly let?: Json;
  readonly str?: string;
  readonly repr?: string;
  readonly same?: readonly [Json, Json];
  readonly response?: string;
  readonly now?: number;

  readonly args?: readonly Json[];
  readonly opts?: JsonObject;
  readonly value?: Json;
  readonly async?: boolean;
  readonly each?: string;
  readonly body?: "text" | "json" | "bytes" | "gunzip";
  readonly omit?: readonly string[];
  readonly mask?: readonly string[];
  readonly hide?: readonly string[];

  readonly pick?: readonly string[];
  readonly as?: string;
  readonly ignore?: boolean;
  readonly returns?: Json;
  readonly object?: string;
  readonly throws?: string;
}

/** A file in the directory of a case. */
export interface CaseFile {
  readonly content: Json;
  readonly mtime?: number;
}

/** A small script against the public names, and the site it runs in. */
export interface Case {
  readonly id: string;
  readonly steps: readonly Step[];
  readonly now?: number;
  readonly settings?: JsonObject;
  readonly urlconf?: Json;
  readonly middleware?: readonly Json[];
  readonly converters?: readonly string[];
  readonly templates?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, CaseFile>>;
}

/** One file: the cases of an area, and the settings they share. */
export interface Area {
  readonly area: string;
  readonly base_settings: JsonObject;
  readonly cases: readonly Case[];
}

/** What a view, a hook or a method does when it is called. */
export interface Body {
  readonly do?: readonly Step[];
  readonly class?: string;
  readonly args?: readonly Json[];
  readonly opts?: JsonObject;
  readonly headers?: JsonObject;
  readonly cookies?: readonly (readonly [key: string, value: string, opts?: JsonObject])[];
  readonly throws?: string;
  readonly returns?: Json;
}

/** Whether a JSON value is an object. */
export function is_object(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
