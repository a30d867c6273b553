/** Messages in a cookie, and in the session what finds no room there. @module */
import { provide_default } from "../../../conf/index.ts";
import type { HttpRequest } from "../../../http/request.ts";
import type { HttpResponseBase } from "../../../http/response.ts";
import { BaseStorage, type Message, type Retrieved } from "./base.ts";
import { CookieStorage } from "./cookie.ts";
import { SessionStorage } from "./session.ts";

/** Stores each message in the first storage that has room for it; the oldest stay in front. */
export class FallbackStorage extends BaseStorage {
  declare storage_classes: readonly (new (request: HttpRequest) => BaseStorage)[];
  static {
    this.prototype.storage_classes = [CookieStorage, SessionStorage];
  }

  #storages: BaseStorage[] | undefined;
  readonly #used = new Set<BaseStorage>();

  /** One of each class. */
  get storages(): readonly BaseStorage[] {
    this.#storages ??= this.storage_classes.map((storage) => new storage(this.request));
    return this.#storages;
  }

  /** @throws ImproperlyConfigured if the request has no session. */
  constructor(request: HttpRequest) {
    super(request);
    if ((request.session as unknown) === undefined) void this.storages; // one of them may need it
  }

  override _get(): Retrieved {
    const all: Message[] = [];
    let finished = false;
    for (const storage of this.storages) {
      const [messages, retrieved] = storage._get();
      finished = retrieved;
      if (messages === undefined) break;
      if (messages.length > 0) this.#used.add(storage);
      all.push(...messages);
      if (finished) break;
    }
    return [all, finished];
  }

  override _store(messages: Message[], response: HttpResponseBase): Message[] {
    let rest = messages;
    for (const storage of this.storages) {
      if (rest.length > 0) rest = storage._store(rest, response, { remove_oldest: false });
      else if (this.#used.delete(storage)) storage._store([], response); // it held what is gone now
    }
    return rest;
  }
}

provide_default("MESSAGE_STORAGE", FallbackStorage);
