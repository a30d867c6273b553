/** Validators of domain names, URLs, e-mail and IP addresses. @module */
import {
  DOMAIN,
  HOST,
  HOSTNAME,
  LITERAL,
  LOCAL_PART,
  MAX_EMAIL_LENGTH,
  TOP_LEVEL,
} from "../utils/_email.ts";
import { repr } from "../utils/_python.ts";
import { urlsplit_or_none } from "../utils/_urlsplit.ts";
import { is_longer } from "../utils/_utf8.ts";
import { SPACE } from "../utils/_whitespace.ts";
import { MAX_URL_LENGTH } from "../utils/http.ts";
import { is_valid_ipv4_address, is_valid_ipv6_address } from "../utils/ipv6.ts";
import { ValueError } from "./_builtins.ts";
import {
  invalid,
  type MessageOptions,
  RegexValidator,
  type RegexValidatorOptions,
} from "./_regex_validator.ts";
import { ValidationError, type ValidationMessage } from "./_validation.ts";
import { Validator } from "./_validator.ts";

/** Options of the `DomainNameValidator` constructor. */
export interface DomainNameValidatorOptions extends Omit<RegexValidatorOptions, "regex" | "flags"> {
  /** Whether letters beyond ASCII are allowed. Default `true`. */
  accept_idna?: boolean | undefined;
}

const ASCII_DOMAIN =
  /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.(?!-)[a-z0-9-]{1,63}(?<!-))*\.(?!-)[a-z0-9-]{2,63}(?<!-)\.?$/i;
const ANY_DOMAIN = new RegExp(`^${HOSTNAME}${DOMAIN}${TOP_LEVEL}\\.?$`, "iu");

/** Only a domain name of at least two labels (RFC 1034 §3.5), possibly with a dot at its end. */
export class DomainNameValidator extends RegexValidator {
  /** The most characters. 255. */
  declare max_length: number;
  /** Whether letters beyond ASCII are allowed. */
  readonly accept_idna: boolean;

  static {
    this.prototype.message = "This is not a domain name.";
    this.prototype.max_length = 255;
  }

  constructor(options: DomainNameValidatorOptions = {}) {
    const { accept_idna = true } = options;
    super({ ...options, regex: accept_idna ? ANY_DOMAIN : ASCII_DOMAIN });
    this.accept_idna = accept_idna;
  }

  override call(value: unknown): void {
    if (typeof value !== "string" || is_longer(value, this.max_length)) throw invalid(this, value);
    super.call(value);
  }
}

/** Only a domain name, also an international one. */
export const validate_domain_name: DomainNameValidator = new DomainNameValidator();

const OCTET = "(?:0|25[0-5]|2[0-4][0-9]|1[0-9]?[0-9]?|[1-9][0-9]?)";
const URL_PATTERN = new RegExp(
  "^[a-z0-9.+\\-]*://" + // which schemes there may be is checked apart
    `(?:[^${SPACE}:@/]+(?::[^${SPACE}:@/]*)?@)?` + // user and password
    `(?:${OCTET}(?:\\.${OCTET}){3}|\\[[0-9a-f:.]+\\]|${HOSTNAME}${DOMAIN}${TOP_LEVEL}\\.?|localhost)` +
    `(?::[0-9]{1,5})?(?:[/?#][^${SPACE}]*)?$`,
  "iu",
);
const BRACKETED = /^\[(.+)\](?::[0-9]{1,5})?$/;
const MAX_HOSTNAME_LENGTH = 253; // RFC 1034 §3.1: 255 bytes, two of which are no text

/** Options of the `URLValidator` constructor. */
export interface URLValidatorOptions extends RegexValidatorOptions {
  /** The schemes allowed, in lower case. Default `http`, `https`, `ftp`, `ftps`. */
  schemes?: Iterable<string> | null | undefined;
}

/** Only an absolute URL with a host. That the host is not one of your own network is not checked: look where it leads. */
export class URLValidator extends RegexValidator {
  /** The schemes allowed. */
  declare schemes: readonly string[];
  /** Characters that are refused wherever they are. */
  declare unsafe_chars: ReadonlySet<string>;
  /** The most characters. 2048. */
  declare max_length: number;

  static {
    this.prototype.regex = URL_PATTERN;
    this.prototype.message = "This is not a URL.";
    this.prototype.schemes = ["http", "https", "ftp", "ftps"];
    this.prototype.unsafe_chars = new Set("\t\r\n");
    this.prototype.max_length = MAX_URL_LENGTH;
  }

  constructor(options: URLValidatorOptions = {}) {
    super(options);
    if (options.schemes) this.schemes = [...options.schemes];
  }

  override call(value: unknown): void {
    if (typeof value !== "string" || is_longer(value, this.max_length)) throw invalid(this, value);
    for (const character of this.unsafe_chars)
      if (value.includes(character)) throw invalid(this, value);
    const [scheme = ""] = value.split("://", 1);
    if (!this.schemes.includes(scheme.toLowerCase())) throw invalid(this, value);
    const parts = urlsplit_or_none(value);
    if (parts === undefined) throw invalid(this, value);
    super.call(value);
    const address = BRACKETED.exec(parts.netloc)?.[1];
    if (address !== undefined && !is_valid_ipv6_address(address)) throw invalid(this, value);
    const host = hostname_of(parts.netloc);
    if (host === "" || is_longer(host, MAX_HOSTNAME_LENGTH)) throw invalid(this, value);
  }
}

