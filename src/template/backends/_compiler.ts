/**
 * From a parsed template to JavaScript.
 *
 * nunjucks parses templates and compiles simple expressions; what surrounds them is made here, for four reasons: an error
 * names its template and line, names that lead to constructors are out of reach, truth and text are Python's as in
 * Django's engines, and a loop costs a third of the time. Rendering is synchronous, so there are no callbacks. @module
 */
import { type CompileOptions, ExpressionCompiler } from "./_expressions.ts";
import {
  bad_name,
  is_filter_block,
  is_list,
  is_value,
  label,
  uses_frame,
  uses_name,
  walk,
} from "./_nodes.ts";
import {
  nunjucks_runtime,
  parse,
  type BlockNode,
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
  type ValueNode,
} from "./_nunjucks.ts";

class TemplateCompiler extends ExpressionCompiler {
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
    this.block = name;
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
    const escape = this.options.autoescape && !is_filter_block(node) ? "text" : "raw";
    const mode = this.options.undefined;
    if (mode === "empty" || !is_value(node)) {
      this._emit(`${escape}(`);
      this.emit_value(node, scope);
      this._emit(")");
      return;
    }
    this._emit(`${escape}(runtime.${mode}(`);
    if (node.typename === "Symbol" && scope.lookup((node as SymbolNode).value) === undefined)
      this._emit(`runtime.known(context, frame, ${JSON.stringify((node as SymbolNode).value)})`);
    else if (node.typename === "LookupVal")
      this.emit_lookup(node as LookupNode, scope, "known_member");
    else this.emit_value(node, scope);
    this._emit(`, ${JSON.stringify(label(node))}))`);
  }

  compileIf(node: IfNode, scope: Scope): void {
    this.#at(node);
    this._emit("if (");
    this.emit_test(node.cond, scope);
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
    this.emit_value(node.arr, scope);
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
    this._emitLine(`${this.options.autoescape ? "runtime.safe" : ""}((function () {`);
    this._emitLine('var o, v, output = "";');
    this.compile(node.body, scope);
    this._emitLine("return output;");
    this._emitLine("})())");
    this.buffer = outer;
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
  compiler.compile(root);
  const head = '"use strict"; const { text, raw, lookup, called, bound, absent } = runtime;';
  const literals = compiler.literals.map((literal) => `runtime.safe(${literal})`).join(", ");
  return `${head}\nconst literals = [${literals}];\n${compiler.getCode()}`;
}
