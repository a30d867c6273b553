/** What a handler is given: the parts of a request that its spec declares, checked. @module */
import { ImproperlyConfigured } from "../core/exceptions.ts";
import type { HttpRequest } from "../http/request.ts";
import { is_promise, type Maybe } from "../utils/_promise.ts";
import { Faults } from "./_faults.ts";
import { type Part, parts_of } from "./_parts.ts";
import { stackless } from "./_stackless.ts";
import { RequestValidationError } from "./exceptions.ts";
import type { Parser } from "./parsers.ts";
import { type Fault, type Validated, validated } from "./schema.ts";
import type { Spec } from "./spec.ts";

const WITHOUT_BODY: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/** The second argument of a handler. */
export type HandlerArgs = Record<string, unknown>;

/** The declared parts of one endpoint. Everything that schemas tell of themselves is read when it is made. */
export class Parameters {
  readonly #parts: readonly Part[];

  /**
   * @param label What errors call the endpoint.
   * @param methods Those it answers. Default: those of the spec, if it has any.
   * @throws ImproperlyConfigured for `body` and `form` together, one of them with a method that has no body, and a part
   * that is no schema.
   */
  constructor(spec: Spec, label: string, methods: readonly string[] = spec.methods ?? []) {
    check_body(spec, label, methods);
    this.#parts = parts_of(spec, label);
  }

  /** Whether nothing is declared: the handler is given what the path gave. */
  get is_empty(): boolean {
    return this.#parts.length === 0;
  }

  /**
   * The values of the path and the outputs of the schemas. What is not declared is not touched.
   * @throws RequestValidationError with the faults of all parts; before that what is wrong with the body as a whole.
   */
  read(request: HttpRequest, kwargs: HandlerArgs, parsers: readonly Parser[]): Maybe<HandlerArgs> {
    const reading = new Reading(kwargs);
    const done = this.#read_from(0, reading, request, parsers);
    return is_promise(done) ? done.then(() => reading.result()) : reading.result();
  }

  #read_from(
    first: number,
    reading: Reading,
    request: HttpRequest,
    parsers: readonly Parser[],
  ): Maybe<void> {
    for (let at = first; at < this.#parts.length; at += 1) {
      const part = this.#parts[at];
      if (part === undefined) break;
      const value = part.source(request, reading.kwargs, parsers);
      const done = is_promise(value)
        ? value.then((ready) => reading.check(part, ready))
        : reading.check(part, value);
      if (is_promise(done))
        return done.then(() => this.#read_from(at + 1, reading, request, parsers));
    }
  }
}

/** What has been read of one request. */
class Reading {
  readonly kwargs: HandlerArgs;
  #args: HandlerArgs;
  #faults: readonly Fault[] | undefined;

  constructor(kwargs: HandlerArgs) {
    this.kwargs = kwargs;
    this.#args = copy(kwargs);
  }

  /** Lets the schema of a part check its value. */
  check(part: Part, value: unknown): Maybe<void> {
    const result = validated(part.schema, value, part.loc);
    return is_promise(result)
      ? result.then((ready) => this.#take(part, ready))
      : this.#take(part, result);
  }

  #take({ name }: Part, { faults, value }: Validated): void {
    if (faults !== undefined)
      this.#faults = this.#faults === undefined ? faults : joined(this.#faults, faults);
    else if (name === "path") this.#args = copy(value);
    else this.#args[name] = value;
  }

  result(): HandlerArgs {
    const faults = this.#faults;
    if (faults === undefined) return this.#args;
    throw stackless(() => new RequestValidationError(faults));
  }
}

/** The faults of both, in bounds: those of one part are. */
function joined(some: readonly Fault[], others: readonly Fault[]): readonly Fault[] {
  const faults = new Faults();
  faults.add(some);
  faults.add(others);
  return faults.list;
}

/** Own properties only, and none of them a prototype. */
function copy(values: unknown): HandlerArgs {
  const result = Object.create(null) as HandlerArgs; // an object without a prototype is one
  if (typeof values !== "object" || values === null) return result;
  const source = values as HandlerArgs; // any object can be read by name
  for (const name of Object.keys(source)) result[name] = source[name];
  return result;
}

function check_body(spec: Spec, label: string, methods: readonly string[]): void {
  if (spec.body === undefined && spec.form === undefined) return;
  if (spec.body !== undefined && spec.form !== undefined) {
    throw new ImproperlyConfigured(
      `${label} declares both body and form. A request has one body: keep form for HTML forms and files, body for JSON.`,
    );
  }
  const method = methods.find((name) => WITHOUT_BODY.has(name.toUpperCase()));
  if (method === undefined) return;
  const part = spec.body === undefined ? "form" : "body";
  throw new ImproperlyConfigured(
    `${label} declares ${part}, but answers ${method}, which comes without a body. Declare query, or another method.`,
  );
}
