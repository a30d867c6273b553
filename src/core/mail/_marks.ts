/** What tells one mail from another: its date, and its Message-ID (RFC 5322 §3.6.1, §3.6.4). @module */
import { randomInt } from "node:crypto";
import { settings } from "../../conf/index.ts";
import { time } from "../../utils/_clock.ts";
import { get_current_timezone, LocalTime } from "../../utils/_timezone.ts";
import { DNS_NAME } from "./utils.ts";

const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

function pad(value: number): string {
  return String(value).padStart(2, "0");
}

/** Now, in UTC; with `EMAIL_USE_LOCALTIME` in the current time zone. */
export function date_text(): string {
  const now = time() * 1000;
  const offset = settings.EMAIL_USE_LOCALTIME
    ? new LocalTime(new Date(now), get_current_timezone()).utcoffset
    : 0;
  const shown = new Date(now + offset * 1000);
  const day = `${DAYS[shown.getUTCDay()]}, ${pad(shown.getUTCDate())} ${MONTHS[shown.getUTCMonth()]} ${shown.getUTCFullYear()}`;
  const clock = [shown.getUTCHours(), shown.getUTCMinutes(), shown.getUTCSeconds()];
  const minutes = Math.floor(Math.abs(offset) / 60);
  const zone = `${offset < 0 ? "-" : "+"}${pad(Math.floor(minutes / 60))}${pad(minutes % 60)}`;
  return `${day} ${clock.map(pad).join(":")} ${zone}`;
}

const LARGEST = 2 ** 48 - 1;

/** A Message-ID that no other mail has. */
export function make_msgid(options: { domain?: string | undefined } = {}): string {
  const numbers = [Math.trunc(time() * 100), process.pid, randomInt(LARGEST)];
  return `<${numbers.join(".")}@${options.domain ?? DNS_NAME.get_fqdn()}>`;
}
