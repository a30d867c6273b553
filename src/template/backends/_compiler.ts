/**
 * From a parsed template to JavaScript.
 *
 * nunjucks parses and compiles expressions; what surrounds them is made here, for four reasons: an error names its
 * template and line, names that lead to constructors are out of reach, truth and text are Python's as in Django's
 * engines, and a loop costs a third of the time. Rendering is synchronous, so there are no callbacks. @module
 */
import {
  Compiler,
  nunjucks_runtime,
  parse,
  type BinaryNode,
  type BlockNode,
  type CallNode,
  type EnvironmentInternals,
  type ForNode,
  type FromImportNode,
  type IfNode,
  type ImportNode,
  type LookupNode,
  type Node,
  type NodeList,
  type PairNode,
  type Scope,
  type SymbolNode,
  type TemplateNode,
  type UnaryNode,
  type ValueNode,
} from "./_nunjucks.ts";
import {
  bad_name,
  is_list,
  is_literal,
  is_value,
  label,
  uses_frame,
  uses_name,
  walk,
} from "./_nodes.ts";

/** What printing a name without a value does: nothing, shows the name as it stands in the template, or fails. */
export type Undefined = "empty" | "shown" | "strict";

/** Options of `compile`. */
export interface CompileOptions {
  /** The name of the template, from which relative names start. */
  readonly name: string | undefined;
  /** Whether what is printed is escaped. */
  readonly autoescape: boolean;
  /** What printing a name without a value does. */
  readonly undefined: Undefined;
}

// Properties through which a value leads to a constructor, or to the code of a function.
const CLOSED: ReadonlySet<string> = new Set(["constructor", "prototype", "caller", "callee"]);

class TemplateCompiler extends Compiler {
  readonly #env: EnvironmentInternals;
  readonly #options: CompileOptions;
  #block = "";

  constructor(env: EnvironmentInternals, options: CompileOptions) {
    super(options.name, false);
    this.#env = env;
    this.#options = options;
  }

  // --- functions: the root of a template, and its blocks

