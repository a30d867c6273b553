/** A request of an operation as a command line of curl. @module */
import { MULTIPART, URLENCODED } from "../_content_types.ts";
import { is_object } from "../_schema_walk.ts";
import { ContentType } from "../content_type.ts";
import type { JSONSchema } from "../schema.ts";
import type { MediaTypeObject, OperationObject, ParameterObject } from "./_objects.ts";
import type { Samples } from "./_samples.ts";

/** What a command is made of. */
export interface CurlSubject {
  readonly method: string;
  /** With parameters in braces. */
  readonly path: string;
  readonly operation: OperationObject;
  /** What stands before the path: `https://example.com`. */
  readonly origin: string;
  readonly samples: Samples;
}

/** The command, each option on a line of its own. What is optional is left out. */
export function curl_line(subject: CurlSubject): string {
  const { method, operation, samples } = subject;
  const words: string[] = [];
  const sample = ({ example, schema }: ParameterObject): string => {
    const value = example ?? samples.of(schema);
    return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
  };
  const parameters = operation.parameters ?? [];
  const url = quoted(url_of(subject, parameters, sample));
  words.push(["curl", ...method_words(method), url].join(" "));
  for (const each of needed(parameters, "header"))
    words.push(`-H ${quoted(`${each.name}: ${sample(each)}`)}`);
  const cookies = needed(parameters, "cookie").map((each) => `${each.name}=${sample(each)}`);
  if (cookies.length > 0) words.push(`-b ${quoted(cookies.join("; "))}`);
  words.push(...body_words(operation, samples), ...answer_words(operation));
  return words.join(" \\\n  ");
}

function method_words(method: string): string[] {
  if (method === "GET") return [];
  return method === "HEAD" ? ["--head"] : ["-X", method];
}

function needed(
  parameters: readonly ParameterObject[],
  place: ParameterObject["in"],
): ParameterObject[] {
  return parameters.filter((each) => each.in === place && each.required);
}

function url_of(
  { path, origin }: CurlSubject,
  parameters: readonly ParameterObject[],
  sample: (parameter: ParameterObject) => string,
): string {
  let filled = path;
  for (const each of needed(parameters, "path"))
    filled = filled.replaceAll(`{${each.name}}`, () => encodeURIComponent(sample(each)));
  const query = needed(parameters, "query").map(
    (each) => `${encodeURIComponent(each.name)}=${encodeURIComponent(sample(each))}`,
  );
  return origin + filled + (query.length === 0 ? "" : `?${query.join("&")}`);
}

function body_words({ requestBody }: OperationObject, samples: Samples): string[] {
  const contents = Object.entries(requestBody?.content ?? {});
  const [type, content] = contents.find(([each]) => /json/.test(each)) ?? contents[0] ?? [];
  if (type === undefined || content === undefined) return [];
  const value = content.example ?? samples.of(content.schema);
  if (type === MULTIPART || type === URLENCODED) return form_words(type, value, content);
  const header = `-H ${quoted(`Content-Type: ${type}`)}`;
  if (!/json/.test(type)) return [header, "--data-binary @body"];
  return [header, `-d ${quoted(JSON.stringify(value))}`];
}

function form_words(type: string, value: unknown, { schema }: MediaTypeObject): string[] {
  const option = type === MULTIPART ? "-F" : "--data-urlencode";
  return Object.entries(is_object(value) ? value : {}).flatMap(([name, given]) => {
    const property = is_object(schema?.properties) ? schema.properties[name] : undefined;
    return [given].flat().map((each) => {
      const text = typeof each === "string" ? each : JSON.stringify(each);
      return `${option} ${quoted(`${name}=${is_file(property) ? "@file" : text}`)}`;
    });
  });
}

function is_file(schema: unknown): boolean {
  return is_object(schema) && (schema.format === "binary" || is_file(schema.items));
}

/** A stream is shown as it comes, a file is saved. */
function answer_words({ responses }: OperationObject): string[] {
  const [success] = Object.entries(responses).filter(([status]) => status.startsWith("2"));
  const contents = Object.entries(success?.[1].content ?? {});
  if (contents.some(([type]) => type === ContentType.EVENT_STREAM)) return ["--no-buffer"];
  const holds_file = ({ schema }: { schema?: JSONSchema }): boolean => schema?.format === "binary";
  return contents.some(([, content]) => holds_file(content)) ? ["-OJ"] : [];
}

/** A word that the shell takes as it is (POSIX Shell §2.2.2). */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
