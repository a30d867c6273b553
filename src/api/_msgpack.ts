/** MessagePack through the package `@msgpack/msgpack`, which is loaded when it is first needed. @module */
import { ImproperlyConfigured } from "../core/exceptions.ts";
import type { Maybe } from "../utils/_promise.ts";
import { check_messagepack } from "./_msgpack_check.ts";
import { parse_error } from "./_parse_error.ts";

/** What the package is used for. */
interface MessagePackPackage {
  encode(value: unknown, options: object): Uint8Array;
  decode(bytes: Uint8Array): unknown;
}

// What `JSON.stringify` would send is sent: what has no value is left out, however deep the rest is.
const ENCODING = { ignoreUndefined: true, maxDepth: Infinity };

/** MessagePack in both directions. */
class MessagePack {
  readonly #package: MessagePackPackage;

  constructor(loaded: MessagePackPackage) {
    this.#package = loaded;
  }

  /** The bytes of data that `to_plain` has made plain. */
  encode(plain: unknown): Uint8Array {
    return this.#package.encode(plain, ENCODING);
  }

  /** @throws BadRequest for what is not MessagePack, has more than one value, or is nested too deep. */
  decode(bytes: Uint8Array): unknown {
    check_messagepack(bytes);
    try {
      return this.#package.decode(bytes);
    } catch (cause) {
      throw parse_error("The body is not MessagePack", cause);
    }
  }
}

// A name that the compiler does not look up: the package is there only where it is used.
const PACKAGE: string = "@msgpack/msgpack";

let messagepack: MessagePack | undefined;

/** A promise for the first who asks. @throws ImproperlyConfigured without the package. */
export function load_messagepack(): Maybe<MessagePack> {
  return messagepack ?? load();
}

async function load(): Promise<MessagePack> {
  let loaded: MessagePackPackage;
  try {
    loaded = (await import(PACKAGE)) as MessagePackPackage; // what the package exports
  } catch (cause) {
    throw new ImproperlyConfigured(
      "MessagePack needs the package @msgpack/msgpack: npm install @msgpack/msgpack",
      { cause },
    );
  }
  return (messagepack ??= new MessagePack(loaded));
}
