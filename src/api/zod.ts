/** Schemas that zod does not have, for those who use it: uploaded files, and what is sent in its encoded form. @module */
import { z } from "zod";
import { ImproperlyConfigured } from "../core/exceptions.ts";
import { UploadedFile } from "../core/files/uploadedfile.ts";
import { remember_source } from "./_standard_schema.ts";
import type { Schema } from "./schema.ts";

/** Options of `uploaded_file`. */
export interface UploadedFileSchemaOptions {
  /** In bytes. Default: no limit but those of the settings. */
  max_size?: number | undefined;
  /** In bytes. Default 0. */
  min_size?: number | undefined;
  /** Media types, as `image/png` or `image/*`. They are compared with what the client says: nobody looks into the file. */
  types?: readonly string[] | undefined;
}

/**
 * A file of a form, and nothing else: only what a parser made of an upload is one. An input that was left empty is no
 * file, so that `.optional()` works.
 */
export function uploaded_file(
  options: UploadedFileSchemaOptions = {},
): z.ZodType<UploadedFile, UploadedFile> {
  const { max_size = Infinity, min_size = 0, types } = options;
  return z
    .custom<UploadedFile>()
    .check(({ value: file, issues }) => {
      if (!(file instanceof UploadedFile)) {
        issues.push({ code: "invalid_type", expected: "file", input: file });
        return;
      }
      const size = { origin: "file", inclusive: true, input: file };
      if (file.size > max_size) issues.push({ ...size, code: "too_big", maximum: max_size });
      if (file.size < min_size) issues.push({ ...size, code: "too_small", minimum: min_size });
      if (types !== undefined && !is_one_of(file.content_type ?? "", types))
        issues.push({ code: "invalid_value", values: [...types], input: file });
    })
    .meta({ type: "string", format: "binary" });
}

/** Not as in `Accept`: a client that says `*` has said nothing. */
function is_one_of(type: string, ranges: readonly string[]): boolean {
  const given = type.toLowerCase();
  return ranges.some((range) => {
    const wanted = range.toLowerCase();
    if (wanted === "*/*") return true;
    return wanted.endsWith("/*") ? given.startsWith(wanted.slice(0, -1)) : given === wanted;
  });
}

/**
 * The way back through a schema with codecs, for `response`: takes the decoded form (a `Date`), sends the encoded one
 * (text), which is also what the document shows. Properties that it does not name are not sent.
 * @throws ImproperlyConfigured on first use, if something in the schema works in one direction only, as `.transform()`.
 */
export function encoded<S extends z.ZodType>(schema: S): Schema<z.output<S>, z.input<S>> {
  const { jsonSchema, ...standard } = schema["~standard"];
  const turned = {
    "~standard": {
      ...standard,
      validate: (value: unknown) => encode(schema, value),
      jsonSchema: { input: jsonSchema.output, output: jsonSchema.input },
    },
  } as Schema<z.output<S>, z.input<S>>; // the spread has the types of the other direction, which exist for the compiler only
  remember_source(turned, schema);
  return turned;
}

type Encoded<S> = z.ZodSafeParseResult<z.input<S>>;

/** As zod does it itself: at once, if nothing in the schema has to be waited for. */
function encode<S extends z.ZodType>(schema: S, value: unknown): unknown {
  const decoded = value as z.output<S>; // zod checks it
  try {
    return result_of(z.safeEncode(schema, decoded));
  } catch (error) {
    if (error instanceof z.core.$ZodEncodeError) throw one_way(error);
    return z.safeEncodeAsync(schema, decoded).then(result_of, (failure: unknown) => {
      throw failure instanceof z.core.$ZodEncodeError ? one_way(failure) : failure;
    });
  }
}

function result_of<S>(result: Encoded<S>): object {
  return result.success ? { value: result.data } : { issues: result.error.issues };
}

function one_way(cause: Error): ImproperlyConfigured {
  return new ImproperlyConfigured(
    "encoded() needs a schema that works in both directions, and something in this one does not " +
      `(${cause.message}). Write z.codec() with decode and encode instead of .transform() or z.preprocess().`,
    { cause },
  );
}
