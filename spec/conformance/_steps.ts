/** The verbs: each does what a step says and gives what there is to compare. @module */
import { inspect } from "node:util";
import { run, type Work } from "./_async.ts";
import { same, settled, Thrown } from "./_compare.ts";
import { set_clock } from "./_clock.ts";
import type { Step } from "./_format.ts";
import { exported, is_callable, is_target, located, type Callable } from "./_modules.ts";
import { call_member, is_dict, Missing, printed, read_member, write_member } from "./_names.ts";
import { client_view } from "./_response.ts";
import type { Scope } from "./_scope.ts";
import { decode, decode_arguments } from "./_values.ts";

/** Does one step: gives its result, under the name it may have, or throws what it threw. */
export function* perform(step: Step, scope: Scope): Work<unknown> {
  const result = settled_if_compared(yield verb_of(step)(step, scope), step);
  if (step.as !== undefined) scope.write(step.as, result);
  return result;
}

/** Does steps one after the other, as a view or a hook does: nothing is compared, and the first error ends them. */
export function* perform_all(steps: readonly Step[], scope: Scope): Work<void> {
  for (const step of steps) yield* perform(step, scope);
}

/** What is compared: the result, or the members of it that the step picks. */
export function* outcome(step: Step, result: unknown): Work<unknown> {
  const { pick } = step;
  if (pick === undefined || result === null || result === undefined) return result;
  if (step.iterate === undefined) return yield* picked(result, pick);
  const items: unknown[] = [];
  for (const item of Array.isArray(result) ? result : []) items.push(yield* picked(item, pick));
  return items;
}

/** Gives the result of a step, or the promise of it. */
type Verb = (step: Step, scope: Scope) => unknown;

const VERBS = new Map<string, Verb>([
  ["new", make],
  ["call", (step, scope) => call(step.call ?? "", decode_arguments(step, scope), scope)],
  ["get", (step, scope) => exported_or_named(step.get ?? "", scope)],
  ["set", set],
  ["let", (step, scope) => decode(step.let ?? null, scope)],
  ["iterate", (step, scope) => run(loop(step, scope))],
  ["str", (step, scope) => text_for_reader(scope.read(step.str ?? ""))],
  ["repr", printed_by_console],
  ["same", are_same],
  ["response", (step, scope) => run(see(step, scope))],
  ["now", (step) => set_clock(step.now)],
]);

function make(step: Step, scope: Scope): unknown {
  const made = exported_or_named(step.new ?? "", scope);
  if (!is_callable(made)) throw new Missing(`${step.new} is not a class`);
  const args = decode_arguments(step, scope);
  // the get_response of a middleware may be another middleware
  return Reflect.construct(made, is_middleware(made.prototype) ? args.map(as_function) : args);
}

function set(step: Step, scope: Scope): void {
  const [holder, name] = holder_of(step.set ?? "", scope);
  write_member(holder, name, decode(step.value ?? null, scope));
}

function* loop(step: Step, scope: Scope): Work<unknown> {
  const iterated = exported_or_named(step.iterate ?? "", scope);
  const items = yield items_of(iterated, step.async === true);
  if (!Array.isArray(items) || step.each === undefined) return items;
  const each: unknown[] = [];
  for (const item of items) each.push(yield member_of_each(item, step.each));
  return each;
}

function printed_by_console(step: Step, scope: Scope): string {
  const value = scope.read(step.repr ?? "");
  return printed(value, inspect(value));
}

function are_same(step: Step, scope: Scope): boolean {
  const [a = null, b = null] = step.same ?? [];
  return same(decode(a, scope), decode(b, scope));
}

function* see(step: Step, scope: Scope): Work<unknown> {
  return yield* client_view(step, scope.read(step.response ?? ""), hidden_texts(step, scope));
}

function verb_of(step: Step): Verb {
  for (const key of Object.keys(step)) {
    const verb = VERBS.get(key);
    if (verb !== undefined) return verb;
  }
  throw new Missing(`${JSON.stringify(step)} has no verb`);
}

