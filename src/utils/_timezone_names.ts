/** The short names of time zones: `CET`, `EDT`; an offset where nobody has a name. @module */
import { type LocalTime, localtime } from "./_timezone.ts";

// Between them, the varieties of English have most names; each alone has those of its own region.
const LOCALES = ["en-US", "en-GB", "en-AU", "en-CA", "en-IN", "en-ZA", "en-HK"];
const NO_NAME = /^(?:GMT|UTC).|^UTC$/;

/** Names that the IANA database has and English has not, or has otherwise: standard time, and daylight saving time. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ["America/Adak", "HST/HDT"],
  ["America/Dawson", "MST"],
  ["America/Havana", "CST/CDT"],
  ["America/Hermosillo", "MST"],
  ["America/Mazatlan", "MST"],
  ["America/Miquelon", "-03/-02"],
  ["America/Whitehorse", "MST"],
  ["Antarctica/Casey", "+08"],
  ["Antarctica/Troll", "+00/+02"],
  ["Asia/Colombo", "+0530"],
  ["Asia/Dubai", "+04"],
  ["Asia/Jakarta", "WIB"],
  ["Asia/Jayapura", "WIT"],
  ["Asia/Jerusalem", "IST/IDT"],
  ["Asia/Karachi", "PKT"],
  ["Asia/Macau", "CST"],
  ["Asia/Makassar", "WITA"],
  ["Asia/Manila", "PST"],
  ["Asia/Muscat", "+04"],
  ["Asia/Pontianak", "WIB"],
  ["Asia/Pyongyang", "KST"],
  ["Asia/Seoul", "KST"],
  ["Asia/Shanghai", "CST"],
  ["Asia/Taipei", "CST"],
  ["Asia/Tokyo", "JST"],
  ["Australia/Eucla", "+0845"],
  ["Australia/Lord_Howe", "+1030/+11"],
  ["Europe/Dublin", "GMT/IST"],
  ["Europe/Guernsey", "GMT/BST"],
  ["Europe/Isle_of_Man", "GMT/BST"],
  ["Europe/Jersey", "GMT/BST"],
  ["Europe/Kirov", "MSK"],
  ["Europe/Moscow", "MSK"],
  ["Europe/Simferopol", "MSK"],
  ["Europe/Volgograd", "MSK"],
  ["Pacific/Chatham", "+1245/+1345"],
  ["Pacific/Guam", "ChST"],
  ["Pacific/Midway", "SST"],
  ["Pacific/Pago_Pago", "SST"],
  ["Pacific/Saipan", "ChST"],
  ["UTC", "UTC"],
]);

const MAX_KNOWN = 1000;
const known = new Map<string, string>();

/** The name that the zone has at that time: `CET`, `CEST`, `-03`. */
export function zone_name(time: LocalTime): string {
  if (/^[+-]/.test(time.timezone)) return time.timezone;
  if (time.utcoffset % 60 !== 0) return "LMT"; // before there were zones
  const key = `${time.timezone} ${time.utcoffset}`;
  const found = known.get(key) ?? find_name(time);
  if (known.size >= MAX_KNOWN) known.clear();
  known.set(key, found);
  return found;
}

function find_name(time: LocalTime): string {
  for (const [index, locale] of LOCALES.entries()) {
    const format = new Intl.DateTimeFormat(locale, {
      timeZone: time.timezone,
      timeZoneName: "short",
    });
    const own = index === 0 ? NAMES.get(format.resolvedOptions().timeZone) : undefined;
    if (own !== undefined) return of_season(own, time);
    const part = format.formatToParts(time.date).find(({ type }) => type === "timeZoneName");
    if (part !== undefined && !NO_NAME.test(part.value)) return part.value;
  }
  return offset_name(time.utcoffset);
}

function of_season(names: string, time: LocalTime): string {
  const [standard = "", saving = standard] = names.split("/");
  return is_saving(time) ? saving : standard;
}

function offset_name(seconds: number): string {
  const minutes = Math.floor(Math.abs(seconds) / 60);
  const parts = [Math.floor(minutes / 60), minutes % 60].map((part) =>
    String(part).padStart(2, "0"),
  );
  return (seconds < 0 ? "-" : "+") + parts.join("").replace(/00$/, "");
}

/** Whether the clocks are further ahead than in the other season of the year. */
export function is_saving(time: LocalTime): boolean {
  if (/^[+-]/.test(time.timezone) || time.timezone === "UTC") return false;
  return [0, 6].some((month) => {
    const other = new Date(Date.UTC(2000, month, 1));
    other.setUTCFullYear(time.year);
    return localtime(other, { timezone: time.timezone }).utcoffset < time.utcoffset;
  });
}

const DAY = 86_400_000;

/** Whether the clocks show this time twice, because they are put back: then nothing is said of the zone. */
export function is_ambiguous(time: LocalTime): boolean {
  const shown = time.date.getTime() + time.utcoffset * 1000;
  return [-DAY, DAY].some((away) => {
    const near = localtime(new Date(time.date.getTime() + away), { timezone: time.timezone });
    if (near.utcoffset === time.utcoffset) return false;
    const again = new Date(shown - near.utcoffset * 1000);
    return localtime(again, { timezone: time.timezone }).utcoffset === near.utcoffset;
  });
}
