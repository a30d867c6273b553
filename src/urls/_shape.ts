/** Patterns cut at their slashes, which is how the index of a resolver finds them. @module */
import type { RoutePart } from "./_route.ts";
import { type SegmentScan, segment_scan } from "./_segment.ts";
import type { Converter } from "./converters.ts";

/** A segment that is one parameter. */
export interface DynamicSegment {
  readonly name: string;
  readonly converter: Converter;
  readonly scan: SegmentScan;
}

/** The text of a segment, or its one parameter. */
export type Segment = string | DynamicSegment;

/** A pattern as segments. */
export interface Shape {
  /** The segments that a slash ends. */
  readonly segments: readonly Segment[];
  /** What stands behind the last slash. */
  readonly tail: Segment;
  /** Whether segments and tail are the whole pattern. If not, the path must begin with them, and `match()` decides. */
  readonly whole: boolean;
}

/** A pattern of which nothing is known beforehand. */
export const UNKNOWN_SHAPE: Shape = { segments: [], tail: "", whole: false };

/** The shape of a route. One with a parameter that does not fill its segment is known up to that segment. */
export function shape_of_route(parts: readonly RoutePart[]): Shape {
  const segments: Segment[] = [];
  let tail: Segment = "";
  for (const part of parts) {
    if (typeof part !== "string") {
      const scan = segment_scan(part.converter.regex);
      if (tail !== "" || scan === undefined)
        return { segments, tail: typeof tail === "string" ? tail : "", whole: false };
      tail = { name: part.name, converter: part.converter, scan };
      continue;
    }
    if (part === "") continue;
    const [first = "", ...rest] = part.split("/");
    if (typeof tail !== "string" && first !== "") return { segments, tail: "", whole: false };
    const pieces: Segment[] = [typeof tail === "string" ? tail + first : tail, ...rest];
    tail = pieces.pop() ?? "";
    segments.push(...pieces);
  }
  return { segments, tail, whole: true };
}

/** The shape of a pattern that begins with this text. */
export function shape_of_text(text: string, whole: boolean): Shape {
  const segments = text.split("/");
  return { tail: segments.pop() ?? "", segments, whole };
}
