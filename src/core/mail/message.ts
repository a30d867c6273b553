/** `EmailMessage`: one mail, and what it is made of (Django docs: Sending email, "The EmailMessage class"). @module */
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { settings } from "../../conf/index.ts";
import { guess_type } from "../../utils/_mime_types.ts";
import { repr } from "../../utils/_python.ts";
import { ValueError } from "../exceptions.ts";
import { address_header } from "./_addresses.ts";
import { header_name, header_text, single_line } from "./_header_text.ts";
import { date_text, make_msgid } from "./_marks.ts";
import {
  as_attachment,
  binary_part,
  checked_media_type,
  main_type,
  message_part,
  MimePart,
  multipart,
  text_part,
} from "./_mime.ts";
import { mailer_for } from "./handler.ts";

export { make_msgid } from "./_marks.ts";
export { type MimeOptions, MimePart } from "./_mime.ts";

/** A header field would have several lines: what a form sent shall not write headers. Django's name for `ValueError`. */
export const BadHeaderError: typeof ValueError = ValueError;

/** The media type of a file that nothing is known about. */
export const DEFAULT_ATTACHMENT_MIME_TYPE = "application/octet-stream";

/** A file of a mail. */
export interface EmailAttachment {
  readonly filename: string | null;
  /** Text, bytes, or a whole mail (`message/rfc822`). */
  readonly content: string | Uint8Array | EmailMessage;
  readonly mimetype: string;
}

/** The same as the body, in another form: HTML as a rule. */
export interface EmailAlternative {
  readonly content: string | Uint8Array;
  readonly mimetype: string;
}

/** Options of `EmailMessage`. */
export interface EmailMessageOptions {
  /** One line. Default `""`. */
  subject?: string | undefined;
  /** Plain text. Default `""`. */
  body?: string | null | undefined;
  /** Default `DEFAULT_FROM_EMAIL`. */
  from_email?: string | null | undefined;
  /** Who is written to: `ann@example.com`, or `Ann <ann@example.com>`. */
  to?: readonly string[] | null | undefined;
  /** Who else is told. */
  cc?: readonly string[] | null | undefined;
  /** Who else is told, without the others knowing. */
  bcc?: readonly string[] | null | undefined;
  /** Who is to be answered. Default: the sender. */
  reply_to?: readonly string[] | null | undefined;
  /** Files. */
  attachments?: readonly (EmailAttachment | MimePart)[] | null | undefined;
  /** More header fields; `From`, `To`, `Cc` and `Reply-To` here win over the addresses given above. */
  headers?: Readonly<Record<string, string>> | null | undefined;
}

/** Options of `EmailMessage.send`. */
export interface SendOptions {
  /** The alias of the mailer. Default: `default`. */
  using?: string | null | undefined;
}

/** Options of `attach` and `attach_file`. */
export interface AttachOptions {
  /** Default: by the name of the file. */
  mimetype?: string | null | undefined;
}

/** A mail. Header fields are checked when it is sent: a line break in one throws `ValueError`. */
export class EmailMessage {
  /** The body is `text/` and this. Default `plain`. */
  declare content_subtype: string;
  /** The charset of the body. Default `DEFAULT_CHARSET`. */
  declare encoding: string | null;
  static {
    this.prototype.content_subtype = "plain";
    this.prototype.encoding = null;
  }

  subject: string;
  body: string;
  from_email: string;
  to: string[];
  cc: string[];
  bcc: string[];
  reply_to: string[];
  attachments: (EmailAttachment | MimePart)[] = [];
  extra_headers: Readonly<Record<string, string>>;
  /** In `outbox`: the alias of the mailer that it was sent with. */
  sent_using?: string | null;

  /** @throws TypeError for a text where a list of addresses belongs. */
  constructor(options: EmailMessageOptions = {}) {
    this.subject = options.subject ?? "";
    this.body = options.body ?? "";
    this.from_email = options.from_email || settings.DEFAULT_FROM_EMAIL;
    this.to = addresses("to", options.to);
    this.cc = addresses("cc", options.cc);
    this.bcc = addresses("bcc", options.bcc);
    this.reply_to = addresses("reply_to", options.reply_to);
    this.extra_headers = options.headers ?? {};
    for (const attachment of options.attachments ?? []) this.attachments.push(decoded(attachment));
  }

