/** A mailer that does nothing. @module */
import type { EmailMessage } from "../message.ts";
import { BaseEmailBackend } from "./base.ts";

/** Takes mails, and drops them. */
export class EmailBackend extends BaseEmailBackend {
  override async send_messages(email_messages: readonly EmailMessage[]): Promise<number> {
    return email_messages.length;
  }
}
