/** Messages in a signed cookie, in the form Django writes them. @module */
import { settings } from "../../../conf/index.ts";
import { ValueError } from "../../../core/exceptions.ts";
import { BadSignature, get_cookie_signer, type Signer } from "../../../core/signing.ts";
import { SimpleCookie } from "../../../http/cookie.ts";
import type { HttpResponseBase } from "../../../http/response.ts";
import { dumps } from "../../../utils/_json.ts";
import { bisect_keep_left, bisect_keep_right } from "./_bisect.ts";
import { MessageEncoder, messages_in } from "./_message_json.ts";
import { BaseStorage, type Message, type Retrieved, type StoreOptions } from "./base.ts";

export { bisect_keep_left, bisect_keep_right } from "./_bisect.ts";
export {
  MessageDecoder,
  type MessageDecoderOptions,
  MessageEncoder,
  MessageSerializer,
} from "./_message_json.ts";

/** Writes each message on its own, to be put together as many as fit. */
export class MessagePartSerializer {
  dumps(obj: Iterable<unknown>): string[] {
    return Array.from(obj, (item) => dumps(item, { separators: [",", ":"], cls: MessageEncoder }));
  }
}

/** Puts messages together that `MessagePartSerializer` wrote. */
export class MessagePartGatherSerializer {
  dumps(obj: unknown): Buffer {
    return Buffer.from(`[${(obj as string[]).join(",")}]`, "latin1"); // what the other class gave
  }

  /** @throws ValueError always: it only writes. */
  loads(_data: Uint8Array): never {
    throw new ValueError("MessagePartGatherSerializer only writes; MessageSerializer reads.");
  }
}

const NOT_FINISHED = "__messagesnotfinished__";

/** Keeps messages with the client. What does not fit is dropped, the oldest first. */
export class CookieStorage extends BaseStorage {
  declare cookie_name: string;
  /** How long the cookie's value may be, as it is sent; 0: any length. */
  declare max_cookie_size: number;
  /** What stands at the end of the list when messages were left out. */
  declare not_finished: string;
  declare not_finished_json: string;
  declare key_salt: string;
  static {
    this.prototype.cookie_name = "messages";
    this.prototype.max_cookie_size = 2048;
    this.prototype.not_finished = NOT_FINISHED;
    this.prototype.not_finished_json = dumps(NOT_FINISHED);
    this.prototype.key_salt = "django.contrib.messages";
  }

  #signer: Signer | undefined;

  get signer(): Signer {
    this.#signer ??= get_cookie_signer({ salt: this.key_salt });
    return this.#signer;
  }

  override _get(): Retrieved {
    const decoded = this._decode(this.request.COOKIES[this.cookie_name]);
    if (decoded === undefined) return [undefined, true];
    const { messages, finished } = decoded;
    return [messages, finished];
  }

  override _store(
    messages: Message[],
    response: HttpResponseBase,
    options: StoreOptions = {},
  ): Message[] {
    const parts = new MessagePartSerializer().dumps(messages);
    let encoded = parts.length > 0 ? this._encode_parts(parts) : "";
    let unstored: Message[] = [];
    if (this.#is_too_large(encoded)) {
      const [from, to] = this.#range_that_fits(parts, options.remove_oldest ?? true);
      unstored = [...messages.slice(0, from), ...messages.slice(to)];
      encoded = this.#unfinished(parts.slice(from, to));
    }
    this.#update_cookie(encoded, response);
    return unstored;
  }

  #range_that_fits(parts: string[], remove_oldest: boolean): [from: number, to: number] {
    const too_large = (some: string[]): boolean => this.#is_too_large(this.#unfinished(some));
    return remove_oldest
      ? [bisect_keep_right(parts, too_large), parts.length]
      : [0, bisect_keep_left(parts, too_large)];
  }

  #is_too_large(encoded: string): boolean {
    const limit = this.max_cookie_size;
    return limit > 0 && new SimpleCookie().value_encode(encoded)[1].length > limit;
  }

  #unfinished(parts: string[]): string {
    return this._encode_parts([...parts, this.not_finished_json]);
  }

  #update_cookie(encoded: string, response: HttpResponseBase): void {
    const domain = settings.SESSION_COOKIE_DOMAIN;
    const samesite = settings.SESSION_COOKIE_SAMESITE;
    if (encoded === "") return response.delete_cookie(this.cookie_name, { domain, samesite });
    response.set_cookie(this.cookie_name, encoded, {
      domain,
      secure: settings.SESSION_COOKIE_SECURE,
      httponly: settings.SESSION_COOKIE_HTTPONLY,
      samesite,
    });
  }

  /** Messages that were serialized already, as the value of a cookie. @internal */
  _encode_parts(parts: string[]): string {
    return this.signer.sign_object(parts, {
      serializer: MessagePartGatherSerializer,
      compress: true,
    });
  }

  /** What the cookie holds; nothing if it was changed, and then it will be deleted. @internal */
  _decode(data: string | undefined): { messages: Message[]; finished: boolean } | undefined {
    if (!data) return undefined;
    try {
      return messages_in(this.signer, data, this.not_finished);
    } catch (error) {
      if (!(error instanceof BadSignature)) throw error;
    }
    this.used = true;
    return undefined;
  }
}
