/** Streams: pieces of text or bytes, server-sent events, JSON lines (docs/api.md, "Streams and events"). @module */
export { EventStream, type EventStreamOptions } from "./_event_stream.ts";
export { ServerSentEvent, type ServerSentEventOptions } from "./_server_sent_event.ts";
export { is_stream_value, type ItemSource, type StreamSource } from "./_sources.ts";
export { Stream } from "./_stream.ts";
export {
  type EventItem,
  EventsKind,
  type EventSource,
  jsonl,
  LinesKind,
  type LineSource,
  sse,
} from "./_stream_kinds.ts";