/** The host without user, port and brackets. */
function hostname_of(netloc: string): string {
  const host = netloc.slice(netloc.lastIndexOf("@") + 1);
  const open = host.indexOf("[");
  const text = open < 0 ? host.split(":", 1)[0] : host.slice(open + 1).split("]", 1)[0];
  return text ?? "";
}

/** Options of the `EmailValidator` constructor. */
export interface EmailValidatorOptions extends MessageOptions {
  /** Domains that are allowed though they do not look like one. Default `localhost`. */
  allowlist?: Iterable<string> | null | undefined;
}

/** Only an e-mail address, of at most 320 characters. Whether somebody reads it, only a mail can tell. */
export class EmailValidator extends Validator {
  /** What the error says. */
  declare message: ValidationMessage;
  /** The error's code. */
  declare code: string;
  /** What the part before the `@` looks like. */
  declare user_regex: RegExp;
  /** What the part behind it looks like. */
  declare domain_regex: RegExp;
  /** What that part looks like if it is an IP address, the first group. */
  declare literal_regex: RegExp;
  /** Domains that are allowed as they are. */
  declare domain_allowlist: readonly string[];

  static {
    this.prototype.message = "This is not an e-mail address.";
    this.prototype.code = "invalid";
    this.prototype.user_regex = LOCAL_PART;
    this.prototype.domain_regex = HOST;
    this.prototype.literal_regex = LITERAL;
    this.prototype.domain_allowlist = ["localhost"];
  }

  constructor(options: EmailValidatorOptions = {}) {
    super();
    const { message, code, allowlist } = options;
    if (message !== undefined && message !== null) this.message = message;
    if (code !== undefined && code !== null) this.code = code;
    if (allowlist) this.domain_allowlist = [...allowlist];
  }

  override call(value: unknown): void {
    if (typeof value !== "string" || is_longer(value, MAX_EMAIL_LENGTH)) throw invalid(this, value);
    const at = value.lastIndexOf("@");
    if (at < 0 || value.slice(0, at).search(this.user_regex) !== 0) throw invalid(this, value);
    const domain = value.slice(at + 1);
    if (!this.domain_allowlist.includes(domain) && !this.validate_domain_part(domain))
      throw invalid(this, value);
  }

  /** Whether it is a domain name, or an IP address in brackets. */
  validate_domain_part(domain_part: string): boolean {
    if (domain_part.search(this.domain_regex) === 0) return true;
    const address = this.literal_regex.exec(domain_part)?.[1];
    return is_valid_ipv4_address(address) || is_valid_ipv6_address(address);
  }
}

/** Only an e-mail address. */
export const validate_email: EmailValidator = new EmailValidator();

function check_address(value: unknown, protocol: string, ok: boolean): void {
  if (ok) return;
  throw new ValidationError("This is not an %(protocol)s address.", {
    code: "invalid",
    params: { protocol, value },
  });
}

/** @throws ValidationError unless it is the text of an IPv4 address, without leading zeros. */
export function validate_ipv4_address(value: unknown): void {
  check_address(value, "IPv4", is_valid_ipv4_address(value));
}

/** @throws ValidationError unless it is the text of an IPv6 address. */
export function validate_ipv6_address(value: unknown): void {
  check_address(value, "IPv6", is_valid_ipv6_address(value));
}

/** @throws ValidationError unless it is the text of an IPv4 or an IPv6 address. */
export function validate_ipv46_address(value: unknown): void {
  const ok = is_valid_ipv4_address(value) || is_valid_ipv6_address(value);
  check_address(value, "IPv4 or IPv6", ok);
}

/** Which addresses a field takes. */
export type IPProtocol = "both" | "ipv4" | "ipv6";

/** The validators by protocol. */
export const ip_address_validator_map: Readonly<
  Record<IPProtocol, readonly ((value: unknown) => void)[]>
> = {
  both: [validate_ipv46_address],
  ipv4: [validate_ipv4_address],
  ipv6: [validate_ipv6_address],
};

/**
 * The validators of a field of IP addresses.
 * @param protocol `"both"`, `"ipv4"` or `"ipv6"`, in any case.
 * @param unpack_ipv4 Whether the field turns `::ffff:192.0.2.1` into `192.0.2.1`, which makes sense for `"both"` alone.
 * @throws ValueError for another protocol, and for `unpack_ipv4` with one of the two.
 */
export function ip_address_validators(
  protocol: string,
  unpack_ipv4: boolean,
): readonly ((value: unknown) => void)[] {
  if (protocol !== "both" && unpack_ipv4)
    throw new ValueError("Only a field of both protocols can unpack IPv4 addresses.");
  const name = protocol.toLowerCase();
  if (name === "both" || name === "ipv4" || name === "ipv6") return ip_address_validator_map[name];
  throw new ValueError(`${repr(protocol)} is no protocol; there are both, ipv4 and ipv6.`);
}
