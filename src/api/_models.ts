/** The models of an endpoint's responses by status (docs/api.md, "Response models"). @module */
import { ImproperlyConfigured } from "../core/exceptions.ts";
import { repr } from "../utils/_python.ts";
import { check_keys, HEADER_KEYS, MODEL_KEYS } from "./_keys.ts";
import { ResponseKind } from "./_kinds.ts";
import { is_bodiless } from "./_no_content.ts";
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
  /** What a successful handler gives that is no data; of several the first. */
  readonly kind: ResponseKind | undefined;
  /** The status of what becomes of that kind. */
  readonly kind_status: number | undefined;
  /** Whether files or streams are declared, be it for an error. */
  readonly has_kinds: boolean;
  /** Whether a successful handler may give data. */
  readonly has_success_schema: boolean;
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
    const kind = successes.find(({ model }) => is_kind(model));
    this.kind = is_kind(kind?.model) ? kind.model : undefined;
    this.has_kinds = (this.all ?? []).some(({ model }) => is_kind(model));
    this.has_success_schema = successes.some(({ model }) => model !== null && !is_kind(model));
    this.status = declared ?? only?.status ?? (this.success === null ? 204 : undefined);
    this.kind_status = this.status ?? kind?.status ?? this.kind?.status;
    if (declared !== undefined) this.#check_status(declared);
  }

  /** The schema of success, if there is one. */
  get success_schema(): Schema | undefined {
    const { success } = this;
    return success === null || is_kind(success) ? undefined : success;
  }

  /** The kind of file or stream that is declared for this status. */
  kind_of(status: number): ResponseKind | undefined {
    const model = this.#find(status);
    return is_kind(model) ? model : undefined;
  }

  /** `null` if no content is declared for this status, else `undefined`. */
  null_of(status: number): null | undefined {
    return this.#find(status) === null ? null : undefined;
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
    if (model === undefined || is_kind(model))
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

function is_kind(model: Model | undefined): model is ResponseKind {
  return model instanceof ResponseKind;
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
  const entries = Object.entries(response);
  if (entries.length === 0)
    throw new ImproperlyConfigured(
      `The response of ${label} declares nothing: leave it out, or name a model.`,
    );
  return entries.map(([key, given]) => {
    const status = Number(key);
    if (!Number.isInteger(status) || status < 100 || status > 599)
      throw new ImproperlyConfigured(
        `The response of ${label} is no schema, and as models by status it has the key ${repr(key)}: ` +
          "a status is from 100 to 599.",
      );
    const entry = is_model(given) ? { model: given } : given;
    if (!is_model(entry?.model))
      throw new ImproperlyConfigured(
        `The response of ${label} has no model for the status ${status}, but ${repr(given)}: give a schema, null, file(), ` +
          "sse() or jsonl().",
      );
    check_keys(entry, MODEL_KEYS, `The response of ${label} for the status ${status}`);
    for (const [name, header] of Object.entries(entry.headers ?? {}))
      check_keys(header, HEADER_KEYS, `The response header ${repr(name)} of ${label}`);
    refuse_content(entry.model, status, label);
    return { ...entry, status };
  });
}

function is_model(value: unknown): value is Model {
  return value === null || value instanceof ResponseKind || is_schema(value);
}

function refuse_content(model: Model, status: number, label: string): void {
  if (model !== null && is_bodiless(status))
    throw new ImproperlyConfigured(
      `${label} declares content for the status ${status}, which has none: declare null.`,
    );
}
