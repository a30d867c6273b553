/** Messages, and what every storage of them has (Django docs: The messages framework). @module */
import { on_change, provide_default, settings } from "../../../conf/index.ts";
import { NotImplementedError, ValueError } from "../../../core/exceptions.ts";
import type { HttpRequest } from "../../../http/request.ts";
import type { HttpResponseBase } from "../../../http/response.ts";
import { empty, SimpleLazyObject } from "../../../utils/functional.ts";
import { parse_int } from "../../../utils/_number.ts";
import { define_repr, repr, str, truthy } from "../../../utils/_python.ts";
import { conditional_escape } from "../../../utils/html.ts";
import { SafeData } from "../../../utils/safestring.ts";
import { INFO } from "../constants.ts";
import { get_level_tags } from "../utils.ts";

provide_default("MESSAGE_LEVEL", INFO);

/** The tag of each level, with those of `MESSAGE_TAGS`. */
export const LEVEL_TAGS: Readonly<Record<number, string>> = new SimpleLazyObject(get_level_tags);
// made anew when it is next used
on_change(["MESSAGE_TAGS"], () => Reflect.set(LEVEL_TAGS, "_wrapped", empty));

/** Options of `Message` and of `BaseStorage.add`. */
export interface MessageOptions {
  /** More tags, in front of the level's. */
  extra_tags?: string | null | undefined;
}

/** @throws ValueError for what is no whole number. */
function level_of(level: unknown): number {
  const number = typeof level === "number" ? Math.trunc(level) : parse_int(str(level));
  if (number === undefined || !Number.isFinite(number))
    throw new ValueError(`The level of a message is a number, not ${repr(level)}.`);
  return number;
}

/** A message for the user. Two are equal if their level and text are, whatever their tags. */
export class Message {
  static {
    define_repr(this.prototype, ({ level, message, extra_tags }) => {
      const tags = extra_tags ? `, extra_tags=${repr(extra_tags)}` : "";
      return `Message(level=${level}, message=${repr(message)}${tags})`;
    });
  }

  readonly level: number;
  /** What it says. Safe text stays safe on its way to the next page; anything else becomes text. */
  message: unknown;
  #extra_tags: string | null;

  constructor(level: number, message: unknown, options: MessageOptions = {}) {
    this.level = level_of(level);
    this.message = message;
    this.#extra_tags = options.extra_tags ?? null;
  }

  /** `null` if none were given. */
  get extra_tags(): string | null {
    return this.#extra_tags;
  }

  /** The extra tags and the level's, for use as CSS classes. */
  get tags(): string {
    return [this.extra_tags, this.level_tag].filter(Boolean).join(" ");
  }

  /** The tag of the level; `""` for a level without one. */
  get level_tag(): string {
    return LEVEL_TAGS[this.level] ?? "";
  }

  /** Makes texts of what is lazy. @internal */
  _prepare(): void {
    if (!(this.message instanceof SafeData)) this.message = str(this.message);
    if (this.#extra_tags !== null) this.#extra_tags = str(this.#extra_tags);
  }

  /** Whether level and text are the same. @internal */
  _equals(other: unknown): boolean {
    return (
      other instanceof Message &&
      other.level === this.level &&
      str(other.message) === str(this.message)
    );
  }

  /** The message for a page: safe text as it is, any other escaped. */
  __html__(): string {
    return conditional_escape(this.message).toString();
  }

  toString(): string {
    return str(this.message);
  }
}

/** What a storage has read: the messages, `undefined` if it was not used, and whether these were all. */
export type Retrieved = [messages: Message[] | undefined, all_retrieved: boolean];

/** Options of `_store`. */
export interface StoreOptions {
  /** Whether the newest messages are kept when there is no room for all. Default `true`. */
  remove_oldest?: boolean | undefined;
}

/**
 * Keeps messages until they are shown. Iterating shows them: what is iterated is gone when the response is. A storage
 * overrides `_get` and `_store`.
 */
export class BaseStorage {
  static {
    define_repr(
      this.prototype,
      (storage) => `<${storage.constructor.name}: request=${repr(storage.request)}>`,
    );
  }

  readonly request: HttpRequest;
  /** Whether the messages were shown. */
  used = false;
  /** Whether a message was added. */
  added_new = false;
  #queued: Message[] = [];
  #loaded: Message[] | undefined;
  #level: number | undefined;

  constructor(request: HttpRequest) {
    this.request = request;
  }

  /** How many messages there are; asking does not show them. */
  get size(): number {
    return this._loaded_messages.length + this.#queued.length;
  }

  [Symbol.iterator](): IterableIterator<Message> {
    this.used = true;
    const loaded = this._loaded_messages;
    loaded.push(...this.#queued);
    this.#queued = [];
    return loaded.values();
  }

  /** Whether there is a message of that level and text. */
  has(item: Message): boolean {
    return [...this._loaded_messages, ...this.#queued].some((message) => message._equals(item));
  }

  /** @internal */
  get _loaded_messages(): Message[] {
    this.#loaded ??= this._get()[0] ?? [];
    return this.#loaded;
  }

  /** Reads what is stored. @internal */
  _get(): Retrieved {
    throw new NotImplementedError(`${this.constructor.name} must have _get().`);
  }

  /** Stores these messages in place of all; returns those that found no room. @internal */
  _store(_messages: Message[], _response: HttpResponseBase, _options?: StoreOptions): Message[] {
    throw new NotImplementedError(`${this.constructor.name} must have _store().`);
  }

  /**
   * Stores the messages that were not shown, if there is anything to change. Called when the response is there.
   * @returns the messages that found no room; `undefined` if nothing was stored.
   */
  update(response: HttpResponseBase): Message[] | undefined {
    for (const message of this.#queued) message._prepare();
    if (this.used) return this._store(this.#queued, response);
    if (this.added_new) return this._store([...this._loaded_messages, ...this.#queued], response);
    return undefined;
  }

  /** Adds a message, unless it is empty or below `level`. */
  add(level: number, message: unknown, options: MessageOptions = {}): void {
    if (!truthy(message)) return;
    if (level_of(level) < this.level) return;
    this.added_new = true;
    this.#queued.push(new Message(level, message, { extra_tags: options.extra_tags ?? "" }));
  }

  /** The lowest level that is recorded: `MESSAGE_LEVEL`, until another is set; `null` sets that again. */
  get level(): number {
    return (this.#level ??= settings.MESSAGE_LEVEL);
  }

  set level(value: number | null) {
    this.#level = value === null ? undefined : level_of(value);
  }
}
