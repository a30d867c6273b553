/**
 * A site's own filters and tags (Django docs: Custom template tags and filters). An engine takes libraries with
 * `OPTIONS: { libraries: [register] }`. @module
 */
import { ValueError } from "../core/exceptions.ts";
import { repr } from "../utils/_python.ts";
import { type Filter, type FilterFlags, set_flags } from "./_filter_flags.ts";
import {
  type BlockTagFunction,
  block_tag,
  type ContextFunction,
  inclusion,
  type InclusionTemplate,
  simple,
  type TagFunction,
  type TemplateTag,
} from "./_tags.ts";

export type { Filter, FilterFlags } from "./_filter_flags.ts";
export type { InclusionTemplate, TagFunction, TemplateTag } from "./_tags.ts";

/** Raised for a library that cannot be used. */
export class InvalidTemplateLibrary extends Error {
  override get name(): string {
    return this.constructor.name;
  }
}

/** Options of `Library.simple_tag` and the other tags. */
export interface TagOptions {
  /** Whether the function is given the context before its other arguments. Default `false`. */
  takes_context?: boolean | null | undefined;
  /** The name in templates. Default: that of the function. */
  name?: string | null | undefined;
}

/** Options of `Library.simple_block_tag`. */
export interface BlockTagOptions extends TagOptions {
  /** In nunjucks every block ends with `endcall`. Any other name is refused. */
  end_name?: string | null | undefined;
}

/** Filters by name, and functions that templates call as tags. */
export class Library {
  readonly filters: Record<string, Filter> = Object.create(null) as Record<string, Filter>; // no names of its own
  readonly tags: Record<string, TemplateTag> = Object.create(null) as Record<string, TemplateTag>;

  /**
   * Adds a filter, and gives back its function.
   * @param name Default: the name of the function.
   * @throws ValueError without a name or a function.
   */
  filter<F extends Filter>(filter_func: F, flags?: FilterFlags): F;
  filter<F extends Filter>(name: string, filter_func: F, flags?: FilterFlags): F;
  filter(first: string | Filter, second?: Filter | FilterFlags, third?: FilterFlags): Filter {
    if (typeof first === "function")
      return this.filter_function(first, typeof second === "object" ? second : undefined);
    if (typeof second !== "function")
      throw new ValueError(`The filter ${repr(first)} needs a function: filter(name, fn).`);
    this.filters[named(first, "filter")] = second;
    set_flags(second, third ?? {});
    return second;
  }

  /** Adds a filter under the name of its function. */
  filter_function<F extends Filter>(func: F, flags: FilterFlags = {}): F {
    return this.filter(func.name, func, flags);
  }

  /** Adds a function that templates call, as it is: `{{ name(…) }}`. `this` is the context of the template. */
  tag(name: string, compile_function: TemplateTag): TemplateTag {
    if (typeof compile_function !== "function")
      throw new ValueError(`The tag ${repr(name)} needs a function: tag(name, fn).`);
    this.tags[named(name, "tag")] = compile_function;
    return compile_function;
  }

  /** `tag` under the name of the function. */
  tag_function(func: TemplateTag): TemplateTag {
    return this.tag(func.name, func);
  }

  /**
   * Adds a tag that prints what the function gives, escaped unless it is safe: `{{ name(a, b=1) }}`, for which the function
   * is called with `(a, { b: 1 })`. `{% set x = name(a) %}` keeps what it gives.
   */
  simple_tag<F extends TagFunction | ContextFunction>(func: F, options: TagOptions = {}): F {
    this.#add(func, options, simple(func as TagFunction, options.takes_context === true));
    return func;
  }

  /**
   * Adds a tag around content: `{% call name(a) %}content{% endcall %}`, for which the function is called with
   * `(content, a)`. It prints what the function gives, escaped unless it is safe.
   * @throws ValueError for an `end_name`.
   */
  simple_block_tag<F extends BlockTagFunction>(func: F, options: BlockTagOptions = {}): F {
    const { end_name } = options;
    if (end_name !== undefined && end_name !== null && end_name !== "endcall")
      throw new ValueError(`A block ends with endcall in nunjucks, not ${repr(end_name)}.`);
    this.#add(func, options, block_tag(func, options.takes_context === true));
    return func;
  }

  /**
   * Adds a tag that shows another template with the values that the function gives; of the context it sees only those, and
   * `csrf_token` and `csrf_input`.
   * @param filename A name, several of which the first that exists counts, or a template.
   */
  inclusion_tag<F extends TagFunction | ContextFunction>(
    filename: InclusionTemplate,
    func: F,
    options: TagOptions = {},
  ): F {
    this.#add(
      func,
      options,
      inclusion(filename, func as TagFunction, options.takes_context === true),
    );
    return func;
  }

  #add(func: { readonly name: string }, options: TagOptions, tag: TemplateTag): void {
    this.tags[named(options.name ?? func.name, "tag")] = tag;
  }
}

function named(name: string, kind: string): string {
  if (/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name)) return name;
  throw new ValueError(
    name === ""
      ? `The ${kind} has no name: give one, or a function that has one.`
      : `${repr(name)} cannot be written in a template as the name of a ${kind}.`,
  );
}
