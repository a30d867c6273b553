/** `CheckRegistry`: which checks there are, and running them. @module */
import { repr } from "../../utils/_python.ts";
import type { CheckMessage } from "./messages.ts";

const TAGS = {
  admin: "admin",
  async_support: "async_support",
  caches: "caches",
  commands: "commands",
  compatibility: "compatibility",
  database: "database",
  files: "files",
  gis: "gis",
  mail: "mail",
  models: "models",
  security: "security",
  signals: "signals",
  sites: "sites",
  staticfiles: "staticfiles",
  templates: "templates",
  translation: "translation",
  urls: "urls",
} as const;

/** The tags of the checks that come with the framework, and Django's other ones. */
export const Tags: Readonly<typeof TAGS> = Object.freeze(TAGS);

/** What a check is given. */
export interface CheckArguments {
  /** The applications to look at; `null`: all. The checks that come with the framework do not ask. */
  app_configs: readonly unknown[] | null;
  /** The databases that checks may use. */
  databases: readonly string[];
}

/** Looks at the settings, and gives what it finds. It has no time to wait: a promise is refused. */
export type Check = (options: CheckArguments) => Iterable<CheckMessage>;

/** A check that was registered. */
export type RegisteredCheck = Check & { tags?: readonly string[] };

/** Options of `register`. */
export interface RegisterOptions {
  /** Only for `check --deploy`. Default `false`. */
  deploy?: boolean | undefined;
}

/** Options of `run_checks`. */
export interface RunChecksOptions {
  /** Handed to the checks. Default `null`. */
  app_configs?: readonly unknown[] | null | undefined;
  /** Only checks with one of these tags. Default: all but those of databases. */
  tags?: Iterable<string> | null | undefined;
  /** With the checks for deployment. Default `false`. */
  include_deployment_checks?: boolean | undefined;
  /** Handed to the checks; with one, those of databases run too. Default: none. */
  databases?: readonly string[] | null | undefined;
}

/** Options of the questions about tags. */
export interface DeploymentOptions {
  /** With the checks for deployment. Default `false`. */
  include_deployment_checks?: boolean | undefined;
}

type Registrar = <C extends Check>(check: C) => C;

/** Checks, of which each is there once. */
export class CheckRegistry {
  readonly registered_checks: Set<RegisteredCheck> = new Set();
  /** Those that run for `check --deploy` alone. */
  readonly deployment_checks: Set<RegisteredCheck> = new Set();

  /**
   * Adds a check: `register(check, ...tags)`. With tags alone it gives a function that does: `register("mytag")(check)`.
   * @throws TypeError for a check that is no function.
   */
  register<C extends Check>(check: C, ...tags: (string | RegisterOptions)[]): C;
  register(...tags: (string | RegisterOptions)[]): Registrar;
  register(
    ...given: readonly (Check | string | RegisterOptions | null | undefined)[]
  ): Check | Registrar {
    const [check, ...rest] = given;
    const words = typeof check === "function" ? rest : given;
    const tags = words.filter((word) => typeof word === "string");
    const last = words.at(-1);
    const { deploy = false } = typeof last === "object" && last !== null ? last : {};
    const add: Registrar = (wanted) => this.#add(wanted, tags, deploy);
    return typeof check === "function" ? add(check) : add;
  }

  #add<C extends Check>(check: C, tags: readonly string[], deploy: boolean): C {
    if (typeof check !== "function")
      throw new TypeError(`A check is a function of one object; ${repr(check)} is none.`);
    const checks = deploy ? this.deployment_checks : this.registered_checks;
    checks.add(Object.assign(check, { tags }));
    return check;
  }

  /**
   * Runs the checks, and gives all that they found: what is silenced, too.
   * @throws TypeError if a check gives no list.
   */
  run_checks(options: RunChecksOptions = {}): CheckMessage[] {
    const { app_configs = null, include_deployment_checks } = options;
    const databases = options.databases ?? [];
    const wanted = selection(options.tags, databases);
    const found: CheckMessage[] = [];
    for (const check of this.get_checks({ include_deployment_checks })) {
      if (!wanted(check.tags ?? [])) continue;
      const messages: unknown = check({ app_configs, databases });
      if (typeof messages !== "object" || messages === null || !(Symbol.iterator in messages))
        throw new TypeError(
          `The check ${check.name || "<anonymous>"} gave ${repr(messages)}: a check gives a list of messages.`,
        );
      found.push(...(messages as Iterable<CheckMessage>)); // a check gives nothing else
    }
    return found;
  }

  /** Whether some check has the tag. */
  tag_exists(tag: string, options: DeploymentOptions = {}): boolean {
    const { include_deployment_checks } = options;
    return this.tags_available({ deployment_checks: include_deployment_checks }).has(tag);
  }

  /** The tags that checks have. */
  tags_available(options: { deployment_checks?: boolean | undefined } = {}): Set<string> {
    const { deployment_checks } = options;
    const checks = this.get_checks({ include_deployment_checks: deployment_checks });
    return new Set(checks.flatMap(({ tags }) => tags ?? []));
  }

  /** The checks, in the order in which they were registered; those for deployment last. */
  get_checks(options: DeploymentOptions = {}): RegisteredCheck[] {
    const checks = [...this.registered_checks];
    return options.include_deployment_checks ? [...checks, ...this.deployment_checks] : checks;
  }
}

/** Which checks are asked for, by their tags. */
function selection(
  tags: Iterable<string> | null | undefined,
  databases: readonly string[],
): (tags: readonly string[]) => boolean {
  if (tags !== null && tags !== undefined) {
    const wanted = new Set(tags);
    return (own) => own.some((tag) => wanted.has(tag));
  }
  if (databases.length > 0) return () => true;
  return (own) => !own.includes(Tags.database); // Django's: these do more than look at the code
}