  #begin(name: string): void {
    this.buffer = "output";
    this._emitLine(`function ${name}(env, context, frame) {`);
    this._emitLine('var lineno = 0, colno = 0, o, v, output = "";');
    this._emitLine("try {");
  }

  #end(result: string): void {
    this._emitLine(`return ${result};`);
    this._emitLine("} catch (error) { throw failed(error, lineno, colno); }");
    this._emitLine("}");
    this.buffer = null;
  }

  compileRoot(node: Node): void {
    const names = new Set<string>();
    this.#begin("root");
    this._emitLine("var parentTemplate = null;");
    this._compileChildren(node, new_scope());
    this.#end(
      "parentTemplate === null ? output : parentTemplate.rootRenderFunc(env, context, frame)",
    );
    this.inBlock = true;
    for (const found of walk(node)) {
      if (found.typename !== "Block") continue;
      const block = found as BlockNode; // by its typename, as below
      const name = block.name.value;
      if (names.has(name))
        this.fail(`The block ${name} is defined twice.`, block.lineno, block.colno);
      names.add(name);
      this.#compile_block(name, block);
    }
    const members = [...names].map((name) => `${JSON.stringify(name)}: b_${name}`);
    this._emitLine(`return { root: root, blocks: { __proto__: null, ${members.join(", ")} } };`);
  }

  #compile_block(name: string, block: BlockNode): void {
    this.#block = name;
    this.#begin(`b_${name}`);
    this._emitLine("frame = frame.push(true);");
    this.compile(block.body, new_scope());
    this.#end("output");
  }

  override _pushBuffer(): string {
    const id = super._pushBuffer();
    this._emitLine("var o, v;"); // a buffer starts a function of its own, which needs its own variables
    return id;
  }

  override _compileMacro(node: Node, scope?: Scope): string {
    const id = super._compileMacro(node, scope);
    this._emitLine(
      `${id} = runtime.guarded(${id}, function (error) { return failed(error, lineno, colno); });`,
    );
    return id;
  }

  #at(node: Node): void {
    this._emit(`lineno = ${node.lineno}; colno = ${node.colno}; `);
  }

  // --- other templates

  #template(node: TemplateNode, scope: Scope, method: string, more = ""): void {
    this._emit(`templates.${method}(`);
    this._compileExpression(node.template, scope);
    this._emit(`, ${this._templateName()}${more})`);
  }

  compileExtends(node: TemplateNode, scope: Scope): void {
    this.#at(node);
    this._emit("parentTemplate = ");
    this.#template(node, scope, "extended", ", context");
    this._emitLine(";");
  }

  compileInclude(node: TemplateNode, scope: Scope): void {
    this.#at(node);
    this._emit(`${this.buffer} += `);
    const ignore = node.ignoreMissing === true;
    this.#template(node, scope, "included", `, ${ignore}, context, frame`);
    this._emitLine(";");
  }

  compileImport(node: ImportNode, scope: Scope): void {
    const id = this.#import(node, scope);
    this.#define(node.target.value, id, scope);
  }

  compileFromImport(node: FromImportNode, scope: Scope): void {
    const imported = this.#import(node, scope);
    for (const wanted of node.names.children) {
      const pair = wanted.typename === "Pair" ? (wanted as PairNode) : undefined;
      const name = ((pair?.key ?? wanted) as SymbolNode).value;
      const alias = ((pair?.value ?? wanted) as SymbolNode).value;
      const id = this._tmpid();
      this._emitLine(`var ${id} = runtime.imported_name(${imported}, ${JSON.stringify(name)});`);
      this.#define(alias, id, scope);
    }
  }

  #import(node: ImportNode | FromImportNode, scope: Scope): string {
    const id = this._tmpid();
    this.#at(node);
    this._emit(`var ${id} = `);
    const values = node.withContext === true ? "context, frame" : "null, null";
    this.#template(node, scope, "imported", `, ${values}`);
    this._emitLine(";");
    return id;
  }

  #define(name: string, id: string, scope: Scope): void {
    scope.set(name, id);
    const target = scope.parent === undefined ? "context.setVariable" : "frame.set";
    this._emitLine(`${target}(${JSON.stringify(name)}, ${id});`);
  }

  compileBlock(node: BlockNode): void {
    const call = `context.getBlock("${node.name.value}")(env, context, frame)`;
    // In a template that extends another, a block stands only for what the parent shows in its place.
    const shown = this.inBlock ? call : `(parentTemplate === null ? ${call} : "")`;
    this._emitLine(`${this.buffer} += ${shown};`);
  }

  // --- statements

  compileOutput(node: NodeList, scope: Scope): void {
    for (const child of node.children) {
      if (child.typename === "TemplateData") {
        if ((child as ValueNode).value === "") continue;
        this._emit(`${this.buffer} += `);
        this.compileLiteral(child, scope);
      } else {
        this.#at(child);
        this._emit(`${this.buffer} += `);
        this.#print(child, scope);
      }
      this._emitLine(";");
    }
  }

  #print(node: Node, scope: Scope): void {
    const escape = this.#options.autoescape ? "text" : "raw";
    const mode = this.#options.undefined;
    if (mode === "empty" || !is_value(node)) {
      this._emit(`${escape}(`);
      this.#value(node, scope);
      this._emit(")");
      return;
    }
    this._emit(`${escape}(runtime.${mode}(`);
    if (node.typename === "Symbol" && scope.lookup((node as SymbolNode).value) === undefined)
      this._emit(`runtime.known(context, frame, ${JSON.stringify((node as SymbolNode).value)})`);
    else if (node.typename === "LookupVal") this.#lookup(node as LookupNode, scope, "known_member");
    else this.#value(node, scope);
    this._emit(`, ${JSON.stringify(label(node))}))`);
  }

  compileIf(node: IfNode, scope: Scope): void {
    this.#at(node);
    this._emit("if (");
    this.#test(node.cond, scope);
    this._emitLine(") {");
    this.compile(node.body, scope);
    if (node.else_ !== null) {
      this._emitLine("} else {");
      this.compile(node.else_, scope);
    }
    this._emitLine("}");
  }

  compileFor(node: ForNode, outer: Scope): void {
    const scope = outer.push();
    const framed = uses_frame(node.body);
    const [items, index, length, item] = [
      this._tmpid(),
      this._tmpid(),
      this._tmpid(),
      this._tmpid(),
    ];
    const several = is_list(node.name, "Array") ? node.name.children : undefined;
    this.#at(node);
    this._emit(`var ${items} = runtime.${several === undefined ? "items" : "pairs"}(`);
    this.#value(node.arr, scope);
    this._emitLine(");");
    if (framed) this._emitLine("frame = frame.push();");
    this._emitLine(
      `for (var ${index} = 0, ${length} = ${items}.length; ${index} < ${length}; ${index}++) {`,
    );
    this._emitLine(`var ${item} = ${items}[${index}];`);
    if (several === undefined) this.#bind((node.name as SymbolNode).value, item, scope, framed);
    for (const [position, name] of (several ?? []).entries()) {
      const id = this._tmpid();
      this._emitLine(`var ${id} = ${item}[${position}];`);
      this.#bind((name as SymbolNode).value, id, scope, framed);
    }
    this.#bind_loop(node, outer, scope, [index, length], framed);
    this.compile(node.body, scope);
    this._emitLine("}");
    if (framed) this._emitLine("frame = frame.pop();");
    if (node.else_ === null) return;
    this._emitLine(`if (${length} === 0) {`);
    this.compile(node.else_, outer);
    this._emitLine("}");
  }

  /** `loop`, and Django's `forloop`, where the body can see them. */
  #bind_loop(node: ForNode, outer: Scope, scope: Scope, at: string[], framed: boolean): void {
    for (const name of ["loop", "forloop"]) {
      if (!framed && !uses_name(node.body, name)) continue;
      const id = this._tmpid();
      const parent = outer.lookup(name) ?? "undefined";
      this._emitLine(`var ${id} = runtime.${name}(${at.join(", ")}, ${parent});`);
      this.#bind(name, id, scope, framed);
    }
  }

  #bind(name: string, id: string, scope: Scope, framed: boolean): void {
    scope.set(name, id);
    if (framed) this._emitLine(`frame.set(${JSON.stringify(name)}, ${id});`);
  }

  // Nothing is asynchronous here, so the asynchronous loops are loops.
  compileAsyncEach(node: ForNode, scope: Scope): void {
    this.compileFor(node, scope);
  }

  compileAsyncAll(node: ForNode, scope: Scope): void {
    this.compileFor(node, scope);
  }

  compileIfAsync(node: IfNode, scope: Scope): void {
    this.compileIf(node, scope);
  }

  compileCallExtensionAsync(node: Node): void {
    this.fail(
      "A template is rendered at once: a tag cannot be asynchronous.",
      node.lineno,
      node.colno,
    );
  }

  compileCapture(node: Node & { readonly body: Node }, scope: Scope): void {
    const outer = this.buffer;
    this.buffer = "output";
    this._emitLine(`${this.#options.autoescape ? "runtime.safe" : ""}((function () {`);
    this._emitLine('var o, v, output = "";');
    this.compile(node.body, scope);
    this._emitLine("return output;");
    this._emitLine("})())");
    this.buffer = outer;
  }

  // --- expressions

  compileSymbol(node: SymbolNode, scope: Scope): void {
    const id = scope.lookup(node.value);
    this._emit(id ?? `lookup(context, frame, ${JSON.stringify(node.value)})`);
  }

  compileLookupVal(node: LookupNode, scope: Scope): void {
    this.#lookup(node, scope, "bound");
  }

  /** The value of a node: a method that needs no arguments is called, as in Django's language. */
  #value(node: Node, scope: Scope): void {
    if (node.typename === "LookupVal") this.#lookup(node as LookupNode, scope, "called");
    else if (is_list(node, "Group") && node.children.length === 1 && node.children[0])
      this.#value(node.children[0], scope);
    else this.compile(node, scope);
  }

  #lookup(node: LookupNode, scope: Scope, method: "bound" | "called" | "known_member"): void {
    const key = this.#key(node);
    if (key === undefined || method === "known_member") {
      this._emit(method === "known_member" ? "runtime.known_member(" : `runtime.member_${method}(`);
      this.#value(node.target, scope);
      this._emit(", ");
      if (key === undefined) this._compileExpression(node.val, scope);
      else this._emit(JSON.stringify(key));
      this._emit(")");
      return;
    }
    const name = JSON.stringify(key);
    this._emit("((o = ");
    this.#value(node.target, scope);
    this._emit(
      `) === undefined || o === null ? undefined : typeof (v = o[${name}]) === "function" ? ` +
        `${method}(o, v, ${name}) : v === undefined ? absent(o, ${name}) : v)`,
    );
  }

  /** The key, if it is known now and leads nowhere it should not. */
  #key(node: LookupNode): string | number | undefined {
    if (!is_literal(node.val)) return undefined;
    const { value } = node.val;
    if (typeof value === "string" && value.startsWith("_"))
      this.fail(
        `A template cannot read ${value}: names that begin with an underscore are private.`,
        node.lineno,
        node.colno,
      );
    if (typeof value === "number") return value;
    return typeof value === "string" && !CLOSED.has(value) ? value : undefined;
  }

  compileFunCall(node: CallNode, scope: Scope): void {
    const { name } = node;
    if (name.typename === "Symbol" && (name as SymbolNode).value === "super") {
      this.#super(node);
      return;
    }
    const called = JSON.stringify(label(name));
    this._emit(`(lineno = ${node.lineno}, colno = ${node.colno}, `);
    if (name.typename === "LookupVal") {
      const { target, val } = name as LookupNode;
      this.#key(name as LookupNode);
      this._emit("runtime.call_member(");
      this.#value(target, scope);
      this._emit(", ");
      this._compileExpression(val, scope);
    } else {
      this._emit("runtime.call(");
      this._compileExpression(name, scope);
    }
    this._emit(`, ${called}, context, `);
    this._compileAggregate(node.args, scope, "[", "]))");
  }

  #super(node: Node): void {
    if (!this.inBlock) this.fail("super() is for use inside a block.", node.lineno, node.colno);
    const name = this.#block;
    this._emit(`runtime.safe(context.getSuper(env, "${name}", b_${name}, frame))`);
  }

  compileFilter(node: CallNode, scope: Scope): void {
    const name = (node.name as SymbolNode).value;
    if (this.#env.filters[name] === undefined)
      this.fail(`There is no filter ${name}.`, node.lineno, node.colno);
    if (this.#env.asyncFilters.includes(name))
      this.fail(
        `A template is rendered at once: the filter ${name} cannot be asynchronous.`,
        node.lineno,
        node.colno,
      );
    this._emit(`env.filters[${JSON.stringify(name)}].call(context`);
    for (const [position, argument] of node.args.children.entries()) {
      this._emit(", ");
      if (position === 0) this.#value(argument, scope);
      else this.compile(argument, scope);
    }
    this._emit(")");
  }

  compileIs(node: BinaryNode, scope: Scope): void {
    const call = node.right.typename === "FunCall" ? (node.right as CallNode) : undefined;
    const name = String(((call?.name ?? node.right) as ValueNode).value);
    if (this.#env.tests[name] === undefined)
      this.fail(`There is no test ${name}.`, node.lineno, node.colno);
    this._emit(`(env.tests[${JSON.stringify(name)}].call(context, `);
    this.#value(node.left, scope);
    for (const argument of call?.args.children ?? []) {
      this._emit(", ");
      this.compile(argument, scope);
    }
    this._emit(") === true)");
  }

  override compilePair(node: PairNode, scope: Scope): void {
    const key = String((node.key as ValueNode).value);
    if (key !== "__proto__") {
      super.compilePair(node, scope);
      return;
    }
    this._emit('["__proto__"]: '); // otherwise it would be the prototype, not a key
    this._compileExpression(node.value, scope);
  }

  // --- truth: Python's, in which an empty list is false

  /** A JavaScript condition. */
  #test(node: Node, scope: Scope): void {
    switch (node.typename) {
      case "And":
      case "Or": {
        const { left, right } = node as BinaryNode;
        this._emit("(");
        this.#test(left, scope);
        this._emit(node.typename === "And" ? " && " : " || ");
        this.#test(right, scope);
        this._emit(")");
        return;
      }
      case "Not":
        this._emit("!");
        this.#test((node as UnaryNode).target, scope);
        return;
      case "Compare":
      case "In":
      case "Is":
        this._emit("(");
        this.compile(node, scope);
        this._emit(")");
        return;
      default:
        this._emit("runtime.truth(");
        this.#value(node, scope);
        this._emit(")");
    }
  }

  compileNot(node: UnaryNode, scope: Scope): void {
    this._emit("(");
    this.#test(node, scope);
    this._emit(")");
  }

  compileAnd(node: BinaryNode, scope: Scope): void {
    this.#choice(node, scope, false);
  }

  compileOr(node: BinaryNode, scope: Scope): void {
    this.#choice(node, scope, true);
  }

  /** The left value if its truth is `wanted`, else the right one. */
  #choice(node: BinaryNode, scope: Scope, wanted: boolean): void {
    this._emit(`(runtime.truth(o = `);
    this.#value(node.left, scope);
    this._emit(`) === ${wanted} ? o : `);
    this.#value(node.right, scope);
    this._emit(")");
  }

  compileInlineIf(node: IfNode, scope: Scope): void {
    this._emit("(");
    this.#test(node.cond, scope);
    this._emit(" ? ");
    this.#value(node.body, scope);
    this._emit(" : ");
    if (node.else_ === null) this._emit('""');
    else this.#value(node.else_, scope);
    this._emit(")");
  }

  compileIn(node: BinaryNode, scope: Scope): void {
    this._emit("runtime.contains(");
    this.#value(node.left, scope);
    this._emit(", ");
    this.#value(node.right, scope);
    this._emit(")");
  }

  compileConcat(node: BinaryNode, scope: Scope): void {
    this._emit("(raw(");
    this.#value(node.left, scope);
    this._emit(") + raw(");
    this.#value(node.right, scope);
    this._emit("))");
  }
}

function new_scope(): Scope {
  return new nunjucks_runtime.Frame() as unknown as Scope; // nunjucks uses one class for both
}

/** The JavaScript of a template: the body of a function of `runtime` and `failed` that returns root and blocks. */
export function compile(
  source: string,
  env: EnvironmentInternals,
  options: CompileOptions,
): string {
  let text = source;
  for (const { preprocess } of env.extensionsList) if (preprocess) text = preprocess(text);
  const root = parse(text, env.extensionsList, env.opts);
  const compiler = new TemplateCompiler(env, options);
  const bad = bad_name(root);
  if (bad !== undefined)
    compiler.fail(`${JSON.stringify(bad.value)} is not a name.`, bad.lineno, bad.colno);
  compiler._emitLine('"use strict"; const { text, raw, lookup, called, bound, absent } = runtime;');
  compiler.compile(root);
  return compiler.getCode();
}
