/** Which methods of a class change data, so that no template calls them (Django docs: "Variables and lookups"). @module */

const names: unique symbol = Symbol("alters_data");

type Marked = { readonly [names]?: ReadonlySet<PropertyKey> };

/** Marks methods of a class by name: they stay marked where a subclass has its own. */
export function mark_altering(prototype: object, methods: readonly string[]): void {
  const inherited = (prototype as Marked)[names] ?? [];
  Object.defineProperty(prototype, names, { value: new Set([...inherited, ...methods]) });
}

/** Whether the method of that name is marked. */
export function is_altering(object: unknown, method: PropertyKey): boolean {
  const marked = (object as Marked)[names];
  return marked !== undefined && marked.has(method);
}
