/** `outbox`: the mails that the backend for tests was given. @module */
import type { EmailMessage } from "./message.ts";

/**
 * The mails that were sent while the `locmem` backend was in use, oldest first. The same list always: `outbox.length = 0`
 * empties it, as `setup_test_environment()` and each test of a `SimpleTestCase` do.
 */
export const outbox: EmailMessage[] = [];
