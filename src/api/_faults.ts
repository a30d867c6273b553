/** What is wrong with a value, in bounds: what a client sent must not come back at it in full. @module */
import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { ErrorDetail } from "./exceptions.ts";

const MAX_FAULTS = 50;
const MAX_BYTES = 24 * 1024; // of all faults as JSON; a problem document says the messages twice
const MAX_MESSAGE = 300;
const MAX_QUOTE = 100;
const MAX_PATH = 32;

// Far more of a message than is kept, so that no pattern sees a value of megabytes.
const MAX_READ = 4000;
const QUOTED = /"([^"]{100})[^"]+("|$)/g;

/** Where a value was: the part of the request, then the keys to it. */
export type Location = readonly (string | number)[];

/** Collects faults until there are enough of them: 50, or 24 KiB. */
export class Faults {
  readonly list: ErrorDetail[] = [];
  #bytes = 0;

  /** Whether there are enough. */
  get is_full(): boolean {
    return this.list.length >= MAX_FAULTS || this.#bytes >= MAX_BYTES;
  }

  add(faults: readonly ErrorDetail[]): void {
    for (const fault of faults) {
      if (this.is_full) return;
      this.list.push(fault);
      this.#bytes += Buffer.byteLength(JSON.stringify(fault));
    }
  }

  /** What a schema reported of the value at `loc`. */
  add_issues(issues: readonly StandardSchemaV1.Issue[], loc: Location): void {
    for (const issue of issues) {
      if (this.is_full) return;
      this.add([fault_of(issue, loc)]);
    }
  }
}

function fault_of(issue: StandardSchemaV1.Issue, loc: Location): ErrorDetail {
  return { msg: message_of(issue), type: type_of(issue), loc: path_of(issue, loc) };
}

/** A library may make the text only when it is read, and of a value whose `toString` is no function. */
function message_of(issue: StandardSchemaV1.Issue): string {
  const message: unknown = attempt(() => issue.message);
  if (typeof message !== "string") return "The value is not valid.";
  const quoted = message.slice(0, MAX_READ).replace(QUOTED, '"$1…$2');
  return shorten(quoted, MAX_MESSAGE);
}

/** The library's own word: `code` with zod and ArkType, `type` with valibot. */
function type_of(issue: StandardSchemaV1.Issue): string {
  const { code, type } = issue as { readonly code?: unknown; readonly type?: unknown }; // more than the standard asks for
  const word = typeof code === "string" ? code : type;
  return typeof word === "string" && word !== "" ? shorten(word, MAX_QUOTE) : "value_error";
}

function path_of(issue: StandardSchemaV1.Issue, loc: Location): Location {
  const path: (string | number)[] = loc.slice();
  for (const segment of issue.path ?? []) {
    if (path.length === MAX_PATH) {
      path.push("…");
      break;
    }
    const key: unknown = typeof segment === "object" ? segment.key : segment;
    path.push(
      typeof key === "number" ? key : shorten(attempt(() => String(key)) ?? "?", MAX_QUOTE),
    );
  }
  return path;
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** At most `length` characters and an ellipsis; no half of a pair of surrogates is left. */
function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  return `${text.slice(0, length).replace(/[\uD800-\uDBFF]$/, "")}…`;
}
