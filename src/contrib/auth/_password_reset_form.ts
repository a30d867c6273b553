/** `PasswordResetForm`: the address of somebody who forgot the password, and the mail to there. @module */
import { EmailMultiAlternatives } from "../../core/mail/message.ts";
import { ValueError } from "../../core/exceptions.ts";
import type { HttpRequest } from "../../http/request.ts";
import { same_but_for_case } from "../../utils/_casefold.ts";
import { looks_like_email } from "../../utils/_email.ts";
import { str } from "../../utils/_python.ts";
import { urlsafe_base64_encode } from "../../utils/http.ts";
import { log_message } from "../../utils/log.ts";
import { get_current_site } from "../sites/_current_site.ts";
import { Form } from "./_form.ts";
import { mail_template } from "./_page_templates.ts";
import type { AuthUser } from "./_types.ts";
import { email_of, has_usable_password, users_with_email } from "./_user_model.ts";
import { default_token_generator, type PasswordResetTokenGenerator } from "./tokens.ts";

/** Options of `PasswordResetForm.send_mail`. */
export interface ResetMailOptions {
  /** The template of the mail in HTML; `null`: there is none. */
  html_email_template_name?: string | null | undefined;
}

/** Options of `PasswordResetForm.save`. */
export interface PasswordResetSaveOptions extends ResetMailOptions {
  /** The host of the link. Default: the site's domain, or the host of the request, which must be an allowed one. */
  domain_override?: string | null | undefined;
  /** The template of the subject; its lines are joined. Default `registration/password_reset_subject.txt`. */
  subject_template_name?: string | undefined;
  /** The template of the mail. Default `registration/password_reset_email.html`, which is plain text. */
  email_template_name?: string | undefined;
  /** Whether the link is an `https` one. Default `false`. */
  use_https?: boolean | undefined;
  token_generator?: PasswordResetTokenGenerator | undefined;
  /** Default `DEFAULT_FROM_EMAIL`. */
  from_email?: string | null | undefined;
  request?: HttpRequest | null | undefined;
  /** More values for the templates. */
  extra_email_context?: Readonly<Record<string, unknown>> | null | undefined;
  /** Whether to wait until the mailer has the mails. Default `true`; the view does not, or its answer would take longer for an address that is known. */
  wait?: boolean | undefined;
}

/** What a mail is made of. */
interface Letter {
  readonly subject_template_name: string;
  readonly email_template_name: string;
  readonly html_email_template_name: string | null;
}

/** An address. Whether anybody has it is not told: the form is valid, and takes as long, either way. */
export class PasswordResetForm extends Form {
  /** The longest address, in characters. */
  declare email_max_length: number;
  static {
    this.prototype.email_max_length = 254;
  }

  override clean(): void {
    const email = this._read("email", { max_length: this.email_max_length, strip: true });
    if (email !== undefined && !looks_like_email(email))
      this.add_error("email", "This is no e-mail address.");
  }

  /**
   * Who gets a mail: active users with a password of their own, whose stored address is this one but for case. Letters that
   * only look alike are different.
   */
  async get_users(email: string): Promise<AuthUser[]> {
    const found = await users_with_email(email);
    return found.filter(
      (user) =>
        (user.is_active ?? true) &&
        has_usable_password(user) &&
        same_but_for_case(email, email_of(user)),
    );
  }

  /**
   * Mails a link to each of those users, to the address that is stored. Where there is none, the same work is done, and
   * nothing sent. A mail that cannot be sent is logged.
   * @throws ImproperlyConfigured if the store of users cannot look for an address; DisallowedHost for the request's host;
   *   TemplateDoesNotExist.
   */
  async save(options: PasswordResetSaveOptions = {}): Promise<void> {
    const letter = letter_of(options);
    const site = site_of(options);
    const users = await this.get_users(this.cleaned_data["email"] ?? "");
    if (users.length === 0) pretend(letter, context_for(NOBODY, "", site, options));
    const mails = users.map(async (user) => {
      const to = email_of(user);
      const { subject_template_name, email_template_name, html_email_template_name } = letter;
      const context = context_for(user, to, site, options);
      await this.send_mail(
        subject_template_name,
        email_template_name,
        context,
        options.from_email ?? null,
        to,
        { html_email_template_name },
      );
    });
    const sent = Promise.all(mails.map(async (mail, index) => mail.catch(report(users[index]))));
    if (options.wait ?? true) await sent;
  }

  /** Writes and sends one mail. What it throws is logged by `save`. */
  async send_mail(
    subject_template_name: string,
    email_template_name: string,
    context: Readonly<Record<string, unknown>>,
    from_email: string | null,
    to_email: string,
    options: ResetMailOptions = {},
  ): Promise<void> {
    const html_email_template_name = options.html_email_template_name ?? null;
    const letter = { subject_template_name, email_template_name, html_email_template_name };
    const { subject, body, html } = written(letter, context);
    const mail = new EmailMultiAlternatives({ subject, body, from_email, to: [to_email] });
    if (html !== null) mail.attach_alternative(html, "text/html");
    await mail.send();
  }
}

/** The names of the templates, all of which are there: whether one is missing does not depend on the address. */
function letter_of(options: PasswordResetSaveOptions): Letter {
  const letter = {
    subject_template_name:
      options.subject_template_name ?? "registration/password_reset_subject.txt",
    email_template_name: options.email_template_name ?? "registration/password_reset_email.html",
    html_email_template_name: options.html_email_template_name ?? null,
  };
  for (const name of Object.values(letter)) if (name !== null) mail_template(name);
  return letter;
}

interface SiteOfLink {
  readonly domain: string;
  readonly name: string;
}

function site_of({ domain_override, request }: PasswordResetSaveOptions): SiteOfLink {
  if (domain_override) return { domain: domain_override, name: domain_override };
  if (request) return get_current_site(request);
  throw new ValueError("The link needs a host: give save() the request, or domain_override.");
}

function context_for(
  user: AuthUser,
  email: string,
  site: SiteOfLink,
  options: PasswordResetSaveOptions,
): Record<string, unknown> {
  return {
    email,
    domain: site.domain,
    site_name: site.name,
    uid: urlsafe_base64_encode(Buffer.from(str(user.pk))),
    user,
    token: (options.token_generator ?? default_token_generator).make_token(user),
    protocol: options.use_https ? "https" : "http",
    ...options.extra_email_context,
  };
}

function written(
  letter: Letter,
  context: Readonly<Record<string, unknown>>,
): { subject: string; body: string; html: string | null } {
  const { html_email_template_name } = letter;
  return {
    subject: mail_template(letter.subject_template_name).render(context).replace(LINE_BREAKS, ""),
    body: mail_template(letter.email_template_name).render(context),
    html:
      html_email_template_name === null
        ? null
        : mail_template(html_email_template_name).render(context),
  };
}

// What Python's `splitlines` splits at: a subject is one line.
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const LINE_BREAKS = /[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+/g;

const NOBODY: AuthUser = {
  pk: 0,
  password: "",
  is_authenticated: true,
  is_anonymous: false,
  get_username: () => "",
};

/** Writes a mail for nobody, so that time does not tell that there is nobody. */
function pretend(letter: Letter, context: Readonly<Record<string, unknown>>): void {
  try {
    written(letter, context);
  } catch {
    // The template wants more of a user than nobody has.
  }
}

function report(user: AuthUser | undefined): (error: unknown) => void {
  return (exception) =>
    log_message("django.contrib.auth", "The password reset mail to user %s failed.", user?.pk, {
      level: "error",
      exception,
    });
}
