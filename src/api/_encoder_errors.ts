/** What is wrong with data that cannot be encoded. @module */
import { ValueError } from "../core/exceptions.ts";

/** How deep data may be nested: what a walk comes through on any stack. */
export const MAX_DEPTH = 500;

/** The kind of a value in words, without what it holds. No method of it is called: it may be anybody's. */
export function described(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value !== "object") return `a ${typeof value}`;
  if (Array.isArray(value)) return "a list";
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return "an object";
  const { constructor } = prototype as { constructor?: unknown }; // a prototype is an object
  return typeof constructor === "function" && constructor.name !== ""
    ? `an instance of ${constructor.name}`
    : "an object of a class without a name";
}

/** A value that has no form in JSON or MessagePack. */
export function no_form(value: object | symbol): TypeError {
  if (value instanceof Promise)
    return new TypeError("A Promise is no data, what it gives is: await it first.");
  if (typeof value === "symbol")
    return new TypeError(`A Symbol is no data: ${value.toString()}. Give its text.`);
  const { name } = value as { name?: unknown }; // what is neither is a function or a class
  return new TypeError(
    `A Function is no data: ${typeof name === "string" && name !== "" ? name : "<anonymous>"}. Give what it returns.`,
  );
}

export function depth_error(): ValueError {
  return new ValueError(
    `The data is nested over ${MAX_DEPTH} levels deep. Send it flatter: a list in which each item names its parent, say.`,
  );
}

/** @param open What is around the value, outermost first; the value is among it. */
export function cycle_error(open: readonly object[], value: object): TypeError {
  const circle = [...open.slice(open.indexOf(value)), value];
  const steps = circle.slice(1).map((inner, at) => step(circle[at], inner));
  const path = steps.length > LONGEST ? [...steps.slice(0, LONGEST), "…"] : steps;
  return new TypeError(
    `The data contains itself: ${described(value)} is its own ${path.join("")}. Leave that out, or name it by its id.`,
  );
}

const LONGEST = 8;

/** How one gets from an object to what is in it. */
function step(outer: object | undefined, inner: object): string {
  const members: Iterable<readonly [unknown, unknown]> =
    outer instanceof Map ? outer : Object.entries(outer ?? {});
  for (const [key, item] of members) {
    if (item === inner) return Array.isArray(outer) ? `[${String(key)}]` : `.${String(key)}`;
  }
  return ".*"; // what an encoder or toJSON() made of it
}
