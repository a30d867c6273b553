/** The expressions of a template, as JavaScript. @module */
import { type Signature, signature_of } from "./_django_filters.ts";
import { is_list, is_literal, label } from "./_nodes.ts";
import {
  Compiler,
  type BinaryNode,
  type CallNode,
  type EnvironmentInternals,
  type IfNode,
  type LookupNode,
  type Node,
  type PairNode,
  type Scope,
  type SymbolNode,
  type UnaryNode,
  type ValueNode,
} from "./_nunjucks.ts";

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

/** Compiles expressions; what it emits stands inside a statement. */
export class ExpressionCompiler extends Compiler {
  protected readonly env: EnvironmentInternals;
  protected readonly options: CompileOptions;
  /** Texts of the template that filters are given as HTML, in JavaScript. */
  readonly literals: string[] = [];
  /** The name of the block that is being compiled. */
  protected block = "";

  constructor(env: EnvironmentInternals, options: CompileOptions) {
    super(options.name, false);
    this.env = env;
    this.options = options;
  }

  compileSymbol(node: SymbolNode, scope: Scope): void {
    const id = scope.lookup(node.value);
    this._emit(id ?? `lookup(context, frame, ${JSON.stringify(node.value)})`);
  }

  compileLookupVal(node: LookupNode, scope: Scope): void {
    this.emit_lookup(node, scope, "bound");
  }

  /** The value of a node: a method that needs no arguments is called, as in Django's language. */
  protected emit_value(node: Node, scope: Scope): void {
    if (node.typename === "LookupVal") this.emit_lookup(node as LookupNode, scope, "called");
    else if (is_list(node, "Group") && node.children.length === 1 && node.children[0])
      this.emit_value(node.children[0], scope);
    else this.compile(node, scope);
  }

  protected emit_lookup(
    node: LookupNode,
    scope: Scope,
    method: "bound" | "called" | "known_member",
  ): void {
    const key = this.#key(node);
    if (key === undefined || method === "known_member") {
      this._emit(method === "known_member" ? "runtime.known_member(" : `runtime.member_${method}(`);
      this.emit_value(node.target, scope);
      this._emit(", ");
      if (key === undefined) this._compileExpression(node.val, scope);
      else this._emit(JSON.stringify(key));
      this._emit(")");
      return;
    }
    const name = JSON.stringify(key);
    this._emit("((o = ");
    this.emit_value(node.target, scope);
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
      this.emit_value(target, scope);
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
    const name = this.block;
    this._emit(`runtime.safe(context.getSuper(env, "${name}", b_${name}, frame))`);
  }

  compileFilter(node: CallNode, scope: Scope): void {
    const name = (node.name as SymbolNode).value;
    if (this.env.filters[name] === undefined)
      this.fail(`There is no filter ${name}.`, node.lineno, node.colno);
    if (this.env.asyncFilters.includes(name))
      this.fail(
        `A template is rendered at once: the filter ${name} cannot be asynchronous.`,
        node.lineno,
        node.colno,
      );
    const signature = signature_of(this.env.filters[name]);
    if (signature !== undefined) this.#check_arguments(node, name, signature);
    this._emit(`env.filters[${JSON.stringify(name)}].call(context`);
    for (const [position, argument] of node.args.children.entries()) {
      this._emit(", ");
      if (position === 0) this.emit_value(argument, scope);
      else if (signature?.shows_argument && is_literal(argument)) this.emit_literal(argument);
      else this.compile(argument, scope);
    }
    this._emit(")");
  }

  #check_arguments(node: CallNode, name: string, { args, other }: Signature): void {
    const given = node.args.children.slice(1);
    const wanted_count = args === "none" ? 0 : 1;
    const right = given.length === wanted_count || other.includes(given.length);
    if (given.some((argument) => argument.typename === "KeywordArgs"))
      this.fail(`The filter ${name} has no named arguments.`, node.lineno, node.colno);
    if (right || (args === "optional" && given.length === 0)) return;
    const wanted = { none: "no argument", one: "one argument", optional: "at most one argument" };
    this.fail(
      `The filter ${name} takes ${wanted[args]}, as Django's does; here it has ${given.length}.`,
      node.lineno,
      node.colno,
    );
  }

  /** A text of the template's own: in Django it is HTML. */
  protected emit_literal(node: ValueNode): void {
    const { value } = node;
    if (typeof value !== "string") {
      this.compile(node);
      return;
    }
    const text = JSON.stringify(value);
    let at = this.literals.indexOf(text);
    if (at < 0) at = this.literals.push(text) - 1;
    this._emit(`literals[${at}]`);
  }

  compileIs(node: BinaryNode, scope: Scope): void {
    const call = node.right.typename === "FunCall" ? (node.right as CallNode) : undefined;
    const name = String(((call?.name ?? node.right) as ValueNode).value);
    if (this.env.tests[name] === undefined)
      this.fail(`There is no test ${name}.`, node.lineno, node.colno);
    this._emit(`(env.tests[${JSON.stringify(name)}].call(context, `);
    this.emit_value(node.left, scope);
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
  protected emit_test(node: Node, scope: Scope): void {
    switch (node.typename) {
      case "And":
      case "Or": {
        const { left, right } = node as BinaryNode;
        this._emit("(");
        this.emit_test(left, scope);
        this._emit(node.typename === "And" ? " && " : " || ");
        this.emit_test(right, scope);
        this._emit(")");
        return;
      }
      case "Not":
        this._emit("!");
        this.emit_test((node as UnaryNode).target, scope);
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
        this.emit_value(node, scope);
        this._emit(")");
    }
  }

  compileNot(node: UnaryNode, scope: Scope): void {
    this._emit("(");
    this.emit_test(node, scope);
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
    this.emit_value(node.left, scope);
    this._emit(`) === ${wanted} ? o : `);
    this.emit_value(node.right, scope);
    this._emit(")");
  }

  compileInlineIf(node: IfNode, scope: Scope): void {
    this._emit("(");
    this.emit_test(node.cond, scope);
    this._emit(" ? ");
    this.emit_value(node.body, scope);
    this._emit(" : ");
    if (node.else_ === null) this._emit('""');
    else this.emit_value(node.else_, scope);
    this._emit(")");
  }

  compileIn(node: BinaryNode, scope: Scope): void {
    this._emit("runtime.contains(");
    this.emit_value(node.left, scope);
    this._emit(", ");
    this.emit_value(node.right, scope);
    this._emit(")");
  }

  compileConcat(node: BinaryNode, scope: Scope): void {
    this._emit("(raw(");
    this.emit_value(node.left, scope);
    this._emit(") + raw(");
    this.emit_value(node.right, scope);
    this._emit("))");
  }
}
