/** `AdminEmailHandler`: errors are written to the administrators (Django docs: Logging). @module */
import { settings } from "../conf/index.ts";
import type { HttpRequest } from "../http/request.ts";
import type { ExceptionReporter } from "../views/_reporter.ts";
import { log, type Level, type LogRecord } from "./_logger.ts";

/** Options of `AdminEmailHandler`. */
export interface AdminEmailHandlerOptions {
  /** Whether the mail has the technical page too. It has much of the request: mail is read by others. Default `false`. */
  include_html?: boolean | undefined;
  /** The class that writes the report. Default: that of the request, or `DEFAULT_EXCEPTION_REPORTER`. */
  reporter_class?: typeof ExceptionReporter | null | undefined;
  /** The alias of the mailer. Default: `default`. */
  using?: string | null | undefined;
}

const RANKS: readonly Level[] = ["debug", "info", "warning", "error", "critical"];
const LEAST = RANKS.indexOf("error");
const LOGGER = "django.utils.log";
// Each holds a request; a server whose every answer is an error shall not drown in reports of that.
const MOST_AT_ONCE = 20;

/** Writes log records to `ADMINS`, with a report about the error and its request. */
export class AdminEmailHandler {
  readonly include_html: boolean;
  readonly reporter_class: typeof ExceptionReporter | null;
  readonly using: string | null;
  #sending = 0;

  constructor(options: AdminEmailHandlerOptions = {}) {
    this.include_html = options.include_html ?? false;
    this.reporter_class = options.reporter_class ?? null;
    this.using = options.using ?? null;
  }

  /**
   * What a log sink calls with each record: those of errors are mailed while `DEBUG` is off, and nobody waits for it. At
   * most 20 are on their way at the same time; of what is not sent, the log knows.
   */
  handle(record: LogRecord): void {
    if (RANKS.indexOf(record.level) < LEAST || settings.DEBUG || record.logger === LOGGER) return;
    if (this.#sending >= MOST_AT_ONCE)
      return log(LOGGER, "warning", "An error was not mailed: too many mails are on their way.");
    this.#sending += 1;
    this.emit(record)
      .catch((error: unknown) =>
        log(LOGGER, "warning", `An error could not be mailed: ${String(error)}`, { error }),
      )
      .finally(() => (this.#sending -= 1));
  }

  /** Mails one record, whatever its level, and waits until the mailer has it. @throws what the mailer throws. */
  async emit(record: LogRecord): Promise<void> {
    const is_own = this.send_mail !== AdminEmailHandler.prototype.send_mail;
    if (settings.ADMINS.length === 0 && !is_own) return;
    const request = (record.request ?? null) as HttpRequest | null; // what the framework logs has no other
    const reporter = await this.#reporter(request, record);
    const text = `${record.message}\n\n${await reporter.get_traceback_text()}`;
    const html_message = this.include_html ? await reporter.get_traceback_html() : null;
    await this.send_mail(this.format_subject(subject_of(record, request)), text, { html_message });
  }

  async #reporter(request: HttpRequest | null, record: LogRecord): Promise<ExceptionReporter> {
    // oxlint-disable-next-line no-restricted-imports -- Django's place for the class; loaded when there is an error
    const { get_exception_reporter_class } = await import("../views/_reporter.ts");
    const Reporter = this.reporter_class ?? get_exception_reporter_class(request);
    return new Reporter(request, record.error ?? record.message, { is_email: true });
  }

  /** Writes to `ADMINS`. A mailer that is not configured: silence. */
  async send_mail(
    subject: string,
    message: string,
    options: { html_message?: string | null | undefined } = {},
  ): Promise<void> {
    // oxlint-disable-next-line no-restricted-imports -- as above
    const { mail_admins, MailerDoesNotExist } = await import("../core/mail/index.ts");
    try {
      await mail_admins(subject, message, { ...options, using: this.using });
    } catch (error) {
      if (!(error instanceof MailerDoesNotExist)) throw error;
    }
  }

  /** The subject, on one line. */
  format_subject(subject: string): string {
    return subject.replaceAll("\n", "\\n").replaceAll("\r", "\\r");
  }
}

const LONGEST_SUBJECT = 900;

function subject_of({ level, message }: LogRecord, request: HttpRequest | null): string {
  const text = message.slice(0, LONGEST_SUBJECT);
  if (request === null) return `${level.toUpperCase()}: ${text}`;
  const is_internal = settings.INTERNAL_IPS.includes(request.META["REMOTE_ADDR"] ?? "");
  return `${level.toUpperCase()} (${is_internal ? "internal" : "EXTERNAL"} IP): ${text}`;
}
