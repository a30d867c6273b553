/** The data of a session, in memory and as stores give it. @module */
import { ValueError } from "../../core/exceptions.ts";
import { is_plain } from "../../utils/_mapping.ts";
import { repr } from "../../utils/_python.ts";
import { as_read, origin_of, type Origin } from "./_lossless.ts";

/** What a store loads: the keys and values, as a plain object. */
export type SessionDict = Record<string, unknown>;

/** The keys and values in their order: what a session works on. */
export type SessionData = Map<string, unknown>;

/** @throws ValueError for data that is no mapping, such as a list. */
export function as_session_dict(data: unknown): SessionDict {
  if (data instanceof Map) return dict_of(data);
  if (is_plain(data)) return data;
  throw new ValueError(`The data of a session is a mapping, not ${repr(data)}.`);
}

/** Also `__proto__` is a key like any other. */
export function dict_of(data: ReadonlyMap<string, unknown>): SessionDict {
  return Object.fromEntries(data);
}

/** The loaded data in its order, and what JavaScript cannot hold of it. */
export function loaded_data(dict: SessionDict): { data: SessionData; origin: Origin | undefined } {
  const origin = origin_of(dict);
  if (origin === undefined) return { data: new Map(Object.entries(dict)), origin };
  const data: SessionData = new Map();
  for (const key of origin.keys()) data.set(key, dict[key]);
  return { data, origin };
}

/** The data as it is to be written. */
export function data_to_write(data: SessionData, origin: Origin | undefined): SessionData {
  if (origin === undefined) return data;
  return new Map([...data].map(([key, value]) => [key, as_read(value, origin.get(key))]));
}
