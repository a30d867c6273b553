/** `JSONSerializer`: how session data becomes bytes. @module */
import { provide_default } from "../../conf/index.ts";
import { JSONSerializer as SigningSerializer } from "../../core/signing.ts";
import { as_buffer } from "../../utils/_codecs.ts";
import { loads_lossless } from "./_lossless.ts";

/** The serializer of `core/signing`, which here also remembers what JavaScript cannot hold of Python's data. */
export class JSONSerializer extends SigningSerializer {
  override loads(data: Uint8Array): unknown {
    return loads_lossless(as_buffer(data).toString("latin1"));
  }
}

provide_default("SESSION_SERIALIZER", JSONSerializer);
