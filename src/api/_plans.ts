/** What follows for an endpoint from its layers and the settings. @module */
import { Answers } from "./_answers.ts";
import { Effects } from "./_effects.ts";
import { Models } from "./_models.ts";
import { api_version } from "./_settings.ts";
import { type Effective, effective } from "./layers.ts";
import type { Layer, Spec } from "./spec.ts";

/** What follows from the layers; made anew when the `API` setting changes. */
export interface Plan {
  readonly version: number;
  readonly effective: Effective;
  readonly answers: Answers;
  readonly effects: Effects;
}

/** What plans are made of. */
export interface PlansInit {
  readonly spec: Spec;
  /** Those around the endpoint, outermost first, and the spec. */
  readonly layers: readonly Layer[];
  readonly methods: readonly string[];
  readonly label: string;
}

/** The plan of an endpoint. It follows from the settings, too: so it waits until it is needed. */
export class Plans {
  readonly #init: PlansInit;
  readonly #models: Models;
  #known: Plan | undefined;

  /** @throws ImproperlyConfigured for models that contradict the spec. */
  constructor(init: PlansInit) {
    this.#init = init;
    this.#models = new Models(init.spec, init.label);
  }

  /** The plan by the settings that are in force. */
  get now(): Plan {
    const plan = this.#known;
    return plan !== undefined && plan.version === api_version() ? plan : this.#make();
  }

  #make(): Plan {
    const { spec, layers, methods, label } = this.#init;
    const merged = effective(layers);
    this.#known = {
      version: api_version(),
      effective: merged,
      answers: new Answers(spec, this.#models, merged, methods, label),
      effects: new Effects(merged),
    };
    return this.#known;
  }
}
