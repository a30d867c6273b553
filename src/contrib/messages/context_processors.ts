/** Messages for templates. @module */
import type { HttpRequest } from "../../http/request.ts";
import { get_messages } from "./api.ts";
import { DEFAULT_LEVELS } from "./constants.ts";
import type { BaseStorage, Message } from "./storage/base.ts";

/** What the context processor adds. */
export interface MessagesContext {
  /** A loop over them shows them. */
  messages: BaseStorage | readonly Message[];
  DEFAULT_MESSAGE_LEVELS: Readonly<Record<string, number>>;
}

/** Adds `messages` and `DEFAULT_MESSAGE_LEVELS`. */
export function messages(request: HttpRequest): MessagesContext {
  return { messages: get_messages(request), DEFAULT_MESSAGE_LEVELS: DEFAULT_LEVELS };
}
