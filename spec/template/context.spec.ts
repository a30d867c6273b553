import { expect } from "chai";
import { describe, it } from "mocha";
import { KeyError, RuntimeError } from "nuages/core/exceptions";
import {
  BaseContext,
  Context,
  ContextPopException,
  make_context,
  RenderContext,
  RequestContext,
} from "nuages/template/context";
import { RequestFactory } from "nuages/test";

const BOTTOM = { True: true, False: false, None: null };

describe("template/context: BaseContext", () => {
  it("has True, False and None at its bottom", () => {
    const context = new BaseContext({ a: 1 });
    expect({ ...context.flatten() }).to.deep.equal({ ...BOTTOM, a: 1 });
    expect(context.getitem("True")).to.equal(true);
  });

  it("finds the last value of a name", () => {
    const context = new BaseContext({ a: 1 });
    context.push({ a: 2 }, { b: 3 });
    expect([context.get("a"), context.get("b"), context.has("c")]).to.deep.equal([2, 3, false]);
    context.pop();
    expect(context.get("a")).to.equal(1);
  });

  it("gives a default for a name that is missing, or throws KeyError", () => {
    const context = new BaseContext();
    expect(context.get("x", 5)).to.equal(5);
    expect(() => context.getitem("x")).to.throw(KeyError);
    expect(() => context.delete("x")).to.throw(KeyError);
    expect(context.has("toString")).to.equal(false);
  });

  it("sets in the last layer, or where the name is", () => {
    const context = new BaseContext({ a: 1 });
    context.push({});
    context.set("a", 2);
    context.pop();
    context.push({});
    context.set_upward("a", 3);
    context.set_upward("b", 4);
    context.pop();
    expect([context.get("a"), context.get("b")]).to.deep.equal([3, undefined]);
  });

  it("setdefault keeps what is there", () => {
    const context = new BaseContext({ a: null });
    expect([
      context.setdefault("a", 1),
      context.setdefault("b", 2),
      context.get("b"),
    ]).to.deep.equal([null, 2, 2]);
  });

  it("refuses to take away its bottom", () => {
    expect(() => new BaseContext().pop()).to.throw(ContextPopException);
  });

  it("pushes the layers of another context", () => {
    const other = new Context({ a: 1 });
    other.push({ b: 2 });
    const context = new BaseContext(other);
    expect(context.dicts).to.have.length(3);
    context.push(other);
    expect({ ...context.top() }).to.deep.equal({ a: 1, b: 2 });
  });

  it("new drops the values, copy keeps them", () => {
    const context = new Context({ a: 1 }, { autoescape: false });
    const fresh = context.new({ b: 2 });
    expect([fresh.autoescape, fresh.has("a"), fresh.get("b")]).to.deep.equal([false, false, 2]);
    const copy = context.copy();
    copy.push({ a: 2 });
    expect([copy.get("a"), context.get("a"), copy instanceof Context]).to.deep.equal([2, 1, true]);
  });

  it("goes through its layers from the last one, and is shown as their list", () => {
    const context = new BaseContext({ a: 1 });
    expect([...context].map((layer) => Object.keys(layer))).to.deep.equal([
      ["a"],
      ["True", "False", "None"],
    ]);
    expect([...context]).to.have.length(2);
  });

  it("a layer ends with its scope", () => {
    const context = new BaseContext();
    const layer = context.push({ a: 1 });
    layer[Symbol.dispose]();
    expect(context.has("a")).to.equal(false);
  });
});

describe("template/context: Context", () => {
  it("update puts on a layer", () => {
    const context = new Context({ a: 1 });
    context.update({ a: 2 });
    expect([context.get("a"), context.dicts.length]).to.deep.equal([2, 3]);
    context.update(new Context({ a: 3 }));
    expect(context.get("a")).to.equal(3);
    expect(() => context.update(5 as never)).to.throw(TypeError);
  });

  it("belongs to one template at a time", () => {
    const context = new Context();
    const given = context.bind_template({}, () => {
      expect(() => context.bind_template({}, () => 1)).to.throw(RuntimeError);
      return 2;
    });
    expect([given, context.template]).to.deep.equal([2, null]);
  });

  it("its render_context shows the last layer only", () => {
    const state = new RenderContext({ a: 1 });
    state.push({ b: 2 });
    expect([state.get("a"), state.get("b"), state.has("a")]).to.deep.equal([undefined, 2, false]);
  });
});

describe("template/context: RequestContext", () => {
  const request = new RequestFactory().get("/");
  const engine = { template_context_processors: [() => ({ a: "engine", b: "engine" })] };

  it("has what the processors give while it is bound; what is given later counts before that", () => {
    const processors = [() => ({ b: "own", c: "own" })];
    const context = new RequestContext(request, null, { processors });
    context.set("c", "set");
    const seen = context.bind_template({ backend: engine }, () =>
      ["a", "b", "c"].map((name) => context.get(name)),
    );
    expect(seen).to.deep.equal(["engine", "own", "set"]);
    expect(context.has("a")).to.equal(false);
    expect(context.copy().request).to.equal(request);
  });

  it("new has no place for the processors", () => {
    const context = new RequestContext(request).new({ x: 1 });
    context.bind_template({ backend: engine }, () => {
      expect([context.get("x"), context.get("a")]).to.deep.equal([1, undefined]);
    });
  });

  it("make_context makes the one or the other", () => {
    expect(make_context({ a: 1 })).not.to.be.instanceOf(RequestContext);
    expect(make_context(null).get("a")).to.equal(undefined);
    const context = make_context({ a: "given" }, request);
    expect(context).to.be.instanceOf(RequestContext);
    context.bind_template({ backend: engine }, () => {
      expect([context.get("a"), context.get("b")]).to.deep.equal(["given", "engine"]);
    });
    expect(() => make_context(new Context() as never)).to.throw(TypeError);
    expect(() => make_context("x" as never)).to.throw(TypeError);
  });
});
