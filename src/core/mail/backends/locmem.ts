/** A mailer for tests: mails are put into `outbox`. @module */
import { outbox } from "../_outbox.ts";
import type { EmailMessage } from "../message.ts";
import { BaseEmailBackend } from "./base.ts";

/** Puts copies of mails into `outbox`, at once, after the same check of their header fields as anywhere. */
export class EmailBackend extends BaseEmailBackend {
  override async send_messages(email_messages: readonly EmailMessage[]): Promise<number> {
    for (const message of email_messages) {
      message.message();
      const copy = message._copy();
      copy.sent_using = this.alias;
      outbox.push(copy);
    }
    return email_messages.length;
  }
}
