/** `ContentType`: the media types that APIs speak, by name. @module */

/** Media types without parameters. (`MediaType` of `nuages/http` is Django's class for any of them.) */
export const ContentType = {
  JSON: "application/json",
  MESSAGEPACK: "application/x-msgpack",
  TEXT: "text/plain",
  HTML: "text/html",
  CSS: "text/css",
  XML: "application/xml",
  EVENT_STREAM: "text/event-stream",
  JSON_LINES: "application/jsonl",
  PROBLEM_JSON: "application/problem+json",
  OCTET_STREAM: "application/octet-stream",
} as const;
