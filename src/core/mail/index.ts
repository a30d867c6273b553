/** Mail: writing it, and handing it to a mailer (Django docs: Sending email). @module */
export { outbox } from "./_outbox.ts";
export {
  mail_admins,
  mail_managers,
  type MassMail,
  send_mail,
  type SendMailOptions,
  send_mass_mail,
} from "./_send.ts";
export { InvalidMailer, type InvalidMailerOptions, MailerDoesNotExist } from "./exceptions.ts";
export {
  DEFAULT_MAILER_ALIAS,
  type EmailBackendClass,
  mailers,
  MailersHandler,
} from "./handler.ts";
export {
  type AttachOptions,
  BadHeaderError,
  DEFAULT_ATTACHMENT_MIME_TYPE,
  type EmailAlternative,
  type EmailAttachment,
  EmailMessage,
  type EmailMessageOptions,
  EmailMultiAlternatives,
  type EmailMultiAlternativesOptions,
  make_msgid,
  type MimeOptions,
  MimePart,
  type SendOptions,
} from "./message.ts";
export { CachedDnsName, DNS_NAME } from "./utils.ts";