  /** The mail as it is written. @throws ValueError for a header field that is none. */
  message(): MimePart {
    const message = with_attachments(this, this._body_part());
    message._add("Subject", header_text("Subject", this.subject));
    message._add("From", address_header("From", [extra_header(this, "From") ?? this.from_email]));
    add_addresses(this, message, "To", this.to);
    add_addresses(this, message, "Cc", this.cc);
    add_addresses(this, message, "Reply-To", this.reply_to);
    if (extra_header(this, "Date") === undefined) message._add("Date", date_text());
    if (extra_header(this, "Message-ID") === undefined) message._add("Message-ID", make_msgid());
    add_extra_headers(message, this.extra_headers);
    return message;
  }

  /** All addresses the mail goes to. */
  recipients(): string[] {
    return [...this.to, ...this.cc, ...this.bcc].filter((address) => address !== "");
  }

  /**
   * Sends the mail, and waits until the mailer has taken it. Gives 1, or 0 if there is nobody to send it to.
   * @throws MailerDoesNotExist for an alias that `MAILERS` does not have; ValueError for a header field that is none;
   *   what the mailer throws.
   */
  async send(options: SendOptions = {}): Promise<number> {
    if (this.recipients().length === 0) return 0;
    return mailer_for(options.using).send_messages([this]);
  }

  /**
   * Adds a file. Bytes of a `text/` type are read as UTF-8; what is none becomes `application/octet-stream`.
   * @param filename `null`: it has no name.
   */
  attach(
    filename: string | null | undefined,
    content: string | Uint8Array | EmailMessage,
    options: AttachOptions = {},
  ): void {
    const mimetype =
      options.mimetype || guess_type(filename ?? "").type || DEFAULT_ATTACHMENT_MIME_TYPE;
    this.attachments.push(decoded({ filename: filename ?? null, content, mimetype }));
  }

  /** Adds a file of this machine. */
  async attach_file(path: string, options: AttachOptions = {}): Promise<void> {
    this.attach(basename(path), await readFile(path), options);
  }

  /** Whether the text is in the body. */
  body_contains(text: string): boolean {
    return this.body.includes(text);
  }

  /** Another with the same content; lists are its own. @internal */
  _copy(): this {
    const copy = Object.create(Object.getPrototypeOf(this) as object) as this; // of the same class
    for (const [name, value] of Object.entries(this))
      Reflect.set(copy, name, Array.isArray(value) ? [...(value as unknown[])] : value);
    return copy;
  }

  /** The text of the mail; nothing if it is but files. @internal */
  _body_part(): MimePart | undefined {
    if (this.body === "" && this.attachments.length > 0) return undefined;
    return text_part(this.body, `text/${this.content_subtype}`, this._charset());
  }

  /** @internal */
  _charset(): string {
    return this.encoding ?? settings.DEFAULT_CHARSET;
  }
}

// Functions, not private methods: the copies in `outbox` are made without a constructor.

function with_attachments(message: EmailMessage, body: MimePart | undefined): MimePart {
  if (message.attachments.length === 0 && body !== undefined) return body;
  const files = message.attachments.map((attachment) =>
    attachment instanceof MimePart
      ? attachment
      : file_part(decoded(attachment), message._charset()),
  );
  return multipart("mixed", body === undefined ? files : [body, ...files]);
}

function file_part({ filename, content, mimetype }: EmailAttachment, charset: string): MimePart {
  if (main_type(mimetype) === "text" && typeof content === "string")
    return as_attachment(text_part(content, mimetype, charset), filename);
  const make = main_type(mimetype) === "message" ? message_part : binary_part;
  return as_attachment(make(bytes_of(content), mimetype), filename);
}

function extra_header(message: EmailMessage, name: string): string | undefined {
  const wanted = name.toLowerCase();
  return Object.entries(message.extra_headers).find(([key]) => key.toLowerCase() === wanted)?.[1];
}

