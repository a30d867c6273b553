/** A mailer that hands mails to a mail server (RFC 5321), by the package nodemailer. @module */
import { settings } from "../../../conf/index.ts";
import { ImproperlyConfigured } from "../../exceptions.ts";
import { InvalidMailer } from "../exceptions.ts";
import { envelope_address } from "../_addresses.ts";
import type { EmailMessage } from "../message.ts";
import { type ServerOptions, SmtpSession } from "./_smtp_session.ts";
import { BaseEmailBackend, type EmailBackendOptions } from "./base.ts";

/** Options of the SMTP mailer. */
export interface SmtpOptions extends EmailBackendOptions {
  /** The name of the server. It must be given. */
  host?: string | null | undefined;
  /** Default 25; 587 with `use_tls`, 465 with `use_ssl`. */
  port?: number | null | undefined;
  /** The name to log in with. Without name and password there is no login. */
  username?: string | null | undefined;
  password?: string | null | undefined;
  /** Ask for an encrypted connection after the greeting (STARTTLS), and go no further without. */
  use_tls?: boolean | null | undefined;
  /** Begin with an encrypted connection. */
  use_ssl?: boolean | null | undefined;
  /** Seconds to wait for the server. Default: the package's, some minutes. */
  timeout?: number | null | undefined;
  /** The file of the client's key. */
  ssl_keyfile?: string | null | undefined;
  /** The file of the client's certificate. */
  ssl_certfile?: string | null | undefined;
}

/** Sends mails over one connection, which is closed after them unless `open` was called before. */
export class EmailBackend extends BaseEmailBackend {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
  readonly use_tls: boolean;
  readonly use_ssl: boolean;
  readonly timeout: number | null;
  readonly ssl_keyfile: string | null;
  readonly ssl_certfile: string | null;
  #session: SmtpSession | undefined;
  #last: Promise<unknown> = Promise.resolve();

  /** @throws InvalidMailer without a host, or for both `use_tls` and `use_ssl`. */
  constructor(options: SmtpOptions = {}) {
    const {
      host,
      port,
      username,
      password,
      use_tls,
      use_ssl,
      timeout,
      ssl_keyfile,
      ssl_certfile,
      ...rest
    } = options;
    super(rest);
    const given = {
      host,
      port,
      username,
      password,
      use_tls,
      use_ssl,
      timeout,
      ssl_keyfile,
      ssl_certfile,
    };
    const { alias } = this;
    const values = alias === null ? with_settings(given) : given;
    if (!values.host) throw new InvalidMailer("OPTIONS needs host, the mail server.", { alias });
    this.host = values.host;
    this.use_tls = values.use_tls ?? false;
    this.use_ssl = values.use_ssl ?? false;
    if (this.use_tls && this.use_ssl)
      throw new InvalidMailer(
        "A connection is encrypted from its beginning (use_ssl), or after its greeting (use_tls): give one of them.",
        { alias },
      );
    this.port = values.port ?? (this.use_ssl ? 465 : this.use_tls ? 587 : 25);
    this.username = values.username ?? "";
    this.password = values.password ?? "";
    this.timeout = values.timeout ?? null;
    this.ssl_keyfile = values.ssl_keyfile ?? null;
    this.ssl_certfile = values.ssl_certfile ?? null;
  }

  /** @throws ImproperlyConfigured without the package nodemailer; what it throws if there is no connection. */
  override async open(): Promise<boolean> {
    if (this.#session?.is_open) return false;
    this.#session = await SmtpSession.open(this.#server());
    return true;
  }

  override async close(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    await session?.close();
  }

  /** @throws ValueError for an address that is none; what nodemailer throws if the server refuses a mail. */
  override async send_messages(email_messages: readonly EmailMessage[]): Promise<number> {
    if (email_messages.length === 0) return 0;
    // One connection has one conversation: who comes meanwhile waits.
    const sent = this.#last.then(async () => this.#send_all(email_messages));
    this.#last = sent.catch(() => undefined);
    return sent;
  }

  async #send_all(email_messages: readonly EmailMessage[]): Promise<number> {
    const is_new = await this.open();
    let count = 0;
    try {
      for (const message of email_messages) if (await this.#send(message)) count += 1;
    } finally {
      if (is_new) await this.close();
    }
    return count;
  }

  async #send(message: EmailMessage): Promise<boolean> {
    const to = message.recipients().map(envelope_address);
    if (to.length === 0) return false;
    const from = envelope_address(message.from_email);
    const bytes = message.message().as_bytes({ linesep: "\r\n" });
    if (this.#session === undefined)
      throw new ImproperlyConfigured("The mailer was closed while it was sending.");
    await this.#session.send({ from, to, use8BitMime: true }, bytes);
    return true;
  }

  #server(): ServerOptions {
    const { host, port, username, password, use_tls, use_ssl, timeout } = this;
    const { ssl_keyfile, ssl_certfile } = this;
    return {
      host,
      port,
      username,
      password,
      use_tls,
      use_ssl,
      timeout,
      ssl_keyfile,
      ssl_certfile,
    };
  }
}

function with_settings(given: SmtpOptions): SmtpOptions {
  return {
    host: given.host || settings.EMAIL_HOST,
    port: given.port || settings.EMAIL_PORT,
    username: given.username ?? settings.EMAIL_HOST_USER,
    password: given.password ?? settings.EMAIL_HOST_PASSWORD,
    use_tls: given.use_tls ?? settings.EMAIL_USE_TLS,
    use_ssl: given.use_ssl ?? settings.EMAIL_USE_SSL,
    timeout: given.timeout ?? settings.EMAIL_TIMEOUT,
    ssl_keyfile: given.ssl_keyfile ?? settings.EMAIL_SSL_KEYFILE,
    ssl_certfile: given.ssl_certfile ?? settings.EMAIL_SSL_CERTFILE,
  };
}
