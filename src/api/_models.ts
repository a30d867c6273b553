/** The models of an endpoint's responses by status (docs/api.md, "Response models"). @module */
import { ImproperlyConfigured } from "../core/exceptions.ts";
import { repr } from "../utils/_python.ts";
import { ResponseKind } from "./_kinds.ts";
import { ResponseValidationError } from "./exceptions.ts";
import { is_schema, type Schema } from "./schema.ts";
import type { Model, ModelEntry, ResponseSpec, Spec } from "./spec.ts";

/** A model of one status, with what the document says of it. */
export interface StatusModel extends ModelEntry {
  /** `undefined` for a model that any status of success may have. */
  readonly status: number | undefined;
}

/** The models that `response` declares, and the status of success. */
export class Models {
  /** In the order in which they were declared; `undefined` if none were. */
  readonly all: readonly StatusModel[] | undefined;
  /** What a successful handler gives that is no data. */
  readonly kind: ResponseKind | undefined;
  /** The model of success; `undefined` if there is none, or more than one. */
  readonly success: Model | undefined;
  /** The status of success, if the spec or the models leave no choice. */
  readonly status: number | undefined;
  readonly #label: string;
  readonly #by_status: Map<number, Model> = new Map<number, Model>();

  /** @throws ImproperlyConfigured for a status that is none, and for content where a status has none. */
  constructor({ response, status: declared }: Spec, label: string) {
    this.#label = label;
    this.all = status_models(response, label);
    for (const { status, model } of this.all ?? [])
      if (status !== undefined) this.#by_status.set(status, model);
    const successes = (this.all ?? []).filter(
      ({ status }) => status === undefined || is_success(status),
    );
    const [first] = successes;
    const only = successes.length === 1 ? first : undefined;
    this.success = only?.model;
    this.kind = only?.model instanceof ResponseKind ? only.model : undefined;
    this.status = declared ?? only?.status ?? (this.success === null ? 204 : undefined);
    if (declared !== undefined) this.#check_status(declared);
  }

  /** The schema of success, if there is one. */
  get success_schema(): Schema | undefined {
    const { success } = this;
    return success === null || success instanceof ResponseKind ? undefined : success;
  }

  /** @throws ImproperlyConfigured for a status of the endpoint that is none, has no model, or no content but a schema. */
  #check_status(status: number): void {
    if (!Number.isInteger(status) || status < 200 || status > 599)
      throw new ImproperlyConfigured(
        `${this.#label} has the status ${repr(status)}: the status of an endpoint is from 200 to 599.`,
      );
    if (this.all === undefined) return;
    const model = this.#find(status);
    if (model === undefined)
      throw new ImproperlyConfigured(
        `${this.#label} has the status ${status}, for which its response declares nothing. Add a model for it.`,
      );
    refuse_content(model, status, this.#label);
  }

  #find(status: number): Model | undefined {
    const exact = this.#by_status.get(status);
    if (exact !== undefined) return exact;
    const [first] = this.all ?? [];
    return first?.status === undefined && is_success(status) ? first?.model : undefined;
  }

  /**
   * The schema for data of this status; `null`: it has no content; `undefined`: nothing is declared at all.
   * @throws ResponseValidationError for a status for which nothing, or no data, is declared.
   */
  of(status: number): Schema | null | undefined {
    if (this.all === undefined) return undefined;
    const model = this.#find(status);
    if (model === undefined || model instanceof ResponseKind)
      throw new ResponseValidationError([
        {
          msg: `${this.#label} declares no data for the status ${status}.`,
          type: "undeclared_status",
          loc: ["response"],
        },
      ]);
    return model;
  }
}

/** Whether the status is one of success (RFC 9110 §15.3). */
export function is_success(status: number): boolean {
  return status >= 200 && status < 300;
}

function status_models(
  response: ResponseSpec | undefined,
  label: string,
): readonly StatusModel[] | undefined {
  if (response === undefined) return undefined;
  if (is_model(response)) return [{ status: undefined, model: response }];
  return Object.entries(response).map(([key, given]) => {
    const status = Number(key);
    if (!Number.isInteger(status) || status < 100 || status > 599)
      throw new ImproperlyConfigured(
        `The response of ${label} is no schema, and as models by status it has the key ${repr(key)}: ` +
          "a status is from 100 to 599.",
      );
    const entry = is_model(given) ? { model: given } : given;
    refuse_content(entry.model, status, label);
    return { ...entry, status };
  });
}

function is_model(value: unknown): value is Model {
  return value === null || value instanceof ResponseKind || is_schema(value);
}

function refuse_content(model: Model, status: number, label: string): void {
  if (model !== null && (status === 204 || status === 304 || status < 200))
    throw new ImproperlyConfigured(
      `${label} declares content for the status ${status}, which has none: declare null.`,
    );
}