function add_addresses(
  message: EmailMessage,
  part: MimePart,
  name: string,
  values: readonly string[],
): void {
  const extra = extra_header(message, name);
  const text = address_header(name, extra === undefined ? values : [extra]);
  if (text !== "") part._add(name, text);
}

function add_extra_headers(part: MimePart, headers: Readonly<Record<string, string>>): void {
  for (const [given, value] of Object.entries(headers)) {
    const name = header_name(given);
    const lower = name.toLowerCase();
    if (DONE.has(lower)) continue;
    if (lower === "bcc")
      throw new ValueError(
        "A mail has no header field Bcc, or all would read it: use the option bcc.",
      );
    if (part.get(name) !== undefined)
      throw new ValueError(`The header field ${name} is there already, and can be but once.`);
    part._add(name, VERBATIM.has(lower) ? single_line(name, value) : extra_text(name, value));
  }
}

// From the addresses of the mail, unless given.
const DONE: ReadonlySet<string> = new Set(["from", "to", "cc", "reply-to"]);
// Encoded words are not for what machines read.
const VERBATIM: ReadonlySet<string> = new Set(["date", "message-id"]);
const ADDRESSES: ReadonlySet<string> = new Set([
  "sender",
  "resent-from",
  "resent-sender",
  "resent-to",
  "resent-cc",
]);

function extra_text(name: string, value: string): string {
  return ADDRESSES.has(name.toLowerCase())
    ? address_header(name, [value])
    : header_text(name, String(value));
}

function addresses(option: string, given: readonly string[] | null | undefined): string[] {
  if (typeof given === "string")
    throw new TypeError(`${option} is a list of addresses, not the text ${repr(given)}.`);
  return [...(given ?? [])];
}

function decoded<A extends EmailAttachment | MimePart>(attachment: A): A | EmailAttachment {
  if (attachment instanceof MimePart) return attachment;
  const { filename, content } = attachment;
  const mimetype = checked_media_type(attachment.mimetype);
  if (main_type(mimetype) !== "text" || !(content instanceof Uint8Array)) return attachment;
  try {
    return { filename, content: UTF8.decode(content), mimetype };
  } catch {
    return { filename, content, mimetype: DEFAULT_ATTACHMENT_MIME_TYPE };
  }
}

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function bytes_of(content: EmailAttachment["content"]): Buffer {
  if (content instanceof EmailMessage) return content.message().as_bytes();
  return Buffer.from(content as string); // or bytes: Buffer.from takes both
}

/** Options of `EmailMultiAlternatives`. */
export interface EmailMultiAlternativesOptions extends EmailMessageOptions {
  /** The same as the body, in other forms. */
  alternatives?: readonly EmailAlternative[] | null | undefined;
}

/** A mail in several forms, of which the reader's program shows the last one that it can. */
export class EmailMultiAlternatives extends EmailMessage {
  alternatives: EmailAlternative[];

  constructor(options: EmailMultiAlternativesOptions = {}) {
    super(options);
    this.alternatives = [...(options.alternatives ?? [])];
  }

  /** Adds a form: `attach_alternative("<p>Hi</p>", "text/html")`. */
  attach_alternative(content: string | Uint8Array, mimetype: string): void {
    this.alternatives.push({ content, mimetype });
  }

  /** Whether the text is in the body, and in each of its forms that is text. */
  override body_contains(text: string): boolean {
    return (
      super.body_contains(text) &&
      this.alternatives.every(
        ({ content, mimetype }) =>
          main_type(mimetype) !== "text" || Buffer.from(content as string).includes(text),
      )
    );
  }

  override _body_part(): MimePart | undefined {
    if (this.alternatives.length === 0) return super._body_part();
    const forms = this.alternatives.map((alternative) => {
      const { content, mimetype } = decoded({ filename: null, ...alternative });
      return main_type(mimetype) === "text" && typeof content === "string"
        ? text_part(content, mimetype, this._charset())
        : binary_part(bytes_of(content), mimetype);
    });
    const body = this.body === "" ? undefined : super._body_part();
    return multipart("alternative", body === undefined ? forms : [body, ...forms]);
  }
}
