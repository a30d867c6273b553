/** Sending mail with one call (Django docs: Sending email). @module */
import { settings } from "../../conf/index.ts";
import { repr } from "../../utils/_python.ts";
import { ImproperlyConfigured } from "../exceptions.ts";
import { mailer_for } from "./handler.ts";
import { EmailMessage, EmailMultiAlternatives, type SendOptions } from "./message.ts";

/** Options of `send_mail`, `mail_admins` and `mail_managers`. */
export interface SendMailOptions extends SendOptions {
  /** The same as the message, in HTML. */
  html_message?: string | null | undefined;
}

/**
 * Sends one mail; gives 1, or 0 if there is nobody to send it to.
 * @param from_email `null`: `DEFAULT_FROM_EMAIL`.
 * @throws ValueError for a subject or an address with a line break, and as `EmailMessage.send`.
 */
export async function send_mail(
  subject: string,
  message: string,
  from_email: string | null | undefined,
  recipient_list: readonly string[],
  options: SendMailOptions = {},
): Promise<number> {
  const { html_message, using } = options;
  const mail = new EmailMultiAlternatives({
    subject,
    body: message,
    from_email,
    to: recipient_list,
  });
  if (html_message) mail.attach_alternative(html_message, "text/html");
  return mail.send({ using });
}

/** What `send_mass_mail` takes of each mail. */
export type MassMail = readonly [
  subject: string,
  message: string,
  from_email: string | null | undefined,
  recipient_list: readonly string[],
];

/** Sends mails over one connection; gives the number of those that were sent. */
export async function send_mass_mail(
  datatuple: Iterable<MassMail>,
  options: SendOptions = {},
): Promise<number> {
  const mails = Array.from(
    datatuple,
    ([subject, body, from_email, to]) => new EmailMessage({ subject, body, from_email, to }),
  );
  return mailer_for(options.using).send_messages(mails);
}

/** Writes to `ADMINS`, from `SERVER_EMAIL`, with `EMAIL_SUBJECT_PREFIX` before the subject. Nobody there: does nothing. */
export async function mail_admins(
  subject: string,
  message: string,
  options: SendMailOptions = {},
): Promise<void> {
  await send_server_message("ADMINS", settings.ADMINS, subject, message, options);
}

/** Writes to `MANAGERS`, as `mail_admins` to `ADMINS`. */
export async function mail_managers(
  subject: string,
  message: string,
  options: SendMailOptions = {},
): Promise<void> {
  await send_server_message("MANAGERS", settings.MANAGERS, subject, message, options);
}

async function send_server_message(
  name: string,
  recipients: readonly unknown[],
  subject: string,
  message: string,
  options: SendMailOptions,
): Promise<void> {
  if (recipients.length === 0) return;
  const wrong = recipients.find((address) => typeof address !== "string");
  if (wrong !== undefined)
    throw new ImproperlyConfigured(
      `${name} is a list of addresses like "ann@example.com"; ${repr(wrong)} is none.`,
    );
  await send_mail(
    `${settings.EMAIL_SUBJECT_PREFIX}${subject}`,
    message,
    settings.SERVER_EMAIL,
    recipients as readonly string[], // there is no other, as was just seen
    options,
  );
}
