/**
 * The parts of nunjucks that its type declarations leave out: the parser, the nodes and the compiler, which are
 * exported for extensions (nunjucks docs: "Custom Tags"). Written for nunjucks 3.2. @module
 */
import nunjucks from "nunjucks";
import { accept_in_nunjucks } from "../../utils/safestring.ts";

/** A node of a parsed template. Its further fields depend on `typename` and are named by `fields`. */
export interface Node {
  readonly typename: string;
  readonly fields: readonly string[];
  /** From 0. */
  readonly lineno: number;
  /** From 0. */
  readonly colno: number;
  findAll(type: NodeType): Node[];
}
/** A list of nodes. */
export interface NodeList extends Node {
  readonly children: Node[];
}
/** A literal, a name, or the text between tags. */
export interface ValueNode extends Node {
  readonly value: unknown;
}
/** A name. */
export interface SymbolNode extends Node {
  readonly value: string;
}
/** `target.val`, `target[val]`. */
export interface LookupNode extends Node {
  readonly target: Node;
  readonly val: Node;
}
/** A call or a filter. */
export interface CallNode extends Node {
  readonly name: Node;
  readonly args: NodeList;
}
/** `for`, and its asynchronous forms. */
export interface ForNode extends Node {
  readonly arr: Node;
  readonly name: Node;
  readonly body: Node;
  readonly else_: Node | null;
}
/** `if`, and the inline form. */
export interface IfNode extends Node {
  readonly cond: Node;
  readonly body: Node;
  readonly else_: Node | null;
}
/** An operation on two values. */
export interface BinaryNode extends Node {
  readonly left: Node;
  readonly right: Node;
}
/** An operation on one value. */
export interface UnaryNode extends Node {
  readonly target: Node;
}
/** `key: value`. */
export interface PairNode extends Node {
  readonly key: Node;
  readonly value: Node;
}
/** A block. */
export interface BlockNode extends Node {
  readonly name: SymbolNode;
  readonly body: Node;
}
/** `super()`, lifted to the start of its block. */
export interface SuperNode extends Node {
  readonly blockName: SymbolNode;
  readonly symbol: SymbolNode;
}
/** `include`, `extends`, `import`. */
export interface TemplateNode extends Node {
  readonly template: Node;
  readonly ignoreMissing?: boolean;
}
/** `import … as target`. */
export interface ImportNode extends TemplateNode {
  readonly target: SymbolNode;
  readonly withContext: boolean | null;
}
/** `from … import names`. */
export interface FromImportNode extends TemplateNode {
  readonly names: NodeList;
  readonly withContext: boolean | null;
}

/** A class of nodes. */
export type NodeType = abstract new (...args: never[]) => Node;

/** Which names are local, at compile time: the name, and the JavaScript variable that holds its value. */
export interface Scope {
  readonly parent: Scope | undefined;
  lookup(name: string): string | null | undefined;
  set(name: string, id: string): void;
  push(): Scope;
}

/** The variables of a running template, by block of it. */
export interface Frame {
  topLevel: boolean;
  lookup(name: string): unknown;
  set(name: string, value: unknown, resolve_up?: boolean): void;
  push(isolate_writes?: boolean): Frame;
}

/** nunjucks' compiler, from a parsed template to JavaScript. */
export interface CompilerBase {
  buffer: string | null;
  inBlock: boolean;
  _emit(code: string): void;
  _emitLine(code: string): void;
  _tmpid(): string;
  _pushBuffer(): string;
  _templateName(): string;
  _compileChildren(node: Node, scope: Scope): void;
  _compileAggregate(node: Node, scope: Scope, start?: string, end?: string): void;
  _compileExpression(node: Node, scope: Scope): void;
  _compileMacro(node: Node, scope?: Scope): string;
  compile(node: Node, scope?: Scope): void;
  compileLiteral(node: Node, scope: Scope): void;
  compilePair(node: PairNode, scope: Scope): void;
  fail(message: string, lineno?: number, colno?: number): never;
  getCode(): string;
}

/** An extension: a tag of the site's own (nunjucks docs: "Custom Tags"). */
export interface Extension {
  preprocess?(source: string): string;
}

/** Options of an environment, and those of the parser. */
export interface EnvironmentOptions {
  autoescape?: boolean | undefined;
  throwOnUndefined?: boolean | undefined;
  trimBlocks?: boolean | undefined;
  lstripBlocks?: boolean | undefined;
  dev?: boolean | undefined;
  tags?: Readonly<Record<string, string>> | undefined;
}

/** What a loader gives. */
export interface LoaderSource {
  readonly src: string;
  readonly path: string;
  readonly noCache: boolean;
}

/** Where an environment looks for templates. */
export interface Loader {
  readonly async?: boolean | undefined;
  getSource(name: string): LoaderSource | null;
}

type Named<T> = Record<string, T>;

/** The members of an environment that the engine replaces or reads. */
export interface EnvironmentInternals {
  readonly opts: EnvironmentOptions;
  readonly loaders: readonly Loader[];
  readonly asyncFilters: readonly string[];
  readonly extensionsList: readonly Extension[];
  globals: Named<unknown>;
  filters: Named<unknown>;
  tests: Named<unknown>;
  extensions: Named<Extension>;
  getTemplate: unknown;
  render: unknown;
  renderString: unknown;
}

interface Internals {
  readonly compiler: { readonly Compiler: new (name?: string, strict?: boolean) => CompilerBase };
  readonly parser: {
    parse(source: string, extensions: readonly Extension[], options: EnvironmentOptions): Node;
  };
  readonly nodes: Readonly<Record<string, NodeType>>;
  readonly runtime: {
    readonly Frame: new () => Frame;
    readonly SafeString: abstract new (...args: never[]) => object;
    readonly makeMacro: unknown;
    readonly makeKeywordArgs: unknown;
  };
}

// The declarations name half of what the module exports; spec/template/backends/nunjucks.spec.ts uses the rest.
const internals = nunjucks as unknown as Internals;

/** nunjucks' compiler, to be extended. */
export const Compiler: Internals["compiler"]["Compiler"] = internals.compiler.Compiler;
/** The classes of nodes by name. */
export const nodes: Internals["nodes"] = internals.nodes;
/** What nunjucks' compiled templates call. */
export const nunjucks_runtime: Internals["runtime"] = internals.runtime;
/** Parses a template. */
export const parse: Internals["parser"]["parse"] = internals.parser.parse;
/** nunjucks' own mark of a safe text; ours are `instanceof` it too. */
export const NunjucksSafeString: Internals["runtime"]["SafeString"] = internals.runtime.SafeString;

accept_in_nunjucks(NunjucksSafeString.prototype);
