/** IP addresses as text (Django: `utils/ipv6`; RFC 4291 §2.2). @module */
import { isIPv4, isIPv6 } from "node:net";

/** The longest text of an IPv6 address. */
export const MAX_IPV6_ADDRESS_LENGTH = 39;

/** RFC 4007 §11.2 leaves it to the system what a zone looks like; white space and control characters it has nowhere. */
const ZONE = /^[^%/\s\p{C}]+$/u;

/** Whether it is the text of an IPv6 address, possibly with a zone (`fe80::1%eth0`), and of at most 39 characters. */
export function is_valid_ipv6_address(ip_addr: unknown): boolean {
  if (typeof ip_addr !== "string" || ip_addr.length > MAX_IPV6_ADDRESS_LENGTH) return false;
  const end = ip_addr.indexOf("%");
  if (end < 0) return isIPv6(ip_addr);
  return isIPv6(ip_addr.slice(0, end)) && ZONE.test(ip_addr.slice(end + 1));
}

/** Whether it is an IPv4 address: four decimal numbers, without leading zeros, which some read as octal. @internal */
export function is_valid_ipv4_address(ip_addr: unknown): boolean {
  return typeof ip_addr === "string" && ip_addr.length <= 15 && isIPv4(ip_addr);
}
