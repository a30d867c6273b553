/** Messages in the session. @module */
import { ImproperlyConfigured } from "../../../core/exceptions.ts";
import type { HttpRequest } from "../../../http/request.ts";
import type { HttpResponseBase } from "../../../http/response.ts";
import { MessageDecoder, MessageEncoder } from "./_message_json.ts";
import { BaseStorage, type Message, type Retrieved } from "./base.ts";

/** Keeps messages in the session, all of them. */
export class SessionStorage extends BaseStorage {
  /** Where in the session. */
  declare session_key: string;
  static {
    this.prototype.session_key = "_messages";
  }

  /** @throws ImproperlyConfigured if the request has no session. */
  constructor(request: HttpRequest) {
    super(request);
    if ((request.session as unknown) === undefined)
      throw new ImproperlyConfigured(
        "Messages in the session need request.session. Put SessionMiddleware before MessageMiddleware in MIDDLEWARE.",
      );
  }

  override _get(): Retrieved {
    return [this.deserialize_messages(this.request.session.get(this.session_key)), true];
  }

  override _store(messages: Message[], _response: HttpResponseBase): Message[] {
    const { session } = this.request;
    if (messages.length > 0) session.set(this.session_key, this.serialize_messages(messages));
    else session.pop(this.session_key, undefined);
    return [];
  }

  /** The messages as JSON text, with spaces as Python writes them. */
  serialize_messages(messages: readonly Message[]): string {
    return new MessageEncoder().encode(messages);
  }

  /** @throws JSONDecodeError for text that is not JSON. */
  deserialize_messages(data: unknown): Message[] | undefined {
    const decoded = data && typeof data === "string" ? new MessageDecoder().decode(data) : data;
    return Array.isArray(decoded) ? (decoded as Message[]) : undefined; // what serialize_messages was given
  }
}
