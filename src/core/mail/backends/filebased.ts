/** A mailer for development: mails are written to files. @module */
import { randomBytes } from "node:crypto";
import { appendFile, mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { settings } from "../../../conf/index.ts";
import { time } from "../../../utils/_clock.ts";
import { LocalTime } from "../../../utils/_timezone.ts";
import { InvalidMailer } from "../exceptions.ts";
import type { EmailMessage } from "../message.ts";
import { BaseEmailBackend, type EmailBackendOptions } from "./base.ts";
import { RULE } from "./console.ts";

/** Options of the mailer that writes files. */
export interface FileOptions extends EmailBackendOptions {
  /** The directory, which is made if it is not there. Default, without `MAILERS`: `EMAIL_FILE_PATH`. */
  file_path?: string | null | undefined;
}

/** Writes mails to a file of the directory `file_path`: one for all mails of a mailer. Only its owner can read it. */
export class EmailBackend extends BaseEmailBackend {
  /** The directory. */
  readonly file_path: string;
  #name: string | undefined;

  /** @throws InvalidMailer without a directory. */
  constructor(options: FileOptions = {}) {
    const { file_path, ...rest } = options;
    super(rest);
    const directory = file_path || (this.alias === null ? settings.EMAIL_FILE_PATH : null);
    if (!directory)
      throw new InvalidMailer(
        this.alias === null
          ? "Set EMAIL_FILE_PATH to the directory that mails are written to."
          : "OPTIONS needs file_path, the directory that mails are written to.",
        { alias: this.alias },
      );
    this.file_path = resolve(directory);
  }

  /** The path of the file. @internal */
  _get_filename(): string {
    const moment = String(new LocalTime(new Date(time() * 1000), settings.TIME_ZONE));
    const stamp = moment.slice(0, 19).replaceAll(/[-:]/g, "").replace(/[ T]/, "-");
    this.#name ??= `${stamp}-${randomBytes(6).toString("hex")}.log`;
    return join(this.file_path, this.#name);
  }

  /** @throws InvalidMailer if there can be no such directory. */
  override async open(): Promise<boolean> {
    try {
      await mkdir(this.file_path, { recursive: true });
    } catch (cause) {
      throw new InvalidMailer(`There can be no directory ${this.file_path}.`, {
        alias: this.alias,
        cause,
      });
    }
    return false;
  }

  /** Writes one mail. */
  async write_message(message: EmailMessage): Promise<void> {
    const bytes = Buffer.concat([message.message().as_bytes(), Buffer.from(`\n${RULE}\n`)]);
    await appendFile(this._get_filename(), bytes, { mode: 0o600 });
  }

  override async send_messages(email_messages: readonly EmailMessage[]): Promise<number> {
    if (email_messages.length === 0) return 0;
    await this.open();
    for (const message of email_messages) await this.write_message(message);
    return email_messages.length;
  }
}
