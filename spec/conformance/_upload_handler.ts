/** `$upload_handler`: an upload handler that writes down what is called on it, and answers as told. @module */
import { error_of } from "./_body.ts";
import { is_object, type Json, type JsonObject } from "./_format.ts";
import { exported_class } from "./_modules.ts";
import type { Scope } from "./_scope.ts";
import { decode, decode_entries, define_forms, object_of } from "./_values.ts";

function upload_handler(form: Json, scope: Scope): object {
  const Base = exported_class("core/files/uploadhandler:FileUploadHandler");
  const plan = object_of(form);
  class ScriptedUploadHandler extends Base {
    readonly events: unknown[] = [];
    #has_chunk = false;

    handle_raw_input(_input: unknown, _META: unknown, length: unknown, boundary: unknown): unknown {
      return this.#note(["handle_raw_input", length, boundary]);
    }
    new_file(field: unknown, file: unknown, content_type: unknown, length: unknown): unknown {
      this.#has_chunk = false;
      return this.#note(["new_file", field, file, content_type, length]);
    }
    receive_data_chunk(raw_data: unknown, start: number): unknown {
      // only the first since a file began: how the others are cut is nobody's concern
      if (!this.#has_chunk) this.events.push(["receive_data_chunk", start]);
      this.#has_chunk = true;
      return answer(plan, "receive_data_chunk", scope, raw_data);
    }
    file_complete(size: unknown): unknown {
      return this.#note(["file_complete", size]);
    }
    upload_complete(): unknown {
      return this.#note(["upload_complete"]);
    }
    upload_interrupted(): unknown {
      return this.#note(["upload_interrupted"]);
    }

    #note(event: readonly [name: string, ...unknown[]]): unknown {
      this.events.push(event);
      return answer(plan, event[0], scope, null);
    }
  }
  return new ScriptedUploadHandler();
}

/** Throws or gives what the plan says of a method, or else gives `fallback`. */
function answer(plan: JsonObject, method: string, scope: Scope, fallback: unknown): unknown {
  const told = plan[method];
  if (!is_object(told)) return fallback;
  const { throws, opts, returns } = told;
  if (typeof throws === "string") throw error_of(throws, decoded_options(opts, scope));
  return returns === undefined ? fallback : decode(returns, scope);
}

function decoded_options(
  opts: Json | undefined,
  scope: Scope,
): Record<string, unknown> | undefined {
  return is_object(opts) ? decode_entries(opts, scope) : undefined;
}

define_forms({ $upload_handler: upload_handler });
