/** Assertions about messages, for tests (Django docs: The messages framework, "Testing"). @module */
import { deepStrictEqual } from "node:assert";
import type { HttpRequest } from "../../http/request.ts";
import { get_messages } from "./api.ts";
import type { Message } from "./storage/base.ts";

/** Options of `assertMessages`. */
export interface AssertMessagesOptions {
  /** Whether the order counts. Default `true`. */
  ordered?: boolean | undefined;
}

/** A response of the test client. */
interface Tested {
  readonly wsgi_request: HttpRequest;
}

/** For a class of tests, or on its own: `new MessagesTestMixin().assertMessages(response, […])`. */
export class MessagesTestMixin {
  /** @throws AssertionError unless these messages were added in the request and not shown. Extra tags do not count. */
  assertMessages(
    response: Tested,
    expected_messages: readonly Message[],
    options: AssertMessagesOptions = {},
  ): void {
    const arranged = (messages: Iterable<Message>): [level: number, text: string][] => {
      const pairs = Array.from(messages, ({ level, message }): [number, string] => [
        level,
        String(message),
      ]);
      return options.ordered === false ? pairs.toSorted(by_level_and_text) : pairs;
    };
    deepStrictEqual(arranged(get_messages(response.wsgi_request)), arranged(expected_messages));
  }
}

function by_level_and_text(
  [level, text]: [number, string],
  [other_level, other_text]: [number, string],
): number {
  return level - other_level || (text < other_text ? -1 : Number(text > other_text));
}
