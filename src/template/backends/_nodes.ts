/** Questions about a parsed template. @module */
import type { CallNode, LookupNode, Node, NodeList, SymbolNode, ValueNode } from "./_nunjucks.ts";

function is_node(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "typename" in value && "fields" in value;
}

/** The node and all below it. (nunjucks' own `findAll` does not look into every list.) */
export function* walk(node: Node): Generator<Node, void, undefined> {
  yield node;
  for (const value of Object.values(node) as unknown[]) {
    if (is_node(value)) yield* walk(value);
    else if (Array.isArray(value)) for (const item of value) if (is_node(item)) yield* walk(item);
  }
}

/** Whether the node is a list of that type. */
export function is_list(node: Node, typename: string): node is NodeList {
  return node.typename === typename && "children" in node;
}

/** Whether the node is a literal. */
export function is_literal(node: Node): node is ValueNode {
  return node.typename === "Literal";
}

/** Whether the node is a name, or a member of something. */
export function is_value(node: Node): boolean {
  return node.typename === "Symbol" || node.typename === "LookupVal";
}

/** Whether the node is a `filter` block: what it filters was escaped when it was printed into the block. */
export function is_filter_block(node: Node): boolean {
  let inner: Node | undefined = node;
  while (inner?.typename === "Filter") inner = (inner as CallNode).args.children[0];
  return inner !== node && inner?.typename === "Capture";
}

/** Whether the name occurs. */
export function uses_name(node: Node, name: string): boolean {
  for (const found of walk(node))
    if (found.typename === "Symbol" && (found as SymbolNode).value === name) return true;
  return false;
}

const FRAMED: ReadonlySet<string> = new Set([
  "Block",
  "CallExtension",
  "CallExtensionAsync",
  "Caller",
  "Capture",
  "Extends",
  "FromImport",
  "Import",
  "Include",
  "Macro",
  "Set",
]);

/** Whether something below looks names up while the template runs, so that local ones must be told to it. */
export function uses_frame(node: Node): boolean {
  for (const { typename } of walk(node)) if (FRAMED.has(typename)) return true;
  return false;
}

const NAME = /^[\p{ID_Start}$_][\p{ID_Continue}$]*(?:\.[\p{ID_Start}$_][\p{ID_Continue}$]*)*$/u;

/**
 * A name that is none. nunjucks takes any characters between blanks for a name, and would write them as they are into
 * the program it makes.
 */
export function bad_name(root: Node): SymbolNode | undefined {
  for (const node of walk(root)) {
    if (node.typename !== "Symbol") continue;
    const symbol = node as SymbolNode; // by its typename
    if (!NAME.test(symbol.value)) return symbol;
  }
  return undefined;
}

/** The node much as it stands in the template, for messages. */
export function label(node: Node): string {
  switch (node.typename) {
    case "Symbol":
      return (node as SymbolNode).value;
    case "Literal":
      return JSON.stringify((node as ValueNode).value) ?? "…";
    case "LookupVal": {
      const { target, val } = node as LookupNode;
      const key = is_literal(val) ? val.value : undefined;
      const named = typeof key === "string" && NAME.test(key);
      return label(target) + (named ? `.${key}` : `[${label(val)}]`);
    }
    case "FunCall":
      return `${label((node as CallNode).name)}(…)`;
    default:
      return "…";
  }
}
