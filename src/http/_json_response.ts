/** `JsonResponse`, which writes its data as JSON the way Python does. @module */
import { DjangoJSONEncoder, type JSONEncoderOptions } from "../core/serializers/json.ts";
import { is_plain } from "../utils/_mapping.ts";
import { repr } from "../utils/_python.ts";
import { MultiValueDict } from "../utils/datastructures.ts";
import type { HttpResponseOptions } from "./_base.ts";
import { HttpResponse } from "./_http_response.ts";

/** A class that turns data into JSON text, such as a subclass of `DjangoJSONEncoder`. */
export type JSONEncoderClass = new (options: JSONEncoderOptions) => {
  encode(data: unknown): string;
};

/** Options of `JsonResponse`. */
export interface JsonResponseOptions extends HttpResponseOptions {
  /** What writes the data. Default `DjangoJSONEncoder`. */
  encoder?: JSONEncoderClass | undefined;
  /** Allow only dictionaries: plain objects, `Map`, `QueryDict`. Default `true`. */
  safe?: boolean | undefined;
  /** Options of the encoder: `{ indent: 2, ensure_ascii: false }`. */
  json_dumps_params?: JSONEncoderOptions | null | undefined;
}

const NO_OPTIONS: JsonResponseOptions = {};
const DEFAULT_ENCODER = new DjangoJSONEncoder();

/** A response of type `application/json` (Django docs: JsonResponse objects). Its text has Python's spaces, and ASCII only. */
export class JsonResponse extends HttpResponse {
  static {
    this.prototype._own_content_type = "application/json";
  }

  /** @throws TypeError for what is no dictionary, unless `safe` is off, and for what JSON does not have. */
  constructor(data: unknown, options: JsonResponseOptions = NO_OPTIONS) {
    if (options.safe !== false && !is_dictionary(data))
      throw new TypeError(
        `A JsonResponse is made of a dictionary; to send ${repr(data)} as it is, set safe to false.`,
      );
    super(encode(data, options), options);
  }
}

function is_dictionary(data: unknown): boolean {
  return is_plain(data) || data instanceof Map || data instanceof MultiValueDict;
}

function encode(data: unknown, { encoder, json_dumps_params }: JsonResponseOptions): string {
  if (encoder === undefined && !json_dumps_params) return DEFAULT_ENCODER.encode(data);
  return new (encoder ?? DjangoJSONEncoder)(json_dumps_params ?? {}).encode(data);
}
