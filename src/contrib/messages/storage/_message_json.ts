/** Messages as JSON: `["__json_message", 1 if safe, level, text, extra tags unless null]`. @module */
import { ValueError } from "../../../core/exceptions.ts";
import { BadSignature, type Serializer, type Signer } from "../../../core/signing.ts";
import { as_buffer } from "../../../utils/_codecs.ts";
import { JSONEncoder, loads } from "../../../utils/_json.ts";
import type { LoadsOptions } from "../../../utils/_json_scanner.ts";
import { is_plain } from "../../../utils/_mapping.ts";
import { mark_safe, SafeData } from "../../../utils/safestring.ts";
import { Message } from "./base.ts";

const MESSAGE_KEY = "__json_message";

/** Writes messages as short lists. */
export class MessageEncoder extends JSONEncoder {
  /** What a message's list begins with. */
  static readonly message_key: string = MESSAGE_KEY;
  declare readonly message_key: string;
  static {
    Object.assign(this.prototype, { message_key: MESSAGE_KEY });
  }

  override default(obj: unknown): unknown {
    if (!(obj instanceof Message)) return super.default(obj);
    const { level, message, extra_tags } = obj;
    const list: unknown[] = [this.message_key, message instanceof SafeData ? 1 : 0, level, message];
    if (extra_tags !== null) list.push(extra_tags);
    return list;
  }
}

/** Options of `MessageDecoder`: hooks of the JSON reader. */
export type MessageDecoderOptions = LoadsOptions & { strict?: boolean | undefined };

/** Reads what `MessageEncoder` wrote. */
export class MessageDecoder {
  readonly #options: LoadsOptions;

  constructor(options: MessageDecoderOptions = {}) {
    const { strict: _strict, ...hooks } = options;
    this.#options = hooks;
  }

  /**
   * The value with messages in place of their lists, at any depth.
   * @throws ValueError for a list that begins like a message and is none.
   */
  process_messages(obj: unknown): unknown {
    if (Array.isArray(obj))
      return obj[0] === MESSAGE_KEY
        ? message_of(obj)
        : obj.map((item: unknown) => this.process_messages(item));
    if (!is_plain(obj)) return obj;
    return Object.fromEntries(
      Object.entries(obj).map(([key, value]) => [key, this.process_messages(value)]),
    );
  }

  /** @throws JSONDecodeError, which is a ValueError, for text that is not JSON. */
  decode(s: string, _options?: Record<string, unknown>): unknown {
    return this.process_messages(loads(s, this.#options));
  }
}

function message_of(list: readonly unknown[]): Message {
  const [, safe, level, text, extra_tags] = list;
  const fits = typeof level === "number" && list.length >= 4 && list.length <= 5;
  const tags_fit =
    extra_tags === undefined || extra_tags === null || typeof extra_tags === "string";
  if (!fits || !tags_fit || typeof text !== "string")
    throw new ValueError("A list begins like a message and is none.");
  return new Message(level, safe ? mark_safe(text) : text, { extra_tags });
}

/** Reads the messages of a cookie. */
export class MessageSerializer implements Serializer {
  /** @throws ValueError always: it only reads. */
  dumps(_obj: unknown): never {
    throw new ValueError("MessageSerializer only reads; MessagePartSerializer writes.");
  }

  loads(data: Uint8Array): unknown {
    return new MessageDecoder().decode(as_buffer(data).toString("latin1"));
  }
}

/**
 * The messages in signed text, and whether these were all.
 * @throws BadSignature also for what is signed and yet no list of messages.
 */
export function messages_in(
  signer: Signer,
  data: string,
  not_finished: string,
): { messages: Message[]; finished: boolean } {
  const list = signer.unsign_object(data, { serializer: MessageSerializer });
  if (!Array.isArray(list)) throw new BadSignature("What is signed is no list of messages.");
  const finished = list.at(-1) !== not_finished;
  const messages: Message[] = [];
  for (const item of finished ? list : list.slice(0, -1)) {
    if (!(item instanceof Message))
      throw new BadSignature("What is signed is no list of messages.");
    messages.push(item);
  }
  return { messages, finished };
}
