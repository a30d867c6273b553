/** URLs in their five parts, as Python's `urllib.parse` takes them apart and joins them: unlike `URL` it keeps what it is given. @module */
import { isIPv6 } from "node:net";
import { ValueError } from "../core/exceptions.ts";
import { repr } from "./_python.ts";

/** The parts of a URL; what is missing is `""`. `netloc` is user, host and port as they stand. */
export interface SplitResult {
  scheme: string;
  netloc: string;
  path: string;
  query: string;
  fragment: string;
}

const LEADING = /^[\0-\x20]+/;
const NEWLINES_AND_TABS = /[\t\r\n]/g;
const SCHEME = /^([a-zA-Z][a-zA-Z0-9+.-]*):/;
const END_OF_NETLOC = /[/?#]/;

/**
 * Takes a URL apart; nothing is decoded. Control characters and spaces before it are dropped, and so are tabs and line
 * breaks anywhere.
 * @throws ValueError for brackets that hold no IPv6 address, and for a host that becomes another one under NFKC.
 */
export function urlsplit(url: string): SplitResult {
  let rest = url.replace(LEADING, "").replace(NEWLINES_AND_TABS, "");
  const [found = "", named = ""] = SCHEME.exec(rest) ?? [];
  rest = rest.slice(found.length);
  let netloc = "";
  if (rest.startsWith("//")) {
    const end = rest.slice(2).search(END_OF_NETLOC);
    netloc = end < 0 ? rest.slice(2) : rest.slice(2, 2 + end);
    rest = rest.slice(2 + netloc.length);
    check_netloc(netloc);
  }
  const [before_fragment, fragment] = cut(rest, "#");
  const [path, query] = cut(before_fragment, "?");
  return { scheme: named.toLowerCase(), netloc, path, query, fragment };
}

function cut(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

function check_netloc(netloc: string): void {
  const open = netloc.indexOf("[");
  if (open >= 0 || netloc.includes("]")) {
    const close = netloc.indexOf("]", open + 1);
    const address = open < 0 || close < 0 ? "" : netloc.slice(open + 1, close);
    if (!isIPv6(address) && !/^v[a-fA-F0-9]+\../.test(address))
      throw new ValueError(`${repr(netloc)} has brackets that hold no IPv6 address.`);
  }
  const bare = netloc.replace(/[@:#?]/g, "");
  if (/^[\0-\x7f]*$/.test(bare)) return;
  const normal = bare.normalize("NFKC");
  if (normal !== bare && /[/?#@:]/.test(normal))
    throw new ValueError(`${repr(netloc)} would name another host after Unicode normalisation.`);
}

const HIERARCHICAL = new Set(
  " ftp http gopher nntp imap wais file https shttp mms prospero rtsp rtsps rtspu sftp svn svn+ssh ws wss".split(
    " ",
  ),
);
const WITH_NETLOC = new Set(
  (
    " ftp http gopher nntp telnet imap wais file mms https shttp snews prospero rtsp rtsps rtspu rsync svn svn+ssh " +
    "sftp nfs git git+ssh ws wss itms-services"
  ).split(" "),
);

/** The URL of these parts. */
export function urlunsplit({ scheme, netloc, path, query, fragment }: SplitResult): string {
  let url = path;
  if (netloc !== "") url = `//${netloc}${path !== "" && !path.startsWith("/") ? "/" : ""}${path}`;
  else if (path.startsWith("//")) url = `//${path}`; // an empty host: the path must not be read as one
  else if (scheme !== "" && WITH_NETLOC.has(scheme) && (path === "" || path.startsWith("/")))
    url = `//${path}`;
  if (scheme !== "") url = `${scheme}:${url}`;
  if (query !== "") url += `?${query}`;
  return fragment === "" ? url : `${url}#${fragment}`;
}

/** What `url` means on a page at `base` (RFC 3986 §5.2). A URL of another scheme is given back unchanged. */
export function urljoin(base: string, url: string): string {
  if (base === "" || url === "") return base === "" ? url : base;
  const from = urlsplit(base);
  const to = urlsplit(url);
  if (to.scheme === "") to.scheme = from.scheme;
  if (to.scheme !== from.scheme || !HIERARCHICAL.has(to.scheme)) return url;
  const [path, params] = split_params(to.path); // the parameters of the last segment are no part of the path
  const [from_path, from_params] = split_params(from.path);
  to.path = path + params;
  if (to.netloc !== "" && WITH_NETLOC.has(to.scheme)) return urlunsplit(to);
  if (WITH_NETLOC.has(to.scheme)) to.netloc = from.netloc;
  if (to.path === "") {
    to.path = from_path + from_params;
    if (to.query === "") to.query = from.query;
    return urlunsplit(to);
  }
  to.path = resolve(from_path, path) + params;
  return urlunsplit(to);
}

function split_params(path: string): [path: string, params: string] {
  const at = path.indexOf(";", path.lastIndexOf("/") + 1);
  if (at < 0) return [path, ""];
  return [path.slice(0, at), at === path.length - 1 ? "" : path.slice(at)];
}

/** RFC 3986 §5.2.4, and empty segments of a relative path go too. */
function resolve(base: string, path: string): string {
  let segments = path.split("/");
  if (!path.startsWith("/")) {
    const directories = base.split("/");
    if (directories.at(-1) !== "") directories.pop(); // a page, not a directory
    const all = [...directories, ...segments];
    segments = all.filter((segment, i) => segment !== "" || i === 0 || i === all.length - 1);
  }
  const resolved: string[] = [];
  for (const segment of segments) {
    if (segment === "..") resolved.pop();
    else if (segment !== ".") resolved.push(segment);
  }
  const last = segments.at(-1);
  if (last === "." || last === "..") resolved.push("");
  return resolved.join("/") || "/";
}

/** `urlsplit`; `undefined` for a URL that cannot be taken apart. */
export function urlsplit_or_none(url: string): SplitResult | undefined {
  try {
    return urlsplit(url);
  } catch (error) {
    if (error instanceof ValueError) return undefined;
    throw error;
  }
}