/** An iterator can be read once: one that is compared is named as the list of its items. */
function settled_if_compared(result: unknown, step: Step): unknown {
  return step.returns === undefined ? result : settled(result);
}

function exported_or_named(target: string, scope: Scope): unknown {
  return is_target(target) ? exported(target) : scope.read(target);
}

/** The object that has the last member of a target, and the name of that member. */
function holder_of(target: string, scope: Scope): [holder: unknown, name: string] {
  const end = target.lastIndexOf(".");
  return [scope.read(target.slice(0, end)), target.slice(end + 1)];
}

function call(target: string, args: readonly unknown[], scope: Scope): unknown {
  if (is_target(target)) return call_exported(target, args);
  if (target.includes(".")) {
    const [holder, name] = holder_of(target, scope);
    return call_member(holder, name, args);
  }
  const called = as_function(scope.read(target));
  if (!is_callable(called)) throw new Missing(`${target} is not a function`);
  return called(...args);
}

function is_middleware(value: unknown): value is { call: Callable } {
  return typeof value === "object" && value !== null && "call" in value && is_callable(value.call);
}

/** A function for what Python calls like one. */
function as_function(value: unknown): unknown {
  return is_middleware(value) ? (...args: unknown[]): unknown => value.call(...args) : value;
}

function call_exported(target: string, args: readonly unknown[]): unknown {
  const { holder, value } = located(target);
  if (!is_callable(value)) throw new Missing(`${target} is not a function`);
  return Reflect.apply(value, holder, args);
}

/** What a loop gives: by `for … of` at once, or else by `for await … of`. */
function items_of(value: unknown, asynchronous: boolean): unknown[] | Promise<unknown[]> {
  if (is_dict(value) && !is_iterable(value)) return Object.keys(value);
  if (value instanceof Map && value.constructor === Map) return [...value.keys()]; // a dict, again
  if (!asynchronous && is_iterable(value)) return [...value];
  return collect(value);
}

async function collect(value: unknown): Promise<unknown[]> {
  if (!is_iterable(value) && !is_async_iterable(value))
    throw new TypeError(`${inspect(value)} is not iterable`);
  const items: unknown[] = [];
  for await (const item of value) items.push(item);
  return items;
}

function is_iterable(value: unknown): value is Iterable<unknown> {
  return has_function(value, Symbol.iterator);
}

function is_async_iterable(value: unknown): value is AsyncIterable<unknown> {
  return has_function(value, Symbol.asyncIterator);
}

function has_function(value: unknown, key: symbol): boolean {
  if (value === null || value === undefined) return false;
  return typeof Reflect.get(Object(value) as object, key, value) === "function";
}

function member_of_each(item: unknown, each: string): unknown {
  return each === "str" ? text_for_reader(item) : read_member(item, each);
}

function text_for_reader(value: unknown): string {
  return printed(value, String(value));
}

/** An object of these members of a value; `name()` calls one. */
function* picked(value: unknown, members: readonly string[]): Work<unknown> {
  const found: [string, unknown][] = [];
  for (const member of members) {
    let read: unknown;
    try {
      read = yield pick_member(value, member);
    } catch (error) {
      read = new Thrown(error);
    }
    found.push([member, read]);
  }
  return Object.fromEntries(found);
}

function pick_member(value: unknown, path: string): unknown {
  const names = path.replace("()", "").split(".");
  const last = names.pop() ?? "";
  const holder = names.reduce(read_member, value);
  return path.endsWith("()") ? call_member(holder, last, []) : read_member(holder, last);
}

/** The texts that a `response` step hides, with what is written in their place. */
function hidden_texts(step: Step, scope: Scope): [text: string, name: string][] {
  return (step.hide ?? [])
    .filter((name) => scope.has(name))
    .map((name): [string, string] => [String(scope.read(name) ?? ""), name])
    .filter(([text]) => text !== "");
}
